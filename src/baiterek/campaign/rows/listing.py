"""A page of a list: filtered, sorted and cut by the database, so that a long table costs what is shown of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, ColumnElement, Connection, Select, String, Text, cast, func, or_, select

from baiterek.campaign.complex.tables import GROUND_OBJECT
from baiterek.campaign.log.chain import Event
from baiterek.campaign.log.tables import EVENT
from baiterek.campaign.rows.entities import ENTITIES, NAMES, Record, from_row
from baiterek.campaign.rows.tables import METADATA

WINDOW = 20_000
"""Events that one look at the log searches through: older ones are a further look."""

NOTHING, YES = "-", "yes"
"""Asked of a column: rows that have nothing there; rows where it holds."""


class Asked(NamedTuple):
    """What of a list is wanted."""

    text: str = ""
    """Somewhere in a row."""
    where: Mapping[str, str] = {}
    """Column -> value; of a list (systems), one of its values."""
    sort: str = ""
    descending: bool = False
    start: int = 0
    most: int | None = None


class Found(NamedTuple):
    """The rows of a page, and how many there are in all."""

    rows: list[Any]
    total: int


def page(
    connection: Connection,
    kind: type[Record],
    asked: Asked,
    texts: Sequence[str],
    above: tuple[type, str] | None = None,
) -> Found:
    """Records of a kind; `texts` are the columns in which `asked.text` may stand.

    `above` is a kind and the column by which a record names one of it, as a run its case: its columns may be asked for too.
    """
    table = METADATA.tables[NAMES[kind]]
    columns, conditions = dict(table.c), list[ColumnElement[bool]]()
    if above is not None:
        other = METADATA.tables[NAMES[above[0]]]
        columns = {**other.c, **columns}
        conditions.append(table.c[above[1]] == other.c.id)
    conditions += [_is(columns[name], value) for name, value in asked.where.items()]
    if asked.text:
        conditions.append(or_(*(_has(connection, columns[name], asked.text) for name in texts)))
    order = columns.get(asked.sort, table.c.id)
    keys = [_plain(connection, order), _plain(connection, table.c.id)]
    query = select(table).where(*conditions).order_by(*(key.desc() if asked.descending else key for key in keys))
    found = [from_row(kind, row) for row in connection.execute(_cut(query, asked)).mappings()]
    if asked.most is None or 0 < len(found) < asked.most or not (found or asked.start):
        return Found(found, asked.start + len(found))  # the last page: the rows need not be searched again to be counted
    return Found(found, connection.execute(select(func.count(table.c.id)).where(*conditions)).scalar_one())


def page_of(
    rows: Iterable[Any], asked: Asked, text_of: Callable[[Any], str], key: Callable[[Any], Any] | None
) -> Found:  # fmt: skip
    """The same of rows that are computed, not stored: `text_of` a row is searched, `key` sorts; None: they are in order."""
    wanted, found = asked.text.casefold(), list(rows)
    for name, value in asked.where.items():
        found = [row for row in found if _value(row, name) == value]
    if wanted:
        found = [row for row in found if wanted in text_of(row).casefold()]
    if key is not None:
        found.sort(key=key, reverse=asked.descending)
    end = None if asked.most is None else asked.start + asked.most
    return Found(found[asked.start : end], len(found))


class Look(NamedTuple):
    """A look at the log, the newest event first."""

    events: list[Event]
    older: int | None
    """From which event to look on; None where there is nothing older."""


def look(connection: Connection, asked: Asked, before: int | None = None) -> Look:
    """Events older than `before` that have `asked.text` and `asked.where`, found within `WINDOW` events."""
    last = before - 1 if before is not None else connection.execute(select(func.max(EVENT.c.seq))).scalar() or 0
    narrow = "entity_id" in asked.where
    floor = 0 if narrow or asked.most is None else max(0, last - WINDOW)
    # Of one entity by the index that begins with it, sorted then: by number a database may go through the whole log. Else by
    # number alone: that index would lead through the whole log.
    number = EVENT.c.seq + 0 if narrow else EVENT.c.seq
    conditions = [number <= last, number > floor]
    if narrow:
        conditions.append(EVENT.c.entity.in_(ENTITIES))
        conditions += [EVENT.c[name] == value for name, value in asked.where.items()]
    else:
        conditions += [func.coalesce(EVENT.c[name], "") == value for name, value in asked.where.items()]
    if asked.text:
        searched = (EVENT.c.entity_id, EVENT.c.actor, EVENT.c.action, EVENT.c.reason, EVENT.c.entity)
        conditions.append(or_(*(_has(connection, column, asked.text) for column in searched)))
    query = select(*EVENT.c).where(*conditions).order_by(number.desc())
    found = [Event(*row) for row in connection.execute(query.limit(asked.most))]
    full = asked.most is not None and len(found) == asked.most
    older = found[-1].seq if full else floor + 1
    return Look(found, older if older > 1 else None)


def event_at(connection: Connection, seq: int) -> Event | None:
    """The event of that number."""
    row = connection.execute(select(*EVENT.c).where(EVENT.c.seq == seq)).first()
    return Event(*row) if row else None


def values(connection: Connection, kind: type[Record], column: str) -> list[str]:
    """Which values a column has, for a choice of filters."""
    chosen = METADATA.tables[NAMES[kind]].c[column]
    return sorted(value for value in connection.execute(select(chosen).distinct()).scalars() if value)


class Alike(NamedTuple):
    """So many objects stand alike: what a picture of readiness counts."""

    site: str
    state: str
    systems: list[str]
    example: bool
    number: int


def alike(connection: Connection) -> list[Alike]:
    """Objects counted by site, state, systems and whether they are generated."""
    columns = (GROUND_OBJECT.c.site, GROUND_OBJECT.c.state, cast(GROUND_OBJECT.c.systems, Text), GROUND_OBJECT.c.example)
    rows = connection.execute(select(*columns, func.count()).group_by(*columns))
    return [Alike(site, state, json.loads(systems), example, count) for site, state, systems, example, count in rows]


def has_example(connection: Connection) -> bool:
    """Whether the record holds anything that is generated: objects, a programme, remarks, meetings."""
    tables = (METADATA.tables[name] for name in ("ground_object", "programme", "remark", "meeting"))
    generated = (select(table.c.id).where(table.c.example).limit(1) for table in tables)
    return any(connection.execute(query).first() is not None for query in generated)


def _cut(query: Select[Any], asked: Asked) -> Select[Any]:
    return query.offset(asked.start).limit(asked.most) if asked.most is not None else query


def _plain(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column to sort and to search by: every database by code points, not by its locale."""
    if connection.dialect.name != "postgresql" or not isinstance(column.type, String):
        return column
    return column.collate("C")


def _is(column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    if value == NOTHING:
        return column.is_(None)
    if isinstance(column.type, Boolean):
        return column == (value == YES)
    if isinstance(column.type, JSON):
        return cast(column, Text).contains(json.dumps(value), autoescape=True)
    return column == value


def _has(connection: Connection, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """A text somewhere in a column. The case of Latin letters alone is folded: of others the usual cases are tried.

    SQLite's LIKE folds it by itself, and PostgreSQL by code points: a third of the time of small letters by a locale.
    """
    cases = (
        (text,) if text.isascii() else tuple(dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title())))
    )
    if isinstance(column.type, JSON):
        column, cases = cast(column, Text), tuple(json.dumps(case)[1:-1] for case in cases)
    column = _plain(connection, column)
    contains = column.contains if connection.dialect.name == "sqlite" else column.icontains
    return or_(*(contains(case, autoescape=True) for case in cases))


def _value(row: Any, name: str) -> str:
    value = getattr(row, name)
    return NOTHING if value is None or value == "" else str(value)
