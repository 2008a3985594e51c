"""The register of ground objects: what a table would change in it, row by row with reasons, and the table it gives back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.campaign.commission.access import Action, Actor, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.log.change import Change
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.campaign.sheets import Line, read_table, write_table
from baiterek.errors import BadValue, UnknownKey

SITES = ("42", "43", "45")
"""Of the complex: the ministry's release on the talks at Baikonur, 2018."""
REQUIRED = ("id", "site", "kind", "name", "part")
COLUMNS = (*REQUIRED, "parent", "systems", "owner", "designer", "documents", "state", "basis", "example")
LISTS = ("systems", "documents")
DEEPEST = 20
"""Levels of the tree."""
FLAGS = {"yes": True, "no": False, "": False}


class Proposal(NamedTuple):
    """What one row of a table would do."""

    row: int
    id: str
    outcome: str
    """new, changed, unchanged or refused."""
    why: str = ""
    """Of a refusal."""
    record: GroundObject | None = None


def read_register(path: Path) -> list[Line]:
    """The rows of a table whose columns are those of the register."""
    lines = read_table(path)
    names = list(lines[0].cells) if lines else []
    for name in names:
        if name not in COLUMNS:
            raise UnknownKey(str(path), "row 1", name, ", ".join(COLUMNS))
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise BadValue(str(path), "row 1", ", ".join(names) or "nothing", f"a column {missing[0]}, and rows below")
    return lines


def propose(lines: Iterable[Line], there: Mapping[str, GroundObject], actor: Actor) -> list[Proposal]:
    """What each row would do to the register that is there, or why it may not; changes nothing."""
    found, seen = [], set()
    for line in lines:
        proposal = _propose(line, there, actor)
        if proposal.record is not None and proposal.id in seen:
            proposal = _refused(line, because("{id} stands in an earlier row", id=proposal.id))
        seen.add(proposal.id)
        found.append(proposal)
    return _in_a_tree(found, there)


def enter(change: Change, proposals: list[Proposal], reason: str) -> None:
    """Make the changes that were proposed, parents before what is below them."""
    new = {p.id: p.record for p in proposals if p.outcome == "new" and p.record is not None}
    entered: set[str] = set()

    def create(record: GroundObject) -> None:
        if record.id in entered:
            return
        if record.parent in new:
            create(new[record.parent])
        entered.add(record.id)
        change.create(record, reason, "import")

    for record in new.values():
        create(record)
    for proposal in proposals:
        if proposal.outcome == "changed" and proposal.record is not None:
            change.update(proposal.record, reason, "import")


def import_register(change: Change, lines: list[Line], reason: str, dry_run: bool = False) -> list[Proposal]:
    """Enter a table, all of it or, where one row is refused, nothing; says what each row did or would do."""
    there = {record.id: record for record in reading.every(change.connection, GroundObject)}
    proposals = propose(lines, there, change.actor)
    if not dry_run and all(proposal.outcome != "refused" for proposal in proposals):
        enter(change, proposals, reason)
    return proposals


def in_tree(objects: Iterable[GroundObject]) -> list[tuple[int, GroundObject]]:
    """Each object behind the one that it belongs to, with its depth; what belongs to none of them comes first of its own."""
    known = {record.id: record for record in objects}
    below: dict[str | None, list[GroundObject]] = {}
    for record in known.values():
        below.setdefault(record.parent if record.parent in known else None, []).append(record)
    found, open_ = [], [(0, record) for record in reversed(below.get(None, []))]
    while open_:
        depth, record = open_.pop()
        found.append((depth, record))
        open_ += [(depth + 1, child) for child in reversed(below.get(record.id, []))]
    return found


def write_register(path: Path, objects: Iterable[GroundObject]) -> None:
    """The register as a table that `read_register` takes back."""
    write_table(path, COLUMNS, [[_text(getattr(record, name)) for name in COLUMNS] for record in objects])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value or "")


def _propose(line: Line, there: Mapping[str, GroundObject], actor: Actor) -> Proposal:
    cells = line.cells
    why = _malformed(cells)
    if why:
        return _refused(line, why)
    old = there.get(cells["id"])
    new = replace(old, **_values(cells)) if old else GroundObject(**_values(cells))
    why = _not_theirs(actor, old, new) or (_not_a_correction(old, new) if old else _not_an_entry(new))
    if why:
        return _refused(line, why)
    outcome = "new" if old is None else "unchanged" if new == old else "changed"
    return Proposal(line.number, new.id, outcome, "", new)


