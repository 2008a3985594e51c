"""The structure of a throttle: arcs at full, at least and between, found on a first solution and made phases of their own.

A polynomial cannot jump, so a bang-singular-bang throttle ends a mesh's accuracy. Once its arcs are phases, the instants
between them are variables and each arc is smooth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from baiterek.catalogue.sequence import LONGEST_PHASE_S, Phase, Sequence, Timing
from baiterek.trajectory.paths import Guess, Path

NEAR = 0.08
"""Share of the throttle's range within which it counts as at its bound."""
SHORT = 0.03
"""Share of the phase below which an arc is noise."""
JUMP = 0.4
"""Share of the range by which the throttle must jump for its phase to be worth splitting."""


@dataclass(frozen=True)
class Arc:
    """A stretch of a phase, in fractions of its duration."""

    kind: str
    """`most`, `least` or `between`."""
    low: float
    high: float


def find_arcs(plan: Sequence, guess: Guess) -> dict[int, list[Arc]]:
    """Arcs of each phase whose throttle jumps; empty when none does."""
    found = {}
    for k, (phase, path) in enumerate(zip(plan.phases, guess.phases, strict=True)):
        least, most = phase.throttle
        if least == most:
            continue
        fractions = np.linspace(0.0, 1.0, 201)
        level = (path.controls(fractions)[3] - least) / (most - least)
        steps = np.abs(level[20:] - level[:-20])
        arcs = _runs(np.where(level > 1.0 - NEAR, 1, np.where(level < NEAR, -1, 0)), fractions)
        if steps.max() > JUMP and 1 < len(arcs) < 7:
            found[k] = arcs
    return found


def _runs(kinds: np.ndarray, fractions: np.ndarray) -> list[Arc]:
    """Runs of equal kind; short ones join the run before."""
    names = {1: "most", -1: "least", 0: "between"}
    arcs: list[Arc] = []
    edges = np.flatnonzero(np.diff(kinds)) + 1
    for first, last in zip([0, *edges], [*edges, len(kinds)], strict=True):
        low, high = fractions[first], fractions[min(last, len(fractions) - 1)]
        name = names[int(kinds[first])]
        if arcs and (high - low < SHORT or arcs[-1].kind == name):
            arcs[-1] = replace(arcs[-1], high=float(high))
        else:
            arcs.append(Arc(name, float(low), float(high)))
    return [replace(arcs[0], low=0.0), *arcs[1:]]


def split(plan: Sequence, arcs: Mapping[int, list[Arc]]) -> tuple[Sequence, tuple[int, ...]]:
    """The plan with arcs as phases, and the number of the original phase of each."""
    phases: list[Phase] = []
    origin: list[int] = []
    timings = []
    for k, phase in enumerate(plan.phases):
        parts = _parts(phase, arcs[k]) if k in arcs else [phase]
        if k in arcs and phase.duration_s is not None:
            timings.append(Timing(phase.name, tuple(range(len(phases), len(phases) + len(parts))), phase.duration_s))
        phases += parts
        origin += [k] * len(parts)

    def moved(numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(i for i, k in enumerate(origin) if k in numbers)

    budgets = tuple(replace(b, phases=moved(b.phases)) for b in plan.budgets)
    timings = [*(replace(t, phases=moved(t.phases)) for t in plan.timings), *timings]
    return replace(plan, phases=tuple(phases), budgets=budgets, timings=tuple(timings)), tuple(origin)


def _parts(phase: Phase, arcs: list[Arc]) -> list[Phase]:
    least, most = phase.throttle
    bounds = {"most": (most, most), "least": (least, least), "between": (least, most)}
    parts = []
    for number, arc in enumerate(arcs):
        last = number == len(arcs) - 1
        parts.append(
            replace(
                phase, name=f"{phase.name} arc {number + 1}", throttle=bounds[arc.kind], duration_s=None,
                bounds_s=(1e-3, max(phase.bounds_s[1], LONGEST_PHASE_S)),
                mass_start_kg=phase.mass_start_kg if number == 0 else None,
                drops=phase.drops if last else (), until=phase.until if last else "",
            )
        )  # fmt: skip
    return parts


def split_guess(guess: Guess, arcs: Mapping[int, list[Arc]]) -> Guess:
    """The same flight over the split plan."""
    paths: list[Path] = []
    for k, path in enumerate(guess.phases):
        for arc in arcs.get(k, [Arc("between", 0.0, 1.0)]):
            paths.append(_stretch(path, arc.low, arc.high))
    return replace(guess, phases=tuple(paths))


def _stretch(path: Path, low: float, high: float) -> Path:
    def within(fractions: np.ndarray) -> np.ndarray:
        return low + (high - low) * np.asarray(fractions, dtype=float)

    return Path((high - low) * path.duration_s, lambda f: path.states(within(f)), lambda f: path.controls(within(f)))
