"""Edges of ellipses and circles on the ellipsoid, as points."""

from __future__ import annotations

import numpy as np

from baiterek.catalogue.site import Ellipse
from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.history import Array

POINTS = 72


def ellipse_ring(zone: Ellipse, points: int = POINTS) -> tuple[Array, Array]:
    """Latitude and longitude in deg round an ellipse, anticlockwise, not closed; longitudes run on.

    In the plane that touches the ellipsoid at its centre, brought down along the vertical of the centre: the inverse of
    `physics.impact.east_north_of`, exact.
    """
    angle = np.linspace(0.0, 2.0 * np.pi, points, endpoint=False)
    along, across = 0.5 * zone.length_m * np.cos(angle), -0.5 * zone.width_m * np.sin(angle)
    s, c = np.sin(zone.azimuth_rad), np.cos(zone.azimuth_rad)
    return flat_ring(along * s + across * c, along * c - across * s, zone.latitude_rad, zone.longitude_rad)


def flat_ring(east_m: Array, north_m: Array, latitude_rad: float, longitude_rad: float) -> tuple[Array, Array]:
    """Latitude and longitude in deg of points of the plane that touches the ellipsoid at a place."""
    sin_l, cos_l, sin_b, cos_b = np.sin(longitude_rad), np.cos(longitude_rad), np.sin(latitude_rad), np.cos(latitude_rad)
    to_east = np.array([-sin_l, cos_l, 0.0])
    to_north = np.array([-sin_b * cos_l, -sin_b * sin_l, cos_b])
    up = np.array([cos_b * cos_l, cos_b * sin_l, sin_b])
    e2 = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)
    normal = WGS84_RADIUS_M / np.sqrt(1.0 - e2 * sin_b * sin_b)
    centre = normal * up - np.array([0.0, 0.0, e2 * normal * sin_b])
    # |centre + east + north - h up| = 1 in axes scaled by those of the ellipsoid: the nearer root of a quadratic in h.
    scale = np.array([1.0, 1.0, 1.0 - WGS84_FLATTENING]) * WGS84_RADIUS_M
    p = (centre + np.outer(east_m, to_east) + np.outer(north_m, to_north)) / scale
    u = up / scale
    pu, uu = p @ u, u @ u
    h = (pu - np.sqrt(pu**2 - uu * (np.sum(p * p, axis=1) - 1.0))) / uu
    x, y, z = ((p - np.outer(h, u)) * scale).T
    latitude = np.arctan2(z, (1.0 - e2) * np.hypot(x, y))
    turn = np.remainder(np.arctan2(y, x) - longitude_rad + np.pi, 2.0 * np.pi) - np.pi
    return np.degrees(latitude), np.degrees(longitude_rad + turn)
