"""Unified powered flight guidance: where to point and when to stop, from the navigated state alone.

Brand, Brown & Higgins, Space Shuttle GN&C Equation Document No. 24: Unified Powered Flight Guidance, Draper Laboratory for
NASA, 1973 (NTRS 19740004402), standard ascent mode; McHenry et al., J. Astronautical Sciences 27 (1979) 1; Jaggers, Space
Shuttle Powered Explicit Guidance, NASA contract NAS9-13568 (NTRS 19740024190). Thrust points along lambda + lambdadot
(t - t_lambda), the optimum in a uniform field. Ours differs in three places: the gravity that is still to be gained comes
from integrating the onboard field (to J4) where theirs extrapolates a conic; the desired state is a point of the
target's conic, whose perigee may be anywhere; and the place that is left free is along that conic and not along the horizon,
from which a burn that ends on the way up would swing off. Near the end the position is let go, as theirs does.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.flight.compile import inner, part
from baiterek.flight.sampled import Globe
from baiterek.flight.vectors import cross, dot, length, plus, store, times, triple, unit
from baiterek.physics.gravity import gravity

HOLD_S = 10.0
"""Time to go below which the rate of turn is kept and only the velocity is steered."""
GRAVITY_STEP_S = 60.0
"""Of the prediction of gravity, Runge-Kutta of 4th order: 1 m in 400 s."""
FIRST_ITERATIONS, ITERATIONS = 25, 2
VGO, RD, RGRAV, RBIAS, RATE, TGO, STARTED, ALONG = 0, 3, 6, 9, 12, 15, 16, 17
MEMORY = 20
"""Numbers that guidance remembers from cycle to cycle."""


class Navigated(NamedTuple):
    """All that guidance may know of the vehicle's motion: what the inertial unit says. Truth never comes here."""

    t_s: float
    position_m: tuple[float, float, float]
    velocity_m_s: tuple[float, float, float]
    sensed_m_s2: tuple[float, float, float]
    """Specific force, as the accelerometers read it."""
    propellant_kg: float
    """That the stage in use can still burn, by its gauge (taken as exact)."""


class Target(NamedTuple):
    """A conic in inertial axes: normal and perigee as unit vectors, semi-latus rectum, eccentricity."""

    normal: tuple[float, float, float]
    perigee: tuple[float, float, float]
    parameter_m: float
    eccentricity: float


class Burn(NamedTuple):
    """What is left to burn: until the shroud goes, then to cut-off. tau is the time in which all mass would be burned."""

    exhaust_m_s: float
    first_tau_s: float
    first_s: float
    """0 when nothing is dropped any more."""
    last_tau_s: float


class Moments(NamedTuple):
    """Integrals of the thrust acceleration over the time to go: L, J, S, Q, H, P of the source, and the time to go."""

    L: float
    J: float
    S: float
    Q: float
    H: float
    P: float
    tgo_s: float


class Steer(NamedTuple):
    """Direction lambda, its rate, when it holds (seconds from now), and the time to go."""

    direction: tuple[float, float, float]
    rate_1_s: tuple[float, float, float]
    centre_s: float
    tgo_s: float


@part
def add_arc(m: Moments, speed_m_s: float, tau_s: float, burn_s: float, exhaust_m_s: float) -> Moments:
    """`Moments` with an arc of constant thrust behind them (Brand et al., block 4)."""
    before = m.tgo_s
    j = tau_s * speed_m_s - exhaust_m_s * burn_s
    s = burn_s * speed_m_s - j
    half = 0.5 * exhaust_m_s * burn_s * burn_s
    q = s * (tau_s + before) - half
    p = q * (tau_s + before) - half * (burn_s / 3.0 + before)
    j += speed_m_s * before
    s += m.L * burn_s
    q += m.J * burn_s
    p += m.H * burn_s
    L, J, S, Q, P = m.L + speed_m_s, m.J + j, m.S + s, m.Q + q, m.P + p
    return Moments(L, J, S, Q, J * (before + burn_s) - Q, P, before + burn_s)


