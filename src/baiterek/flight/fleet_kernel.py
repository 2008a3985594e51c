"""The compiled flight of one row of a fleet: to its last phase, its dropped bodies to the ground, events only."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.flight.fleet import Fleet
from baiterek.flight.integrator import STATES, error_ratio, go_on, shorten_factor, step_factor, stepper
from baiterek.flight.kernel import ALOFT, FIRST_STEP_S, LANDED, LEAST_STEP_S, IMPACT_HEIGHT_m
from baiterek.flight.sampled import Medium, cell_of, hermite, sampled_column
from baiterek.flight.steering import FALL, command
from baiterek.physics.aerodynamics import dynamic_pressure, q_alpha_squared
from baiterek.physics.ascent import AirColumn, State, ascent_rate, fall_rate_of, flow_past, forces_of
from baiterek.physics.debris import terminal_speed
from baiterek.physics.earth import geodetic
from baiterek.physics.gravity import gravity
from baiterek.physics.gust import gust_wind
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import Table, table_value

GOING, STUCK, DEPLETED, SETTLED, BELOW, FAILED = 0, 1, 4, 5, 6, 7
WATCH_STEP_S = 2.0
"""Longest step while the first stage flies, so that peak loads are seen."""
DEPLETION_kg = 1e-6
"""The instant of depletion is found to this mass."""
NO_TANK_kg = -1e30
THICK_AIR_m = 40e3
"""Above it no body is asked whether it has settled."""
GUST_SPEED, GUST_ALTITUDE, GUST_THICKNESS, GUST_AZIMUTH = range(4)
REACHED_m, CLIMBS_m_s = 1.0, 1.0
"""So near a height it is reached; a vehicle that climbs slower is taken to climb so fast."""
SETTLED_WITHIN, ASIDE_WITHIN = 0.02, 0.05
"""Of the terminal speed: what a settled body may still sink faster or slower, and move sideways through the air."""

DENSITY, AIRSPEED, Q_ALPHA_2, AXIAL, FORCE_X, FORCE_Y, FORCE_Z = range(7)
PEAK_Q, PEAK_Q_TIME, PEAK_Q_ALPHA, PEAK_Q_ALPHA_TIME, PEAK_AXIAL, PEAK_AXIAL_TIME = range(6)
PEAKS = 6
EVENT = STATES + 1
"""An event is a state and its time."""


class Stretch(NamedTuple):
    """A stretch of flight over which the command is smooth in time (`steering.command` reads it)."""

    mode: int
    start_s: float
    duration_s: float
    commands: Any
    propulsion: Propulsion
    area_m2: float
    column: int
    """Of the coefficients of a body that falls."""
    drag: float
    """Factor of that coefficient."""


class Felt(NamedTuple):
    """The row of the fleet that flies: its factors, its gusts and where its loads are written."""

    area_m2: float
    axial: float
    normal: float
    density: float
    wind_east: float
    wind_north: float
    gust_knots_m: Any
    gust: Any
    """Base and coefficients east and north, shape (2, 1 + knots)."""
    single: Any
    """The discrete gust."""
    loads: Any


class Tank(NamedTuple):
    """Mass of the vehicle at which the burning stage runs dry: falls as companions burn."""

    floor_kg: float
    companions_kg_s: float
    since_s: float


class Work(NamedTuple):
    """Room of one thread: allocated once, used by one flight after the other."""

    y: Any
    y_end: Any
    k: Any
    loads: Any
    stuck: Any
    """Throttle at which an engine hangs; NaN: it does not."""
    commands: Any
    """Of such an engine."""
    before: Any
    """State and time at the start of a stretch that may end on the ground."""


def room(rows: int = 1) -> Work:
    """A `Work` for commands of so many rows."""
    return Work(np.zeros(STATES), np.zeros(STATES), np.zeros((7, STATES)), np.zeros(7), np.zeros(1), np.zeros((rows, 4)),
                np.zeros(EVENT))  # fmt: skip


@inner
def felt_by(i: int, fleet: Fleet, work: Work) -> Felt:
    """What row `i` feels."""
    return Felt(
        fleet.reference_area_m2[i],
        fleet.axial[i],
        fleet.normal[i],
        fleet.density[i],
        fleet.wind[i, 0],
        fleet.wind[i, 1],
        fleet.gust_knots_m,
        fleet.gust[i],
        fleet.single[i],
        work.loads,
    )


@part
def without_air(felt: Felt) -> Felt:
    """What a row feels so high that the air is left out."""
    return Felt(0.0, felt.axial, felt.normal, felt.density, felt.wind_east, felt.wind_north, felt.gust_knots_m, felt.gust,
                felt.single, felt.loads)  # fmt: skip


@part
def felt_air(altitude_m: float, felt: Felt, medium: Medium) -> AirColumn:
    """The air of this flight: density and pressure times a factor, the mean wind times factors, deviations on top."""
    mean = sampled_column(altitude_m, medium)
    east, north, thicker = felt.gust[0, 0], felt.gust[1, 0], felt.gust[2, 0]
    if felt.gust_knots_m.shape[0] > 0:
        east = table_value(altitude_m, Table(felt.gust_knots_m, felt.gust[0, 1:], east))
        north = table_value(altitude_m, Table(felt.gust_knots_m, felt.gust[1, 1:], north))
        thicker = table_value(altitude_m, Table(felt.gust_knots_m, felt.gust[2, 1:], thicker))
    density = felt.density * (1.0 + thicker)
    return AirColumn(
        mean.density_kg_m3 * density,
        mean.pressure_Pa * density,
        mean.sound_speed_m_s,
        mean.wind_east_m_s * felt.wind_east + east,
        mean.wind_north_m_s * felt.wind_north + north,
    )


@part
def in_gust(altitude_m: float, air: AirColumn, felt: Felt) -> AirColumn:
    """The air with the flight's discrete gust."""
    gust = felt.single
    east, north = gust_wind(altitude_m, gust[GUST_ALTITUDE], gust[GUST_THICKNESS], gust[GUST_SPEED], gust[GUST_AZIMUTH])
    return AirColumn(
        air.density_kg_m3, air.pressure_Pa, air.sound_speed_m_s, air.wind_east_m_s + east, air.wind_north_m_s + north
    )


