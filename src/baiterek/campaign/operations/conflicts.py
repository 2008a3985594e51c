"""What cannot be at the same time: work before what it waits for, one pad for two, a building that must be empty, no rest.

Plain functions over operations placed on a time of whole minutes. Operations that touch (one ends as the other begins) do not
overlap; what takes no time occupies nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from heapq import heappop, heappush
from operator import itemgetter
from typing import NamedTuple

from baiterek.campaign.operations.records import Resource, ResourceKind

ONE_CAMPAIGN = (ResourceKind.PAD, ResourceKind.TRANSPORTER)
"""What holds one vehicle: two campaigns never share it, however many operations of one do."""


class ConflictKind(StrEnum):
    """What is wrong."""

    ORDER = "order"
    """It is to begin before what it waits for has ended."""
    OCCUPIED = "occupied"
    """More operations at once than the resource takes."""
    EXCLUSION = "exclusion"
    """Other work while one operation must be alone."""
    SHIFT = "shift"
    """A crew works longer than its shifts allow."""
    REST = "rest"
    """A crew begins again before it has rested."""


class Placed(NamedTuple):
    """An operation from minute to minute."""

    id: str
    start: int
    end: int
    resources: Sequence[str] = ()
    excludes: Sequence[str] = ()
    after: Sequence[str] = ()
    campaign: str = ""


class Conflict(NamedTuple):
    """Two or more operations, from when to when, about what."""

    kind: ConflictKind
    resource: str
    """Empty where two operations are in the wrong order."""
    operations: tuple[str, ...]
    start: int
    end: int


def conflicts(placed: Sequence[Placed], resources: Mapping[str, Resource]) -> list[Conflict]:
    """Every conflict, the earliest first."""
    return sorted((*_order(placed), *_within(placed, resources)), key=_when)


def conflicts_since(
    placed: Sequence[Placed], resources: Mapping[str, Resource], before: Sequence[Placed], known: list[Conflict]
) -> list[Conflict]:  # fmt: skip
    """The same where `known` is what was found of what was placed `before`: only what something moved in is gone through."""
    was, there = {one.id: one for one in before}, {one.id: one for one in placed}
    moved = [one for one in placed if was.get(one.id) != one]
    moved += [one for one in before if there.get(one.id) != one]
    if not moved:
        return known
    touched = {name for one in moved for name in (*one.resources, *one.excludes)}
    kept = [one for one in known if one.resource and one.resource not in touched]
    anew = {name: one for name, one in resources.items() if name in touched}
    return sorted((*kept, *_order(placed), *_within(placed, anew)), key=_when)


def _within(placed: Iterable[Placed], resources: Mapping[str, Resource]) -> Iterable[Conflict]:
    """Of each of these resources, whatever else there is."""
    users, loners = defaultdict[str, list[Placed]](list), defaultdict[str, set[str]](set)
    for one in placed:
        if one.end > one.start:
            for name in {*one.resources, *one.excludes}:
                users[name].append(one)
            for name in one.excludes:
                loners[name].add(one.id)
    for name, resource in resources.items():
        used = sorted(users[name], key=_begin)
        yield from _overlaps(resource, used, loners[name])
        if resource.kind is ResourceKind.CREW and resource.shift_min:
            yield from _duties(resource, used)


_begin = itemgetter(1, 2, 0)
"""Of what is placed: start, end, id."""
_when = itemgetter(3, 0, 1, 2)
"""Of a conflict: start, kind, resource, operations."""


def _order(placed: Iterable[Placed]) -> Iterable[Conflict]:
    listed = {one.id: one for one in placed}
    for one in listed.values():
        for name in one.after:
            before = listed.get(name)
            if before is not None and before.end > one.start:
                yield Conflict(ConflictKind.ORDER, "", (before.id, one.id), one.start, before.end)


def _overlaps(resource: Resource, used: Sequence[Placed], alone: set[str]) -> Iterable[Conflict]:
    """Swept from start to start: what is still going on when one begins."""
    name, going = resource.id, list[tuple[int, int, Placed]]()
    for k, one in enumerate(used):
        while going and going[0][0] <= one.start:
            heappop(going)
        for end, _, other in going:
            if one.id in alone or other.id in alone:
                yield Conflict(ConflictKind.EXCLUSION, name, (other.id, one.id), one.start, min(end, one.end))
        shared = [other for _, _, other in going if other.id not in alone]
        strangers = [other.end for other in shared if other.campaign != one.campaign and resource.kind in ONE_CAMPAIGN]
        if one.id not in alone and (strangers or len(shared) >= resource.capacity):
            ends = sorted((one.end, *(other.end for other in shared)))
            free = max(strangers) if strangers else ends[len(shared) - resource.capacity]
            ids = (*sorted(other.id for other in shared), one.id)
            yield Conflict(ConflictKind.OCCUPIED, name, ids, one.start, min(free, one.end))
        heappush(going, (one.end, k, one))


def _duties(crew: Resource, used: Sequence[Placed]) -> Iterable[Conflict]:
    """Work without a rest between is one duty. Of n teams in turn, each works a shift and rests; a duty lasts n shifts at
    most, unless the first has rested by then: then they go round the clock. The next duty waits until the first may work.
    """
    if crew.teams * crew.shift_min >= crew.shift_min + crew.rest_min:
        return
    most = crew.teams * crew.shift_min
    pause = crew.shift_min + crew.rest_min - most
    duty: list[Placed] = []
    for one in used:
        end = max((other.end for other in duty), default=one.start)
        if duty and one.start - end >= pause:
            yield from _long(crew, duty, most)
            duty = []
        elif duty and one.start > end and max(one.end, end) - duty[0].start > most:
            last = max(duty, key=lambda other: other.end)
            yield Conflict(ConflictKind.REST, crew.id, (last.id, one.id), end, one.start)
            yield from _long(crew, duty, most)
            duty = []
        duty.append(one)
    yield from _long(crew, duty, most)


def _long(crew: Resource, duty: Sequence[Placed], most: int) -> Iterable[Conflict]:
    if not duty:
        return
    start, last = duty[0].start, max(duty, key=lambda one: one.end)
    if last.end - start > most:
        names = dict.fromkeys((duty[0].id, last.id))
        yield Conflict(ConflictKind.SHIFT, crew.id, tuple(names), start, last.end)
