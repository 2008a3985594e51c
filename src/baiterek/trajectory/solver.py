"""Solving a written problem: IPOPT, and the relaxed problem that says what is missing."""

from __future__ import annotations

import time
from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.transcription import Transcription

IPOPT = {
    "print_level": 0,
    "sb": "yes",
    "tol": 1e-8,
    "constr_viol_tol": 1e-9,
    "acceptable_tol": 1e-6,
    "acceptable_iter": 15,
    "max_iter": 250,
    "mu_init": 1e-4,
    "bound_relax_factor": 0.0,
    "bound_push": 1e-4,
    "bound_frac": 1e-4,
    "slack_bound_push": 1e-4,
    "slack_bound_frac": 1e-4,
    "linear_solver": "mumps",
    "mumps_mem_percent": 100,
    # The problem is scaled by hand; MUMPS's own permutation and scaling cost half of the time here.
    "mumps_permuting_scaling": 0,
    "mumps_scaling": 0,
}
SETTINGS = {"print_time": False, "error_on_fail": False, "calc_lam_p": False}
WARM = {
    "warm_start_init_point": "yes",
    "warm_start_bound_push": 1e-7,
    "warm_start_bound_frac": 1e-7,
    "warm_start_slack_bound_push": 1e-7,
    "warm_start_slack_bound_frac": 1e-7,
    "warm_start_mult_bound_push": 1e-7,
    "mu_init": 1e-9,
}


@dataclass(frozen=True)
class Solution:
    """A point with its multipliers, and how the solver left it."""

    w: np.ndarray
    lam_g: np.ndarray
    lam_x: np.ndarray
    lam_p: np.ndarray
    """Derivative of the (minimised) optimum with respect to each parameter."""
    objective: float
    converged: bool
    message: str
    iterations: int
    seconds: float
    slack: dict[str, float]
    """Of the relaxed problem: by how much each limit had to give, as a share of the limit."""


class Programme:
    """A transcription with its IPOPT instances, ready to be solved again and again."""

    def __init__(self, problem: Transcription) -> None:
        self.problem = problem
        self._solvers: dict[str, ca.Function] = {}
        self.withheld = np.zeros(problem.g.shape[0])
        """Share of a load limit that its nodes keep back, so that the flight between them keeps it too."""

    def solve(
        self, p: np.ndarray, guess: Guess | Solution, payload_kg: tuple[float, float], warm: bool = False,
        mission: Mission | None = None,
    ) -> Solution:  # fmt: skip
        """Solve for parameters `p` (and the target of `mission`); from a solution with `warm`, multipliers and all."""
        problem = self.problem
        low, high = problem.bounds(payload_kg, mission)
        g_low, g_high = problem.constraint_bounds()
        g_high = g_high - self.withheld
        arguments = {"p": p, "lbx": low, "ubx": high, "lbg": g_low, "ubg": g_high}
        if isinstance(guess, Solution):
            arguments |= {"x0": guess.w, "lam_x0": guess.lam_x, "lam_g0": guess.lam_g}
        else:
            arguments["x0"] = problem.start(guess)
        return self._run(self._solver("warm" if warm else "cold"), arguments)

    def satisfied(self, solution: Solution, p: np.ndarray) -> bool:
        """Whether a solution for other parameters also keeps every constraint for `p`."""
        g = np.array(self.problem.functions["nlp"](solution.w, p)[1]).ravel()
        low, high = self.problem.constraint_bounds()
        return bool(np.all(g >= low - 1e-6) and np.all(g <= high - self.withheld + 1e-6))

    def _solver(self, kind: str) -> ca.Function:
        if kind not in self._solvers:
            problem = self.problem
            options = IPOPT | (WARM if kind == "warm" else {})
            own = {name: problem.functions[name] for name in ("grad_f", "jac_g", "hess_lag")}
            settings = SETTINGS | {"ipopt": options} | own
            self._solvers[kind] = ca.nlpsol(f"ascent_{kind}", "ipopt", problem.functions["nlp"], settings)
        return self._solvers[kind]

    def relax(self, p: np.ndarray, guess: Guess, payload_kg: tuple[float, float], only: str = "") -> Solution:
        """The smallest violation: every limit whose name starts with `only` may give by a share that is minimised."""
        problem = self.problem
        chosen = [c for c in problem.constraints if c.limit and c.name.startswith(only)]
        names = sorted({c.name for c in chosen})
        slack = ca.MX.sym("slack", len(names))
        g_low, g_high = problem.constraint_bounds()
        give = ca.MX.zeros(problem.g.shape[0])
        extra, extra_low = [], []
        g = problem.g
        for c in chosen:
            s = slack[names.index(c.name)]
            size = c.rows.stop - c.rows.start
            if np.isfinite(c.high):
                give[c.rows] = ca.repmat(s, size, 1)
            if np.isfinite(c.low) and not np.isfinite(c.high):
                give[c.rows] = ca.repmat(-s, size, 1)
            if c.low == c.high:
                extra.append(g[c.rows] + ca.repmat(s, size, 1))
                extra_low += [c.low] * size
                g_low[c.rows] = -np.inf
        objective = ca.sum1(slack) + 1e-4 * problem.objective
        nlp = {
            "x": ca.vertcat(problem.w, slack), "p": problem.p, "f": objective, "g": ca.vertcat(g - give, *extra),
        }  # fmt: skip
        settings = {"ipopt": IPOPT, "print_time": False, "error_on_fail": False}
        low, high = problem.bounds(payload_kg)
        count = len(names)
        arguments = {
            "x0": np.concatenate((problem.start(guess), np.full(count, 0.3))), "p": p,
            "lbx": np.concatenate((low, np.zeros(count))), "ubx": np.concatenate((high, np.full(count, np.inf))),
            "lbg": np.concatenate((g_low, extra_low)), "ubg": np.concatenate((g_high, np.full(len(extra_low), np.inf))),
        }  # fmt: skip
        solution = self._run(ca.nlpsol("relaxed", "ipopt", nlp, settings), arguments)
        values = solution.w[problem.size :]
        given = {name: float(v) for name, v in zip(names, values, strict=True)}
        return Solution(
            solution.w[: problem.size], solution.lam_g[: problem.g.shape[0]], solution.lam_x[: problem.size],
            solution.lam_p, solution.objective, solution.converged, solution.message, solution.iterations,
            solution.seconds, given,
        )  # fmt: skip

    @staticmethod
    def _run(solver: ca.Function, arguments: dict) -> Solution:
        began = time.perf_counter()
        result = solver(**arguments)
        seconds = time.perf_counter() - began
        stats = solver.stats()
        w, lam_g, lam_x, lam_p = (np.array(result[key]).ravel() for key in ("x", "lam_g", "lam_x", "lam_p"))
        return Solution(
            w, lam_g, lam_x, lam_p,
            float(result["f"]), bool(stats["success"]), str(stats["return_status"]), int(stats["iter_count"]),
            seconds, {},
        )  # fmt: skip
