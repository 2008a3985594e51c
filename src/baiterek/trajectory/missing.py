"""Why a mission cannot be flown, in words and numbers: read off the relaxed problem."""

from __future__ import annotations

import math

import numpy as np

from baiterek.physics.propulsion import ideal_delta_v
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.solver import Solution
from baiterek.trajectory.transcription import Transcription

VISIBLE = 1e-4
"""Share of a limit below which giving way does not count."""


def explain(problem: Transcription, relaxed: Solution, p: np.ndarray, message: str) -> Optimum:
    """An `infeasible` optimum with what is missing, or a `failed` one when even the relaxed problem has no answer."""
    if not relaxed.converged:
        advice = (
            f"no flight found (solver: {message}; relaxed problem: {relaxed.message}). The target may be out of reach of any "
            "flight of this vehicle: try a lower orbit, a smaller payload, or fewer limits to see which one matters"
        )
        return Optimum("failed", advice, math.nan, math.nan)
    given = {name: share for name, share in relaxed.slack.items() if share > VISIBLE}
    if not given:
        return Optimum(
            "failed",
            f"the relaxed problem has an answer but the full one was not solved ({message})",
            math.nan,
            math.nan,
        )
    guess = problem.read(relaxed.w, p)
    page = problem.books.numbers(p, guess.payload_kg)
    sentences, missing = [], {}
    for b, budget in enumerate(problem.plan.budgets):
        share = given.pop(f"propellant {budget.stage}", 0.0)
        if share <= 0.0:
            continue
        lacking = share * page.usable_kg[b]
        end = float(guess.phases[budget.phases[-1]].states(np.array([1.0]))[6, 0])
        stage = problem.mission.vehicle.stages[b]
        speed = float(ideal_delta_v(end + lacking, end, float(stage.engines[0].isp_vac_s)))
        missing[f"propellant {budget.stage} kg"], missing[f"{budget.stage} m/s"] = lacking, speed
        sentences.append(
            f"the target needs {speed:.0f} m/s more than {budget.stage} has ({lacking:.0f} kg of propellant): "
            "lower the payload or the orbit"
        )
    for name, share in sorted(given.items(), key=lambda item: -item[1]):
        missing[name] = share
        sentences.append(f"{name} would have to give by {share:.3g} of its scale")
    advice = "by the smallest violation that a local search found, " + "; ".join(sentences)
    return Optimum("infeasible", advice, guess.payload_kg, math.nan, missing=missing)
