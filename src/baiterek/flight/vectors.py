"""Vectors of three numbers as tuples, for compiled code that makes no arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.flight.compile import part


@part
def plus(a: Any, k: float, b: Any) -> Any:
    """a + k b."""
    return (a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2])


@part
def times(k: float, a: Any) -> Any:
    """k a."""
    return (k * a[0], k * a[1], k * a[2])


@part
def dot(a: Any, b: Any) -> float:
    """a . b."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@part
def cross(a: Any, b: Any) -> Any:
    """a x b."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


@part
def length(a: Any) -> float:
    """|a|."""
    return np.sqrt(dot(a, a))


@part
def unit(a: Any) -> Any:
    """a / |a|; a vector of no length stays one."""
    return times(1.0 / max(length(a), 1e-30), a)


@part
def triple(array: Any, first: int) -> Any:
    """Three numbers of an array from `first`."""
    return (array[first], array[first + 1], array[first + 2])


@part
def store(array: Any, first: int, a: Any) -> None:
    """Writes a vector into an array from `first`."""
    array[first], array[first + 1], array[first + 2] = a[0], a[1], a[2]


@part
def turned_towards(a: Any, b: Any, most_rad: float) -> Any:
    """The unit vector b, or what lies `most_rad` from the unit vector a on the way to it."""
    angle = np.arctan2(length(cross(a, b)), dot(a, b))
    if angle <= most_rad:
        return b
    sideways = unit(plus(b, -dot(a, b), a))
    return plus(times(np.cos(most_rad), a), np.sin(most_rad), sideways)
