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

    Ellipses in the plane that touches the ellipsoid at their centre; edges of polygons are planes through the centre of
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
    """On the same side of every edge."""
    corners = [_point(a, b, mission) for a, b in zone.vertices_rad]
    planes = [np.cross(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    sides = np.array([np.tensordot(plane, points, 1) / np.linalg.norm(plane) for plane in planes])
    return np.all(sides >= -slack_m, axis=0) | np.all(sides <= slack_m, axis=0)


def _point(latitude_rad: Any, longitude_rad: Any, mission: Mission) -> np.ndarray:
    return np.array(fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, mission.environment), dtype=float)
