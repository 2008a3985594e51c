"""How an upper stage goes to its target: how many burns, and how it is disposed of, where the mission does not say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from baiterek.catalogue.mission import Element, Mission, Orbit, Release
from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S, PROTECTED_LEO_ALTITUDE_M, STORAGE_BELOW_GEO_M
from baiterek.history import Steering
from baiterek.physics.disposal import stationary_radius

DIRECT_ALTITUDE_M = 300e3
"""Circles up to this height are reached in one burn: there is no room for an ellipse below them."""
NEAR_STATIONARY_M = 1000e3
"""How near the geostationary circle a perigee must be for the graveyard above it to be meant, or an apogee to be lowered."""
DISPOSAL_BURNS = {"deorbit": 1, "lower": 1, "graveyard": 2, "reserve": 0, "none": 0}


ORBIT = ("perigee_radius_m", "apogee_radius_m", "inclination_rad", "raan_rad", "argument_of_perigee_rad")
"""What makes an orbit; where on it a payload is let go does not."""


@dataclass(frozen=True)
class Leg:
    """The part of a flight that ends on one orbit."""

    mission: Mission
    """The same, but to this orbit alone."""
    burns: int
    releases: tuple[Release, ...] = ()
    """Let go at its end."""


def legs(mission: Mission) -> tuple[Leg, ...]:
    """A flight as legs, one an orbit; neighbours of the same orbit are let go together. Without releases there is one.

    From orbit to orbit it is as many burns as the release says, else one where the two share an apsis, else two.
    """
    if not mission.releases:
        return (Leg(mission, burns_of(mission)),)
    groups: list[list[Release]] = []
    for release in mission.releases:
        if groups and same_orbit(groups[-1][-1].target, release.target):
            groups[-1].append(release)
        else:
            groups.append([release])
    found: list[Leg] = []
    for group in groups:
        alone = replace(mission, target=group[0].target, releases=(), burns=replace(mission.burns, count=group[0].burns))
        burns = burns_of(alone)
        if found and group[0].burns is None:
            burns = _between(found[-1].releases[0].target, group[0].target)
        found.append(Leg(replace(alone, burns=replace(mission.burns, count=burns)), burns, tuple(group)))
    return tuple(found)


def leaving_kg(mission: Mission) -> Any:
    """Mass that leaves the last stage at insertion, of a mission whose payload is known. Adapters of releases stay."""
    if not mission.releases:
        return mission.payload_kg + mission.adapter_kg
    return sum((mission.release_kg(release) for release in legs(mission)[-1].releases), 0.0)


def same_orbit(one: Orbit, other: Orbit) -> bool:
    """Whether two targets ask for the same orbit."""
    return one.escape == other.escape and all(getattr(one, key) == getattr(other, key) for key in ORBIT)


def _between(one: Orbit, other: Orbit) -> int:
    """Burns from one orbit to another."""
    radii = [{getattr(orbit, key) for key in ORBIT[:2] if getattr(orbit, key).fixed} for orbit in (one, other)]
    return 1 if other.escape is not None or radii[0] & radii[1] else 2


def burns_of(mission: Mission) -> int:
    """Burns of the main engine up to insertion: as the mission says, else by the target; of several releases, of all legs.

    One to a low circle, two to higher low orbits, transfer orbits and escapes, three where the perigee is high too, or
    where a transfer orbit must leave less to go than its plane and a low perigee do.
    """
    if mission.releases:
        return sum(leg.burns for leg in legs(mission))
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


def with_burns(mission: Mission, count: int, climbs: bool = False) -> Mission:
    """The mission with its number of burns, and what the first one does, decided."""
    return replace(mission, burns=replace(mission.burns, count=count, climbs=climbs))


def as_flown(mission: Mission, steering: Steering) -> Mission:
    """The mission with the payload and the number of burns of a steering, which the optimiser may have chosen."""
    loaded = replace(mission, payload_kg=steering.payload_kg)
    stage = mission.upper_stage
    if stage is None:
        return loaded
    return with_burns(loaded, sum(phase.name.startswith(f"{stage.name} burn ") for phase in steering.phases))


def disposal_of(mission: Mission) -> str:
    """`deorbit`, `lower`, `graveyard`, `reserve` (the catalogue's fixed mass) or `none`: as the mission says, else by the
    target and by how often the stage can be lit.
    """
    if mission.burns.disposal != "auto":
        return mission.burns.disposal
    target = mission.target
    if target is None or target.escape is not None:
        return "none"
    radius = float(mission.environment.radius_m)
    perigee = target.perigee_radius_m
    if perigee.high is not None and float(perigee.high) - radius < PROTECTED_LEO_ALTITUDE_M:
        return "deorbit"
    if _near_stationary(perigee, radius):
        kind = "graveyard"
    elif _near_stationary(target.apogee_radius_m, radius) and _low(perigee, radius) - radius >= PROTECTED_LEO_ALTITUDE_M:
        kind = "lower"
    else:
        return "reserve"
    burns = burns_of(mission) + DISPOSAL_BURNS[kind]
    return kind if mission.upper_stage is None or burns <= mission.upper_stage.ignitions else "reserve"


def storage_apogee_m() -> float:
    """Radius of the highest apogee that a stage may be left on below the geostationary circle."""
    return float(stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S)) - STORAGE_BELOW_GEO_M


def disposal_burns(mission: Mission) -> int:
    """Burns after the payload has gone."""
    return DISPOSAL_BURNS[disposal_of(mission)]


def _low(element: Element, radius_m: float) -> float:
    return radius_m if element.low is None else float(element.low)


def _near_stationary(apsis: Element, radius_m: float) -> bool:
    circle = stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S)
    return bool(abs(_low(apsis, radius_m) - circle) < NEAR_STATIONARY_M)
