"""Dormand-Prince 5(4): the loop of adaptive steps that every motion takes, a step that ends at an event, values inside one.

Coefficients: Dormand & Prince (1980), J. Comp. Appl. Math. 6, 19; continuous extension and step control: Hairer,
Norsett & Wanner, Solving Ordinary Differential Equations I, 2nd ed. (1993), sections II.5, II.6 and II.4.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner
from baiterek.physics.propulsion import Propulsion
from baiterek.physics.table import Table

STATES = 7
STAGES = 7

LEAST_SPEED_m_s = 100.0
"""Speed below which the tolerance of the velocity stays absolute: at rest there is no relative one."""

NODES = np.array([0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0])
TABLEAU = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1 / 5, 0.0, 0.0, 0.0, 0.0, 0.0],
        [3 / 40, 9 / 40, 0.0, 0.0, 0.0, 0.0],
        [44 / 45, -56 / 15, 32 / 9, 0.0, 0.0, 0.0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0.0, 0.0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0.0],
        [35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
E1, E3, E4, E5, E6, E7 = 71 / 57600, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40
D1, D3 = -12715105075 / 11282082432, 87487479700 / 32700410799
D4, D5 = -10690763975 / 1880347072, 701980252875 / 199316789632
D6, D7 = -1453857185 / 822651844, 69997945 / 29380423

SAFETY, PI_BETA, LEAST_FACTOR, MOST_FACTOR = 0.9, 0.04, 0.2, 5.0
FIRST_STEP_S, LEAST_STEP_S = 0.5, 1e-10
EASY_ERROR = 1e-4
"""Taken for the error before the first step, and for smaller ones: a step grows no further for them."""
MOST_TRIALS = 60
"""Of a step that is to end at an event; false position needs some six."""
GOING, STUCK = 0, 1
"""How a motion has ended: at its time; where no step was short enough. Other codes are those of its `arrive`."""


class Steps(NamedTuple):
    """Room for a motion, used by one after the other."""

    y: Any
    """State at the start of a step."""
    y_end: Any
    k: Any
    """Derivatives within it, shape (STAGES, STATES)."""


class Leg(NamedTuple):
    """A stretch of flight over which the equation of motion is smooth in time."""

    mode: int
    """`UP`, `FREE` or `FALL` (see `flight.steering`)."""
    start_s: float
    duration_s: float
    commands: Any
    """Legendre coefficients of ux, uy, uz, throttle over the leg, shape (k, 4)."""
    propulsion: Propulsion
    area_m2: float
    """Of a body that falls."""
    drag: Table
    """Of a body that falls."""


def stepper(derivative: Callable[..., None]) -> Any:
    """`try_step` with the compiled `derivative` built in (numba keeps no code that takes a function as an argument)."""

    def try_step(t_s: float, h: float, y: Any, k: Any, y_end: Any, first: int, leg: Any, body: Any, environment: Any) -> None:
        """A step of `h` from `y`: fills the stages `k[first:]` and `y_end`.

        `first` is 0 on a new leg and 1 where `k[0]` holds the derivative at `y`: the last stage of the step before.
        """
        for s in range(first, STAGES):
            for i in range(STATES):
                y_end[i] = 0.0
            for j in range(s):
                for i in range(STATES):
                    y_end[i] += TABLEAU[s, j] * k[j, i]
            for i in range(STATES):
                y_end[i] = y[i] + h * y_end[i]
            derivative(t_s + NODES[s] * h, y_end, leg, body, environment, k[s])

    return inner(try_step)


@inner
def go_on(y: Any, k: Any, y_end: Any) -> None:
    """Makes the end of a step the start of the next. (Slices would do, but take seconds to compile.)"""
    for i in range(STATES):
        y[i] = y_end[i]
        k[0, i] = k[STAGES - 1, i]


@inner
def error_ratio(h: float, y: Any, k: Any, y_end: Any, rtol: float) -> float:
    """Estimated error of a step over its tolerance: position, velocity and mass, each as a vector. No mass, no step."""
    if not y_end[6] > 0.0:
        return np.inf
    r2 = y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
    v2 = y[3] * y[3] + y[4] * y[4] + y[5] * y[5]
    position = velocity = mass = 0.0
    for i in range(STATES):
        e = h * (E1 * k[0, i] + E3 * k[2, i] + E4 * k[3, i] + E5 * k[4, i] + E6 * k[5, i] + E7 * k[6, i])
        if i < 3:
            position += e * e
        elif i < 6:
            velocity += e * e
        else:
            mass = abs(e)
    position = np.sqrt(position / r2)
    velocity = np.sqrt(velocity / (v2 + LEAST_SPEED_m_s * LEAST_SPEED_m_s))
    return (position + velocity + mass / y[6]) / rtol


@inner
def inside_step(theta: float, h: float, y: Any, k: Any, y_end: Any, out: Any) -> None:
    """Writes the state at the fraction `theta` of a finished step: the 4th-order extension (II.6, eq. 6.12)."""
    rest = 1.0 - theta
    for i in range(STATES):
        gain = y_end[i] - y[i]
        bend = h * k[0, i] - gain
        last = gain - h * k[6, i] - bend
        more = h * (D1 * k[0, i] + D3 * k[2, i] + D4 * k[3, i] + D5 * k[4, i] + D6 * k[5, i] + D7 * k[6, i])
        out[i] = y[i] + theta * (gain + rest * (bend + theta * (last + rest * more)))


@inner
def step_factor(error: float, error_before: float) -> float:
    """By what the step changes after an accepted step: PI control (IV.2 of volume II, eq. 2.43c)."""
    factor = SAFETY * max(error, 1e-10) ** (-(0.2 - 0.75 * PI_BETA)) * error_before**PI_BETA
    return min(MOST_FACTOR, max(LEAST_FACTOR, factor))


@inner
def shorten_factor(error: float) -> float:
    """By what the step shrinks after a rejected step; an error that is no number counts as very large."""
    if not error < 1e30:
        return LEAST_FACTOR
    return max(LEAST_FACTOR, SAFETY * error**-0.2)


def mover(derivative: Callable[..., None], wish: Callable[..., float], arrive: Callable[..., Any]) -> Any:
    """A motion by `derivative`. `wish` says how long a step may be that could be `h`; `arrive` looks at each that was accepted
    and may end it earlier: it returns when, and `GOING` or why nothing comes after it. `body`, `medium` and `watched` are
    theirs alone."""
    try_step = stepper(derivative)

    def move(t: float, t_end: float, h: float, leg: Any, body: Any, medium: Any, work: Any, watched: Any, rtol: float) -> Any:
        """From the state `work.y` at `t` to `t_end`: the last time, the step that would come next, and how it has ended."""
        y, y_end, k = work.y, work.y_end, work.k
        first, error_before, rejected = 0, EASY_ERROR, False
        while t < t_end:
            rest = t_end - t
            longest = wish(h, y, leg, body, medium, watched)
            step = rest if longest >= rest else (0.5 * rest if 2.0 * longest > rest else longest)
            try_step(t, step, y, k, y_end, first, leg, body, medium)
            first = 1
            error = error_ratio(step, y, k, y_end, rtol)
            if not error <= 1.0:
                h = step * shorten_factor(error)
                rejected = True
                if h < LEAST_STEP_S:
                    return t, h, STUCK
                continue
            t_next, code = arrive(t, t_end if step == rest else t + step, step, leg, body, medium, work, watched)
            factor = step_factor(error, error_before)
            if rejected:
                factor = min(factor, 1.0)
            if step >= h or factor < 1.0:
                h = step * factor
            error_before, rejected = max(error, EASY_ERROR), False
            t = t_next
            go_on(y, k, y_end)
            if code != GOING:
                return t, h, code
        return t, h, GOING

    return inner(move)


def finder(derivative: Callable[..., None], measure: Callable[..., float]) -> Any:
    """A step that ends where `measure` is zero."""
    try_step = stepper(derivative)

    def step_to(
        t: float, h: float, before: float, after: float, near: float, leg: Any, body: Any, medium: Any, work: Any, about: Any
    ) -> float:
        """The step, not longer than `h`, at whose end the measure is `near` zero: false position (Illinois) on whole steps.

        `before` and `after` are its values at both ends; where the first is not positive, the step is none.
        """
        y, y_end, k = work.y, work.y_end, work.k
        low, high, f_low, f_high = 0.0, h, before, after
        if f_low <= 0.0:
            for i in range(STATES):
                y_end[i] = y[i]
                k[STAGES - 1, i] = k[0, i]
            return 0.0
        step, side = h, 0
        for _ in range(MOST_TRIALS):
            step = (low * f_high - high * f_low) / (f_high - f_low)
            try_step(t, step, y, k, y_end, 1, leg, body, medium)
            value = measure(t + step, y_end, medium, about)
            if abs(value) < near:
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

    return inner(step_to)
