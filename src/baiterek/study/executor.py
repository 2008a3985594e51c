"""Who flies and lets fall for a study: threads of this machine, or workers of a Dask cluster that take parts of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiterek.flight.executor import Executor, Rows, Task

if TYPE_CHECKING:
    from baiterek.study.cluster import Cluster

PART_s = 1.0
"""Work of a part, in the order of magnitude."""
BEGINS_AGAIN = "to be begun again"


@dataclass(frozen=True)
class Share:
    """Some rows of a task."""

    first: int
    rows: Rows

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + _count(self.rows) - 1


@dataclass(frozen=True)
class Shared:
    """A task as a job of a cluster."""

    task: Task

    @property
    def what(self) -> str:
        """Flights, or falls."""
        return self.task.name

    @property
    def hash(self) -> str:
        """Rows are not kept from one run to the next: the name will do."""
        return self.task.name.replace(" ", "-")

    def table(self, part: Share, threads: int = 1) -> Rows:
        """Rows of rows."""
        return self.task.done(part.rows, part.first, threads)


class ClusterExecutor(Executor):
    """Workers of a cluster; what is done in a moment is done here."""

    def __init__(self, cluster: Cluster, threads: int | None = None) -> None:
        super().__init__(threads)
        self.cluster = cluster

    def work(self, task: Task, rows: Rows) -> Rows:
        """All rows of a task, in parts."""
        count, at_once = _count(rows), max(round(PART_s / task.seconds), 1)
        if count <= at_once:
            return super().work(task, rows)
        parts = [
            Share(first, {name: np.array(column[first : first + at_once]) for name, column in rows.items()})
            for first in range(0, count, at_once)
        ]
        landed = {part.first: made for part, made in self.cluster.do(Shared(task), parts)}
        made = [landed[part.first] for part in parts]
        return {name: np.concatenate([each[name] for each in made]) for name in made[0]}


@contextmanager
def executor_of(workers: int, scheduler: str | None = None) -> Iterator[Executor]:
    """So many threads here, or the workers of the scheduler at an address, such as tcp://host:8786."""
    if scheduler is None:
        yield Executor(workers)
        return
    from baiterek.study.cluster import cluster

    with cluster(scheduler, BEGINS_AGAIN) as found:
        yield ClusterExecutor(found, workers)


def _count(rows: Rows) -> int:
    return len(next(iter(rows.values())))
