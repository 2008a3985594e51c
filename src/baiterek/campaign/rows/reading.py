"""Records out of the tables."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import JSON, Connection, Select, Text, bindparam, cast, select

from baiterek.campaign.log.chain import Event, Head
from baiterek.campaign.log.tables import EVENT, HEAD, TAIL
from baiterek.campaign.reason import because
from baiterek.campaign.rows.entities import NAMES, Record, all_from_values, from_values, names
from baiterek.campaign.rows.tables import METADATA
from baiterek.errors import Absent

AT_ONCE = 1000
"""Values that one query names."""
Glimpse = TypeVar("Glimpse", bound=tuple[Any, ...])
"""Some fields of a record as a named tuple."""


def get(connection: Connection, kind: type[Record], id: str) -> Record:
    """The record of that name."""
    found = find(connection, kind, id)
    if found is None:
        raise Absent(f"{NAMES[kind]} {id}", because("the record does not have it"))
    return found


def every(connection: Connection, kind: type[Record], **where: str | bool | None) -> list[Record]:
    """All records of a kind whose columns have these values, in the order of their names."""
    asked = tuple((name, value is None) for name, value in where.items())
    query = _query(NAMES[kind], names(kind), asked)
    rows = connection.execute(query, {name: value for name, value in where.items() if value is not None})
    return sorted(all_from_values(kind, rows.all()), key=_id)  # databases sort texts by their locale


def glimpses(
    connection: Connection, kind: type[Record], shape: type[Glimpse], without: Collection[str], **where: str | bool
) -> list[Glimpse]:  # fmt: skip
    """Of the records of a kind whose state is none of these, the fields of `shape`, in the order of their names.

    For thousands of rows of which a page needs a few fields: much cheaper than the records. A list is its JSON text.
    """
    query = _glimpse(NAMES[kind], names(shape), tuple(where))
    rows = connection.execute(query, {**where, "without": sorted(without)})
    return sorted(all_from_values(shape, rows.all()), key=_id)


def among(connection: Connection, kind: type[Record], column: str, values: Collection[str], **where: str) -> list[Record]:
    """All records of a kind whose column has one of these values, in the order of their names."""
    query, asked = _among(NAMES[kind], names(kind), column, tuple(where)), sorted(set(values))
    found = (
        row
        for start in range(0, len(asked), AT_ONCE)
        for row in connection.execute(query, {**where, "among": asked[start : start + AT_ONCE]}).all()
    )
    return sorted(all_from_values(kind, found), key=_id)


def column(connection: Connection, kind: type[Record], name: str) -> dict[str, Any]:
    """Name of each record of a kind -> one of its columns, as stored: much cheaper than the records."""
    table = METADATA.tables[NAMES[kind]]
    return {row[0]: row[1] for row in connection.execute(select(table.c.id, table.c[name]))}


def holding(connection: Connection, kind: type[Record], column: str, value: str) -> list[Record]:
    """All records of a kind that have `value` in a column that is a list."""
    table = METADATA.tables[NAMES[kind]]
    query = select(*(table.c[name] for name in names(kind)))
    rows = connection.execute(query.where(cast(table.c[column], Text).contains(json.dumps(value), autoescape=True)))
    return sorted(all_from_values(kind, rows.all()), key=_id)


def find(connection: Connection, kind: type[Record], id: str) -> Record | None:
    """The record of that name; None where there is none."""
    row = connection.execute(_query(NAMES[kind], names(kind), (("id", False),)), {"id": id}).first()
    return from_values(kind, row) if row is not None else None


def events(connection: Connection, entity: str | None = None, entity_id: str | None = None) -> Iterator[Event]:
    """The log in its order, of everything or of one entity."""
    query = select(*EVENT.c).order_by(EVENT.c.seq)
    if entity is not None:
        query = query.where(EVENT.c.entity == entity)
    if entity_id is not None:
        query = query.where(EVENT.c.entity_id == entity_id)
    for row in connection.execution_options(yield_per=5000).execute(query):
        yield Event._make(row)


def heads(connection: Connection) -> list[Head]:
    """The signed heads that were kept."""
    return [Head(*row) for row in connection.execute(select(HEAD).order_by(HEAD.c.seq))]


def tail(connection: Connection) -> Head | None:
    """The signed head of the last change; None where it was removed."""
    row = connection.execute(select(TAIL)).first()
    return Head(*row) if row else None


@cache
def _query(name: str, fields: tuple[str, ...], asked: tuple[tuple[str, bool], ...]) -> Select[Any]:
    """Rows whose columns have asked-for values, or nothing. Made once: making one takes longer than running it."""
    table = METADATA.tables[name]
    wanted = (table.c[column].is_(None) if empty else table.c[column] == bindparam(column) for column, empty in asked)
    return select(*(table.c[field] for field in fields)).where(*wanted)


@cache
def _among(name: str, fields: tuple[str, ...], column: str, asked: tuple[str, ...]) -> Select[Any]:
    """Rows whose `column` has one of the values `among`, and others an asked-for one."""
    table = METADATA.tables[name]
    wanted = (table.c[field] == bindparam(field) for field in asked)
    return select(*(table.c[field] for field in fields)).where(table.c[column].in_(bindparam("among", expanding=True)), *wanted)


@cache
def _glimpse(name: str, fields: tuple[str, ...], asked: tuple[str, ...]) -> Select[Any]:
    """The same of some fields, lists as their text, without rows of some states."""
    table = METADATA.tables[name]
    known = (table.c[field] for field in fields)
    shown = (cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column for column in known)
    wanted = (table.c[column] == bindparam(column) for column in asked)
    return select(*shown).where(table.c.state.not_in(bindparam("without", expanding=True)), *wanted)


_id = attrgetter("id")
