"""From moments of failure to what comes down where: bodies that fall whole, burst, or break up on their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.hazard_file import BreakUp, Hazards, PieceClass
from baiterek.catalogue.mission import Mission
from baiterek.errors import BadValue
from baiterek.flight import Falling, Impacts, fall_pieces, fall_to
from baiterek.history import Array
from baiterek.physics.table import Table, constant_table
from baiterek.safety.harm import SCATTERED, blast_area, inert_area
from baiterek.safety.landing import Points
from baiterek.safety.moments import Moment
from baiterek.safety.risk import Event, Pieces

MAXWELL_97 = 2.9912
"""The speed below which 97 % of a Maxwell distribution lie, in sigmas of one axis."""
LEAST_BREAKING = 1e-9
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

    def whole(self, event: int, name: str, number: float, states: Array, t_s: Array, body: Whole, shape: int) -> None:
        """A body that reaches the ground in one, with what propellant it has."""
        count = len(states)
        mass, area = np.full(count, body.mass_kg), np.full(count, body.area_m2)
        self.wrecks.append(Wreck(event, name, number, states, t_s, mass / area, mass, area, body.propellant_kg, shape))

    def _of_class(self, piece: PieceClass, count: int) -> tuple[Array, Array, Array]:
        spread = np.sqrt(np.log1p((piece.ballistic_kg_m2.sigma / piece.ballistic_kg_m2.value) ** 2))
        ballistic = piece.ballistic_kg_m2.value * np.exp(spread * self.random.normal(size=count))
        return ballistic, self._positive(piece.mass_kg, count), self._positive(piece.area_m2, count)

    def _positive(self, datum: Datum, count: int) -> Array:
        """Log-normal with the mean and the sigma of the datum: no draw is negative."""
        spread = np.sqrt(np.log1p((datum.sigma / datum.value) ** 2))
        return datum.value * np.exp(spread * self.random.normal(size=count) - 0.5 * spread * spread)


class Whole(NamedTuple):
    """A body, or the whole vehicle, as it falls in one."""

    mass_kg: float
    area_m2: float
    propellant_kg: float


def failures(
    mission: Mission,
    hazards: Hazards,
    found: Sequence[Moment],
    *,
    samples: int = 40,
    seed: int = 1,
    threads: int | None = None,
) -> list[Event]:
    """Every failure as an `Event` of the risk sums: `samples` draws of what cannot be known, for each moment and cause.

    Shutdown: the vehicle falls with its propellant; where it comes down through the altitude at which its lowest body
    breaks up, all bodies aboard break there. Turn: its thrust turns at an even rate in a random plane until the cut-off,
    not before the inhibit time; then the same. Explosion: all bodies burst where they are, and nothing is left to burn.
    """
    yard = Yard(hazards, np.random.default_rng(seed))
    drags, shape_of = _drags(mission)
    labels: list[tuple[Moment, str]] = [(moment, cause) for moment in found for cause in moment.causes]
    falls: list[tuple[int, Array, Array]] = []
    for index, (moment, cause) in enumerate(labels):
        states, t_s = np.tile(moment.state, (samples, 1)), np.full(samples, moment.t_s)
        if cause == "explosion":
            for body in moment.aboard:
                yard.burst(index, body.name, body.pieces, states, t_s, exploded=True)
            continue
        if cause == "turn":
            states, t_s = _turned(moment, hazards, samples, yard.random)
        falls.append((index, states, t_s))
    _let_fall(mission, hazards, yard, labels, falls, drags, shape_of, threads)
    return _events(mission, yard, labels, drags, threads)


def broken(hazards: Hazards, body: str) -> BreakUp:
    """What a body breaks into; a body of the vehicle that the hazards do not know is refused."""
    if body not in hazards.bodies:
        raise BadValue(hazards.file, f"bodies.{body}", "nothing", f"what it breaks into: the vehicle {hazards.vehicle} has it")
    return hazards.bodies[body]


def _turned(moment: Moment, hazards: Hazards, samples: int, random: np.random.Generator) -> tuple[Array, Array]:
    """States after a malfunction turn: thrust a turns at the rate w about a random axis across it, for the time T.

    Against the nominal flight: a (sin wT / w - T) along, a (1 - cos wT) / w across. The vehicle itself flies on meanwhile
    as the nominal flight does; position changes by half the gain times T.
    """
    abort = hazards.abort
    rate = np.abs(random.normal(abort.turn_rate_rad_s.value, abort.turn_rate_rad_s.sigma, samples)) + LEAST_BREAKING
    reaction = np.abs(random.normal(abort.reaction_s.value, abort.reaction_s.sigma, samples))
    lasting = np.maximum(reaction, abort.inhibit_s.value - moment.t_s)
    force = float(np.linalg.norm(moment.thrust))
    along = moment.thrust / max(force, LEAST_BREAKING)
    side = random.normal(size=(samples, 3))
    side -= np.outer(side @ along, along)
    side /= np.linalg.norm(side, axis=1)[:, None]
    turn = rate * lasting
    gain = force * (np.outer(np.sin(turn) / rate - lasting, along) + ((1.0 - np.cos(turn)) / rate)[:, None] * side)
    states = np.tile(moment.state, (samples, 1))
    states[:, :3] += 0.5 * gain * lasting[:, None]
    states[:, 3:] += gain
    return states, np.full(samples, moment.t_s)


def _drags(mission: Mission) -> tuple[tuple[Table, ...], dict[str, int]]:
    """Curves of drag: constant for classes of pieces, then those of the vehicle's bodies by name."""
    tables: list[Table] = [constant_table(1.0)]
    index: dict[str, int] = {}
    vehicle = mission.vehicle
    bodies: list[tuple[str, Any]] = [(each.name, each.body) for each in (*vehicle.boosters, *vehicle.stages)]
    if vehicle.shroud is not None:
        bodies.append((vehicle.shroud.kind, vehicle.shroud.body))
    for name, body in bodies:
        if body is not None:
            index[name] = len(tables)
            tables.append(body.drag)
    return tuple(tables), index


