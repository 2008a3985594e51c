"""What stands against a gate: everything due by then that is not settled, and what lets it pass for a flight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.programme.matrix import Faults, Row, gather
from baiterek.campaign.programme.records import Requirement, Verification
from baiterek.campaign.programme.verification import Compliance, Gate
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import RemarkState, needs_waiver
from baiterek.campaign.remarks.waivers import in_force
from baiterek.campaign.rows import reading


class OpenItem(NamedTuple):
    """Something that a gate meets."""

    entity: str
    id: str
    part: Part
    """Who owes it."""
    due_gate: Gate | None
    """None: not classified, and so due at every gate."""
    what: str
    why: str
    """Why it is not settled."""
    waiver: str | None
    """What lets it pass, for this flight at this gate."""
    example: bool

    @property
    def blocks(self) -> bool:
        """Whether nothing lets it pass."""
        return self.waiver is None


def against(connection: Connection, faults: Faults, gate: Gate, flight: str, day: str) -> list[OpenItem]:
    """Remarks and rows of the matrix that are due by `gate` and not settled for that flight, what blocks first."""
    waivers = reading.every(connection, Waiver)
    due = [one for one in reading.every(connection, Verification) if one.due_gate is not None and one.due_gate <= gate]
    # What a row rests on is read where it matters: an open one that nothing lets pass stands whatever that is.
    passing = {waiver.requirement for waiver in waivers if in_force(waiver, day, flight, gate)}
    rows = gather(connection, day, faults, rows=[one for one in due if one.closed or one.requirement in passing])
    texts = reading.column(connection, Requirement, "text")
    found = items(reading.every(connection, Remark), rows, waivers, gate, flight, day)
    found += [_open(one, texts[one.requirement]) for one in due if not one.closed and one.requirement not in passing]
    return sorted(found, key=_order)


def items(
    remarks: Iterable[Remark], rows: Iterable[Row], waivers: Iterable[Waiver], gate: Gate, flight: str, day: str
) -> list[OpenItem]:
    """The same of what was read already.

    What was closed under a waiver is open again for a flight, or at a gate, that the waiver does not name.
    """
    waivers = list(waivers)
    holding = {waiver.id: in_force(waiver, day, flight, gate) for waiver in waivers}
    by_remark, by_requirement = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for waiver in waivers:
        if holding[waiver.id]:
            by_remark[waiver.remark or ""].append(waiver.id)
            by_requirement[waiver.requirement or ""].append(waiver.id)
    found = [_remark(remark, gate, by_remark[remark.id]) for remark in remarks]
    found += [_row(row, gate, by_requirement[row.requirement.id]) for row in rows]
    listed = [item for item in found if item is not None]
    return sorted(listed, key=_order)


def _order(item: OpenItem) -> tuple[bool, str, str, str]:
    return not item.blocks, item.due_gate or "", item.entity, item.id


def _remark(remark: Remark, gate: Gate, waivers: list[str]) -> OpenItem | None:
    if remark.state is RemarkState.WITHDRAWN or (remark.due_gate is not None and remark.due_gate > gate):
        return None
    if remark.state is RemarkState.CLOSED:
        if not needs_waiver(remark.severity, remark.disposition) or waivers:
            return None
        why = because(
            "closed, disposed {disposition}: no waiver holds for this flight at this gate", disposition=remark.disposition
        )
    else:
        severity = remark.severity or because("not yet minor or major")
        why = because("{severity}, {state}", severity=severity, state=remark.state)
    waiver = waivers[0] if waivers and remark.severity is not None else None
    return OpenItem("remark", remark.id, remark.part, remark.due_gate, remark.text, why, waiver, remark.example)


def _row(row: Row, gate: Gate, waivers: list[str]) -> OpenItem | None:
    one = row.verification
    if one.due_gate is None or one.due_gate > gate:
        return None
    departs = one.compliance in (Compliance.NO, Compliance.PARTIAL)
    if row.standing == "closed" and (not departs or waivers):
        return None
    # Evidence that is broken is not waived: nobody can say what was waived.
    stands = _open(one, row.requirement.text, waivers[0] if waivers and not row.shown.broken else None)
    if row.standing == "closed":
        why = because(
            "closed with compliance {compliance}: no waiver holds for this flight at this gate", compliance=one.compliance
        )
        return stands._replace(why=why)
    return stands._replace(why=row.doubt) if row.doubt else stands


def _open(one: Verification, text: str, waiver: str | None = None) -> OpenItem:
    why = because("open, compliance {compliance}", compliance=one.compliance or because("not said"))
    return OpenItem("verification", one.id, one.part, one.due_gate, text, why, waiver, one.example)
