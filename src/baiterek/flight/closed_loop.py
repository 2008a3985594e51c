"""A row of a fleet flown in closed loop: programme by speed, explicit guidance, cut-off on the navigated state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import compiled, inner
from baiterek.flight.fleet import Course, Fleet
from baiterek.flight.fleet_flight import Log, drop_row, separate
from baiterek.flight.fleet_kernel import (
    DEPLETED,
    FORCE_X,
    GOING,
    STUCK,
    WATCH_STEP_S,
    Felt,
    NO_TANK_kg,
    Stretch,
    Tank,
    Work,
    advance,
    felt_by,
)
from baiterek.flight.guidance import MEMORY, Burn, Navigated, guide
from baiterek.flight.integrator import STATES
from baiterek.flight.kernel import FIRST_STEP_S
from baiterek.flight.navigation import carry, navigated
from baiterek.flight.onboard import (
    GUIDANCE_CYCLE_S,
    GUIDED,
    HELD,
    PROGRAMME,
    PROGRAMME_CYCLE_S,
    Onboard,
)
from baiterek.flight.sampled import Medium, sampled_column
from baiterek.flight.steering import FREE
from baiterek.flight.vectors import length, plus, store, times, triple, turned_towards, unit
from baiterek.physics.earth import geodetic
from baiterek.physics.heating import free_molecular_heat_flux
from baiterek.physics.propulsion import Propulsion

LAST_CYCLES = 1.5
"""A cut-off nearer than so many cycles ends the cycle that is about to start."""
LONGEST_CYCLES = 2000


class Computer(NamedTuple):
    """What the computer of one flight remembers; all of it is made from navigated states."""

    axis: Any
    """Where the body points, as commanded."""
    order: Any
    """Command over the coming cycle: Legendre coefficients, shape (2, 4)."""
    memory: Any
    """Of explicit guidance."""
    off: Any
    """Error of the navigated state, shape (6,): the world's, never read by guidance."""
    sensed: Any
    """Specific force at the end of the cycle before, shape (3,): the world's."""
    count: Any
    """Cycles so far."""


def computer() -> Computer:
    """A `Computer`, allocated once a thread."""
    return Computer(np.zeros(3), np.zeros((2, 4)), np.zeros(MEMORY), np.zeros(6), np.zeros(3), np.zeros(1, np.int64))


@compiled
def fly_rows_guided(
    course: Course,
    fleet: Fleet,
    onboard: Onboard,
    first: int,
    last: int,
    work: Work,
    brain: Computer,
    log: Log,
    navigated_end: Any,
    horizon_s: float,
    rtol: float,
) -> None:
    """As `fly_rows`, in closed loop; `navigated_end` gets what the vehicle believes at the end."""  # fmt: skip
    for i in range(first, last):
        guided_row(i, course, fleet, onboard, work, brain, log, navigated_end, horizon_s, rtol)


@inner
def guided_row(
    i: int,
    course: Course,
    fleet: Fleet,
    onboard: Onboard,
    work: Work,
    brain: Computer,
    log: Log,
    navigated_end: Any,
    horizon_s: float,
    rtol: float,
) -> None:
    """One row, from the pad to the ground."""  # fmt: skip
    felt = felt_by(i, fleet, work)
    log.status[i] = ascend_guided(i, course, fleet, onboard, felt, work, brain, log, rtol)
    for n in range(6):
        navigated_end[i, n] = log.end[i, n] + brain.off[n]
    if log.status[i] != GOING:
        return
    for d in range(course.drop_phase.shape[0]):
        if course.drop_falls[d] == 1:
            drop_row(i, d, course, fleet, felt, work, log, horizon_s, rtol)


