"""The ground of a map: a projection, land and water, graticule, scale, towns. What is drawn on it stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
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
from baiterek.reports.layers import rings, towns, waters
from baiterek.reports.sheet import LEFT_in, RIGHT_in, WIDTH_in
from baiterek.reports.style import SOFT

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


def open_map(axes: Axes, sheet: Sheet, words: Words, credit: str, *, ground: bool = True) -> tuple[Labels, float]:
    """Axes with ground, graticule, scale and credit, on which a map is drawn; the room for labels, and the height in inches."""
    axes.set_xlim(sheet.west_km, sheet.east_km)
    axes.set_ylim(sheet.south_km, sheet.north_km)
    axes.grid(False)
    axes.spines[:].set_visible(True)
    width_in = WIDTH_in - LEFT_in - RIGHT_in
    height_in = width_in * sheet.height_km / sheet.width_km
    labels = Labels(axes, width_in, height_in)
    axes.set_facecolor(SEA if ground else "white")
    if ground:
        _ground(axes, sheet)
    _graticule(axes, sheet, words)
    _corner(axes, sheet, labels, words, credit)
    if ground:
        _reserve(sheet, labels)
    return labels, height_in


def name_places(axes: Axes, sheet: Sheet, labels: Labels, words: Words) -> None:
    """Names of waters and towns, where what is drawn leaves room for them."""
    _waters(sheet, labels, words)
    _towns(axes, sheet, labels, words)


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
    letters = max((len(name) for _, name in ticks["x"]), default=0)
    for axis, low, high, least in (
        (axes.xaxis, sheet.west_km, sheet.east_km, 0.0165 * (letters + 1)),
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
