"""Pieces of wreckage to the ground, by the million: each from a state of its own, with a ballistic coefficient.

A piece is flown by the equation of motion until its drag carries its weight and it is slower than `SETTLED_m_s`; from
there it sinks through the wind along a quadrature over the height, since a light piece would need thousands of steps
where nothing happens. `benchmarks/debris.py` prints the error of both together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.errors import BadValue
from baiterek.flight.compile import compiled, inner
from baiterek.flight.fleet_kernel import SETTLED, Felt, Floor, Stretch, Work, fall_down, felt_air, room
from baiterek.flight.integrator import STATES
from baiterek.flight.kernel import LANDED
from baiterek.flight.sampled import Medium, hermite, sample_medium
from baiterek.flight.simulate import FALL_HORIZON_S
from baiterek.flight.steering import FALL
from baiterek.history import Array
from baiterek.physics.debris import sinking, weight_per_mass
from baiterek.physics.earth import fixed_from_geodetic, geodetic
from baiterek.physics.gravity import gravity
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import Table, constant_table

DEBRIS_RTOL = 1e-6
"""Relative tolerance of a step of a piece."""
SETTLED_m_s = 40.0
"""Below this terminal speed a piece that falls at it is taken to sink."""
SINK_STEP_m = 250.0
"""Longest step of the quadrature over the height; the knots of winds lie a kilometre and more apart."""
PIECES_A_TASK = 256


class Impacts(NamedTuple):
    """Where pieces come down, one row a piece; NaN where one stays up."""

    latitude_rad: Array
    """Geodetic."""
    longitude_rad: Array
    t_s: Array
    speed_m_s: Array
    """Over the ground."""
    descent_rad: Array
    """Angle of its path below the horizontal."""


class Pieces(NamedTuple):
    """What falls, as plain arrays of one row a piece."""

    events: Any
    """Position, velocity, ballistic coefficient and time, shape (pieces, 8)."""
    floor_m: Any
    """Altitude at which it is done."""
    shape: Any
    """Index of the curve of drag over the Mach number."""
    density: Any
    """Factor of the air's density."""
    no_knots: Any
    no_gust: Any
    wind: Any
    """What blows on top of the mean wind at all heights, as `Felt` has it: shape (pieces, 1, 6)."""
    no_commands: Any


class Falling(NamedTuple):
    """Pieces at the instant at which each begins to fall."""

    states: Any
    """Position and velocity in the inertial axes of launch, m and m/s, shape (pieces, 6)."""
    t_s: Any
    """After lift-off; like all that follow one number for all, or one for each."""
    ballistic_kg_m2: Any
    """m / (CD A) where the curve of drag is 1."""
    density_factor: Any = 1.0
    """Of the air that a piece falls through."""
    wind_m_s: Any = (0.0, 0.0)
    """East and north, on top of the mean wind at all heights; or shape (pieces, 2)."""
    shapes: Sequence[Table] = ()
    """Curves of drag over the Mach number; without any it does not vary."""
    shape: Any = 0
    """Which of them."""


def fall_pieces(
    mission: Mission,
    falling: Falling,
    *,
    rtol: float = DEBRIS_RTOL,
    settled_m_s: float = SETTLED_m_s,
    horizon_s: float = FALL_HORIZON_S,
    threads: int | None = None,
) -> Impacts:
    """Where pieces come down in the air and the wind of `mission`.

    With `settled_m_s` 0 every piece is integrated to the ground. A row depends on itself only.
    """
    return _impacts(mission, *_fallen(mission, falling, 0.0, (settled_m_s, horizon_s, rtol), threads))


def fall_to(
    mission: Mission,
    falling: Falling,
    altitude_m: Any,
    *,
    rtol: float = DEBRIS_RTOL,
    horizon_s: float = FALL_HORIZON_S,
    threads: int | None = None,
) -> tuple[Array, Array]:
    """States (pieces, 6) and times at which pieces come down through an altitude (one, or each its own); NaN where one
    does not.

    A piece that is under it from the first must rise above it before.
    """
    ends, status = _fallen(mission, falling, altitude_m, (0.0, horizon_s, rtol), threads)
    ends[status != LANDED] = np.nan
    return ends[:, :6], ends[:, 7]