@part
def until_gust_s(y: Any, felt: Felt, medium: Medium) -> float:
    """Seconds to the next of the gust's lower end, middle and upper end, which a long step would leap over."""
    place = geodetic(y[0], y[1], y[2], medium.globe)
    out = (y[0] * y[3] + y[1] * y[4]) / place.axis_distance_m
    climbs = max(out * place.cos_latitude + y[5] * place.sin_latitude, CLIMBS_m_s)
    for halves in range(3):
        ahead = felt.single[GUST_ALTITUDE] + 0.5 * halves * felt.single[GUST_THICKNESS] - place.altitude_m
        if ahead > REACHED_m:
            return ahead / climbs
    return np.inf


@part
def felt_rate(t_s: float, y: Any, leg: Stretch, felt: Felt, medium: Medium, out: Any) -> None:
    """Time derivative of the 7 numbers of the state into `out`; loads and specific force into `felt.loads`."""
    globe = medium.globe
    state = State(y[0], y[1], y[2], y[3], y[4], y[5], y[6])
    place = geodetic(y[0], y[1], y[2], globe)
    air = felt_air(place.altitude_m, felt, medium)
    if leg.mode != FALL and felt.single[GUST_SPEED] != 0.0:
        air = in_gust(place.altitude_m, air, felt)
    flow = flow_past(state, place, air, globe)
    cell, s = cell_of(flow.mach, medium.coefficients)
    if leg.mode == FALL:
        drag = leg.drag * hermite(medium.coefficients, cell, s, leg.column)
        d = fall_rate_of(state, flow, leg.area_m2, drag, globe)
        for i in range(6):
            out[i] = d[i]
        out[6] = 0.0
    else:
        order = command(t_s, y, flow, leg)
        axial = felt.axial * hermite(medium.coefficients, cell, s, 0)
        normal = felt.normal * hermite(medium.coefficients, cell, s, 1)
        force = forces_of(flow, order, leg.propulsion, felt.area_m2, axial, normal)
        change = ascent_rate(state, force, globe)
        for i in range(STATES):
            out[i] = change[i]
        loads = felt.loads
        loads[DENSITY], loads[AIRSPEED] = flow.density_kg_m3, flow.airspeed_m_s
        loads[Q_ALPHA_2] = q_alpha_squared(
            flow.vx_air_m_s, flow.vy_air_m_s, flow.vz_air_m_s, order.ux_eci, order.uy_eci, order.uz_eci, flow.density_kg_m3
        )
        loads[AXIAL] = force.axial_N / state.mass_kg
        loads[FORCE_X] = force.x_eci_N / state.mass_kg
        loads[FORCE_Y] = force.y_eci_N / state.mass_kg
        loads[FORCE_Z] = force.z_eci_N / state.mass_kg


