"""Solving a written problem: IPOPT, and the relaxed problem that says what is missing."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

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
    "max_iter": 120,
    # Of this process, not of the clock, and far off: how far a search gets must not hang on who else is computing.
    "max_cpu_time": 60.0,
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
FINER = dict.fromkeys(("mu_init", "bound_push", "bound_frac", "slack_bound_push", "slack_bound_frac"), 1e-6)
PULL = 1e-4
"""Weight of the mission's own objective beside the slacks of the relaxed problem."""
SETTINGS = {"print_time": False, "error_on_fail": False, "calc_lam_p": False, "show_eval_warnings": False}
"""IPOPT draws back from a point where a formula has no value; it need not be said."""
WARM = {
    "warm_start_init_point": "yes",
    "warm_start_bound_push": 1e-7,
    "warm_start_bound_frac": 1e-7,
    "warm_start_slack_bound_push": 1e-7,
    "warm_start_slack_bound_frac": 1e-7,
    "warm_start_mult_bound_push": 1e-7,
    "mu_init": 1e-9,
}
NEAR = WARM | {"accept_every_trial_step": "yes", "max_iter": 25}
"""From an optimum to one near it: full steps. The line search would refuse most of them, for the sake of an
infeasibility that the next step mends; who strays starts again with it."""
AGAIN = WARM | {"max_iter": 50}
"""Those that end well do so within 40 iterations; towards an orbit out of reach the multipliers grow without end."""


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
        self.given = np.zeros(problem.g.shape[0])
        """Share by which limits are wider than they are, on the way to them."""
        self.shift = np.zeros(problem.g.shape[0])
        """What equations are to be instead of zero: by how much the flown ascent misses the mesh's at its end."""

    def solve(
        self, p: np.ndarray, guess: Guess | Solution, payload_kg: tuple[float, float], warm: bool = False,
        mission: Mission | None = None, finer: bool = False, near: bool = False,
    ) -> Solution:  # fmt: skip
        """Solve for parameters `p` (and the target of `mission`); from a solution with `warm`, multipliers and all.

        `finer`: the guess is the optimum of another mesh, so the barrier begins low. `near` is `warm` without a line
        search, and with one where that fails.
        """
        problem = self.problem
        low, high = problem.bounds(payload_kg, mission)
        g_low, g_high = problem.constraint_bounds()
        g_low, g_high = g_low + self.shift - self.given, g_high - self.withheld + self.shift + self.given
        arguments = {"p": p, "lbx": low, "ubx": high, "lbg": g_low, "ubg": g_high}
        if isinstance(guess, Solution):
            arguments |= {"x0": guess.w, "lam_x0": guess.lam_x, "lam_g0": guess.lam_g}
        else:
            arguments["x0"] = problem.start(guess)
        if near:
            found = self._run(self._solver("near"), arguments)
            if found.converged:
                return found
        return self._run(self._solver("again" if near else "warm" if warm else "finer" if finer else "cold"), arguments)

    def satisfied(self, solution: Solution, p: np.ndarray) -> bool:
        """Whether a solution for other parameters also keeps every constraint for `p`."""
        return self.violation(solution, p) <= 1e-6

    def violation(self, solution: Solution, p: np.ndarray) -> float:
        """The largest one of any row for `p`."""
        g = np.array(self.problem.functions["nlp"](solution.w, p)[1]).ravel() - self.shift
        low, high = self.problem.constraint_bounds()
        return float(np.max(np.maximum(low - g, g - high + self.withheld)))

    def _solver(self, kind: str) -> ca.Function:
        if kind not in self._solvers:
            problem = self.problem
            kinds: dict[str, dict[str, Any]] = {"cold": {}, "warm": WARM, "near": NEAR, "again": AGAIN, "finer": FINER}
            options = {**IPOPT, **kinds[kind]}
            own = {name: problem.functions[name] for name in ("grad_f", "jac_g", "hess_lag")}
            settings = SETTINGS | {"ipopt": options} | own
            self._solvers[kind] = ca.nlpsol(f"ascent_{kind}", "ipopt", problem.functions["nlp"], settings)
        return self._solvers[kind]

    def relax(self, p: np.ndarray, guess: Guess | Solution, payload_kg: tuple[float, float], only: str = "",
              mission: Mission | None = None) -> Solution:  # fmt: skip
        """The smallest violation: every limit whose name starts with `only` may give by a share that is minimised.

        A relaxed solution in place of a guess is a warm start.
        """
        problem = self.problem
        chosen = [c for c in problem.constraints if c.limit and c.low != c.high and c.name.startswith(only)]
        names = sorted({c.name for c in chosen})
        give = np.zeros((problem.g.shape[0], len(names)))
        for c in chosen:
            give[c.rows, names.index(c.name)] = 1.0 if np.isfinite(c.high) else -1.0
        low, high = problem.bounds(payload_kg, mission)
        g_low, g_high = problem.constraint_bounds()
        count, unit = len(names), np.ones(len(names))
        arguments = {
            "lbx": np.concatenate((low, np.zeros(count))), "ubx": np.concatenate((high, np.full(count, np.inf))),
            "lbg": g_low, "ubg": g_high, "p": p,
        }  # fmt: skip
        warm = isinstance(guess, Solution)
        if isinstance(guess, Solution):
            slack = np.array(list(guess.slack.values()))
            prices = np.where(slack > 0.0, 0.0, -1.0)
            arguments |= {"lam_g0": guess.lam_g, "lam_x0": np.concatenate((guess.lam_x, prices))}
            arguments["x0"] = np.concatenate((guess.w, slack))
        else:
            start = problem.start(guess)
            g = np.array(problem.functions["nlp"](start, p)[1]).ravel()
            beyond = np.maximum(np.maximum(g - g_high, g_low - g), 0.0)
            # A slack is measured in what the guess lacks, where that is much; it starts within every limit that may give.
            lacking = np.max(beyond[:, None] * np.abs(give), axis=0)
            unit = np.maximum(lacking, 1.0)
            arguments["x0"] = np.concatenate((start, 0.1 + 1.1 * lacking / unit))
        name = " ".join(("relaxed", only, *(f"{u:g}" for u in unit if u != 1.0)))
        found = self._run(self._relaxed(name, ca.sparsify(ca.DM(give * unit)), warm), arguments)
        given = {name: float(v) for name, v in zip(names, found.w[problem.size :] * unit, strict=True)}
        return replace(found, w=found.w[: problem.size], lam_x=found.lam_x[: problem.size], slack=given)

    def _relaxed(self, name: str, give: ca.DM, warm: bool) -> ca.Function:
        """The programme with g - give slack in place of g, and the sum of the slacks as its objective; written once."""
        name = f"{name} warm" if warm else name
        if name not in self._solvers:
            self._solvers[name] = self._written_relaxed(give, WARM if warm else {})
        return self._solvers[name]

    def _written_relaxed(self, give: ca.DM, options: dict[str, Any]) -> ca.Function:
        problem, own = self.problem, self.problem.functions
        count, size = give.shape[1], problem.size
        x = ca.MX.sym("x", size + count)
        w, slack, p = x[:size], x[size:], ca.MX.sym("p", problem.p.shape[0])
        lam_f, lam_g = ca.MX.sym("lam_f"), ca.MX.sym("lam_g", problem.g.shape[0])
        f, g = own["nlp"](w, p)
        objective, g = ca.sum1(slack) + PULL * f, g - ca.mtimes(give, slack)
        gradient = ca.vertcat(PULL * own["grad_f"](w, p)[1], ca.DM.ones(count))
        jacobian = ca.horzcat(own["jac_g"](w, p)[1], -give)
        hessian = ca.diagcat(own["hess_lag"](w, p, PULL * lam_f, lam_g), ca.MX(count, count))
        nlp = ca.Function("nlp", [x, p], [objective, g], ["x", "p"], ["f", "g"])
        derivatives = {
            "grad_f": ca.Function("grad_f", [x, p], [objective, gradient], ["x", "p"], ["f", "grad_f_x"]),
            "jac_g": ca.Function("jac_g", [x, p], [g, jacobian], ["x", "p"], ["g", "jac_g_x"]),
            "hess_lag": ca.Function(
                "hess_lag", [x, p, lam_f, lam_g], [hessian], ["x", "p", "lam_f", "lam_g"], ["triu_hess_gamma_x_x"]
            ),
        }
        return ca.nlpsol("relaxed", "ipopt", nlp, SETTINGS | {"ipopt": {**IPOPT, **options}} | derivatives)

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
