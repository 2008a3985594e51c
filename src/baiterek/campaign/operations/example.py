"""A campaign to try things with: some of it done, one operation failed into a remark. Generated, every row of it marked so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.log.change import Change
from baiterek.campaign.operations.begin import begin
from baiterek.campaign.operations.plan import lift_off_of, placed
from baiterek.campaign.operations.records import Campaign, CampaignKind, Operation, OperationState
from baiterek.campaign.operations.templates import find_template, read_template
from baiterek.campaign.operations.work import step
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.milestones import enter_milestone, move
from baiterek.campaign.schedule.records import Initiator, Milestone
from baiterek.errors import Refused

ID, WHY = "EX-CAMPAIGN", "generated example"
AHEAD_days = 5
"""From today to its lift-off, before which it slipped by two days."""


def enter_example(change: Change) -> Campaign:
    """A campaign whose lift-off is some days ahead, done as far as it would be by now, one operation of it failed."""
    part = change.actor.part
    if part is None:
        raise Refused("the example", because("it belongs to a part: act for one"))
    today = datetime.fromisoformat(change.at).astimezone(UTC).date()
    first, then = (f"{today + timedelta(days=days)}T09:00Z" for days in (AHEAD_days - 2, AHEAD_days))
    milestone = Milestone(
        "EX-launch", "Пуск (пример)", "Ұшыру (мысал)", "Launch (example)", first, first, source=WHY, example=True
    )
    enter_milestone(change, milestone, WHY)
    template = read_template(find_template("two-stage"))
    made = begin(
        change, Campaign(ID, "example campaign", CampaignKind.LAUNCH, part, milestone.id, "", "", example=True), template, WHY
    ).campaign
    move(change, milestone.id, then, Initiator.JOINT, str(today), WHY, WHY)
    _done(change, part, then)
    return made


def _done(change: Change, part: Part, day: str) -> None:
    """The part that enters the example does what is its own and should be over by now; the last of it fails."""
    lift_off = lift_off_of(day)
    assert lift_off is not None  # written above
    now = datetime.fromisoformat(change.at)
    over = []
    for one in reading.every(change.connection, Operation, campaign=ID):
        start, end = (lift_off + timedelta(minutes=at) for at in placed(one, None))
        if one.part is part and end < now:
            over.append((start, end, one.id))
    for start, end, id in sorted(over):
        step(change, id, OperationState.STARTED, _instant(start))
        if (start, end, id) != max(over):
            step(change, id, OperationState.DONE, _instant(end), WHY)
            continue
        remark = Remark(f"EX-{part}-M9", "a seal is damaged (example)", part, part)
        step(change, id, OperationState.FAILED, _instant(end), WHY, remark=remark)


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
