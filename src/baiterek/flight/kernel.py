"""The compiled flight of one vehicle by the full formulas: ascent leg by leg, and the fall of every dropped body."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import compiled, inner
from baiterek.flight.integrator import (
    FIRST_STEP_S,
    GOING,
    STAGES,
    STATES,
    Leg,
    Steps,
    finder,
    inside_step,
    mover,
)
from baiterek.flight.plan import Plan
from baiterek.flight.separation import EVENT, separate
from baiterek.flight.steering import FALL, command
from baiterek.physics.aerodynamics import Body
from baiterek.physics.ascent import State, air_data, ascent_rate, fall_rate, forces
from baiterek.physics.earth import geodetic
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import Table

LANDED, ALOFT = 2, 3
IMPACT_HEIGHT_m = 1e-6
"""The impact is found to this height above the ellipsoid (nearer than the altitude formula is exact)."""


class Rows(NamedTuple):
    """Where the output of an ascent is written. A row's time never bends a step."""

    times_s: Any
    states: Any
    commands: Any
    next: Any
    """Index of the row to be written next, shape (1,)."""
    end: int
    """Of the phase."""


class Path(NamedTuple):
    """Where the output of a fall is written: one row every so many seconds."""

    times_s: Any
    states: Any
    rows: Any
    """Their number, shape (1,)."""
    every_s: float
    height_m: Any
    """Altitude at the start of a step, shape (1,)."""


@inner
def rate(t_s: float, y: Any, leg: Leg, body: Body, environment: Any, out: Any) -> None:
    """Writes the time derivative of position, velocity and mass (7 numbers) into `out`."""
    if leg.mode == FALL:
        d = fall_rate(y[0], y[1], y[2], y[3], y[4], y[5], y[6], leg.area_m2, leg.drag, environment)
        for i in range(6):
            out[i] = d[i]
        out[6] = 0.0
    else:
        flow = air_data(y[0], y[1], y[2], y[3], y[4], y[5], environment)
        order = command(t_s, y, flow, leg)
        state = State(y[0], y[1], y[2], y[3], y[4], y[5], y[6])
        change = ascent_rate(state, forces(flow, order, leg.propulsion, body), environment)
        for i in range(STATES):
            out[i] = change[i]


@inner
def any_step(h: float, y: Any, leg: Leg, body: Body, environment: Any, watched: Any) -> float:
    """No step is too long."""
    return h


@inner
def height(t_s: float, y: Any, environment: Any, above_m: float) -> float:
    """Altitude above one."""
    return geodetic(y[0], y[1], y[2], environment).altitude_m - above_m


@inner
def write_rows(t: float, t_next: float, step: float, leg: Leg, body: Body, environment: Any, work: Steps, out: Rows) -> Any:
    """The rows of the output within a step; but the last, which is the end of its phase."""
    while out.next[0] < out.end - 1 and out.times_s[out.next[0]] <= t_next:
        row = out.next[0]
        inside_step((out.times_s[row] - t) / step, step, work.y, work.k, work.y_end, out.states[row])
        _order(out.times_s[row], leg, environment, row, out)
        out.next[0] += 1
    return t_next, GOING


step_to_ground = finder(rate, height)


@inner
def land(t: float, t_next: float, step: float, leg: Leg, body: Body, environment: Any, work: Steps, out: Path) -> Any:
    """Ends the step that would end under the ground, and writes the rows within."""
    y_end, code = work.y_end, GOING
    below = height(t_next, y_end, environment, 0.0)
    if below <= 0.0 and below < out.height_m[0]:
        step = step_to_ground(t, step, out.height_m[0], below, IMPACT_HEIGHT_m, leg, body, environment, work, 0.0)
        t_next, code = t + step, LANDED
    out.height_m[0] = below
    first = out.times_s[0]
    while first + out.rows[0] * out.every_s < t_next:
        row = out.rows[0]
        out.times_s[row] = first + row * out.every_s
        inside_step((out.times_s[row] - t) / step, step, work.y, work.k, y_end, out.states[row])
        out.rows[0] += 1
    return t_next, code


climb_on = mover(rate, any_step, write_rows)
fall_on = mover(rate, any_step, land)


