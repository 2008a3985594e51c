"""A campaign out of a template, corrected while planned, closed or cancelled; a rehearsal that is closed is a test run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.evidence.store import cite, keep_file
from baiterek.campaign.gates.records import Flight
from baiterek.campaign.log.change import Change
from baiterek.campaign.operations.network import Work, in_order
from baiterek.campaign.operations.records import (
    LIFT_OFF,
    Campaign,
    CampaignKind,
    CampaignState,
    Operation,
    OperationState,
    Resource,
    ResourceKind,
)
from baiterek.campaign.operations.templates import LONGEST_min, Template
from baiterek.campaign.programme import steps as programme
from baiterek.campaign.programme.records import Case, Run
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.campaign.schedule.records import Milestone
from baiterek.errors import BadValue, Refused

EXAMPLE = "EX-"
"""Before the names of resources that are generated: the real ones are called otherwise."""
LEFT = (OperationState.PLANNED, OperationState.STARTED)
COLUMNS = ("number", "operation", "part", "state", "started_at", "ended_at", "reason", "remark")


class Begun(NamedTuple):
    """What a template made."""

    campaign: Campaign
    operations: int
    resources: int
    """Of its resources, those that the record did not have."""


def begin(change: Change, asked: Campaign, template: Template, reason: str = "") -> Begun:
    """A new campaign of the actor's part, its operations planned; a resource of that name that is there stays as it is."""
    name = f"campaign {asked.id}"
    change.allow(Action.DRAFT, asked.part, name)
    milestone = reading.get(change.connection, Milestone, asked.milestone)
    why = _objection(change.connection, asked, milestone)
    if why:
        raise Refused(name, why)
    made = replace(
        asked, baseline=milestone.planned, template=f"{template.name} sha256:{template.sha256}", state=CampaignState.OPEN,
        reason="",
    )  # fmt: skip
    there = reading.column(change.connection, Resource, "kind")
    own = {one.id: f"{EXAMPLE}{one.id}" if asked.example else one.id for one in template.resources}
    fresh = [replace(one, id=own[one.id], example=asked.example) for one in template.resources if own[one.id] not in there]
    campaign = change.create(made, reason, "begin")
    for resource in fresh:
        change.create(resource, reason, "begin")
    for one in template.operations:
        placed = replace(
            one, id=f"{campaign.id}/{one.id}", campaign=campaign.id, example=campaign.example,
            after=tuple(f"{campaign.id}/{key}" for key in one.after), resources=tuple(own[name] for name in one.resources),
            excludes=tuple(own[name] for name in one.excludes),
        )  # fmt: skip
        change.create(placed, reason, "begin")
    return Begun(campaign, len(template.operations), len(fresh))


def correct(change: Change, operation: Operation, reason: str, revision: int | None = None) -> Operation:
    """Another time, duration, resource or order of an operation that is only planned."""
    name = f"operation {operation.id}"
    old = reading.get(change.connection, Operation, operation.id)
    change.allow(Action.DRAFT, old.part, name)
    change.unchanged(old, revision)
    kept = replace(
        operation, campaign=old.campaign, number=old.number, part=old.part, state=old.state, started_at=old.started_at,
        ended_at=old.ended_at, reason=old.reason, remark=old.remark, example=old.example, revision=old.revision,
    )  # fmt: skip
    why = _incorrect(change.connection, kept, old, reason)
    if why:
        raise Refused(name, why)
    return change.update(kept, reason, "correct")


def close(change: Change, store: Path, id: str, reason: str, revision: int | None = None) -> Campaign:
    """Every operation is done, skipped or has failed; a rehearsal becomes a run of its case, its log the run's evidence."""
    there, operations = _open(change, id, reason, revision)
    left = next((one for one in operations if one.state in LEFT), None)
    if left is not None:
        raise Refused(f"campaign {id}", because("operation {id} is {state}", id=left.id, state=left.state))
    if there.kind is CampaignKind.REHEARSAL:
        _count_as_run(change, store, there, operations)
    return change.update(replace(there, state=CampaignState.CLOSED, reason=reason), reason, "close")


def cancel(change: Change, id: str, reason: str, revision: int | None = None) -> Campaign:
    """It is not flown, or not rehearsed; what was done stays in the record."""
    there, _ = _open(change, id, reason, revision)
    return change.update(replace(there, state=CampaignState.CANCELLED, reason=reason), reason, "cancel")


def log_of(operations: Sequence[Operation]) -> str:
    """What was done when, as CSV."""
    text = io.StringIO(newline="")
    rows = ((o.number, o.id, o.part, o.state, o.started_at, o.ended_at, o.reason, o.remark) for o in operations)
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()


