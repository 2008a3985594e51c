"""The flight of an upper stage to start from: from the end of its first burn, coasts and burns under the mission's gravity.

A `raise` burns along the velocity until the energy of its orbit is reached, centred on its place; an `arrive` points
where the missing velocity points at the apogee. What is left at the end is for the optimiser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.gravity import gravity
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.propulsion import propellant_for
from baiterek.physics.transfer import apsis_speed
from baiterek.trajectory import terminal
from baiterek.trajectory.ideal import PARKING_IDEAL_m_s, exhaust_and_start, ideal_m_s
from baiterek.trajectory.outline import Outline, Plane, Step, outline
from baiterek.trajectory.paths import Path
from baiterek.trajectory.setting import Setting

COAST_ANGLE = 0.02
"""Step of a coast times the mean motion of a circle at the same radius."""
BURN_STEPS = 80
REFERENCE_m_s = 289.0
"""What the turning of the Earth gives along that azimuth."""
LEAST_BURN_m_s = 20.0
"""First burn of an upper stage whose launcher could do without it, beyond what keeps the launcher out of orbit."""


LONG = 1.2
"""Apogee over perigee from which the apsides of an ellipse are where its state says, not where the outline had them."""
LONGEST_FIRST_BURN_S = 400.0
"""Of a guess: a stack that must burn longer falls back before it is in orbit."""


@dataclass(frozen=True)
class Share:
    """Who brings the stack to its first orbit."""

    payload_kg: float
    first_burn_kg: float
    launcher_fraction: float
    """Of the propellant of the launcher's last stage."""
    climb_m_s: float = 0.0
    """What the first burn goes on to give after it has reached a low circle; a stack that is not in orbit by then would fall
    back if it were steered for all of that burn as in an ascent."""


def share(setting: Setting, p: np.ndarray, found: Outline) -> Share:
    """The payload that the ideal velocities give (or the mission's own), and what the first burn then has to do."""
    mission = setting.mission
    if mission.payload_kg is not None:
        return shared(setting, p, found, float(mission.payload_kg))
    given = float(mission.given_kg)
    low, high = given, given + 0.1 * setting.books.numbers(p, given).mass_start_kg[0]
    for _ in range(40):
        middle = 0.5 * (low + high)
        page = setting.books.numbers(p, middle)
        exhaust = page.engine[-1][0] / page.engine[-1][2]
        start = page.mass_start_kg[_first(setting)]
        launcher = ideal_m_s(setting, page, len(setting.plan.budgets) - 1)
        first = max(_needed(setting, found) - launcher, _least(setting, found))
        burning = start * (1.0 - np.exp(-max(_parking(setting, found) - launcher, 0.0) / exhaust)) / page.engine[-1][2]
        enough = _spent(setting, page, found, first) < 0.98 * page.usable_kg[-1] and burning < LONGEST_FIRST_BURN_S
        low, high = (middle, high) if enough else (low, middle)
    return shared(setting, p, found, max(low, given + 10.0))


def shared(setting: Setting, p: np.ndarray, found: Outline, payload_kg: float, more_m_s: float = 0.0) -> Share:
    """Who gives the ideal velocity to the first orbit, and so much `more` of it, with a payload."""
    page = setting.books.numbers(p, payload_kg)
    exhaust = page.engine[-1][0] / page.engine[-1][2]
    needed, launcher = _needed(setting, found) + more_m_s, ideal_m_s(setting, page, len(setting.plan.budgets) - 1)
    first, climb = max(needed - launcher, _least(setting, found)), 0.0
    lacking = _parking(setting, found) + more_m_s - launcher
    if setting.mission.burns.climbs and lacking > 0.0:
        first, climb = lacking + LEAST_BURN_m_s, first - lacking - LEAST_BURN_m_s
    burned = float(propellant_for(page.mass_start_kg[_first(setting)], first, exhaust / STANDARD_GRAVITY_M_S2))
    return Share(payload_kg, burned, _fraction(setting, page, needed - first - climb), climb)


def _spent(setting: Setting, page, found: Outline, first_m_s: float) -> float:
    """Propellant of all burns, 4 % added to the later impulses, with everything that is let go between them."""
    exhaust, mass, spent = page.engine[-1][0] / page.engine[-1][2], page.mass_start_kg[_first(setting)], 0.0
    begin = len(setting.plan.phases) - 1 - 2 * len(found.steps)
    for number, speed in enumerate((first_m_s, *(1.04 * step.speed_m_s for step in found.steps))):
        burned = mass * (1.0 - np.exp(-speed / exhaust))
        k = begin + 2 * number
        mass -= burned + sum(page.fixed_drop_kg[k : k + 2])
        spent += burned
    return float(spent)


