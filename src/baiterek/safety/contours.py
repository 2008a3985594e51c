"""Lines of equal risk, as areas in GeoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.safety.ground import Ground

Array = NDArray[np.float64]
LEVELS = (1e-5, 1e-6, 1e-7)
FLOOR = 1e-30
DECIMALS = 5
"""Of a degree: a metre."""


def risk_contours(ground: Ground, individual: Array, levels: Sequence[float] = LEVELS) -> dict[str, Any]:
    """`contours` of individual risk, whose property is `individual_risk`."""
    return contours(ground, individual, levels, "individual_risk")


def contours(ground: Ground, field: Array, levels: Sequence[float], name: str) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) with a MultiPolygon for each level: where a field over the cells is at least that.

    Straight between the logarithms at the middles of cells. A level that is nowhere reached has an empty geometry. What
    reaches the edge of the ground is closed along it, and `cut` says so. A ground over 180 deg keeps longitudes that run on.
    """
    latitude, longitude = ground.middles_deg()
    y, x = _framed(latitude.ravel()), _framed(longitude.ravel())
    z = np.full((len(y), len(x)), np.log10(FLOOR))
    z[1:-1, 1:-1] = np.log10(np.maximum(field, FLOOR))
    features = [_feature(x, y, z, level, field, name) for level in sorted(levels, reverse=True)]
    return {"type": "FeatureCollection", "features": features}


def _framed(middles: Array) -> Array:
    """A point more at either end, half a cell out, on the edge of the ground."""
    half = 0.5 * (middles[1] - middles[0])
    return np.concatenate([[middles[0] - half], middles, [middles[-1] + half]])


def _feature(x: Array, y: Array, z: Array, level: float, field: Array, name: str) -> dict[str, Any]:
    import contourpy

    made = contourpy.contour_generator(x, y, z, fill_type=contourpy.FillType.OuterOffset)
    points, offsets = made.filled(np.log10(level), np.inf)
    polygons = [_polygon(of, starts) for of, starts in zip(points, offsets)]
    edges = (field[0], field[-1], field[:, 0], field[:, -1])
    return {
        "type": "Feature",
        "properties": {name: level, "cut": bool(any((edge >= level).any() for edge in edges))},
        "geometry": {"type": "MultiPolygon", "coordinates": [each for each in polygons if each]},
    }


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
