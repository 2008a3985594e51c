"""Where the flight goes over the ground: land and water, ground track, impact points, zones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from baiterek.constants import WGS84_RADIUS_M
from baiterek.physics.projection import stereographic
from baiterek.reports.labels import Box, Labels, size_of
from baiterek.reports.language import Words
from baiterek.reports.layers import CREDIT, rings, towns, waters
from baiterek.reports.sheet import LEFT_in, RIGHT_in, WIDTH_in, lay_out
from baiterek.reports.style import BLUE, MARK, ORANGE, RED, SOFT
from baiterek.study.results import MissionResult
from baiterek.study.summary import UNSURE

SEA, LAND, SHORE, RIVER, GRID, TOWN, WATER = "#DCE9F1", "#F7F4EC", "#7F9FB3", "#9CC0D6", "#C9D3DA", "#4A4A4A", "#3E7596"
LEAST_WIDTH_km = 60.0
LOWEST, HIGHEST = 0.45, 1.0
"""Height of a map over its width."""
MARGIN = 0.09
"""Room around what must be seen, as a part of its larger extent."""
TOWNS_AT_MOST = 30
LARGE = 250_000
"""Population from which a town's name is moved rather than left out."""
FINEST = 1000
"""Steps across a map: detail below one of them is left out."""
SPECK = 3.0
"""Steps below which the extent of an island, a lake or a river is a dot: a third of a millimetre on paper."""

Array = NDArray[Any]


class Sheet(NamedTuple):
    """A stereographic projection around a centre, kilometres east and north of it, and the part of it that is shown."""

    latitude_deg: float
    longitude_deg: float
    west_km: float
    east_km: float
    south_km: float
    north_km: float

    @property
    def width_km(self) -> float:
        return self.east_km - self.west_km

    @property
    def height_km(self) -> float:
        return self.north_km - self.south_km

    @property
    def reach_deg(self) -> float:
        """How far the farthest corner is from the centre, on the sphere: 2 atan(r / 2 R), Snyder (1987), equation 21-15."""
        far = np.hypot(max(abs(self.west_km), abs(self.east_km)), max(abs(self.south_km), abs(self.north_km)))
        return float(np.degrees(2.0 * np.arctan(0.5e3 * far / WGS84_RADIUS_M))) + 0.5

    def place(self, latitude_deg: Any, longitude_deg: Any) -> tuple[Array, Array]:
        """Kilometres east and north of the centre; what lies on the far half of the Earth is left out as nan."""
        here = np.radians(latitude_deg), np.radians(longitude_deg)
        centre = np.radians(self.latitude_deg), np.radians(self.longitude_deg)
        with np.errstate(divide="ignore", invalid="ignore"):
            point = stereographic(*here, *centre)
        near = np.isfinite(point.scale) & (point.scale < 2.0)
        return np.where(near, point.x_m / 1e3, np.nan), np.where(near, point.y_m / 1e3, np.nan)

    def scale(self, x_km: float, y_km: float) -> float:
        """Scale at a place of the sheet, on the sphere: 1 + (r / 2 R)^2."""
        return 1.0 + (0.5e3 * float(np.hypot(x_km, y_km)) / WGS84_RADIUS_M) ** 2

    def holds(self, x_km: Any, y_km: Any) -> Any:
        """Whether points are inside what is shown."""
        return (x_km >= self.west_km) & (x_km <= self.east_km) & (y_km >= self.south_km) & (y_km <= self.north_km)


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
    axes.set_xlim(sheet.west_km, sheet.east_km)
    axes.set_ylim(sheet.south_km, sheet.north_km)
    axes.grid(False)
    axes.spines[:].set_visible(True)
    width_in = WIDTH_in - LEFT_in - RIGHT_in
    height_in = width_in * sheet.height_km / sheet.width_km
    labels = Labels(axes, width_in, height_in)
    placed = has_a_place(result)
    axes.set_facecolor(SEA if placed else "white")
    if placed:
        _ground(axes, sheet)
    _graticule(axes, sheet, words)
    credit = CREDIT if placed else words("no land is drawn: the launch point is part of a definition, not a place")
    _corner(axes, sheet, labels, words, credit)
    if placed:
        _reserve(sheet, labels)
    _flight(result, axes, sheet, labels, words)
    if placed:
        _waters(sheet, labels, words)
        _towns(axes, sheet, labels, words)
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


