"""What the record holds: plain frozen values, apart from tables and from rules.

`id` is what people say ("42-03-7"); `revision` counts the changes of a row, so that of two people who change the same row
at once one is told. Dates are ISO days, instants ISO UTC with microseconds.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from baiterek.campaign.complex import State
from baiterek.campaign.decision_records import (
    Agreement,
    Condition,
    Criterion,
    Decision,
    Flight,
    LaunchPlan,
    Passage,
    Permit,
    Signature,
    SigningKey,
    Vote,
    VotingRule,
)  # fmt: skip
from baiterek.campaign.nonconformance import Disposition, Ground, RemarkState, Severity, WaiverKind, WaiverState
from baiterek.campaign.operations.records import Campaign, Operation, Resource
from baiterek.campaign.parts import Part, Role
from baiterek.campaign.schedule_records import Activity, Milestone, Slip
from baiterek.campaign.verification import Compliance, Gate, Method, Result, Stage

ID = re.compile(r"\w[\w./-]{0,63}")
"""What people may call something."""


class BodyKind(StrEnum):
    """What a body is there for."""

    COMMISSION = "commission"
    TECHNICAL_MANAGEMENT = "technical_management"
    WORKING_GROUP = "working_group"
    ACCEPTANCE_COMMISSION = "acceptance_commission"


@dataclass(frozen=True)
class Organisation:
    """A firm, an agency, a ministry."""

    id: str
    name: str
    country: Part
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Person:
    """Somebody whom a public text names."""

    id: str
    name: str
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Body:
    """A commission, its technical management, a working group, an acceptance commission."""

    id: str
    kind: BodyKind
    name: str
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Membership:
    """Who is what in a body, for which part, from when to when, by which order; without a person it is a role alone."""

    id: str
    body: str
    part: Part
    role: Role
    person: str | None = None
    organisation: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    """Last day; None while it lasts."""
    named_by: str = ""
    """The order or agreement that named them."""
    source: str = ""
    revision: int = 0


@dataclass(frozen=True)
class GroundObject:
    """One object of the complex, a node of the tree under `parent`."""

    id: str
    site: str
    kind: str
    name: str
    part: Part
    """Which part answers for it, and alone acts for it."""
    parent: str | None = None
    systems: tuple[str, ...] = ()
    owner: str = ""
    designer: str = ""
    documents: tuple[str, ...] = ()
    state: State = State.MOUNTED
    basis: str = ""
    """The act on which it entered the register in a later state than mounted."""
    example: bool = False
    """Generated, not a real object; every view says so."""
    revision: int = 0


@dataclass(frozen=True)
class Evidence:
    """Content by its hash, and what cites it."""

    id: str
    sha256: str
    kind: str
    """`file`, or `folder`: then the content is a list of its files with their hashes."""
    name: str
    size: int
    """Bytes of all its files."""
    entity: str
    entity_id: str
    stage: State | None = None
    """The state of the object whose tests it shows."""
    note: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Programme:
    """A programme of flight tests; approved when both parts have said so."""

    id: str
    name: str
    document: str
    """Its number and revision."""
    part: Part
    """Which part keeps its text."""
    approved_ru: str | None = None
    """When the Russian part approved it."""
    approved_kz: str | None = None
    example: bool = False
    revision: int = 0

    @property
    def approved(self) -> bool:
        """Whether both parts have approved it."""
        return self.approved_ru is not None and self.approved_kz is not None

    @property
    def settled(self) -> bool:
        """Whether either part has: from then on its content stays."""
        return self.approved_ru is not None or self.approved_kz is not None


@dataclass(frozen=True)
class Requirement:
    """One sentence that must hold, and the characteristic with limit values by which it is measured, if it is."""

    id: str
    programme: str
    text: str
    part: Part
    """Which part answers for it."""
    characteristic: str = ""
    unit: str = ""
    lower: str | None = None
    """Decimal number."""
    upper: str | None = None
    source: str = ""
    """Document and clause."""
    parent: str | None = None
    """The requirement from which it follows."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Verification:
    """A row of the verification matrix: a requirement, verified at a stage by a method, due at a gate."""

    id: str
    requirement: str
    stage: Stage
    method: Method
    part: Part
    due_gate: Gate | None = None
    compliance: Compliance | None = None
    closed: bool = False
    reason: str = ""
    """Of the compliance and the close-out."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Case:
    """A test, analysis, review or inspection of the programme: of which requirements, on which objects."""

    id: str
    programme: str
    title: str
    stage: Stage
    method: Method
    part: Part
    requirements: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    procedure: str = ""
    organisation: str | None = None
    """Who does it."""
    answers: str = ""
    """Of an added one: `remark:ID`, `test_case:ID` or `decision:` and its number."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Run:
    """One time that a case was done."""

    id: str
    test_case: str
    part: Part
    procedure: str
    """With its revision."""
    configuration: tuple[str, ...]
    """Each item with its revision or serial number."""
    operators: tuple[str, ...]
    """Roles, not names."""
    started_at: str
    ended_at: str | None = None
    measured: dict[str, str] = field(default_factory=dict)
    """Requirement -> value of its characteristic, a decimal number in its unit."""
    result: Result | None = None
    conclusion: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Remark:
    """Something found otherwise than it should be."""

    id: str
    text: str
    raised_by: Part
    part: Part
    """Which part answers for it."""
    entity: str = ""
    """Of what it is about: its kind and its id; both empty where the record does not have it."""
    entity_id: str = ""
    organisation: str | None = None
    state: RemarkState = RemarkState.RAISED
    grounds: tuple[Ground, ...] = ()
    """What makes it major."""
    severity: Severity | None = None
    due_gate: Gate | None = None
    cause: str = ""
    disposition: Disposition | None = None
    action: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Waiver:
    """Leave to depart from a requirement: a deviation before the fact, a waiver after it, for named flights."""

    id: str
    kind: WaiverKind
    text: str
    """From what it departs, and why that is acceptable."""
    part: Part
    """Which part asks for it."""
    flights: tuple[str, ...]
    remark: str | None = None
    """Of a waiver: what was found."""
    requirement: str | None = None
    last_gate: Gate | None = None
    """The last gate of these flights that it lets pass; None: every one."""
    valid_to: str | None = None
    """Last day; None while these flights last."""
    state: WaiverState = WaiverState.DRAFT
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Account:
    """Who may sign in, and as what they act. The password is elsewhere: nothing of it stands in the log."""

    id: str
    """What they sign in with."""
    role: Role
    part: Part | None = None
    membership: str | None = None
    """The membership on which it rests: the account serves while that is in force."""
    active: bool = True
    revision: int = 0


