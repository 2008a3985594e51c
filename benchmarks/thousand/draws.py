"""Draws that are kept with the project: what seed and number give, without the seconds that a witness takes to find.

A kept case is flown and checked like any other before it is asked; that it is what the seed gives is tested of some.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from thousand.cases import Case
from thousand.kinds import case, kind_of
from thousand.order import order

FOLDER = Path(__file__).parent
SHARE = 0.1
"""The part of every kind whose draws are kept: the sample of the tests."""
DEAR_s = 12.0
"""Processor time of an answer above which a mission is left to the whole run, and the next of its kind stands for it."""


def file_of(seed: int) -> Path:
    """Where the draws of a seed are kept."""
    return FOLDER / f"sample-{seed}.jsonl"


def sample(seed: int, cost_s: Mapping[int, float]) -> list[int]:
    """A hundred missions, a tenth of every kind in the order of asking, but for those that were dear of late."""
    cheap = [number for number in order(seed) if cost_s.get(number, np.inf) <= DEAR_s]
    chosen = order(seed, share=SHARE)
    for k, number in enumerate(chosen):
        if number not in cheap:
            others = (n for n in cheap if kind_of(n) == kind_of(number) and n not in chosen)
            chosen[k] = next(others, number)
    return chosen


def drawn(seed: int, number: int) -> Case:
    """The case of a number, from the kept ones or drawn now."""
    return kept(seed).get(number) or case(seed, number)


@cache
def kept(seed: int) -> dict[int, Case]:
    """Every kept case of a seed; none where there is no file."""
    path = file_of(seed)
    if not path.exists():
        return {}
    made = (Case(**json.loads(text)) for text in path.read_text(encoding="utf-8").splitlines())
    return {one.number: one for one in made}


def line(made: Case) -> str:
    """A case as a line; what is not given is left out."""
    said = {key: value for key, value in asdict(made).items() if value not in (None, "") and value == value}
    return json.dumps(said, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    """Arrays and numbers of NumPy as those of JSON, with every digit."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} in a witness")
