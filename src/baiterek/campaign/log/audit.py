"""Whether the record is what its log says, and the log what was signed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from baiterek.campaign.log.chain import Event, Fault, Head, canonical, faults
from baiterek.campaign.log.signing import is_signed
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.campaign.rows.tables import METADATA
from baiterek.errors import UnreadableFile

ALLOWED = "a signed head as `baiterek audit head --out` writes it"


class Verdict(NamedTuple):
    """What an audit looked at and found."""

    events: int
    heads: int
    rows: int
    faults: list[Fault]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(connection: Connection, key: Ed25519PublicKey, kept: Iterable[Head] = ()) -> Verdict:
    """Every event against its hash and its neighbours, every head against the key, every row against its last event.

    `kept` are heads from outside: only they show that the whole database was put back to an older state.
    """
    last: dict[tuple[str, str], tuple[int, str]] = {}
    count = 0

    def seen() -> Iterator[Event]:
        nonlocal count
        for event in reading.events(connection):
            count += 1
            last[event.entity, event.entity_id] = event.seq, event.after
            yield event

    heads = [*reading.heads(connection), *kept]
    found = faults(seen(), heads, reading.tail(connection), lambda head: is_signed(key, head))
    rows, differing = _against_tables(connection, last)
    return Verdict(count, len(heads), rows, found + differing)


def read_head(path: Path) -> Head:
    """A head that was kept outside the database, as `write_head` writes it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(document["seq"]), *(str(document[name]) for name in ("hash", "at", "signature")))
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), ALLOWED) from None
    except (ValueError, KeyError, TypeError):
        raise UnreadableFile(str(path), "", "something else", ALLOWED) from None


def write_head(path: Path, document: dict[str, Any]) -> None:
    """Keep a head and the public key; an older file is never replaced."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(json.dumps(document, indent=2) + "\n")
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "a new file") from None


def _against_tables(connection: Connection, last: dict[tuple[str, str], tuple[int, str]]) -> tuple[int, list[Fault]]:
    """How many rows there are, and those that are not what their last event left."""
    found, rows = [], 0
    for entity in ENTITIES:
        for row in connection.execute(select(METADATA.tables[entity])).mappings():
            rows += 1
            seq, after = last.pop((entity, row["id"]), (0, ""))
            if not seq:
                found.append(Fault(f"{entity} {row['id']}", "stands in its table without an event"))
            elif not _is_left(dict(row), after):
                found.append(Fault(f"{entity} {row['id']}", f"differs from what event {seq} left"))
    found += [
        Fault(f"{entity} {id}", f"missing from its table; event {seq} left it") for (entity, id), (seq, _) in last.items()
    ]
    return rows, found


def _is_left(row: dict[str, Any], after: str) -> bool:
    """Whether a row is what its last event left. A column that came later is empty in it, and the event does not name it."""
    if canonical(row) == after:
        return True
    named = json.loads(after)
    return canonical({name: value for name, value in row.items() if name in named or value is not None}) == after
