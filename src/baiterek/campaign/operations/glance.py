"""All campaigns at a glance: lift-off, by how much it moved, how many operations are settled. Counted by the database."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from baiterek.campaign.operations.records import Campaign, OperationState
from baiterek.campaign.operations.tables import OPERATION
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.milestones import shift_days
from baiterek.campaign.schedule.records import Milestone

SETTLED = (OperationState.DONE, OperationState.SKIPPED)


class Glance(NamedTuple):
    """A campaign in a line."""

    campaign: Campaign
    day: str
    """Of lift-off, with its precision: as it happened, else as planned."""
    moved_days: int | None
    operations: int
    settled: int
    failed: int

    @property
    def id(self) -> str:
        """Of the campaign."""
        return self.campaign.id

    @property
    def kind(self) -> str:
        """Of the campaign."""
        return self.campaign.kind

    @property
    def state(self) -> str:
        """Of the campaign."""
        return self.campaign.state


def glances(connection: Connection) -> list[Glance]:
    """Every campaign, the earliest lift-off first."""
    columns = (OPERATION.c.campaign, OPERATION.c.state, func.count())
    counts: dict[str, dict[str, int]] = {}
    for campaign, state, number in connection.execute(select(*columns).group_by(OPERATION.c.campaign, OPERATION.c.state)):
        counts.setdefault(campaign, {})[state] = number
    days = {one.id: one.actual or one.planned for one in reading.every(connection, Milestone)}
    found = [_glance(one, days[one.milestone], counts.get(one.id, {})) for one in reading.every(connection, Campaign)]
    return sorted(found, key=lambda one: (one.day, one.id))


def _glance(one: Campaign, day: str, counts: dict[str, int]) -> Glance:
    settled = sum(counts.get(state, 0) for state in SETTLED)
    return Glance(one, day, shift_days(one.baseline, day), sum(counts.values()), settled, counts.get(OperationState.FAILED, 0))
