"""Many vehicles as arrays: what is common to all flights of a batch, and what each has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.override import with_values
from baiterek.catalogue.sequence import Drop, Phase, Sequence, sequence
from baiterek.errors import BadValue, UnknownKey
from baiterek.flight.failure import ENDS, FAILURE, GOES_ON, IS_LAST
from baiterek.flight.navigation import NAVIGATION
from baiterek.flight.plan import Plan, plain_table, write_plan
from baiterek.flight.sampled import Medium, sample_medium
from baiterek.history import Steering
from baiterek.physics.table import constant_table, knot_matrix

NUMBERS = frozenset(
    [
        *("dry_mass_kg", "interstage_kg", "mass_kg", "area_m2", "reference_area_m2"),
        *("propellant_kg", "residual_kg", "oxidiser_kg", "fuel_kg", "oxidiser_residual_kg", "fuel_residual_kg"),
        *("thrust_N", "thrust_vac_N", "thrust_sl_N", "isp_vac_s", "mixture_ratio", "start_s", "shutdown_s"),
        *("isp_s", "coast_flow_kg_s", "settling_kg", "adapter_kg"),
    ]
)
"""Keys of numbers of the vehicle and the upper stage that a flight of given steering feels; another would be logged without
having been flown."""

AIR = {
    "air.density_factor": 1.0,
    "wind.east_factor": 1.0,
    "wind.north_factor": 1.0,
    "wind.east_m_s": 0.0,
    "wind.north_m_s": 0.0,
    "air.density_deviation": 0.0,
}
"""Factors of density (and pressure, at the same temperature) and of the mean wind; and what blows on top of it: one
number for all heights, or rows of numbers at `wind_knots_m`."""

ON_TOP = ("wind.east_m_s", "wind.north_m_s", "air.density_deviation")
"""Those that may be rows of numbers; the last is relative."""


GUST = {"gust.speed_m_s": 0.0, "gust.altitude_m": 0.0, "gust.thickness_m": 60.0, "gust.azimuth_rad": 0.0}
"""The discrete gust of a flight, which blows while it climbs: `gust_wind` says how. Without speed there is none."""


class Course(NamedTuple):
    """What all flights of a batch share."""

    medium: Medium
    start: Any
    """Position and velocity at lift-off, inertial axes, shape (6,)."""
    mode: Any
    duration_s: Any
    """Of each phase as the steering has it."""
    budget: Any
    """Index of the stage whose propellant a phase burns; -1: nothing burns."""
    dense: Any
    """1 where the first stage flies: loads are watched closely."""
    ramp: Any
    """1 where an engine starts or stops."""
    vacuum: Any
    """1 where the upper stage flies, whose air is left out and whose coasts draw on its own tanks."""
    first_leg: Any
    leg_duration_s: Any
    commands: Any
    drop_phase: Any
    drop_falls: Any
    drop_pieces: Any
    after_shutdown: Any
    """What an early shutdown of each stage leaves: see `failure.GOES_ON`."""
    wreck_area_m2: Any
    wreck_column: Any
    """Area and column of the coefficients with which all comes down after a failure, by the stage that failed."""


class Fleet(NamedTuple):
    """What each flight has of its own: one row a flight."""

    propulsion: Any
    """Shape (flights, phases, 6), in the order of `Propulsion`."""
    mass_start_kg: Any
    """Shape (flights, phases). NaN: what the phase before left."""
    duration_s: Any
    """Shape (flights, phases)."""
    usable_kg: Any
    """Propellant that a stage can burn after lift-off, shape (flights, stages)."""
    drop_mass_kg: Any
    drop_piece_kg: Any
    drop_area_m2: Any
    drop_drag: Any
    """Factor of the drag coefficient; these four have shape (flights, drops), NaN as in `Plan`."""
    reference_area_m2: Any
    axial: Any
    """Factor of the axial coefficient."""
    normal: Any
    density: Any
    wind: Any
    """Factors east and north, shape (flights, 2)."""
    gust_knots_m: Any
    """Of the tables that come on top; one when they are constants."""
    gust: Any
    """Values and slopes of `ON_TOP` in turn at the knots, shape (flights, knots, 6)."""
    single: Any
    """The discrete gust, shape (flights, 4), in the order of `GUST`."""
    navigation: Any
    """Errors of the inertial unit, shape (flights, len(NAVIGATION)), in the order of its keys."""
    failure: Any
    """Shape (flights, 4), in the order of `FAILURE`."""


@dataclass(frozen=True)
class Load:
    """A batch ready to fly, with the records from which its table is written."""

    mission: Mission
    """With arrays in place of the dispersed numbers."""
    phases: Sequence
    plan: Plan
    course: Course
    fleet: Fleet
    flights: int


def load_fleet(
    mission: Mission,
    steering: Steering,
    inputs: Mapping[str, Any],
    wind_knots_m: Any = None,
    flights: int | None = None,
    first_flight: int = 0,
    closed_loop: bool = False,
) -> Load:
    """Course and fleet of `inputs`: arrays of one value a flight, by path (`fly_many` names the paths)."""
    given = _arrays(mission, inputs, wind_knots_m, flights, felt_paths(mission, closed_loop))
    count = flights or next((len(values) for values in given.values()), 1)
    bare = replace(mission, payload_kg=steering.payload_kg)
    own = {*bare.vehicle.data, *upper_paths(bare), "payload_kg", "adapter_kg"}
    numbers = {path: values for path, values in given.items() if path in own and not path.endswith("_factor")}
    loaded = with_values(bare, numbers)
    flown = sequence(bare, loaded)
    plan = write_plan(bare, sequence(bare).phases, steering)
    drops = [_with_body(drop, loaded) for phase in flown.phases for drop in phase.drops]
    course = _course(bare, flown, plan, drops)
    fleet = Fleet(
        _rows(count, [list(phase.propulsion) for phase in flown.phases]),
        _rows(count, [np.nan if phase.mass_start_kg is None else phase.mass_start_kg for phase in flown.phases]),
        _rows(count, _durations(flown, plan)),
        _rows(count, [budget.usable_kg for budget in flown.budgets]),
        _rows(count, [_or_nan(drop.mass_kg) for drop in drops]),
        _rows(count, [_or_nan(drop.body.mass_kg if drop.body else None) for drop in drops]),
        _rows(count, [drop.body.area_m2 if drop.body else 0.0 for drop in drops]),
        _rows(count, [_drag_factor(given, mission, drop) for drop in drops]),
        _rows(count, loaded.vehicle.aerodynamics.reference_area_m2),
        _rows(count, given.get("aerodynamics.axial_factor", 1.0)),
        _rows(count, given.get("aerodynamics.normal_factor", 1.0)),
        _rows(count, given.get("air.density_factor", 1.0)),
        _rows(count, [given.get(f"wind.{side}_factor", 1.0) for side in ("east", "north")]),
        *_gusts(count, given, wind_knots_m),
        _rows(count, [given.get(path, none) for path, none in GUST.items()]),
        _rows(count, [given.get(path, 0.0) for path in NAVIGATION]),
        _rows(count, [given.get(path, 0.0) for path in FAILURE]),
    )
    _refuse_impossible(mission, fleet, first_flight)
    return Load(loaded, flown, plan, course, fleet, count)


def felt_paths(mission: Mission, closed_loop: bool = False) -> tuple[str, ...]:
    """Every path that `fly_many` takes for `mission`: a flight of given steering feels each of them."""
    data = (path for path in mission.vehicle.data if path.rpartition(".")[2] in NUMBERS or path.endswith("_factor"))
    more = NAVIGATION if closed_loop else ()
    return (*dict.fromkeys((*data, *upper_paths(mission), "payload_kg", "adapter_kg", *AIR, *GUST, *FAILURE, *more)),)


def upper_paths(mission: Mission) -> tuple[str, ...]:
    """Numbers of the upper stage that a flight feels."""
    data = mission.upper_stage.data if mission.upper_stage is not None else {}
    return tuple(f"upper_stage.{key}" for key in data if key.rpartition(".")[2] in NUMBERS)


def _arrays(
    mission: Mission, inputs: Mapping[str, Any], knots: Any, flights: int | None, paths: tuple[str, ...]
) -> dict[str, Any]:
    """The inputs as float arrays of equal length; a path that no flight would feel is refused."""
    arrays: dict[str, Any] = {}
    felt, count = frozenset(paths), flights
    for path, values in inputs.items():
        if path not in felt:
            raise UnknownKey(mission.file or mission.name, path, "an input that no flight of given steering feels", _known())
        array = np.asarray(values, dtype=float)
        profile = array.ndim == 2 and path in ON_TOP
        if not (array.ndim == 1 or profile) or not np.all(np.isfinite(array)):
            raise BadValue(mission.file or mission.name, path, "no row of finite numbers", "one finite number a flight")
        if profile and (knots is None or array.shape[1] != len(knots)):
            raise BadValue(mission.file or mission.name, path, f"{array.shape[1]} columns", "as many as wind_knots_m")
        count = len(array) if count is None else count
        if len(array) != count:
            raise BadValue(mission.file or mission.name, path, f"{len(array)} flights", f"{count}, as the others have")
        arrays[path] = array
    return arrays


def _known() -> str:
    known = "numbers of the vehicle that thrust, mass, drag or timing read, payload_kg, adapter_kg, " + ", ".join((*AIR, *GUST))
    return known + "; in closed loop " + ", ".join(NAVIGATION)


def _rows(count: int, values: Any) -> Any:
    """A number, a list or a list of lists of numbers or of arrays (count,), as one array with the flights first."""
    if isinstance(values, list):
        return np.stack([_rows(count, value) for value in values], axis=1) if values else np.zeros((count, 0))
    # A copy: numba compiles anew for arrays that may only be read.
    return np.array(np.broadcast_to(np.asarray(values, dtype=float), (count,)))


def _or_nan(value: Any) -> Any:
    return np.nan if value is None else value


def _durations(flown: Sequence, plan: Plan) -> list[Any]:
    """Seconds of each phase: what physics fixes, the rest of a fixed total, else as the steering has it."""
    durations = [
        steered if phase.duration_s is None else phase.duration_s
        for phase, steered in zip(flown.phases, plan.duration_s, strict=True)
    ]
    for timing in flown.timings:
        *before, last = timing.phases
        durations[last] = timing.total_s - sum((durations[index] for index in before), 0.0)
    return durations


def _course(mission: Mission, flown: Sequence, plan: Plan, drops: list[Drop]) -> Course:
    budget = np.full(len(flown.phases), -1)
    for index, each in enumerate(flown.budgets):
        budget[list(each.phases)] = index
    budget[[not (_burns(phase) or phase.vacuum) for phase in flown.phases]] = -1
    drags = [plain_table(drop.body.drag if drop.body else constant_table(0.0)) for drop in drops]
    wrecks = [next((s.body for s in mission.vehicle.stages if s.name == each.stage), None) for each in flown.budgets]
    drags += [plain_table(body.drag if body else constant_table(0.0)) for body in wrecks]
    return Course(
        sample_medium(plan.environment, (plan.body.axial, plan.body.normal_slope, *drags)),
        plan.start,
        plan.mode,
        plan.duration_s,
        budget,
        np.array([int(phase.dense_air) for phase in flown.phases]),
        np.array([int(phase.ramp != "") for phase in flown.phases]),
        np.array([int(phase.vacuum) for phase in flown.phases]),
        plan.first_leg,
        plan.leg_duration_s,
        plan.commands,
        plan.drop_phase,
        plan.drop_falls,
        plan.drop_pieces,
        np.array([_after_shutdown(mission, index, len(flown.budgets)) for index in range(len(flown.budgets))]),
        np.array([float(body.area_m2) if body else 0.0 for body in wrecks]),
        2 + len(drops) + np.arange(len(wrecks)),
    )


def _after_shutdown(mission: Mission, stage: int, stages: int) -> int:
    if stage == stages - 1:
        return IS_LAST
    return GOES_ON if mission.upper_stage is not None and stage == stages - 2 else ENDS


def _burns(phase: Phase) -> bool:
    return bool(np.any(np.asarray(phase.propulsion.mass_flow_kg_s) > 0.0))


def _with_body(drop: Drop, loaded: Mission) -> Drop:
    """The drop with its body's own numbers: a sequence keeps those of the mission as it was read."""
    if drop.body is None:
        return drop
    vehicle = loaded.vehicle
    parts = {stage.name: stage.body for stage in vehicle.stages}
    parts |= {booster.name: booster.body for booster in vehicle.boosters}
    if vehicle.shroud is not None:
        parts[vehicle.shroud.kind] = vehicle.shroud.body
    return replace(drop, body=parts[drop.name])


