"""Radau collocation against published nodes and the properties that define it."""

from __future__ import annotations

import casadi as ca
import numpy as np
import pytest

from baiterek.trajectory.collocation import (
    CHUNK,
    March,
    differentiation_matrix,
    lagrange_matrix,
    node_fractions,
    polynomial_derivative,
    radau_nodes,
)

DEGREES = range(1, 13)
ROOT6 = np.sqrt(6.0)


@pytest.mark.parametrize(
    ("degree", "published", "tolerance"),
    [
        # Radau IIA: Hairer & Wanner, Solving Ordinary Differential Equations II, table IV.5.6: closed forms.
        (1, [1.0], 1e-15),
        (2, [1.0 / 3.0, 1.0], 1e-15),
        (3, [(4.0 - ROOT6) / 10.0, (4.0 + ROOT6) / 10.0, 1.0], 1e-15),
        # Abramowitz & Stegun 25.4.31, as tabulated by MathWorld, "Radau Quadrature" (six digits, mirrored to x = 1).
        (4, [0.5 * (1.0 - x) for x in (0.822824, 0.181066, -0.575319, -1.0)], 3e-7),
        (5, [0.5 * (1.0 - x) for x in (0.885792, 0.446314, -0.167181, -0.720480, -1.0)], 3e-7),
    ],
)
def test_the_nodes_are_the_published_ones(degree, published, tolerance):
    assert radau_nodes(degree) == pytest.approx(published, abs=tolerance)


@pytest.mark.parametrize("degree", DEGREES)
def test_the_nodes_integrate_to_the_order_of_gauss_radau(degree):
    """n nodes with weights from interpolation integrate x^k exactly up to k = 2 n - 2, and x^(2n-1) no more."""
    nodes = radau_nodes(degree)
    powers = np.arange(2 * degree)
    weights = np.linalg.solve(nodes[None, :] ** np.arange(degree)[:, None], 1.0 / np.arange(1, degree + 1))
    error = (nodes[None, :] ** powers[:, None]) @ weights - 1.0 / (powers + 1.0)
    assert np.abs(error[:-1]).max() < 1e-10  # what the linear system for 12 weights leaves
    if degree < 8:
        assert abs(error[-1]) > 1e-12


@pytest.mark.parametrize("degree", DEGREES)
def test_differentiation_is_exact_on_polynomials(degree):
    nodes = np.concatenate(([0.0], radau_nodes(degree)))
    k = np.arange(1, degree + 1)
    values = nodes[:, None] ** k
    slopes = k * nodes[1:, None] ** (k - 1)
    assert np.abs(differentiation_matrix(degree) @ values - slopes).max() < 1e-11
    assert np.abs(differentiation_matrix(degree).sum(axis=1)).max() < 1e-12  # a constant has no slope


def test_differentiation_stands_on_any_points():
    points = np.array([-1.3, 0.1, 0.2, 2.0])
    # (x^3 - 2 x)' = 3 x^2 - 2
    assert polynomial_derivative(points) @ (points**3 - 2.0 * points) == pytest.approx(3.0 * points**2 - 2.0, abs=1e-12)


@pytest.mark.parametrize("degree", DEGREES)
def test_interpolation_is_exact_on_polynomials_and_at_the_nodes(degree):
    nodes = radau_nodes(degree)
    points = np.concatenate((np.linspace(-0.1, 1.1, 23), nodes))
    matrix = lagrange_matrix(nodes, points)
    k = np.arange(degree)
    # Extrapolated by a tenth, the values of twelve nodes are multiplied by some ten thousand.
    assert np.abs(matrix @ nodes[:, None] ** k - points[:, None] ** k).max() < 1e-10
    assert np.array_equal(matrix[len(points) - degree :], np.eye(degree))


def test_interpolation_of_a_smooth_function_converges_spectrally():
    """Error bound of interpolation at n points, |f^(n)| / n! times the node polynomial: for exp at most e / n!."""
    points = np.linspace(0.0, 1.0, 101)
    for degree, factorial in ((4, 24.0), (8, 40320.0)):
        nodes = radau_nodes(degree)
        error = np.abs(lagrange_matrix(nodes, points) @ np.exp(nodes) - np.exp(points)).max()
        assert 0.0 < error < np.e / factorial


def test_a_collocated_equation_has_the_order_of_radau_iia():
    """y' = y over one interval of n nodes: the end has order 2 n - 1 (Hairer & Wanner, theorem IV.5.3)."""
    for degree in (2, 3):
        errors = []
        for h in (0.1, 0.05):
            d = differentiation_matrix(degree)
            y = np.linalg.solve(d[:, 1:] - h * np.eye(degree), -d[:, 0])
            errors.append(abs(y[-1] - np.exp(h)))
        order = np.log2(errors[0] / errors[1])
        # Of one step, the local error has one order more.
        assert order == pytest.approx(2 * degree, abs=0.12)


def test_the_nodes_of_a_phase_stand_in_order():
    breaks = np.array([0.0, 0.1, 0.5, 1.0])
    fractions = node_fractions(breaks, 4)
    assert np.all(np.diff(fractions) > 0.0)
    assert fractions[3::4] == pytest.approx(breaks[1:], abs=1e-15)


@pytest.mark.parametrize("steps", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_march_of_any_length_is_its_steps_in_order(steps):
    x, u, c = ca.SX.sym("x", 2), ca.SX.sym("u", 1), ca.SX.sym("c", 1)
    march = March(ca.Function("step", [x, u, c], [ca.vertcat(x[0] + u, c * x[1] * ca.if_else(u == 0.0, 1.0 / c, 1.0))]))
    inputs = np.arange(1.0, steps + 1.0)[None, :]
    states = march(np.array([0.0, 1.0]), inputs, np.array([0.99]), np.zeros(1))
    n = np.arange(1, steps + 1)
    assert states[0] == pytest.approx(n * (n + 1) / 2.0)
    assert states[1] == pytest.approx(0.99**n)
