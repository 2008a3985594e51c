"""Where the nodes stand: a first mesh from the guess, finer ones where the re-integration finds an error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from baiterek.catalogue.sequence import Phase
from baiterek.trajectory.collocation import node_fractions
from baiterek.trajectory.setting import Setting
from baiterek.trajectory.transcription import Guess, Mesh, Path

DEGREE = 5
DENSE_AIR_s, VACUUM_s = 16.0, 60.0
"""Lengths of the first intervals."""
FALL_INTERVALS = 10


def first_mesh(phases: tuple[Phase, ...], guess: Guess) -> Mesh:
    """Equal intervals in time for powered phases; for falls, shorter where the drag changes fast."""
    breaks = []
    for phase, path in zip(phases, guess.phases, strict=True):
        length = DENSE_AIR_s if phase.dense_air else VACUUM_s
        count = 1 if phase.ramp or phase.steering != "free" else max(2, int(np.ceil(path.duration_s / length)))
        breaks.append(np.linspace(0.0, 1.0, count + 1))
    falls = {name: fall_breaks(path) for name, path in guess.falls.items()}
    return Mesh(DEGREE, tuple(breaks), falls)


def with_attack_nodes(mesh: Mesh, setting: Setting, guess: Guess, p: np.ndarray) -> Mesh:
    """Marks the nodes at which the dynamic pressure of `guess` exceeds the threshold of the limit on the angle of attack."""
    function = setting.dynamics.powered("free")
    threshold = setting.mission.limits.angle_of_attack_from_Pa
    marked = []
    for path, breaks in zip(guess.phases, mesh.phases, strict=True):
        states = path.states(node_fractions(breaks, mesh.degree))
        scaled = setting.scale.scale(states)
        scaled[6] = 1.0
        _, seen = function.map(scaled.shape[1])(scaled, np.zeros((3, 1)), 0.0, np.zeros(6), 1.0, p)
        marked.append([int(i) for i in np.flatnonzero(np.array(seen)[0] > threshold)])
    return replace(mesh, attack_nodes=tuple(marked))


def fall_breaks(path: Path, count: int = FALL_INTERVALS) -> np.ndarray:
    """Breaks that share out the change of acceleration evenly (equidistribution, de Boor 1973)."""
    fractions = np.linspace(0.0, 1.0, 600)
    velocity = path.states(fractions)[3:6]
    time = fractions * path.duration_s
    acceleration = np.gradient(velocity, time, axis=1)
    change = np.linalg.norm(np.gradient(acceleration, time, axis=1), axis=0)
    monitor = np.convolve(change, np.ones(15) / 15.0, mode="same") ** 0.35
    monitor = monitor / max(monitor.mean(), 1e-12) + 0.7
    share = np.concatenate(([0.0], np.cumsum(0.5 * (monitor[1:] + monitor[:-1]))))
    return np.interp(np.linspace(0.0, 1.0, count + 1), share / share[-1], fractions)


def refine(mesh: Mesh, phase_errors: list[np.ndarray], fall_errors: dict[str, np.ndarray], tolerance: float) -> Mesh | None:
    """Splits each interval whose error exceeds the tolerance, the more the larger it is; None when none does."""

    def split(breaks: np.ndarray, errors: np.ndarray) -> np.ndarray:
        parts = [breaks[:1]]
        for low, high, error in zip(breaks[:-1], breaks[1:], errors, strict=True):
            pieces = 1 if error <= tolerance else int(np.clip(np.ceil((error / tolerance) ** (1.0 / mesh.degree)), 2, 4))
            parts.append(np.linspace(low, high, pieces + 1)[1:])
        return np.concatenate(parts)

    phases = tuple(split(b, e) for b, e in zip(mesh.phases, phase_errors, strict=True))
    falls = {name: split(b, fall_errors[name]) for name, b in mesh.falls.items()}
    finer = Mesh(mesh.degree, phases, falls)
    return None if finer.nodes == mesh.nodes else finer
