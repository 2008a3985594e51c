"""Monte Carlo of the remaining schedule: when it ends, and how often each activity lies on the critical path.

Durations are triangular between the shortest, the likely and the longest day that their source states, and independent of each
other: common causes (one crew, one winter) are not in it, so the spread is too narrow where they rule. Days are calendar days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.campaign.schedule.milestones import due
from baiterek.campaign.schedule.records import Activity, Milestone
from baiterek.errors import BadValue

QUANTILES = (0.1, 0.5, 0.8, 0.9)
SLACK_days = 1e-9


class Likelihood(NamedTuple):
    """When something ends."""

    id: str
    days: tuple[date, ...]
    """At `QUANTILES`."""
    likely: date
    """With every duration the likely one: what a plan without chance says."""
    critical: float | None = None
    """Of an activity: share of the draws in which it lies on a critical path."""
    by_plan: float | None = None
    """Of a milestone: share of the draws that keep its planned date with its reserve."""


class Forecast(NamedTuple):
    """What the draws say."""

    draws: int
    seed: int
    start: date
    end: Likelihood
    activities: tuple[Likelihood, ...]
    milestones: tuple[Likelihood, ...]


def forecast(
    activities: Sequence[Activity], milestones: Sequence[Milestone], start: date, draws: int = 10_000, seed: int = 0
) -> Forecast:  # fmt: skip
    """The remaining schedule from `start` on; what is done, is done."""
    if not activities:
        raise BadValue("schedule", "activities", "none", "at least one activity with its durations")
    ordered = in_order(activities)
    ends, critical = critical_path(ordered, durations(ordered, draws, seed))
    likely, _ = critical_path(ordered, _stated(ordered)[1][:, None])
    rows = {one.id: k for k, one in enumerate(ordered)}
    told = tuple(_told(one.id, ends[k], start, float(likely[k, 0]), float(critical[k])) for k, one in enumerate(ordered))
    at = tuple(_milestone(one, ends, likely, rows, start) for one in milestones if one.after and not one.actual)
    end = _told("end", ends.max(axis=0), start, float(likely.max()))
    return Forecast(draws, seed, start, end, told, at)


def in_order(activities: Sequence[Activity]) -> list[Activity]:
    """Each after those that it comes after."""
    left, placed, found = {one.id: one for one in activities}, set[str](), list[Activity]()
    while left:
        ready = [one for one in left.values() if all(name in placed for name in one.after)]
        if not ready:
            raise BadValue("schedule", next(iter(left)), "a circle, or an activity that is missing", "work after other work")
        found += ready
        placed |= {one.id for one in ready}
        left = {name: one for name, one in left.items() if name not in placed}
    return found


def durations(activities: Sequence[Activity], draws: int, seed: int) -> NDArray[np.float64]:
    """Days of each activity in each draw, by the inverse of the triangular distribution; of what is done, none are left."""
    low, mode, high = _stated(activities)
    width = np.where(high > low, high - low, 1.0)
    turn = (mode - low) / width
    u = np.random.default_rng(seed).random((len(activities), draws))
    rising = low[:, None] + np.sqrt(u * (width * (mode - low))[:, None])
    falling = high[:, None] - np.sqrt((1.0 - u) * (width * (high - mode))[:, None])
    return np.where(u < turn[:, None], rising, falling)


def critical_path(
    activities: Sequence[Activity], days: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """End of each activity in days from the start, and the share of draws in which it has no float.

    Forward pass: an activity begins when the last of those before it ends. Backward pass: how late it might end without moving
    the end of all. Activities stand in their order.
    """
    row = {one.id: k for k, one in enumerate(activities)}
    before = [[row[name] for name in one.after] for one in activities]
    ends = np.empty_like(days)
    for k, earlier in enumerate(before):
        begin = ends[earlier].max(axis=0) if earlier else 0.0
        ends[k] = begin + days[k]
    latest = np.broadcast_to(ends.max(axis=0), days.shape).copy()
    for k in range(len(activities) - 1, -1, -1):
        begins = latest[k] - days[k]
        for one in before[k]:
            np.minimum(latest[one], begins, out=latest[one])
    open_ = np.array([not one.done_on for one in activities])
    critical = ((latest - ends) <= SLACK_days).mean(axis=1) * open_
    return ends, critical


def _stated(activities: Sequence[Activity]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    stated = [(0, 0, 0) if one.done_on else (one.shortest_days, one.likely_days, one.longest_days) for one in activities]
    low, mode, high = np.array(stated, dtype=float).T
    return low, mode, high


def _milestone(
    one: Milestone, ends: NDArray[np.float64], likely: NDArray[np.float64], rows: dict[str, int], start: date
) -> Likelihood:  # fmt: skip
    behind = [rows[name] for name in one.after if name in rows]
    at, last = ends[behind].max(axis=0), due(one)
    kept = None if last is None else float(np.mean(at <= (last - start).days))
    return _told(one.id, at, start, float(likely[behind].max()))._replace(by_plan=kept)


def _told(id: str, ends: NDArray[np.float64], start: date, likely: float, critical: float | None = None) -> Likelihood:
    days = tuple(_day(start, float(value)) for value in np.quantile(ends, QUANTILES))
    return Likelihood(id, days, _day(start, likely), critical)


def _day(start: date, days: float) -> date:
    """The day on which something ends that takes so many days."""
    return start + timedelta(days=int(np.ceil(days - SLACK_days)))
