"""The simulated ascent that a guess is read off: vertical rise, a kick, a gravity turn, a linear tangent law.

The kick turns the thrust off the vertical, the gravity turn follows the air through its dense part, and the tangent of the
pitch then runs straight in time, in the target's plane (Perkins 1966; Bryson & Ho 1975, sec. 2.7). Same formulas as
everything else, classical Runge-Kutta steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.atmosphere import smooth_step
from baiterek.trajectory.collocation import March
from baiterek.trajectory.numbers import pad_axes
from baiterek.trajectory.outline import outline
from baiterek.trajectory.plane import plane_normal
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.upper_guess import Share, share, shared

KICK_S = 16.0
"""Time over which the kick builds up, and again in which it hands over to the gravity turn."""
STEPS_BURN, STEPS_SHORT = 40, 4


@dataclass(frozen=True)
class Shape:
    """The unknowns of the simulated ascent."""

    kick_rad: float
    tangent_start: float
    tangent_slope: float
    """Per 100 s."""
    payload_kg: float
    last_burn: float = 1.0
    """Propellant that the last stage burns, as a fraction of its usable load; of no effect with an upper stage."""
    more_m_s: float = 0.0
    """With an upper stage: ideal velocity that the launcher and the first burn give beyond what is likely needed."""


class Ascent:
    """Flies shapes of the ascent of one setting, up to the first burn of an upper stage."""

    def __init__(self, setting: Setting, p: np.ndarray) -> None:
        self.setting, self.p, self.mission = setting, p, setting.mission
        self.scale = setting.scale
        self.axes = pad_axes(self.mission)
        self.normal = setting.attitude.side if self.mission.target is None else plane_normal(self.mission, self.axes)
        self.share: Share | None = None
        if self.mission.upper_stage is not None:
            found = outline(self.mission)
            self.share, self.normal = share(setting, p, found), found.normal
            self.outline = found
        self.kick_direction = self._kick_direction()
        self._steps: dict[str, March] = {}

    def _kick_direction(self) -> np.ndarray:
        """Horizontal direction of the Earth-relative velocity that the target's plane asks for."""
        mission, up = self.mission, self.axes[2]
        ahead = np.cross(self.normal, up)
        speed = self.scale.speed_m_s
        pad = self.setting.numbers.of(self.p, "pad")
        relative = speed * ahead / np.linalg.norm(ahead) - pad[3:6]
        if mission.target is None:
            relative = self.axes[0]
        relative = relative - (relative @ up) * up
        return relative / np.linalg.norm(relative)

    # --- one Runge-Kutta step under a steering law --------------------------------------------------------

    def _step(self, law: str) -> March:
        """Built for the laws that a flight uses."""
        if law in self._steps:
            return self._steps[law]
        x, a = ca.SX.sym("x", 8), ca.SX.sym("a", 13)
        shape, engine, mass_scale, limits, steps = a[:3], a[3:9], a[9], a[10], a[11:13]
        powered = self.setting.dynamics.powered()

        def rate(state):
            direction = self._law(law, state, shape)
            mass = mass_scale * state[6]
            top = ca.fmax(engine[0], 1e-3)
            throttle = ca.fmax(ca.fmin(1.0, limits * mass / top), 0.05)
            velocity, _ = powered(state[:7], direction, throttle, engine, mass_scale, self.p)
            time = (steps[0] + steps[1] / (throttle * engine[2] + engine[5] + 1e-9)) / self.scale.time_s
            return ca.vertcat(velocity * time, time)

        one = ca.Function("rate", [x, a], [rate(x)])
        k1 = one(x, a)
        k2 = one(x + 0.5 * k1, a)
        k3 = one(x + 0.5 * k2, a)
        k4 = one(x + k3, a)
        none = ca.SX.sym("none", 1)
        self._steps[law] = March(ca.Function(law, [x, a, none], [x + (k1 + 2 * k2 + 2 * k3 + k4) / 6.0]))
        return self._steps[law]

    def _law(self, law: str, state, shape):
        """Direction of the thrust."""
        r = ca.vertcat(*self.scale.physical(state[:6])[:3])
        v = ca.vertcat(*self.scale.physical(state[:6])[3:])
        up = r / ca.norm_2(r)
        if law == "tangent":
            ahead = ca.cross(ca.DM(self.normal), up)
            ahead = ahead / ca.norm_2(ahead)
            slope = shape[1] + shape[2] * (state[7] * self.scale.time_s - self.turn_end_s) / 100.0
            direction = ahead + slope * up
            return direction / ca.norm_2(direction)
        if law == "up":
            return ca.DM(self.axes[2])
        time = state[7] * self.scale.time_s - self.turn_start_s
        tilt = shape[0] * smooth_step(time / KICK_S)
        kicked = ca.cos(tilt) * ca.DM(self.axes[2]) + ca.sin(tilt) * ca.DM(self.kick_direction)
        rate = self.mission.environment.rotation_rad_s
        relative = ca.vertcat(v[0] + rate * r[1], v[1] - rate * r[0], v[2])
        relative = relative / ca.sqrt(ca.sumsqr(relative) + 1.0)
        weight = smooth_step((time - KICK_S) / KICK_S)
        direction = (1.0 - weight) * kicked + weight * relative
        return direction / ca.norm_2(direction)

    @property
    def turn_start_s(self) -> float:
        first = self.setting.plan.phases[0]
        return 1.5 * rise_time(self.setting) if first.steering == "up" else 5.0

    turn_end_s: float = 150.0

    # --- a flight -----------------------------------------------------------------------------------------

    def fly(self, shape: Shape) -> list[np.ndarray]:
        """Scaled states with time (8, n) of every phase; the last row is elapsed scaled time."""
        setting, plan = self.setting, self.setting.plan
        page = setting.books.numbers(self.p, shape.payload_kg)
        pad = self.scale.scale(setting.numbers.of(self.p, "pad")[:, None])[:, 0]
        state = np.concatenate((pad, [page.mass_start_kg[0] / setting.mass_scales[0], 0.0]))
        tracks = []
        loads = self._loads(page, shape)
        spent = np.zeros(len(plan.budgets))
        budget_of = {k: b for b, budget in enumerate(plan.budgets) for k in budget.phases}
        for k, phase in enumerate(plan.phases[: self.flown]):
            if k > 0:
                mass = page.mass_start_kg[k]
                if phase.mass_start_kg is None:
                    mass = state[6] * setting.mass_scales[k - 1] - page.fixed_drop_kg[k - 1]
                state = np.concatenate((state[:6], [mass / setting.mass_scales[k]], state[7:]))
            time_s, burn_kg, steps = self._extent(k, page, loads, spent, budget_of)
            track = self._march(k, state, shape, page.engine[k], time_s, burn_kg, steps)
            flow = page.engine[k][2]
            if k in budget_of:
                used = (track[6, 0] - track[6, -1]) * setting.mass_scales[k]
                used -= page.engine[k][5] * (track[7, -1] - track[7, 0]) * self.scale.time_s
                spent[budget_of[k]] += used if flow > 0 else 0.0
            tracks.append(track)
            state = track[:, -1]
        return tracks

    @property
    def flown(self) -> int:
        """How many phases the simulated ascent has: all, or those up to the first burn of an upper stage."""
        first = next((k for k, phase in enumerate(self.setting.plan.phases) if phase.vacuum), None)
        return len(self.setting.plan.phases) if first is None else first + 2

    def _extent(self, k, page, loads, spent, budget_of) -> tuple[float, float, int]:
        """Time or propellant of a phase, and how many steps."""
        phase, plan = self.setting.plan.phases[k], self.setting.plan
        if phase.vacuum:  # the coast before the first burn of an upper stage, or that burn
            return (phase.bounds_s[0] + 2.0, 0.0, STEPS_SHORT) if phase.coast else (0.0, loads[-1], STEPS_BURN)
        if phase.duration_s is not None:
            steps = STEPS_SHORT if page.duration_s[k] < 5.0 else STEPS_BURN
            return page.duration_s[k], 0.0, steps
        if phase.steering == "up":
            return rise_time(self.setting), 0.0, STEPS_SHORT
        if not phase.stage:
            return 0.5 * sum(phase.bounds_s), 0.0, STEPS_SHORT
        for timing, total in zip(plan.timings, page.total_s, strict=True):
            if k == timing.phases[-1]:
                before = sum(self._time_of(j, page) for j in timing.phases if j != k)
                return total - before, 0.0, STEPS_BURN
        budget = plan.budgets[budget_of[k]]
        available = loads[budget_of[k]]
        later = [j for j in budget.phases if j > k and plan.phases[j].duration_s is not None]
        available -= sum(0.5 * page.engine[j][2] * page.duration_s[j] * sum(plan.phases[j].throttle) / 2 for j in later)
        left = max(available - spent[budget_of[k]], 1.0)
        choices = [j for j in budget.phases if j >= k and plan.phases[j].duration_s is None]
        share = 1.0 / len(choices) if phase.until == "" else 0.25
        return 0.0, left * share, STEPS_BURN

    def _loads(self, page, shape: Shape) -> list[float]:
        """Propellant that each stage burns: all, but for the last one of the ascent; of an upper stage, in its first burn."""
        loads = list(page.usable_kg)
        if self.share is None:
            return [*loads[:-1], loads[-1] * shape.last_burn]
        given = shared(self.setting, self.p, self.outline, shape.payload_kg, shape.more_m_s)
        return [*loads[:-2], loads[-2] * given.launcher_fraction, given.first_burn_kg]

    def _time_of(self, k: int, page) -> float:
        phase = self.setting.plan.phases[k]
        return page.duration_s[k] if phase.duration_s is not None else rise_time(self.setting)

    def law_of(self, k: int) -> str:
        phase = self.setting.plan.phases[k]
        if phase.steering == "up" or self.mission.target is None:
            return "up"
        return "turn" if k <= self.setting.separation() + 1 else "tangent"

    def _march(self, k, state, shape, engine, time_s, burn_kg, steps) -> np.ndarray:
        setting, phase = self.setting, self.setting.plan.phases[k]
        engine = np.array(engine)
        if phase.ramp:
            engine[[0, 2]] *= 0.5 * phase.throttle[1]
        elif phase.throttle[0] == phase.throttle[1] and phase.throttle[1] != 1.0:
            engine[[0, 2]] *= phase.throttle[1]
        limit = setting.mission.limits.axial_acceleration_m_s2
        most = float(limit) if limit is not None and phase.throttle[0] < phase.throttle[1] else 1e6
        arguments = np.concatenate((
            [shape.kick_rad, shape.tangent_start, shape.tangent_slope], engine, [setting.mass_scales[k], most],
            [time_s / steps, burn_kg / steps],
        ))  # fmt: skip
        idle = np.concatenate((arguments[:-2], [0.0, 0.0]))
        track = self._step(self.law_of(k))(state, np.tile(arguments[:, None], (1, steps)), np.zeros(1), idle)
        return np.concatenate((state[:, None], track), axis=1)

    def to_the_top(self, track: np.ndarray, last: int) -> np.ndarray:
        """The track of the last phase with an upward coast after it, as long as it rises."""
        step = 0.01 * self.scale.time_s
        arguments = np.concatenate((np.zeros(9), [self.setting.mass_scales[last], 1e6, step, 0.0]))
        coast = self._step("up")(track[:, -1], np.tile(arguments[:, None], (1, 400)), np.zeros(1), arguments)
        rising = self.axes[2] @ coast[3:6] > 0.0
        return np.concatenate((track, coast[:, rising]), axis=1)

    def direction(self, k: int, track: np.ndarray, shape: Shape) -> np.ndarray:
        """Of the thrust along a track of phase k (3, n)."""
        law = self.law_of(k)
        if law == "up":
            return np.tile(self.axes[2][:, None], (1, track.shape[1]))
        x = ca.SX.sym("x", 8)
        parameters = np.array([shape.kick_rad, shape.tangent_start, shape.tangent_slope])
        return np.array(ca.Function("law", [x], [self._law(law, x, parameters)]).map(track.shape[1])(track))


def rise_time(setting: Setting) -> float:
    """Seconds to climb the vertical rise at the thrust-to-weight ratio of lift-off."""
    height = setting.mission.limits.rise_altitude_m
    if height is None:
        return 5.0
    page = setting.books.numbers(setting.numbers.values, 0.0)
    thrust = page.engine[0][0] + page.engine[0][3]
    net = max(thrust / page.mass_start_kg[0] - 1.1 * STANDARD_GRAVITY_M_S2, 0.5)
    return float(np.sqrt(2.0 * float(height) / net))
