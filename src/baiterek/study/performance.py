"""What a vehicle brings where: the greatest payload over a grid of orbits, each cell optimised, flown and explained."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.errors import NotConverged
from baiterek.history import Steering
from baiterek.study.contradictions import contradictions
from baiterek.study.performance_map import Axis, Cell, PerformanceMap, keep, mission_at, mission_towards, read_journal
from baiterek.study.uncertainty import uncertainty

Say = Callable[[str], None]
STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
ATTEMPTS = 2
"""Neighbours from which a cell is tried: the nearest before the reason is sought, the others where there is none."""
STRIDES = {"altitude_km": 50.0, "perigee_altitude_km": 50.0, "apogee_altitude_km": 250.0, "inclination_deg": 2.0}
"""Over such steps a solve takes 3 to 20 iterations and stays on its branch."""
HELD_BACK = {"q_alpha_Pa_rad": 0.03, "angle_of_attack_rad": 0.03}
"""Share of the squared limit that these keep back at the nodes, since one mesh serves every cell: half of it, and less
than a kilogram of payload."""


def performance(
    base: Mission, axes: Sequence[Axis], workers: int = 1, journal: Path | None = None, progress: Say | None = None
) -> PerformanceMap:
    """The map of `base` over one or two `axes`, on `workers` processes.

    Cells found in `journal` (a folder; one line a cell, written as it is solved) are not solved again, so an
    interrupted map goes on where it stopped.
    """
    say = progress or (lambda text: None)
    shape = tuple(len(axis.values) for axis in axes)
    done = read_journal(journal)
    columns = range(shape[1]) if len(shape) > 1 else range(1)
    count = max(1, min(workers, len(columns)))
    blocks = [list(map(int, block)) for block in np.array_split(np.array(columns), count)]
    total = int(np.prod(shape))
    cells = dict(done)
    say(f"{len(cells)} of {total} cells")
    if count == 1:
        for cell in _Sweep(base, tuple(axes), blocks[0], done).cells():
            keep(cells, cell, journal)
            say(f"{len(cells)} of {total} cells")
        return PerformanceMap(base, tuple(axes), cells)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(count, mp_context=context) as pool:
        queue = manager.Queue()
        futures = [pool.submit(_work, base, tuple(axes), block, done, queue) for block in blocks]
        running = len(futures)
        while running:
            cell = queue.get()
            if cell is None:
                running -= 1
                continue
            keep(cells, cell, journal)
            say(f"{len(cells)} of {total} cells")
        for future in futures:
            future.result()
    return PerformanceMap(base, tuple(axes), cells)


def _work(base: Mission, axes: tuple[Axis, ...], block: list[int], done: dict, queue: Any) -> None:
    """One process: sweeps its columns and hands over each cell as it is solved; None when it ends."""
    try:
        for cell in _Sweep(base, axes, block, done).cells():
            queue.put(cell)
    finally:
        queue.put(None)


class _Sweep:
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
        mission = mission_at(self.base, self.axes, index)
        if (below := self._below(index)) is not None:
            return Cell(index, "infeasible", below)
        if self.family is None and (cell := self._first(index)) is not None:
            return cell
        starts, refused = self._starts(index) or [self._nearest(index)], self._refused(index)
        if not refused and (cell := self._from(starts[:1], index, mission)) is not None:
            return cell
        why = self._why(index, mission, refused[0] if refused else self.solved[starts[0]])
        others = starts[0 if refused else 1 : ATTEMPTS]
        return why or self._from(others, index, mission) or self._cold(index, mission)

    def _from(self, starts: Sequence[tuple[int, ...]], index: tuple[int, ...], mission: Mission) -> Cell | None:
        """The cell from the first of `starts` that leads there."""
        for start in starts:
            found = self._walked(start, index)
            if found.converged:
                return self._flown(index, mission, found)
        return None

    def _walked(self, start: tuple[int, ...], index: tuple[int, ...]) -> Any:
        """The optimum of a cell from that of another, over orbits between them no farther apart than `STRIDES`: a wider
        step loses its way, or ends in a poorer optimum."""
        begin, end = (np.array([axis.values[k] for axis, k in zip(self.axes, at)]) for at in (start, index))
        strides = np.abs(end - begin) / np.array([STRIDES[axis.name] for axis in self.axes])
        count = max(1, int(np.ceil(strides.max() - 1e-9)))
        found = self.solved[start]
        for k in range(1, count + 1):
            values = (end if k == count else begin + (end - begin) * k / count).tolist()
            found = self.family.solve(mission_towards(self.base, self.axes, values), found)
            if not found.converged:
                break
        return found

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

    def _cold(self, index: tuple[int, ...], mission: Mission) -> Cell:
        """No neighbour leads there, and no limit says why: its own optimum, from no guess."""
        from baiterek.trajectory import optimise

        optimum = optimise(mission)
        if not optimum.converged or optimum.steering is None:
            return Cell(index, optimum.status, optimum.advice)
        spread = uncertainty(optimum.sensitivities, mission.vehicle)
        active = tuple(limit.name for limit in optimum.limits if limit.active)
        bare = Cell(index, "converged", "", optimum.payload_kg, spread.sigma, active, iterations=optimum.iterations)
        end = [optimum.history.columns[name][-1] for name in STATE] if optimum.history else []
        return _with_flight(bare, mission, optimum.steering, np.array(end))

    def _flown(self, index: tuple[int, ...], mission: Mission, found: Any) -> Cell:
        """A solution becomes a cell by its flight; one that its flight contradicts is solved anew on its own mesh."""
        self.solved[index] = found
        spread = uncertainty(self.family.sensitivities(mission, found), mission.vehicle)
        cell = Cell(index, "converged", "", found.payload_kg, spread.sigma, found.active, iterations=found.iterations)
        end = self.family.end_state(mission, found)
        flown = _with_flight(cell, mission, self.family.steering(mission, found), end)
        return flown if flown.status == "converged" else self._cold(index, mission)

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


def _with_flight(cell: Cell, mission: Mission, steering: Steering, end: np.ndarray) -> Cell:
    """The cell with what its flight in the simulator says: burns, impacts, the gap to the optimum's own `end` (inertial
    state, SI), and whether every limit is kept."""
    from baiterek.flight import simulate

    flight = simulate(mission, steering)
    apart = np.array([flight.columns[name][-1] for name in STATE]) - end
    gap_m, gap_m_s = float(np.linalg.norm(apart[:3])), float(np.linalg.norm(apart[3:]))
    gap: dict[str, float | None] = {"reintegration_position_m": None, "reintegration_speed_m_s": None}
    gap |= {"flight_position_m": gap_m, "flight_speed_m_s": gap_m_s}
    wrong = contradictions(mission, gap, flight, None)
    burn_s = {stage.name: 0.0 for stage in mission.vehicle.stages}
    flown = sequence(replace(mission, payload_kg=steering.payload_kg)).phases
    for phase, steered in zip(flown, steering.phases, strict=True):
        if phase.stage:
            burn_s[phase.stage] += steered.duration_s
    return replace(
        cell,
        status="failed" if wrong else cell.status,
        why="; ".join(wrong),
        burn_s=burn_s,
        impacts_deg={fall.name: (fall.latitude_deg, fall.longitude_deg) for fall in flight.falls if fall.landed},
        gap_m=gap_m,
        gap_m_s=gap_m_s,
    )