Record = TypeVar(
    "Record", Organisation, Person, Body, Membership, GroundObject, Evidence,
    Programme, Requirement, Verification, Case, Run, Remark, Waiver,
    Flight, Criterion, VotingRule, Decision, Condition, Vote, SigningKey, Signature, Passage, Agreement, LaunchPlan, Permit,
    Account, Activity, Milestone, Slip, Resource, Campaign, Operation,
)  # fmt: skip

ENTITIES: dict[str, type] = {
    "organisation": Organisation,
    "person": Person,
    "body": Body,
    "membership": Membership,
    "ground_object": GroundObject,
    "evidence": Evidence,
    "programme": Programme,
    "requirement": Requirement,
    "verification": Verification,
    "test_case": Case,
    "test_run": Run,
    "remark": Remark,
    "waiver": Waiver,
    "flight": Flight,
    "criterion": Criterion,
    "voting_rule": VotingRule,
    "decision": Decision,
    "decision_condition": Condition,
    "vote": Vote,
    "signing_key": SigningKey,
    "decision_signature": Signature,
    "passage": Passage,
    "agreement": Agreement,
    "launch_plan": LaunchPlan,
    "permit": Permit,
    "account": Account,
    "activity": Activity,
    "milestone": Milestone,
    "slip": Slip,
    "resource": Resource,
    "campaign": Campaign,
    "operation": Operation,
}
"""Name of the table and of the entity in the log: record. Referred ones first."""

NAMES = {kind: name for name, kind in ENTITIES.items()}


def as_row(record: Any) -> dict[str, Any]:
    """A record as plain JSON values."""
    return {one.name: _plain(getattr(record, one.name)) for one in fields(record)}


def from_row(kind: type[Record], row: Mapping[Any, Any]) -> Record:
    """The record of a row."""
    return from_values(kind, [row[name] for name in names(kind)])


def from_values(kind: type[Record], values: Iterable[Any]) -> Record:
    """The record of plain values in the order of its fields (`names`)."""
    made = list(values)
    for place, make in _makers(typing.cast(Any, kind)):  # mypy does not hold a constrained type for hashable
        made[place] = make(made[place])
    return kind(*made)


def names(kind: type) -> tuple[str, ...]:
    """The fields of a record in their order."""
    return _names(kind)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


@cache
def _makers(kind: Any) -> list[tuple[int, Any]]:
    """Places of the fields whose value is not the plain one, and what makes it."""
    hints = typing.get_type_hints(kind)
    makers = ((place, _maker(hints[name])) for place, name in enumerate(names(kind)))
    return [(place, make) for place, make in makers if make is not None]


def optional(hint: Any) -> Any:
    """The type beside None of a type that allows it; None of any other."""
    return next((part for part in hint.__args__ if part is not type(None)), None) if isinstance(hint, types.UnionType) else None


def _maker(hint: Any) -> Any:
    """What makes a value of that type from a plain one; None where it is the plain one. Looking up is the fastest of all."""
    known = optional(hint) or hint
    if typing.get_origin(known) is tuple:
        item = _maker(typing.get_args(known)[0])
        return tuple if item is None else lambda value: tuple(map(item, value))
    if isinstance(known, type) and issubclass(known, StrEnum):
        members: dict[str | None, StrEnum | None] = {None: None, **{one.value: one for one in known}}
        return members.__getitem__
    return None
