"""The critical path (CPM): when each piece of work may begin and end at the earliest and at the latest, and its float.

The method of Kelley and Walker (1959), as textbooks have it. Forward: ES = max EF of those before, EF = ES + duration.
Backward: LF = min LS of those after, the end of all where there is none, LS = LF - duration. Total float LS - ES; free float
min ES of those after - EF. Durations are whole minutes, so every float is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from baiterek.errors import BadValue


class Work(NamedTuple):
    """A piece of work after others."""

    id: str
    duration: int
    after: Sequence[str]


class Times(NamedTuple):
    """Of a piece of work, from the beginning of all."""

    earliest_start: int
    earliest_end: int
    latest_start: int
    latest_end: int
    total_float: int
    free_float: int

    @property
    def critical(self) -> bool:
        """Whether a delay of it delays the end of all."""
        return self.total_float == 0


def in_order(work: Iterable[Work]) -> list[Work]:
    """Each after those that it comes after, else in the order given; a circle or a stranger is refused by its name."""
    listed = {one.id: one for one in work}
    waits = {one.id: len(set(one.after)) for one in listed.values()}
    later: dict[str, list[str]] = {id: [] for id in listed}
    for one in listed.values():
        for before in set(one.after):
            if before not in listed:
                raise BadValue("operations", one.id, before, "an operation of the same campaign")
            later[before].append(one.id)
    ready = [id for id, count in waits.items() if count == 0]
    for id in ready:  # grows while it is read
        for next_ in later[id]:
            waits[next_] -= 1
            if waits[next_] == 0:
                ready.append(next_)
    if len(ready) < len(listed):
        raise BadValue("operations", next(id for id, count in waits.items() if count), "a circle", "work after other work")
    return [listed[id] for id in ready]


def times(work: Iterable[Work]) -> dict[str, Times]:
    """Earliest and latest times and floats of each, in the order in which they may be done."""
    ordered = in_order(work)
    ends: dict[str, int] = {}
    for one in ordered:
        ends[one.id] = max((ends[before] for before in one.after), default=0) + one.duration
    last = max(ends.values(), default=0)
    latest, free = dict.fromkeys(ends, last), dict.fromkeys(ends, last)
    for one in reversed(ordered):
        late, early = latest[one.id] - one.duration, ends[one.id] - one.duration
        for before in one.after:
            latest[before] = min(latest[before], late)
            free[before] = min(free[before], early)
    return {
        one.id: Times(
            ends[one.id] - one.duration, ends[one.id], latest[one.id] - one.duration, latest[one.id],
            latest[one.id] - ends[one.id], free[one.id] - ends[one.id],
        )
        for one in ordered
    }  # fmt: skip


def critical_path(work: Sequence[Work], found: Mapping[str, Times]) -> list[str]:
    """One chain without float from the beginning to the end; of several that which ends in what was named first."""
    listed = {one.id: one for one in work}
    last = max((one.earliest_end for one in found.values()), default=0)
    here = next((one.id for one in work if found[one.id].critical and found[one.id].earliest_end == last), None)
    path = list[str]()
    while here is not None:
        path.append(here)
        start = found[here].earliest_start
        here = next(
            (id for id in listed[here].after if found[id].critical and found[id].earliest_end == start), None
        )  # fmt: skip
    return path[::-1]
