"""Who owes what, by when, and who waits for it: everything of the record that is not settled, by part and organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

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
    before_min: int
    state: str
    example: bool


def owed(connection: Connection) -> list[Owed]:
    """Everything, in the order of what is due first."""
    found = [
        *_objects(connection), *_tests(connection), *_rows(connection), *_remarks(connection), *_operations(connection),
        *_conditions(connection), *_criteria(connection), *_keys(connection), *_permits(connection), *_milestones(connection),
    ]  # fmt: skip
    names = reading.column(connection, Organisation, "name")
    called = (one._replace(organisation=names[one.organisation]) if one.organisation in names else one for one in found)
    return sorted(called, key=lambda one: (one.due, one.entity, one.id))


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


def _operations(connection: Connection) -> Iterable[Owed]:
    for one in reading.glimpses(connection, Operation, _Operation, OVER):
        before = f"L{-one.before_min / MINUTES_OF_A_DAY:+.1f} d"
        yield Owed("operation", one.id, one.part, one.organisation, one.name_ru, before, one.state, None, one.example)


def _conditions(connection: Connection) -> Iterable[Owed]:
    """Open: by whose it is; done: the other part agrees, and is waited for."""
    adopted = {one.id for one in reading.every(connection, Decision, state=DecisionState.ADOPTED)}
    for one in reading.every(connection, Condition):
        if one.decision in adopted and one.state is not ConditionState.CLOSED:
            done = one.state is ConditionState.DONE
            part, waits = (_other(one.part), one.part) if done else (one.part, None)
            organisation = "" if done else one.organisation
            yield Owed(
                "decision_condition", one.id, part, organisation, one.text_ru, one.due_gate, one.state, waits, one.example
            )


def _criteria(connection: Connection) -> Iterable[Owed]:
    for one in reading.every(connection, Criterion, state=CriterionState.OPEN):
        yield Owed("criterion", one.id, one.part, one.organisation, one.text_ru, one.gate, one.state, None, one.example)


def _keys(connection: Connection) -> Iterable[Owed]:
    """What needs both keys and has one: waivers, decisions that one co-chair has signed."""
    for one in reading.every(connection, Waiver):
        missing = {WaiverState.APPROVED_RU: Part.KZ, WaiverState.APPROVED_KZ: Part.RU}.get(one.state)
        parts = tuple(Part) if one.state is WaiverState.SUBMITTED else (missing,) if missing else ()
        for part in parts:
            waits = _other(part) if missing else one.part if part is not one.part else None
            yield Owed("waiver", one.id, part, "", one.text, one.last_gate or "", one.state, waits, one.example)
    signed = {(one.decision, one.part) for one in reading.every(connection, Signature)}
    for each in reading.every(connection, Decision, state=DecisionState.ADOPTED):
        for part in (part for part in Part if (each.id, part) not in signed):
            waits = _other(part) if (each.id, _other(part)) in signed else None
            yield Owed("decision", each.id, part, "", each.text_ru, each.gate, each.state, waits, each.example)


def _permits(connection: Connection) -> Iterable[Owed]:
    for one in reading.every(connection, Permit, state=PermitState.ASKED):
        yield Owed("permit", one.id, one.part, "", one.subject, "G4", one.state, _other(one.part), one.example)


def _milestones(connection: Connection) -> Iterable[Owed]:
    """Those that have not happened and that one part answers for; what both answer for is owed by neither to the other."""
    for one in reading.every(connection, Milestone, actual=""):
        if one.part is not None:
            yield Owed("milestone", one.id, one.part, "", one.name_ru, one.planned, "planned", None, one.example)
