"""From moments of failure to what comes down where: bodies that fall whole, burst, or break up on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.hazard_file import BreakUp, Hazards, PieceClass
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.vehicle import FallingBody
from baiterek.errors import BadValue
from baiterek.flight import Executor, Falling, Impacts
from baiterek.flight.simulate import FALL_HORIZON_S
from baiterek.history import Array, History
from baiterek.physics.debris import malfunction_turn
from baiterek.physics.table import Table, constant_table, table_value
from baiterek.safety.descent import slowest
from baiterek.safety.harm import SCATTERED, blast_area, inert_area
from baiterek.safety.landing import Points
from baiterek.safety.moments import STATE, Aboard, Moment, States, body_of_mass, left_kg, state_at, times_listed
from baiterek.safety.risk import Event, Pieces

MAXWELL_97 = 2.9912
"""The speed below which 97 % of a Maxwell distribution lie, in sigmas of one axis."""
TINY = 1e-9
"""Keeps a rate of turn and a thrust off zero."""
UPPER_HORIZON_s = 43200.0
"""Longest fall of a flight with an upper stage: an ellipse up to the stationary orbit takes 10.5 h."""
DISPOSAL = "disposal"
"""Phase of the event in which an upper stage is deorbited as planned."""
NEVER_m = 1e12
"""A height from which nothing comes down."""


class Wreck(NamedTuple):
    """Rows that fall together: pieces of one class of one body in one event."""

    event: int
    name: str
    number: float
    states: Array
    t_s: Array
    ballistic: Array
    mass_kg: Array
    area_m2: Array
    propellant_kg: float
    shape: int


@dataclass
class Yard:
    """Wreckage gathered over all events, so that it falls in one call."""

    hazards: Hazards
    random: np.random.Generator
    wrecks: list[Wreck] = field(default_factory=list)

    def burst(self, event: int, body: str, number: float, states: Array, t_s: Array, exploded: bool) -> None:
        """The pieces of a body that breaks up in these states: as many samples of each class as there are states."""
        plan = broken(self.hazards, body)
        for piece in plan.pieces:
            count = len(states)
            moved = states.copy()
            speeds = [piece.imparted_m_s] + ([plan.explosion_m_s] if exploded else [])
            for speed in speeds:
                moved[:, 3:] += self.random.normal(0.0, speed.value / MAXWELL_97, (count, 3))
            ballistic, mass, area = self._of_class(piece, count)
            self.wrecks.append(
                Wreck(event, f"{body}: {piece.name}", number * piece.number, moved, t_s, ballistic, mass, area, 0.0, 0)
            )

    def _of_class(self, piece: PieceClass, count: int) -> tuple[Array, Array, Array]:
        ballistic = heavier_kg_m2(piece, self.random.normal(size=count))
        return ballistic, self._positive(piece.mass_kg, count), self._positive(piece.area_m2, count)

    def _positive(self, datum: Datum, count: int) -> Array:
        """Log-normal with the mean and the sigma of the datum: no draw is negative."""
        spread = np.sqrt(np.log1p((datum.sigma / datum.value) ** 2))
        return datum.value * np.exp(spread * self.random.normal(size=count) - 0.5 * spread * spread)


def heavier_kg_m2(piece: PieceClass, sigmas: Any) -> Any:
    """Ballistic coefficient of a piece so many sigmas of its log-normal spread above the median of its class."""
    spread = np.sqrt(np.log1p((piece.ballistic_kg_m2.sigma / piece.ballistic_kg_m2.value) ** 2))
    return piece.ballistic_kg_m2.value * np.exp(spread * sigmas)


def failures(
    mission: Mission,
    flight: History,
    hazards: Hazards,
    found: Sequence[Moment],
    *,
    samples: int = 40,
    seed: int = 1,
    executor: Executor | None = None,
    states: Sequence[States] | None = None,
) -> list[Event]:
    """Every failure of a nominal `flight` as an `Event`: `samples` draws of what cannot be known, for each moment and cause.

    It begins in `states`, draws of each moment of which there may be fewer, or always in the nominal one.
    Shutdown: the vehicle falls with its propellant; where it comes down through the altitude at which its lowest body
    breaks up, all bodies aboard break there. Turn: its thrust turns at an even rate in a random plane until the cut-off,
    not before the inhibit time; then the same. Explosion: all bodies burst where they are, and nothing is left to burn.
    """
    yard, drags = Yard(hazards, np.random.default_rng(seed)), drags_of(mission, hazards)
    labels = [(moment, k, cause) for k, moment in enumerate(found) for cause in moment.causes]
    drops = []
    for index, (moment, k, cause) in enumerate(labels):
        at, mass = states[k] if states is not None else _nominal(moment, samples)
        count = len(mass)
        t_s = np.full(count, moment.t_s)
        if cause == "explosion":
            for body in moment.aboard:
                yard.burst(index, body.name, body.pieces * body.times, at, t_s, exploded=True)
            continue
        if cause == "turn":
            away = at - moment.state
            at, t_s = _turned(moment, flight, hazards, count, yard.random)
            at += _carried(away, t_s - moment.t_s)
        drops.append(Drop(index, at, t_s, "vehicle", moment.aboard[0], mass, moment.propellant_kg, moment.aboard))
    _let_fall(mission, yard, drops, drags, executor or Executor())
    pieces = _landed(mission, yard, drags, executor or Executor())
    return [
        Event(moment.stage, cause, moment.probability * moment.causes[cause], tuple(pieces.get(index, ())))
        for index, (moment, _, cause) in enumerate(labels)
    ]


def _nominal(moment: Moment, samples: int) -> States:
    return States(np.tile(moment.state, (samples, 1)), np.full(samples, moment.mass_kg))


def _carried(away: Array, seconds: Array) -> Array:
    """A small deviation of place and speed some seconds later, in a straight line; shape (draws, 6)."""
    return np.hstack((away[:, :3] + away[:, 3:] * seconds[:, None], away[:, 3:]))


def planned(
    mission: Mission, hazards: Hazards, flights: Mapping[str, Array], *, seed: int = 1, executor: Executor | None = None
) -> list[Event]:
    """What falls on a nominal flight, with a probability of one: an `Event` a dropped body.

    `flights` are the columns of many dispersed flights (`flight.fly_many`): each body falls from its own separations, in air
    and wind of the day drawn anew, whole or until it breaks up.
    """
    yard, drags = Yard(hazards, np.random.default_rng(seed)), drags_of(mission, hazards)
    bodies = [body for body in dropped_bodies(mission) if f"{body.name}.separation.t_s" in flights]
    drops = []
    for index, body in enumerate(bodies):
        columns = [flights[f"{body.name}.separation.{name}"] for name in STATE]
        mass = np.asarray(flights[f"{body.name}.separation.dropped_kg"], dtype=float) / body.pieces
        flown = np.isfinite(mass) & np.isfinite(flights[f"{body.name}.separation.t_s"])
        states, t_s = np.column_stack(columns)[flown], np.asarray(flights[f"{body.name}.separation.t_s"])[flown]
        left = max(float(np.mean(mass[flown])) - _inert_kg(mission, body), 0.0)
        drops.append(Drop(index, states, t_s, body.name, body, mass[flown], left, (body,)))
    _let_fall(mission, yard, drops, drags, executor or Executor())
    pieces = _landed(mission, yard, drags, executor or Executor())
    return [Event("nominal", body.name, 1.0, tuple(pieces.get(index, ()))) for index, body in enumerate(bodies)]


def disposed(
    mission: Mission,
    hazards: Hazards,
    states: Array,
    t_s: Array,
    mass_kg: Array,
    probability: float,
    *,
    seed: int = 1,
    executor: Executor | None = None,
) -> Event:
    """A deorbited upper stage as an `Event`: it falls from states after its last burn, as the bodies of `planned` do."""
    assert mission.upper_stage is not None
    yard, drags = Yard(hazards, np.random.default_rng(seed)), drags_of(mission, hazards)
    name = mission.upper_stage.name
    body = body_of_mass(hazards, name, float(np.mean(mass_kg)))
    _let_fall(mission, yard, [Drop(0, states, t_s, name, body, mass_kg, 0.0, (body,))], drags, executor or Executor())
    return Event(DISPOSAL, name, probability, tuple(_landed(mission, yard, drags, executor or Executor()).get(0, ())))


def dropped_bodies(mission: Mission) -> list[Aboard]:
    """Bodies that a nominal flight drops and whose fall the vehicle file describes."""
    vehicle = mission.vehicle
    found = [(each.name, each.body, each.count, 1.0) for each in vehicle.boosters]
    last = None if mission.upper_stage is not None else -1
    found += [(each.name, each.body, 1, times_listed(mission, each.name)) for each in vehicle.stages[:last]]
    if vehicle.shroud is not None:
        found.append((vehicle.shroud.kind, vehicle.shroud.body, 1, 1.0))
    return [
        Aboard(name, count * body.pieces, float(body.area_m2), times) for name, body, count, times in found if body is not None
    ]


def _inert_kg(mission: Mission, body: Aboard) -> float:
    """Of one piece of a dropped body, dry."""
    vehicle = mission.vehicle
    masses = {each.name: left_kg(mission, each.name) for each in vehicle.stages}
    masses |= {each.name: float(each.dry_mass_kg) for each in vehicle.boosters}
    return masses.get(body.name, np.inf)


def broken(hazards: Hazards, body: str) -> BreakUp:
    """What a body breaks into; a body of the vehicle that the hazards do not know is refused."""
    if body not in hazards.bodies:
        raise BadValue(hazards.file, f"bodies.{body}", "nothing", f"what it breaks into: the vehicle {hazards.vehicle} has it")
    return hazards.bodies[body]


def _turned(
    moment: Moment, flight: History, hazards: Hazards, samples: int, random: np.random.Generator
) -> tuple[Array, Array]:
    """States and times of cut-off after a malfunction turn in a random plane, which the inhibit time makes longer.

    The nominal flight at the cut-off, and on top of it what the turning thrust has done (`malfunction_turn`).
    """
    abort = hazards.abort
    rate = np.abs(random.normal(abort.turn_rate_rad_s.value, abort.turn_rate_rad_s.sigma, samples)) + TINY
    reaction = np.abs(random.normal(abort.reaction_s.value, abort.reaction_s.sigma, samples))
    lasting = np.minimum(np.maximum(reaction, abort.inhibit_s.value - moment.t_s), moment.burn_end_s - moment.t_s)
    force = float(np.linalg.norm(moment.thrust))
    along = moment.thrust / max(force, TINY)
    side = random.normal(size=(samples, 3))
    side -= np.outer(side @ along, along)
    side /= np.linalg.norm(side, axis=1)[:, None]
    turn = malfunction_turn(force, rate, lasting)
    states = np.array([state_at(flight, moment.t_s + seconds)[0] for seconds in lasting])
    states[:, :3] += np.outer(turn.along_m, along) + turn.across_m[:, None] * side
    states[:, 3:] += np.outer(turn.speed_along_m_s, along) + turn.speed_across_m_s[:, None] * side
    return states, moment.t_s + lasting


def horizon_s(mission: Mission) -> float:
    """A fall that lasts longer is none."""
    return FALL_HORIZON_S if mission.upper_stage is None else UPPER_HORIZON_s


class Drags(NamedTuple):
    """Curves of drag: constant for classes of pieces, then those of the vehicle's bodies."""

    tables: tuple[Table, ...]
    number: Mapping[str, int]
    """By body."""


