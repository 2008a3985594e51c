"""The schedule as a picture: where baseline, plan and event of each milestone lie on one axis, and every move between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from baiterek.campaign.dates import Span, span
from baiterek.campaign.schedule.records import Milestone, Slip

WIDTH = 1000.0
TICKS = 4
"""Pieces of the axis."""
LEAST = 4.0
"""A day of a chart over decades would not be seen."""


class Bar(NamedTuple):
    """From where to where something lies: a year is long, a day is short."""

    kind: str
    """baseline, planned, actual."""
    start: float
    width: float
    said: str


class Move(NamedTuple):
    """From the end of the old date to the end of the new one."""

    start: float
    end: float
    initiator: str
    said: str


class Row(NamedTuple):
    """A milestone of the picture."""

    milestone: Milestone
    bars: list[Bar]
    moves: list[Move]


class Chart(NamedTuple):
    """The picture, and the years at its ticks."""

    years: list[int]
    rows: list[Row]
    today: float


def chart(milestones: Sequence[Milestone], slips: Iterable[Slip], today: date) -> Chart:
    """Years run from the first date to the last one, in `TICKS` equal pieces."""
    moved = dict[str, list[Slip]]()
    for slip in slips:
        moved.setdefault(slip.milestone, []).append(slip)
    spans = [found for text in _texts(milestones, moved) for found in (span(text),) if found is not None]
    first = min((one.first.year for one in spans), default=today.year)
    last = max([today.year, *(one.last.year for one in spans)]) + 1
    last += -(last - first) % TICKS
    axis = (date(first, 1, 1).toordinal(), date(last, 1, 1).toordinal())
    rows = [_row(one, moved.get(one.id, []), axis) for one in milestones]
    years = [first + k * (last - first) // TICKS for k in range(TICKS + 1)]
    return Chart(years, rows, _at(today, axis))


def _texts(milestones: Sequence[Milestone], moved: Mapping[str, list[Slip]]) -> Iterable[str]:
    for one in milestones:
        yield from (one.baseline, one.planned, one.actual)
        yield from (text for slip in moved.get(one.id, []) for text in (slip.old, slip.new))


def _row(one: Milestone, slips: list[Slip], axis: tuple[int, int]) -> Row:
    bars = [
        Bar(kind, _at(found.first, axis), max(LEAST, _end(found, axis) - _at(found.first, axis)), text)
        for kind, text in (("baseline", one.baseline), ("planned", "" if one.actual else one.planned), ("actual", one.actual))
        for found in (span(text),)
        if found is not None
    ]
    moves = []
    for slip in sorted(slips, key=lambda slip: slip.number):
        old, new = span(slip.old), span(slip.new)
        if old is not None and new is not None:
            moves.append(Move(_end(old, axis), _end(new, axis), slip.initiator.value, f"{slip.old} → {slip.new}"))
    return Row(one, bars, moves)


def _at(day: date, axis: tuple[int, int]) -> float:
    return WIDTH * (day.toordinal() - axis[0]) / (axis[1] - axis[0])


def _end(found: Span, axis: tuple[int, int]) -> float:
    return WIDTH * (found.last.toordinal() + 1 - axis[0]) / (axis[1] - axis[0])
