"""A mission and its steering as numbers alone: the one record that the compiled flight takes.

Every mission gives the same types, so the simulator is compiled once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Drop, Phase
from baiterek.flight.steering import MODES, legendre_coefficients
from baiterek.history import Steering, SteeringPhase
from baiterek.physics.aerodynamics import Body
from baiterek.physics.earth import Environment, fixed_from_geodetic, rotate_z
from baiterek.physics.table import Table, constant_table


class Plan(NamedTuple):
    """A flight to be flown. NaN in a mass: see the field."""

    environment: Environment
    body: Body
    area_m2: Any
    """Reference area of each phase; 0 where an upper stage flies, whose air is left out."""
    start: Any
    """Position and velocity at lift-off, inertial axes, shape (6,)."""
    mode: Any
    """Of each phase (`flight.steering`)."""
    start_s: Any
    duration_s: Any
    propulsion: Any
    """Shape (phases, 6), in the order of `Propulsion`."""
    mass_start_kg: Any
    """NaN: what the phase before left."""
    first_leg: Any
    """Index of each phase's first leg, and the number of legs at the end: shape (phases + 1,)."""
    leg_start_s: Any
    leg_duration_s: Any
    commands: Any
    """Legendre coefficients, shape (legs, k, 4)."""
    drop_phase: Any
    """Phase at whose end each body goes."""
    drop_mass_kg: Any
    """Of all its pieces; NaN: mass before, less the mass with which the next phase starts."""
    drop_falls: Any
    """1 where the body is followed to the ground."""
    drop_pieces: Any
    drop_piece_kg: Any
    """NaN: its share of the mass."""
    drop_area_m2: Any
    drag_knots: Any
    """Shape (drops, m); short tables repeat their last knot."""
    drag_coefficients: Any
    drag_base: Any


def write_plan(mission: Mission, phases: tuple[Phase, ...], steering: Steering) -> Plan:
    """The `Plan` of `mission` (payload included) whose `phases` fly `steering`, phase by phase."""
    if len(phases) != len(steering.phases):
        raise ValueError(f"the mission has {len(phases)} phases, the steering {len(steering.phases)}")
    drops = [(i, drop) for i, phase in enumerate(phases) for drop in phase.drops]
    legs = _legs(phases, steering)
    return Plan(
        plain_environment(mission.environment),
        plain_body(mission.vehicle.aerodynamics),
        np.array([0.0 if phase.vacuum else float(mission.vehicle.aerodynamics.reference_area_m2) for phase in phases]),
        lift_off_state(mission),
        np.array([MODES[flown.mode] for flown in steering.phases]),
        _starts(steering),
        np.array([float(flown.duration_s) for flown in steering.phases]),
        np.array([[float(value) for value in phase.propulsion] for phase in phases]),
        np.array([np.nan if phase.mass_start_kg is None else float(phase.mass_start_kg) for phase in phases]),
        *legs,
        *_bodies(drops),
    )


def lift_off_state(mission: Mission) -> Any:
    """Position and velocity of the pad at t = 0 in the inertial axes of launch: at rest on the turning Earth."""
    environment, site = mission.environment, mission.site
    x, y, z = fixed_from_geodetic(site.latitude_rad, site.longitude_rad, site.altitude_m, environment)
    x, y = rotate_z(x, y, -mission.sidereal_angle_rad)
    turn = environment.rotation_rad_s
    return np.array([x, y, z, -turn * y, turn * x, 0.0], dtype=float)


def plain_table(table: Table) -> Table:
    """`table` with plain arrays of its own."""
    return Table(np.array(table.knots, dtype=float), np.array(table.coefficients, dtype=float).reshape(-1), float(table.base))


def plain_body(body: Body) -> Body:
    """`body` with plain tables."""
    return Body(float(body.reference_area_m2), plain_table(body.axial), plain_table(body.normal_slope))


def plain_environment(environment: Environment) -> Environment:
    """`environment` with plain integers, numbers and arrays, whatever it was read from."""
    switches: list[Any] = [int(value) for value in environment[:3]]
    values: list[Any] = [plain_table(value) if isinstance(value, Table) else float(value) for value in environment[3:]]
    return Environment(*switches, *values)


def _starts(steering: Steering) -> Any:
    durations = [phase.duration_s for phase in steering.phases]
    return float(steering.phases[0].start_s) + np.concatenate(([0.0], np.cumsum(durations)[:-1]))


def _legs(phases: tuple[Phase, ...], steering: Steering) -> tuple[Any, Any, Any, Any]:
    """First leg of each phase, starts, durations and command coefficients of all legs."""
    first, starts, durations, blocks = [0], [], [], []
    for phase, flown, start in zip(phases, steering.phases, _starts(steering), strict=True):
        breaks = np.asarray(flown.breaks, dtype=float)
        starts.append(start + flown.duration_s * breaks[:-1])
        durations.append(flown.duration_s * np.diff(breaks))
        blocks.append(_commands(phase, flown, breaks))
        first.append(first[-1] + len(breaks) - 1)
    width = max(block.shape[1] for block in blocks)
    padded = [np.pad(block, ((0, 0), (0, width - block.shape[1]), (0, 0))) for block in blocks]
    return np.array(first), np.concatenate(starts), np.concatenate(durations), np.concatenate(padded).copy()


def _commands(phase: Phase, flown: SteeringPhase, breaks: Any) -> Any:
    """Legendre coefficients of one phase, shape (intervals, k, 4), a ramp or a fixed throttle written into them."""
    coefficients = legendre_coefficients(flown.nodes, flown.values)
    if coefficients.shape[1] < 2:
        coefficients = np.pad(coefficients, ((0, 0), (0, 1), (0, 0)))
    low, peak = float(phase.throttle[0]), float(phase.throttle[1])
    if phase.ramp:
        sign, at_start = (1.0, 0.0) if phase.ramp == "rise" else (-1.0, 1.0)
        coefficients[:, :, 3] = 0.0
        coefficients[:, 0, 3] = peak * (at_start + sign * 0.5 * (breaks[1:] + breaks[:-1]))
        coefficients[:, 1, 3] = peak * sign * 0.5 * np.diff(breaks)
    elif low == peak:
        coefficients[:, :, 3] = 0.0
        coefficients[:, 0, 3] = peak
    return coefficients


def _bodies(drops: list[tuple[int, Drop]]) -> tuple[Any, ...]:
    """What `Plan` says of the bodies that are dropped."""
    bodies = [drop.body for _, drop in drops]
    tables = [plain_table(body.drag if body is not None else constant_table(0.0)) for body in bodies]
    width = max((len(table.knots) for table in tables), default=1)
    knots = np.zeros((len(drops), width))
    coefficients = np.zeros((len(drops), width))
    for row, table in enumerate(tables):
        knots[row] = np.pad(table.knots, (0, width - len(table.knots)), mode="edge")
        coefficients[row, : len(table.knots)] = table.coefficients

    def mass(value: Any) -> float:
        return np.nan if value is None else float(value)

    return (
        np.array([phase for phase, _ in drops], dtype=np.int64),
        np.array([mass(drop.mass_kg) for _, drop in drops]),
        np.array([body is not None for body in bodies], dtype=np.int64),
        np.array([body.pieces if body is not None else 1 for body in bodies], dtype=np.int64),
        np.array([mass(body.mass_kg if body is not None else None) for body in bodies]),
        np.array([float(body.area_m2) if body is not None else 0.0 for body in bodies]),
        knots,
        coefficients,
        np.array([table.base for table in tables], dtype=float),
    )
