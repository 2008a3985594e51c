"""Smooth tables: the same knots and coefficients on every machine, twice differentiable everywhere."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula


class Table(NamedTuple):
    """A cubic spline in truncated powers, constant outside its outer knots.

    s(x) = base + sum_i coefficients_i max(x - knots_i, 0)^3
    """

    knots: Any
    """Ascending knots, shape (n,), in the unit of the argument; never symbols."""
    coefficients: Any
    """Jumps of the third derivative divided by 6, shape (n,); symbols are welcome."""
    base: Any
    """The constant value to the left of the first knot."""


@formula
def table_value(x, table):
    """Value of `table` at `x`: the truncated-power form of a cubic spline (de Boor 1978, ch. IX).

    Beyond the last knot the argument is clamped, where the first two derivatives are zero, so the value is C2.
    """
    clamped = np.fmin(x, table.knots[table.knots.shape[0] - 1])
    total = table.base + 0.0 * x
    for i in range(table.knots.shape[0]):
        step = np.fmax(clamped - table.knots[i], 0.0)
        total = total + table.coefficients[i] * step * step * step
    return total


@formula
def cubic_between(left, right, out, into, s):
    """The cubic at the fraction `s` of a cell, through the values at both ends and the slopes there times the cell's length.

    Hermite's form (de Boor 1978, ch. IV); slopes of a spline at its knots make it the spline itself.
    """
    gain = right - left
    rest = 1.0 - s
    return left + s * (gain + rest * (rest * (out - gain) - s * (into - gain)))


def table_matrix(knots, points):
    """The linear map from values at `points` to `(base, coefficients)` of a table on extended knots.

    Returns `(extended_knots, matrix)` with `matrix @ values = [base, coefficients...]`. One knot is added on each
    side, in which the curve levels off to a constant: n values, n + 2 knots, n + 3 unknowns, n interpolation
    conditions and three that make the curve constant on the right. Because the map is linear, tables may be
    parameters of an optimisation.
    """
    points = np.asarray(points, dtype=float)
    extended = np.concatenate(([2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]))
    scale = extended[-1] - extended[0]
    n, m = len(points), len(extended)
    system = np.zeros((n + 3, m + 1))
    system[:n, 0] = 1.0
    system[:n, 1:] = np.maximum((points[:, None] - extended[None, :]) / scale, 0.0) ** 3
    distance = (extended[-1] - extended) / scale
    system[n, 1:] = distance**2
    system[n + 1, 1:] = distance
    system[n + 2, 1:] = 1.0
    inverse = np.linalg.solve(system, np.eye(n + 3)[:, :n])
    inverse[1:] /= scale**3
    return extended, inverse


def knot_matrix(points):
    """The linear map from values at `points` to value and slope at each knot of the `smooth_table` through them.

    Returns `(extended_knots, matrix)`: rows of the matrix are the value at the first knot, the slope there, the value at the
    second, and so on, as `cubic_between` takes them. A cell is found at once where a `Table` adds up all knots to its left.
    """
    extended, matrix = table_matrix(points, points)
    steps = np.maximum(extended[:, None] - extended, 0.0)
    rows = np.empty((2 * len(extended), matrix.shape[1]))
    rows[0::2] = matrix[0] + steps**3 @ matrix[1:]
    rows[1::2] = 3.0 * steps**2 @ matrix[1:]
    rows[-1] = 0.0  # it levels off
    return extended, rows


def smooth_table(points, values) -> Table:
    """A table through `values` at ascending `points` (both shape (n,), n >= 2); it levels off one spacing outside."""
    points, values = np.asarray(points, dtype=float), np.asarray(values, dtype=float)
    if points.ndim != 1 or points.shape != values.shape or len(points) < 2 or np.any(np.diff(points) <= 0):
        raise ValueError("a table needs two or more strictly ascending points with a value each")
    extended, matrix = table_matrix(points, points)
    solution = matrix @ values
    return Table(extended, solution[1:], solution[0])


def fitted_table(knots, points, values) -> Table:
    """The table on `knots` (shape (n,)) that comes closest to `values` at `points`, in least squares.

    Outer knots beyond the points leave the slope at both ends free. Of several equally good tables the one with the
    smallest values at the knots is taken, so the outcome is unique.
    """
    knots, points, values = (np.asarray(each, dtype=float) for each in (knots, points, values))
    extended, matrix = table_matrix(knots, knots)
    steps = np.maximum(np.minimum(points, extended[-1])[:, None] - extended, 0.0)
    basis = matrix[0] + steps**3 @ matrix[1:]
    solution = matrix @ np.linalg.lstsq(basis, values, rcond=1e-12)[0]
    return Table(extended, solution[1:], solution[0])


def constant_table(value: float) -> Table:
    """A table that has the same value everywhere."""
    return Table(np.array([0.0, 1.0]), np.zeros(2), float(value))