def _fallen(
    mission: Mission, falling: Falling, floor_m: Any, limits: tuple[float, ...], threads: int | None
) -> tuple[Array, Any]:
    """Last states with times, and why each stopped. `limits`: settled speed, horizon, tolerance."""
    count = len(np.atleast_2d(falling.states))
    events = np.empty((count, STATES + 1))
    events[:, :6] = falling.states
    events[:, 6] = falling.ballistic_kg_m2
    events[:, 7] = falling.t_s
    density = np.ascontiguousarray(np.broadcast_to(np.asarray(falling.density_factor, dtype=float), (count,)))
    _refuse(mission, events, density)
    gust = np.zeros((count, 1, 6))
    gust[:, 0, 0:4:2] = falling.wind_m_s
    shape = np.ascontiguousarray(np.broadcast_to(np.asarray(falling.shape, dtype=np.int64), (count,)))
    floor = np.ascontiguousarray(np.broadcast_to(np.asarray(floor_m, dtype=float), (count,)))
    pieces = Pieces(events, floor, shape, density, np.zeros(1), np.zeros(4), gust, np.zeros((1, 4)))
    drags = falling.shapes or (constant_table(1.0),)
    medium = sample_medium(mission.environment, (constant_table(0.0), constant_table(0.0), *drags))
    ends, status = np.full((count, STATES + 1), np.nan), np.zeros(count, np.int64)
    how = tuple(float(limit) for limit in limits)

    def task(first: int) -> None:
        fall_rows(pieces, medium, first, min(first + PIECES_A_TASK, count), room(), ends, status, *how)

    _in_threads(task, range(0, count, PIECES_A_TASK), threads or os.cpu_count() or 1)
    return ends, status


def _in_threads(task: Callable[[int], None], starts: range, threads: int) -> None:
    if threads == 1 or len(starts) == 1:
        for first in starts:
            task(first)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(task, starts):
            pass


def _refuse(mission: Mission, events: Array, density: Array) -> None:
    """A row of numbers that are none, and masses, areas or air that are not positive, are told by row."""
    bad = ~np.all(np.isfinite(events), axis=1) | ~(events[:, 6] > 0.0)
    if np.any(bad):
        row = int(np.argmax(bad))
        found = f"state {events[row].tolist()}"
        raise BadValue(mission.file or mission.name, f"piece {row}", found, "finite numbers, a positive ballistic coefficient")
    if not np.all(density > 0.0):
        raise BadValue(mission.file or mission.name, "density_factor", f"{np.min(density):g}", "positive factors")


def _impacts(mission: Mission, ends: Array, status: Any) -> Impacts:
    """Place and motion over the ground of the last states."""
    ends = np.where((status == LANDED)[:, None], ends, np.nan)
    return over_ground(mission, ends[:, :6], ends[:, 7])


def over_ground(mission: Mission, states: Array, t_s: Array) -> Impacts:
    """Place under inertial states, rows, and motion over the ground."""
    x, y, z, vx, vy, vz = states.T
    environment = mission.environment
    place = geodetic(x, y, z, environment)
    turn = environment.rotation_rad_s
    wx, wy = vx + turn * y, vy - turn * x
    up = (x * wx + y * wy) / place.axis_distance_m * place.cos_latitude + vz * place.sin_latitude
    speed = np.sqrt(wx * wx + wy * wy + vz * vz)
    east = np.arctan2(y, x) - mission.sidereal_angle_rad - turn * t_s
    longitude = np.remainder(east + np.pi, 2.0 * np.pi) - np.pi
    return Impacts(np.arctan2(place.sin_latitude, place.cos_latitude), longitude, t_s, speed, np.arcsin(-up / speed))


@compiled
def fall_rows(
    pieces: Pieces,
    medium: Medium,
    first: int,
    last: int,
    work: Work,
    ends: Any,
    status: Any,
    settled_m_s: float,
    horizon_s: float,
    rtol: float,
) -> None:
    """Lets the rows from `first` to before `last` fall. Holds no lock of Python."""  # fmt: skip
    for i in range(first, last):
        fall_row(i, pieces, medium, work, ends, status, settled_m_s, horizon_s, rtol)


