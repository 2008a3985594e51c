"""A block of a payload map over an upper stage: families of neighbours, a new one wherever none leads on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiterek.catalogue.burns import burns_of, disposal_of
from baiterek.catalogue.mission import Mission
from baiterek.errors import NotConverged
from baiterek.study.performance_cell import HELD_BACK, flown, of_optimum, walked
from baiterek.study.performance_map import Axis, Cell, mission_at

if TYPE_CHECKING:
    from baiterek.trajectory import Neighbour, Neighbours

Index = tuple[int, ...]


@dataclass(frozen=True)
class Start:
    """A solved cell, from which others with as many burns and the same disposal are tried."""

    family: Neighbours
    found: Neighbour
    kind: tuple[int, str]


class UpperSweep:
    """Cells in the order of the block. Which burns are best changes along the way, so that a cell that its neighbours do
    not lead to begins a family of its own; no refusal is inferred from a lower orbit's, since all searches are local."""

    def __init__(self, base: Mission, axes: tuple[Axis, ...], block: Sequence[Index], done: Mapping[Index, Cell]) -> None:
        self.base, self.axes, self.block, self.done = base, axes, list(block), done
        self.starts: dict[Index, Start] = {}

    def cells(self) -> Iterator[Cell]:
        """Every cell of the block that is not done; then once more those that failed, from what was solved since."""
        failed = []
        for index in self.block:
            if index in self.done and self.done[index].status != "failed":
                continue
            cell = self._from_neighbours(index, self.starts) or self._anew(index)
            if cell.status != "converged":
                failed.append((index, set(self.starts)))
            yield cell
        for index, tried in reversed(failed):
            since = {key: start for key, start in self.starts.items() if key not in tried}
            if (better := self._from_neighbours(index, since)) is not None:
                yield better

    def _from_neighbours(self, index: Index, starts: Mapping[Index, Start]) -> Cell | None:
        """The cell from the nearest of `starts` that has its burns and disposal."""
        mission = mission_at(self.base, self.axes, index)
        kind = (burns_of(mission), disposal_of(mission))
        alike = [key for key, start in starts.items() if start.kind == kind]
        if not alike:
            return None
        nearest = min(alike, key=lambda key: sum((a - b) ** 2 for a, b in zip(key, index, strict=True)))
        start = starts[nearest]
        found = walked(self.base, self.axes, start.family, start.found, nearest, index)
        if not found.converged:
            return None
        cell = flown(index, mission, start.family, found)
        if cell.status == "converged":
            self.starts[index] = Start(start.family, found, kind)
        return cell

    def _anew(self, index: Index) -> Cell:
        """The cell from no guess, as the first of a family, or what its search says."""
        from baiterek.trajectory import Neighbours

        mission = mission_at(self.base, self.axes, index)
        try:
            family = Neighbours(mission, held_back=HELD_BACK)
        except NotConverged as failure:
            status, _, advice = str(failure).partition(": ")
            return Cell(index, status, advice)
        found = family.solve(mission)
        if not found.converged:
            return of_optimum(index, mission, family.optimum)
        self.starts[index] = Start(family, found, (burns_of(mission), disposal_of(mission)))
        return flown(index, mission, family, found)
