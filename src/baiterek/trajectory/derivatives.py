"""First and second derivatives of the programme, assembled from those of its nodes.

Each equation of the programme is G(w, y, p), linear in the outputs y of the nodes, whose inputs z are entries of w
(times a constant). So the Jacobian is G_w + G_y y_w and the Hessian of the Lagrangian is that of G plus that of mu . y
with mu = G_y' lambda: the nodes' own dense blocks are scattered into sparse matrices and nothing is differentiated twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.trajectory.dynamics import Node


@dataclass(frozen=True)
class Block:
    """Nodes of one phase (or fall) that share a function."""

    node: Node
    z: ca.MX
    """Inputs, (n_z, nodes), as expressions of w and p."""
    columns: np.ndarray
    """Which entry of w each input is, (n_z, nodes); -1: none."""
    weights: np.ndarray
    """d z / d w of that entry, (n_z, nodes)."""
    parameters: tuple
    y: ca.MX
    """Symbols that stand for the outputs in G, (n_y, nodes)."""

    @property
    def count(self) -> int:
        return self.columns.shape[1]

    def mapped(self, function: ca.Function, *inputs):
        """A node function over all nodes; parameters are the same for each."""
        first = len(inputs)
        repeated = list(range(first, first + len(self.parameters)))
        mapped = function.map(f"{function.name()}_{self.count}", "serial", self.count, repeated, [])
        return mapped(*inputs, *self.parameters)


def functions(w: ca.MX, p: ca.MX, objective: ca.MX, g: ca.MX, blocks: list[Block]) -> dict[str, ca.Function]:
    """`nlp` (x, p) -> (f, g), and the derivative functions that IPOPT takes: `grad_f`, `jac_g`, `hess_lag`."""
    y = ca.veccat(*(b.y for b in blocks))
    symbols = [b.y for b in blocks]
    real = [b.mapped(b.node.value, b.z) for b in blocks]
    glue = ca.Function("glue", [w, p, *symbols], [g])
    full_g = glue(w, p, *real)
    slope = ca.jacobian(g, y)
    nodes = _scatter_jacobian(w, blocks)
    jacobian = ca.jacobian(g, w) + ca.mtimes(slope, nodes)
    jacobian = ca.Function("glue_jacobian", [w, p, *symbols], [jacobian])(w, p, *real)
    lam_f, lam_g = ca.MX.sym("lam_f"), ca.MX.sym("lam_g", g.shape[0])
    lagrangian = lam_f * objective + ca.dot(lam_g, g)
    hessian = ca.triu(ca.hessian(lagrangian, w)[0])
    mu = ca.Function("mu", [w, p, lam_g, *symbols], [ca.gradient(ca.dot(lam_g, g), y)])(w, p, lam_g, *real)
    hessian = ca.Function("glue_hessian", [w, p, lam_f, lam_g, *symbols], [hessian])(w, p, lam_f, lam_g, *real)
    hessian = hessian + _scatter_hessian(w, blocks, mu)
    return {
        "nlp": ca.Function("nlp", [w, p], [objective, full_g], ["x", "p"], ["f", "g"]),
        "grad_f": ca.Function("grad_f", [w, p], [objective, ca.gradient(objective, w)], ["x", "p"], ["f", "grad_f_x"]),
        "jac_g": ca.Function("jac_g", [w, p], [full_g, jacobian], ["x", "p"], ["g", "jac_g_x"]),
        "hess_lag": ca.Function(
            "hess_lag", [w, p, lam_f, lam_g], [hessian], ["x", "p", "lam_f", "lam_g"], ["triu_hess_gamma_x_x"]
        ),
        "lam_p": ca.Function(
            "lam_p", [w, p, lam_g], [ca.gradient(objective + ca.dot(lam_g, full_g), p)]
        ),
    }  # fmt: skip


def _assembled(shape: tuple[int, int], rows, columns, weights, entries: ca.MX) -> ca.MX:
    """A sparse matrix with sum of weights * entries at (rows, columns); entries with a negative column are dropped."""
    keep = np.flatnonzero((columns >= 0) & (rows >= 0))
    order = np.lexsort((rows[keep], columns[keep]))
    keep = keep[order]
    r, c = rows[keep], columns[keep]
    new = np.concatenate(([True], (np.diff(r) != 0) | (np.diff(c) != 0)))
    target = np.cumsum(new) - 1
    sparsity = ca.Sparsity.triplet(*shape, r[new].tolist(), c[new].tolist())
    gather = ca.DM.triplet(target.tolist(), keep.tolist(), ca.DM(weights[keep]), int(new.sum()), len(rows))
    return ca.MX(sparsity, ca.mtimes(gather, entries))


def _scatter_jacobian(w: ca.MX, blocks: list[Block]) -> ca.MX:
    rows, columns, weights, entries = [], [], [], []
    offset = 0
    for b in blocks:
        local_rows, local_columns = (np.array(v) for v in b.node.jacobian_sparsity.get_triplet())
        for i in range(b.count):
            rows.append(offset + i * b.node.outputs + local_rows)
        columns.append(b.columns[local_columns, :].T.ravel())
        weights.append(b.weights[local_columns, :].T.ravel())
        entries.append(ca.vec(b.mapped(b.node.first, b.z)))
        offset += b.count * b.node.outputs
    return _assembled(
        (offset, w.shape[0]), np.concatenate(rows), np.concatenate(columns), np.concatenate(weights), ca.vertcat(*entries)
    )


def _scatter_hessian(w: ca.MX, blocks: list[Block], mu: ca.MX) -> ca.MX:
    rows, columns, weights, entries = [], [], [], []
    offset = 0
    for b in blocks:
        size = b.count * b.node.outputs
        lam = ca.reshape(mu[offset : offset + size], b.node.outputs, b.count)
        offset += size
        i, j = (np.array(v) for v in b.node.hessian_sparsity.get_triplet())
        one, two = b.columns[i, :], b.columns[j, :]
        weight = b.weights[i, :] * b.weights[j, :]
        # A pair of different inputs that are the same entry of w counts twice on the diagonal.
        weight = np.where((one == two) & (i != j)[:, None], 2.0 * weight, weight)
        rows.append(np.where((one < 0) | (two < 0), -1, np.minimum(one, two)).T.ravel())
        columns.append(np.where((one < 0) | (two < 0), -1, np.maximum(one, two)).T.ravel())
        weights.append(weight.T.ravel())
        entries.append(ca.vec(b.mapped(b.node.second, b.z, lam)))
    size = w.shape[0]
    return _assembled(
        (size, size), np.concatenate(rows), np.concatenate(columns), np.concatenate(weights), ca.vertcat(*entries)
    )
