"""The compiled flight of one row of a fleet: to its last phase, its dropped bodies to the ground, events only."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.flight.fleet import Fleet
from baiterek.flight.integrator import FIRST_STEP_S, GOING, STAGES, STATES, finder, mover
from baiterek.flight.kernel import ALOFT, LANDED, IMPACT_HEIGHT_m
from baiterek.flight.sampled import Medium, cell_of, hermite, sampled_column
from baiterek.flight.separation import EVENT
from baiterek.flight.steering import FALL, command
from baiterek.physics.aerodynamics import dynamic_pressure, q_alpha_squared
from baiterek.physics.ascent import AirColumn, State, ascent_rate, fall_rate_of, flow_past, forces_of
from baiterek.physics.debris import terminal_speed
from baiterek.physics.earth import geodetic
from baiterek.physics.gravity import gravity
from baiterek.physics.gust import gust_wind
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import cubic_between

DEPLETED, SETTLED, BELOW, FAILED = 4, 5, 6, 7
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
    """Values and slopes at these knots of what comes on top, as `Fleet` has them."""
    single: Any
    """The discrete gust."""
    loads: Any


class Tank(NamedTuple):
    """Mass of the vehicle at which the burning stage runs dry: falls as companions burn."""

    floor_kg: float
    companions_kg_s: float
    since_s: float


class Watched(NamedTuple):
    """What ends or shortens the steps of a stretch under power, and where its greatest loads are kept."""

    longest_s: float
    tank: Tank
    peaks: Any


class Floor(NamedTuple):
    """Where a fall ends."""

    altitude_m: float
    settled_m_s: float
    """Speed below which a body that falls at its terminal speed is left (0: never)."""


class Work(NamedTuple):
    """Room of one thread: allocated once, used by one flight after the other. The first three are `Steps`."""

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
    height_m: Any
    """Altitude at the start of a step of a fall."""


def room(rows: int = 1) -> Work:
    """A `Work` for commands of so many rows."""
    return Work(np.zeros(STATES), np.zeros(STATES), np.zeros((STAGES, STATES)), np.zeros(7), np.zeros(1), np.zeros((rows, 4)),
                np.zeros(EVENT), np.zeros(1))  # fmt: skip


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
def on_top(altitude_m: float, knots_m: Any, gust: Any) -> Any:
    """Deviations of the wind east and north, and of the density (relative), at an altitude: constant outside the knots."""
    low, high = 0, knots_m.shape[0] - 1
    if high == 0:
        return gust[0, 0], gust[0, 2], gust[0, 4]
    while high - low > 1:
        middle = (low + high) // 2
        if knots_m[middle] <= altitude_m:
            low = middle
        else:
            high = middle
    length = knots_m[high] - knots_m[low]
    s = min(max((altitude_m - knots_m[low]) / length, 0.0), 1.0)
    here, ahead = gust[low], gust[high]
    return (
        cubic_between(here[0], ahead[0], length * here[1], length * ahead[1], s),
        cubic_between(here[2], ahead[2], length * here[3], length * ahead[3], s),
        cubic_between(here[4], ahead[4], length * here[5], length * ahead[5], s),
    )


@part
def felt_air(altitude_m: float, felt: Felt, medium: Medium) -> AirColumn:
    """The air of this flight: density and pressure times a factor, the mean wind times factors, deviations on top."""
    mean = sampled_column(altitude_m, medium)
    east, north, thicker = on_top(altitude_m, felt.gust_knots_m, felt.gust)
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


@part
def powered_step(h: float, y: Any, leg: Stretch, felt: Felt, medium: Medium, watched: Watched) -> float:
    """No longer than loads are seen and the gust is met."""
    longest = min(h, watched.longest_s)
    if felt.single[GUST_SPEED] != 0.0:
        longest = min(longest, until_gust_s(y, felt, medium))
    return longest


@part
def falling_step(h: float, y: Any, leg: Stretch, felt: Felt, medium: Medium, floor: Floor) -> float:
    """As long as it may be."""
    return h


@part
def above_empty(t_s: float, y: Any, medium: Medium, tank: Tank) -> float:
    """Mass above that of the dry stage."""
    return y[6] - tank.floor_kg + tank.companions_kg_s * (t_s - tank.since_s)


@part
def above_floor(t_s: float, y: Any, medium: Medium, floor_m: float) -> float:
    """Altitude above that of the floor."""
    return geodetic(y[0], y[1], y[2], medium.globe).altitude_m - floor_m


step_to_depletion = finder(felt_rate, above_empty)
step_to_floor = finder(felt_rate, above_floor)


@part
def burn_on(
    t: float, t_next: float, step: float, leg: Stretch, felt: Felt, medium: Medium, work: Work, watched: Watched
) -> Any:
    """Ends the step in which the tank runs dry; looks at the loads."""
    tank, code = watched.tank, GOING
    after = above_empty(t_next, work.y_end, medium, tank)
    if after < 0.0:
        before = above_empty(t, work.y, medium, tank)
        t_next = t + step_to_depletion(t, step, before, after, DEPLETION_kg, leg, felt, medium, work, tank)
        code = DEPLETED
    watch(t_next, felt.loads, watched.peaks)
    return t_next, code


@part
def sink_on(t: float, t_next: float, step: float, leg: Stretch, felt: Felt, medium: Medium, work: Work, floor: Floor) -> Any:
    """Ends the step that would end under the floor. A body that never came from above a floor in the air is `BELOW` it when
    it reaches the ground."""
    above, below = work.height_m[0], above_floor(t_next, work.y_end, medium, 0.0)
    work.height_m[0] = below
    if below < above and below <= floor.altitude_m and (above > floor.altitude_m or floor.altitude_m == 0.0):
        before, after = above - floor.altitude_m, below - floor.altitude_m
        step = step_to_floor(t, step, before, after, IMPACT_HEIGHT_m, leg, felt, medium, work, floor.altitude_m)
        return t + step, LANDED
    if below < above and below <= 0.0:
        return t_next, BELOW
    if floor.settled_m_s > 0.0 and below < THICK_AIR_m and settled(work.y_end, leg, felt, medium, floor.settled_m_s):
        return t_next, SETTLED
    return t_next, GOING


advance = mover(felt_rate, powered_step, burn_on)
fall_on = mover(felt_rate, falling_step, sink_on)


@inner
def fall_down(
    event: Any, leg: Stretch, felt: Felt, medium: Medium, work: Work, horizon_s: float, rtol: float, floor: Floor, out: Any
) -> int:
    """Lets a body fall from `event` (its mass among the state) to a floor; its last state and time go to `out`."""
    for i in range(STATES):
        work.y[i] = event[i]
    t = event[STATES]
    work.height_m[0] = above_floor(t, work.y, medium, 0.0)
    t, _, status = fall_on(t, t + horizon_s, FIRST_STEP_S, leg, felt, medium, work, floor, rtol)
    for i in range(STATES):
        out[i] = work.y[i]
    out[STATES] = t
    return ALOFT if status == GOING else status


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
