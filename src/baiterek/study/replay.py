"""A stored run made again from its own mission file, and whether it says the same within a tolerance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from baiterek.study.difference import Difference, Item, compare
from baiterek.study.inputs import mission_in
from baiterek.study.results import read
from baiterek.study.run import run

MACHINERY = ("code", "version", "library ")
"""Inputs that are not the mission's: where they differ, another Baiterek made the stored run."""


@dataclass(frozen=True)
class Replay:
    """What a run that was made again says beside the stored one."""

    difference: Difference
    tolerance: float
    """Greatest part of its size by which a number may differ."""

    @property
    def other_machinery(self) -> tuple[Item, ...]:
        """Code, version, libraries that are not those of the stored run, and keys that only one of two codes knows."""
        inputs = self.difference.inputs
        machinery = tuple(item for item in inputs if item.what.startswith(MACHINERY))
        return machinery + tuple(item for item in inputs if machinery and None in (item.one, item.other))

    @property
    def beyond(self) -> tuple[Item, ...]:
        """Results that differ by more than the tolerance, or in words; inputs of the mission that were read otherwise."""
        inputs = tuple(item for item in self.difference.inputs if item not in self.other_machinery)
        return inputs + tuple(item for item in self.difference.results if not _near(item, self.tolerance))

    @property
    def holds(self) -> bool:
        """Whether the stored run is what this Baiterek finds."""
        return not self.beyond


def replay(folder: Path, tolerance: float, say: Callable[[str], None] | None = None) -> Replay:
    """Run the mission of a results folder again, by the same verb, and compare the two."""
    stored = read(folder)
    with TemporaryDirectory() as place:
        _, made = run(mission_in(folder), stored.provenance["covered"]["verb"], Path(place), say=say)
        assert made is not None
        return Replay(compare(stored, read(made)), tolerance)


def _near(item: Item, tolerance: float) -> bool:
    change: Any = item.change
    return change is not None and abs(change) <= tolerance * max(abs(item.one), abs(item.other))
