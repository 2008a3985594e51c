"""How an upper stage goes to its target: how many burns, and how it is disposed of, where the mission does not say."""

from __future__ import annotations

from baiterek.catalogue.mission import Element, Mission, Orbit
from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S, PROTECTED_LEO_ALTITUDE_M
from baiterek.physics.disposal import stationary_radius

DIRECT_ALTITUDE_M = 300e3
"""Circles up to this height are reached in one burn: there is no room for an ellipse below them."""
NEAR_STATIONARY_M = 1000e3
"""How near the geostationary circle a perigee must be for the graveyard above it to be meant."""
DISPOSAL_BURNS = {"deorbit": 1, "graveyard": 2, "reserve": 0, "none": 0}


def burns_of(mission: Mission) -> int:
    """Burns of the main engine up to insertion: as the mission says, else by the target.

    One to a low circle, two to higher low orbits, transfer orbits and escapes, three where the perigee is high too, or
    where a transfer orbit must leave less to go than its plane and a low perigee do.
    """
    if mission.burns.count is not None:
        return mission.burns.count
    target, radius = mission.target, float(mission.environment.radius_m)
    if target is None:
        return 1
    if target.escape is not None:
        return 2
    perigee, apogee = _low(target.perigee_radius_m, radius), _low(target.apogee_radius_m, radius)
    if perigee - radius > PROTECTED_LEO_ALTITUDE_M or target.speed_to_geo_m_s is not None:
        return 3
    return 1 if max(perigee, apogee) - radius <= DIRECT_ALTITUDE_M else 2


def disposal_of(mission: Mission) -> str:
    """`deorbit`, `graveyard`, `reserve` (the catalogue's fixed mass) or `none`: as the mission says, else by the target."""
    if mission.burns.disposal != "auto":
        return mission.burns.disposal
    target = mission.target
    if target is None or target.escape is not None:
        return "none"
    radius = float(mission.environment.radius_m)
    perigee = target.perigee_radius_m
    if perigee.high is not None and float(perigee.high) - radius < PROTECTED_LEO_ALTITUDE_M:
        return "deorbit"
    burns = burns_of(mission) + DISPOSAL_BURNS["graveyard"]
    lit_often = mission.upper_stage is None or burns <= mission.upper_stage.ignitions
    return "graveyard" if lit_often and _near_stationary(target, radius) else "reserve"


def disposal_burns(mission: Mission) -> int:
    """Burns after the payload has gone."""
    return DISPOSAL_BURNS[disposal_of(mission)]


def _low(element: Element, radius_m: float) -> float:
    return radius_m if element.low is None else float(element.low)


def _near_stationary(target: Orbit, radius_m: float) -> bool:
    circle = stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S)
    return bool(abs(_low(target.perigee_radius_m, radius_m) - circle) < NEAR_STATIONARY_M)
