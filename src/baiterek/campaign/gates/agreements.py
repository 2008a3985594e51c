"""What governments have agreed and permit: agreements as published, plans of launches, conclusions, drop zones."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.dates import span
from baiterek.campaign.gates.permits import PERMIT_STEPS, Grant, PermitKind, PermitState
from baiterek.campaign.gates.records import Agreement, Flight, LaunchPlan, Permit, VotingRule
from baiterek.campaign.log.change import Change
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID, Record
from baiterek.errors import Refused

SEED = Path(__file__).with_name("agreements.toml")
KINDS = ("agreement", "protocol", "procedure", "act")


def enter(change: Change, agreement: Agreement, reason: str = "", revision: int | None = None) -> Agreement:
    """An agreement, a protocol, a procedure of one side; corrected by its name. Both parts share them: the keeper writes."""
    name = f"agreement {agreement.id}"
    change.allow(Action.KEEP, None, name)
    if agreement.kind not in KINDS:
        raise Refused(name, because("it is one of {known}", known=", ".join(KINDS)))
    if not ID.fullmatch(agreement.id) or not agreement.title.strip() or not agreement.source.strip():
        raise Refused(name, because("it needs an id, a title and a source"))
    if (agreement.kind == "procedure") != (agreement.part is not None and agreement.kind != "act"):
        raise Refused(name, because("a procedure is of one part"))
    _no_circle(change, agreement)
    for day in (agreement.signed_on, agreement.done_on):
        if day and span(day) is None:
            raise Refused(name, because("{day} is no date: 2025, 2025-11 or 2025-11-12", day=day))
    old = reading.find(change.connection, Agreement, agreement.id)
    if old is None:
        return change.create(agreement, reason, "enter")
    if not reason.strip():
        raise Refused(name, because("a reason is needed"))
    change.unchanged(old, revision)
    return change.update(replace(agreement, revision=old.revision), reason, "correct")


def _no_circle(change: Change, agreement: Agreement) -> None:
    """Refuses what would stand under itself, or under something that the record does not have."""
    above, seen = agreement.parent, {agreement.id}
    while above is not None:
        if above in seen:
            raise Refused(
                f"agreement {agreement.id}", because("it would stand under itself, by {parent}", parent=agreement.parent)
            )
        seen.add(above)
        above = reading.get(change.connection, Agreement, above).parent


def submit_plan(change: Change, plan: LaunchPlan, reason: str = "", revision: int | None = None) -> LaunchPlan:
    """The plan of launches of a year. What was concluded on is not changed: a further plan is submitted."""
    name = f"launch_plan {plan.id}"
    change.allow(Action.DRAFT, plan.part, name)
    if not ID.fullmatch(plan.id) or not (len(plan.year) == 4 and plan.year.isdigit()):
        raise Refused(name, because("it needs an id, and a year of four digits"))
    for flight in plan.flights:
        if reading.get(change.connection, Flight, flight).example != plan.example:
            raise Refused(name, because("what is generated and what is real do not mix"))
    old = reading.find(change.connection, LaunchPlan, plan.id)
    if old is None:
        return change.create(plan, reason, "submit")
    for permit in reading.every(change.connection, Permit, subject=plan.id):
        if permit.kind is PermitKind.CONCLUSION and permit.state is not PermitState.ASKED:
            raise Refused(name, because("conclusion {id} is {state}: submit a further plan", id=permit.id, state=permit.state))
    change.unchanged(old, revision)
    return change.update(replace(plan, revision=old.revision), reason, "correct")


def ask(change: Change, permit: Permit, reason: str = "") -> Permit:
    """A conclusion or a permission is asked for; whose government gives it, `part` says."""
    name = f"permit {permit.id}"
    change.allow(Action.DRAFT, change.actor.part, name)
    if not ID.fullmatch(permit.id) or not permit.subject.strip():
        raise Refused(name, because("it needs an id, and what it is for"))
    why = _objection(change, permit)
    if why:
        raise Refused(name, why)
    asked = replace(permit, state=PermitState.ASKED, document="", valid_from=None, valid_to=None, conditions="")
    return change.create(asked, reason, "ask")


def step(
    change: Change, id: str, to: PermitState, reason: str = "", revision: int | None = None, **said: Any
) -> Permit:  # fmt: skip
    """Given, refused or taken back by the part whose government it is; `said`: document, days, conditions."""
    there = reading.get(change.connection, Permit, id)
    change.allow(Action.ACT, there.part, f"permit {id}")
    change.unchanged(there, revision)
    after = replace(there, state=to, **said) if to is PermitState.GIVEN else replace(there, state=to)
    if said and to is not PermitState.GIVEN:
        raise Refused(f"permit {id}", because("only what is given has a document, days and conditions"))
    why = machine.refusal(PERMIT_STEPS, there.state, to, Grant(reason, after.document, after.valid_to))
    if why:
        raise Refused(f"permit {id}", why)
    return change.update(after, reason, "step")


def seed(change: Change) -> int:
    """Enter the published agreements and the assumed voting rule that the record does not have; how many rows that made."""
    document = tomllib.loads(SEED.read_text(encoding="utf-8"))
    agreements = [Agreement(**{**row, "part": Part(row["part"]) if "part" in row else None}) for row in document["agreement"]]
    rules = [VotingRule(**row) for row in document["voting_rule"]]
    return enter_absent(change, agreements) + enter_absent(change, rules)


def enter_absent(change: Change, records: Sequence[Record]) -> int:
    """Enter what is not there yet; how many rows that made."""
    there = {record.id for record in reading.every(change.connection, type(records[0]))}
    absent = [record for record in records if record.id not in there]
    for record in absent:
        change.create(record, "published facts", "seed")
    return len(absent)


def _objection(change: Change, permit: Permit) -> str | None:
    if permit.kind is PermitKind.CONCLUSION:
        if permit.part is not Part.KZ:
            return because("the Government of Kazakhstan gives the conclusion: it is of the KZ part")
        return _mixed(reading.get(change.connection, LaunchPlan, permit.subject), permit)
    if permit.kind is PermitKind.LAUNCH:
        return _mixed(reading.get(change.connection, Flight, permit.subject), permit)
    return next(filter(None, (_mixed(reading.get(change.connection, Flight, one), permit) for one in permit.flights)), None)


def _mixed(above: Any, permit: Permit) -> str | None:
    return None if above.example == permit.example else because("what is generated and what is real do not mix")