def drags_of(mission: Mission, hazards: Hazards) -> Drags:
    """The curves of a vehicle and of its upper stage."""
    vehicle = mission.vehicle
    bodies: list[tuple[str, FallingBody | None]] = [(each.name, each.body) for each in vehicle.boosters]
    bodies += [(each.name, each.body) for each in vehicle.stages]
    if vehicle.shroud is not None:
        bodies.append((vehicle.shroud.kind, vehicle.shroud.body))
    bodies += hazards.falls.items()
    known = [(name, body.drag) for name, body in bodies if body is not None]
    index = {name: place for place, (name, _) in enumerate(known, start=1)}
    return Drags((constant_table(1.0), *(drag for _, drag in known)), index)


class Drop(NamedTuple):
    """Samples of one thing that begins to fall whole, and what it becomes where it breaks up."""

    event: int
    states: Array
    t_s: Array
    name: str
    lowest: Aboard
    """Whose drag, area and breaking altitude count."""
    mass_kg: Array
    propellant_kg: float
    bodies: tuple[Aboard, ...]


def _let_fall(mission: Mission, yard: Yard, drops: Sequence[Drop], drags: Drags, executor: Executor) -> None:
    """Everything without thrust: to the altitude where it breaks up, or to the ground."""
    if not drops:
        return
    counts = [len(drop.t_s) for drop in drops]
    floors = []
    for drop in drops:
        if drop.lowest.area_m2 <= 0.0:
            raise BadValue(mission.file or mission.name, f"{drop.lowest.name}.body", "nothing", "how it falls: area and drag")
        breaks = broken(yard.hazards, drop.lowest.name).breaks_at_m
        floors.append(
            np.full(len(drop.t_s), NEVER_m) if breaks is None else yard.random.normal(breaks.value, breaks.sigma, len(drop.t_s))
        )
    falling = Falling(
        np.concatenate([drop.states for drop in drops]),
        np.concatenate([drop.t_s for drop in drops]),
        np.concatenate([drop.mass_kg / drop.lowest.area_m2 for drop in drops]),
        shapes=drags.tables,
        shape=np.repeat([drags.number[drop.lowest.name] for drop in drops], counts),
    )
    at, then = executor.fall_to(mission, falling, np.concatenate(floors), horizon_s=horizon_s(mission))
    for drop, last in zip(drops, np.cumsum(counts), strict=True):
        rows = slice(int(last) - len(drop.t_s), int(last))
        breaks_there = np.isfinite(then[rows])
        part, kept = float(np.mean(breaks_there)), ~breaks_there
        if part < 1.0:
            shape = drags.number[drop.lowest.name]
            area = np.full(int(np.sum(kept)), drop.lowest.area_m2)
            whole = (drop.states[kept], drop.t_s[kept], drop.mass_kg[kept] / area, drop.mass_kg[kept], area)
            yard.wrecks.append(Wreck(drop.event, drop.name, (1.0 - part) * _many(drop), *whole, drop.propellant_kg, shape))
        if part > 0.0:
            for body in drop.bodies:
                number = part * body.pieces * body.times
                yard.burst(drop.event, body.name, number, at[rows][breaks_there], then[rows][breaks_there], False)


