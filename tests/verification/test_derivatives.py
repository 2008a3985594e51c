"""The derivatives that are assembled node by node are those of the programme: against CasADi's own differentiation.

CasADi differentiates the whole programme along random directions (forward for the Jacobian, reverse over forward for
the Hessian of the Lagrangian); a wrong, missing or doubled entry shows in almost every direction.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import casadi as ca
import numpy as np
import pytest

from baiterek.catalogue.read import load_mission
from baiterek.trajectory import mesh as meshes
from baiterek.trajectory.guess import Guesser
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.transcription import Transcription

MISSIONS = Path(__file__).parents[2] / "missions"
DIRECTIONS = 3


def without_turn_rate(mission):
    """Directions free at every node, where a limit on the turn rate makes them run straight."""
    return replace(mission, limits=replace(mission.limits, turn_rate_rad_s=None))


CASES = {
    "delta-iii": ("published/delta-iii.toml", lambda m: m),
    "soyuz-5": ("soyuz5-leo.toml", lambda m: m),
    "soyuz-5 without a limit on the turn rate": ("soyuz5-leo.toml", without_turn_rate),
}


@pytest.fixture(scope="module", params=CASES)
def point(request):
    """A problem, a point near the guess (nowhere a solution), parameters, and random multipliers."""
    file, change = CASES[request.param]
    setting = Setting(change(load_mission(MISSIONS / file)))
    p = setting.numbers.values
    guess = Guesser(setting, p).guess()
    mesh = meshes.first_mesh(setting.plan.phases, guess, setting.straight)
    problem = Transcription(setting, meshes.with_attack_nodes(mesh, setting, guess, p))
    rng = np.random.default_rng(17)
    w = problem.start(guess)
    w = w * (1.0 + 1e-3 * rng.standard_normal(w.size)) + 1e-4 * rng.standard_normal(w.size)
    return problem, w, p, rng.standard_normal(problem.g.shape[0]), rng.standard_normal((w.size, DIRECTIONS))


def own(problem):
    """Symbols and expressions of the programme as CasADi sees it: x, p, f, g."""
    x, p = ca.MX.sym("x", problem.size), ca.MX.sym("p", problem.p.shape[0])
    return (x, p, *problem.functions["nlp"](x, p))


def close(found, expected):
    """To 1e-9 of the largest entry: derivatives of tables and logarithms differ in the last digits."""
    expected = np.array(expected)
    assert np.isfinite(expected).all()
    assert np.abs(np.array(found) - expected).max() <= 1e-9 * max(np.abs(expected).max(), 1.0)


def test_the_jacobian_is_that_of_the_constraints(point):
    problem, w, p, _, directions = point
    x, parameters, _, g = own(problem)
    v = ca.MX.sym("v", problem.size)
    product = ca.Function("product", [x, parameters, v], [ca.jtimes(g, x, v)])
    jacobian = problem.functions["jac_g"](w, p)[1]
    for direction in directions.T:
        close(jacobian @ ca.DM(direction), product(w, p, direction))


def test_every_row_of_the_jacobian_has_its_own_scale(point):
    """The same backwards, row by row weighted: a small row would drown in a large one above."""
    problem, w, p, multipliers, _ = point
    x, parameters, _, g = own(problem)
    weights = ca.MX.sym("weights", g.shape[0])
    product = ca.Function("product", [x, parameters, weights], [ca.jtimes(g, x, weights, True)])
    jacobian = problem.functions["jac_g"](w, p)[1]
    size = np.sqrt(np.array(ca.sum2(jacobian**2)).ravel())
    scaled = multipliers / np.maximum(size, 1e-12)
    close(jacobian.T @ ca.DM(scaled), product(w, p, scaled))


def test_the_gradient_is_that_of_the_objective(point):
    problem, w, p, _, _ = point
    x, parameters, f, _ = own(problem)
    gradient = ca.Function("gradient", [x, parameters], [ca.gradient(f, x)])
    close(problem.functions["grad_f"](w, p)[1], gradient(w, p))


def test_the_hessian_is_that_of_the_lagrangian(point):
    problem, w, p, multipliers, directions = point
    x, parameters, f, g = own(problem)
    v, lam_f, lam_g = ca.MX.sym("v", problem.size), ca.MX.sym("lam_f"), ca.MX.sym("lam_g", g.shape[0])
    gradient = ca.gradient(lam_f * f + ca.dot(lam_g, g), x)
    product = ca.Function("product", [x, parameters, lam_f, lam_g, v], [ca.jtimes(gradient, x, v)])
    upper = problem.functions["hess_lag"](w, p, 0.7, multipliers)
    assert upper.sparsity().is_triu()
    hessian = ca.triu2symm(upper)
    for direction in directions.T:
        close(hessian @ ca.DM(direction), product(w, p, 0.7, multipliers, direction))


def test_the_sensitivities_are_those_of_the_lagrangian(point):
    problem, w, p, multipliers, _ = point
    x, parameters, f, g = own(problem)
    lam_g = ca.MX.sym("lam_g", g.shape[0])
    slope = ca.Function("slope", [x, parameters, lam_g], [ca.gradient(f + ca.dot(lam_g, g), parameters)])
    close(problem.functions["lam_p"](w, p, multipliers), slope(w, p, multipliers))
