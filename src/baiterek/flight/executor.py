"""Who flies and lets fall, row by row: threads of this machine, or whoever takes rows off its hands.

A row depends on itself only, so rows can be shared out in any parts: what comes back is the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.flight.debris import Falling, Impacts, fall_pieces, fall_to
from baiterek.flight.failing import fly_failures
from baiterek.flight.fly_many import fly_many
from baiterek.history import Array, Steering

Rows = Mapping[str, Any]
"""Arrays by name, one value (or one row of them) for each flight or piece."""
A_FLIGHT = 2e-3
"""Seconds of one thread, in the order of magnitude: by it rows are shared out."""
A_FALL = 5e-5


class Task(NamedTuple):
    """A compiled call apart from its rows: `call(*common, rows, first, threads)` makes rows of rows."""

    name: str
    call: Callable[..., Rows]
    common: tuple[Any, ...]
    seconds: float
    """A row takes so long, in the order of magnitude."""

    def done(self, rows: Rows, first: int = 0, threads: int | None = None) -> Rows:
        """These rows, of which the first has this number among all."""
        return self.call(*self.common, rows, first, threads)


class Executor:
    """Threads of this machine: so many, or as many as it has processors."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads

    def work(self, task: Task, rows: Rows) -> Rows:
        """All rows of a task."""
        return task.done(rows, threads=self.threads)

    def fly_many(self, mission: Mission, steering: Steering, inputs: Rows, **how: Any) -> Rows:
        """The columns of `flight.fly_many`."""
        return self.work(Task("flights", _flights, (mission, steering, how), A_FLIGHT), inputs)

    def fly_failures(self, mission: Mission, steering: Steering, stage: str, times_s: Array, inputs: Rows, **how: Any) -> Rows:
        """The columns of `flight.fly_failures`."""
        rows = {**inputs, "times_s": times_s}
        return self.work(Task("failing flights", _failures, (mission, steering, stage, how), A_FLIGHT), rows)

    def fall_pieces(self, mission: Mission, falling: Falling, *, horizon_s: float) -> Impacts:
        """`flight.fall_pieces`."""
        task = Task("falls", _impacts, (mission, falling.shapes, horizon_s), A_FALL)
        return Impacts(**self.work(task, _falls(falling)))

    def fall_to(self, mission: Mission, falling: Falling, altitude_m: Any, *, horizon_s: float) -> tuple[Array, Array]:
        """`flight.fall_to`."""
        rows = _falls(falling)
        rows["altitude_m"] = np.broadcast_to(altitude_m, len(rows["states"]))
        found = self.work(Task("falls", _crossings, (mission, falling.shapes, horizon_s), A_FALL), rows)
        return found["states"], found["t_s"]


def _falls(falling: Falling) -> dict[str, Any]:
    """One value for each piece of all that varies between pieces."""
    rows = {name: value for name, value in falling._asdict().items() if name != "shapes"}
    rows["states"] = np.atleast_2d(falling.states)
    count = len(rows["states"])
    shapes = {"states": (count, 6), "wind_m_s": (count, 2)}
    return {name: np.broadcast_to(np.asarray(value), shapes.get(name, (count,))) for name, value in rows.items()}


def _flights(mission: Mission, steering: Steering, how: dict[str, Any], rows: Rows, first: int, threads: int | None) -> Rows:
    return fly_many(mission, steering, rows, first_flight=first, threads=threads, **how).columns


def _failures(
    mission: Mission, steering: Steering, stage: str, how: dict[str, Any], rows: Rows, first: int, threads: int | None
) -> Rows:
    inputs = {path: values for path, values in rows.items() if path != "times_s"}
    own = {"first_flight": first, "threads": threads, **how}
    return fly_failures(mission, steering, stage, rows["times_s"], inputs=inputs, **own).columns


def _impacts(mission: Mission, shapes: Any, horizon_s: float, rows: Rows, _: int, threads: int | None) -> Rows:
    return fall_pieces(mission, Falling(**rows, shapes=shapes), horizon_s=horizon_s, threads=threads)._asdict()


def _crossings(mission: Mission, shapes: Any, horizon_s: float, rows: Rows, _: int, threads: int | None) -> Rows:
    falling = Falling(**{name: value for name, value in rows.items() if name != "altitude_m"}, shapes=shapes)
    states, t_s = fall_to(mission, falling, rows["altitude_m"], horizon_s=horizon_s, threads=threads)
    return {"states": states, "t_s": t_s}
