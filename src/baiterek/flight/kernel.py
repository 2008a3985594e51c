"""The compiled flight: ascent leg by leg, and the fall of every dropped body."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.flight.compile import compiled, inner
from baiterek.flight.integrator import (
    STAGES,
    STATES,
    Leg,
    error_ratio,
    go_on,
    inside_step,
    shorten_factor,
    step_factor,
    try_step,
)
from baiterek.flight.plan import Plan
from baiterek.flight.steering import FALL, command
from baiterek.physics.aerodynamics import Body
from baiterek.physics.ascent import air_data
from baiterek.physics.earth import geodetic
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import Table

FIRST_STEP_S = 0.5
LEAST_STEP_S = 1e-10
FLOWN, STUCK = 0, 1
LANDED, ALOFT = 2, 3
IMPACT_HEIGHT_m = 1e-6
"""The impact is found to this height above the ellipsoid (nearer than the altitude formula is exact)."""


@compiled
def ascend(plan: Plan, times_s: Any, rows: Any, rtol: float) -> Any:
    """Flies the phases of `plan`. `times_s` are the output times, `rows[i]` the first of phase i (and their number).

    Returns status and time of a stop, states (n, 7) and commands (n, 4) at `times_s`, states at each separation
    (drops, 7) with the mass of the dropped body (all pieces) as its last number. A row's time never bends a step.
    """
    phases, drops = plan.mode.shape[0], plan.drop_phase.shape[0]
    states, commands = np.empty((times_s.shape[0], STATES)), np.empty((times_s.shape[0], 4))
    separations = np.empty((drops, STATES))
    y, y_end, stage, k = np.empty(STATES), np.empty(STATES), np.empty(STATES), np.empty((STAGES, STATES))
    for i in range(6):
        y[i] = plan.start[i]
    y[6] = np.nan
    h = FIRST_STEP_S
    status, t = FLOWN, plan.start_s[0]
    for p in range(phases):
        if not np.isnan(plan.mass_start_kg[p]):
            y[6] = plan.mass_start_kg[p]
        w = plan.propulsion[p]
        propulsion = Propulsion(w[0], w[1], w[2], w[3], w[4], w[5])
        body = Body(plan.area_m2[p], plan.body.axial, plan.body.normal_slope)
        row, end_row = rows[p], rows[p + 1]
        for j in range(plan.first_leg[p], plan.first_leg[p + 1]):
            t, duration = plan.leg_start_s[j], plan.leg_duration_s[j]
            if duration <= 0.0:
                continue
            leg = Leg(plan.mode[p], t, duration, plan.commands[j], propulsion, 0.0, plan.body.axial)
            t_end = t + duration
            first = 0
            if row == rows[p]:
                row = _write(t, y, leg, plan.environment, row, states, commands)
            error_before, rejected = 1e-4, False
            while t < t_end:
                rest = t_end - t
                step = rest if h >= rest else (0.5 * rest if 2.0 * h > rest else h)
                try_step(t, step, y, k, y_end, first, leg, body, plan.environment)
                first = 1
                error = error_ratio(step, y, k, y_end, rtol)
                if not error <= 1.0:
                    h = step * shorten_factor(error)
                    rejected = True
                    if h < LEAST_STEP_S:
                        return STUCK, t, states, commands, separations
                    continue
                t_next = t_end if step == rest else t + step
                while row < end_row - 1 and times_s[row] <= t_next:
                    inside_step((times_s[row] - t) / step, step, y, k, y_end, stage)
                    row = _write(times_s[row], stage, leg, plan.environment, row, states, commands)
                factor = step_factor(error, error_before)
                if rejected:
                    factor = min(factor, 1.0)
                if step >= h or factor < 1.0:
                    h = step * factor
                error_before, rejected = max(error, 1e-4), False
                t = t_next
                go_on(y, k, y_end)
            if j == plan.first_leg[p + 1] - 1:
                row = _write(t, y, leg, plan.environment, row, states, commands)
        _separate(plan, p, y, separations)
    return status, t, states, commands, separations


@inner
def _write(t: float, y: Any, leg: Leg, environment: Any, row: int, states: Any, commands: Any) -> int:
    order = command(t, y, air_data(y[0], y[1], y[2], y[3], y[4], y[5], environment), leg)
    for i in range(STATES):
        states[row, i] = y[i]
    for i in range(4):
        commands[row, i] = order[i]
    return row + 1


@inner
def _separate(plan: Plan, phase: int, y: Any, separations: Any) -> None:
    """Writes what is dropped at the end of `phase` and takes it off the mass."""
    known = 0.0
    for d in range(plan.drop_phase.shape[0]):
        if plan.drop_phase[d] == phase and not np.isnan(plan.drop_mass_kg[d]):
            known += plan.drop_mass_kg[d]
    for d in range(plan.drop_phase.shape[0]):
        if plan.drop_phase[d] == phase:
            mass = plan.drop_mass_kg[d]
            if np.isnan(mass):
                mass = y[6] - known - plan.mass_start_kg[phase + 1]
            for i in range(6):
                separations[d, i] = y[i]
            separations[d, 6] = mass
    y[6] -= known


@compiled
def fall(
    start: Any,
    t_start_s: float,
    area_m2: float,
    drag: Table,
    environment: Any,
    every_s: float,
    horizon_s: float,
    rtol: float,
) -> Any:
    """Lets a body (state `start`, shape (7,), mass of the piece last) fall from `t_start_s` to geodetic altitude 0.

    Returns status (`LANDED`, `ALOFT` after `horizon_s`, `STUCK`), number of rows, times and states: one row every
    `every_s`, and the last instant. The impact is the end of a shortened step, not an interpolation.
    """
    size = int(horizon_s / every_s) + 3
    times, states = np.empty(size), np.empty((size, STATES))
    y, y_end, k = start.copy(), np.empty(STATES), np.empty((STAGES, STATES))
    body = Body(0.0, drag, drag)
    leg = Leg(FALL, t_start_s, 1.0, np.zeros((1, 4)), Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), area_m2, drag)
    times[0] = t_start_s
    for i in range(STATES):
        states[0, i] = start[i]
    rows, t, h, t_end = 1, t_start_s, FIRST_STEP_S, t_start_s + horizon_s
    altitude = geodetic(y[0], y[1], y[2], environment).altitude_m
    error_before, rejected = 1e-4, False
    status, first = ALOFT, 0
    while t < t_end:
        h = min(h, t_end - t)
        try_step(t, h, y, k, y_end, first, leg, body, environment)
        first = 1
        error = error_ratio(h, y, k, y_end, rtol)
        if not error <= 1.0:
            h *= shorten_factor(error)
            rejected = True
            if h < LEAST_STEP_S:
                status = STUCK
                break
            continue
        below = geodetic(y_end[0], y_end[1], y_end[2], environment).altitude_m
        if below <= 0.0 and below < altitude:
            status = LANDED
            h = _step_to_ground(t, h, altitude, y, k, y_end, leg, body, environment)
        while times[0] + rows * every_s < t + h:
            times[rows] = times[0] + rows * every_s
            inside_step((times[rows] - t) / h, h, y, k, y_end, states[rows])
            rows += 1
        t += h
        go_on(y, k, y_end)
        if status == LANDED:
            break
        altitude = below
        factor = step_factor(error, error_before)
        h *= min(factor, 1.0) if rejected else factor
        error_before, rejected = max(error, 1e-4), False
    times[rows] = t
    for i in range(STATES):
        states[rows, i] = y[i]
    return status, rows + 1, times, states


@inner
def _step_to_ground(
    t: float, h: float, altitude: float, y: Any, k: Any, y_end: Any, leg: Leg, body: Body, environment: Any
) -> float:
    """The step, not longer than `h`, that ends on the ellipsoid: regula falsi (Illinois) on whole steps."""
    low, high, f_low = 0.0, h, altitude
    f_high = geodetic(y_end[0], y_end[1], y_end[2], environment).altitude_m
    if f_low <= 0.0:
        for i in range(STATES):
            y_end[i] = y[i]
        return 0.0
    step, side = h, 0
    for _ in range(60):
        step = (low * f_high - high * f_low) / (f_high - f_low)
        try_step(t, step, y, k, y_end, 1, leg, body, environment)
        value = geodetic(y_end[0], y_end[1], y_end[2], environment).altitude_m
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


@compiled
def fly(plan: Plan, times_s: Any, rows: Any, fall_every_s: float, horizon_s: float, rtol: float) -> Any:
    """The whole flight: what `ascend` returns, and for every dropped body status, number of rows, times and states."""
    status, t, states, commands, separations = ascend(plan, times_s, rows, rtol)
    drops = plan.drop_phase.shape[0]
    falls_status, falls_rows = np.zeros(drops, np.int64), np.zeros(drops, np.int64)
    size = int(horizon_s / fall_every_s) + 3
    falls_times, falls_states = np.empty((drops, size)), np.empty((drops, size, STATES))
    for d in range(drops):
        if plan.drop_falls[d] == 0 or status != FLOWN:
            continue
        p = plan.drop_phase[d]
        start = separations[d].copy()
        start[6] = plan.drop_piece_kg[d]
        if np.isnan(start[6]):
            start[6] = separations[d, 6] / plan.drop_pieces[d]
        drag = Table(plan.drag_knots[d], plan.drag_coefficients[d], plan.drag_base[d])
        outcome, n, times, path = fall(
            start, plan.start_s[p] + plan.duration_s[p], plan.drop_area_m2[d], drag, plan.environment,
            fall_every_s, horizon_s, rtol,
        )  # fmt: skip
        falls_status[d], falls_rows[d] = outcome, n
        for row in range(n):
            falls_times[d, row] = times[row]
            for i in range(STATES):
                falls_states[d, row, i] = path[row, i]
    return status, t, states, commands, separations, falls_status, falls_rows, falls_times, falls_states
