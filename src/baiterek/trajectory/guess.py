"""A flight to start from, made without the user: a simulated ascent whose few parameters a small solve finds."""

from __future__ import annotations

from collections.abc import Callable

import casadi as ca
import numpy as np

from baiterek.trajectory import terminal
from baiterek.trajectory.ascent import Ascent, Shape
from baiterek.trajectory.ideal import likely_payload
from baiterek.trajectory.paths import Guess, Path
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.upper_guess import UpperGuess

FALL_STEP_S, FALL_STEPS = 1.0, 200
SPAN_m_s = 2000.0
"""Ideal velocity of a launcher and the first burn of an upper stage that the fourth unknown changes by 1."""


class Guesser:
    """Finds the ascent of one setting's mission that ends nearest to its target, and hands it over."""

    def __init__(self, setting: Setting, p: np.ndarray) -> None:
        self.setting, self.p, self.mission, self.scale = setting, p, setting.mission, setting.scale
        self.ascent = Ascent(setting, p)
        self.share = self.ascent.share

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
            turned = float(np.clip(z[0], 0.002, 0.6)), z[1], z[2]
            if free_payload:
                return Shape(*turned, float(np.clip(payload + size * (z[3] - 1.0), 0.0, 6.0 * size)))
            more = float(np.clip(z[3], 0.3, 1.5))
            if self.share is not None:
                return Shape(*turned, payload, more_m_s=SPAN_m_s * (more - 1.0))
            return Shape(*turned, payload, last_burn=more)

        def residual(z: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
            tracks = self.ascent.fly(shape_of(z))
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
        if self.share is not None and self.ascent.outline.steps:
            low = self.ascent.outline.perigee_radius_m
            radii = np.array([low, low if self.share.climb_m_s > 0.0 else self.ascent.outline.apogee_radius_m])
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
        shape = Shape(0.0, 0.0, 0.0, float(self.mission.payload_kg or 0.0))
        tracks = self.ascent.fly(shape)
        tracks[-1] = self.ascent.to_the_top(tracks[-1], len(tracks) - 1)
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
        if self.share is not None and self.ascent.outline.steps:
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
        flow = -np.gradient(states[6], np.maximum(track[7] * self.scale.time_s, 0.0) + 1e-9 * np.arange(track.shape[1]))
        full = self.setting.books.numbers(self.p, shape.payload_kg).engine[k]
        throttle = np.clip((flow - full[5]) / full[2], 0.0, 1.2) if full[2] > 0 else np.zeros_like(flow)
        controls = np.concatenate((self.ascent.direction(k, track, shape), throttle[None, :]), axis=0)
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


def _sampler(fractions: np.ndarray, values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda points: np.stack([np.interp(points, fractions, row) for row in values])


def _into(angle: float, low: float, high: float) -> float:
    """The angle moved by whole turns into its bounds when it can be, else the nearest bound."""
    middle = 0.5 * (low + high)
    angle = middle + (angle - middle + np.pi) % (2.0 * np.pi) - np.pi
    return float(np.clip(angle, low, high))
