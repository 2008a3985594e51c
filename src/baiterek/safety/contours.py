"""Lines of equal risk, as areas in GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.safety.ground import Ground
from baiterek.safety.risk import Risk

Array = NDArray[np.float64]
LEVELS = (1e-5, 1e-6, 1e-7)
FLOOR = 1e-30
DECIMALS = 5
"""Of a degree: a metre."""


def risk_contours(risk: Risk, levels: Sequence[float] = LEVELS) -> dict[str, Any]:
    """`contours` of individual risk, whose property is `individual_risk`."""
    return contours(risk.ground, risk.fields.rows, risk.fields.columns, risk.individual, levels, "individual_risk")


def contours(
    ground: Ground, rows: NDArray[np.int64], columns: NDArray[np.int64], values: Array, levels: Sequence[float], name: str
) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) with a MultiPolygon for each level: where values of cells, 0 of others, are at least that.

    Straight between the logarithms at the middles of cells. A level that is nowhere reached has an empty geometry. What
    reaches the edge of the ground is closed along it, and `cut` says so. A ground over 180 deg keeps longitudes that run on.
    """
    features = []
    for level in sorted(levels, reverse=True):
        edges = zip((rows[values >= level], columns[values >= level]), ground.people.shape, strict=True)
        cut = any(((side == 0) | (side == count - 1)).any() for side, count in edges)
        features.append(
            {
                "type": "Feature",
                "properties": {name: level, "cut": bool(cut)},
                "geometry": {"type": "MultiPolygon", "coordinates": _polygons(ground, rows, columns, values, level)},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _polygons(
    ground: Ground, rows: NDArray[np.int64], columns: NDArray[np.int64], values: Array, level: float
) -> list[list[list[list[float]]]]:
    """Around the cells that reach the level, with one more on every side: a ground may be the whole Earth."""
    import contourpy

    reached = values >= level
    if not reached.any():
        return []
    high, wide = (_around(side[reached], n) for side, n in zip((rows, columns), ground.people.shape, strict=True))
    near = (rows >= high.start) & (rows < high.stop) & (columns >= wide.start) & (columns < wide.stop)
    latitude, longitude = (side.ravel() for side in ground.middles_deg())
    y, x = _framed(latitude[high]), _framed(longitude[wide])
    z = np.full((len(y), len(x)), np.log10(FLOOR))
    z[1 + rows[near] - high.start, 1 + columns[near] - wide.start] = np.log10(np.maximum(values[near], FLOOR))
    made = contourpy.contour_generator(x, y, z, fill_type=contourpy.FillType.OuterOffset)
    points, offsets = made.filled(np.log10(level), np.inf)
    polygons = [_polygon(of, starts) for of, starts in zip(points, offsets)]
    return [each for each in polygons if each]


def _around(index: NDArray[np.int64], count: int) -> slice:
    return slice(max(int(index.min()) - 1, 0), min(int(index.max()) + 2, count))


def _framed(middles: Array) -> Array:
    """A point more at either end, half a cell out, on the edge of the ground."""
    half = 0.5 * (middles[1] - middles[0])
    return np.concatenate([[middles[0] - half], middles, [middles[-1] + half]])


def _polygon(points: Array, starts: Array) -> list[list[list[float]]]:
    """An outer ring anticlockwise and its holes clockwise, closed."""
    rings = []
    for k, (a, b) in enumerate(pairwise(starts)):
        ring = np.round(points[a:b], DECIMALS)
        ring = ring[np.r_[True, np.any(np.diff(ring, axis=0) != 0.0, axis=1)]]
        if len(ring) < 4:
            if k == 0:
                return []
            continue
        anticlockwise = np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]) > 0.0
        rings.append((ring if anticlockwise == (k == 0) else ring[::-1]).tolist())
    return rings