@part
def moments_of(speed_to_go_m_s: float, burn: Burn) -> Moments:
    """`Moments` of a burn that gains `speed_to_go_m_s`."""
    m = Moments(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    ve, left = burn.exhaust_m_s, speed_to_go_m_s
    if burn.first_s > 0.0:
        first_s = min(burn.first_s, 0.99 * burn.first_tau_s)
        gain = -ve * np.log(1.0 - first_s / burn.first_tau_s)
        if gain >= left:
            gain = left
            first_s = burn.first_tau_s * (1.0 - np.exp(-left / ve))
        m = add_arc(m, gain, burn.first_tau_s, first_s, ve)
        left -= gain
    return add_arc(m, left, burn.last_tau_s, burn.last_tau_s * (1.0 - np.exp(-left / ve)), ve)


@inner
def coast(r: Any, v: Any, seconds: float, globe: Globe) -> Any:
    """Position and velocity after falling freely in the onboard field of gravity."""
    count = max(1, int(np.ceil(seconds / GRAVITY_STEP_S)))
    h = seconds / count
    for _ in range(count):
        a1 = gravity(r[0], r[1], r[2], globe)
        r2 = plus(r, 0.5 * h, v)
        a2 = gravity(r2[0], r2[1], r2[2], globe)
        r3 = plus(r2, 0.25 * h * h, a1)
        a3 = gravity(r3[0], r3[1], r3[2], globe)
        r4 = plus(plus(r, h, v), 0.5 * h * h, a2)
        a4 = gravity(r4[0], r4[1], r4[2], globe)
        r = plus(plus(r, h, v), h * h / 6.0, plus(plus(a1, 1.0, a2), 1.0, a3))
        v = plus(v, h / 6.0, plus(plus(a1, 2.0, a2), 1.0, plus(a4, 2.0, a3)))
    return r, v


@part
def desired(at: Any, target: Target, mu_m3_s2: float, keep_energy: int) -> Any:
    """Position and velocity of the target's ellipse over a point; with the point's own radius when only energy is kept."""
    ix = unit(plus(at, -dot(at, target.normal), target.normal))
    iz = cross(target.normal, ix)
    swing = 1.0 + target.eccentricity * dot(ix, target.perigee)
    rate = np.sqrt(mu_m3_s2 / target.parameter_m)
    radial = -rate * target.eccentricity * dot(iz, target.perigee)
    transverse, radius = rate * swing, target.parameter_m / swing
    if keep_energy == 1:
        energy = -0.5 * mu_m3_s2 * (1.0 - target.eccentricity**2) / target.parameter_m
        radius = length(at)
        transverse = np.sqrt(max(2.0 * (energy + mu_m3_s2 / radius) - radial * radial, 0.0))
    return times(radius, ix), plus(times(radial, ix), transverse, iz)


@inner
def guide(nav: Navigated, since_s: float, burn: Burn, target: Target, gain_m_s: float, globe: Globe, memory: Any) -> Steer:
    """One cycle: `memory` goes on from what it was `since_s` ago. At its first call it is iterated until it settles, from
    the speed that the nominal burn gains."""
    if memory[STARTED] == 0.0:
        begin(nav, burn, target, gain_m_s, globe, memory)
    else:
        store(memory, VGO, plus(triple(memory, VGO), -since_s, nav.sensed_m_s2))
    steer = Steer(unit(triple(memory, VGO)), (0.0, 0.0, 0.0), 0.0, memory[TGO])
    for _ in range(ITERATIONS if memory[STARTED] == 1.0 else FIRST_ITERATIONS):
        steer = improve(nav, burn, target, globe, memory)
    memory[STARTED] = 1.0
    return steer


@part
def begin(nav: Navigated, burn: Burn, target: Target, gain_m_s: float, globe: Globe, memory: Any) -> None:
    """First guess: all of the gain along the motion, and gravity as in free fall for as long as that burns."""
    r, v = nav.position_m, nav.velocity_m_s
    m = moments_of(gain_m_s, burn)
    end, _ = coast(r, v, m.tgo_s, globe)
    ahead = unit(v)
    rd, vd = desired(plus(end, m.S, ahead), target, globe.mu_m3_s2, 0)
    store(memory, ALONG, unit(vd))
    store(memory, RD, rd)
    store(memory, VGO, times(gain_m_s, ahead))
    store(memory, RGRAV, plus(plus(end, -1.0, r), -m.tgo_s, v))
    store(memory, RBIAS, (0.0, 0.0, 0.0))
    store(memory, RATE, (0.0, 0.0, 0.0))
    memory[TGO] = m.tgo_s


@inner
def improve(nav: Navigated, burn: Burn, target: Target, globe: Globe, memory: Any) -> Steer:
    """One pass of predictor and corrector (Brand et al., blocks 3 to 8)."""
    r, v = nav.position_m, nav.velocity_m_s
    vgo = triple(memory, VGO)
    m = moments_of(length(vgo), burn)
    tgo = max(m.tgo_s, 1e-3)
    direction = unit(vgo)
    hold = memory[STARTED] == 1.0 and tgo < HOLD_S
    rate = triple(memory, RATE)
    rgrav = times((tgo / memory[TGO]) ** 2, triple(memory, RGRAV))
    rgo = times(m.S, direction)
    if not hold:
        rgo = plus(plus(triple(memory, RD), -1.0, plus(r, tgo, v)), -1.0, rgrav)
        iz = triple(memory, ALONG)
        rgo = plus(rgo, -dot(iz, rgo), iz)
        along = (m.S - dot(direction, rgo)) / dot(direction, iz)
        rgo = plus(plus(rgo, along, iz), 1.0, triple(memory, RBIAS))
        rate = times(1.0 / (m.Q - m.S * m.J / m.L), plus(rgo, -m.S, direction))
        store(memory, RATE, rate)
    ahead = unit(plus(direction, -m.J / m.L, rate))
    phi = np.arctan2(length(cross(ahead, direction)), dot(ahead, direction))
    turn = -phi * m.L / m.J
    vthrust = times(m.L - 0.5 * m.L * phi * phi - m.J * phi * turn - 0.5 * m.H * turn * turn, direction)
    rthrust = times(m.S - 0.5 * m.S * phi * phi - m.Q * phi * turn - 0.5 * m.P * turn * turn, direction)
    rthrust = plus(rthrust, -(m.S * phi + m.Q * turn), unit(rate))
    if not hold:
        store(memory, RBIAS, plus(rgo, -1.0, rthrust))
    start = plus(plus(r, -0.1, rthrust), -tgo / 30.0, vthrust)
    moving = plus(plus(v, 1.2 / tgo, rthrust), -0.1, vthrust)
    end, fallen = coast(start, moving, tgo, globe)
    vgrav = plus(fallen, -1.0, moving)
    rgrav = plus(plus(end, -1.0, start), -tgo, moving)
    reached = plus(plus(plus(r, tgo, v), 1.0, rgrav), 1.0, rthrust)
    rd, vd = desired(reached, target, globe.mu_m3_s2, 1 if hold else 0)
    bias = plus(vgo, -1.0, vthrust)
    store(memory, VGO, plus(plus(plus(vd, -1.0, v), -1.0, vgrav), 1.0, bias))
    store(memory, RD, rd)
    store(memory, ALONG, unit(vd))
    store(memory, RGRAV, rgrav)
    memory[TGO] = tgo
    return Steer(direction, rate, m.J / m.L, tgo)
