"""A block of a payload map of direct injection: one family of neighbours, each cell from the nearest, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from baiterek.catalogue.mission import Mission
from baiterek.errors import NotConverged
from baiterek.study.performance_cell import HELD_BACK, cold, flown, walked
from baiterek.study.performance_map import Axis, Cell, mission_at

ATTEMPTS = 2
"""Neighbours from which a cell is tried: the nearest before the reason is sought, the others where there is none."""


class Sweep:
    """A block of columns (second axis), row by row (first axis), each cell from its neighbours."""

    def __init__(self, base: Mission, axes: tuple[Axis, ...], block: list[int], done: Mapping) -> None:
        from baiterek.trajectory import Neighbours

        self._neighbours = Neighbours
        self.base, self.axes, self.block, self.done = base, axes, block, done
        self.solved: dict[tuple[int, ...], Any] = {}
        self.refusals: dict[tuple[int, ...], Any] = {}
        self.family: Any = None
        self.cells_so_far: dict[tuple[int, ...], Cell] = dict(done)

    def cells(self) -> Iterator[Cell]:
        """Every cell of the block that is not done, in an order in which each has a neighbour."""
        rows = len(self.axes[0].values)
        for row in range(rows):
            block = self.block if row % 2 == 0 else self.block[::-1]
            indices = [(row, column) if len(self.axes) > 1 else (row,) for column in block]
            for index in indices:
                if index not in self.done:
                    cell = self._cell(index)
                    self.cells_so_far[index] = cell
                    yield cell
                elif self.done[index].status == "converged" and (index == indices[-1] or self.family is None):
                    self._cell(index)  # done, and needed again as a start

    def _cell(self, index: tuple[int, ...]) -> Cell:
        """From the nearest solved neighbour, or why not; only then from others, and from no guess. Beside a neighbour that
        is out of reach, the reason is sought first."""
        if (below := self._below(index)) is not None:
            return Cell(index, "infeasible", below)
        if self.family is None and (cell := self._first(index)) is not None:
            return cell
        mission = mission_at(self.base, self.axes, index)
        starts, refused = self._starts(index) or [self._nearest(index)], self._refused(index)
        if not refused and (cell := self._from(starts[:1], index, mission)) is not None:
            return cell
        why = self._why(index, mission, refused[0] if refused else self.solved[starts[0]])
        others = starts[0 if refused else 1 : ATTEMPTS]
        return why or self._from(others, index, mission) or cold(index, mission)

    def _from(self, starts: Sequence[tuple[int, ...]], index: tuple[int, ...], mission: Mission) -> Cell | None:
        """The cell from the first of `starts` that leads there."""
        for start in starts:
            found = walked(self.base, self.axes, self.family, self.solved[start], start, index)
            if found.converged:
                self.solved[index] = found
                return flown(index, mission, self.family, found)
        return None

    def _why(self, index: tuple[int, ...], mission: Mission, start: Any) -> Cell | None:
        """The cell, when the smallest violation of its limits is more than nothing."""
        why = self.family.why(mission, start)
        if why.status != "infeasible":
            return None
        self.refusals[index] = why
        return Cell(index, why.status, why.advice, active=why.active)

    def _first(self, index: tuple[int, ...]) -> Cell | None:
        """The first solution, from no guess, in the middle of the block: steering angles are counted from its plane, and
        lose their meaning 90 deg of azimuth away. Where there is none, at the cell itself, or what the cell says."""
        middle = (index[0], self.block[len(self.block) // 2]) if len(index) > 1 else index
        for place in dict.fromkeys((middle, index)):
            mission = mission_at(self.base, self.axes, place)
            try:
                self.family = self._neighbours(mission, held_back=HELD_BACK)
            except NotConverged as failure:
                status, _, advice = str(failure).partition(": ")
                continue
            self.solved[place] = self.family.solve(mission)
            return None
        return Cell(index, status, advice)

    def _starts(self, index: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Solved neighbours, nearest first: along the row, then the row below."""
        row, column = (*index, 0)[:2]
        places = [(row, column - 1), (row, column + 1), (row - 1, column), (row - 1, column - 1), (row - 1, column + 1)]
        keys = places if len(self.axes) > 1 else [(r,) for r, c in places if c == column]
        return [key for key in keys if key in self.solved]

    def _nearest(self, index: tuple[int, ...]) -> tuple[int, ...]:
        """The solved cell nearest on the grid."""
        return min(self.solved, key=lambda key: sum((a - b) ** 2 for a, b in zip(key, index, strict=True)))

    def _refused(self, index: tuple[int, ...]) -> list[Any]:
        """Neighbours in the row that are out of reach."""
        return [self.refusals[key] for key in ((*index[:-1], index[-1] - 1), (*index[:-1], index[-1] + 1))
                if len(index) > 1 and key in self.refusals]  # fmt: skip

    def _below(self, index: tuple[int, ...]) -> str | None:
        """What the cell below says, when the vehicle already falls short of it; of altitudes alone, which only cost more."""
        if self.axes[0].name == "inclination_deg":
            return None
        below = self.cells_so_far.get((index[0] - 1, *index[1:]))
        if below is None or below.status != "infeasible":
            return None
        place = f"{self.axes[0].name.replace('_', ' ')} {self.axes[0].values[index[0] - 1]:g}"
        return below.why if below.why.startswith("already at ") else f"already at {place}: {below.why}"
