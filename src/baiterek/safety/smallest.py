"""The smallest area that holds a part of a footprint, by kernel density: what an ellipse misses where impacts bend or bunch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from baiterek.history import Array
from baiterek.safety.footprint import Footprint, density, level
from baiterek.safety.outline import flat_ring

MOST_POINTS = 1000
"""Of a sample, the first: as random as all of them, and the density takes time with each."""


def smallest_area(found: Footprint, within: float) -> list[list[Array]]:
    """Polygons, each an outer ring and its holes, of longitude and latitude in deg, closed, outer ones anticlockwise.

    Where `density` is at least what holds the part `within`; straight between its grid points, in the plane that touches the
    ellipsoid at the mean point, brought down along its vertical. The grid lies along the axes of the spread: many are fifty
    times as long as wide.
    """
    import contourpy

    values, turned = np.linalg.eigh(found.covariance_m2)
    sample = found.east_north_m[:MOST_POINTS] @ turned
    of = density(replace(found, covariance_m2=np.diag(values), east_north_m=sample))
    made = contourpy.contour_generator(of.east_m, of.north_m, of.per_m2, fill_type=contourpy.FillType.OuterOffset)
    polygons = []
    for points, starts in zip(*made.filled(level(of, within), np.inf), strict=True):
        east, north = (np.asarray(points, dtype=float) @ turned.T).T
        latitude, longitude = flat_ring(east, north, found.latitude_rad, found.longitude_rad)
        rings = np.split(np.column_stack((longitude, latitude)), np.asarray(starts[1:-1], dtype=int))
        polygons.append([ring if (_area(ring) > 0.0) == (k == 0) else ring[::-1] for k, ring in enumerate(rings)])
    return polygons


def _area(ring: Array) -> float:
    """Twice the area of a closed ring; positive when it runs anticlockwise."""
    return float(np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]))
