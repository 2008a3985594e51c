"""The programme of flight tests: drafted by secretaries, approved by both parts, run, judged, and closed row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.evidence.store import broken, cited
from baiterek.campaign.log.change import Change
from baiterek.campaign.programme.matrix import gather, limits_of
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run, Verification
from baiterek.campaign.programme.verification import (
    Compliance,
    Result,
    addition_refusal,
    assessment_refusal,
    beyond,
    judgement_refusal,
    number,
)
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID, NAMES
from baiterek.errors import Refused

ANSWERED: dict[str, type | None] = {"remark": Remark, "test_case": Case, "decision": None}
"""What an added case may answer; a decision is named by its number, whether the record holds it or not."""
Draft = TypeVar("Draft", Programme, Requirement, Verification, Case, Run)
ACTED: dict[type, dict[str, Any]] = {
    Programme: {"approved_ru": None, "approved_kz": None},
    Requirement: {},
    Verification: {"compliance": None, "closed": False, "reason": ""},
    Case: {},
    Run: {"result": None, "conclusion": ""},
}
"""Fields that no draft sets, since somebody acts for them, and what they are before."""
SETTLED: dict[type, tuple[str, ...]] = {
    Requirement: ("programme", "text", "part", "characteristic", "unit", "lower", "upper", "parent"),
    Verification: ("part", "due_gate"),
    Case: ("programme", "stage", "method", "part", "requirements", "objects", "answers"),
}
"""Fields that stay as they were when a part approved the programme, until a new revision of its document."""


def row_id(requirement: str, stage: str, method: str) -> str:
    """What a row of the matrix is called."""
    return f"{requirement}:{stage}:{method}"


def draft(change: Change, record: Draft, reason: str = "", revision: int | None = None) -> Draft:
    """Enter a record of the programme, or correct the one of that name; what somebody has acted on stays as it was.

    Another document of an approved programme is a new revision of it: an act, after which both parts approve again.
    """
    name = f"{NAMES[type(record)]} {record.id}"
    old = reading.find(change.connection, type(record), record.id)
    for one in (record, old):
        if one is not None:
            change.allow(Action.DRAFT, one.part, name)
    kept = old if old is not None and not _is_revised(record, old) else None
    if old is not None and kept is None:
        change.allow(Action.ACT, old.part, name)
    acted = ACTED[type(record)].items()
    record = replace(record, **{field: getattr(kept, field) if kept else empty for field, empty in acted})
    why = _objection(change.connection, record, old)
    if why:
        raise Refused(name, why)
    if old is None:
        return change.create(record, reason)
    if not reason.strip():
        raise Refused(name, because("there is one of that name; to correct it a reason is needed"))
    change.unchanged(old, revision)
    return change.update(replace(record, revision=old.revision), reason, "correct")


def approve(change: Change, id: str, reason: str = "", revision: int | None = None) -> Programme:
    """One part's approval; with both of them, every further case names what it answers."""
    there = reading.get(change.connection, Programme, id)
    part = change.actor.part
    change.allow(Action.ACT, part, f"programme {id}")
    assert part is not None  # nobody without a part is allowed to act
    change.unchanged(there, revision)
    key = f"approved_{part.lower()}"
    approval: dict[str, Any] = {key: change.at}
    if getattr(there, key):
        raise Refused(f"programme {id}", because("the {part} part has approved it already", part=part))
    if not reading.every(change.connection, Case, programme=id):
        raise Refused(f"programme {id}", because("it holds no case"))
    return change.update(replace(there, **approval), reason, "approve")


def judge(change: Change, store: Path, id: str, result: Result, conclusion: str, revision: int | None = None) -> Run:
    """What a run came to; one that passed has whole data, and its measured values keep their limits."""
    run = reading.get(change.connection, Run, id)
    change.allow(Action.ACT, run.part, f"test_run {id}")
    change.unchanged(run, revision)
    pieces = cited(change.connection, id, "test_run")
    faults = tuple(dict.fromkeys(fault.evidence.id for fault in broken(store, pieces)))
    case = reading.get(change.connection, Case, run.test_case)
    named = (reading.get(change.connection, Requirement, name) for name in case.requirements)
    outside = beyond(run.measured, limits_of(named))
    why = judgement_refusal(result, conclusion, len(pieces) - len(faults), faults, outside)
    if why:
        raise Refused(f"test_run {id}", why)
    return change.update(replace(run, result=result, conclusion=conclusion), conclusion, "judge")


def assess(
    change: Change, store: Path, id: str, compliance: Compliance, close: bool, reason: str, revision: int | None = None
) -> Verification:  # fmt: skip
    """The compliance of a row of the matrix, closed with it or left open; it rests on whole evidence."""
    row = reading.get(change.connection, Verification, id)
    change.allow(Action.ACT, row.part, f"verification {id}")
    change.unchanged(row, revision)
    (found,) = gather(change.connection, change.at[:10], lambda pieces: broken(store, pieces), rows=[row])
    why = assessment_refusal(compliance, close, reason, found.shown)
    if why:
        raise Refused(f"verification {id}", why)
    return change.update(
        replace(row, compliance=compliance, closed=close, reason=reason), reason, "close" if close else "assess"
    )