@compiled
def ascend(plan: Plan, times_s: Any, rows: Any, rtol: float) -> Any:
    """Flies the phases of `plan`. `times_s` are the output times, `rows[i]` the first of phase i (and their number).

    Returns status and time of a stop, states (n, 7) and commands (n, 4) at `times_s`, and for each separation the state with
    the mass of the dropped body (all pieces) in place of the vehicle's, and its time, shape (drops, 8).
    """
    states, commands = np.empty((times_s.shape[0], STATES)), np.empty((times_s.shape[0], 4))
    separations = np.empty((plan.drop_phase.shape[0], EVENT))
    work = Steps(np.empty(STATES), np.empty(STATES), np.empty((STAGES, STATES)))
    y = work.y
    for i in range(6):
        y[i] = plan.start[i]
    y[6] = np.nan
    h, status, t, following = FIRST_STEP_S, GOING, plan.start_s[0], np.zeros(1, np.int64)
    for p in range(plan.mode.shape[0]):
        if not np.isnan(plan.mass_start_kg[p]):
            y[6] = plan.mass_start_kg[p]
        w = plan.propulsion[p]
        propulsion = Propulsion(w[0], w[1], w[2], w[3], w[4], w[5])
        body = Body(plan.area_m2[p], plan.body.axial, plan.body.normal_slope)
        following[0] = rows[p]
        out = Rows(times_s, states, commands, following, rows[p + 1])
        for j in range(plan.first_leg[p], plan.first_leg[p + 1]):
            t, duration = plan.leg_start_s[j], plan.leg_duration_s[j]
            if duration <= 0.0:
                continue
            leg = Leg(plan.mode[p], t, duration, plan.commands[j], propulsion, 0.0, plan.body.axial)
            if following[0] == rows[p]:
                _write(t, y, leg, plan.environment, out)
            t, h, status = climb_on(t, t + duration, h, leg, body, plan.environment, work, out, rtol)
            if status != GOING:
                return status, t, states, commands, separations
            if j == plan.first_leg[p + 1] - 1:
                _write(t, y, leg, plan.environment, out)
        separate(p, t, y, plan.drop_phase, plan.drop_mass_kg, plan.mass_start_kg, separations)
    return status, t, states, commands, separations


@inner
def _write(t: float, y: Any, leg: Leg, environment: Any, out: Rows) -> None:
    """The next row."""
    for i in range(STATES):
        out.states[out.next[0], i] = y[i]
    _order(t, leg, environment, out.next[0], out)
    out.next[0] += 1


@inner
def _order(t: float, leg: Leg, environment: Any, row: int, out: Rows) -> None:
    """The command of a row, of its time and state."""
    y = out.states[row]
    order = command(t, y, air_data(y[0], y[1], y[2], y[3], y[4], y[5], environment), leg)
    for i in range(4):
        out.commands[row, i] = order[i]


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
    times, states, rows, at = np.empty(size), np.empty((size, STATES)), np.ones(1, np.int64), np.empty(1)
    work = Steps(np.empty(STATES), np.empty(STATES), np.empty((STAGES, STATES)))
    times[0] = t_start_s
    for i in range(STATES):
        work.y[i] = states[0, i] = start[i]
    at[0] = height(t_start_s, start, environment, 0.0)
    leg = Leg(FALL, t_start_s, 1.0, np.zeros((1, 4)), Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), area_m2, drag)
    out = Path(times, states, rows, every_s, at)
    t_end = t_start_s + horizon_s
    t, _, status = fall_on(t_start_s, t_end, FIRST_STEP_S, leg, Body(0.0, drag, drag), environment, work, out, rtol)
    times[rows[0]] = t
    for i in range(STATES):
        states[rows[0], i] = work.y[i]
    return ALOFT if status == GOING else status, rows[0] + 1, times, states


@compiled
def fly(plan: Plan, times_s: Any, rows: Any, fall_every_s: float, horizon_s: float, rtol: float) -> Any:
    """The whole flight: what `ascend` returns, and for every dropped body status, number of rows, times and states."""
    status, t, states, commands, separations = ascend(plan, times_s, rows, rtol)
    drops = plan.drop_phase.shape[0]
    falls_status, falls_rows = np.zeros(drops, np.int64), np.zeros(drops, np.int64)
    size = int(horizon_s / fall_every_s) + 3
    falls_times, falls_states = np.empty((drops, size)), np.empty((drops, size, STATES))
    for d in range(drops):
        if plan.drop_falls[d] == 0 or status != GOING:
            continue
        start = separations[d, :STATES].copy()
        start[6] = plan.drop_piece_kg[d]
        if np.isnan(start[6]):
            start[6] = separations[d, 6] / plan.drop_pieces[d]
        drag = Table(plan.drag_knots[d], plan.drag_coefficients[d], plan.drag_base[d])
        outcome, n, times, path = fall(
            start, separations[d, STATES], plan.drop_area_m2[d], drag, plan.environment, fall_every_s, horizon_s, rtol
        )
        falls_status[d], falls_rows[d] = outcome, n
        for row in range(n):
            falls_times[d, row] = times[row]
            for i in range(STATES):
                falls_states[d, row, i] = path[row, i]
    return status, t, states, commands, separations, falls_status, falls_rows, falls_times, falls_states
