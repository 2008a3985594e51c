"""Attitude as other programs want it: axes and quaternions. NumPy only: at the edge, on whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def body_axes(axis: Any, normal: Any) -> Array:
    """Matrices, shape (n, 3, 3), whose columns are the body's x, y and z in the axes of the arguments, shape (n, 3).

    x lies along `axis`; y along the part of `normal` that stands upright on it; z completes the three. Undefined where
    the two are parallel: give a normal that the axis never meets, such as that of the orbit's plane.
    """
    x = _unit(np.asarray(axis, dtype=float))
    normal = np.asarray(normal, dtype=float)
    y = _unit(normal - np.sum(normal * x, axis=1, keepdims=True) * x)
    return np.stack((x, y, np.cross(x, y)), axis=2)


def quaternion(rotation: Any) -> Array:
    """Unit quaternions w, x, y, z, shape (n, 4), of rotation matrices (n, 3, 3): v' = R v = q v q*.

    Shepperd (1978), J. Guidance and Control 1(3), 223: of the four components the greatest is found first. The sign is
    such that neighbours lie near each other.
    """
    r = np.asarray(rotation, dtype=float)
    trace = np.trace(r, axis1=1, axis2=2)
    squares = np.column_stack((trace, r[:, 0, 0], r[:, 1, 1], r[:, 2, 2]))
    a, b, c = r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]
    d, e, f = r[:, 1, 0] + r[:, 0, 1], r[:, 2, 0] + r[:, 0, 2], r[:, 2, 1] + r[:, 1, 2]
    ww, xx, yy, zz = (1.0 + 2.0 * squares - trace[:, None]).T
    rows = np.array([[ww, a, b, c], [a, xx, d, e], [b, d, yy, f], [c, e, f, zz]])
    found = rows[np.argmax(squares, axis=1), :, np.arange(len(r))]
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    flips = np.where(np.sum(found[1:] * found[:-1], axis=1) < 0.0, -1.0, 1.0)
    return found * np.concatenate(([1.0], np.cumprod(flips)))[:, None]


def _unit(vectors: Array) -> Array:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
