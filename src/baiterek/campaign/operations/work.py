"""Operations from planned to done, skipped or failed into a remark: states, steps, rules, and the steps taken."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.log.change import Change
from baiterek.campaign.machine import Step, reason_given
from baiterek.campaign.operations.records import Campaign, CampaignState, Operation, OperationState
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.remarks.steps import raise_remark
from baiterek.campaign.rows import reading
from baiterek.errors import Refused


class Facts(NamedTuple):
    """What the rules of an operation look at."""

    reason: str
    at: str
    """When it began or ended, as is said."""
    now: str
    campaign: CampaignState
    waits_for: tuple[str, ...]
    """Those before it that are neither done nor skipped."""
    after: str
    """When the last of those before it ended; of one that goes on, when it began."""
    in_the_way: tuple[str, ...]
    """Operations going on that cannot go on beside it."""


def campaign_open(facts: Facts) -> str | None:
    """Its campaign is open."""
    return None if facts.campaign is CampaignState.OPEN else because("its campaign is {state}", state=facts.campaign)


def those_before_done(facts: Facts) -> str | None:
    """Those before it are done or skipped."""
    return because("operation {id} before it is not done", id=facts.waits_for[0]) if facts.waits_for else None


def nothing_in_the_way(facts: Facts) -> str | None:
    """Nothing goes on that excludes it, or that it excludes."""
    return because("operation {id} excludes it, or it that one", id=facts.in_the_way[0]) if facts.in_the_way else None


def at_its_time(facts: Facts) -> str | None:
    """It begins or ends at an instant that is past, and not before what it follows."""
    if facts.at > facts.now:
        return because("{instant} has not come yet", instant=facts.at)
    return because("what it follows ended at {instant}", instant=facts.after) if facts.at < facts.after else None


O = OperationState  # noqa: E741
OPERATION_STEPS: tuple[Step[OperationState, Facts], ...] = (
    Step(O.PLANNED, O.STARTED, "begun", (campaign_open, those_before_done, nothing_in_the_way, at_its_time)),
    Step(O.STARTED, O.DONE, "done", (campaign_open, at_its_time)),
    Step(O.PLANNED, O.SKIPPED, "left out, with the reason", (campaign_open, reason_given, at_its_time)),
    Step(O.STARTED, O.FAILED, "failed into a remark, made with it", (campaign_open, reason_given, at_its_time)),
    Step(O.FAILED, O.PLANNED, "to be done again", (campaign_open, reason_given)),
    Step(O.SKIPPED, O.PLANNED, "not left out after all", (campaign_open, reason_given)),
)
"""Every step of an operation that exists."""


def step(
    change: Change, id: str, to: OperationState, at: str = "", reason: str = "", revision: int | None = None,
    remark: Remark | None = None,
) -> Operation:  # fmt: skip
    """Take an operation to its next state; `at` is when, else now. Failed, it leaves a remark in the same transaction."""
    there = reading.get(change.connection, Operation, id)
    change.allow(Action.ACT, there.part, f"operation {id}")
    change.unchanged(there, revision)
    told = facts(change.connection, there, to, at or change.at, change.at, reason)
    why = machine.refusal(OPERATION_STEPS, there.state, to, told)
    if why is None and (to is O.FAILED) != (remark is not None):
        why = because("it fails into a remark, and into nothing else")
    if why:
        raise Refused(f"operation {id}", why)
    after = replace(there, state=to, reason=reason)
    if to is O.STARTED:
        after = replace(after, started_at=told.at)
    elif to is O.PLANNED:
        after = replace(after, started_at=None, ended_at=None)
    else:
        after = replace(after, ended_at=told.at)
    if remark is not None:
        about = replace(remark, raised_by=there.part, entity="operation", entity_id=id, example=there.example)
        after = replace(after, remark=raise_remark(change, about, reason).id)
    return change.update(after, reason, "step")


def facts(connection: Connection, one: Operation, to: OperationState, at: str, now: str, reason: str) -> Facts:
    """What the rules look at."""
    campaign = reading.get(connection, Campaign, one.campaign)
    if to is not O.STARTED:
        return Facts(reason, at, now, campaign.state, (), one.started_at or "", ())
    before = reading.among(connection, Operation, "id", one.after)
    waits = tuple(other.id for other in before if other.state not in (O.DONE, O.SKIPPED))
    ends = max((other.ended_at or "" for other in before), default="")
    going = reading.every(connection, Operation, state=O.STARTED)
    return Facts(reason, at, now, campaign.state, waits, ends, tuple(other.id for other in going if excludes(one, other)))


def excludes(one: Operation, other: Operation) -> bool:
    """Whether two operations cannot go on beside each other, whatever their plan says."""
    mine, theirs = {*one.resources, *one.excludes}, {*other.resources, *other.excludes}
    return bool(mine & set(other.excludes) or theirs & set(one.excludes))
