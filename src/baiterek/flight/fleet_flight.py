"""Rows of a fleet flown one after the other by one thread: phases, separations, falls."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import compiled, inner
from baiterek.flight.fleet import Course, Fleet
from baiterek.flight.fleet_kernel import (
    DEPLETED,
    EVENT,
    GOING,
    PEAKS,
    STUCK,
    WATCH_STEP_S,
    Felt,
    NO_TANK_kg,
    Stretch,
    Tank,
    Work,
    advance,
    fall_down,
    felt_by,
)
from baiterek.flight.integrator import STATES
from baiterek.flight.kernel import FIRST_STEP_S
from baiterek.flight.steering import FALL
from baiterek.physics.propulsion import Propulsion


class Log(NamedTuple):
    """What a batch leaves: one row a flight."""

    status: Any
    """0, or `STUCK`: the motion could not be continued."""
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
    )


@compiled
def fly_rows(course: Course, fleet: Fleet, first: int, last: int, work: Work, log: Log, horizon_s: float, rtol: float) -> None:
    """Flies the rows from `first` to before `last` and writes their lines of `log`. Holds no lock of Python."""
    for i in range(first, last):
        fly_row(i, course, fleet, work, log, horizon_s, rtol)


@inner
def fly_row(i: int, course: Course, fleet: Fleet, work: Work, log: Log, horizon_s: float, rtol: float) -> None:
    """One row, from the pad to the ground. (Slices of arrays may not leave a function that counts no references.)"""
    felt = felt_by(i, fleet, work)
    log.status[i] = ascend_row(i, course, fleet, felt, work, log, rtol)
    if log.status[i] != GOING:
        return
    for d in range(course.drop_phase.shape[0]):
        if course.drop_falls[d] == 1:
            drop_row(i, d, course, fleet, felt, work, log, horizon_s, rtol)


@inner
def ascend_row(i: int, course: Course, fleet: Fleet, felt: Felt, work: Work, log: Log, rtol: float) -> int:
    """The ascent of a row by time: every phase as long as its own, unless its tank runs dry before."""
    y = work.y
    for n in range(6):
        y[n] = course.start[n]
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
            t, h, status = fly_legs(i, p, t, h, duration, propulsion, tank, course, felt, work, log, rtol)
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
def fly_legs(
    i: int,
    p: int,
    t: float,
    h: float,
    duration: float,
    propulsion: Propulsion,
    tank: Tank,
    course: Course,
    felt: Felt,
    work: Work,
    log: Log,
    rtol: float,
) -> Any:
    """A phase leg by leg, each stretched as the phase is."""  # fmt: skip
    stretch = duration / course.duration_s[p]
    longest = WATCH_STEP_S if course.dense[p] == 1 else 1e9
    status = GOING
    for j in range(course.first_leg[p], course.first_leg[p + 1]):
        seconds = course.leg_duration_s[j] * stretch
        leg = Stretch(course.mode[p], t, seconds, course.commands[j], propulsion, 0.0, 0, 0.0)
        t, h, status = advance(t, t + seconds, h, longest, leg, tank, felt, course.medium, work, log.peaks[i], rtol)
        if status != GOING:
            break
    return t, h, status


@inner
def separate(i: int, phase: int, t: float, course: Course, fleet: Fleet, work: Work, log: Log) -> None:
    """Writes what is dropped at the end of `phase` and takes it off the mass."""
    y, known = work.y, 0.0
    for d in range(course.drop_phase.shape[0]):
        if course.drop_phase[d] == phase and not np.isnan(fleet.drop_mass_kg[i, d]):
            known += fleet.drop_mass_kg[i, d]
    for d in range(course.drop_phase.shape[0]):
        if course.drop_phase[d] == phase:
            mass = fleet.drop_mass_kg[i, d]
            if np.isnan(mass):
                mass = y[6] - known - fleet.mass_start_kg[i, phase + 1]
            for n in range(6):
                log.separations[i, d, n] = y[n]
            log.separations[i, d, 6] = mass
            log.separations[i, d, STATES] = t
    y[6] -= known


@inner
def drop_row(
    i: int, d: int, course: Course, fleet: Fleet, felt: Felt, work: Work, log: Log, horizon_s: float, rtol: float
) -> None:
    """The fall of one piece of a dropped body of a row."""
    start = log.impacts[i, d]
    for n in range(EVENT):
        start[n] = log.separations[i, d, n]
    start[6] = fleet.drop_piece_kg[i, d]
    if np.isnan(start[6]):
        start[6] = log.separations[i, d, 6] / course.drop_pieces[d]
    no_engine = Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    area, factor = fleet.drop_area_m2[i, d], fleet.drop_drag[i, d]
    leg = Stretch(FALL, start[STATES], 1.0, course.commands[0], no_engine, area, 2 + d, factor)
    log.landed[i, d] = fall_down(start, leg, felt, course.medium, work, horizon_s, rtol, 0.0, 0.0, start)
