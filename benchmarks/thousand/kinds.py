"""The kinds of missions and how many of each, 1000 in all; a number stands for one of them, whatever else is drawn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

import numpy as np

from thousand import departures, forbidden, launcher
from thousand.cases import FEASIBLE, INFEASIBLE, UNLABELLED, Case, Nothing, generator

COUNTS = {
    FEASIBLE: {
        "circle": 80, "ellipse": 70, "argument": 40, "bounded": 50, "node": 40, "sun-synchronous": 40, "local-time": 20,
        "plane-of-a-spacecraft": 20, "zones": 40, "tight": 30, "crewed": 15, "modified": 15,
        "upper-circle": 50, "upper-sun-synchronous": 35, "upper-transfer": 40, "upper-molniya": 20, "upper-middle": 25,
        "upper-tundra": 10, "upper-geo": 20, "upper-residual": 20, "upper-escape": 20,
    },
    INFEASIBLE: {
        "no-ideal-velocity": 20, "no-airless-flight": 30, "no-such-plane": 12, "no-zone-so-near": 14, "no-zone-behind": 14,
        "no-acceleration": 14, "no-lift-off": 8, "no-thrust": 8, "no-orbit-so-high": 14, "no-time": 14, "no-latitude": 8,
        "no-perigee": 6, "no-upper-velocity": 18, "no-upper-propellant": 12, "no-ignition": 8,
    },
    UNLABELLED: {"edge": 65, "edge-upper": 35},
}  # fmt: skip
EXPECTED = {kind: expect for expect, counts in COUNTS.items() for kind in counts}
SIZES = {kind: count for counts in COUNTS.values() for kind, count in counts.items()}
FIRST = dict(zip(SIZES, accumulate(SIZES.values(), initial=0)))
"""Number of the first mission of each kind."""
DRAWS = 60


def kind_of(number: int) -> str:
    """The kind of a number."""
    return next(kind for kind in reversed(FIRST) if FIRST[kind] <= number)


def case(seed: int, number: int) -> Case:
    """The case of a number: draws until one is what its kind says."""
    kind = kind_of(number)
    draw: Callable[[str, int, np.random.Generator], Case] = launcher.drawn
    if kind in departures.FLOWN:
        draw = departures.drawn
    elif kind in forbidden.FORBIDDEN:
        draw = forbidden.drawn
    elif EXPECTED[kind] == UNLABELLED:
        draw = forbidden.edge
    for turn in range(DRAWS):
        try:
            return draw(kind, number, generator(seed, number, turn))
        except Nothing:
            continue
    raise Nothing(f"no witness in {DRAWS} draws of number {number} ({kind}), seed {seed}")