def _let_fall(
    mission: Mission,
    hazards: Hazards,
    yard: Yard,
    labels: list[tuple[Moment, str]],
    falls: list[tuple[int, Array, Array]],
    drags: tuple[Table, ...],
    shape_of: dict[str, int],
    threads: int | None,
) -> None:
    """The vehicle without thrust: to the altitude where it breaks up, or to the ground."""  # fmt: skip
    if not falls:
        return
    floors, betas, shapes, states, times = [], [], [], [], []
    for index, start, t_s in falls:
        moment = labels[index][0]
        lowest = moment.aboard[0]
        if lowest.area_m2 <= 0.0:
            raise BadValue(mission.file or mission.name, f"{lowest.name}.body", "nothing", "how it falls: area and drag")
        count = len(start)
        breaks = broken(hazards, lowest.name).breaks_at_m
        altitude = NEVER_m if breaks is None else yard.random.normal(breaks.value, breaks.sigma, count)
        floors.append(np.broadcast_to(altitude, (count,)))
        betas.append(np.full(count, moment.mass_kg / lowest.area_m2))
        shapes.append(np.full(count, shape_of[lowest.name]))
        states.append(start)
        times.append(t_s)
    falling = Falling(
        np.concatenate(states), np.concatenate(times), np.concatenate(betas), shapes=drags, shape=np.concatenate(shapes)
    )
    at, then = fall_to(mission, falling, np.concatenate(floors), threads=threads)
    place = 0
    for index, start, t_s in falls:
        rows = slice(place, place + len(start))
        place += len(start)
        moment, breaks_there = labels[index][0], np.isfinite(then[rows])
        lowest = moment.aboard[0]
        whole = Whole(moment.mass_kg, lowest.area_m2, moment.propellant_kg)
        part = float(np.mean(breaks_there))
        if part < 1.0:
            kept = ~breaks_there
            yard.whole(index, "vehicle", 1.0 - part, start[kept], t_s[kept], whole, shape_of[lowest.name])
        if part > 0.0:
            for body in moment.aboard:
                yard.burst(index, body.name, part * body.pieces, at[rows][breaks_there], then[rows][breaks_there], False)


def _events(
    mission: Mission, yard: Yard, labels: list[tuple[Moment, str]], drags: tuple[Table, ...], threads: int | None
) -> list[Event]:
    """All wreckage to the ground in one call, then sorted by event."""
    wrecks, hazards, random = yard.wrecks, yard.hazards, yard.random
    counts = [len(wreck.t_s) for wreck in wrecks]
    total = sum(counts)
    air = np.abs(random.normal(hazards.air_density.value, hazards.air_density.sigma, total))
    wind = random.normal(hazards.wind_m_s.value, hazards.wind_m_s.sigma, (total, 2))
    falling = Falling(
        np.concatenate([wreck.states for wreck in wrecks]),
        np.concatenate([wreck.t_s for wreck in wrecks]),
        np.concatenate([wreck.ballistic for wreck in wrecks]),
        air,
        wind,
        drags,
        np.repeat([wreck.shape for wreck in wrecks], counts),
    )
    impacts = fall_pieces(mission, falling, threads=threads)
    by_event: dict[int, list[Pieces]] = {}
    for wreck, last in zip(wrecks, np.cumsum(counts), strict=True):
        rows = slice(int(last) - len(wreck.t_s), int(last))
        piece = pieces_of(wreck, Impacts(*(column[rows] for column in impacts)))
        if piece is not None:
            by_event.setdefault(wreck.event, []).append(piece)
    return [
        Event(moment.stage, cause, moment.probability * moment.causes[cause], tuple(by_event.get(index, ())))
        for index, (moment, cause) in enumerate(labels)
    ]


def pieces_of(wreck: Wreck, impacts: Impacts, method: str = SCATTERED) -> Pieces | None:
    """One class with its points and its casualty area (the mean over its pieces); None where nothing comes down."""
    down = np.isfinite(impacts.latitude_rad)
    if not np.any(down):
        return None
    areas = inert_area(wreck.area_m2[down], wreck.mass_kg[down], impacts.speed_m_s[down], method, impacts.descent_rad[down])
    points = Points(impacts.latitude_rad[down], impacts.longitude_rad[down])
    number = wreck.number * float(np.mean(down))
    return Pieces(wreck.name, number, float(np.mean(areas)), points, blast_area(wreck.propellant_kg))
