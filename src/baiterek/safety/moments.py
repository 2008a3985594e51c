"""When and how a flight may fail, and what is aboard at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.failure_file import FailureRecord, PhaseShare
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import drop_tanks_name
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.errors import BadValue
from baiterek.history import Array, History
from baiterek.safety.failure import Phase, estimate, spread_over_time

UPPER = "upper-stage"
"""The phase of a record that stands for whichever upper stage flies."""
ORBIT_m = 100e3
"""Perigee above the equatorial radius from which a stage that fails stays up, for a revolution at least; assumed."""
STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


@dataclass(frozen=True)
class Aboard:
    """One body of the vehicle that has not been dropped."""

    name: str
    pieces: int
    """In how many it falls, of which each is what the hazards describe."""
    area_m2: float
    """Of one, tumbling; 0: not known."""
    times: float = 1.0
    """How often the list of its pieces counts: of a body whose mass is the mission's, its mass over that of the list; of a
    stage that keeps an adapter, its mass with it over its own."""


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
    over the burns as the record says (`spread_over_time`). The burns of an upper stage are cut into intervals until it is in
    orbit (`in_orbit_s`); what it fails with after that drops nothing, and its probability is in no interval.
    """
    whole = estimate(record).value
    burns = [burn for phase in record.phases for burn in burns_of_phase(mission, flight, phase, record, hazards)]
    ends = [min(burn.end_s, in_orbit_s(flight)) if _is_upper(mission, burn.name) else burn.end_s for burn in burns]
    total = sum(max(end - burn.start_s, 0.0) for burn, end in zip(burns, ends, strict=True))
    found = []
    for index, (burn, until) in enumerate(zip(burns, ends, strict=True)):
        if until <= burn.start_s:
            continue
        number = max(1, round(count * (until - burn.start_s) / total))
        edges = np.linspace(burn.start_s, until, number + 1)
        for start, end, probability in zip(edges, edges[1:], spread_over_time(whole, burns, edges)[index], strict=False):
            span = (float(start), float(end))
            found.append(_moment(mission, flight, burn, hazards, span, float(probability)))
    return tuple(found)


def in_orbit_s(flight: History) -> float:
    """Since lift-off, when the perigee of the nominal flight rises above `ORBIT_m` for the last time."""
    low = np.flatnonzero(flight["perigee_altitude_m"] < ORBIT_m)
    return float(flight.t_s[low[-1]]) if len(low) else 0.0


def burns_of_phase(
    mission: Mission, flight: History, phase: PhaseShare, record: FailureRecord, hazards: Hazards
) -> list[Phase]:
    """When the stage of a phase burns in this flight: once, or, an upper stage, as often as it is lit.

    Of several burns each has the same part of what fails at an ignition, and of the rest as much as it lasts.
    """
    stage = mission.upper_stage
    names = {each.name for each in record.phases}
    if stage is not None and not names & {UPPER, stage.name}:
        raise BadValue(f"failures {record.name}", "phases", ", ".join(sorted(names)), f"a phase {UPPER} beside them")
    name = stage.name if stage is not None and phase.name == UPPER else phase.name
    starts = [event.t_s for event in flight.events if event.name == f"{name} ignition"]
    ends = [event.t_s for event in flight.events if event.name == f"{name} cut-off"]
    if not ends:
        burning = dict.fromkeys(e.name.removesuffix(" cut-off") for e in flight.events if e.name.endswith(" cut-off"))
        raise BadValue(hazards.file, "failures", f"{name}, which does not burn in this flight", ", ".join(burning))
    if name not in hazards.causes:
        raise BadValue(hazards.file, f"causes.{name}", "nothing", "shares of the causes of a failure in that phase")
    starts = starts or [event.t_s for event in flight.events if event.name == "lift-off"] or [0.0]
    whole = sum(end - start for start, end in zip(starts, ends, strict=True))
    early = phase.ignition_share.value / len(ends)
    found = []
    for start, end in zip(starts, ends, strict=True):
        part = early + (1.0 - phase.ignition_share.value) * (end - start) / whole
        lasting = min(phase.ignition_s.value, end - start)
        found.append(Phase(name, start, end, phase.share.value * part, early / part, lasting))
    return found


