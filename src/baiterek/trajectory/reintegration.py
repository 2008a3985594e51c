"""An optimum is a promise: its own steering, integrated anew with finer steps, says how good it is.

Classical Runge-Kutta on the same equation of motion, steps of half a second or less that stop at every break of the
steering. It shares nothing with the collocation but the formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.vehicle import FallingBody
from baiterek.trajectory.paths import Guess, Path
from baiterek.trajectory.transcription import Transcription

STEP_s, FALL_STEP_s = 0.5, 1.0


@dataclass(frozen=True)
class Track:
    """A phase integrated anew: SI states and commands at the ends of its steps, with what the air did."""

    t_s: np.ndarray
    states: np.ndarray
    """(7, n)"""
    commands: np.ndarray
    """(4, n)"""
    path: np.ndarray
    """(4, n): rows of `dynamics.PATH`."""
    interval_error: np.ndarray
    """Of each mesh interval, integrated from the solution's own start: largest of position / m and speed / (mm/s)."""


class Reintegration:
    """Integrates solutions of one transcription."""

    def __init__(self, problem: Transcription) -> None:
        self.problem = problem
        self._march: dict[tuple[str, int], ca.Function] = {}

    def _marcher(self, steering: str, steps: int) -> ca.Function:
        key = (steering, steps)
        if key not in self._march:
            x, u, a = ca.SX.sym("x", 7), ca.SX.sym("u", 12), ca.SX.sym("a", 8)
            powered = self.problem.dynamics.powered(steering)
            p = self.problem.dynamics.symbols
            h, engine, mass_scale = a[0], a[1:7], a[7]

            def rate(state, command):
                direction = command[:3] / ca.norm_2(command[:3]) if steering == "free" else command[:3]
                return powered(state, direction, command[3], engine, mass_scale, p)[0]

            k1 = rate(x, u[:4])
            k2 = rate(x + 0.5 * h * k1, u[4:8])
            k3 = rate(x + 0.5 * h * k2, u[4:8])
            k4 = rate(x + h * k3, u[8:12])
            step = ca.Function("step", [x, u, a, p], [x + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)])
            self._march[key] = step.mapaccum("march", steps, [0], [0])
        return self._march[key]

    def phase(self, k: int, path: Path, start: np.ndarray, p: np.ndarray, engine: np.ndarray, begin_s: float) -> Track:
        """Phase k from a scaled start state (7,), along the commands of `path`."""
        problem = self.problem
        plan, breaks = problem.plan.phases[k], problem.mesh.phases[k]
        widths = np.diff(breaks) * path.duration_s
        steps = max(1, int(np.ceil(widths.max() / STEP_s)))
        inner = (np.arange(steps) / steps)[None, :] * np.diff(breaks)[:, None] + breaks[:-1, None]
        size = np.repeat(np.diff(breaks)[:, None] / steps, steps, axis=1)
        commands = self._commands(k, path, inner.ravel(), size.ravel(), breaks)
        scale = problem.scale
        constants = np.tile(np.concatenate(([0.0], engine, [problem.mass_scales[k]]))[:, None], (1, inner.size))
        constants[0] = size.ravel() * path.duration_s / scale.time_s
        parameters = np.tile(p[:, None], (1, inner.size))
        steering = "up" if plan.steering == "up" else "free"
        whole = np.array(self._marcher(steering, inner.size)(start, commands, constants, parameters))
        states = np.concatenate((start[:, None], whole), axis=1)
        own = scale.scale(path.states(breaks))
        own[6] /= problem.mass_scales[k]
        error = self._interval_errors(steering, steps, own, commands, constants, parameters)
        fractions = np.concatenate((inner.ravel(), [1.0]))
        command = np.concatenate((commands[:4], commands[8:, -1:]), axis=1)
        if steering == "free":
            command[:3] /= np.linalg.norm(command[:3], axis=0)
        observed = problem.dynamics.powered(steering).map(states.shape[1], "serial")
        _, seen = observed(states, command[:3], command[3:], engine, problem.mass_scales[k], p)
        physical = scale.matrix(states)
        physical[6] *= problem.mass_scales[k]
        return Track(begin_s + fractions * path.duration_s, physical, command, np.array(seen), error)

    def _interval_errors(self, steering, steps, own, commands, constants, parameters) -> np.ndarray:
        scale, march = self.problem.scale, self._marcher(steering, steps)
        errors = []
        for i in range(own.shape[1] - 1):
            part = slice(i * steps, (i + 1) * steps)
            end = np.array(march(own[:, i], commands[:, part], constants[:, part], parameters[:, part]))[:, -1]
            gap = np.abs(end - own[:, i + 1])
            errors.append(max(gap[:3].max() * scale.length_m, gap[3:6].max() * scale.speed_m_s * 1e3))
        return np.array(errors)

    def _commands(self, k, path, inner, size, breaks) -> np.ndarray:
        """Commands at the start, middle and end of every step, rows 0-3, 4-7, 8-11; never across a break."""
        phase = self.problem.plan.phases[k]
        parts = []
        for shift in (1e-9, 0.5, 1.0 - 1e-9):
            at = inner + shift * size
            command = path.controls(at)
            if phase.ramp:
                command[3] = phase.throttle[1] * (at if phase.ramp == "rise" else 1.0 - at)
            parts.append(command)
        del breaks
        return np.concatenate(parts, axis=0)

    def flight(self, guess: Guess, p: np.ndarray) -> tuple[list[Track], np.ndarray]:
        """All phases from the pad, one after the other; and the final scaled state of the solution itself."""
        problem = self.problem
        page = problem.books.numbers(p, guess.payload_kg)
        scale, tracks, begin = problem.scale, [], 0.0
        pad = scale.scale(problem.numbers.of(p, "pad")[:, None])[:, 0]
        state, mass = pad, page.mass_start_kg[0]
        for k, phase in enumerate(problem.plan.phases):
            if k > 0:
                mass = page.mass_start_kg[k]
                if phase.mass_start_kg is None:
                    mass = tracks[-1].states[6, -1] - page.fixed_drop_kg[k - 1]
            start = np.concatenate((state[:6], [mass / problem.mass_scales[k]]))
            track = self.phase(k, guess.phases[k], start, p, page.engine[k], begin)
            tracks.append(track)
            begin += guess.phases[k].duration_s
            state = scale.scale(track.states[:, -1:])[:, 0]
        return tracks, guess.phases[-1].states(np.array([1.0]))[:, 0]

    def fall(self, name: str, path: Path, start: np.ndarray, mass_kg: float, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A fall from a scaled start state (6,) over the solution's duration: end state in SI (6,), interval errors."""
        problem = self.problem
        breaks = problem.mesh.falls[name]
        _, drop = problem.setting.dropped(name)
        widths = np.diff(breaks) * path.duration_s
        steps = max(1, int(np.ceil(widths.max() / FALL_STEP_s)))
        march = self._fall_marcher(drop.body, steps)
        time = problem.scale.time_s
        own = problem.scale.scale(path.states(breaks))
        state, errors = start, []
        for i, width in enumerate(widths):
            end = np.array(march(own[:, i], width / steps / time, mass_kg, p))[:, -1]
            gap = np.abs(end - own[:, i + 1])
            errors.append(max(gap[:3].max() * problem.scale.length_m, gap[3:6].max() * problem.scale.speed_m_s * 1e3))
            state = np.array(march(state, width / steps / time, mass_kg, p))[:, -1]
        physical = np.array([float(c) for c in problem.scale.physical(state)])
        return physical, np.array(errors)

    def _fall_marcher(self, body: FallingBody, steps: int) -> Callable[..., ca.DM]:
        key = (f"fall {body.name}", steps)
        if key not in self._march:
            rate = self.problem.dynamics.falling(body)
            x, h, mass, p = ca.SX.sym("x", 6), ca.SX.sym("h"), ca.SX.sym("m"), self.problem.dynamics.symbols
            k1 = rate(x, mass, p)
            k2 = rate(x + 0.5 * h * k1, mass, p)
            k3 = rate(x + 0.5 * h * k2, mass, p)
            k4 = rate(x + h * k3, mass, p)
            step = ca.Function("step", [x, h, mass, p], [x + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)])
            self._march[key] = step.mapaccum("march", steps, [0], [0])
        march = self._march[key]
        return lambda x0, h_, m_, p_: march(x0, np.full((1, steps), h_), np.full((1, steps), m_), np.tile(p_[:, None], (1, steps)))
