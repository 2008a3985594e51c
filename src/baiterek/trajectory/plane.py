"""The orbital plane to aim for."""

from __future__ import annotations

import numpy as np

from baiterek.catalogue.burns import legs
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse
from baiterek.trajectory import terminal

FALL_s = 600.0
"""From lift-off to the fall of a first stage, of a guess: the Earth turns by 2.5 deg."""


def plane_normal(mission: Mission, axes: np.ndarray) -> np.ndarray:
    """Unit normal of the orbital plane to aim for, in inertial axes: of several orbits, that of the first.

    With a fixed node it is the target's own; with a fixed asymptote the plane through that and the pad; else that through
    the pad with the target's inclination, northbound unless the launch corridor points south: sin(azimuth) = cos(i) /
    cos(latitude), clipped where no plane passes the pad.
    """
    mission = legs(mission)[0].mission
    assert mission.target is not None
    low, high = terminal.bounds(mission)
    inclination = float(np.clip(abs(np.arcsin(axes[2][2])), low[2], high[2]))
    turn = terminal.frame_matrix(mission)
    if mission.target.raan_rad.fixed:
        node = low[3]
        normal = [np.sin(inclination) * np.sin(node), -np.sin(inclination) * np.cos(node), np.cos(inclination)]
        return turn @ np.array(normal)
    up, away = axes[2], terminal.asymptote_direction(mission)
    towards = _stage_fall(mission)
    if away is None and towards is not None:
        across = np.cross(up, towards)
        return np.asarray(across / np.linalg.norm(across))
    if away is not None:
        across = np.cross(up, away)
        return np.asarray(across * np.sign(across[2] * np.cos(inclination)) / np.linalg.norm(across))
    sine = np.clip(np.cos(inclination) / np.hypot(up[0], up[1]), -1.0, 1.0)
    azimuth = np.arcsin(sine)
    if southward(mission):
        azimuth = np.pi - azimuth
    ahead = np.sin(azimuth) * axes[0] + np.cos(azimuth) * axes[1]
    return np.cross(up, ahead)


def _stage_fall(mission: Mission) -> np.ndarray | None:
    """Direction in inertial axes to where an ellipse for the first stage will be when it falls there: an upper stage may
    turn the plane later, so that the zone says which way the ascent goes. None without one, or with a given inclination.
    """
    assert mission.target is not None
    zone = mission.zones.get(mission.vehicle.stages[0].name)
    if mission.upper_stage is None or not isinstance(zone, Ellipse) or mission.target.inclination_rad.fixed:
        return None
    turned = mission.sidereal_angle_rad + mission.environment.rotation_rad_s * FALL_s + float(zone.longitude_rad)
    latitude = float(zone.latitude_rad)
    return np.array([np.cos(latitude) * np.cos(turned), np.cos(latitude) * np.sin(turned), np.sin(latitude)])


def southward(mission: Mission) -> bool:
    """Whether the launch corridor asks for the southbound pass over the pad."""
    corridors = mission.limits.corridors_rad
    return bool(corridors) and np.cos(0.5 * sum(corridors[0])) < 0.0
