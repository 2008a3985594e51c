"""When and how a flight may fail, and what is aboard at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.failure_file import FailureRecord, PhaseShare
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.errors import BadValue
from baiterek.history import Array, History
from baiterek.safety.failure import Phase, failure_probability, spread_over_time

STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


@dataclass(frozen=True)
class Aboard:
    """One body of the vehicle that has not been dropped."""

    name: str
    pieces: int
    """In how many it falls, of which each is what the hazards describe."""
    area_m2: float
    """Of one, tumbling; 0: not known."""


@dataclass(frozen=True)
class Moment:
    """An interval of the nominal flight in which it may fail, represented by its middle."""

    stage: str
    start_s: float
    end_s: float
    probability: float
    t_s: float
    burn_end_s: float
    """When the engines stop by themselves."""
    state: Array
    """Position and velocity, inertial axes of launch, shape (6,)."""
    mass_kg: float
    propellant_kg: float
    thrust: Array
    """Acceleration by thrust, shape (3,), m/s2."""
    aboard: tuple[Aboard, ...]
    """The lowest first."""
    causes: Mapping[str, float]


class States(NamedTuple):
    """Draws of the state of a flight at a moment."""

    states: Array
    """Shape (draws, 6), as `Moment.state`."""
    mass_kg: Array
    """Shape (draws,)."""


def moments(mission: Mission, flight: History, record: FailureRecord, hazards: Hazards, count: int = 200) -> tuple[Moment, ...]:
    """Intervals of equal length over the burns of the stages, `count` in all, with the probability to fail in each.

    `mission` with its payload. The probability is that of the record by the binomial rule (`failure_probability`), spread
    over the burns as the record says (`spread_over_time`).
    """
    flights = (record.flights, record.failures, record.like_flights, record.like_failures)
    whole = failure_probability(*flights).value
    burns = [_burn(flight, phase, hazards) for phase in record.phases]
    total = sum(burn.end_s - burn.start_s for burn in burns)
    found = []
    for index, burn in enumerate(burns):
        number = max(1, round(count * (burn.end_s - burn.start_s) / total))
        edges = np.linspace(burn.start_s, burn.end_s, number + 1)
        for start, end, probability in zip(edges, edges[1:], spread_over_time(whole, burns, edges)[index], strict=False):
            span = (float(start), float(end))
            found.append(_moment(mission, flight, burn, hazards.causes[burn.name], span, float(probability)))
    return tuple(found)


def _burn(flight: History, phase: PhaseShare, hazards: Hazards) -> Phase:
    """When a stage burns in this flight."""
    times = {event.name: event.t_s for event in flight.events}
    if f"{phase.name} cut-off" not in times:
        burning = ", ".join(name.removesuffix(" cut-off") for name in times if name.endswith(" cut-off"))
        raise BadValue(hazards.file, "failures", f"{phase.name}, which does not burn in this flight", burning)
    if phase.name not in hazards.causes:
        raise BadValue(hazards.file, f"causes.{phase.name}", "nothing", "shares of the causes of a failure in that phase")
    start, end = times.get(f"{phase.name} ignition", times.get("lift-off", 0.0)), times[f"{phase.name} cut-off"]
    return Phase(phase.name, start, end, phase.share.value, phase.ignition_share.value, phase.ignition_s.value)


def _moment(
    mission: Mission,
    flight: History,
    burn: Phase,
    causes: Mapping[str, float],
    span: tuple[float, float],
    probability: float,
) -> Moment:
    t_s = 0.5 * (span[0] + span[1])
    state, mass = state_at(flight, t_s)
    row = int(np.clip(np.searchsorted(flight.t_s, t_s), 1, len(flight.t_s) - 1))
    thrust = flight["thrust_N"][row] / mass * np.array([flight[f"u{axis}_eci"][row] for axis in "xyz"])
    aboard, inert = _aboard(mission, flight, burn.name, t_s)
    return Moment(burn.name, *span, probability, t_s, burn.end_s, state, mass, max(mass - inert, 0.0), thrust, aboard, causes)


def state_at(flight: History, t_s: float) -> tuple[Array, float]:
    """State (6,) and mass between rows: cubic through positions and velocities; no separation within."""
    times = flight.t_s
    after = int(np.clip(np.searchsorted(times, t_s, side="right"), 1, len(times) - 1))
    while times[after] <= times[after - 1]:
        after += 1
    one, two = after - 1, after
    h = times[two] - times[one]
    s = (t_s - times[one]) / h
    rows = np.array([flight[name] for name in STATE])
    r0, v0, r1, v1 = rows[:3, one], rows[3:, one], rows[:3, two], rows[3:, two]
    gain = r1 - r0
    bend, last = h * v0 - gain, h * v1 - gain
    position = r0 + s * (gain + (1.0 - s) * ((1.0 - s) * bend - s * last))
    velocity = v0 + s * (v1 - v0)
    mass = flight["mass_kg"][one] + s * (flight["mass_kg"][two] - flight["mass_kg"][one])
    return np.concatenate((position, velocity)), float(mass)


def _aboard(mission: Mission, flight: History, stage: str, t_s: float) -> tuple[tuple[Aboard, ...], float]:
    """Bodies aboard, and their mass without propellant."""
    vehicle = mission.vehicle
    times = {event.name: event.t_s for event in flight.events}
    bodies: list[Aboard] = []
    inert = 0.0
    names = [each.name for each in vehicle.stages]
    for booster in vehicle.boosters:
        if t_s < times.get(f"{booster.name} separation", -np.inf):
            bodies.append(_body(booster.name, booster.body, booster.count))
            inert += float(booster.count * booster.dry_mass_kg)
    for each in vehicle.stages[names.index(stage) :]:
        bodies.append(_body(each.name, each.body, 1))
        inert += float(each.inert_kg)
    shroud = vehicle.shroud
    if shroud is not None and t_s < times.get(f"{shroud.kind} separation", np.inf):
        pieces = shroud.body.pieces if shroud.body is not None else 1
        bodies.append(_body(shroud.kind, shroud.body, pieces))
        inert += float(shroud.mass_kg)
    inert += float(mission.payload_kg) + float(mission.adapter_kg)
    bodies.append(Aboard("payload", 1, 0.0))
    return tuple(bodies), inert


def _body(name: str, body: Any, pieces: int) -> Aboard:
    return Aboard(name, pieces, 0.0 if body is None else float(body.area_m2))
