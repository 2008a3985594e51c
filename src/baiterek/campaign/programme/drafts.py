"""Requirements, rows of the matrix, cases and runs as tables: in, all rows or none, and out."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import MISSING, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from baiterek.campaign.clocks import read_instant
from baiterek.campaign.complex.register import FLAGS, Proposal
from baiterek.campaign.log.change import Change
from baiterek.campaign.programme.records import Case, Requirement, Run, Verification
from baiterek.campaign.programme.steps import ACTED, draft, row_id
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import optional
from baiterek.campaign.sheets import Line, read_table, write_table
from baiterek.errors import BadValue, InputError, Refused, UnknownKey

KINDS = {"requirements": Requirement, "rows": Verification, "cases": Case, "runs": Run}
"""What a table may hold."""
Draft = TypeVar("Draft", Requirement, Verification, Case, Run)


def columns(kind: type) -> dict[str, bool]:
    """Columns of a table of that kind, and whether a row must fill them; what somebody acts on is none."""
    own = (one for one in fields(kind) if one.name != "revision" and one.name not in ACTED[kind])
    filled = {one.name: one.default is MISSING and one.default_factory is MISSING for one in own}
    return {**filled, "id": False} if kind is Verification else filled  # a row is called by what it is


def read_drafts(path: Path, kind: type) -> list[Line]:
    """The rows of a table whose columns are those of the kind."""
    lines, known = read_table(path), columns(kind)
    names = list(lines[0].cells) if lines else []
    for name in names:
        if name not in known:
            raise UnknownKey(str(path), "row 1", name, ", ".join(known))
    missing = [name for name, needed in known.items() if needed and name not in names]
    if missing:
        raise BadValue(str(path), "row 1", ", ".join(names) or "nothing", f"a column {missing[0]}, and rows below")
    return lines


def import_drafts(change: Change, kind: type, lines: Iterable[Line], reason: str, dry_run: bool = False) -> list[Proposal]:
    """Draft every row in its order; where one is refused, or nothing is to be changed, the change is given up."""
    proposals = [_drafted(change, kind, line, reason) for line in lines]
    if dry_run or any(proposal.outcome == "refused" for proposal in proposals):
        change.abandon()
    return proposals


def write_drafts(path: Path, kind: type, records: Iterable[Any]) -> None:
    """Records as a table that `read_drafts` takes back."""
    names = list(columns(kind))
    write_table(path, names, [[as_text(getattr(record, name)) for name in names] for record in records])


def record_of(kind: type[Draft], cells: dict[str, str]) -> Draft:
    """The record that a row says; an empty cell is a field's default."""
    if kind is Verification and not cells.get("id"):
        cells = {**cells, "id": row_id(*(cells.get(name, "") for name in ("requirement", "stage", "method")))}
    hints = typing.get_type_hints(kind)
    values = {name: _value(name, hints[name], cell) for name, cell in cells.items() if cell}
    empty = [name for name, needed in columns(kind).items() if needed and name not in values]
    if empty:
        raise Refused("row", because("{name} is empty", name=empty[0]))
    return kind(**values)


def as_text(value: Any) -> str:
    """A field as a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{key}={one}" for key, one in value.items())
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list that semicolons keep apart."""
    return tuple(filter(None, map(str.strip, text.split(";"))))


def paired(text: str, key: str) -> dict[str, str]:
    """Names and values: R-1=2.5; R-2=0.1."""
    found = {}
    for part in listed(text):
        name, sign, value = part.partition("=")
        if not sign or name.strip() in found:
            raise Refused(key, because("{cell}: NAME=VALUE, each name once", cell=repr(part)))
        found[name.strip()] = value.strip()
    return found


def _drafted(change: Change, kind: type, line: Line, reason: str) -> Proposal:
    id = line.cells.get("id", "")
    try:
        record: Any = record_of(kind, line.cells)
        id, old = record.id, reading.find(change.connection, kind, record.id)
        if old is not None and not _corrects(record, old):
            return Proposal(line.number, id, "unchanged")
        draft(change, record, reason)
        return Proposal(line.number, id, "new" if old is None else "changed")
    except Refused as refusal:
        return Proposal(line.number, id, "refused", str(refusal))
    except InputError as failure:
        return Proposal(line.number, id, "refused", f"{failure.key} {failure.found}: {failure.allowed}")


def _corrects(record: Any, old: Any) -> bool:
    return any(getattr(record, name) != getattr(old, name) for name in columns(type(record)))


def _value(name: str, hint: Any, cell: str) -> Any:
    """A field out of its cell."""
    hint = optional(hint) or hint
    if typing.get_origin(hint) is tuple:
        return listed(cell)
    if typing.get_origin(hint) is dict:
        return paired(cell, name)
    if hint is bool:
        if cell not in FLAGS:
            raise Refused("row", because("{name} {cell}: yes, no", name=name, cell=repr(cell)))
        return FLAGS[cell]
    if issubclass(hint, StrEnum):
        if cell not in tuple(hint):
            raise Refused("row", because("{name} {cell}: {known}", name=name, cell=repr(cell), known=", ".join(hint)))
        return hint(cell)
    return read_instant(cell, name) if name.endswith("_at") else cell