def _open(change: Change, id: str, reason: str, revision: int | None) -> tuple[Campaign, list[Operation]]:
    there = reading.get(change.connection, Campaign, id)
    change.allow(Action.ACT, there.part, f"campaign {id}")
    change.unchanged(there, revision)
    if there.state is not CampaignState.OPEN:
        raise Refused(f"campaign {id}", because("campaign {id} is {state}", id=id, state=there.state))
    if not reason.strip():
        raise Refused(f"campaign {id}", because("a reason is needed"))
    found = reading.every(change.connection, Operation, campaign=id)
    return there, sorted(found, key=lambda one: one.number)


def _count_as_run(change: Change, store: Path, campaign: Campaign, operations: Sequence[Operation]) -> Run:
    """The run of a rehearsal; nobody has judged it yet."""
    name = f"campaign {campaign.id}"
    starts = [one.started_at for one in operations if one.started_at]
    ends = [one.ended_at for one in operations if one.ended_at]
    if not starts or not ends or campaign.test_case is None:
        raise Refused(name, because("no operation of it was done"))
    case = reading.get(change.connection, Case, campaign.test_case)
    used = {resource for one in operations if one.started_at for resource in one.resources}
    crews = [one for one in reading.every(change.connection, Resource) if one.id in used and one.kind is ResourceKind.CREW]
    flight = reading.get(change.connection, Flight, campaign.flight) if campaign.flight else None
    configuration = (campaign.template, *((*flight.vehicle, *flight.ground) if flight else ()))
    run = Run(
        campaign.id, case.id, case.part, case.procedure or campaign.template, configuration,
        tuple(one.name_en for one in crews) or (campaign.part.value,), min(starts), max(ends), example=campaign.example,
    )  # fmt: skip
    made = programme.draft(change, run, campaign.name)
    content = io.BytesIO(log_of(operations).encode())
    cite(change, keep_file(store, f"{campaign.id.replace('/', '-')}.csv", content), made.id, None, campaign.name, "test_run")
    return made


def _objection(connection: Connection, asked: Campaign, milestone: Milestone) -> str | None:
    if not ID.fullmatch(asked.id) or not asked.name.strip():
        return because("it needs an id and a name")
    if milestone.actual:
        return because("it happened already: {day}", day=milestone.actual)
    if (asked.kind is CampaignKind.REHEARSAL) != (asked.test_case is not None):
        return because("a rehearsal, and nothing else, names the test case that it is a run of")
    if milestone.example != asked.example:
        return mixed(milestone.id, milestone.example)
    if asked.flight is not None:
        flight = reading.get(connection, Flight, asked.flight)
        if flight.example != asked.example:
            return mixed(flight.id, flight.example)
    if asked.test_case is not None:
        case = reading.get(connection, Case, asked.test_case)
        if case.example != asked.example:
            return mixed(case.id, case.example)
        if case.part is not asked.part:
            return because("case {id} is of the {part} part: that part leads its rehearsal", id=case.id, part=case.part)
    return None


def _incorrect(connection: Connection, new: Operation, old: Operation, reason: str) -> str | None:
    campaign = reading.get(connection, Campaign, old.campaign)
    if campaign.state is not CampaignState.OPEN:
        return because("campaign {id} is {state}", id=campaign.id, state=campaign.state)
    if old.state is not OperationState.PLANNED:
        return because("operation {id} is {state}", id=old.id, state=old.state)
    if not reason.strip():
        return because("a reason is needed")
    if not (new.name_ru.strip() and new.name_kk.strip() and new.organisation.strip()):
        return because("it needs names in Russian and in Kazakh, and who does it")
    if not 0 <= new.duration_min <= LONGEST_min or abs(new.before_min) > LONGEST_min:
        return because("its minutes are whole numbers up to {most}, its duration no less than 0", most=LONGEST_min)
    if old.key == LIFT_OFF and (new.before_min or new.duration_min):
        return because("the lift-off is at its own time and takes none: its milestone moves it")
    for resource in (*new.resources, *new.excludes):
        known = reading.get(connection, Resource, resource)
        if known.example != new.example:
            return mixed(known.id, known.example)
    known_work = {o.id: Work(o.id, o.duration_min, o.after) for o in reading.every(connection, Operation, campaign=campaign.id)}
    try:
        in_order({**known_work, new.id: Work(new.id, new.duration_min, new.after)}.values())
    except BadValue as failure:
        return because("{name}: {found} is no operation before it", name=failure.key, found=failure.found)
    return None
