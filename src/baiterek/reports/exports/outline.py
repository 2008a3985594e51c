"""Edges of zones on the WGS 84 ellipsoid, as `safety.zones` judges them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.site import Ellipse
from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.safety.outline import ellipse_ring

Array = NDArray[np.float64]

POINTS = 180
HALF_ROUND_km = 20_000.0
"""A range beyond which there is nothing of the Earth left."""
FLAT = (1.0 - WGS84_FLATTENING) ** 2
"""tan(geocentric latitude) / tan(geodetic latitude) on the surface."""


def zone_ring(zone: Mapping[str, Any]) -> Array | None:
    """Longitude (-180 to 180) and latitude in deg round an ellipse or polygon, not closed; None for a band of ranges."""
    if zone["shape"] == "ellipse":
        place = (np.radians(zone[key]) for key in ("latitude_deg", "longitude_deg"))
        size = (1e3 * zone[key] for key in ("length_km", "width_km"))
        latitude, longitude = ellipse_ring(Ellipse(zone["name"], *place, *size, np.radians(zone["azimuth_deg"])), POINTS)
        return np.column_stack((np.remainder(longitude + 180.0, 360.0) - 180.0, latitude))
    return polygon(zone["vertices_deg"]) if zone["shape"] == "polygon" else None


def band_edges(zone: Mapping[str, Any], site: Mapping[str, Any]) -> list[Array]:
    """The near and the far edge of a band of ranges, each closed; an edge that encloses nothing is left out."""
    ranges = [zone["min_km"] or 0.0, HALF_ROUND_km if zone["max_km"] is None else zone["max_km"]]
    return [circle(site["latitude_deg"], site["longitude_deg"], 1e3 * r) for r in ranges if 0.0 < r < HALF_ROUND_km]


def circle(latitude_deg: float, longitude_deg: float, range_m: float) -> Array:
    """Everything at a ground range from a place: a central angle of geocentric directions times the equatorial radius."""
    start = _surface(_horizon(latitude_deg, longitude_deg)[2])
    start /= np.linalg.norm(start)
    angle = np.linspace(0.0, 2.0 * np.pi, POINTS + 1)
    east = np.array([-start[1], start[0], 0.0]) / np.hypot(start[0], start[1])
    around = np.outer(np.cos(angle), np.cross(start, east)) + np.outer(np.sin(angle), east)
    return _places(np.cos(range_m / WGS84_RADIUS_M) * start + np.sin(range_m / WGS84_RADIUS_M) * around)


def polygon(vertices_deg: list[list[float]]) -> Array:
    """Corners joined in planes through the centre of the Earth, in steps of half a degree."""
    corners = [_surface(_horizon(latitude, longitude)[2]) for latitude, longitude in vertices_deg]
    edges = []
    for a, b in zip(corners, corners[1:] + corners[:1]):
        a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
        angle = float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))
        t = np.linspace(0.0, 1.0, max(2, int(np.ceil(np.degrees(angle) / 0.5)) + 1))[:-1, None]
        edges.append((np.sin((1.0 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle))
    return _places(np.concatenate(edges))


def _horizon(latitude_deg: float, longitude_deg: float) -> tuple[Array, Array, Array]:
    """Unit vectors east, north and up."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return east, np.cross(up, east), up


def _surface(up: Array) -> Array:
    """The point of the ellipsoid whose vertical is `up`."""
    flat = np.array([1.0, 1.0, FLAT])
    return WGS84_RADIUS_M * flat * up / np.sqrt(up @ (flat * up))


def _places(points: Array) -> Array:
    """Longitude and geodetic latitude of points of the surface, or of directions from the centre to them."""
    x, y, z = points.T
    return np.degrees(np.stack((np.arctan2(y, x), np.arctan2(z, FLAT * np.hypot(x, y))), axis=1))
