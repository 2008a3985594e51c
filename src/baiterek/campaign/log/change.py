"""One change of the record: rows, their events and the signed tail, in one transaction."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from baiterek.campaign.commission.access import Action, Actor, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.log.chain import HEAD_EVERY, Event, Head, canonical, event_hash
from baiterek.campaign.log.signing import sign
from baiterek.campaign.log.tables import EVENT, HEAD, TAIL
from baiterek.campaign.reason import because
from baiterek.campaign.rows.entities import NAMES, Record, as_row
from baiterek.campaign.rows.reading import get
from baiterek.campaign.rows.tables import METADATA
from baiterek.errors import Denied, Refused, Stale

LOCKED = select(TAIL).with_for_update()
"""The tail, which nobody else changes until the transaction ends."""


def now() -> str:
    """The instant as the log writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Change:
    """What an actor does in one transaction. The tail is locked first: changes follow one another, and so does the chain."""

    def __init__(self, connection: Connection, actor: Actor, key: Ed25519PrivateKey) -> None:
        self.connection, self.actor, self._key = connection, actor, key
        tail = connection.execute(LOCKED).first()
        if tail is None:
            raise Refused("the log", because("its signed tail is missing: baiterek audit verify says more"))
        self._seq: int = tail.seq
        self._hash: str = tail.hash
        self.at = now()
        self._events: list[Event] = []
        self._heads: list[Head] = []

    def allow(self, action: Action, part: Part | None, subject: str) -> None:
        """Refuses what the actor may not do."""
        why = denial(self.actor, action, part)
        if why:
            raise Denied(subject, why)

    def unchanged(self, there: Record, revision: int | None) -> None:
        """Refuses to go on from a revision that is no longer there; None: whatever is there."""
        if revision is not None and there.revision != revision:
            why = because(
                "changed meanwhile: revision {revision}, not {seen}; look again",
                revision=there.revision,
                seen=revision,
            )
            raise Stale(f"{NAMES[type(there)]} {there.id}", why)

    def create(self, record: Record, reason: str = "", action: str = "create") -> Record:
        """A new row."""
        name, made = NAMES[type(record)], replace(record, revision=1)
        row = _storable(name, record.id, as_row(made))
        try:
            with self.connection.begin_nested():
                self.connection.execute(insert(METADATA.tables[name]).values(row))
        except IntegrityError as failure:
            raise Refused(f"{name} {record.id}", _why(failure)) from None
        self._log(action, name, record.id, "", canonical(row), reason)
        return made

    def update(self, record: Record, reason: str, action: str = "update") -> Record:
        """The row of `record.id` as `record` says, if nobody has changed it since `record.revision` was read."""
        name = NAMES[type(record)]
        before = get(self.connection, type(record), record.id)
        self.unchanged(before, record.revision)
        after = replace(record, revision=before.revision + 1)
        row, table = _storable(name, record.id, as_row(after)), METADATA.tables[name]
        try:
            with self.connection.begin_nested():
                self.connection.execute(update(table).where(table.c.id == record.id).values(row))
        except IntegrityError as failure:
            raise Refused(f"{name} {record.id}", _why(failure)) from None
        self._log(action, name, record.id, canonical(as_row(before)), canonical(row), reason)
        return after

    def abandon(self) -> None:
        """Give up everything since the change began."""
        transaction = self.connection.get_transaction()
        assert transaction is not None  # `Database.writing` began it
        transaction.rollback()
        self._events, self._heads = [], []

    def close(self) -> None:
        """Write the events, and sign the last one."""
        if not self._events:
            return
        self.connection.execute(insert(EVENT), [event._asdict() for event in self._events])
        if self._heads:
            self.connection.execute(insert(HEAD), [head._asdict() for head in self._heads])
        tail: Any = sign(self._key, self._seq, self._hash, self.at)._asdict()
        self.connection.execute(update(TAIL).values(tail))

    def _log(self, action: str, entity: str, entity_id: str, before: str, after: str, reason: str) -> None:
        who = self.actor
        event = Event(
            self._seq + 1, self.at, who.name, who.role.value, who.part.value if who.part else "", action,
            entity, entity_id, before, after, reason, self._hash, "",
        )  # fmt: skip
        event = event._replace(hash=event_hash(event))
        self._events.append(event)
        self._seq, self._hash = event.seq, event.hash
        if event.seq % HEAD_EVERY == 0:
            self._heads.append(sign(self._key, event.seq, event.hash, self.at))


def _storable(name: str, id: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row, if every database takes its texts: no control characters but ends of lines and tabs, none too long."""
    for column in METADATA.tables[name].c:
        value = row[column.name]
        longest = getattr(column.type, "length", None)
        if longest is not None and isinstance(value, str) and len(value) > longest:
            raise Refused(
                f"{name} {id[:80]}", because("{name} is longer than {longest} characters", name=column.name, longest=longest)
            )
        if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\r\t" for letter in _letters(value)):
            raise Refused(f"{name} {id[:80]!r}", because("{name} has a control character", name=column.name))
    return row


def _letters(value: Any) -> str:
    """All text of a plain value, one after another."""
    if isinstance(value, list):
        return "".join(map(_letters, value))
    if isinstance(value, dict):
        return "".join(map(_letters, (*value, *value.values())))
    return value if isinstance(value, str) else ""


def _why(failure: IntegrityError) -> str:
    """The database's own constraint, in words."""
    text = str(failure.orig).lower()
    if "foreign key" in text:
        return because("refers to something that the record does not have")
    return (
        because("there is one of that name already")
        if "unique" in text or "duplicate" in text
        else because("breaks a rule of its table")
    )