def reopen(change: Change, id: str, reason: str, revision: int | None = None) -> Verification:
    """A row that was closed, or assessed, is open again."""
    row = reading.get(change.connection, Verification, id)
    change.allow(Action.ACT, row.part, f"verification {id}")
    change.unchanged(row, revision)
    if not reason.strip():
        raise Refused(f"verification {id}", because("a reason is needed"))
    if row.compliance is None:
        raise Refused(f"verification {id}", because("it is open, and nothing is said of its compliance"))
    return change.update(replace(row, compliance=None, closed=False, reason=reason), reason, "reopen")


def _is_revised(record: Any, old: Any) -> bool:
    return isinstance(old, Programme) and old.settled and record.document != old.document


def _objection(connection: Connection, record: Any, old: Any) -> str | None:
    """Why a draft cannot stand in the record."""
    if not isinstance(record, Verification) and not ID.fullmatch(record.id):
        return because("an id has letters, digits and . _ / - only, at most 64")
    if old is not None and old.example != record.example:
        return because("what is generated stays marked, what is real is none")
    return _OBJECTIONS[type(record)](connection, record, old)


def _to_programme(connection: Connection, record: Programme, old: Programme | None) -> str | None:
    return (
        None if record.name.strip() and record.document.strip() else because("it needs a name and a document with its revision")
    )


def _to_requirement(connection: Connection, record: Requirement, old: Requirement | None) -> str | None:
    above = reading.get(connection, Programme, old.programme if old is not None else record.programme)
    for name in ("lower", "upper"):
        text = getattr(record, name)
        if text is not None and number(text) is None:
            return because("{name} {text} is no decimal number", name=name, text=repr(text))
    lower, upper = (number(text) if text else None for text in (record.lower, record.upper))
    if (lower is not None or upper is not None) and not record.characteristic:
        return because("limit values need the characteristic that they limit")
    if lower is not None and upper is not None and lower > upper:
        return because("its lower limit {lower} is above the upper one, {upper}", lower=lower, upper=upper)
    if not record.text.strip():
        return because("it says nothing")
    return _same_kind(above, record) or _settled(above, record, old) or _no_circle(connection, record)


def _no_circle(connection: Connection, record: Requirement) -> str | None:
    above, seen = record.parent, {record.id}
    while above is not None:
        if above in seen:
            return because("it would follow from itself, by {parent}", parent=record.parent)
        seen.add(above)
        above = reading.get(connection, Requirement, above).parent
    return None


def _to_verification(connection: Connection, record: Verification, old: Verification | None) -> str | None:
    if record.id != row_id(record.requirement, record.stage, record.method):
        return because("it is called {name}", name=row_id(record.requirement, record.stage, record.method))
    above = reading.get(connection, Requirement, record.requirement)
    return _same_kind(above, record) or _settled(reading.get(connection, Programme, above.programme), record, old)


def _to_case(connection: Connection, record: Case, old: Case | None) -> str | None:
    programme = reading.get(connection, Programme, old.programme if old is not None else record.programme)
    why = _settled(programme, record, old)
    if why:
        return why
    if not record.title.strip():
        return because("it has no title")
    for name in record.requirements:
        if reading.get(connection, Requirement, name).programme != record.programme:
            return because("requirement {name} is of another programme", name=name)
    above = (programme, *(reading.get(connection, GroundObject, name) for name in record.objects))
    return (
        next(filter(None, (_same_kind(one, record) for one in above)), None)
        or _unanswerable(connection, record)
        or (addition_refusal(programme.settled, record.answers) if old is None else None)
    )


def _settled(programme: Programme, record: Any, old: Any) -> str | None:
    """What a part has approved is not corrected behind its back."""
    changed = [name for name in SETTLED[type(record)] if old is not None and getattr(old, name) != getattr(record, name)]
    if not changed or not programme.settled:
        return None
    return because("the programme is approved: its {name} stays until a new revision of its document", name=changed[0])


def _unanswerable(connection: Connection, record: Case) -> str | None:
    kind, _, id = record.answers.partition(":")
    if not record.answers:
        return None
    if kind not in ANSWERED or not id.strip():
        return because(
            "answers {answers}: {known}", answers=repr(record.answers), known=", ".join(f"{known}:..." for known in ANSWERED)
        )
    target = ANSWERED[kind]
    if target is not None:
        reading.get(connection, target, id)
    return because("it answers itself") if kind == "test_case" and id == record.id else None


def _to_run(connection: Connection, record: Run, old: Run | None) -> str | None:
    case = reading.get(connection, Case, record.test_case)
    if old is not None and old.result is not None:
        return because("it was judged {result}: that is judged again, or run again", result=old.result)
    if old is not None and old.test_case != record.test_case:
        return because("it stays a run of its case")
    if not (record.procedure.strip() and record.configuration and record.operators):
        return because("it needs its procedure with revision, the configuration, and the operators by their roles")
    if record.ended_at is not None and record.ended_at < record.started_at:
        return because("it ends before it begins")
    for name, value in record.measured.items():
        if name not in case.requirements:
            return because("{name} is no requirement of case {id}", name=name, id=case.id)
        if number(value) is None:
            return because("{name}: {value} is no decimal number", name=name, value=repr(value))
    return _same_kind(case, record)


def _same_kind(above: Any, record: Any) -> str | None:
    return None if above.example == record.example else mixed(above.id, above.example)


_OBJECTIONS: dict[type, Callable[[Connection, Any, Any], str | None]] = {
    Programme: _to_programme,
    Requirement: _to_requirement,
    Verification: _to_verification,
    Case: _to_case,
    Run: _to_run,
}
