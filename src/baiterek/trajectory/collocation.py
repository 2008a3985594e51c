"""Radau collocation: nodes, differentiation matrix, interpolation."""

from __future__ import annotations

from functools import cache

import casadi as ca
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@cache
def radau_nodes(degree: int) -> Array:
    """The `degree` flipped Legendre-Gauss-Radau nodes in (0, 1], the last one 1.

    They are the roots of P_n - P_{n-1} on [-1, 1] (Garg et al. 2010, Automatica 46(11), 1843-1851), found as
    eigenvalues of a companion matrix and polished by Newton's method.
    """
    series = np.zeros(degree + 1)
    series[degree], series[degree - 1] = 1.0, -1.0
    roots = np.sort(np.polynomial.legendre.legroots(series).real)
    derivative = np.polynomial.legendre.legder(series)
    for _ in range(3):
        roots = roots - np.polynomial.legendre.legval(roots, series) / np.polynomial.legendre.legval(roots, derivative)
    roots[-1] = 1.0
    return 0.5 * (1.0 + roots)


def barycentric_weights(nodes: Array) -> Array:
    """Weights of barycentric Lagrange interpolation (Berrut & Trefethen 2004, SIAM Review 46(3), eq. 3.2)."""
    difference = nodes[:, None] - nodes[None, :]
    np.fill_diagonal(difference, 1.0)
    return 1.0 / difference.prod(axis=1)


def lagrange_matrix(nodes: Array, points: Array) -> Array:
    """Matrix (points, nodes) that turns values at `nodes` into the interpolating polynomial's values at `points`."""
    weights = barycentric_weights(nodes)
    distance = points[:, None] - nodes[None, :]
    exact = np.abs(distance) < 1e-14
    distance[exact] = 1.0
    terms = weights / distance
    matrix = terms / terms.sum(axis=1, keepdims=True)
    hit = exact.any(axis=1)
    matrix[hit] = exact[hit].astype(float)
    return matrix


def polynomial_derivative(points: Array) -> Array:
    """Square matrix: derivative at `points` of the polynomial through values at them (Berrut & Trefethen 2004, sec. 9.3)."""
    weights = barycentric_weights(points)
    difference = points[:, None] - points[None, :]
    np.fill_diagonal(difference, 1.0)
    matrix = (weights[None, :] / weights[:, None]) / difference
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix


@cache
def differentiation_matrix(degree: int) -> Array:
    """D of shape (degree, degree + 1): derivative at the Radau nodes of the polynomial through 0 and the nodes."""
    return polynomial_derivative(np.concatenate(([0.0], radau_nodes(degree))))[1:]


def node_fractions(breaks: Array, degree: int) -> Array:
    """Fractions of a phase at which its nodes stand, shape ((len(breaks) - 1) * degree,)."""
    width = np.diff(breaks)
    return (breaks[:-1, None] + width[:, None] * radau_nodes(degree)[None, :]).ravel()


CHUNK = 40
"""Steps of one compiled march; a longer one is several, a shorter one is filled up with steps that do nothing."""


class March:
    """A step function x, inputs -> x applied again and again; columns of inputs are the steps'."""

    def __init__(self, step: ca.Function) -> None:
        self._march = step.mapaccum("march", CHUNK, [0], [0])

    def __call__(self, start: Array, inputs: Array, constant: Array, idle: Array) -> Array:
        """States after each step, (n_x, steps), of `inputs` (n_u, steps); `constant` serves all, `idle` has no length."""
        steps = inputs.shape[1]
        filled = np.concatenate((inputs, np.tile(idle[:, None], (1, -steps % CHUNK))), axis=1)
        constants = np.tile(constant[:, None], (1, CHUNK))
        parts, state = [], start
        for first in range(0, steps, CHUNK):
            part = np.array(self._march(state, filled[:, first : first + CHUNK], constants))
            parts.append(part)
            state = part[:, -1]
        return np.concatenate(parts, axis=1)[:, :steps]
