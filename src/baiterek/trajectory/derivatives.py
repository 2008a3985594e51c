"""First and second derivatives of the programme, assembled from those of its nodes.

Each equation of the programme is G(w, y, p), linear in the outputs y of the nodes, whose inputs z are entries of w
(times a constant). So the Jacobian is G_w + G_y y_w and the Hessian of the Lagrangian is that of G plus that of mu . y
with mu = G_y' lambda: the nodes' own dense blocks are scattered into sparse matrices and nothing is differentiated twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import casadi as ca
import numpy as np

from baiterek.trajectory.collocation import radau_nodes
from baiterek.trajectory.dynamics import Node


class Inputs:
    """Which entries of w the inputs of nodes are made of: at most two each, with constant weights."""

    def __init__(self, size: int, count: int) -> None:
        self.size, self.count = size, count
        self.columns = np.full((2, size, count), -1)
        self.weights = np.ones((2, size, count))

    def entries(self, row: int, first: int, stride: int, rows: int) -> None:
        """Inputs row, row + 1, ... are entries of a block of w with `stride` entries a node."""
        self.columns[0, row : row + rows] = first + np.arange(self.count) * stride + np.arange(rows)[:, None]

    def same(self, row: int, places: np.ndarray) -> None:
        """The same entries at every node."""
        self.columns[0, row : row + len(places)] = places[:, None]

    def scaled(self, row: int, place: int, weights: np.ndarray) -> None:
        """One entry, times a weight of each node."""
        self.columns[0, row], self.weights[0, row] = place, weights

    def straight(self, row: int, first: int, rows: int, degree: int) -> None:
        """Linear between values at the ends of the intervals, of which there are `rows` an end."""
        interval = np.repeat(np.arange(self.count // degree), degree)
        share = np.tile(radau_nodes(degree), self.count // degree)
        left = first + rows * interval + np.arange(rows)[:, None]
        self.columns[0, row : row + rows], self.weights[0, row : row + rows] = left, 1.0 - share
        self.columns[1, row : row + rows], self.weights[1, row : row + rows] = left + rows, share


@dataclass(frozen=True)
class Block:
    """Nodes of one phase (or fall) that share a function."""

    node: Node
    z: ca.MX
    """Inputs, (n_z, nodes), as expressions of w and p."""
    inputs: Inputs
    parameters: tuple
    y: ca.MX
    """Symbols that stand for the outputs in G, (n_y, nodes)."""

    @property
    def count(self) -> int:
        return self.inputs.count

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
    full_g = _with(real, symbols, g)
    slope = ca.jacobian(g, y)
    nodes = _scatter_jacobian(w, blocks)
    jacobian = ca.jacobian(g, w) + ca.mtimes(slope, nodes)
    jacobian = _with(real, symbols, jacobian)
    lam_f, lam_g = ca.MX.sym("lam_f"), ca.MX.sym("lam_g", g.shape[0])
    lagrangian = lam_f * objective + ca.dot(lam_g, g)
    hessian = ca.triu(ca.hessian(lagrangian, w)[0])
    # G is linear in y: where no y is left in an expression, the nodes' values need not be computed for it.
    mu, hessian = _with(real, symbols, ca.gradient(ca.dot(lam_g, g), y)), _with(real, symbols, hessian)
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


def _with(real: list[ca.MX], symbols: list[ca.MX], expression: ca.MX) -> ca.MX:
    """The expression with the nodes' own outputs in place of their symbols."""
    return ca.graph_substitute(expression, symbols, real)


class _Scatter:
    """Collects weighted entries of a sparse matrix that share places, and sums them."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.columns: list[np.ndarray] = []
        self.weights: list[np.ndarray] = []
        self.sources: list[np.ndarray] = []

    def add(self, rows, columns, weights, sources) -> None:
        """Adds weights * entries[sources] at (rows, columns); a negative place is none."""
        keep = (rows >= 0) & (columns >= 0)
        for part, values in (
            (self.rows, rows),
            (self.columns, columns),
            (self.weights, weights),
            (self.sources, sources),
        ):
            part.append(values[keep])

    def matrix(self, shape: tuple[int, int], entries: ca.MX) -> ca.MX:
        """The sum of all that was added, as one sparse expression of `entries`."""
        rows, columns, weights, sources = (
            np.concatenate(part) for part in (self.rows, self.columns, self.weights, self.sources)
        )
        order = np.lexsort((rows, columns))
        rows, columns, weights, sources = rows[order], columns[order], weights[order], sources[order]
        new = np.concatenate(([True], (np.diff(rows) != 0) | (np.diff(columns) != 0)))
        target = np.cumsum(new) - 1
        sparsity = ca.Sparsity.triplet(*shape, rows[new].tolist(), columns[new].tolist())
        gather = ca.DM.triplet(target.tolist(), sources.tolist(), ca.DM(weights), int(new.sum()), entries.shape[0])
        return ca.MX(sparsity, ca.mtimes(gather, entries))


def _scatter_jacobian(w: ca.MX, blocks: list[Block]) -> ca.MX:
    scatter, entries = _Scatter(), []
    offset, source = 0, 0
    for b in blocks:
        i, j = (np.array(v) for v in b.node.jacobian_sparsity.get_triplet())
        rows = offset + np.arange(b.count)[None, :] * b.node.outputs + i[:, None]
        sources = source + np.arange(b.count)[None, :] * len(i) + np.arange(len(i))[:, None]
        for a in (0, 1):
            scatter.add(rows, b.inputs.columns[a, j], b.inputs.weights[a, j], sources)
        entries.append(ca.vec(b.mapped(b.node.first, b.z)))
        offset += b.count * b.node.outputs
        source += b.count * len(i)
    return scatter.matrix((offset, w.shape[0]), ca.vertcat(*entries))


def _scatter_hessian(w: ca.MX, blocks: list[Block], mu: ca.MX) -> ca.MX:
    """Upper triangle; node entry (i, j), i >= j, stands for itself and its mirror image."""
    scatter, entries = _Scatter(), []
    offset, source = 0, 0
    for b in blocks:
        size = b.count * b.node.outputs
        lam = ca.reshape(mu[offset : offset + size], b.node.outputs, b.count)
        i, j = (np.array(v) for v in b.node.hessian_sparsity.get_triplet())
        sources = source + np.arange(b.count)[None, :] * len(i) + np.arange(len(i))[:, None]
        for a, c in ((0, 0), (0, 1), (1, 0), (1, 1)):
            one, two = b.inputs.columns[a, i], b.inputs.columns[c, j]
            weight = b.inputs.weights[a, i] * b.inputs.weights[c, j]
            mirrored = (i != j)[:, None] | (a != c)
            weight = np.where((one == two) & mirrored, 2.0 * weight, weight)
            weight = np.where((i == j)[:, None] & (a > c), 0.0, weight)
            low, high = np.minimum(one, two), np.maximum(one, two)
            scatter.add(low, np.where(low < 0, -1, high), weight, sources)
        entries.append(ca.vec(b.mapped(b.node.second, b.z, lam)))
        offset += size
        source += b.count * len(i)
    return scatter.matrix((w.shape[0], w.shape[0]), ca.vertcat(*entries))
