"""Remarks: raised by anybody's part against what either answers for, and taken step by step until both agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.evidence.store import broken, cited
from baiterek.campaign.log.change import Change
from baiterek.campaign.operations.records import Operation
from baiterek.campaign.programme.records import Case, Requirement, Run
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import RAISER, REMARK_STEPS, SETTLED, Facts, RemarkState, severity
from baiterek.campaign.remarks.waivers import in_force
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES, ID, NAMES
from baiterek.errors import Refused

ABOUT = tuple(NAMES[kind] for kind in (GroundObject, Requirement, Case, Run, Operation))
"""What a remark may be about."""
R = RemarkState
SETS = {
    R.CLASSIFIED: ("grounds", "due_gate"),
    R.CAUSE_FOUND: ("cause",),
    R.DISPOSED: ("disposition", "action"),
}
"""What is said with a step."""


def raise_remark(change: Change, remark: Remark, reason: str = "") -> Remark:
    """A new remark, in the name of one's own part, whichever part answers for it."""
    name = f"remark {remark.id}"
    change.allow(Action.DRAFT, remark.raised_by, name)
    if not ID.fullmatch(remark.id):
        raise Refused(name, because("an id has letters, digits and . _ / - only, at most 64"))
    if not remark.text.strip():
        raise Refused(name, because("it says nothing"))
    made = Remark(
        remark.id, remark.text, remark.raised_by, remark.part, remark.entity, remark.entity_id, remark.organisation,
        example=remark.example,
    )  # fmt: skip
    why = _objection(change.connection, made)
    if why:
        raise Refused(name, why)
    return change.create(made, reason, "raise")


def step(
    change: Change, store: Path, id: str, to: RemarkState, reason: str = "", revision: int | None = None, **said: Any
) -> Remark:
    """Take a remark to its next state; `said` are the fields that go with that step (`SETS`)."""
    there = reading.get(change.connection, Remark, id)
    taken = machine.step(REMARK_STEPS, there.state, to)
    raiser = taken is not None and taken.by == RAISER
    change.allow(Action.ACT, there.raised_by if raiser else there.part, f"remark {id}")
    change.unchanged(there, revision)
    stray = [name for name in said if name not in SETS.get(to, ())]
    if stray:
        raise Refused(f"remark {id}", because("{name} is not said with the step to {to}", name=stray[0], to=to))
    after = replace(there, state=to, **said)
    if to is R.CLASSIFIED:
        after = replace(after, severity=severity(after.grounds))
    why = machine.refusal(REMARK_STEPS, there.state, to, facts(change.connection, store, after, reason, change.at[:10]))
    if why:
        raise Refused(f"remark {id}", why)
    return change.update(after, reason, "step")


def facts(connection: Connection, store: Path, remark: Remark, reason: str, day: str) -> Facts:
    """What the rules look at; every hash of its evidence is computed again."""
    pieces = cited(connection, remark.id, "remark")
    faults = tuple(dict.fromkeys(fault.evidence.id for fault in broken(store, pieces)))
    waived = any(in_force(waiver, day) for waiver in reading.every(connection, Waiver, remark=remark.id))
    return Facts(
        reason, remark.severity, remark.due_gate is not None, remark.cause, remark.disposition, remark.action,
        len(pieces) - len(faults), faults, waived,
    )  # fmt: skip


def unsettled(connection: Connection, entity: str, entity_id: str) -> list[Remark]:
    """Remarks about something that are neither closed nor withdrawn."""
    found = reading.every(connection, Remark, entity=entity, entity_id=entity_id)
    return [remark for remark in found if remark.state not in SETTLED]


def is_example(connection: Connection, entity: str, id: str) -> bool:
    """Whether something is generated: what is said of it is then marked too."""
    found: Any = reading.find(connection, ENTITIES[entity], id) if entity in ENTITIES else None
    return bool(getattr(found, "example", False))


def _objection(connection: Connection, remark: Remark) -> str | None:
    if not remark.entity and not remark.entity_id:
        return None
    if remark.entity not in ABOUT:
        return because("a remark is about {known}, or about none of them", known=", ".join(ABOUT))
    about: Any = reading.get(connection, ENTITIES[remark.entity], remark.entity_id)
    if about.example != remark.example:
        return mixed(remark.entity_id, about.example)
    return None
