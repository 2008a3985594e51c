"""Where the nodes stand: a first mesh from the guess, finer ones where the re-integration finds an error."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from baiterek.catalogue.sequence import Phase
from baiterek.constants import EARTH_MU_M3_S2
from baiterek.trajectory.collocation import lagrange_matrix, node_fractions, radau_nodes
from baiterek.trajectory.paths import Guess, Mesh, Path
from baiterek.trajectory.setting import Setting

DEGREE, STRAIGHT_DEGREE = 5, 4
"""Nodes of an interval; fewer when the steering runs straight in it and intervals are short."""
DENSE_AIR_s, VACUUM_s = 16.0, 60.0
"""Lengths of the first intervals."""
STRAIGHT_s = ((25.0, 5.0), (90.0, 8.0), (1e9, 15.0))
"""The same where the steering runs straight, in the dense air: until when after lift-off, how long."""
STRAIGHT_VACUUM_s = 30.0
COAST_ANGLE_rad, BURN_s = 0.25, 40.0
"""Intervals of an upper stage's coasts, as `coast_breaks` counts, and of its burns."""
FALL_TOLERANCE_m = 12.0
"""How well the first mesh of a fall follows the guess: velocity error times length of the interval."""
LEAN_DEGREE, LEAN_TOLERANCE_m = 6, 30.0
"""The same of a fall that is known."""


def first_mesh(phases: tuple[Phase, ...], guess: Guess, straight: bool) -> Mesh:
    """Intervals short where the steering turns fast; for falls, shorter where the drag changes fast."""
    breaks, elapsed = [], 0.0
    for phase, path in zip(phases, guess.phases, strict=True):
        if phase.coast:
            breaks.append(coast_breaks(path))
        elif phase.vacuum:
            breaks.append(np.linspace(0.0, 1.0, max(2, int(np.ceil(path.duration_s / BURN_s))) + 1))
        elif phase.ramp or phase.steering != "free":
            breaks.append(np.array([0.0, 1.0]))
        elif straight:
            breaks.append(straight_breaks(elapsed, path.duration_s, phase.dense_air))
        else:
            length = DENSE_AIR_s if phase.dense_air else VACUUM_s
            least = 12 if phase.throttle[0] < phase.throttle[1] else 2
            breaks.append(np.linspace(0.0, 1.0, max(least, int(np.ceil(path.duration_s / length))) + 1))
        elapsed += path.duration_s
    degree = STRAIGHT_DEGREE if straight else DEGREE
    falls = {name: fall_breaks(path, degree) for name, path in guess.falls.items()}
    return Mesh(degree, degree, tuple(breaks), falls)


def coast_breaks(path: Path) -> np.ndarray:
    """Intervals of a coast, of lengths that go as the local time scale of gravity: equal in sqrt(mu / r^3) dt, which lies
    between the eccentric and the true anomaly."""
    fractions = np.linspace(0.0, 1.0, 1000)
    radius = np.linalg.norm(path.states(fractions)[:3], axis=0)
    rate = np.sqrt(EARTH_MU_M3_S2 / radius**3) * path.duration_s
    gone = np.concatenate(([0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(fractions))))
    count = max(1, int(np.ceil(gone[-1] / COAST_ANGLE_rad)))
    return np.concatenate((np.interp(np.linspace(0.0, gone[-1], count + 1)[:-1], gone, fractions), [1.0]))


def straight_breaks(begin_s: float, duration_s: float, dense_air: bool) -> np.ndarray:
    """Fractions of a phase that begins at `begin_s` after lift-off."""
    ends = [0.0]
    while ends[-1] < duration_s - 1e-6:
        now = begin_s + ends[-1]
        length = next(step for until, step in STRAIGHT_s if now < until) if dense_air else STRAIGHT_VACUUM_s
        ends.append(ends[-1] + length)
    return np.array(ends) / ends[-1] if len(ends) > 2 else np.array([0.0, 0.5, 1.0])


