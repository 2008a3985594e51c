"""One written problem, solved again for missions that differ from it in numbers only: a warm start from its optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.trajectory.numbers import collect
from baiterek.trajectory.optimise import Optimisation, Say


@dataclass(frozen=True)
class Neighbour:
    """The optimum of a neighbouring mission on the first one's mesh, with fewer nodes for the falls; not re-integrated."""

    converged: bool
    message: str
    payload_kg: float
    objective: float
    iterations: int
    solve_s: float


class Neighbours:
    """Solves `mission` in full once (`optimum`), then others near it, warm.

    Another mission may differ in every number of the vehicle, in limits that both set, in wind, in the elements of the
    target and in the place of the zones, but not in structure: the same stages, the same kinds of limit and zone.
    """

    def __init__(self, mission: Mission, progress: Say | None = None) -> None:
        self._run = Optimisation(mission, progress or (lambda text: None))
        self.optimum = self._run.run().require()
        self._run.attempt = self._run.leaner(self._run.attempt)

    def solve(self, mission: Mission) -> Neighbour:
        """The optimum of `mission` from the multipliers and the active limits of the first."""
        first = self._run.attempt
        numbers = collect(mission)
        if numbers.names != self._run.setting.numbers.names:
            raise ValueError("a neighbouring mission must have the same stages, limits and zones as the first")
        payload = self._run.payload if mission.payload_kg is None else (float(mission.payload_kg),) * 2
        solution = first.programme.solve(numbers.values, first.solution, payload, near=True, mission=mission)
        found = float(solution.w[first.problem.place["payload"]][0] * first.problem.payload_scale)
        worth = float(first.problem.merit_scale @ numbers.of(numbers.values, "weights"))
        return Neighbour(
            solution.converged, solution.message, found, float(np.negative(solution.objective) * worth),
            solution.iterations, solution.seconds,
        )  # fmt: skip