def _first(setting: Setting) -> int:
    return next(k for k, phase in enumerate(setting.plan.phases) if phase.vacuum)


def _least(setting: Setting, found: Outline) -> float:
    """The first burn when it begins at the apogee of the orbit on which the launcher may be left."""
    mission = setting.mission
    radius, mu = found.perigee_radius_m, float(mission.environment.mu_m3_s2)
    left_on = float(mission.environment.radius_m) + mission.burns.launcher_perigee_max_m
    return float(apsis_speed(radius, found.apogee_radius_m, mu) - apsis_speed(radius, left_on, mu)) + LEAST_BURN_m_s


def _needed(setting: Setting, found: Outline) -> float:
    """Ideal velocity to the first orbit: that to a low circle, and by its energy what is more."""
    mu = float(setting.mission.environment.mu_m3_s2)
    speed = np.sqrt(2.0 * mu / found.perigee_radius_m - 2.0 * mu / (found.perigee_radius_m + found.apogee_radius_m))
    low = np.sqrt(mu / (float(setting.mission.environment.radius_m) + 200e3))
    return _parking(setting, found) + max(float(speed - low), 0.0)


def _parking(setting: Setting, found: Outline) -> float:
    """Ideal velocity to a low circle, by azimuth."""
    pad = setting.numbers.of(setting.numbers.values, "pad")
    ahead = np.cross(found.normal, pad[:3])
    turning = pad[3:6] @ ahead / np.linalg.norm(ahead)
    return float(PARKING_IDEAL_m_s + REFERENCE_m_s - turning)


def _fraction(setting: Setting, page, wanted_m_s: float) -> float:
    """Of the propellant of the launcher's last stage, with which the launcher gives so much ideal velocity."""
    last = len(setting.plan.budgets) - 2
    exhaust, start = exhaust_and_start(setting, page, last)
    burned = start * -np.expm1((ideal_m_s(setting, page, last + 1, 0.0) - wanted_m_s) / exhaust)
    return float(np.clip((burned - page.companions_kg[last]) / page.usable_kg[last], 0.2, 1.0))


