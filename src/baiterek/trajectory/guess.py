"""A flight to start from, made without the user: a simulated ascent whose few parameters a small solve finds.

Vertical rise, a kick, a gravity turn through the dense air, then a linear tangent law in the target's plane
(Perkins 1966; Bryson & Ho 1975, sec. 2.7). Same formulas as everything else, classical Runge-Kutta steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.atmosphere import smooth_step
from baiterek.trajectory import terminal
from baiterek.trajectory.collocation import March
from baiterek.trajectory.numbers import pad_axes
from baiterek.trajectory.outline import outline
from baiterek.trajectory.paths import Guess, Path
from baiterek.trajectory.plane import plane_normal
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.upper_guess import Share, UpperGuess, share, shared

KICK_S = 16.0
"""Time over which the kick builds up, and again in which it hands over to the gravity turn."""
STEPS_BURN, STEPS_SHORT = 40, 4
FALL_STEP_S, FALL_STEPS = 1.0, 200
SPAN_m_s = 2000.0
"""How much ideal velocity of a launcher and the first burn of an upper stage the unit of `Shape.last_burn` stands for."""


@dataclass(frozen=True)
class Shape:
    """The unknowns of the simulated ascent."""

    kick_rad: float
    tangent_start: float
    tangent_slope: float
    """Per 100 s."""
    last_burn: float
    """Propellant that the last stage burns, as a fraction of its usable load; with an upper stage, what the launcher and the
    first burn give together: less 1, in `SPAN_m_s` beyond what the ideal velocities say."""
    payload_kg: float


class Guesser:
    """Simulates ascents of one transcription's mission."""

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
        return 1.5 * rise_time(self.mission, self.setting) if first.steering == "up" else 5.0

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
            return rise_time(self.mission, self.setting), 0.0, STEPS_SHORT
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
        more = SPAN_m_s * (shape.last_burn - 1.0)
        given = shared(self.setting, self.p, self.outline, shape.payload_kg, more)
        return [*loads[:-2], loads[-2] * given.launcher_fraction, given.first_burn_kg]

    def _time_of(self, k: int, page) -> float:
        phase = self.setting.plan.phases[k]
        return page.duration_s[k] if phase.duration_s is not None else rise_time(self.mission, self.setting)

    def _law_of(self, k: int) -> str:
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
        track = self._step(self._law_of(k))(state, np.tile(arguments[:, None], (1, steps)), np.zeros(1), idle)
        return np.concatenate((state[:, None], track), axis=1)

    # --- finding the shape --------------------------------------------------------------------------------

    def find(self, tangent: float = 0.4) -> tuple[Shape, list[np.ndarray]]:
        """The shape whose flight ends nearest to the target, by damped Gauss-Newton from the best of a few kicks.

        Upper stages begin near `tangent` of the pitch: a large one gives a lofted ascent, zero a depressed one.
        """
        mission = self.mission
        if mission.target is None:
            return self._vertical()
        free_payload = mission.payload_kg is None and self.share is None
        payload = self._payload()
        size = max(payload, 0.02 * self.setting.mass_scales[-1])

        def shape_of(z: np.ndarray) -> Shape:
            burn = 1.0 if free_payload else float(np.clip(z[3], 0.3, 1.5))
            load = float(np.clip(payload + size * (z[3] - 1.0), 0.0, 6.0 * size)) if free_payload else payload
            return Shape(float(np.clip(z[0], 0.002, 0.6)), z[1], z[2], burn, load)

        def residual(z: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
            tracks = self.fly(shape_of(z))
            end = self._end_errors(tracks[-1][:, -1])
            stay = [0.3 * (z[1] - tangent), 0.3 * (z[2] + 0.15), 0.1 * (z[3] - 1.0)]
            value = np.concatenate((end, stay))
            return np.where(np.isfinite(value), value, 1e3), tracks

        best_z, best, tracks = np.zeros(4), np.inf, []
        for kick in (0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.24):
            z = np.array([kick, tangent, -0.15, 1.0])
            value, flown = residual(z)
            if value @ value < best:
                best_z, best, tracks = z, value @ value, flown
        best_z, tracks = gauss_newton(residual, best_z, tracks)
        return shape_of(best_z), tracks

    def _payload(self) -> float:
        if self.share is not None:
            return self.share.payload_kg
        return likely_payload(self.setting, self.p) if self.mission.payload_kg is None else float(self.mission.payload_kg)

    def _aim(self) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of perigee and apogee radius at the end of the simulated ascent."""
        if self.share is not None and self.outline.steps:
            low = self.outline.perigee_radius_m
            radii = np.array([low, low if self.share.climb_m_s > 0.0 else self.outline.apogee_radius_m])
            return radii, radii
        return terminal.bounds(self.mission)

    def _end_errors(self, end: np.ndarray) -> np.ndarray:
        """Radius, radial speed and speed against the target at its perigee, scaled by 50 km and 150 m/s."""
        r, v = (np.array(c) for c in np.split(np.array(self.scale.physical(end[:6])), 2))
        low, high = self._aim()
        mu = self.mission.environment.mu_m3_s2
        radius = np.linalg.norm(r)
        perigee = np.clip(radius, low[0], high[0])
        apogee = np.clip(perigee, low[1], high[1])
        speed = np.sqrt(2.0 * mu / perigee * apogee / (apogee + perigee))
        return np.array([
            (radius - perigee) / 5e4, (r @ v) / radius / 150.0, (np.linalg.norm(v) - speed) / 150.0
        ])  # fmt: skip

    def _vertical(self) -> tuple[Shape, list[np.ndarray]]:
        """Without a target: straight up at full thrust, then coasting to the top."""
        payload = float(self.mission.payload_kg or 0.0)
        shape = Shape(0.0, 0.0, 0.0, 1.0, payload)
        tracks = self.fly(shape)
        last = len(tracks) - 1
        engine = np.zeros(6)
        step = 0.01 * self.scale.time_s
        arguments = np.concatenate(([0.0, 0.0, 0.0], engine, [self.setting.mass_scales[last], 1e6, step, 0.0]))
        coast = self._step("up")(tracks[-1][:, -1], np.tile(arguments[:, None], (1, 400)), np.zeros(1), arguments)
        up = self.axes[2]
        rising = up @ coast[3:6] > 0.0
        tracks[last] = np.concatenate((tracks[last], coast[:, rising]), axis=1)
        return shape, tracks

    # --- handing over -------------------------------------------------------------------------------------

    def guess(self, tangent: float = 0.4) -> Guess:
        """The simulated ascent as the start of the optimisation."""
        shape, tracks = self.find(tangent)
        paths = [self._as_path(k, track, shape) for k, track in enumerate(tracks)]
        falls = {name: self._fall(name, tracks, shape) for name in self.mission.zones}
        elements, stops = None, tuple[np.ndarray, ...]()
        if self.mission.target is not None:
            elements = self._elements(tracks[-1][:, -1])
        if self.share is not None and self.outline.steps:
            upper = UpperGuess(self.setting, self.p, shape.payload_kg)
            if self.share.climb_m_s > 0.0:
                paths[-1] = upper.climbed(paths[-1], self.share.climb_m_s)
            later, end = upper.paths(paths[-1].states(np.array([1.0]))[:, 0])
            paths += later
            elements = upper.elements(end, self.mission)
            ends = [(paths[k].states(np.array([1.0]))[:, 0], leg.mission) for k, leg in self.setting.stops]
            stops = tuple(upper.elements(state, mission) for state, mission in ends)
        return Guess(shape.payload_kg, tuple(paths), falls, elements, stops)

    def _as_path(self, k: int, track: np.ndarray, shape: Shape) -> Path:
        time = track[7] - track[7, 0]
        fractions = time / time[-1]
        states = self.scale.matrix(track[:7])
        states[6] *= self.setting.mass_scales[k]
        law = self._law_of(k)
        if law in ("turn", "tangent"):
            a = np.array([shape.kick_rad, shape.tangent_start, shape.tangent_slope])
            x = ca.SX.sym("x", 8)
            direction = np.array(ca.Function("law", [x], [self._law(law, x, a)]).map(track.shape[1])(track))
        else:
            up = np.tile(self.axes[2][:, None], (1, track.shape[1]))
            direction = up
        flow = -np.gradient(states[6], np.maximum(track[7] * self.scale.time_s, 0.0) + 1e-9 * np.arange(track.shape[1]))
        full = self.setting.books.numbers(self.p, shape.payload_kg).engine[k]
        throttle = np.clip((flow - full[5]) / full[2], 0.0, 1.2) if full[2] > 0 else np.zeros_like(flow)
        controls = np.concatenate((direction, throttle[None, :]), axis=0)
        return Path(float(time[-1] * self.scale.time_s), _sampler(fractions, states), _sampler(fractions, controls))

    def _elements(self, end: np.ndarray) -> np.ndarray:
        """Elements near the end of the flight, consistent with what the target fixes."""
        r, v = (np.array(c) for c in np.split(np.array(self.scale.physical(end[:6])), 2))
        low, high = terminal.bounds(self.mission)
        normal = np.cross(r, v)
        inclination = np.clip(np.arctan2(np.hypot(normal[0], normal[1]), normal[2]), low[2], high[2])
        node = np.arctan2(normal[0], -normal[1])
        node = _into(node, low[3], high[3])
        node_axis = np.array([np.cos(node), np.sin(node), 0.0])
        across = np.cross(normal / np.linalg.norm(normal), node_axis)
        latitude = np.arctan2(r @ across, r @ node_axis)
        perigee_argument = _into(latitude, low[4], high[4])
        anomaly = _into(latitude - perigee_argument, low[5], high[5])
        if anomaly != latitude - perigee_argument and low[4] != high[4]:
            perigee_argument = latitude - anomaly
        radius = np.linalg.norm(r)
        perigee = np.clip(radius, low[0], high[0])
        return np.array([perigee, np.clip(radius, max(low[1], perigee), high[1]), inclination, node, perigee_argument, anomaly])

    def _fall(self, name: str, tracks: list[np.ndarray], shape: Shape) -> Path:
        """A fall to the ground by steps of fixed size, until the geodetic altitude is negative."""
        k, drop = self.setting.dropped(name)
        track = tracks[k]
        end = track[6, -1] * self.setting.mass_scales[k]
        mass = self.setting.piece_mass_kg(k, drop, end, shape.payload_kg, self.p)
        return fall_path(self.setting, self.p, drop.body, mass, track[:6, -1])


def fall_path(setting: Setting, p: np.ndarray, body, mass_kg: float, start: np.ndarray) -> Path:
    """The fall of one piece from a scaled state, as a path sampled every `FALL_STEP_S`."""
    rate = setting.dynamics.falling(body)
    x = ca.SX.sym("x", 6)
    h = FALL_STEP_S / setting.scale.time_s
    k1 = rate(x, mass_kg, p)
    k2 = rate(x + 0.5 * h * k1, mass_kg, p)
    k3 = rate(x + 0.5 * h * k2, mass_kg, p)
    k4 = rate(x + h * k3, mass_kg, p)
    march = ca.Function("fall", [x], [x + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)]).mapaccum(FALL_STEPS)
    point = setting.dynamics.point().map(FALL_STEPS)
    states = [start[:, None]]
    for _ in range(20):
        chunk = np.array(march(states[-1][:, -1]))
        height = np.array(point(chunk, p)[0]).ravel()
        below = np.flatnonzero(~(height > 0.0))
        if len(below):
            states.append(chunk[:, : below[0] + 1])
            break
        states.append(chunk)
    track = np.concatenate(states, axis=1)
    physical = setting.scale.matrix(track)
    n = track.shape[1] - 1
    controls = np.zeros((4, n + 1))
    fractions = np.linspace(0.0, 1.0, n + 1)
    return Path(n * FALL_STEP_S, _sampler(fractions, physical), _sampler(fractions, controls))


def gauss_newton(residual: Callable, z: np.ndarray, tracks: list, iterations: int = 25) -> tuple[np.ndarray, list]:
    """Levenberg-Marquardt with forward differences; returns the best point and its flight."""
    value, tracks = residual(z)
    damping = 1e-2
    steps = np.array([2e-4, 1e-3, 1e-3, 1e-3])
    for _ in range(iterations):
        jacobian = np.stack([(residual(z + s * e)[0] - value) / s for s, e in zip(steps, np.eye(4), strict=True)], axis=1)
        weight = jacobian.T @ jacobian
        for _ in range(6):
            change = -np.linalg.solve(weight + damping * np.diag(np.diag(weight) + 1e-9), jacobian.T @ value)
            change = np.clip(change, [-0.05, -0.5, -0.3, -0.2], [0.05, 0.5, 0.3, 0.2])
            new, flown = residual(z + change)
            if new @ new < value @ value:
                better = 1.0 - (new @ new) / (value @ value)
                z, value, tracks, damping = z + change, new, flown, max(damping / 5.0, 1e-6)
                break
            damping *= 5.0
        else:
            break
        if better < 1e-3 or value[:3] @ value[:3] < 1e-3:
            break
    return z, tracks


def rise_time(mission: Mission, setting: Setting) -> float:
    """Seconds to climb the vertical rise at the thrust-to-weight ratio of lift-off."""
    height = mission.limits.rise_altitude_m
    if height is None:
        return 5.0
    page = setting.books.numbers(setting.numbers.values, 0.0)
    thrust = page.engine[0][0] + page.engine[0][3]
    net = max(thrust / page.mass_start_kg[0] - 1.1 * STANDARD_GRAVITY_M_S2, 0.5)
    return float(np.sqrt(2.0 * float(height) / net))


def likely_payload(setting: Setting, p: np.ndarray, ideal_m_s: float = 9150.0) -> float:
    """The payload at which the ideal velocity of the stages is `ideal_m_s`, by bisection (boosters: as one stage)."""

    def ideal(payload: float) -> float:
        page = setting.books.numbers(p, payload)
        total = 0.0
        for b, budget in enumerate(setting.plan.budgets):
            first = budget.phases[0]
            start = page.mass_start_kg[first]
            end = start - page.usable_kg[b] - page.companions_kg[b]
            engine = page.engine[first if b else budget.phases[-1]]
            total += (engine[0] / engine[2]) * np.log(start / max(end, 1.0))
        return total

    low, high = 0.0, 0.1 * setting.books.numbers(p, 0.0).mass_start_kg[0]
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if ideal(middle) > ideal_m_s else (low, middle)
    return max(low, 1.0)


def _sampler(fractions: np.ndarray, values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: np.stack([np.interp(points, fractions, row) for row in values])


def _into(angle: float, low: float, high: float) -> float:
    """The angle moved by whole turns into its bounds when it can be, else the nearest bound."""
    middle = 0.5 * (low + high)
    angle = middle + (angle - middle + np.pi) % (2.0 * np.pi) - np.pi
    return float(np.clip(angle, low, high))
