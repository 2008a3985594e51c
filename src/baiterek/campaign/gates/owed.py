"""Who owes what, by when, and who waits for it: everything of the record that is not settled, by part and organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import RECEIVED
from baiterek.campaign.complex.states import State as ObjectState
from baiterek.campaign.gates.permits import PermitState
from baiterek.campaign.gates.records import Condition, Criterion, Decision, Permit, Signature
from baiterek.campaign.gates.states import ConditionState, CriterionState, DecisionState
from baiterek.campaign.operations.records import Operation, OperationState
from baiterek.campaign.programme.records import Case, Run, Verification
from baiterek.campaign.programme.verification import Result
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import RemarkState, WaiverState
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.records import Milestone

MINUTES_OF_A_DAY = 1440
READY = (*RECEIVED, ObjectState.OUT_OF_SERVICE)
OVER = tuple(one for one in OperationState if one not in (OperationState.PLANNED, OperationState.STARTED))


class Owed(NamedTuple):
    """Something that a part has still to do."""

    entity: str
    id: str
    part: Part
    organisation: str
    """Empty: nobody is named."""
    what: str
    """In the reader's language, where that was written."""
    due: str
    """A gate, a stage, a date with its precision, or days before lift-off; empty: at once."""
    state: str
    waits: Part | None = None
    """The other part, where it has done its own and waits for this."""
    example: bool = False


class _Object(NamedTuple):
    """What is owed of an object."""

    id: str
    part: Part
    owner: str
    name: str
    state: str
    example: bool


class _Operation(NamedTuple):
    """What is owed of an operation."""

    id: str
    part: Part
    organisation: str
    name_ru: str
    name_kk: str
    name_en: str
    before_min: int
    state: str
    example: bool


def owed(connection: Connection, language: str = "ru") -> list[Owed]:
    """Everything, in the order of what is due first, then of kinds and ids; texts in a language, else in Russian."""
    names = reading.column(connection, Organisation, "name")
    found = [
        *_criteria(connection, language), *_decisions(connection, language), *_conditions(connection, language),
        *_objects(connection), *_milestones(connection, language), *_operations(connection, language),
        *_permits(connection), *_remarks(connection), *_tests(connection), *_rows(connection), *_waivers(connection),
    ]  # fmt: skip
    found.sort(key=when)  # which leaves the order of what is alike: that of kinds above, of ids in each
    return [one._replace(organisation=names[one.organisation]) if one.organisation in names else one for one in found]


def when(one: Owed) -> tuple[str, float]:
    """What is due first comes first; days before a lift-off as numbers."""
    return ("L", float(one.due[1:-2])) if one.entity == "operation" else (one.due, 0.0)


def _said(stem: str, language: str) -> Callable[[Any], str]:
    """What gives a text or a name as it was written in a language, else in Russian."""
    own, russian = attrgetter(f"{stem}_{language}"), attrgetter(f"{stem}_ru")
    return lambda one: own(one) or russian(one)


def _other(part: Part) -> Part:
    return Part.KZ if part is Part.RU else Part.RU


def _objects(connection: Connection) -> Iterable[Owed]:
    for one in reading.glimpses(connection, GroundObject, _Object, READY):
        yield Owed("ground_object", one.id, one.part, one.owner, one.name, "G0", one.state, None, one.example)


def _tests(connection: Connection) -> Iterable[Owed]:
    """Cases whose last run did not pass, or that were not run."""
    last = dict[str, Run]()
    for run in sorted(reading.every(connection, Run), key=lambda run: run.started_at):
        last[run.test_case] = run
    for one in reading.every(connection, Case):
        done = last.get(one.id)
        if done is None or done.result is not Result.PASSED:
            state = "not_run" if done is None else str(done.result or "not_judged")
            yield Owed("test_case", one.id, one.part, one.organisation or "", one.title, one.stage, state, None, one.example)


def _rows(connection: Connection) -> Iterable[Owed]:
    for one in reading.every(connection, Verification, closed=False):
        who = one.organisation or ""
        yield Owed("verification", one.id, one.part, who, one.requirement, one.due_gate or "", "open", None, one.example)


def _remarks(connection: Connection) -> Iterable[Owed]:
    for one in reading.every(connection, Remark):
        if one.state not in (RemarkState.CLOSED, RemarkState.WITHDRAWN):
            yield Owed(
                "remark", one.id, one.part, one.organisation or "", one.text, one.due_gate or "", one.state, None, one.example
            )


def _operations(connection: Connection, language: str) -> Iterable[Owed]:
    said = _said("name", language)
    for one in reading.glimpses(connection, Operation, _Operation, OVER):
        before = f"L{-one.before_min / MINUTES_OF_A_DAY:+.1f} d"
        yield Owed("operation", one.id, one.part, one.organisation, said(one), before, one.state, None, one.example)


def _conditions(connection: Connection, language: str) -> Iterable[Owed]:
    """Open: by whose it is; done: the other part agrees, and is waited for."""
    adopted = {one.id for one in reading.every(connection, Decision, state=DecisionState.ADOPTED)}
    said = _said("text", language)
    for one in reading.every(connection, Condition):
        if one.decision in adopted and one.state is not ConditionState.CLOSED:
            done = one.state is ConditionState.DONE
            part, waits = (_other(one.part), one.part) if done else (one.part, None)
            who = "" if done else one.organisation
            yield Owed("decision_condition", one.id, part, who, said(one), one.due_gate, one.state, waits, one.example)


def _criteria(connection: Connection, language: str) -> Iterable[Owed]:
    said = _said("text", language)
    for one in reading.every(connection, Criterion, state=CriterionState.OPEN):
        yield Owed("criterion", one.id, one.part, one.organisation, said(one), one.gate, one.state, None, one.example)


def _waivers(connection: Connection) -> Iterable[Owed]:
    """Those that need both keys and have none or one."""
    for one in reading.every(connection, Waiver):
        missing = {WaiverState.APPROVED_RU: Part.KZ, WaiverState.APPROVED_KZ: Part.RU}.get(one.state)
        parts = tuple(Part) if one.state is WaiverState.SUBMITTED else (missing,) if missing else ()
        for part in parts:
            waits = _other(part) if missing else one.part if part is not one.part else None
            yield Owed("waiver", one.id, part, "", one.text, one.last_gate or "", one.state, waits, one.example)


def _decisions(connection: Connection, language: str) -> Iterable[Owed]:
    """Adopted ones that one co-chair, or both, have still to sign."""
    said = _said("text", language)
    signed = {(one.decision, one.part) for one in reading.every(connection, Signature)}
    for each in reading.every(connection, Decision, state=DecisionState.ADOPTED):
        for part in (part for part in Part if (each.id, part) not in signed):
            waits = _other(part) if (each.id, _other(part)) in signed else None
            yield Owed("decision", each.id, part, "", said(each), each.gate, each.state, waits, each.example)


def _permits(connection: Connection) -> Iterable[Owed]:
    for one in reading.every(connection, Permit, state=PermitState.ASKED):
        yield Owed("permit", one.id, one.part, "", one.subject, "G4", one.state, _other(one.part), one.example)


def _milestones(connection: Connection, language: str) -> Iterable[Owed]:
    """Those that have not happened and that one part answers for; what both answer for is owed by neither to the other."""
    said = _said("name", language)
    for one in reading.every(connection, Milestone, actual=""):
        if one.part is not None:
            yield Owed("milestone", one.id, one.part, "", said(one), one.planned, "planned", None, one.example)