def sheet_around(latitude_deg: Array, longitude_deg: Array) -> Sheet:
    """The sheet that shows all these points, with a margin and a shape between the two that a page holds."""
    phi, lam = np.radians(latitude_deg), np.radians(longitude_deg)
    mean = np.mean([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    middle = np.degrees(np.arctan2(mean[2], np.hypot(*mean[:2]))), np.degrees(np.arctan2(mean[1], mean[0]))
    x, y = Sheet(float(middle[0]), float(middle[1]), 0.0, 0.0, 0.0, 0.0).place(latitude_deg, longitude_deg)
    (west, east), (south, north) = (float(np.nanmin(x)), float(np.nanmax(x))), (float(np.nanmin(y)), float(np.nanmax(y)))
    margin = MARGIN * max(east - west, north - south)
    width, height = max(east - west + 2 * margin, LEAST_WIDTH_km), north - south + 2 * margin
    width = max(width, height / HIGHEST)
    height = max(height, LOWEST * width)
    cx, cy = 0.5 * (west + east), 0.5 * (south + north)
    return Sheet(
        float(middle[0]), float(middle[1]), cx - 0.5 * width, cx + 0.5 * width, cy - 0.5 * height, cy + 0.5 * height
    )  # fmt: skip


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


# --- the ground ------------------------------------------------------------------------------------


def _ground(axes: Axes, sheet: Sheet) -> None:
    """Land, lakes and rivers; shores are drawn but for the edges along which the layers were cut into tiles."""
    for layer, colour, order in (("land", LAND, 0.2), ("lakes", SEA, 0.4)):
        vertices: list[Array] = []
        codes: list[Array] = []
        shores: list[Array] = []
        for points, cut in _seen(layer, sheet):
            vertices.append(points)
            codes.append(np.full(len(points), Outline.LINETO, dtype=np.uint8))
            codes[-1][0], codes[-1][-1] = Outline.MOVETO, Outline.CLOSEPOLY
            shores += _runs(points, cut)
        if not vertices:
            continue
        whole = Outline(np.concatenate(vertices), np.concatenate(codes))
        axes.add_patch(PathPatch(whole, facecolor=colour, edgecolor=colour, lw=0.3, zorder=order))
        axes.add_collection(LineCollection(shores, colors=SHORE, linewidths=0.45, zorder=order + 0.1), autolim=False)
    rivers = [points for points, _ in _seen("rivers", sheet)]
    axes.add_collection(LineCollection(rivers, colors=RIVER, linewidths=0.6, zorder=0.3), autolim=False)


def _seen(layer: str, sheet: Sheet) -> Iterator[tuple[Array, Array]]:
    """Rings that reach into the sheet, in km, no finer than the eye; and which of their edges are cuts."""
    step = sheet.width_km / FINEST
    found = list(rings(layer, sheet.latitude_deg, sheet.longitude_deg, sheet.reach_deg))
    if not found:
        return
    all_x, all_y = sheet.place(
        np.concatenate([r.latitude_deg for r in found]), np.concatenate([r.longitude_deg for r in found])
    )
    ends = np.cumsum([len(ring.latitude_deg) for ring in found])[:-1]
    for ring, x, y in zip(found, np.split(all_x, ends), np.split(all_y, ends)):
        if not np.isfinite(x).all():
            continue
        if x.max() < sheet.west_km or x.min() > sheet.east_km or y.max() < sheet.south_km or y.min() > sheet.north_km:
            continue
        points = np.stack((np.rint(x / step), np.rint(y / step)), axis=1)
        kept = np.concatenate(([True], np.any(np.diff(points, axis=0) != 0.0, axis=1)))
        index = np.flatnonzero(kept)
        # A part that was cut off along a tile belongs to something larger.
        if len(index) >= 2 and (ring.cut.any() or np.ptp(points[index], axis=0).max() >= SPECK):
            yield points[index] * step, ring.cut[index[1:] - 1]


def _runs(points: Array, cut: Array) -> list[Array]:
    """The pieces of a closed line between its cuts."""
    ends = np.flatnonzero(cut)
    pieces = np.split(np.arange(len(points)), ends + 1)
    return [points[piece] for piece in pieces if len(piece) > 1]


def _graticule(axes: Axes, sheet: Sheet, words: Words) -> None:
    """Meridians and parallels, named in degrees where they leave the sheet below and on the left."""
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30) if sheet.width_km / (111.2 * s) < 11 or s == 30)
    reach = sheet.reach_deg
    south, north = max(-90.0, sheet.latitude_deg - reach), min(90.0, sheet.latitude_deg + reach)
    widest = max(abs(south), abs(north))
    turn = 180.0 if widest > 85.0 else min(180.0, reach / float(np.cos(np.radians(widest))))
    wide = min(30.0, step * max(1, round(1.0 / np.cos(np.radians(min(80.0, abs(sheet.latitude_deg)))))))
    ticks: dict[str, list[tuple[float, str]]] = {"x": [], "y": []}
    lines = []
    phi = np.linspace(max(south, -89.0), min(north, 89.0), 181)
    for k in range(int(np.ceil((sheet.longitude_deg - turn) / wide)), int(np.floor((sheet.longitude_deg + turn) / wide)) + 1):
        if turn == 180.0 and k * wide <= sheet.longitude_deg - 180.0:
            continue
        lines.append(np.stack(sheet.place(phi, np.full_like(phi, k * wide)), axis=1))
        ticks["x"] += [(p, _degrees(k * wide, "EW", words)) for p in _crossings(lines[-1], 1, sheet.south_km)]
    lam = sheet.longitude_deg + np.linspace(-turn, turn, 361)
    for k in range(int(np.ceil(south / step)), int(np.floor(north / step)) + 1):
        if abs(k * step) < 90.0:
            lines.append(np.stack(sheet.place(np.full_like(lam, k * step), lam), axis=1))
            ticks["y"] += [(p, _degrees(k * step, "NS", words)) for p in _crossings(lines[-1], 0, sheet.west_km)]
    axes.add_collection(LineCollection(lines, colors=GRID, linewidths=0.4, zorder=0.6), autolim=False)
    for axis, low, high, least in (
        (axes.xaxis, sheet.west_km, sheet.east_km, 0.085),
        (axes.yaxis, sheet.south_km, sheet.north_km, 0.04),
    ):
        found = _apart(
            [
                t
                for t in sorted(ticks["x" if axis is axes.xaxis else "y"])
                if low + 0.03 * sheet.width_km <= t[0] <= high - 0.03 * sheet.width_km
            ],
            least * sheet.width_km,
        )
        axis.set_ticks([t for t, _ in found], labels=[name for _, name in found])
        axis.set_tick_params(length=2.0, labelsize=7.5)


