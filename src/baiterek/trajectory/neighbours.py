"""One written problem, solved again for missions that differ from it in numbers only: a warm start from its optimum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.history import Steering
from baiterek.trajectory.attempt import steering_of
from baiterek.trajectory.missing import explain
from baiterek.trajectory.numbers import Numbers, collect
from baiterek.trajectory.optimise import Say, best_way
from baiterek.trajectory.solver import Solution
from baiterek.trajectory.verdicts import ACTIVE


@dataclass(frozen=True)
class Neighbour:
    """The optimum of a neighbouring mission on the first one's mesh, with fewer nodes for the falls; not re-integrated."""

    converged: bool
    message: str
    payload_kg: float
    objective: float
    iterations: int
    solve_s: float
    active: tuple[str, ...]
    """Limits that bind."""
    solution: Solution
    """What another neighbour starts from."""


@dataclass(frozen=True)
class Refusal:
    """Why a neighbouring mission has no flight, and the relaxed problem that says so."""

    status: str
    """`infeasible`, or `failed` when not even the relaxed problem was solved."""
    advice: str
    missing: Mapping[str, float]
    active: tuple[str, ...]
    """Limits that bind in the nearest flight."""
    relaxed: Solution


class Neighbours:
    """Solves `mission` in full once (`optimum`), then others near it, warm.

    Another mission may differ in every number of the vehicle, in limits that both set, in wind, in the elements of the
    target and in the place of the zones, but not in structure: the same stages, the same kinds of limit and zone. Steering
    angles are counted from the first one's plane: launch azimuths must stay well within 90 deg of its own.
    """

    def __init__(self, mission: Mission, progress: Say | None = None, held_back: Mapping[str, float] | None = None) -> None:
        """`held_back`: load -> share of its limit (squared where it stands squared) kept back at the nodes for what it
        does between them."""
        self._run, found = best_way(mission, progress or (lambda text: None))
        self.optimum = found.require()
        self.mission = self._run.mission
        """With the number of burns decided."""
        self._run.attempt = self._run.leaner(self._run.attempt)
        for c in self._run.attempt.problem.constraints:
            if c.phase >= 0:
                rows = self._run.attempt.programme.withheld[c.rows]
                np.maximum(rows, (held_back or {}).get(c.name, 0.0), out=rows)

    def solve(self, mission: Mission, start: Neighbour | None = None) -> Neighbour:
        """The optimum of `mission` from the multipliers and the active limits of the first, or of `start`."""
        first = self._run.attempt
        numbers = self._numbers(mission)
        origin = first.solution if start is None else start.solution
        solution = first.programme.solve(numbers.values, origin, self._payload(mission), near=True, mission=mission)
        found = float(solution.w[first.problem.place["payload"]][0] * first.problem.payload_scale)
        return Neighbour(
            solution.converged, solution.message, found, float(np.negative(solution.objective) * self._worth(numbers)),
            solution.iterations, solution.seconds, self._active(solution), solution,
        )  # fmt: skip

    def steering(self, mission: Mission, found: Neighbour) -> Steering:
        """The commands of an optimum, ready to be flown."""
        problem, numbers = self._run.attempt.problem, self._numbers(mission)
        return steering_of(problem, problem.read(found.solution.w, numbers.values), numbers.values)

    def end_state(self, mission: Mission, found: Neighbour) -> np.ndarray:
        """Inertial position (m) and velocity (m/s) of an optimum at insertion, shape (6,)."""
        guess = self._run.attempt.problem.read(found.solution.w, self._numbers(mission).values)
        return guess.phases[-1].states(np.array([1.0]))[:6, 0]

    def sensitivities(self, mission: Mission, found: Neighbour) -> dict[str, float]:
        """d(objective) / d(number) for each number of the vehicle and the upper stage, per unit of that number."""
        problem, numbers = self._run.attempt.problem, self._numbers(mission)
        slopes = np.array(problem.functions["lam_p"](found.solution.w, numbers.values, found.solution.lam_g)).ravel()
        worth = self._worth(numbers)
        paths = [*mission.vehicle.data, *(name for name in numbers.names if name.startswith("upper_stage."))]
        return {path: float(-slopes[numbers.place[path]][0] * worth) for path in paths}

    def why(self, mission: Mission, start: Neighbour | Refusal) -> Refusal:
        """Why `mission` has no flight near `start`: the smallest violation of its limits."""
        first = self._run.attempt
        p = self._numbers(mission).values
        guess = start.relaxed if isinstance(start, Refusal) else first.problem.read(start.solution.w, p)
        relaxed = first.programme.relax(p, guess, self._payload(mission), mission=mission)
        reason = explain(first.problem, relaxed, p, "no flight found from any neighbour")
        return Refusal(reason.status, reason.advice, reason.missing, self._active(relaxed), relaxed)

    def _numbers(self, mission: Mission) -> Numbers:
        numbers = collect(mission)
        if numbers.names != self._run.setting.numbers.names:
            raise ValueError("a neighbouring mission must have the same stages, limits and zones as the first")
        return numbers

    def _payload(self, mission: Mission) -> tuple[float, float]:
        return self._run.payload if mission.payload_kg is None else (float(mission.payload_kg),) * 2

    def _worth(self, numbers: Numbers) -> float:
        return float(self._run.attempt.problem.merit_scale @ numbers.of(numbers.values, "weights"))

    def _active(self, solution: Solution) -> tuple[str, ...]:
        """Names of the limits whose rows carry a multiplier, in the order of the problem."""
        limits = [c for c in self._run.attempt.problem.constraints if c.limit]
        binding = [c.name for c in limits if float(np.abs(solution.lam_g[c.rows]).sum()) > ACTIVE]
        return tuple(dict.fromkeys(binding))