try_felt_step = stepper(felt_rate)


@inner
def watch(t_s: float, loads: Any, peaks: Any) -> None:
    """Keeps the greatest loads, each with its time."""
    pressure = dynamic_pressure(loads[DENSITY], loads[AIRSPEED])
    if pressure > peaks[PEAK_Q]:
        peaks[PEAK_Q], peaks[PEAK_Q_TIME] = pressure, t_s
    q_alpha = np.sqrt(max(loads[Q_ALPHA_2], 0.0))
    if q_alpha > peaks[PEAK_Q_ALPHA]:
        peaks[PEAK_Q_ALPHA], peaks[PEAK_Q_ALPHA_TIME] = q_alpha, t_s
    if loads[AXIAL] > peaks[PEAK_AXIAL]:
        peaks[PEAK_AXIAL], peaks[PEAK_AXIAL_TIME] = loads[AXIAL], t_s


@inner
def advance(
    t: float,
    t_end: float,
    h: float,
    longest: float,
    leg: Stretch,
    tank: Tank,
    felt: Felt,
    medium: Medium,
    work: Work,
    peaks: Any,
    rtol: float,
) -> Any:
    """Flies a stretch from `t` to `t_end`, or until the tank is dry. Returns time, step, why."""  # fmt: skip
    y, y_end, k = work.y, work.y_end, work.k
    first, error_before, rejected = 0, 1e-4, False
    while t < t_end:
        rest = t_end - t
        wish = min(h, longest)
        if felt.single[GUST_SPEED] != 0.0:
            wish = min(wish, until_gust_s(y, felt, medium))
        step = rest if wish >= rest else (0.5 * rest if 2.0 * wish > rest else wish)
        try_felt_step(t, step, y, k, y_end, first, leg, felt, medium)
        first = 1
        error = error_ratio(step, y, k, y_end, rtol)
        if not error <= 1.0:
            h = step * shorten_factor(error)
            rejected = True
            if h < LEAST_STEP_S:
                return t, h, STUCK
            continue
        t_next = t_end if step == rest else t + step
        code = GOING
        if y_end[6] < tank.floor_kg - tank.companions_kg_s * (t_next - tank.since_s):
            t_next = t + step_to_depletion(t, step, tank, leg, felt, medium, work)
            code = DEPLETED
        watch(t_next, felt.loads, peaks)
        factor = step_factor(error, error_before)
        if rejected:
            factor = min(factor, 1.0)
        if step >= h or factor < 1.0:
            h = step * factor
        error_before, rejected = max(error, 1e-4), False
        t = t_next
        go_on(y, k, y_end)
        if code == DEPLETED:
            return t, h, code
    return t, h, GOING


@inner
def step_to_depletion(t: float, h: float, tank: Tank, leg: Stretch, felt: Felt, medium: Medium, work: Work) -> float:
    """The step, not longer than `h`, at whose end the tank is dry: false position (Illinois) on whole steps."""
    low, high = 0.0, h
    f_low = work.y[6] - tank.floor_kg + tank.companions_kg_s * (t - tank.since_s)
    f_high = work.y_end[6] - tank.floor_kg + tank.companions_kg_s * (t + h - tank.since_s)
    if f_low <= 0.0:
        for i in range(STATES):
            work.y_end[i] = work.y[i]
            work.k[6, i] = work.k[0, i]
        return 0.0
    step, side = h, 0
    for _ in range(60):
        step = (low * f_high - high * f_low) / (f_high - f_low)
        try_felt_step(t, step, work.y, work.k, work.y_end, 1, leg, felt, medium)
        value = work.y_end[6] - tank.floor_kg + tank.companions_kg_s * (t + step - tank.since_s)
        if abs(value) < DEPLETION_kg:
            break
        if value > 0.0:
            low, f_low = step, value
            f_high *= 0.5 if side > 0 else 1.0
            side = 1
        else:
            high, f_high = step, value
            f_low *= 0.5 if side < 0 else 1.0
            side = -1
    return step