@inner
def ascend_guided(
    i: int, course: Course, fleet: Fleet, onboard: Onboard, felt: Felt, work: Work, brain: Computer, log: Log, rtol: float
) -> int:
    """The ascent of a row: as `ascend_row`, but that phases of the programme and of guidance end by the computer's word."""
    y = work.y
    for n in range(6):
        y[n] = course.start[n]
        brain.off[n] = 0.0
    for n in range(MEMORY):
        brain.memory[n] = 0.0
    store(brain.sensed, 0, (0.0, 0.0, 0.0))
    store(brain.axis, 0, triple(onboard.programme[0], 2))
    brain.count[0] = 0
    t, h, stage, left, status = 0.0, FIRST_STEP_S, -1, 0.0, GOING
    for p in range(course.mode.shape[0]):
        if not np.isnan(fleet.mass_start_kg[i, p]):
            y[6] = fleet.mass_start_kg[i, p]
        b = course.budget[p]
        if b >= 0 and b != stage:
            stage, left = b, fleet.usable_kg[i, b]
        duration = fleet.duration_s[i, p]
        if duration > 0.0 and not (b >= 0 and log.depleted[i, b] == 1):
            w = fleet.propulsion[i, p]
            propulsion = Propulsion(w[0], w[1], w[2], w[3], w[4], w[5])
            mass, since = y[6], t
            tank = Tank(mass - left if b >= 0 else NO_TANK_kg, propulsion.fixed_mass_flow_kg_s, since)
            t, h, status = fly_cycles(i, p, t, h, duration, propulsion, tank, course, fleet, onboard, felt, work, brain, log,
                                      rtol)  # fmt: skip
            if status == STUCK:
                break
            if b >= 0:
                left -= mass - y[6] - propulsion.fixed_mass_flow_kg_s * (t - since)
                log.left_kg[i, b] = left
                if status == DEPLETED:
                    log.depleted[i, b] = 1
        separate(i, p, t, course, fleet, work, log)
    for n in range(STATES):
        log.end[i, n] = y[n]
    log.end[i, STATES] = t
    return STUCK if status == STUCK else GOING


@inner
def fly_cycles(
    i: int,
    p: int,
    t: float,
    h: float,
    duration: float,
    propulsion: Propulsion,
    tank: Tank,
    course: Course,
    fleet: Fleet,
    onboard: Onboard,
    felt: Felt,
    work: Work,
    brain: Computer,
    log: Log,
    rtol: float,
) -> Any:
    """A phase cycle by cycle: navigate, decide what to command and for how long, fly that, carry the errors on."""  # fmt: skip
    kind, since, leg_index, status = onboard.kind[p], t, course.first_leg[p], GOING
    stretch = duration / course.duration_s[p]
    longest = WATCH_STEP_S if course.dense[p] == 1 else 1e9
    errors = fleet.navigation[i]
    speed_before, cycle = -1.0, 0.0
    for _ in range(LONGEST_CYCLES):
        nav = navigated(work.y, brain.off, triple(brain.sensed, 0), t, errors)
        commands = brain.order
        if kind == PROGRAMME:
            speed = speed_over_earth(nav, course.medium)
            left_s = since + duration - t
            if not np.isnan(onboard.end_speed_m_s[p]):
                left_s = time_to_speed(speed, speed_before, cycle, onboard.end_speed_m_s[p])
            speed_before = speed
            cycle = left_s if left_s < LAST_CYCLES * PROGRAMME_CYCLE_S else PROGRAMME_CYCLE_S
            last = cycle == left_s
            if cycle > 1e-6:
                order_by_programme(speed, cycle, onboard, brain)
        elif kind == GUIDED:
            cycle, last = order_by_guidance(nav, p, t - since, cycle, course.medium, onboard, brain)
        else:
            cycle = course.leg_duration_s[leg_index] * stretch
            commands = course.commands[leg_index]
            leg_index += 1
            last = leg_index == course.first_leg[p + 1]
            if kind == HELD:
                order_by_hold(commands, brain)
                commands = brain.order
        if cycle > 1e-6:
            leg = Stretch(FREE, t, cycle, commands, propulsion, 0.0, 0, 0.0)
            began = t
            t, h, status = advance(t, t + cycle, h, longest, leg, tank, felt, course.medium, work, log.peaks[i], rtol)
            if status == STUCK:
                break
            carry_on(t, t - began, errors, course.medium, work, brain)
        if last or status == DEPLETED:
            break
    return t, h, status


@inner
def carry_on(t: float, dt: float, errors: Any, medium: Medium, work: Work, brain: Computer) -> None:
    """Errors of navigation over a cycle that ended at `t`; the attitude is that of its end."""
    force = triple(work.loads, FORCE_X)
    mean = times(0.5, plus(force, 1.0, triple(brain.sensed, 0)))
    if dt > 0.0:
        carry(brain.off, mean, triple(work.y, 0), t, dt, errors, brain.count[0], medium.globe)
    store(brain.sensed, 0, force)
    brain.count[0] += 1


@inner
def speed_over_earth(nav: Navigated, medium: Medium) -> float:
    """Speed relative to the turning Earth, as navigated."""
    r, v, turn = nav.position_m, nav.velocity_m_s, medium.globe.rotation_rad_s
    return length((v[0] + turn * r[1], v[1] - turn * r[0], v[2]))


@inner
def time_to_speed(speed: float, before: float, cycle: float, end: float) -> float:
    """Seconds until a speed is reached at the rate of the cycle before; long, where there was none."""
    if speed >= end:
        return 0.0
    if before < 0.0 or speed <= before:
        return 1e9
    return (end - speed) / (speed - before) * cycle


