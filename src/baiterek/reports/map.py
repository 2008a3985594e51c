"""Where the flight goes over the ground: ground track, impact points, zones, on the ground of `basemap`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from baiterek.constants import WGS84_RADIUS_M
from baiterek.reports.basemap import Sheet, name_places, open_map, sheet_around
from baiterek.reports.labels import Labels
from baiterek.reports.language import Words
from baiterek.reports.layers import CREDIT
from baiterek.reports.sheet import lay_out
from baiterek.reports.style import BLUE, MARK, ORANGE, RED
from baiterek.study.results import MissionResult
from baiterek.study.summary import UNSURE

Array = NDArray[Any]


def ground_track(result: MissionResult, axes: Axes, words: Words) -> None:
    """The map of the whole flight, from the pad to insertion."""
    _draw(result, axes, words, sheet_of(result))


def drop_zones(result: MissionResult, axes: Axes, words: Words) -> None:
    """The part of the map where stages and fairing fall, larger."""
    _draw(result, axes, words, sheet_around(*_fallen(result)))


def zones_are_small(result: MissionResult) -> bool:
    """Whether a map of the zones and impacts alone shows more than that of the flight."""
    latitude, longitude = _fallen(result)
    return len(latitude) > 0 and sheet_around(latitude, longitude).width_km < 0.5 * sheet_of(result).width_km


def _draw(result: MissionResult, axes: Axes, words: Words, sheet: Sheet) -> None:
    """All of a map; its height follows from its width, at one scale in both directions."""
    placed = has_a_place(result)
    credit = CREDIT if placed else words("no land is drawn: the launch point is part of a definition, not a place")
    labels, height_in = open_map(axes, sheet, words, credit, ground=placed)
    _flight(result, axes, sheet, labels, words)
    if placed:
        name_places(axes, sheet, labels, words)
    axes.set_ylabel(words("geodetic latitude and longitude, WGS 84"), rotation=0, ha="left", va="top")
    lay_out(axes, height_in=height_in)


def along_the_track(result: MissionResult) -> tuple[Array, Array]:
    """Where `ground_track` draws the vehicle, a value a row of the trajectory."""
    return sheet_of(result).place(result.trajectory["latitude_deg"], result.trajectory["longitude_deg"])


def along_the_drop_zones(result: MissionResult) -> tuple[Array, Array]:
    """Where `drop_zones` draws the vehicle; nan while it is not over that map."""
    sheet = sheet_around(*_fallen(result))
    x, y = sheet.place(result.trajectory["latitude_deg"], result.trajectory["longitude_deg"])
    seen = sheet.holds(x, y)
    return np.where(seen, x, np.nan), np.where(seen, y, np.nan)


def has_a_place(result: MissionResult) -> bool:
    """Whether the launch point is a place on the Earth, and not part of the definition of a published problem."""
    site = [row for row in result.summary["data"] if row["of"] == "site"]
    return not any(row["path"] == "longitude_rad" and row["grade"] == "definition" for row in site)


def sheet_of(result: MissionResult) -> Sheet:
    """Centred on what is to be seen: pad, track, zones and impacts. A trace of impact points may run off."""
    site, flown, (latitude, longitude) = result.summary["site"], result.trajectory, _fallen(result)
    return sheet_around(
        np.concatenate((flown["latitude_deg"], [site["latitude_deg"]], latitude)),
        np.concatenate((flown["longitude_deg"], [site["longitude_deg"]], longitude)),
    )


def _fallen(result: MissionResult) -> tuple[Array, Array]:
    """Latitudes and longitudes in deg of the edges of zones and of the impact points."""
    edges = [edge for zone in result.summary["zones"].values() for edge in outlines(zone, result.summary["site"])]
    landed = [impact for impact in result.summary["impacts"] if impact["landed"]]
    points = np.array([(impact["latitude_deg"], impact["longitude_deg"]) for impact in landed]).reshape(-1, 2)
    return np.concatenate([*(edge[0] for edge in edges), points[:, 0]]), np.concatenate(
        [*(edge[1] for edge in edges), points[:, 1]]
    )


def outlines(zone: Mapping[str, Any], site: Mapping[str, Any]) -> list[tuple[Array, Array]]:
    """Latitudes and longitudes in deg of a zone's edges: one closed line, or the two circles of a band of ranges.

    For drawing only: laid out on a sphere, good to 0.3 % of the distances.
    """
    if zone["shape"] == "polygon":
        vertices = np.array([*zone["vertices_deg"], zone["vertices_deg"][0]])
        return [(vertices[:, 0], vertices[:, 1])]
    around = np.linspace(0.0, 2 * np.pi, 73)
    if zone["shape"] == "ellipse":
        along, across = 0.5e3 * zone["length_km"] * np.cos(around), 0.5e3 * zone["width_km"] * np.sin(around)
        azimuth = np.radians(zone["azimuth_deg"]) + np.arctan2(across, along)
        return [away(zone["latitude_deg"], zone["longitude_deg"], azimuth, np.hypot(along, across))]
    ends = [1e3 * end for end in (zone["min_km"], zone["max_km"]) if end]
    return [away(site["latitude_deg"], site["longitude_deg"], around, end) for end in ends]


def away(latitude_deg: float, longitude_deg: float, azimuth_rad: Any, distance_m: Any) -> tuple[Array, Array]:
    """Where one comes to along great circles of a sphere of the equatorial radius: Snyder (1987), equations 5-5 and 5-6."""
    here, angle = np.radians(latitude_deg), np.asarray(distance_m) / WGS84_RADIUS_M
    north = np.arcsin(np.sin(here) * np.cos(angle) + np.cos(here) * np.sin(angle) * np.cos(azimuth_rad))
    across = np.sin(angle) * np.sin(azimuth_rad)
    turn = np.arctan2(across, np.cos(here) * np.cos(angle) - np.sin(here) * np.sin(angle) * np.cos(azimuth_rad))
    return np.degrees(north), longitude_deg + np.degrees(turn)


def _flight(result: MissionResult, axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """Zones, traces and marks, then their names, those that must be read first."""
    flown, site = result.trajectory, result.summary["site"]
    x, y = sheet.place(flown["latitude_deg"], flown["longitude_deg"])
    zones = [draw_zone(axes, sheet, labels, body, zone, site, words) for body, zone in result.summary["zones"].items()]
    if "impact_longitude_deg" in flown:
        trace = sheet.place(flown["impact_latitude_deg"], flown["impact_longitude_deg"])
        axes.plot(*trace, color="black", lw=0.8, ls=(0, (4, 2)), label=words("impact point if thrust ended"), zorder=4.5)
        labels.keep_off(*(c[sheet.holds(*trace)] for c in trace))
    axes.plot(x, y, color=BLUE, lw=2.4, label=words("ground track"), zorder=4)
    labels.keep_off(x, y)
    pad = sheet.place(site["latitude_deg"], site["longitude_deg"])
    if sheet.holds(*pad):
        axes.plot(*pad, "^", color="black", ms=6, ls="", label=words("pad"), zorder=6)
        labels.take(*pad, 4.0)
    impacts = [impact for impact in result.summary["impacts"] if impact["landed"]]
    places = [sheet.place(impact["latitude_deg"], impact["longitude_deg"]) for impact in impacts]
    for index, place in enumerate(places):
        axes.plot(*place, "x", color=RED, ms=6, mew=1.5, ls="", label=None if index else words("impact"), zorder=6)
        labels.take(*place, 4.0)
    for impact, (px, py) in zip(impacts, places):
        labels.put(words.said(impact["name"]), float(px), float(py), 7.5, far_pt=76.0, color=RED, weight="bold")
    for text, edge_x, edge_y in zones:
        shown = np.where(sheet.holds(edge_x, edge_y), edge_y, -np.inf)
        top = int(np.argmax(shown))
        labels.put(text, float(edge_x[top]), float(edge_y[top]), 6.5, far_pt=76.0, color=MARK)
    _instants(flown["t_s"], x, y, axes, sheet, labels, words)


def draw_zone(
    axes: Axes, sheet: Sheet, labels: Labels, body: str, zone: Mapping[str, Any], site: Mapping[str, Any], words: Words
) -> tuple[str, Array, Array]:
    """Draw a zone, hatched where it is assumed; its name for the map and its edge."""
    assumed = zone["grade"] in UNSURE or zone.get("status") == "assumed"
    edges = [sheet.place(*edge) for edge in outlines(zone, site)]
    for x, y in edges:
        labels.keep_off(x, y)
        if zone["shape"] == "range":
            axes.fill(x, y, facecolor="none", edgecolor=ORANGE, lw=0.8, ls=(0, (2, 2)), zorder=2)
        else:
            axes.fill(x, y, facecolor=(0.835, 0.369, 0.0, 0.15), edgecolor=ORANGE, lw=0.8, zorder=2)
            if assumed:  # apart: in an SVG a hatch is as pale as the face under it
                axes.fill(x, y, facecolor="none", edgecolor=ORANGE, lw=0.0, hatch="////", hatch_linewidth=0.4, zorder=2)
    name = words("zone: {body}, assumed", body=words.said(body)) if assumed else zone["name"]
    return name, *edges[-1]


def _instants(t_s: Array, x: Array, y: Array, axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """Dots at even times along the part of the track that is seen, named in seconds; and one at its end."""
    seen = np.flatnonzero(sheet.holds(x, y))
    if len(seen) < 2:
        return
    length = float(np.sum(np.hypot(*np.diff(labels.at(x[seen], y[seen]), axis=0).T)))
    lasts = float(t_s[seen[-1]] - t_s[seen[0]])
    step = next((s for s in (5, 10, 20, 30, 60, 100, 120, 200, 300, 600) if lasts / s <= min(10.0, length / 24.0)), 1200)
    once = np.concatenate(([True], np.diff(t_s) > 0.0))
    ticks = [(float(np.interp(t, t_s[once], x[once])), float(np.interp(t, t_s[once], y[once])), float(t))
             for t in np.arange(step, t_s[-1] - 0.2 * step, step)]  # fmt: skip
    ticks.append((float(x[-1]), float(y[-1]), float(t_s[-1])))
    ticks = [(p, q, t) for p, q, t in ticks if sheet.holds(p, q)]
    axes.plot([p for p, _, _ in ticks], [q for _, q, _ in ticks], "o", color=BLUE, ms=2.6, mec="white", mew=0.4, zorder=5)
    for px, py, t in reversed(ticks):
        far = 15.0 if t == t_s[-1] else 0.0
        labels.put(words("{n} s", n=words.number(t)), px, py, 6.5, far, 3.0, color=BLUE)