@inner
def fall_down(
    event: Any,
    leg: Stretch,
    felt: Felt,
    medium: Medium,
    work: Work,
    horizon_s: float,
    rtol: float,
    settled_m_s: float,
    floor_m: float,
    out: Any,
) -> int:
    """Lets a body fall from `event` (its mass among the state) to an altitude; its last state and time go to `out`.

    It stops where the body has `settled` (0: never). A body that never came from above a floor in the air is `BELOW` it when
    it reaches the ground.
    """  # fmt: skip
    y, y_end, k = work.y, work.y_end, work.k
    for i in range(STATES):
        y[i] = event[i]
    t, h = event[STATES], FIRST_STEP_S
    t_end = t + horizon_s
    altitude = geodetic(y[0], y[1], y[2], medium.globe).altitude_m
    error_before, rejected, first, status = 1e-4, False, 0, ALOFT
    while t < t_end and status == ALOFT:
        h = min(h, t_end - t)
        try_felt_step(t, h, y, k, y_end, first, leg, felt, medium)
        first = 1
        error = error_ratio(h, y, k, y_end, rtol)
        if not error <= 1.0:
            h *= shorten_factor(error)
            rejected = True
            if h < LEAST_STEP_S:
                status = STUCK
            continue
        below = geodetic(y_end[0], y_end[1], y_end[2], medium.globe).altitude_m
        if below < altitude and below <= floor_m and (altitude > floor_m or floor_m == 0.0):
            status = LANDED
            h = step_to_floor(t, h, altitude, below, floor_m, leg, felt, medium, work)
        elif below < altitude and below <= 0.0:
            status = BELOW
        t += h
        go_on(y, k, y_end)
        altitude = below
        if status == ALOFT and settled_m_s > 0.0 and below < THICK_AIR_m and settled(y, leg, felt, medium, settled_m_s):
            status = SETTLED
        factor = step_factor(error, error_before)
        h *= min(factor, 1.0) if rejected else factor
        error_before, rejected = max(error, 1e-4), False
    for i in range(STATES):
        out[i] = y[i]
    out[STATES] = t
    return status


@inner
def settled(y: Any, leg: Stretch, felt: Felt, medium: Medium, limit_m_s: float) -> bool:
    """Whether a body falls straight through the air, at its terminal speed, and slower than the limit."""
    globe = medium.globe
    place = geodetic(y[0], y[1], y[2], globe)
    flow = flow_past(State(y[0], y[1], y[2], y[3], y[4], y[5], y[6]), place, felt_air(place.altitude_m, felt, medium), globe)
    gx, gy, gz = gravity(y[0], y[1], y[2], globe)
    ballistic = y[6] / (leg.area_m2 * leg.drag * hermite(medium.coefficients, 0, 0.0, leg.column))
    still = terminal_speed(flow.density_kg_m3, ballistic, np.sqrt(gx * gx + gy * gy + gz * gz))
    outward = (y[0] * flow.vx_air_m_s + y[1] * flow.vy_air_m_s) / place.axis_distance_m
    sinks = -(outward * flow.cos_latitude + flow.vz_air_m_s * flow.sin_latitude)
    aside2 = flow.airspeed_m_s * flow.airspeed_m_s - sinks * sinks
    return still < limit_m_s and abs(sinks - still) < SETTLED_WITHIN * still and aside2 < (ASIDE_WITHIN * still) ** 2


@inner
def step_to_floor(
    t: float,
    h: float,
    above: float,
    below: float,
    floor_m: float,
    leg: Stretch,
    felt: Felt,
    medium: Medium,
    work: Work,
) -> float:
    """The step, not longer than `h`, that ends at the floor: false position (Illinois) on whole steps."""  # fmt: skip
    low, high, f_low, f_high = 0.0, h, above - floor_m, below - floor_m
    if f_low <= 0.0:
        for i in range(STATES):
            work.y_end[i] = work.y[i]
            work.k[6, i] = work.k[0, i]
        return 0.0
    step, side = h, 0
    for _ in range(60):
        step = (low * f_high - high * f_low) / (f_high - f_low)
        try_felt_step(t, step, work.y, work.k, work.y_end, 1, leg, felt, medium)
        value = geodetic(work.y_end[0], work.y_end[1], work.y_end[2], medium.globe).altitude_m - floor_m
        if abs(value) < IMPACT_HEIGHT_m:
            break
        if value > 0.0:
            low, f_low = step, value
            f_high *= 0.5 if side > 0 else 1.0
            side = 1
        else:
            high, f_high = step, value
            f_low *= 0.5 if side < 0 else 1.0
            side = -1
    return step
