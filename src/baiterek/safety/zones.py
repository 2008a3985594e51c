"""Did what fell come down where it was meant to? Judged on points of the ground, apart from the optimiser's account."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand, Zone
from baiterek.history import Fall
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of

EDGE = 5e-3
EDGE_m = 100.0
"""An optimum that a zone holds back lands on its very edge, and its flight within metres of that: counted as inside."""


def inside(fall: Fall, zone: Zone, mission: Mission) -> bool:
    """Whether a body of the nominal flight landed within the zone, or on its edge."""
    if not fall.landed:
        return False
    place = np.radians(fall.latitude_deg), np.radians(fall.longitude_deg)
    return bool(holds(zone, *place, mission, EDGE, EDGE_m))


def holds(zone: Zone, latitude_rad: Any, longitude_rad: Any, mission: Mission, slack: float = 0.0, slack_m: float = 0.0) -> Any:
    """Which points of the ellipsoid a zone holds: arrays in, an array of booleans out; NaN is nowhere.

    Ellipses in the plane that touches the ellipsoid at their centre; sides of polygons are planes through the centre of
    the Earth; ranges are central angles times the equatorial radius. `slack` widens ellipses, `slack_m` the others.
    """
    points = np.array(fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, mission.environment), dtype=float)
    if isinstance(zone, Ellipse):
        return _in_ellipse(points, zone, mission, slack)
    if isinstance(zone, Polygon):
        return _in_polygon(points, zone, mission, slack_m)
    assert isinstance(zone, RangeBand)
    earth, site = mission.environment, mission.site
    pad = np.array(fixed_from_geodetic(site.latitude_rad, site.longitude_rad, 0.0, earth), dtype=float)
    angle = np.arctan2(np.linalg.norm(np.cross(pad, points, axisb=0, axisc=0), axis=0), np.tensordot(pad, points, 1))
    low = 0.0 if zone.min_m is None else zone.min_m
    high = np.inf if zone.max_m is None else zone.max_m
    return (low - slack_m <= angle * earth.radius_m) & (angle * earth.radius_m <= high + slack_m)


def _in_ellipse(points: np.ndarray, zone: Ellipse, mission: Mission, slack: float) -> Any:
    east, north = east_north_of(*points, zone.latitude_rad, zone.longitude_rad, mission.environment)
    s, c = np.sin(zone.azimuth_rad), np.cos(zone.azimuth_rad)
    along, across = (s * east + c * north) / (0.5 * zone.length_m), (c * east - s * north) / (0.5 * zone.width_m)
    facing = np.tensordot(_point(zone.latitude_rad, zone.longitude_rad, mission), points, 1) > 0.0
    return (along * along + across * across <= 1.0 + slack) & facing


def _in_polygon(points: np.ndarray, zone: Polygon, mission: Mission, slack_m: float) -> Any:
    """Gnomonic on the plane across the mean of the corners, where planes through the centre of the Earth are straight lines:
    an odd number of sides east of the point, or a side within the slack."""
    corners = np.array([_point(a, b, mission) for a, b in zone.vertices_rad])
    up = corners.mean(axis=0) / np.linalg.norm(corners.mean(axis=0))
    east = np.cross((0.0, 0.0, 1.0), up) if abs(up[2]) < 0.99 else np.cross((1.0, 0.0, 0.0), up)
    east /= np.linalg.norm(east)
    axes = np.array([east, np.cross(up, east)])
    flat = mission.environment.radius_m * (axes @ corners.T) / (up @ corners.T)
    height = np.tensordot(up, points, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = mission.environment.radius_m * np.tensordot(axes, points, 1) / height
        within, near = np.zeros(np.shape(x), dtype=bool), np.full(np.shape(x), np.inf)
        for (ax, ay), (bx, by) in zip(flat.T, np.roll(flat, -1, axis=1).T, strict=True):
            within ^= ((ay > y) != (by > y)) & (x < ax + (bx - ax) * (y - ay) / (by - ay if by != ay else 1.0))
            along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2), 0.0, 1.0)
            near = np.fmin(near, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    return (within | ((near <= slack_m) if slack_m > 0.0 else False)) & (height > 0.0)


def _point(latitude_rad: Any, longitude_rad: Any, mission: Mission) -> np.ndarray:
    return np.array(fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, mission.environment), dtype=float)