def _crossings(line: Array, axis: int, edge: float) -> list[float]:
    """Where a line on the sheet crosses an edge: coordinate along that edge, interpolated."""
    across, along = line[:, axis] - edge, line[:, 1 - axis]
    with np.errstate(invalid="ignore"):
        hits = np.flatnonzero(across[:-1] * across[1:] < 0.0)
    return [float(along[k] + (along[k + 1] - along[k]) * across[k] / (across[k] - across[k + 1])) for k in hits]


def _apart(ticks: list[tuple[float, str]], least: float) -> list[tuple[float, str]]:
    """Those of sorted ticks whose names have room side by side."""
    kept: list[tuple[float, str]] = []
    for tick in ticks:
        if not kept or tick[0] - kept[-1][0] >= least:
            kept.append(tick)
    return kept


def _degrees(angle: float, signs: str, words: Words) -> str:
    """`60°E`, `45.5°N`; the equator, Greenwich and its opposite without a letter."""
    turned = (angle + 180.0) % 360.0 - 180.0 if signs == "EW" else angle
    number = words.significant(abs(turned), 4)
    if turned in (0.0, -180.0):
        return f"{number}°"
    east, west, north, south = (
        words("{n}°E", n=number),
        words("{n}°W", n=number),
        words("{n}°N", n=number),
        words("{n}°S", n=number),
    )
    return {"EW": (east, west), "NS": (north, south)}[signs][turned < 0.0]


# --- the flight ------------------------------------------------------------------------------------


