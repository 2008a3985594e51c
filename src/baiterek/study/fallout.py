"""What comes down on a nominal flight, and how far about: by covariance in seconds, or by many flights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.document import names
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.upper_hazard_file import hazards_of
from baiterek.catalogue.vehicle import FallingBody
from baiterek.errors import BadValue
from baiterek.history import Array, Fall, History, Steering
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.physics.table import table_value
from baiterek.safety.closures import Kind, kinds_of
from baiterek.safety.descent import slowest
from baiterek.safety.footprint import Footprint, footprint, normal_footprint, scattered
from baiterek.study.ahead import flight_warmed_up
from baiterek.study.dispersions import spread_of
from baiterek.study.guidance import GUIDANCE, check_guidance
from baiterek.study.linear_covariance import linear_covariance

Say = Callable[[str], None]
STEP_rad = 1e-6
QUICK = 400
"""Flights of a covariance in closed loop: a sigma is known to 3.5 %."""
WHOLE = "Bodies fall whole: a break-up on the way widens where they come down (--flights)."
BENT = 0.3
"""A part of second order above which a covariance is doubtful."""


@dataclass(frozen=True)
class Body:
    """One dropped body of a nominal flight that comes down."""

    name: str
    pieces: int
    """In how many it is dropped."""
    mass_kg: float
    """Of one of these."""
    fall: Fall
    last_s: float
    """After lift-off, when it has come down on a late flight (three sigma, or the last of all)."""
    kinds: tuple[Kind, ...]
    first_s: float = 0.0
    """After lift-off, before which nothing of it can come down."""


@dataclass(frozen=True)
class Fallout:
    """All of them, and how they were found."""

    mission: Mission
    """With its payload."""
    bodies: tuple[Body, ...]
    method: str
    notes: tuple[str, ...]
    columns: Mapping[str, Array] | None = None
    """Of the dispersed flights, where any were flown."""
    flight: History | None = None
    """The nominal one."""


def fallout(
    mission: Mission,
    flights: int,
    *,
    seed: int = 1,
    guidance: str = "closed",
    workers: int = 1,
    say: Say = lambda text: None,
) -> Fallout:
    """The optimum of a mission, flown; what it drops comes down by covariance (no `flights`), or in that many.

    The covariance is linear in open loop and that of `QUICK` flights in closed loop; by covariance bodies fall whole. In
    flights they break up as the hazards of the vehicle say, where it has such. `guidance` is a key of
    `study.guidance.GUIDANCE`.
    """
    from baiterek.trajectory import optimise

    check_guidance(guidance)
    if flights and flights < 2:
        raise BadValue("command line", "--flights", flights, "0 (covariance) or 2 and more")
    say("optimising")
    with flight_warmed_up(mission, guidance, say) as saying:
        steering = optimise(mission, progress=saying).require().steering
    assert steering is not None
    loaded = as_flown(mission, steering)
    return fallout_of(loaded, steering, flights, seed=seed, guidance=guidance, workers=workers, say=say)


def fallout_of(
    loaded: Mission,
    steering: Steering,
    flights: int,
    *,
    seed: int = 1,
    guidance: str = "closed",
    workers: int = 1,
    say: Say = lambda text: None,
) -> Fallout:
    """The same of a steering that is known; `loaded` with its payload."""
    from baiterek.flight import simulate

    flight = simulate(loaded, steering)
    falls = [fall for fall in flight.falls if fall.landed]
    if flights:
        say(f"{flights} dispersed flights")
        found = _flown(loaded, steering, falls, flights, seed, guidance, workers)
    else:
        say("covariance")
        found = (_quick if guidance == "closed" else _linear)(loaded, steering, falls, guidance, workers)
    return replace(found, flight=flight)


def _quick(mission: Mission, steering: Steering, falls: Sequence[Fall], guidance: str, workers: int) -> Fallout:
    """Covariances of few flights: guidance acts in cycles, so that nothing is a straight line of what is uncertain.

    Of a body that is strewn round the Earth the flights' own points.
    """
    from baiterek.flight import Executor
    from baiterek.study.dispersed import dispersed

    columns = dispersed(mission, steering, QUICK, 1, guidance, Executor(workers))
    bodies = []
    for fall in falls:
        latitude, longitude = (np.radians(columns[f"{fall.name}.impact.{key}_deg"]) for key in ("latitude", "longitude"))
        seen = footprint(fall.name, latitude, longitude, mission.environment)
        normal = normal_footprint(fall.name, seen.latitude_rad, seen.longitude_rad, seen.covariance_m2)
        found = seen if scattered(seen) else normal
        late = fall.t_s + 3.0 * float(np.nanstd(columns[f"{fall.name}.impact.t_s"]))
        bodies.append(Body(fall.name, fall.pieces, fall.mass_kg, fall, late, (_whole(mission, fall, found),)))
    return Fallout(mission, tuple(bodies), f"covariance of {QUICK} flights, {GUIDANCE[guidance]}", (WHOLE,), columns)


def _linear(mission: Mission, steering: Steering, falls: Sequence[Fall], guidance: str, workers: int) -> Fallout:
    from baiterek.flight import felt_paths

    spread = spread_of(mission, float(mission.payload_kg or 0.0), felt_paths(mission))
    outputs = [f"{fall.name}.impact.{key}" for fall in falls for key in ("latitude_deg", "longitude_deg", "t_s")]
    linear = linear_covariance(mission, steering, spread, outputs, workers)
    bodies, notes = [], [WHOLE]
    for k, fall in enumerate(falls):
        rows = slice(3 * k, 3 * k + 3)
        latitude, longitude = np.radians(fall.latitude_deg), np.radians(fall.longitude_deg)
        jacobian = _metres_per_deg(latitude, longitude, mission)
        covariance = jacobian @ linear.covariance[rows, rows][:2, :2] @ jacobian.T
        found = normal_footprint(fall.name, float(latitude), float(longitude), covariance)
        late = fall.t_s + 3.0 * float(linear.sigma[3 * k + 2])
        bodies.append(Body(fall.name, fall.pieces, fall.mass_kg, fall, late, (_whole(mission, fall, found),)))
        if np.max(linear.bend[rows][:2]) > BENT:
            notes.append(f"{fall.name}: where it comes down bends with what is uncertain; better --flights.")
    return Fallout(mission, tuple(bodies), f"linear covariance, {GUIDANCE[guidance]}", tuple(notes))


def _flown(
    mission: Mission, steering: Steering, falls: Sequence[Fall], flights: int, seed: int, guidance: str, workers: int
) -> Fallout:
    from baiterek.flight import Executor
    from baiterek.study.dispersed import dispersed

    columns = dispersed(mission, steering, flights, seed, guidance, Executor(workers))
    notes: list[str] = []
    broken = _broken(mission, columns, seed, workers) if mission.vehicle.name in names("hazards") else {}
    if not broken:
        notes.append(f"Bodies fall whole: there is no list of what {mission.vehicle.name} breaks into.")
    bodies = []
    for fall in falls:
        latitude, longitude = (np.radians(columns[f"{fall.name}.impact.{key}_deg"]) for key in ("latitude", "longitude"))
        whole = footprint(fall.name, latitude, longitude, mission.environment)
        kinds = broken.get(fall.name) or (_whole(mission, fall, whole),)
        last = float(np.nanmax(columns[f"{fall.name}.impact.t_s"]))
        bodies.append(Body(fall.name, fall.pieces, fall.mass_kg, fall, last, kinds))
    return Fallout(mission, tuple(bodies), f"{flights} dispersed flights, {GUIDANCE[guidance]}", tuple(notes), columns)


def _broken(mission: Mission, columns: Mapping[str, Array], seed: int, workers: int) -> dict[str, tuple[Kind, ...]]:
    """By body the kinds of pieces that it comes down in."""
    from baiterek.flight import Executor
    from baiterek.safety.scenarios import planned

    events = planned(mission, hazards_of(mission), columns, seed=seed, executor=Executor(workers))
    found = {event.cause: kinds_of(event, mission.environment) for event in events}
    return {body: kinds for body, kinds in found.items() if kinds}


def _whole(mission: Mission, fall: Fall, found: Footprint) -> Kind:
    body = falling_bodies(mission)[fall.name]
    ballistic = fall.mass_kg / (body.area_m2 * table_value(0.0, body.drag))
    return Kind(fall.name, float(fall.pieces), found, float(slowest(mission.environment, ballistic)))


def falling_bodies(mission: Mission) -> dict[str, FallingBody]:
    """What is dropped, by name."""
    vehicle = mission.vehicle
    found = {each.name: each.body for each in vehicle.boosters if each.body is not None}
    found |= {each.name: each.body for each in vehicle.stages if each.body is not None}
    if vehicle.shroud is not None and vehicle.shroud.body is not None:
        found[vehicle.shroud.kind] = vehicle.shroud.body
    return found


def _metres_per_deg(latitude_rad: float, longitude_rad: float, mission: Mission) -> Array:
    """East and north (rows) by a degree of latitude and of longitude (columns), from differences."""
    earth = mission.environment
    sides = []
    for step in ((STEP_rad, 0.0), (0.0, STEP_rad)):
        point = fixed_from_geodetic(latitude_rad + step[0], longitude_rad + step[1], 0.0, earth)
        sides.append([float(x) for x in east_north_of(*point, latitude_rad, longitude_rad, earth)])
    jacobian: Array = np.radians(np.array(sides).T / STEP_rad)
    return jacobian
