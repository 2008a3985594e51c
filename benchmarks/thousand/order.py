"""In which order the missions are asked: shuffled by the seed and spread over kinds, so that any prefix is a fair sample."""

from __future__ import annotations

import numpy as np

from thousand.kinds import FIRST, SIZES

SALT = 1000
"""Keeps the shuffle apart from the random numbers that draw a mission, which begin with the seed and a number below it."""


def order(seed: int, kinds: list[str] | None = None, share: float = 1.0) -> list[int]:
    """Numbers to ask, of all kinds or some; `share` takes the first part of each, and one at least.

    Each kind is shuffled and spread evenly over the whole, from a place of its own: after a share of the run about that share
    of every kind has been asked, whichever it was.
    """
    rng = np.random.default_rng([seed, SALT])
    places: dict[int, float] = {}
    for kind, size in SIZES.items():
        shuffled, begin = FIRST[kind] + rng.permutation(size), rng.random()
        taken = max(1, round(share * size)) if kinds is None or kind in kinds else 0
        places |= {int(number): (turn + begin) / size for turn, number in enumerate(shuffled[:taken])}
    return sorted(places, key=lambda number: (places[number], number))