def _flight(result: MissionResult, axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """Zones, traces and marks, then their names, those that must be read first."""
    flown, site = result.trajectory, result.summary["site"]
    x, y = sheet.place(flown["latitude_deg"], flown["longitude_deg"])
    zones = [_zone(axes, sheet, labels, body, zone, site, words) for body, zone in result.summary["zones"].items()]
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


def _zone(
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


# --- what a map says of itself ----------------------------------------------------------------------


def _corner(axes: Axes, sheet: Sheet, labels: Labels, words: Words, credit: str) -> None:
    """A bar of round length in the lower left, as long as it is there, how much the scale differs; whose layers these are."""
    corners = [(x, y) for x in (sheet.west_km, sheet.east_km) for y in (sheet.south_km, sheet.north_km)]
    x, y = sheet.west_km + 0.03 * sheet.width_km, sheet.south_km + 0.035 * sheet.width_km
    here = sheet.scale(x, y)
    long = next(n for n in (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5) if n * here < 0.24 * sheet.width_km)
    most = max(sheet.scale(*corner) for corner in corners) - 1.0
    high = 0.006 * sheet.width_km
    for half, colour in ((0, "black"), (1, "white")):
        left, right = x + 0.5 * half * long * here, x + 0.5 * (half + 1) * long * here
        axes.fill_between([left, right], y, y + high, facecolor=colour, edgecolor="black", lw=0.5, zorder=7)
    text = words("{n} km", n=long)
    if most > 0.005:
        text += "; " + words("scale at the corners +{n} %", n=words.number(100 * most, 0 if most > 0.02 else 1))
    px, py = (float(v) for v in labels.at(x, y + high))
    axes.annotate(text, (x, y + high), (0, 2), textcoords="offset points", fontsize=6.5, zorder=7)
    wide, tall = size_of(text, 6.5)
    labels.taken.append(Box(px - 3, 0.0, px + max(wide, 0.24 * labels.width_pt) + 3, py + tall + 4))
    style: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "ha": "right", "color": SOFT}
    axes.annotate(credit, (1, 0), (-3, 3), fontsize=5.0, zorder=7, **style)
    wide, tall = size_of(credit, 5.0)
    labels.taken.append(Box(labels.width_pt - wide - 4, 0.0, labels.width_pt, tall + 4))


def _waters(sheet: Sheet, labels: Labels, words: Words) -> None:
    """Names of seas and lakes that are large enough on the map."""
    for water in waters():
        x, y = (float(v) for v in sheet.place(water.latitude_deg, water.longitude_deg))
        if not sheet.holds(x, y) or water.width_km * labels.width_pt / sheet.width_km < 6.0:
            continue
        name = water.called(words.language)
        style: dict[str, Any] = {"color": WATER, "style": "italic", "zorder": 6}
        if labels.put_over(name, x, y, 6.5, **style) is None:
            labels.put(name, x, y, 6.0, gap_pt=8.0, **style)


def _reserve(sheet: Sheet, labels: Labels) -> None:
    """Keep the names of the flight off the largest towns."""
    large = [town for town in towns() if town.population > LARGE]
    x, y = sheet.place(np.array([t.latitude_deg for t in large]), np.array([t.longitude_deg for t in large]))
    for k in np.flatnonzero(sheet.holds(x, y)):
        labels.take(float(x[k]), float(y[k]), 1.2)


def _towns(axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """The largest towns that find room for their names; the name of a large one may be moved for it."""
    known = towns()
    x, y = sheet.place(np.array([t.latitude_deg for t in known]), np.array([t.longitude_deg for t in known]))
    named: list[int] = []
    for k in np.flatnonzero(sheet.holds(x, y))[: 6 * TOWNS_AT_MOST]:
        large = known[k].population > LARGE
        if not large and labels.covered(x[k], y[k]):
            continue
        size, far = (6.8, 30.0) if large else (6.0, 0.0)
        name = known[k].called(words.language)
        if labels.put(name, float(x[k]), float(y[k]), size, far, 2.2, color=TOWN, zorder=6):
            named.append(int(k))
            if not large:
                labels.take(x[k], y[k], 1.2)
        if len(named) == TOWNS_AT_MOST:
            break
    axes.plot(x[named], y[named], "o", color=TOWN, ms=1.8, ls="", zorder=5)
