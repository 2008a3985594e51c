"""A mesh, and flights that can be sampled on it: guesses and solutions alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from baiterek.trajectory.collocation import lagrange_matrix, radau_nodes


@dataclass(frozen=True)
class Mesh:
    """Intervals of every phase and every constrained fall, as fractions of their durations, and Radau nodes in each."""

    degree: int
    """Nodes of an interval of a phase."""
    fall_degree: int
    """Nodes of an interval of a fall."""
    phases: tuple[np.ndarray, ...]
    falls: Mapping[str, np.ndarray]
    attack_nodes: tuple[list[int], ...] = ()
    """Nodes of each phase at which the limit on the angle of attack is put: those of enough dynamic pressure."""

    @property
    def nodes(self) -> int:
        intervals, of_falls = (sum(len(b) - 1 for b in breaks) for breaks in (self.phases, self.falls.values()))
        return self.degree * intervals + self.fall_degree * of_falls


@dataclass(frozen=True)
class Path:
    """A phase (or a fall) as something that can be sampled at fractions of its duration."""

    duration_s: float
    states: Callable[[np.ndarray], np.ndarray]
    """Inertial state in SI, (7, n) or (6, n) for a fall."""
    controls: Callable[[np.ndarray], np.ndarray]
    """ux, uy, uz, throttle, (4, n)."""


@dataclass(frozen=True)
class Guess:
    """A flight to start from, or a solution to go on from."""

    payload_kg: float
    phases: tuple[Path, ...]
    falls: Mapping[str, Path]
    elements: np.ndarray | None
    """perigee radius, apogee radius, inclination, node, argument of perigee, true anomaly."""
    stops: tuple[np.ndarray, ...] = ()
    """The same of each orbit before the last on which payloads are let go."""


def interpolated(breaks: np.ndarray, points: np.ndarray, values: np.ndarray, shared: int, fractions: np.ndarray) -> np.ndarray:
    """Samples piecewise polynomials: `values` (rows, ...) at `points` of each interval, `shared` = 1 when the end of an
    interval is the start of the next."""
    fractions = np.asarray(fractions, dtype=float)
    interval = np.clip(np.searchsorted(breaks, fractions, side="left") - 1, 0, len(breaks) - 2)
    local = (fractions - breaks[interval]) / np.diff(breaks)[interval]
    matrix = lagrange_matrix(points, local)
    degree = len(points) - shared
    index = interval[:, None] * degree + np.arange(len(points))[None, :]
    return np.einsum("nk,rnk->rn", matrix, values[:, index])


def solved_path(degree: int, duration_s: float, breaks: np.ndarray, states: np.ndarray, controls: np.ndarray) -> Path:
    """The path of a solution: states at 0 and the Radau nodes, controls at the nodes."""
    nodes = radau_nodes(degree)
    with_start = np.concatenate(([0.0], nodes))
    return Path(
        duration_s,
        lambda fractions: interpolated(breaks, with_start, states, 1, fractions),
        lambda fractions: interpolated(breaks, nodes, controls, 0, fractions),
    )