def _many(drop: Drop) -> float:
    """How many of it there are: a vehicle is one, a dropped body as many as its pieces."""
    return float(drop.lowest.pieces) if len(drop.bodies) == 1 else 1.0


def _landed(mission: Mission, yard: Yard, drags: Drags, executor: Executor) -> dict[int, list[Pieces]]:
    """All wreckage to the ground in one call, then sorted by event."""
    wrecks, hazards, random = yard.wrecks, yard.hazards, yard.random
    if not wrecks:
        return {}
    counts = [len(wreck.t_s) for wreck in wrecks]
    total = sum(counts)
    falling = Falling(
        np.concatenate([wreck.states for wreck in wrecks]),
        np.concatenate([wreck.t_s for wreck in wrecks]),
        np.concatenate([wreck.ballistic for wreck in wrecks]),
        np.abs(random.normal(hazards.air_density.value, hazards.air_density.sigma, total)),
        random.normal(hazards.wind_m_s.value, hazards.wind_m_s.sigma, (total, 2)),
        drags.tables,
        np.repeat([wreck.shape for wreck in wrecks], counts),
    )
    impacts = executor.fall_pieces(mission, falling, horizon_s=horizon_s(mission))
    coefficient = np.array([table_value(0.0, drag) for drag in drags.tables])
    settled_m_s = slowest(mission.environment, falling.ballistic_kg_m2 / coefficient[falling.shape])
    by_event: dict[int, list[Pieces]] = {}
    for wreck, last in zip(wrecks, np.cumsum(counts), strict=True):
        rows = slice(int(last) - len(wreck.t_s), int(last))
        piece = pieces_of(wreck, Impacts(*(column[rows] for column in impacts)), settled_m_s[rows])
        if piece is not None:
            by_event.setdefault(wreck.event, []).append(piece)
    return by_event


def pieces_of(wreck: Wreck, impacts: Impacts, settled_m_s: Array, method: str = SCATTERED) -> Pieces | None:
    """One class with its points and its casualty area (the mean over its pieces); None where nothing comes down."""
    down = np.isfinite(impacts.latitude_rad)
    if not np.any(down):
        return None
    areas = inert_area(wreck.area_m2[down], wreck.mass_kg[down], impacts.speed_m_s[down], method, impacts.descent_rad[down])
    points = Points(impacts.latitude_rad[down], impacts.longitude_rad[down])
    number = wreck.number * float(np.mean(down))
    slow, harmful = float(1.0 / np.mean(1.0 / settled_m_s[down])), float(np.mean(areas > 0.0))
    return Pieces(wreck.name, number, float(np.mean(areas)), points, blast_area(wreck.propellant_kg), slow, harmful)
