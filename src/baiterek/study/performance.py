"""What a vehicle brings where: the greatest payload over a grid of orbits, each cell optimised, flown and explained."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.study.performance_map import Axis, PerformanceMap, keep, read_journal
from baiterek.study.performance_sweep import Sweep
from baiterek.study.performance_upper import UpperSweep

Say = Callable[[str], None]


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
    blocks = _blocks(base, shape, workers)
    total = int(np.prod(shape))
    cells = dict(done)
    say(f"{len(cells)} of {total} cells")
    if len(blocks) == 1:
        for cell in _sweep(base, tuple(axes), blocks[0], done).cells():
            keep(cells, cell, journal)
            say(f"{len(cells)} of {total} cells")
        return PerformanceMap(base, tuple(axes), cells)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(len(blocks), mp_context=context) as pool:
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


def _blocks(base: Mission, shape: tuple[int, ...], workers: int) -> list[list[Any]]:
    """What each process solves: columns of the map, all of their rows; over an upper stage, cells."""
    if base.upper_stage is None:
        columns = range(shape[1]) if len(shape) > 1 else range(1)
        return [list(map(int, block)) for block in np.array_split(np.array(columns), max(1, min(workers, len(columns))))]
    along = sorted(np.ndindex(*shape), key=lambda index: (index[1:], index[:1]))
    ends = np.linspace(0, len(along), max(1, min(workers, len(along))) + 1).astype(int)
    return [along[a:b] for a, b in itertools.pairwise(ends)]


def _sweep(base: Mission, axes: tuple[Axis, ...], block: list[Any], done: dict) -> Sweep | UpperSweep:
    return Sweep(base, axes, block, done) if base.upper_stage is None else UpperSweep(base, axes, block, done)


def _work(base: Mission, axes: tuple[Axis, ...], block: list[Any], done: dict, queue: Any) -> None:
    """One process: sweeps its block and hands over each cell as it is solved; None when it ends."""
    try:
        for cell in _sweep(base, axes, block, done).cells():
            queue.put(cell)
    finally:
        queue.put(None)
