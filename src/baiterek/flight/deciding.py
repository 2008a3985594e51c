"""What the vehicle's computer decides for a cycle: attitude, throttle, how long. It sees a `Navigated` state and its load."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.flight.guidance import MEMORY, TGO, VGO, Burn, Navigated, Target, guide
from baiterek.flight.onboard import GUIDANCE_CYCLE_S, PROGRAMME, PROGRAMME_CYCLE_S, Onboard
from baiterek.flight.sampled import Medium, sampled_column
from baiterek.flight.vectors import length, plus, store, triple, turned_towards, unit
from baiterek.physics.earth import geodetic
from baiterek.physics.heating import free_molecular_heat_flux

LAST_CYCLES = 1.5
"""A cut-off nearer than so many cycles ends the cycle that is about to start."""
SETTLED_S = 80.0
"""Time to go below which the target is no longer changed: another altitude cannot be reached any more."""
PART_A_CYCLE, MOST_A_CYCLE_m_s = 0.25, 10.0
"""Of the speed that is lacking, by how much the target comes down in a cycle: guidance follows with a lag."""
SPEED, CYCLE, TIME, GAUGE, FLOW, LOWERED, FREE = range(7)
"""What is remembered of cycles before: speed, duration, instant and gauge of the last one; mass flow; by how much the speed
at the target's perigee has been lowered; seconds of coast in which the vehicle was free to turn."""


class Computer(NamedTuple):
    """What the computer of one flight remembers; all of it is made from navigated states."""

    axis: Any
    """Where the body points, as commanded."""
    order: Any
    """Command over the coming cycle: Legendre coefficients, shape (2, 4)."""
    memory: Any
    """Of explicit guidance."""
    past: Any
    """Of the cycles before: see `SPEED` and its like."""


def new_computer() -> Computer:
    """A `Computer`, allocated once a thread."""
    return Computer(np.zeros(3), np.zeros((2, 4)), np.zeros(MEMORY), np.zeros(7))


@inner
def start(onboard: Onboard, brain: Computer) -> None:
    """The computer before lift-off."""
    for n in range(MEMORY):
        brain.memory[n] = 0.0
    for n in range(brain.past.shape[0]):
        brain.past[n] = 0.0
    store(brain.axis, 0, triple(onboard.programme[0], 2))


@part
def decide(nav: Navigated, p: int, flown_s: float, rest_s: float, medium: Medium, onboard: Onboard, brain: Computer) -> Any:
    """Command of the coming cycle into `brain.order`; how long it lasts, and whether it is the last of its phase `p`."""
    if onboard.kind[p] == PROGRAMME:
        return by_programme(nav, p, flown_s, rest_s, medium, onboard, brain)
    return by_guidance(nav, p, flown_s, medium, onboard, brain)


@part
def by_programme(
    nav: Navigated, p: int, flown_s: float, rest_s: float, medium: Medium, onboard: Onboard, brain: Computer
) -> Any:
    """Attitude and throttle of the nominal flight where it had this speed; cut-off at its speed, or after `rest_s`."""
    past = brain.past
    if flown_s == 0.0:
        past[SPEED] = -1.0
        past[CYCLE] = 0.0
    speed, left_s = speed_over_earth(nav, medium), rest_s
    if not np.isnan(onboard.end_speed_m_s[p]):
        left_s = time_to_speed(speed, past[SPEED], past[CYCLE], onboard.end_speed_m_s[p])
    cycle = left_s if left_s < LAST_CYCLES * PROGRAMME_CYCLE_S else PROGRAMME_CYCLE_S
    past[SPEED] = speed
    past[CYCLE] = cycle
    if cycle > 1e-6:
        table = onboard.programme
        row, s = row_at(table, 0, speed)
        throttle = between(table, row, s, 5)
        row, s = row_at(table, 1, between(table, row, s, 1) + cycle)
        wish = unit((between(table, row, s, 2), between(table, row, s, 3), between(table, row, s, 4)))
        order(wish, throttle, between(table, row, s, 5), cycle, onboard.turn_rate_rad_s, brain)
    return cycle, cycle == left_s


@part
def speed_over_earth(nav: Navigated, medium: Medium) -> float:
    """Speed relative to the turning Earth, as navigated."""
    r, v, turn = nav.position_m, nav.velocity_m_s, medium.globe.rotation_rad_s
    return length((v[0] + turn * r[1], v[1] - turn * r[0], v[2]))


@part
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


@part
def between(table: Any, row: int, s: float, column: int) -> float:
    """Linear between two rows."""
    return table[row, column] + s * (table[row + 1, column] - table[row, column])


@part
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


@part
def hold(commands: Any, brain: Computer) -> None:
    """The attitude of now, with the throttle of the phase (a ramp, or nothing that burns)."""
    for n in range(3):
        brain.order[0, n] = brain.axis[n]
        brain.order[1, n] = 0.0
    brain.order[0, 3] = commands[0, 3]
    brain.order[1, 3] = commands[1, 3]


