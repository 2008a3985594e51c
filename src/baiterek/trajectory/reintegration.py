"""An optimum is a promise: its own steering, integrated anew with finer steps, says how good it is.

Classical Runge-Kutta on the same equation of motion, steps of half a second or less that stop at every break of the
steering. It shares nothing with the collocation but the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.vehicle import FallingBody
from baiterek.trajectory.collocation import March
from baiterek.trajectory.layout import ramp
from baiterek.trajectory.paths import Guess, Path
from baiterek.trajectory.transcription import Transcription

STEP_s, FALL_STEP_s, COAST_STEP_s = 0.5, 1.0, 5.0


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
    """Integrates solutions of one transcription; `marches` are kept from mesh to mesh."""

    def __init__(self, problem: Transcription) -> None:
        self.problem = problem
        self._march: dict[str, March] = problem.setting.marches

    def _marcher(self, vacuum: bool) -> March:
        name = "vacuum" if vacuum else "powered"
        if name not in self._march:
            x, u = ca.SX.sym("x", 7), ca.SX.sym("u", 20)
            dynamics, p = self.problem.dynamics, self.problem.dynamics.symbols
            powered = dynamics.vacuum() if vacuum else dynamics.powered()
            h, engine, mass_scale = u[12], u[13:19], u[19]

            def rate(state, command):
                direction = command[:3] / ca.norm_2(command[:3])
                return powered(state, direction, command[3], engine, mass_scale, p)[0]

            k1 = rate(x, u[:4])
            k2 = rate(x + 0.5 * h * k1, u[4:8])
            k3 = rate(x + 0.5 * h * k2, u[4:8])
            k4 = rate(x + h * k3, u[8:12])
            self._march[name] = _twice(ca.Function("step", [x, u, p], [x + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)]))
        return self._march[name]

    def phase(self, k: int, path: Path, start: np.ndarray, p: np.ndarray, engine: np.ndarray, begin_s: float) -> Track:
        """Phase k from a scaled start state (7,), along the commands of `path`."""
        problem = self.problem
        breaks = problem.mesh.phases[k]
        widths = np.diff(breaks) * path.duration_s
        longest = COAST_STEP_s if problem.plan.phases[k].coast else STEP_s
        steps = max(1, int(np.ceil(widths.max() / longest)))
        inner = (np.arange(steps) / steps)[None, :] * np.diff(breaks)[:, None] + breaks[:-1, None]
        size = np.repeat(np.diff(breaks)[:, None] / steps, steps, axis=1)
        commands = self._commands(k, path, inner.ravel(), size.ravel())
        scale = problem.scale
        constants = np.tile(np.concatenate(([0.0], engine, [problem.mass_scales[k]]))[:, None], (1, inner.size))
        constants[0] = size.ravel() * path.duration_s / scale.time_s
        inputs = np.concatenate((commands, constants), axis=0)
        own = scale.scale(path.states(breaks))
        own[6] /= problem.mass_scales[k]
        whole, ends = _both(
            self._marcher(problem.plan.phases[k].vacuum), start, own, inputs, np.full(len(breaks) - 1, steps), p, 12
        )
        states = np.concatenate((start[:, None], whole), axis=1)
        error = self._errors(ends, own[:, 1:])
        fractions = np.concatenate((inner.ravel(), [1.0]))
        command = np.concatenate((commands[:4], commands[8:, -1:]), axis=1)
        command[:3] /= np.linalg.norm(command[:3], axis=0)
        dynamics = problem.dynamics
        observed = (dynamics.vacuum() if problem.plan.phases[k].vacuum else dynamics.powered()).map(states.shape[1], "serial")
        _, seen = observed(states, command[:3], command[3:], engine, problem.mass_scales[k], p)
        physical = scale.matrix(states)
        physical[6] *= problem.mass_scales[k]
        return Track(begin_s + fractions * path.duration_s, physical, command, np.array(seen), error)

    def _errors(self, ends: np.ndarray, own: np.ndarray) -> np.ndarray:
        """Largest gap of each interval: position in m, speed in mm/s."""
        gap = np.abs(ends - own)
        return np.maximum(
            gap[:3].max(axis=0) * self.problem.scale.length_m, gap[3:6].max(axis=0) * self.problem.scale.speed_m_s * 1e3
        )

    def _commands(self, k: int, path: Path, inner: np.ndarray, size: np.ndarray) -> np.ndarray:
        """Commands at the start, middle and end of every step, rows 0-3, 4-7, 8-11; never across a break."""
        phase = self.problem.plan.phases[k]
        parts = []
        for shift in (1e-9, 0.5, 1.0 - 1e-9):
            at = inner + shift * size
            command = path.controls(at)
            if phase.ramp:
                command[3] = phase.throttle[1] * ramp(phase.ramp, at)
            parts.append(command)
        return np.concatenate(parts, axis=0)

    def flight(self, guess: Guess, p: np.ndarray) -> tuple[list[Track], np.ndarray]:
        """All phases from the pad, one after the other; and the final scaled state of the solution itself."""
        problem = self.problem
        page = problem.books.numbers(p, guess.payload_kg)
        scale, begin = problem.scale, 0.0
        tracks: list[Track] = []
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
        problem, time = self.problem, self.problem.scale.time_s
        breaks = problem.mesh.falls[name]
        _, drop = problem.setting.dropped(name)
        assert drop.body is not None
        march = self._fall_marcher(drop.body)
        own = problem.scale.scale(path.states(breaks))
        widths = np.diff(breaks) * path.duration_s
        steps = np.maximum(1, np.ceil(widths / FALL_STEP_s)).astype(int)
        inputs = np.stack((np.repeat(widths / steps / time, steps), np.full(steps.sum(), mass_kg)))
        whole, ends = _both(march, start, own, inputs, steps, p, 0)
        physical = np.array([float(c) for c in problem.scale.physical(whole[:, -1])])
        return physical, self._errors(ends, own[:, 1:])

    def _fall_marcher(self, body: FallingBody) -> March:
        key = f"fall {body.name}"
        if key not in self._march:
            rate = self.problem.dynamics.falling(body)
            x, u, p = ca.SX.sym("x", 6), ca.SX.sym("u", 2), self.problem.dynamics.symbols
            h, mass = u[0], u[1]
            k1 = rate(x, mass, p)
            k2 = rate(x + 0.5 * h * k1, mass, p)
            k3 = rate(x + 0.5 * h * k2, mass, p)
            k4 = rate(x + h * k3, mass, p)
            self._march[key] = _twice(ca.Function("step", [x, u, p], [x + h / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)]))
        return self._march[key]


def _twice(step: ca.Function) -> March:
    """A march of two states under the same inputs: the flight's own, and one set anew wherever the last input is 1."""
    size, inputs = step.size1_in(0), step.size1_in(1)
    x, u, p = ca.SX.sym("x", 2 * size), ca.SX.sym("u", inputs + size + 1), ca.SX.sym("p", step.size1_in(2))
    anew = u[-1] * u[inputs:-1] + (1.0 - u[-1]) * x[size:]
    moved = ca.vertcat(step(x[:size], u[:inputs], p), step(anew, u[:inputs], p))
    return March(ca.Function("steps", [x, u, p], [moved]))


def _both(
    march: March, start: np.ndarray, own: np.ndarray, inputs: np.ndarray, steps: np.ndarray, p: np.ndarray, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """States after every step from `start`; and at the end of each interval, of so many `steps`, from its own start.

    `own` are the solution's states at the ends of the intervals; row `length` of the inputs is the length of a step.
    """
    size, first = len(start), np.concatenate(([0], np.cumsum(steps)[:-1]))
    anew = np.zeros((size + 1, inputs.shape[1]))
    anew[:size, first], anew[size, first] = own[:, :-1], 1.0
    inputs = np.concatenate((inputs, anew), axis=0)
    idle = inputs[:, -1].copy()
    idle[[length, -1]] = 0.0
    states = march(np.concatenate((start, own[:, 0])), inputs, p, idle)
    return states[:size], states[size:, np.cumsum(steps) - 1]