def _malformed(cells: dict[str, str]) -> str | None:
    """What no row may say."""
    for name, cell in cells.items():
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in cell):
            return because("{name} has a control character", name=name)
    for name in REQUIRED:
        if not cells[name]:
            return because("{name} is empty", name=name)
    if not ID.fullmatch(cells["id"]):
        return because("id {id}: letters, digits and . _ / - only, at most 64", id=repr(cells["id"]))
    for name, allowed in (("site", SITES), ("part", tuple(Part)), ("state", ("", *State)), ("example", tuple(FLAGS))):
        if cells.get(name, "") not in allowed and name in cells:
            return because("{name} {cell}: {known}", name=name, cell=repr(cells[name]), known=", ".join(filter(None, allowed)))
    return None


def _values(cells: dict[str, str]) -> dict[str, Any]:
    """Fields of a record; an empty state leaves what is there."""
    values: dict[str, Any] = {name: cell for name, cell in cells.items() if name not in ("state", "basis", "example")}
    values |= {name: tuple(filter(None, map(str.strip, cells[name].split(";")))) for name in LISTS if name in cells}
    values["part"] = Part(cells["part"])
    if "parent" in cells:
        values["parent"] = cells["parent"] or None
    if cells.get("state"):
        values["state"] = State(cells["state"])
    if cells.get("basis"):
        values["basis"] = cells["basis"]
    if cells.get("example"):
        values["example"] = FLAGS[cells["example"]]
    return values


def _not_theirs(actor: Actor, old: GroundObject | None, new: GroundObject) -> str | None:
    """Entering something as tested or accepted is an act, all else a draft."""
    action = Action.ACT if old is None and new.state is not State.MOUNTED else Action.DRAFT
    return denial(actor, action, new.part) or (denial(actor, action, old.part) if old else None)


def _not_an_entry(new: GroundObject) -> str | None:
    if new.state is not State.MOUNTED and not new.basis:
        return because("state {state}: what enters later than mounted needs a basis, the act that says so", state=new.state)
    return None


def _not_a_correction(old: GroundObject, new: GroundObject) -> str | None:
    if new.state is not old.state:
        return because("state {state}: the record has {other}, and only a step changes it", state=new.state, other=old.state)
    if new.basis != old.basis:
        return because("basis: that on which it entered stays")
    if new.example != old.example:
        return because("example: what is generated stays marked, what is real is none")
    return None


def _in_a_tree(proposals: list[Proposal], there: Mapping[str, GroundObject]) -> list[Proposal]:
    """Refuses rows whose parent is missing, refused, on another site, or below them; until no further row falls."""
    while True:
        merged = {**there, **{p.id: p.record for p in proposals if p.record is not None}}
        checked = [_placed(proposal, merged) for proposal in proposals]
        if checked == proposals:
            return checked
        proposals = checked


def _placed(proposal: Proposal, merged: Mapping[str, GroundObject]) -> Proposal:
    record = proposal.record
    if record is None or record.parent is None:
        return proposal
    above = merged.get(record.parent)
    if above is None:
        why: str | None = because(
            "parent {parent}: neither in the record nor in a row that can be entered", parent=record.parent
        )
    elif above.site != record.site:
        why = because("parent {parent} is on site {site}", parent=record.parent, site=above.site)
    else:
        why = _lost(record, merged)
    return proposal if why is None else Proposal(proposal.row, proposal.id, "refused", why)


def _lost(record: GroundObject, merged: Mapping[str, GroundObject]) -> str | None:
    """Above `record` there is an end, not itself."""
    above = record.parent
    for _ in range(DEEPEST):
        if above is None or above not in merged:
            return None
        if above == record.id:
            return because("parent {parent} is below {id}", parent=record.parent, id=record.id)
        above = merged[above].parent
    return because("more than {most} levels above it, or a circle", most=DEEPEST)


def _refused(line: Line, why: str) -> Proposal:
    return Proposal(line.number, line.cells.get("id", ""), "refused", why)
