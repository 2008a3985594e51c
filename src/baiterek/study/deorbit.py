"""Where a deorbited upper stage is aimed, as plain values, and how far about its pieces come down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from baiterek.catalogue.burns import disposal_of
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.upper_hazard_file import load_upper_hazards
from baiterek.catalogue.zone_file import OCEAN, named_zones
from baiterek.flight import Executor
from baiterek.history import Array, History
from baiterek.physics.orbit import elements_from_state
from baiterek.safety.deorbit import Aimed, Missed, aim, coasted, slowed
from baiterek.safety.moments import STATE
from baiterek.safety.risk import Event
from baiterek.safety.scenarios import disposed
from baiterek.study.summary import zone_document

SAMPLES = 400
"""Deorbits that are followed: a sigma is known to 3.5 %."""
SHORT_m = 30e3
"""A flight whose perigee stays farther below the planned one was short of propellant: it is not brought down as planned.
Assumed; 30 km lower is 8 m/s short."""


@dataclass(frozen=True)
class BurnErrors:
    """One sigma of a deorbit burn that accelerometers end; all assumed, as no such figures of these stages are public."""

    impulse: float = 0.005
    """Of its size."""
    pointing_rad: float = float(np.radians(0.5))
    """About each of two axes."""
    timing_s: float = 1.0


ERRORS = BurnErrors()


def aimed(mission: Mission, flight: History, executor: Executor | None = None) -> Aimed | Missed | None:
    """The aim of a flown mission with its payload; None where no stage is deorbited, or its pieces are not known."""
    stage = mission.upper_stage
    if stage is None or stage.hazards is None or disposal_of(mission) != "deorbit":
        return None
    zone = mission.burns.disposal_zone or named_zones()[OCEAN]
    return aim(mission, flight, load_upper_hazards(stage), zone, executor)


def deorbit_document(found: Aimed | Missed | None) -> dict[str, Any] | None:
    """The aim as plain values: hours after the last release, seconds since lift-off, degrees."""
    if found is None:
        return None
    zone = zone_document(found.zone)
    if isinstance(found, Missed):
        south, north = (float(np.degrees(each)) for each in (found.south_rad, found.north_rad))
        return {"reached": False, "zone": zone, "why": found.why, "until_h": found.until_s / 3600.0,
                "south_deg": south, "north_deg": north}  # fmt: skip
    entry = found.entry
    return {
        "reached": True,
        "zone": zone,
        "room": found.spare,
        "released_s": found.spent.t_s,
        "wait_h": (found.burn_s - found.spent.t_s) / 3600.0,
        "burn_s": found.burn_s,
        "lasts_s": found.lasts_s,
        "impulse_m_s": found.impulse_m_s,
        "propellant_kg": found.propellant_kg,
        "control_kg": found.control_kg,
        "entry": {
            "t_s": entry.t_s,
            "latitude_deg": float(np.degrees(entry.latitude_rad)),
            "longitude_deg": float(np.degrees(entry.longitude_rad)),
            "speed_m_s": entry.speed_m_s,
            "descent_deg": float(np.degrees(entry.descent_rad)),
        },
        "pieces": [
            {
                "name": piece.name,
                "number": piece.number,
                "latitude_deg": float(np.degrees(piece.latitude_rad)),
                "longitude_deg": float(np.degrees(piece.longitude_rad)),
                "t_s": piece.t_s,
            }
            for piece in sorted(found.pieces, key=lambda piece: piece.t_s)
        ],
    }


def deorbit_falls(
    mission: Mission,
    hazards: Hazards,
    found: Aimed,
    flights: Mapping[str, Array],
    probability: float,
    *,
    seed: int = 1,
    executor: Executor | None = None,
) -> Event:
    """What comes down when the disposal works, of dispersed flights (columns of `flight.fly_many`).

    Each that reached its orbit coasts on from its own insertion to the burn of the plan, whose time is not chosen anew; the
    burn has `ERRORS`. Flights are drawn until there are `SAMPLES`; where none reached it, the planned one stands for all.
    Errors of burns are independent of each other, insertions only as far as there are flights that reached their orbit.
    """
    columns, t_s = _insertions(flights)
    reached = in_orbit(mission, found, flights)
    random = np.random.default_rng(seed)
    late = random.normal(0.0, ERRORS.timing_s, SAMPLES)
    burn_s = found.burn_s + late
    if reached.size:
        drawn = random.choice(reached, SAMPLES)
        before = coasted(mission, columns[drawn], burn_s - t_s[drawn])
    else:
        before = coasted(mission, np.repeat(found.state[None, :], SAMPLES, axis=0), late)
    after = _burned(before, found.impulse_m_s * (1.0 + random.normal(0.0, ERRORS.impulse, SAMPLES)), random)
    mass = np.full(SAMPLES, found.after_kg)
    return disposed(mission, hazards, after, burn_s, mass, probability, seed=seed, executor=executor)


def in_orbit(mission: Mission, found: Aimed, flights: Mapping[str, Array]) -> Array:
    """Numbers of the flights that reached their orbit: their perigee is at most `SHORT_m` below the planned one."""
    columns, t_s = _insertions(flights)
    flown = np.flatnonzero(np.isfinite(t_s) & np.all(np.isfinite(columns), axis=1))
    lowest_m = float(_perigee_m(mission, found.state[None, :])[0]) - SHORT_m
    return np.asarray(flown[_perigee_m(mission, columns[flown]) > lowest_m])


def _insertions(flights: Mapping[str, Array]) -> tuple[Array, Array]:
    """States at insertion, a row each, and their times."""
    columns = [np.asarray(flights[f"insertion.{name}"], dtype=float) for name in STATE]
    return np.column_stack(columns), np.asarray(flights["insertion.t_s"], dtype=float)


def _perigee_m(mission: Mission, states: Array) -> Array:
    """Radius of the perigee of each row of states."""
    return np.asarray(elements_from_state(*states.T, mission.environment.mu_m3_s2).perigee_radius_m)


def _burned(states: Array, impulse_m_s: Array, random: np.random.Generator) -> Array:
    """States after impulses that point somewhat beside the one that was meant."""
    after = slowed(states, impulse_m_s)
    push = after[:, 3:] - states[:, 3:]
    beside = np.cross(push, states[:, :3])
    beside *= (np.linalg.norm(push, axis=1) / np.linalg.norm(beside, axis=1))[:, None]
    outward = np.cross(beside, push) / np.linalg.norm(push, axis=1)[:, None]
    one, two = random.normal(0.0, ERRORS.pointing_rad, (2, len(states), 1))
    turned = push + np.sin(one) * beside + np.sin(two) * outward
    turned *= (np.linalg.norm(push, axis=1) / np.linalg.norm(turned, axis=1))[:, None]
    after[:, 3:] = states[:, 3:] + turned
    return after