def _is_upper(mission: Mission, name: str) -> bool:
    return mission.upper_stage is not None and name == mission.upper_stage.name


def _moment(
    mission: Mission,
    flight: History,
    burn: Phase,
    hazards: Hazards,
    span: tuple[float, float],
    probability: float,
) -> Moment:
    t_s = 0.5 * (span[0] + span[1])
    state, mass = state_at(flight, t_s)
    row = int(np.clip(np.searchsorted(flight.t_s, t_s), 1, len(flight.t_s) - 1))
    thrust = flight["thrust_N"][row] / mass * np.array([flight[f"u{axis}_eci"][row] for axis in "xyz"])
    aboard, inert = _aboard(mission, flight, hazards, burn.name, t_s)
    left, causes = max(mass - inert, 0.0), hazards.causes[burn.name]
    return Moment(burn.name, *span, probability, t_s, burn.end_s, state, mass, left, thrust, aboard, causes)


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


def _aboard(mission: Mission, flight: History, hazards: Hazards, stage: str, t_s: float) -> tuple[tuple[Aboard, ...], float]:
    """Bodies aboard, and their mass without propellant."""
    vehicle, upper = mission.vehicle, mission.upper_stage
    times = {event.name: event.t_s for event in flight.events}
    bodies: list[Aboard] = []
    inert = 0.0
    names = [each.name for each in vehicle.stages]
    for booster in vehicle.boosters:
        if t_s < times.get(f"{booster.name} separation", -np.inf):
            bodies.append(_body(booster.name, booster.body, booster.count))
            inert += float(booster.count * booster.dry_mass_kg)
    for each in vehicle.stages[names.index(stage) :] if stage in names else ():
        bodies.append(replace(_body(each.name, each.body, 1), times=times_listed(mission, each.name)))
        inert += left_kg(mission, each.name)
    shroud = vehicle.shroud
    if shroud is not None and t_s < times.get(f"{shroud.kind} separation", np.inf):
        pieces = shroud.body.pieces if shroud.body is not None else 1
        bodies.append(_body(shroud.kind, shroud.body, pieces))
        inert += float(shroud.mass_kg)
    if upper is not None:
        dry = dry_kg(upper, tanks=t_s < times.get(f"{drop_tanks_name(upper)} separation", np.inf))
        bodies.append(body_of_mass(hazards, upper.name, dry))
        inert += dry
    above = float(mission.payload_kg) + float(mission.adapter_kg)
    bodies.append(body_of_mass(hazards, "payload", above))
    return tuple(bodies), inert + above


def dry_kg(stage: UpperStage, tanks: bool = True) -> float:
    """Of an upper stage, all tanks empty; with its drop tanks, if it still has them."""
    return float(stage.dry_mass_kg) + (float(stage.drop_tanks.dry_mass_kg) if tanks and stage.drop_tanks is not None else 0.0)


def left_kg(mission: Mission, name: str) -> float:
    """Of a stage of the launcher without propellant; the last one keeps the adapter of the upper stage."""
    stages = mission.vehicle.stages
    inert = next(float(stage.inert_kg) for stage in stages if stage.name == name)
    upper = mission.upper_stage
    return inert + (float(upper.adapter_kg) if upper is not None and name == stages[-1].name else 0.0)


def times_listed(mission: Mission, name: str) -> float:
    """How often the list of a launcher stage's pieces counts: its mass with what it keeps over its own."""
    return left_kg(mission, name) / next(float(stage.inert_kg) for stage in mission.vehicle.stages if stage.name == name)


def body_of_mass(hazards: Hazards, name: str, mass_kg: float) -> Aboard:
    """A body whose mass is not the launcher's: as many times the list of its pieces as it weighs."""
    listed = sum(piece.number * piece.mass_kg.value for piece in hazards.bodies[name].pieces) if name in hazards.bodies else 0.0
    fall = hazards.falls.get(name)
    return Aboard(name, 1, 0.0 if fall is None else float(fall.area_m2), mass_kg / listed if listed else 1.0)


def _body(name: str, body: Any, pieces: int) -> Aboard:
    return Aboard(name, pieces, 0.0 if body is None else float(body.area_m2))