def with_attack_nodes(mesh: Mesh, setting: Setting, guess: Guess, p: np.ndarray) -> Mesh:
    """Marks the nodes at which the dynamic pressure of `guess` exceeds the threshold of the limit on the angle of attack."""
    function = setting.dynamics.powered()
    threshold = setting.mission.limits.angle_of_attack_from_Pa
    marked = []
    for path, breaks in zip(guess.phases, mesh.phases, strict=True):
        states = path.states(node_fractions(breaks, mesh.degree))
        scaled = setting.scale.scale(states)
        scaled[6] = 1.0
        _, seen = function.map(scaled.shape[1])(scaled, np.zeros((3, 1)), 0.0, np.zeros(6), 1.0, p)
        over = np.flatnonzero(np.array(seen)[0] > threshold)
        # The pressure may fall below the threshold between the start of an interval and its first node.
        begun = over[over % mesh.degree == mesh.degree - 1] + 1
        marked.append([int(i) for i in np.union1d(over, begun[begun < scaled.shape[1]])])
    return replace(mesh, attack_nodes=tuple(marked))


def fall_breaks(path: Path, degree: int) -> np.ndarray:
    """Halves intervals until a polynomial through the nodes follows the guess's velocity well enough."""

    def split(low: float, high: float) -> list[float]:
        if _misfit(path, degree, low, high) < FALL_TOLERANCE_m or high - low < 0.01:
            return [high]
        return split(low, 0.5 * (low + high)) + split(0.5 * (low + high), high)

    first = (0.0, 0.0625, 0.125, 0.25, 0.5, 1.0)
    return np.array([0.0, *(end for low, high in itertools.pairwise(first) for end in split(low, high))])


def _misfit(path: Path, degree: int, low: float, high: float) -> float:
    """Velocity error of a polynomial through the nodes of an interval, times its length: m."""
    nodes, points = np.concatenate(([0.0], radau_nodes(degree))), np.linspace(0.0, 1.0, 17)
    fitted = path.states(low + (high - low) * nodes)[3:6] @ lagrange_matrix(nodes, points).T
    error = np.abs(fitted - path.states(low + (high - low) * points)[3:6]).max()
    return float(error * (high - low) * path.duration_s)


def lean(mesh: Mesh, solution: Guess) -> Mesh:
    """The mesh with as few nodes for the falls of a solution as follow them: each interval as long as it may be."""
    falls = {}
    for name, path in solution.falls.items():
        breaks = [0.0]
        while breaks[-1] < 1.0:
            low, width = breaks[-1], min(0.25, 1.0 - breaks[-1])
            while width > 0.01 and _misfit(path, LEAN_DEGREE, low, low + width) > LEAN_TOLERANCE_m:
                width *= 0.9
            breaks.append(min(low + width, 1.0))
        falls[name] = np.array(breaks)
    return replace(mesh, fall_degree=LEAN_DEGREE, falls=falls)


def refine(mesh: Mesh, phase_errors: list[np.ndarray], fall_errors: dict[str, np.ndarray], tolerance: float) -> Mesh | None:
    """Splits each interval whose error exceeds the tolerance, the more the larger it is; None when none does."""

    def split(breaks: np.ndarray, errors: np.ndarray, degree: int) -> np.ndarray:
        parts = [breaks[:1]]
        for low, high, error in zip(breaks[:-1], breaks[1:], errors, strict=True):
            pieces = 1 if error <= tolerance else int(np.clip(np.ceil((error / tolerance) ** (1.0 / degree)), 2, 4))
            parts.append(np.linspace(low, high, pieces + 1)[1:])
        return np.concatenate(parts)

    phases = tuple(split(b, e, mesh.degree) for b, e in zip(mesh.phases, phase_errors, strict=True))
    falls = {name: split(b, fall_errors[name], mesh.fall_degree) for name, b in mesh.falls.items()}
    finer = Mesh(mesh.degree, mesh.fall_degree, phases, falls)
    return None if finer.nodes == mesh.nodes else finer