@inner
def row_at(table: Any, column: int, value: float) -> Any:
    """Index of the row before `value` of an ascending column, and the fraction to the next."""
    low, high = 0, table.shape[0] - 1
    while high - low > 1:
        middle = (low + high) // 2
        if table[middle, column] <= value:
            low = middle
        else:
            high = middle
    return low, min(max((value - table[low, column]) / (table[low + 1, column] - table[low, column]), 0.0), 1.0)


@inner
def between(table: Any, row: int, s: float, column: int) -> float:
    """Linear between two rows."""
    return table[row, column] + s * (table[row + 1, column] - table[row, column])


@inner
def order_by_programme(speed: float, cycle: float, onboard: Onboard, brain: Computer) -> None:
    """Attitude and throttle of the nominal flight where it had this speed, and a cycle later."""
    table = onboard.programme
    row, s = row_at(table, 0, speed)
    throttle = between(table, row, s, 5)
    row, s = row_at(table, 1, between(table, row, s, 1) + cycle)
    wish = unit((between(table, row, s, 2), between(table, row, s, 3), between(table, row, s, 4)))
    order(wish, throttle, between(table, row, s, 5), cycle, onboard.turn_rate_rad_s, brain)


@inner
def order(wish: Any, throttle: float, throttle_end: float, cycle: float, turn_rate: float, brain: Computer) -> None:
    """From the attitude of now towards `wish`, no faster than the vehicle turns; throttle linear."""
    axis = triple(brain.axis, 0)
    end = turned_towards(axis, wish, turn_rate * cycle)
    for n in range(3):
        brain.order[0, n] = 0.5 * (axis[n] + end[n])
        brain.order[1, n] = 0.5 * (end[n] - axis[n])
    brain.order[0, 3] = 0.5 * (throttle + throttle_end)
    brain.order[1, 3] = 0.5 * (throttle_end - throttle)
    store(brain.axis, 0, end)


@inner
def order_by_hold(commands: Any, brain: Computer) -> None:
    """The attitude of now, with the throttle of the phase (a ramp, or nothing that burns)."""
    for n in range(3):
        brain.order[0, n] = brain.axis[n]
        brain.order[1, n] = 0.0
    brain.order[0, 3] = commands[0, 3]
    brain.order[1, 3] = commands[1, 3]


@inner
def order_by_guidance(
    nav: Navigated, p: int, flown_s: float, before: float, medium: Medium, onboard: Onboard, brain: Computer
) -> Any:
    """The coming cycle by explicit guidance: how long it lasts, and whether it is the last of its phase."""  # fmt: skip
    carries = p + 1 < onboard.kind.shape[0] and onboard.kind[p + 1] == GUIDED
    if carries and may_drop(nav, flown_s, p, medium, onboard):
        return 0.0, True
    thrust_m_s2 = max(length(nav.sensed_m_s2), 1e-3)
    mass = onboard.thrust_N / thrust_m_s2
    if not carries and flown_s == 0.0 and onboard.shroud_kg > 0.0:
        mass -= onboard.shroud_kg  # what the accelerometers read was with the shroud
    flow = onboard.thrust_N / onboard.exhaust_m_s
    first_s = max(onboard.nominal_s[p] - flown_s, 1.0) if carries else 0.0
    burn = Burn(onboard.exhaust_m_s, mass / flow, first_s,
                (mass - flow * first_s - (onboard.shroud_kg if carries else 0.0)) / flow)  # fmt: skip
    steer = guide(nav, before, burn, onboard.target, medium.globe, brain.memory)
    left_s = steer.tgo_s - onboard.tail_s
    last = left_s < LAST_CYCLES * GUIDANCE_CYCLE_S
    cycle = max(left_s, 0.0) if last else GUIDANCE_CYCLE_S
    wish = unit(plus(steer.direction, cycle - steer.centre_s, steer.rate_1_s))
    order(wish, 1.0, 1.0, cycle, onboard.turn_rate_rad_s, brain)
    return cycle, last


@inner
def may_drop(nav: Navigated, flown_s: float, p: int, medium: Medium, onboard: Onboard) -> bool:
    """The rule of the shroud, on the navigated state and the nominal air."""
    if onboard.rule == 0:
        return flown_s >= onboard.nominal_s[p] - 1e-9
    if onboard.rule == 3:
        return nav.t_s >= onboard.threshold
    r = nav.position_m
    altitude = geodetic(r[0], r[1], r[2], medium.globe).altitude_m
    if onboard.rule == 2:
        return altitude >= onboard.threshold
    density = sampled_column(altitude, medium).density_kg_m3
    return free_molecular_heat_flux(density, speed_over_earth(nav, medium)) <= onboard.threshold
