"""The kinds of record by the name of their table, and a record as plain values and back.

Records are plain frozen values in each room's `records.py`. `id` is what people say ("42-03-7"); `revision` counts the changes
of a row, so that of two people who change it at once one is told. Dates are ISO days, instants ISO UTC with microseconds.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from baiterek.campaign.commission.records import Account, Body, Identity, Membership, Organisation, Passkey, Person
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.gates.records import (
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
)
from baiterek.campaign.meetings.records import (
    AgendaItem,
    Attendance,
    Certificate,
    Meeting,
    Protocol,
    ProtocolSignature,
    Resolution,
    ResolutionVote,
)
from baiterek.campaign.notices.records import Feed, Subscription
from baiterek.campaign.operations.records import Campaign, Operation, Resource
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run, Verification
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.schedule.records import Activity, Milestone, Slip

ID = re.compile(r"\w[\w./-]{0,63}")
"""What people may call something."""

Record = TypeVar(
    "Record", Organisation, Person, Body, Membership, GroundObject, Evidence,
    Programme, Requirement, Verification, Case, Run, Remark, Waiver,
    Flight, Criterion, VotingRule, Decision, Condition, Vote, SigningKey, Signature, Passage, Agreement, LaunchPlan, Permit,
    Account, Passkey, Identity, Activity, Milestone, Slip, Resource, Campaign, Operation, FlightResult,
    Meeting, AgendaItem, Attendance, Resolution, ResolutionVote, Protocol, Certificate, ProtocolSignature,
    Subscription, Feed,
)  # fmt: skip

Shape = TypeVar("Shape")
"""A record, or a named tuple of some of its fields."""

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
    "passkey": Passkey,
    "identity": Identity,
    "activity": Activity,
    "milestone": Milestone,
    "slip": Slip,
    "resource": Resource,
    "campaign": Campaign,
    "operation": Operation,
    "flight_result": FlightResult,
    "meeting": Meeting,
    "agenda_item": AgendaItem,
    "attendance": Attendance,
    "resolution": Resolution,
    "resolution_vote": ResolutionVote,
    "protocol": Protocol,
    "certificate": Certificate,
    "protocol_signature": ProtocolSignature,
    "subscription": Subscription,
    "calendar_feed": Feed,
}
"""Name of the table and of the entity in the log: record. Referred ones first."""

NAMES = {kind: name for name, kind in ENTITIES.items()}


def as_row(record: Any) -> dict[str, Any]:
    """A record as plain JSON values."""
    return {one.name: _plain(getattr(record, one.name)) for one in fields(record)}


def from_row(kind: type[Record], row: Mapping[Any, Any]) -> Record:
    """The record of a row."""
    return from_values(kind, [row[name] for name in names(kind)])


def from_values(kind: type[Shape], values: Iterable[Any]) -> Shape:
    """The record, or the named tuple, of plain values in the order of its fields (`names`)."""
    (made,) = all_from_values(kind, (values,))
    return made


def all_from_values(kind: type[Shape], rows: Iterable[Iterable[Any]]) -> Iterator[Shape]:
    """The same of many."""
    makers = _makers(typing.cast(Any, kind))  # mypy does not hold a type variable for hashable
    for row in rows:
        made = list(row)
        for place, make in makers:
            made[place] = make(made[place])
        yield kind(*made)


def names(kind: type) -> tuple[str, ...]:
    """The fields of a record, or of a named tuple, in their order."""
    return _names(kind)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return kind._fields if issubclass(kind, tuple) else tuple(one.name for one in fields(kind))


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