@inner
def fall_row(
    i: int,
    pieces: Pieces,
    medium: Medium,
    work: Work,
    ends: Any,
    status: Any,
    settled_m_s: float,
    horizon_s: float,
    rtol: float,
) -> None:
    """One piece: a body of one square metre with a drag coefficient of 1, as heavy as its ballistic coefficient."""
    felt = Felt(0.0, 0.0, 0.0, pieces.density[i], 1.0, 1.0, pieces.no_knots, pieces.wind[i], pieces.no_gust, work.loads)
    no_engine = Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    leg = Stretch(FALL, pieces.events[i, STATES], 1.0, pieces.no_commands, no_engine, 1.0, 2 + pieces.shape[i], 1.0)
    floor = Floor(pieces.floor_m[i], settled_m_s)
    code = fall_down(pieces.events[i], leg, felt, medium, work, horizon_s, rtol, floor, ends[i])
    if code == SETTLED:
        sink_down(leg, felt, medium, ends[i])
        code = LANDED
    status[i] = code


@inner
def sink_down(leg: Stretch, felt: Felt, medium: Medium, event: Any) -> None:
    """Takes `event` to the ellipsoid: place and time by Simpson's rule over the height, the wind's lag by parts."""
    globe, turn = medium.globe, medium.globe.rotation_rad_s
    place = geodetic(event[0], event[1], event[2], globe)
    latitude = np.arctan2(place.sin_latitude, place.cos_latitude)
    longitude, altitude, since = np.arctan2(event[1], event[0]), place.altitude_m, event[STATES]
    ballistic = event[6] / hermite(medium.coefficients, 0, 0.0, leg.column)
    e2 = globe.flattening * (2.0 - globe.flattening)
    steps = int(altitude / SINK_STEP_m) + 1
    step = altitude / steps
    high = felt_air(altitude, felt, medium)
    east, north, down = 0.0, 0.0, 1.0
    for n in range(steps):
        top = altitude - n * step
        middle, low = felt_air(top - 0.5 * step, felt, medium), felt_air(top - step, felt, medium)
        thinning = np.log(low.density_kg_m3 / high.density_kg_m3) / step
        s, c = np.sin(latitude), np.cos(latitude)
        curve = 1.0 - e2 * s * s
        prime = globe.radius_m / np.sqrt(curve)
        x, y, z = fixed_from_geodetic(latitude, longitude, top - 0.5 * step, globe)
        gx, gy, gz = gravity(x, y, z, globe)
        weight = weight_per_mass(np.sqrt(gx * gx + gy * gy + gz * gz), prime * c, c, turn)
        a = sinking(high, thinning, ballistic, weight, s, c, turn)
        m = sinking(middle, thinning, ballistic, weight, s, c, turn)
        b = sinking(low, thinning, ballistic, weight, s, c, turn)
        seconds = step / 6.0 * (1.0 / a.down_m_s + 4.0 / m.down_m_s + 1.0 / b.down_m_s)
        along = a.east_m_s / a.down_m_s + 4.0 * m.east_m_s / m.down_m_s + b.east_m_s / b.down_m_s
        up = a.north_m_s / a.down_m_s + 4.0 * m.north_m_s / m.down_m_s + b.north_m_s / b.down_m_s
        to_east = step / 6.0 * along - m.lag_s * (low.wind_east_m_s - high.wind_east_m_s)
        to_north = step / 6.0 * up - m.lag_s * (low.wind_north_m_s - high.wind_north_m_s)
        longitude += to_east / ((prime + top) * c) + turn * seconds
        latitude += to_north / (prime * (1.0 - e2) / curve + top)
        since += seconds
        east, north, down, high = b.east_m_s, b.north_m_s, b.down_m_s, low
    write_event(latitude, longitude, since, east, north, down, globe, event)


@inner
def write_event(
    latitude: float, longitude: float, t_s: float, east: float, north: float, down: float, globe: Any, event: Any
) -> None:
    """Position and inertial velocity on the ellipsoid of a piece that moves so over the ground."""
    x, y, z = fixed_from_geodetic(latitude, longitude, 0.0, globe)
    s, c = np.sin(latitude), np.cos(latitude)
    outward = -north * s - down * c
    event[0], event[1], event[2] = x, y, z
    event[3] = outward * np.cos(longitude) - east * np.sin(longitude) - globe.rotation_rad_s * y
    event[4] = outward * np.sin(longitude) + east * np.cos(longitude) + globe.rotation_rad_s * x
    event[5] = north * c - down * s
    event[STATES] = t_s
