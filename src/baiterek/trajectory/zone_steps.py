"""Ways to move and to enlarge a fall zone: along its axis and across, by a round number of kilometres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand, Zone
from baiterek.physics.earth import Environment, fixed_from_geodetic, geodetic
from baiterek.trajectory.numbers import local_axes, pad_state

ZoneChange = Callable[[Zone, float], Zone]
"""The zone after so many metres."""


def zone_changes(mission: Mission, body: str) -> Iterator[tuple[str, float, str, Callable[[Mission, float], Mission]]]:
    """What is done to the zone of `body`, by how much, in which unit, and the mission after so many such steps.

    Downrange is along the axis, away from the pad; right is across it. 10 km, of a zone narrower than that 1 km.
    """
    zone = mission.zones[body]
    km = _natural_km(zone, mission.environment)
    for what, moved in _ways(zone, mission):

        def change(mission: Mission, count: float, moved: ZoneChange = moved) -> Mission:
            zones = {**mission.zones, body: moved(mission.zones[body], count * km * 1e3)}
            return replace(mission, zones=zones)

        yield what, km, "km", change


def _ways(zone: Zone, mission: Mission) -> Iterator[tuple[str, ZoneChange]]:
    if isinstance(zone, RangeBand):
        yield "far edge moved downrange", lambda z, m: replace(z, max_m=z.max_m + m)  # type: ignore[union-attr]
        yield "near edge moved uprange", lambda z, m: replace(z, min_m=z.min_m - m)  # type: ignore[union-attr]
        return
    earth = mission.environment
    along = _axis(zone, mission)
    across = along + 0.5 * np.pi
    yield "moved downrange", lambda z, m: _moved(z, along, m, earth)
    yield "moved to the right", lambda z, m: _moved(z, across, m, earth)
    if isinstance(zone, Ellipse):
        yield "far edge moved downrange", lambda z, m: _longer(_moved(z, along, 0.5 * m, earth), m)
        yield "near edge moved uprange", lambda z, m: _longer(_moved(z, along, -0.5 * m, earth), m)
        yield "wider", lambda z, m: replace(z, width_m=z.width_m + m)  # type: ignore[union-attr]
    else:
        yield "wider in every direction", lambda z, m: _enlarged(z, m, earth)


def _longer(zone: Zone, metres: float) -> Zone:
    assert isinstance(zone, Ellipse)
    return replace(zone, length_m=zone.length_m + metres)


def _axis(zone: Zone, mission: Mission) -> float:
    """Azimuth of the zone's axis away from the pad; of a polygon, of its middle seen from the pad."""
    latitude, longitude = _middle(zone, mission.environment)
    there = np.array(fixed_from_geodetic(latitude, longitude, 0.0, mission.environment))
    turn, pad = mission.sidereal_angle_rad, pad_state(mission)[:3]
    site = _turned(pad, turn)
    east, north, _ = local_axes(latitude, longitude)
    away = there - site
    if isinstance(zone, Ellipse):
        azimuth = float(zone.azimuth_rad)
        ahead = np.sin(azimuth) * (east @ away) + np.cos(azimuth) * (north @ away)
        return azimuth if ahead >= 0.0 else azimuth + np.pi
    return float(np.arctan2(east @ away, north @ away))


def _turned(r: np.ndarray, angle_rad: float) -> np.ndarray:
    """Earth-fixed position of an inertial one."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([c * r[0] + s * r[1], c * r[1] - s * r[0], r[2]])


def _middle(zone: Zone, earth: Environment) -> tuple[float, float]:
    if isinstance(zone, Ellipse):
        return float(zone.latitude_rad), float(zone.longitude_rad)
    assert isinstance(zone, Polygon)
    return _place(np.mean([fixed_from_geodetic(a, b, 0.0, earth) for a, b in zone.vertices_rad], axis=0), earth)


def _place(r: np.ndarray, earth: Environment) -> tuple[float, float]:
    """Geodetic latitude and longitude below a point."""
    place = geodetic(*r, earth)
    return float(np.arctan2(place.sin_latitude, place.cos_latitude)), float(np.arctan2(r[1], r[0]))


def _moved(zone: Zone, azimuth_rad: float, metres: float, earth: Environment) -> Zone:
    """The whole zone along the horizontal at its middle; metres over the ground to second order."""
    latitude, longitude = _middle(zone, earth)
    east, north, _ = local_axes(latitude, longitude)
    step = metres * (np.sin(azimuth_rad) * east + np.cos(azimuth_rad) * north)

    def shifted(latitude_rad: float, longitude_rad: float) -> tuple[float, float]:
        return _place(np.array(fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, earth)) + step, earth)

    if isinstance(zone, Ellipse):
        latitude, longitude = shifted(latitude, longitude)
        return replace(zone, latitude_rad=latitude, longitude_rad=longitude)
    assert isinstance(zone, Polygon)
    return replace(zone, vertices_rad=tuple(shifted(*corner) for corner in zone.vertices_rad))


def _enlarged(zone: Zone, metres: float, earth: Environment) -> Zone:
    """Every corner farther from the middle in proportion: the mean width grows by `metres`."""
    assert isinstance(zone, Polygon)
    corners = np.array([fixed_from_geodetic(a, b, 0.0, earth) for a, b in zone.vertices_rad])
    middle = corners.mean(axis=0)
    mean = 2.0 * np.linalg.norm(corners - middle, axis=1).mean()
    return replace(zone, vertices_rad=tuple(_place(middle + (c - middle) * (1.0 + metres / mean), earth) for c in corners))


def _natural_km(zone: Zone, earth: Environment) -> float:
    if isinstance(zone, Ellipse):
        width = float(zone.width_m)
    elif isinstance(zone, RangeBand):
        width = float(zone.max_m - zone.min_m)
    else:
        corners = np.array([fixed_from_geodetic(a, b, 0.0, earth) for a, b in zone.vertices_rad])
        width = 2.0 * float(np.linalg.norm(corners - corners.mean(axis=0), axis=1).min())
    return 10.0 if width >= 10e3 else 1.0