@part
def by_guidance(nav: Navigated, p: int, flown_s: float, medium: Medium, onboard: Onboard, brain: Computer) -> Any:
    """The coming cycle by explicit guidance, and the target where propellant will not do for the nominal one."""
    b, past = onboard.burn[p], brain.past
    carries = p + 1 < onboard.kind.shape[0] and onboard.burn[p + 1] == b
    if (p == 0 or onboard.burn[p - 1] != b) and flown_s == 0.0:
        begin_burn(nav, b, onboard, brain)
    if carries and may_drop(nav, flown_s, p, medium, onboard):
        return 0.0, True
    thrust_N, exhaust = onboard.thrust_N[b], onboard.exhaust_m_s[b]
    shroud_kg = onboard.shroud_kg[b]
    thrust_m_s2 = length(nav.sensed_m_s2)
    nominal_m_s2 = thrust_N / onboard.start_kg[b]
    mass = thrust_N / (thrust_m_s2 if thrust_m_s2 > 0.1 * nominal_m_s2 else nominal_m_s2)
    if not carries and flown_s == 0.0 and shroud_kg > 0.0:
        mass -= shroud_kg  # what the accelerometers read was with the shroud
    flow = thrust_N / exhaust
    first_s = max(onboard.nominal_s[p] - flown_s, 1.0) if carries else 0.0
    burn = Burn(exhaust, mass / flow, first_s, (mass - flow * first_s - (shroud_kg if carries else 0.0)) / flow)
    since = nav.t_s - past[TIME]
    if since > 0.0 and past[GAUGE] > nav.propellant_kg:
        past[FLOW] = (past[GAUGE] - nav.propellant_kg) / since
    past[TIME] = nav.t_s
    past[GAUGE] = nav.propellant_kg
    steer = guide(nav, since, burn, target_within_reach(b, past[LOWERED], onboard, medium), onboard.gain_m_s[b],
                  medium.globe, brain.memory)  # fmt: skip
    if onboard.retargets[b] == 1 and brain.memory[TGO] > SETTLED_S:
        lacking = length(triple(brain.memory, VGO)) - gain_left(burn, nav.propellant_kg / past[FLOW]) + onboard.later_m_s[b]
        step = min(max(PART_A_CYCLE * lacking, -MOST_A_CYCLE_m_s), MOST_A_CYCLE_m_s)
        past[LOWERED] = max(past[LOWERED] + step, 0.0)
    if past[FREE] > 0.0:
        now = unit(plus(steer.direction, -steer.centre_s, steer.rate_1_s))
        store(brain.axis, 0, turned_towards(triple(brain.axis, 0), now, onboard.turn_rate_rad_s * past[FREE]))
        past[FREE] = 0.0
    left_s = steer.tgo_s - onboard.tail_s[b]
    last = left_s < LAST_CYCLES * GUIDANCE_CYCLE_S
    cycle = max(left_s, 0.0) if last else GUIDANCE_CYCLE_S
    wish = unit(plus(steer.direction, cycle - steer.centre_s, steer.rate_1_s))
    order(wish, 1.0, 1.0, cycle, onboard.turn_rate_rad_s, brain)
    return cycle, last


@inner
def begin_burn(nav: Navigated, b: int, onboard: Onboard, brain: Computer) -> None:
    """Guidance starts afresh."""
    for n in range(MEMORY):
        brain.memory[n] = 0.0
    brain.past[TIME] = nav.t_s
    brain.past[GAUGE] = nav.propellant_kg
    brain.past[FLOW] = onboard.thrust_N[b] / onboard.exhaust_m_s[b]
    brain.past[LOWERED] = 0.0


@inner
def gain_left(burn: Burn, left_s: float) -> float:
    """Speed that the propellant of so many seconds still gains (Tsiolkovsky, with the shroud's release among it)."""
    if left_s <= burn.first_s:
        return -burn.exhaust_m_s * np.log(1.0 - min(left_s / burn.first_tau_s, 0.99))
    gain = -burn.exhaust_m_s * np.log(1.0 - min(burn.first_s / burn.first_tau_s, 0.99))
    return gain - burn.exhaust_m_s * np.log(1.0 - min((left_s - burn.first_s) / burn.last_tau_s, 0.99))


@part
def target_within_reach(b: int, lowered_m_s: float, onboard: Onboard, medium: Medium) -> Target:
    """The nominal target; or, where so much speed at its perigee is lacking, the best orbit that can still be reached.

    The rule: same plane; the perigee stays and the apogee comes down to it; if that is not enough, a circle below it of the
    energy that is left, down to the least altitude. Below that guidance goes on to that circle and burns what there is.
    """
    t = onboard.targets[b]
    normal, perigee = triple(t, 0), triple(t, 3)
    if lowered_m_s <= 0.0:
        return Target(normal, perigee, t[6], t[7])
    mu = medium.globe.mu_m3_s2
    radius = t[6] / (1.0 + t[7])
    speed = max(np.sqrt(mu * (1.0 + t[7]) / radius) - lowered_m_s, 0.0)
    inverse = 2.0 / radius - speed * speed / mu
    if inverse * radius <= 1.0:
        eccentricity = 1.0 - radius * inverse
        return Target(normal, perigee, radius * (1.0 + eccentricity), eccentricity)
    return Target(normal, perigee, max(1.0 / inverse, min(onboard.least_radius_m, radius)), 0.0)


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
