"""What the record holds: plain frozen values, apart from tables and from rules.

`id` is what people say ("42-03-7"); `revision` counts the changes of a row, so that of two people who change the same row
at once one is told. Dates are ISO days, instants ISO UTC with microseconds.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from baiterek.campaign.complex import State


class Part(StrEnum):
    """A national part of the commission."""

    RU = "RU"
    KZ = "KZ"


class Role(StrEnum):
    """What somebody is in a body; a keeper runs the database and acts for no part."""

    CO_CHAIR = "co_chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"
    OBSERVER = "observer"
    KEEPER = "keeper"


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


Record = TypeVar("Record", Organisation, Person, Body, Membership, GroundObject, Evidence)

ENTITIES: dict[str, type] = {
    "organisation": Organisation,
    "person": Person,
    "body": Body,
    "membership": Membership,
    "ground_object": GroundObject,
    "evidence": Evidence,
}
"""Name of the table and of the entity in the log: record. Referred ones first."""

NAMES = {kind: name for name, kind in ENTITIES.items()}


def as_row(record: Any) -> dict[str, Any]:
    """A record as plain JSON values."""
    return {field.name: _plain(getattr(record, field.name)) for field in fields(record)}


def from_row(kind: type[Record], row: Mapping[Any, Any]) -> Record:
    """The record of a row."""
    makers = _makers(typing.cast(Any, kind))  # mypy does not hold a constrained type for hashable
    return kind(**{name: make(row[name]) for name, make in makers.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


@cache
def _makers(kind: Any) -> dict[str, Any]:
    """Field -> what makes its value from a plain one."""
    return {name: _maker(hint) for name, hint in typing.get_type_hints(kind).items()}


def _maker(hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        inner = next(_maker(part) for part in hint.__args__ if part is not type(None))
        return lambda value: None if value is None else inner(value)
    return tuple if typing.get_origin(hint) is tuple else hint
