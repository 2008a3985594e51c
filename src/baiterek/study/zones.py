"""Did what fell come down where it was meant to? Judged on the simulated fall, apart from the optimiser's account."""

from __future__ import annotations

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
    """Whether the body landed within the zone."""
    if not fall.landed:
        return False
    earth = mission.environment
    point = np.array(
        fixed_from_geodetic(np.radians(fall.latitude_deg), np.radians(fall.longitude_deg), 0.0, earth), dtype=float
    )
    if isinstance(zone, Ellipse):
        return _in_ellipse(point, zone, mission)
    if isinstance(zone, Polygon):
        return _in_polygon(point, zone, mission)
    assert isinstance(zone, RangeBand)
    pad = np.array(fixed_from_geodetic(mission.site.latitude_rad, mission.site.longitude_rad, 0.0, earth), dtype=float)
    angle = np.arctan2(np.linalg.norm(np.cross(pad, point)), pad @ point)
    low = 0.0 if zone.min_m is None else zone.min_m
    high = np.inf if zone.max_m is None else zone.max_m
    return bool(low - EDGE_m <= angle * earth.radius_m <= high + EDGE_m)


def _in_ellipse(point: np.ndarray, zone: Ellipse, mission: Mission) -> bool:
    """In the plane that touches the ellipsoid at the zone's centre."""
    east, north = east_north_of(*point, zone.latitude_rad, zone.longitude_rad, mission.environment)
    s, c = np.sin(zone.azimuth_rad), np.cos(zone.azimuth_rad)
    along, across = (s * east + c * north) / (0.5 * zone.length_m), (c * east - s * north) / (0.5 * zone.width_m)
    return bool(along * along + across * across <= 1.0 + EDGE)


def _in_polygon(point: np.ndarray, zone: Polygon, mission: Mission) -> bool:
    """On the same side of every edge, an edge being the plane through two corners and the centre of the Earth."""
    corners = [np.array(fixed_from_geodetic(a, b, 0.0, mission.environment), dtype=float) for a, b in zone.vertices_rad]
    planes = [np.cross(a, b) for a, b in zip(corners, corners[1:] + corners[:1])]
    sides = [plane @ point / np.linalg.norm(plane) for plane in planes]
    return all(side >= -EDGE_m for side in sides) or all(side <= EDGE_m for side in sides)