class UpperGuess:
    """Flies the later burns of one setting from a state in SI (7,)."""

    def __init__(self, setting: Setting, p: np.ndarray, payload_kg: float) -> None:
        self.setting, self.mission = setting, setting.mission
        self.found = outline(setting.mission)
        self.page = setting.books.numbers(p, payload_kg)
        self.engine = self.page.engine[-1]
        self.mu = float(self.mission.environment.mu_m3_s2)
        self.ground_m = 0.98 * float(self.mission.environment.radius_m)
        """Radius below which a stage that falls back is followed no farther."""

    def paths(self, state: np.ndarray) -> tuple[list[Path], np.ndarray]:
        """Paths of coasts and burns after the first burn, and the last state."""
        paths: list[Path] = []
        k = len(self.setting.plan.phases) - 2 * len(self.found.steps)
        for step in self.found.steps:
            coast, state = self._coast(k, state, step)
            state = np.append(state[:6], state[6] - self.page.fixed_drop_kg[k])
            burn, state = self._burn(state, step)
            state_after = np.append(state[:6], state[6] - self.page.fixed_drop_kg[k + 1])
            paths += [coast, burn]
            state, k = state_after, k + 2
        return paths, state

    def climbed(self, path: Path, speed_m_s: float) -> Path:
        """The first burn, which ends on a low circle, gone on with along the velocity."""
        step = Step("raise", 0.0, self.found.apogee_radius_m, speed_m_s, np.zeros(3))
        more, _ = self._burn(path.states(np.array([1.0]))[:, 0], step)
        total = path.duration_s + more.duration_s
        share = path.duration_s / total

        def joined(one: Callable, other: Callable) -> Callable:
            def at(f: np.ndarray) -> np.ndarray:
                f = np.asarray(f, dtype=float)
                early = one(np.clip(f / share, 0.0, 1.0))
                return np.where(f <= share, early, other(np.clip((f - share) / (1.0 - share), 0.0, 1.0)))

            return at

        return Path(total, joined(path.states, more.states), joined(path.controls, more.controls))

    def _rate(self, state: np.ndarray, direction: np.ndarray | None, flow: float) -> np.ndarray:
        g = np.array(gravity(*state[:3], self.mission.environment))
        if direction is not None:
            g = g + self.engine[0] / state[6] * direction
        return np.concatenate((state[3:6], g, [-flow]))

    def _march(self, state, step_s: float, flow: float, direction: Callable | None = None) -> np.ndarray:
        def rate(s):
            return self._rate(s, None if direction is None else direction(s), flow)

        k1 = rate(state)
        k2 = rate(state + 0.5 * step_s * k1)
        k3 = rate(state + 0.5 * step_s * k2)
        k4 = rate(state + step_s * k3)
        return state + step_s / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

    def _coast(self, k: int, state: np.ndarray, step: Step) -> tuple[Path, np.ndarray]:
        """Until the middle of the coming burn stands at the step's place."""
        flow, least = float(self.page.engine[k][5]), max(float(self.setting.plan.phases[k].bounds_s[0]), 1.0)
        lead = 0.5 * float(propellant_for(state[6], step.speed_m_s, self._isp)) / self.engine[2]
        wanted = self._angle_to(state, step)
        times, states, gone = [0.0], [state], 0.0
        while times[-1] < 1.5e5:
            now = states[-1]
            radius = np.linalg.norm(now[:3])
            size = COAST_ANGLE * np.sqrt(radius**3 / self.mu)
            turn = np.linalg.norm(np.cross(now[:3], now[3:6])) / radius**2
            if (times[-1] >= least and gone + turn * lead >= wanted) or (radius < self.ground_m and len(times) > 1):
                break
            if times[-1] < least < times[-1] + size:
                size = least - times[-1] + 1e-6
            states.append(self._march(now, size, flow))
            gone += self._between(now, states[-1])
            times.append(times[-1] + size)
        return _path(times, states, np.zeros((4, len(times))) + [[1.0], [0.0], [0.0], [0.0]]), states[-1]

    def _angle_to(self, state: np.ndarray, step: Step) -> float:
        """Angle still to go: of the first step, unless it follows a long ellipse, and of a `change` to its place, of others to
        the next perigee or apogee, wherever the burns before have put it."""
        ahead = step.angle_rad - Plane(self.found.normal, state[:3]).pad_rad
        long = self.found.apogee_radius_m > LONG * self.found.perigee_radius_m
        if step is self.found.steps[0] and not long:
            return float((ahead + 0.3) % (2.0 * np.pi) - 0.3)
        if step.kind == "change":
            whole = step.angle_rad - self.found.steps[self.found.steps.index(step) - 1].angle_rad
            return float(whole + (ahead - whole + np.pi) % (2.0 * np.pi) - np.pi)
        gone = float(elements_from_state(*state[:6], self.mu).true_anomaly_rad)
        return (2.0 * np.pi if step.kind == "raise" else np.pi) - (gone + 1.0) % (2.0 * np.pi) + 1.0

    @staticmethod
    def _between(one: np.ndarray, other: np.ndarray) -> float:
        a, b = one[:3], other[:3]
        return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))

    @property
    def _isp(self) -> float:
        return float(self.engine[0] / self.engine[2] / STANDARD_GRAVITY_M_S2)

    def _burn(self, state: np.ndarray, step: Step) -> tuple[Path, np.ndarray]:
        whole = float(propellant_for(state[6], step.speed_m_s, self._isp)) / self.engine[2]
        direction = self._steering(state, step, whole)
        size = whole / BURN_STEPS
        times, states = [0.0], [state]
        most = 0.97 * state[6] / self.engine[2] / size
        for count in range(1, int(min(2 * BURN_STEPS, most)) + 1):
            new = self._march(states[-1], size, float(self.engine[2]), direction)
            lacking = self._lacking(new, step) if step.kind == "raise" else 1.0
            if lacking <= 0.0:
                before = self._lacking(states[-1], step)
                size *= float(np.clip(before / max(before - lacking, 1e-30), 0.01, 1.0))
                new = self._march(states[-1], size, float(self.engine[2]), direction)
            times.append(times[-1] + size)
            states.append(new)
            if lacking <= 0.0 or (step.kind != "raise" and count >= BURN_STEPS):
                break
        controls = np.concatenate((np.array([direction(s) for s in states]).T, np.ones((1, len(states)))))
        return _path(times, states, controls), states[-1]

    def _lacking(self, state: np.ndarray, step: Step) -> float:
        """1/a over that of the orbit to which a step raises."""
        inverse = 2.0 / np.linalg.norm(state[:3]) - state[3:6] @ state[3:6] / self.mu
        perigee = self._perigee(state) if step.apogee_radius_m > 0.0 else self.found.perigee_radius_m
        return float(inverse - 2.0 / (step.apogee_radius_m + perigee))

    def _perigee(self, state: np.ndarray) -> float:
        return float(elements_from_state(*state[:6], self.mu).perigee_radius_m)

    def _steering(self, state: np.ndarray, step: Step, whole_s: float) -> Callable[[np.ndarray], np.ndarray]:
        if step.kind == "raise":
            return lambda s: s[3:6] / np.linalg.norm(s[3:6])
        wanted = self._changed(state, step) if step.kind == "change" else self._velocity(state, step)
        missing = wanted - state[3:6]
        direction = missing / np.linalg.norm(missing)
        return lambda s: direction

    def _changed(self, state: np.ndarray, step: Step) -> np.ndarray:
        """Velocity at a state of an orbit with an apsis there, after a `change`."""
        normal = np.cross(state[:3], state[3:6])
        along = np.cross(normal, state[:3])
        normal, along = normal / np.linalg.norm(normal), along / np.linalg.norm(along)
        speed = apsis_speed(float(np.linalg.norm(state[:3])), step.apogee_radius_m, self.mu)
        return speed * (np.cos(step.turn_rad) * along + np.sin(step.turn_rad) * normal)

    def _velocity(self, state: np.ndarray, step: Step) -> np.ndarray:
        """Velocity of the target orbit near the place of a state: horizontal, in the target's plane."""
        low, high = terminal.bounds(self.mission)
        h = np.cross(state[:3], state[3:6])
        h = h / np.linalg.norm(h)
        inclination = float(np.clip(np.arctan2(np.hypot(h[0], h[1]), h[2]), low[2], high[2]))
        if step.kind == "trim":
            inclination = 0.0
        node = np.array([-h[1], h[0], 0.0])
        node = node / max(np.linalg.norm(node), 1e-9)
        across = np.array([-node[1], node[0], 0.0])
        normal = np.cos(inclination) * np.array([0.0, 0.0, 1.0]) - np.sin(inclination) * across
        if self.mission.target is not None and self.mission.target.raan_rad.fixed:
            from baiterek.trajectory.plane import plane_normal

            normal = plane_normal(self.mission, np.eye(3))
        radius = float(np.linalg.norm(state[:3]))
        speed = np.sqrt(2.0 * self.mu / radius - 2.0 * self.mu / (radius + step.apogee_radius_m))
        along = np.cross(normal, state[:3])
        return speed * along / np.linalg.norm(along)

    def elements(self, state: np.ndarray, mission: Mission) -> np.ndarray:
        """Elements of a state, put within the bounds of the target of `mission`: its own, or that of a leg."""
        low, high = terminal.bounds(mission)
        turn = terminal.frame_matrix(mission).T
        e = elements_from_state(*(turn @ state[:3]), *(turn @ state[3:6]), self.mu)
        assert mission.target is not None
        second = e.apogee_radius_m if mission.target.escape is None else -self.mu * e.inverse_semi_major_axis_1_m
        inclination = np.clip(e.inclination_rad, low[2], high[2])
        node, argument, anomaly = (float(v) for v in (e.raan_rad, e.argument_of_perigee_rad, e.true_anomaly_rad))
        new_node = _into(node, low[3], high[3])
        argument += (node - new_node) * float(np.cos(inclination))
        new_argument = _into(argument, low[4], high[4])
        anomaly += argument - new_argument
        return np.array([
            np.clip(e.perigee_radius_m, low[0], high[0]), np.clip(second, low[1], high[1]), inclination,
            new_node, new_argument, _into(anomaly, low[5], high[5]),
        ])  # fmt: skip


def _into(angle: float, low: float, high: float) -> float:
    middle = 0.5 * (low + high)
    angle = middle + (angle - middle + np.pi) % (2.0 * np.pi) - np.pi
    return float(np.clip(angle, low, high))


def _path(times, states, controls) -> Path:
    t = np.asarray(times, dtype=float)
    fractions, columns = t / t[-1], np.array(states).T
    return Path(
        float(t[-1]),
        lambda f: np.stack([np.interp(f, fractions, row) for row in columns]),
        lambda f: np.stack([np.interp(f, fractions, row) for row in controls]),
    )
