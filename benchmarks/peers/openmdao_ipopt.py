"""IPOPT for OpenMDAO from a wheel: runs in the peers' environment, never in Baiterek's.

OpenMDAO reaches IPOPT through pyOptSparse, which the Python package index does not hold. This driver hands the same
scaled functions, coloured sparse Jacobian and bounds to the IPOPT inside the `ipyopt` wheel, so that dymos is measured
with the solver that its authors recommend. Like pyOptSparse, it gives no Hessian: IPOPT builds a limited-memory one.
"""

from __future__ import annotations

import ipyopt
import numpy as np
from openmdao.core.driver import Driver

UNBOUNDED = 1e19


class IpoptDriver(Driver):
    """Minimise with IPOPT; `options_ipopt` go to the solver, `iterations` counts its steps."""

    def __init__(self, options_ipopt=None, **kwargs):
        super().__init__(**kwargs)
        self.options_ipopt = dict(options_ipopt or {})
        self.iterations = 0
        for feature in ("optimization", "inequality_constraints", "equality_constraints", "two_sided_constraints"):
            self.supports[feature] = True
        for feature in ("gradients", "simultaneous_derivatives", "total_jac_sparsity"):
            self.supports._read_only = False
            self.supports[feature] = True

    def _get_name(self):
        return "IPOPT"

    def run(self):
        """One solve from the current values; True means failure, as everywhere in OpenMDAO."""
        problem = self._problem()
        self.result.reset()
        self._total_jac = None
        self._evaluate()
        variables, responses = list(self._designvars), [*self._objs, *self._cons]
        rows, columns = self._sparsity(problem)
        x_low, x_high = self._bounds("design_var", self._designvars)
        g_low, g_high = self._bounds("constraint", self._cons)
        start = np.concatenate([np.ravel(value) for value in self.get_design_var_values().values()]).astype(float)
        at: dict[str, bytes] = {"values": start.tobytes(), "totals": b""}
        totals = np.zeros((0, 0))

        def move(x):
            if at["values"] != x.tobytes():
                self._vectors["design_var"].set_data(x, driver_scaling=True)
                self._set_design_vars(driver_scaling=True)
                self._evaluate()
                at["values"] = x.tobytes()

        def jacobian(x):
            nonlocal totals
            move(x)
            if at["totals"] != x.tobytes():
                totals = self._compute_totals(of=responses, wrt=variables, return_format="array")
                at["totals"] = x.tobytes()
            return totals

        def value(x):
            move(x)
            return float(np.ravel(next(iter(self.get_objective_values().values())))[0])

        def gradient(x, out):
            out[:] = jacobian(x)[0]

        def constraints(x, out):
            move(x)
            out[:] = np.concatenate([np.ravel(v) for v in self.get_constraint_values().values()])

        def slopes(x, out):
            out[:] = jacobian(x)[rows + 1, columns]

        def count(*_):
            self.iterations += 1
            return True

        solver = ipyopt.Problem(
            start.size, x_low, x_high, g_low.size, g_low, g_high, (rows, columns), ([], []),
            value, gradient, constraints, slopes, intermediate_callback=count, ipopt_options=self.options_ipopt,
        )  # fmt: skip
        best, _, status = solver.solve(start.copy())
        move(np.asarray(best))
        self.fail = status not in (0, 1)
        return self.fail

    def _evaluate(self):
        with self._problem().model._relevance.nonlinear_active("iter"):
            self._run_solve_nonlinear()

    def _sparsity(self, problem):
        """Rows (of the constraints) and columns that are ever nonzero, as OpenMDAO's own colouring found them."""
        colouring = problem.get_total_coloring(self._coloring_info, run_model=False)
        rows, columns = np.asarray(colouring._nzrows), np.asarray(colouring._nzcols)
        constrained = rows > 0
        return rows[constrained] - 1, columns[constrained]

    def _bounds(self, kind, records):
        scaled = self._autoscaler.get_bounds_scaling(kind)
        lows, highs = [], []
        for name, meta in records.items():
            indices = meta.get("indices")
            size = indices.indexed_src_size if kind == "constraint" and indices is not None else meta["size"]
            bound = scaled[name]
            equals = getattr(bound, "equals", None)
            for side, out, far in ((bound.lower, lows, -UNBOUNDED), (bound.upper, highs, UNBOUNDED)):
                chosen = equals if equals is not None else far if side is None else side
                out.append(np.broadcast_to(np.asarray(chosen, float), (size,)))
        return np.concatenate(lows), np.concatenate(highs)
