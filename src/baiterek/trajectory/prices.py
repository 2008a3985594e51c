"""What a natural step of each number is worth at an optimum: multipliers as prices with units."""

from __future__ import annotations

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.trajectory.numbers import collect
from baiterek.trajectory.optimum import LimitVerdict, Price
from baiterek.trajectory.solver import Solution
from baiterek.trajectory.steps import Step, steps
from baiterek.trajectory.transcription import Transcription

SHARE = 1e-3
"""Of a step, in the central differences that turn it into a change of the parameters."""


def prices(
    mission: Mission, problem: Transcription, solution: Solution, payload_kg: tuple[float, float],
    verdicts: tuple[LimitVerdict, ...],
) -> tuple[Price, ...]:  # fmt: skip
    """The price of every step of `mission` at its optimum, `solution` with its `lam_p`; 0 of a limit that is not felt.

    The envelope theorem (e.g. Nocedal & Wright 2006, sec. 12.8): the optimum changes as the Lagrangian does with its
    parameters, multipliers and variables held. A step changes the parameters, and through the target the bounds of
    variables; of the two bounds the one that the variable leans on counts. Valid while the same limits stay active.
    """
    worth = float(problem.merit_scale @ problem.numbers.of(problem.numbers.values, "weights"))
    leaning = _slope(problem, solution)

    idle = {verdict.name for verdict in verdicts if not verdict.active}

    def gain(step: Step) -> float:
        if step.limit and step.of in idle:
            return 0.0
        more, less = step.change(mission, SHARE), step.change(mission, -SHARE)
        parameters = (collect(more).values - collect(less).values) / (2.0 * SHARE)
        bounds = [problem.bounds(_payload(m, payload_kg), m) for m in (more, less)]
        low, high = (_difference(bounds[0][side], bounds[1][side]) / (2.0 * SHARE) for side in (0, 1))
        moved = np.where(leaning > 0.0, low, high)
        return float(-worth * (solution.lam_p @ parameters + leaning @ moved))

    return tuple(Price(s.of, s.what, s.amount, s.unit, gain(s), s.limit, s.paths) for s in steps(mission))


def _slope(problem: Transcription, solution: Solution) -> np.ndarray:
    """d(Lagrangian) / d(variables): zero but where a variable leans on its bound."""
    p = problem.numbers.values
    gradient = np.array(problem.functions["grad_f"](solution.w, p)[1]).ravel()
    jacobian = problem.functions["jac_g"](solution.w, p)[1]
    return gradient + np.array(jacobian.T @ solution.lam_g).ravel()


def _difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """one - other, and 0 where both are infinite."""
    return np.subtract(one, other, out=np.zeros_like(one), where=np.isfinite(one) & np.isfinite(other))


def _payload(mission: Mission, free: tuple[float, float]) -> tuple[float, float]:
    return free if mission.payload_kg is None else (float(mission.payload_kg),) * 2
