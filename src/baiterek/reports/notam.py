"""Closed areas as NOTAM text, in the form of ICAO (Annex 15 and Doc 8126): Q-line, items A) to G).

Series and number are given by the office that issues it, and stand as A0000 here; a flight information region that is not
known stands as XXXX. One NOTAM has the polygon, another may have the circle: programs take every position of item E for a
corner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from baiterek.constants import NAUTICAL_MILE_M
from baiterek.errors import BadValue
from baiterek.safety.closures import circle_centre, farthest_m

UNKNOWN = "XXXX"
"""A flight information region that is not known; no mark of unfinished code: who issues the NOTAM fills it in."""
NUMBER = "A0000"
CODE = "QWMLW/IV/BO/W"
"""Missile, gun or rocket firing will take place; IFR and VFR; for operators and briefing; a navigation warning."""
LARGEST_NM = 999
WIDTH = 4
"""Positions of a line."""
POSITION = re.compile(r"(\d{2})(\d{2})([NS])(\d{3})(\d{2})([EW])")


def notam(area: Mapping[str, Any], circle: bool = False) -> str:
    """One area: `title`, `ring_deg` (latitude and longitude, closed, convex), `from` and `until` (ISO 8601), `fir`."""
    exact = outward_minutes(np.array(area["ring_deg"]))
    minutes = outward_minutes(np.array(area["ring_deg"]), bend_nm(exact))
    centre, radius = _circle(minutes, area["title"])
    fir = area["fir"] or UNKNOWN
    start, end = whole_minutes(area["from"], area["until"])
    where = [f"CIRCLE PSN {centre} RADIUS {radius}NM."] if circle else [*_lines(minutes)]
    return "\n".join(
        [
            f"{NUMBER}/{start:%y} NOTAMN",
            f"Q) {fir}/{CODE}/000/999/{centre}{radius:03d}",
            f"A) {fir} B) {start:%y%m%d%H%M} C) {end:%y%m%d%H%M}",
            f"E) {area['title'].upper()}. AREA:",
            *where,
            "F) SFC G) UNL",
        ]
    )


def positions(text: str) -> list[tuple[float, float]]:
    """Latitude and longitude in deg of the positions in a text, degrees and whole minutes."""
    found = []
    for a, b, ns, c, d, ew in POSITION.findall(text):
        latitude, longitude = int(a) + int(b) / 60.0, int(c) + int(d) / 60.0
        found.append((-latitude if ns == "S" else latitude, -longitude if ew == "W" else longitude))
    return found


def bend_nm(minutes: list[tuple[int, int]]) -> float:
    """How far apart a side is on a chart that draws it straight in latitude and longitude, and along a geodesic, at most.

    Length times the convergence of its meridians by 8: an arc over its chord.
    """
    lat, lon = np.radians(np.array(minutes) / 60.0).T
    turn = np.abs((np.roll(lon, -1) - lon) * np.sin(0.5 * (lat + np.roll(lat, -1))))
    across = (np.roll(lon, -1) - lon) * np.cos(0.5 * (lat + np.roll(lat, -1)))
    return float(np.max(np.degrees(np.hypot(np.roll(lat, -1) - lat, across)) * 60.0 * turn / 8.0))


def outward_minutes(ring_deg: Any, spare_nm: float = 0.0) -> list[tuple[int, int]]:
    """A convex polygon of whole minutes that contains a convex one: latitude and longitude in minutes, not closed.

    Every corner has four places of whole minutes around it, and their hull contains it; so the hull of all of them contains
    every corner, and the polygon, in the plane of latitude and longitude. It goes out by less than a minute each way, and by
    `spare_nm` where a long side may be drawn as a geodesic.
    """
    minutes = np.round(60.0 * np.asarray(ring_deg, dtype=float), 9)
    spare = np.column_stack((np.ones(len(minutes)), 1.0 / np.cos(np.radians(minutes[:, 0] / 60.0)))) * spare_nm
    sides = (np.floor(minutes - spare).astype(int), np.ceil(minutes + spare).astype(int))
    return _hull({(int(a), int(b)) for lat in sides for lon in sides for a, b in zip(lat[:, 0], lon[:, 1])})


def _hull(points: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Anticlockwise as seen from above (longitude to the right): Andrew's monotone chain, exact on whole numbers."""
    ordered = sorted((b, a) for a, b in points)

    def half(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        kept: list[tuple[int, int]] = []
        for p in places:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return [(a, b) for b, a in half(ordered) + half(ordered[::-1])]


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def whole_minutes(start: str, end: str) -> tuple[datetime, datetime]:
    """From the whole minute before to the whole minute after."""
    first, last = (datetime.fromisoformat(text) for text in (start, end))
    up = timedelta(minutes=1) if last.second or last.microsecond else timedelta()
    return first.replace(second=0, microsecond=0), last.replace(second=0, microsecond=0) + up


def _circle(minutes: list[tuple[int, int]], title: str) -> tuple[str, int]:
    """A place of whole minutes and whole nautical miles around a polygon."""
    ring = np.array(minutes) / 60.0
    middle = [round(60.0 * x) for x in circle_centre(ring)]
    radius = int(np.ceil(farthest_m(ring, (middle[0] / 60.0, middle[1] / 60.0)) / NAUTICAL_MILE_M))
    if radius > LARGEST_NM:
        raise BadValue("notam", title, f"a radius of {radius} NM", f"an area within {LARGEST_NM} NM of its middle: divide it")
    return position(*middle), radius


def position(latitude_min: int, longitude_min: int) -> str:
    """`4958N07842E` of whole minutes; longitudes that run on come back to 180."""
    turned = (longitude_min + 180 * 60) % (360 * 60) - 180 * 60
    north, east = "N" if latitude_min >= 0 else "S", "E" if turned >= 0 else "W"
    a, b = abs(latitude_min), abs(turned)
    return f"{a // 60:02d}{a % 60:02d}{north}{b // 60:03d}{b % 60:02d}{east}"


def _lines(minutes: list[tuple[int, int]]) -> list[str]:
    """The closed polygon, a few positions a line."""
    closed = [position(*corner) for corner in (*minutes, minutes[0])]
    edges = [*range(0, len(closed), WIDTH), len(closed)]
    rows = [" - ".join(closed[a:b]) for a, b in pairwise(edges)]
    return [row + " -" for row in rows[:-1]] + [rows[-1] + "."]
