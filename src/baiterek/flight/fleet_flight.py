"""Rows of a fleet flown one after the other by one thread: phases, failures, separations, falls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import compiled, inner, part
from baiterek.flight.failure import (
    ENDS,
    GOES_ON,
    NO_FAILURE,
    SHUTDOWN,
    STUCK_THROTTLE,
    Hurt,
    hurt_in,
    propulsion_left,
    stick,
    throttle_of,
)
from baiterek.flight.fleet import Course, Fleet
from baiterek.flight.fleet_kernel import (
    DEPLETED,
    FAILED,
    PEAKS,
    WATCH_STEP_S,
    Felt,
    Floor,
    NO_TANK_kg,
    Stretch,
    Tank,
    Watched,
    Work,
    advance,
    fall_down,
    felt_by,
    without_air,
)
from baiterek.flight.integrator import FIRST_STEP_S, GOING, STATES, STUCK
from baiterek.flight.sampled import Medium
from baiterek.flight.separation import EVENT, separate
from baiterek.flight.steering import FALL
from baiterek.physics.earth import geodetic
from baiterek.physics.propulsion import Propulsion

COAST_RTOL = 1e-3
"""Times the tolerance, where an upper stage flies: errors grow through hours of coasting."""
FALL_RTOL = 10.0
"""Times the tolerance, where a body falls: the air brakes it to the same speed whatever it had, so that errors fade."""
MOST_PROBES = 200
GROUND_m = 1e-3
"""A vehicle under power is on the ground within this height of it."""
LEAST_REST_S = 1e-9


class Log(NamedTuple):
    """What a batch leaves: one row a flight."""

    status: Any
    """0; `STUCK`: the motion could not be continued; `FAILED`: a failure has ended the flight before its last stage."""
    end: Any
    """State and time at the end of the last phase, shape (flights, 8)."""
    separations: Any
    """State, mass of the dropped body (all pieces) and time, shape (flights, drops, 8)."""
    impacts: Any
    """State and time on the ground, shape (flights, drops, 8)."""
    landed: Any
    """Status of each fall, shape (flights, drops)."""
    left_kg: Any
    """Propellant that each stage could still have burned, shape (flights, stages)."""
    depleted: Any
    """1 where a stage ran dry before its cut-off, shape (flights, stages)."""
    peaks: Any
    """Greatest loads and their times, shape (flights, 6)."""
    failure: Any
    """State and time at a failure, shape (flights, 8); NaN: nothing failed while its stage burned."""
    wreck: Any
    """State and time where the vehicle came down after a failure, shape (flights, 8)."""
    wrecked: Any
    """Status of that fall."""


def empty_log(flights: int, drops: int, stages: int) -> Log:
    """A `Log` to be filled."""
    return Log(
        np.zeros(flights, np.int64),
        np.full((flights, EVENT), np.nan),
        np.full((flights, drops, EVENT), np.nan),
        np.full((flights, drops, EVENT), np.nan),
        np.zeros((flights, drops), np.int64),
        np.zeros((flights, stages)),
        np.zeros((flights, stages), np.int64),
        np.zeros((flights, PEAKS)),
        np.full((flights, EVENT), np.nan),
        np.full((flights, EVENT), np.nan),
        np.zeros(flights, np.int64),
    )


def row_flyer(prepare: Callable[..., None], fly_phase: Callable[..., Any]) -> Any:
    """A row from the pad to the ground, with `fly_phase` built in; `pilot` is what that takes beside the world."""
    ascend = ascender(prepare, fly_phase)

    def fly_row(i: int, course: Course, fleet: Fleet, pilot: Any, work: Work, log: Log, horizon_s: float, rtol: float) -> None:
        felt = felt_by(i, fleet, work)
        log.status[i] = ascend(i, course, fleet, pilot, felt, work, log, rtol)
        if log.status[i] == STUCK:
            return
        drops = course.drop_phase.shape[0]
        for d in range(drops + 1):
            if d == drops:
                falls = not np.isnan(log.failure[i, STATES])
            else:
                falls = course.drop_falls[d] == 1 and not np.isnan(log.separations[i, d, STATES])
            if falls:
                fall_row(i, d, course, fleet, felt, work, log, horizon_s, rtol)

    return inner(fly_row)


def ascender(prepare: Callable[..., None], fly_phase: Callable[..., Any]) -> Any:
    """The ascent of a row: every phase as `fly_phase` flies it, unless its tank runs dry before."""

    def ascend(i: int, course: Course, fleet: Fleet, pilot: Any, felt: Felt, work: Work, log: Log, rtol: float) -> int:
        y = work.y
        for n in range(6):
            y[n] = course.start[n]
        work.stuck[0] = np.nan
        prepare(i, fleet, pilot)
        t, h, stage, left, status, dead = 0.0, FIRST_STEP_S, -1, 0.0, GOING, -1
        for p in range(course.mode.shape[0]):
            if not np.isnan(fleet.mass_start_kg[i, p]):
                y[6] = fleet.mass_start_kg[i, p]
            b = course.budget[p]
            if b >= 0 and b != stage:
                stage, left = b, fleet.usable_kg[i, b]
            duration = fleet.duration_s[i, p]
            if duration > 0.0 and not (b >= 0 and (log.depleted[i, b] == 1 or b == dead)):
                w = fleet.propulsion[i, p]
                propulsion = Propulsion(w[0], w[1], w[2], w[3], w[4], w[5])
                mass, since = y[6], t
                companions = 0.0 if course.vacuum[p] == 1 else propulsion.fixed_mass_flow_kg_s
                tank = Tank(mass - left if b >= 0 else NO_TANK_kg, companions, since)
                hurt = hurt_in(i, b, course.ramp[p], fleet.failure)
                t, h, status = fly_phase(i, p, t, h, duration, propulsion, tank, hurt, course, fleet, pilot, felt, work, log,
                                         rtol)  # fmt: skip
                if status == STUCK:
                    break
                if b >= 0:
                    left -= mass - y[6] - companions * (t - since)
                    log.left_kg[i, b] = left
                    if status == DEPLETED:
                        log.depleted[i, b] = 1
                if status == FAILED:
                    dead = b
                    if hurt.kind != SHUTDOWN or course.after_shutdown[b] != GOES_ON:
                        break
            separate(p, t, y, course.drop_phase, fleet.drop_mass_kg[i], fleet.mass_start_kg[i], log.separations[i])
        for n in range(STATES):
            log.end[i, n] = y[n]
        log.end[i, STATES] = t
        if status == FAILED:
            crashed = fleet.failure[i, 0] != SHUTDOWN
            return FAILED if crashed or course.after_shutdown[dead] == ENDS else GOING
        return STUCK if status == STUCK else GOING

    return inner(ascend)


@inner
def no_pilot(i: int, fleet: Fleet, pilot: int) -> None:
    """Nothing to prepare: the flight is by time."""


@inner
def fly_legs(
    i: int,
    p: int,
    t: float,
    h: float,
    duration: float,
    propulsion: Propulsion,
    tank: Tank,
    hurt: Hurt,
    course: Course,
    fleet: Fleet,
    pilot: int,
    felt: Felt,
    work: Work,
    log: Log,
    rtol: float,
) -> Any:
    """A phase leg by leg, each stretched as the phase is."""  # fmt: skip
    stretch = duration / course.duration_s[p]
    status = GOING
    for j in range(course.first_leg[p], course.first_leg[p + 1]):
        seconds = course.leg_duration_s[j] * stretch
        leg = Stretch(course.mode[p], t, seconds, course.commands[j], propulsion, 0.0, 0, 0.0)
        t, h, status = fly_stretch(i, p, t, h, leg, tank, hurt, course, felt, work, log, rtol)
        if status != GOING:
            break
    return t, h, status


@part
def fly_stretch(
    i: int,
    p: int,
    t: float,
    h: float,
    leg: Stretch,
    tank: Tank,
    hurt: Hurt,
    course: Course,
    felt: Felt,
    work: Work,
    log: Log,
    rtol: float,
) -> Any:
    """A stretch to its end, or until its tank is dry, its engine fails or the ground is met: time, step, why."""  # fmt: skip
    watched = Watched(WATCH_STEP_S if course.dense[p] == 1 else 1e9, tank, log.peaks[i])
    end = t + leg.duration_s
    if course.vacuum[p] == 1:
        felt, rtol = without_air(felt), COAST_RTOL * rtol
    goal, broken, ground = end, False, Ground(0.0, 0.0, 0.0, 0.0)
    for _ in range(MOST_PROBES):
        if hurt.kind != NO_FAILURE and not broken:
            if t < hurt.t_s:
                goal = min(end, hurt.t_s)
            else:
                meet(i, t, leg, work, log)
                if hurt.kind == SHUTDOWN:
                    return t, h, FAILED
                if end - t < LEAST_REST_S:
                    return t, h, GOING
                goal, broken = end, True
                leg = hurt_leg(leg, hurt, work)
                ground = Ground(t, altitude(work.y, course.medium), 0.0, 0.0)
                keep(t, work.y, work.before)
        t, h, status = advance(t, goal, h, leg, felt, course.medium, work, watched, rtol)
        if broken and status != STUCK:
            above = altitude(work.y, course.medium)
            if abs(above) < GROUND_m:
                return t, h, FAILED
            if above < 0.0 or ground.below_m < 0.0:
                ground = nearer(ground, t, above)
                goal = probe(ground)
                keep(t, work.before, work.y)
                t, h = work.before[STATES], FIRST_STEP_S
                continue
        if status != GOING or t >= end:
            return t, h, status
    return t, h, STUCK


class Ground(NamedTuple):
    """Instants above and below the ground, between which it is met."""

    above_s: float
    above_m: float
    below_s: float
    below_m: float


@inner
def altitude(y: Any, medium: Medium) -> float:
    """Above the ellipsoid."""
    return geodetic(y[0], y[1], y[2], medium.globe).altitude_m


@inner
def nearer(of: Ground, t: float, above_m: float) -> Ground:
    """With one more altitude that was found."""
    if above_m < 0.0:
        return Ground(of.above_s, of.above_m, t, above_m)
    return Ground(t, above_m, of.below_s, of.below_m)


@inner
def probe(of: Ground) -> float:
    """Where to look next: false position, kept off both ends so that neither stays for ever."""
    part = of.above_m / (of.above_m - of.below_m)
    return of.above_s + min(max(part, 0.1), 0.9) * (of.below_s - of.above_s)


@inner
def keep(t: float, state: Any, out: Any) -> None:
    """A state, and its time where there is room for it."""
    for n in range(STATES):
        out[n] = state[n]
    if out.shape[0] > STATES:
        out[STATES] = t


@inner
def meet(i: int, t: float, leg: Stretch, work: Work, log: Log) -> None:
    """Writes the first instant of a failure, and the throttle of then."""
    if np.isnan(log.failure[i, STATES]):
        keep(t, work.y, log.failure[i])
        work.stuck[0] = throttle_of(leg.commands, leg.start_s, leg.duration_s, t)


@inner
def hurt_leg(leg: Stretch, hurt: Hurt, work: Work) -> Stretch:
    """The stretch with what still works."""
    commands = leg.commands
    if hurt.kind == STUCK_THROTTLE:
        stick(commands, work.stuck[0], work.commands)
        commands = work.commands
    return Stretch(leg.mode, leg.start_s, leg.duration_s, commands, propulsion_left(leg.propulsion, hurt), 0.0, 0, 0.0)


fly_row = row_flyer(no_pilot, fly_legs)


@compiled
def fly_rows(course: Course, fleet: Fleet, first: int, last: int, work: Work, log: Log, horizon_s: float, rtol: float) -> None:
    """Flies the rows from `first` to before `last` by time and writes their lines of `log`. Holds no lock of Python."""
    for i in range(first, last):
        fly_row(i, course, fleet, 0, work, log, horizon_s, rtol)


@inner
def fall_row(
    i: int, d: int, course: Course, fleet: Fleet, felt: Felt, work: Work, log: Log, horizon_s: float, rtol: float
) -> None:
    """The fall of one piece of a dropped body of a row; after the last of them, of all that is left after a failure."""
    whole = d == course.drop_phase.shape[0]
    start = log.wreck[i] if whole else log.impacts[i, d]
    if whole:
        stage = int(fleet.failure[i, 1])
        keep(log.end[i, STATES], log.end[i], start)
        area, column, factor = course.wreck_area_m2[stage], course.wreck_column[stage], 1.0
    else:
        keep(log.separations[i, d, STATES], log.separations[i, d], start)
        start[6] = fleet.drop_piece_kg[i, d]
        if np.isnan(start[6]):
            start[6] = log.separations[i, d, 6] / course.drop_pieces[d]
        area, column, factor = fleet.drop_area_m2[i, d], 2 + d, fleet.drop_drag[i, d]
    no_engine = Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    leg = Stretch(FALL, start[STATES], 1.0, course.commands[0], no_engine, area, column, factor)
    landed = fall_down(start, leg, felt, course.medium, work, horizon_s, FALL_RTOL * rtol, Floor(0.0, 0.0), start)
    if whole:
        log.wrecked[i] = landed
    else:
        log.landed[i, d] = landed
