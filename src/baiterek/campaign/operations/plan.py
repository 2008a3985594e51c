"""A campaign as it stands: its operations placed before its lift-off, the critical path, conflicts, when it could lift off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from baiterek.campaign.dates import Precision, span
from baiterek.campaign.operations.conflicts import Conflict, Placed, conflicts, conflicts_since
from baiterek.campaign.operations.network import Times, Work, critical_path, times
from baiterek.campaign.operations.records import LIFT_OFF, Campaign, CampaignState, Operation, OperationState, Resource
from baiterek.campaign.operations.tables import OPERATION
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.milestones import shift_days
from baiterek.campaign.schedule.records import Milestone, Slip

DATED = (Precision.DAY, Precision.TIME)
O = OperationState  # noqa: E741
LEFT = (O.PLANNED, O.STARTED, O.FAILED)


class Slot(NamedTuple):
    """An operation in its campaign: minutes from lift-off, negative before it."""

    operation: Operation
    start_min: int
    end_min: int
    times: Times
    placed: Placed
    """The same for what conflicts with it."""


class Network(NamedTuple):
    """What durations and order alone decide."""

    times: Mapping[str, Times]
    """In the order in which operations may be done."""
    critical: list[str]
    length_min: int


class Plan(NamedTuple):
    """A campaign as it stands."""

    campaign: Campaign
    milestone: Milestone
    slips: list[Slip]
    moved_days: int | None
    """Since the campaign was made."""
    lift_off: datetime | None
    """As planned; the beginning of the day where only that is known, None where not even that."""
    slots: list[Slot]
    network: Network
    left: list[Placed]
    """What may conflict: operations that are not over, of other campaigns too."""
    conflicts: list[Conflict]
    earliest: datetime | None
    """The first lift-off that what is left allows, from now on; None once it has happened."""
    resources: Mapping[str, Resource]

    @property
    def critical(self) -> list[str]:
        """The critical path: operations from the beginning to the end."""
        return self.network.critical

    @property
    def length_min(self) -> int:
        """Of the critical path."""
        return self.network.length_min

    @property
    def margin_min(self) -> int | None:
        """From the earliest lift-off that is possible to the planned one; negative: it will be late."""
        if self.earliest is None or self.lift_off is None:
            return None
        return int((self.lift_off - self.earliest).total_seconds() // 60)


def plan(connection: Connection, id: str, now: str, known: Plan | None = None) -> Plan:
    """Look at a campaign; `now` is an instant of the record. What has not changed since it was `known` is not made anew."""
    campaign = reading.get(connection, Campaign, id)
    milestone = reading.get(connection, Milestone, campaign.milestone)
    operations = _operations(connection, id, known)
    resources = {one.id: one for one in reading.every(connection, Resource)}
    network = _network(operations, known)
    lift_off = lift_off_of(milestone.actual or milestone.planned)
    slots = _slots(operations, lift_off, network, known)
    listed = [one.placed for one in slots if one.operation.state in LEFT]
    if campaign.state is not CampaignState.OPEN:
        listed = []
    elif lift_off is not None:
        listed += others(connection, campaign, lift_off)
    if known is not None and resources == known.resources:
        met = conflicts_since(listed, resources, known.left, known.conflicts)
    else:
        met = conflicts(listed, resources)
    same, own = known is not None and met is known.conflicts, f"{id}/"
    mine = met if same else [one for one in met if any(name.startswith(own) for name in one.operations)]
    return Plan(
        campaign, milestone, reading.every(connection, Slip, milestone=milestone.id),
        shift_days(campaign.baseline, milestone.actual or milestone.planned), lift_off, slots, network, listed, mine,
        earliest(campaign, {one.id: one for one in operations}, network, now), resources,
    )  # fmt: skip


def _operations(connection: Connection, campaign: str, known: Plan | None) -> list[Operation]:
    """Those of a campaign in their order; of those that are known only what has another revision is read."""
    if known is None:
        return sorted(reading.every(connection, Operation, campaign=campaign), key=lambda one: one.number)
    have = {one.operation.id: one.operation for one in known.slots}
    query = select(OPERATION.c.id, OPERATION.c.revision).where(OPERATION.c.campaign == campaign)
    there = {row[0]: row[1] for row in connection.execute(query).all()}
    anew = [id for id, revision in there.items() if id not in have or have[id].revision != revision]
    have |= {one.id: one for one in reading.among(connection, Operation, "id", anew)}
    return sorted([have[id] for id in there], key=attrgetter("number"))


def _network(operations: Sequence[Operation], known: Plan | None) -> Network:
    """Work on an operation changes neither its duration nor what it follows: the network is then the one that is known."""
    was = [slot.operation for slot in known.slots] if known is not None else []
    if known is not None and len(was) == len(operations) and all(map(_weighs_the_same, operations, was)):
        return known.network
    work = [Work(one.id, one.duration_min, one.after) for one in operations]
    found = times(work)
    return Network(found, critical_path(work, found), max((one.earliest_end for one in found.values()), default=0))


def _weighs_the_same(one: Operation, was: Operation) -> bool:
    return one is was or (one.id, one.duration_min, one.after) == (was.id, was.duration_min, was.after)


def _slots(
    operations: Sequence[Operation], lift_off: datetime | None, network: Network, known: Plan | None
) -> list[Slot]:  # fmt: skip
    """Operations at their times; where neither lift-off nor network is another, those of operations that are known stay."""
    same = known is not None and known.network is network and known.lift_off == lift_off
    was = known.slots if known is not None and same else [None] * len(operations)
    return [
        there if there is not None and there.operation is one else _slot(one, lift_off, network)
        for one, there in zip(operations, was, strict=True)
    ]


def _slot(one: Operation, lift_off: datetime | None, network: Network) -> Slot:
    start, end = placed(one, lift_off)
    return Slot(one, start, end, network.times[one.id], _as_placed(one, start, end))


def lift_off_of(day: str) -> datetime | None:
    """The instant to which operations count: the time, or the beginning of the day in UTC; None of a month or more."""
    found = span(day)
    if found is None or found.precision not in DATED:
        return None
    at = datetime.fromisoformat(day)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def placed(one: Operation, lift_off: datetime | None) -> tuple[int, int]:
    """From when to when, in minutes from lift-off: as planned, as it happened where that is known."""
    start, end = -one.before_min, -one.before_min + one.duration_min
    if lift_off is None or one.started_at is None:
        return start, end
    began = _minutes(datetime.fromisoformat(one.started_at), lift_off)
    return began, _minutes(datetime.fromisoformat(one.ended_at), lift_off) if one.ended_at else began + one.duration_min


def earliest(campaign: Campaign, operations: Mapping[str, Operation], network: Network, now: str) -> datetime | None:
    """The forward pass over what is left: nothing is faster than planned, what failed is done again."""
    if campaign.state is not CampaignState.OPEN:
        return None
    here, ends = datetime.fromisoformat(now), dict[str, float]()
    for id in network.times:  # in seconds from now
        one = operations[id]
        if one.ended_at and one.state in (O.DONE, O.SKIPPED):
            ends[id] = (datetime.fromisoformat(one.ended_at) - here).total_seconds()
        elif one.started_at and one.state is O.STARTED:
            ends[id] = max((datetime.fromisoformat(one.started_at) - here).total_seconds() + 60 * one.duration_min, 0.0)
        else:
            ends[id] = max([0.0, *[ends[before] for before in one.after]]) + 60 * one.duration_min
    lift_off = f"{campaign.id}/{LIFT_OFF}"
    return here + timedelta(seconds=ends[lift_off]) if lift_off in ends and operations[lift_off].state in LEFT else None


def others(connection: Connection, campaign: Campaign, lift_off: datetime) -> list[Placed]:
    """Operations left of other open campaigns, of those alone that may go on at the same time."""
    shifts = dict[str, int]()
    for other in reading.every(connection, Campaign, state=CampaignState.OPEN):
        milestone = reading.get(connection, Milestone, other.milestone)
        there = lift_off_of(milestone.planned) if not milestone.actual else None
        if other.id != campaign.id and there is not None and other.example == campaign.example:
            shifts[other.id] = _minutes(there, lift_off)
    own = _windows(connection, [campaign.id]).get(campaign.id) if shifts else None
    if own is None:
        return []
    windows = _windows(connection, list(shifts))
    near = [id for id, (first, last) in windows.items() if first + shifts[id] < own[1] and own[0] < last + shifts[id]]
    found = reading.among(connection, Operation, "campaign", near)
    return [_as_placed(one, *(shifts[one.campaign] + at for at in placed(one, None))) for one in found if one.state in LEFT]


def _windows(connection: Connection, campaigns: list[str]) -> dict[str, tuple[int, int]]:
    """From when to when each campaign goes, in minutes from its lift-off."""
    columns = (
        OPERATION.c.campaign, func.min(-OPERATION.c.before_min), func.max(OPERATION.c.duration_min - OPERATION.c.before_min),
    )  # fmt: skip
    query = select(*columns).where(OPERATION.c.campaign.in_(campaigns)).group_by(OPERATION.c.campaign)
    return {id: (first, last) for id, first, last in connection.execute(query)}


def _as_placed(one: Operation, start: int, end: int) -> Placed:
    return Placed(one.id, start, end, one.resources, one.excludes, one.after, one.campaign)


def _minutes(at: datetime, lift_off: datetime) -> int:
    return int((at - lift_off).total_seconds() // 60)