def _drag_factor(given: Mapping[str, Any], mission: Mission, drop: Drop) -> Any:
    """Given for the part whose body this is: `<stage or booster>.body.drag_factor`, `shroud.body.drag_factor`."""
    part = "shroud" if mission.vehicle.shroud is not None and drop.name == mission.vehicle.shroud.kind else drop.name
    return given.get(f"{part}.body.drag_factor", 1.0)


def _gusts(count: int, given: Mapping[str, Any], knots_m: Any) -> tuple[Any, Any]:
    """Knots, and values and slopes there of what comes on top of the mean air: a `smooth_table` of each row."""
    sides = [given.get(path) for path in ON_TOP]
    if any(side is not None and side.ndim == 2 for side in sides):
        points = np.asarray(knots_m, dtype=float)
        if np.any(np.diff(points) <= 0.0):
            raise BadValue("wind_knots_m", "", "heights that repeat or fall", "strictly rising heights in m")
        knots, matrix = knot_matrix(points)
    else:
        knots, matrix = np.zeros(1), np.zeros((2, 0))
    table = np.zeros((count, len(knots), len(ON_TOP), 2))
    for index, side in enumerate(sides):
        if side is None:
            continue
        if side.ndim == 1:
            table[:, :, index, 0] = side[:, None]
            continue
        # Knot by knot: a product of matrices would round by the number of rows, and a flight would know its batch.
        of = np.zeros((count, len(matrix)))
        for column, row in zip(side.T, matrix.T, strict=True):
            of += column[:, None] * row
        table[:, :, index] = of.reshape(count, -1, 2)
    return knots, table.reshape(count, len(knots), 2 * len(ON_TOP))


def _refuse_impossible(mission: Mission, fleet: Fleet, first_flight: int) -> None:
    """A dispersion that makes a mass, a load, a flow or a duration negative is told by flight."""
    masses = np.where(np.isnan(fleet.mass_start_kg), 1.0, fleet.mass_start_kg)
    checks = {
        "mass at the start of a phase": masses,
        "usable propellant": fleet.usable_kg,
        "thrust, exit area or mass flow": fleet.propulsion,
        "duration of a phase": fleet.duration_s,
        "mass of a dropped body": np.where(np.isnan(fleet.drop_mass_kg), 1.0, fleet.drop_mass_kg),
        "area": fleet.drop_area_m2,
        "reference area": fleet.reference_area_m2,
        "coefficient of drag": np.column_stack((fleet.axial, fleet.drop_drag)),
        "density of the air": fleet.density,
    }
    for what, values in checks.items():
        least = values.reshape(len(values), -1).min(axis=1, initial=np.inf)
        if np.any(least < 0.0):
            index = int(np.argmin(least))
            where, found = mission.file or mission.name, f"{what} of {least[index]:g}"
            raise BadValue(where, f"inputs of flight {first_flight + index}", found, "dispersions that keep it positive")
