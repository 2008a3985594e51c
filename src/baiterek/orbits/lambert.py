"""Lambert's problem: the conic between two positions in a given time."""

from __future__ import annotations

from math import cos, cosh, pi, sin, sinh, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HALVINGS = 80


def lambert(r1_m: Array, r2_m: Array, duration_s: float, mu_m3_s2: float, normal: Array) -> tuple[Array, Array] | None:
    """Velocities in m/s at both ends of the way of less than a revolution that goes round `normal` right-handed.

    Universal variables with bisection (Vallado, 4th ed., algorithm 58), which finds every solution that there is; None
    where the positions lie on one line, or no conic is so quick.
    """
    r1, r2 = float(np.linalg.norm(r1_m)), float(np.linalg.norm(r2_m))
    cosine = float(r1_m @ r2_m) / (r1 * r2)
    way = 1.0 if np.cross(r1_m, r2_m) @ normal >= 0.0 else -1.0
    a = way * sqrt(max(r1 * r2 * (1.0 + cosine), 0.0))
    if abs(a) < 1e-9 * r1:
        return None
    low, high = -4.0 * pi, 4.0 * pi * pi
    y = 0.0
    for _ in range(HALVINGS):
        z = 0.5 * (low + high)
        c2, c3 = _stumpff(z)
        y = r1 + r2 + a * (z * c3 - 1.0) / sqrt(c2)
        if y < 0.0 or ((y / c2) ** 1.5 * c3 + a * sqrt(y)) / sqrt(mu_m3_s2) <= duration_s:
            low = z
        else:
            high = z
    if y <= 0.0:
        return None
    f, g, g_dot = 1.0 - y / r1, a * sqrt(y / mu_m3_s2), 1.0 - y / r2
    return (r2_m - f * r1_m) / g, (g_dot * r2_m - r1_m) / g


def _stumpff(z: float) -> tuple[float, float]:
    """c2 and c3 of Stumpff (Vallado, 4th ed., algorithm 1)."""
    if z > 1e-6:
        root = sqrt(z)
        return (1.0 - cos(root)) / z, (root - sin(root)) / root**3
    if z < -1e-6:
        root = sqrt(-z)
        return (1.0 - cosh(root)) / z, (sinh(root) - root) / root**3
    return 0.5 - z / 24.0, 1.0 / 6.0 - z / 120.0
