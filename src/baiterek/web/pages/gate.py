"""One gate of a flight: its checklist, what is open against it, its decisions, and whether it was passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.item import Item
from baiterek.campaign.gates.records import Criterion, Decision
from baiterek.campaign.gates.sight import Sight, governing
from baiterek.campaign.gates.standing import stand
from baiterek.campaign.gates.states import CRITERION_STEPS, OTHER, CriterionKind, CriterionState, DecisionState, Work
from baiterek.campaign.machine import Step
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import Asked
from baiterek.campaign.rows.listing import look as history_of
from baiterek.errors import Absent
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.links import link_to
from baiterek.web.pages.decision import FIXED, told
from baiterek.web.pages.gates import DOORS, TONES, flight_and_gate, item_link, look_at, why_not
from baiterek.web.subject import HISTORY, allowed, around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SHOWN = 30
"""Items of one kind that the page lists; of the others it says how many."""


@router.get("/gate")
def gate_page(visit: Reader, id: Id) -> Response:
    """The page."""
    flight, name = flight_and_gate(id)
    gate = _known(name)
    with visit.database.reading() as look:
        seen = look_at(visit, look, flight)
        found = stand(seen)[gate]
        at_hand = _at_hand(seen, gate)
        shown = [told(visit, look, seen, one) for one in at_hand]
        happened = history_of(look, Asked(where={"entity_id": id}, most=HISTORY))
    actor = visit.actor
    kinds = _by_kind(found.items)
    return visit.page(
        "gate.html", standing=found, flight=seen.flight, gate=gate, id=id, tones=TONES, doors=DOORS,
        checklist=[_entry(visit, seen, one) for one in seen.criteria[gate]], kinds=kinds, shown=SHOWN, item_link=item_link,
        decisions=shown, others=[one for one in seen.decisions[gate] if one not in at_hand],
        why=why_not(visit, found, 12), may=allowed(visit, seen.flight.part), own=allowed(visit, actor.part if actor else None),
        kinds_of_entry=list(CriterionKind), history=happened, link_to=link_to, **FIXED,
        drafting=not any(one.decision.state in (DecisionState.DRAFT, DecisionState.VOTING) for one in shown),
    )  # fmt: skip


def _at_hand(seen: Sight, gate: Gate) -> list[Decision]:
    """What is being drafted or voted on, and the decision that governs the gate."""
    listed = seen.decisions[gate]
    on = [one for one in listed if one.state in (DecisionState.DRAFT, DecisionState.VOTING)]
    last = governing(listed)
    return [*on, *([last] if last is not None else [])]


def _by_kind(items: tuple[Item, ...]) -> list[tuple[str, list[Item], int]]:
    """What stands against the gate but its checklist, kind by kind, with how many of them block."""
    groups = dict[str, list[Item]]()
    for item in items:
        if item.entity != "criterion":
            groups.setdefault(item.entity.replace("register", "ground_object"), []).append(item)
    return [(kind, listed, sum(one.blocks for one in listed)) for kind, listed in groups.items()]


def _entry(visit: Visit, seen: Sight, one: Criterion) -> dict[str, Any]:
    """An entry of the checklist in the reader's language, with its evidence."""
    pieces = [piece for piece in seen.evidence.values() if (piece.entity, piece.entity_id) == ("criterion", one.id)]
    return {"one": one, "text": in_words(visit, one), "pieces": pieces, "broken": any(p.id in seen.broken for p in pieces)}


def in_words(visit: Visit, one: Any) -> str:
    """A text that people wrote in two or three languages, in the reader's; English falls back on Russian."""
    texts = {"ru": one.text_ru, "kk": one.text_kk, "en": one.text_en}
    return texts[visit.words.language] or one.text_ru or one.text_kk


@router.get("/gate/entry")
def entry_page(visit: Reader, id: Id) -> Response:
    """One entry of a checklist: its evidence and its steps."""
    with visit.database.reading() as look:
        found = reading.get(look, Criterion, id)
        work = decisions.work(look, visit.database.evidence, "criterion", id, "given", found.kind is CriterionKind.CONCLUSION)
        return visit.page(
            "entry.html", entry=found, steps=ways(visit, CRITERION_STEPS, found, work), doors=DOORS,
            **around(visit, look, found),
        )  # fmt: skip


def ways(visit: Visit, steps: Sequence[Step[Any, Work]], one: Any, work: Work) -> list[dict[str, Any]]:
    """The next steps of an entry or a condition: what stands in the way of each, whose it is, whether the visitor may."""
    actor, found = visit.actor, []
    other = Part.KZ if one.part is Part.RU else Part.RU
    for step in steps:
        if step.start is one.state:
            whose = (actor.part if actor else None) if step.by == machine.EITHER else other if step.by == OTHER else one.part
            why = machine.refusal(steps, step.start, step.end, work)
            may = actor is not None and denial(actor, Action.ACT, whose) is None
            found.append({"step": step, "why": why, "by": whose, "may": may})
    return found


@router.post("/gate/entry/add")
def add_entry(
    visit: Writer, id: Short, flight: Short, gate: Annotated[Gate, Form()], kind: Annotated[CriterionKind, Form()],
    part: Annotated[Part, Form()], ru: Long, kk: Long, en: Long = "", organisation: Short = "", source: Short = "",
    reason: Long = "",
) -> Response:  # fmt: skip
    """A further entry of a checklist."""
    with visit.writing() as change:
        made = Criterion(id, flight, gate, kind, part, ru, kk, en, organisation, source)
        decisions.draft_criterion(change, made, reason)
    return went(visit, link_to("gate", f"{flight}:{gate}"))


@router.post("/gate/entry/step")
def step_entry(
    visit: Writer, id: Short, revision: Revision, to: Annotated[CriterionState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """An entry is met, or open again."""
    with visit.writing() as change:
        made = decisions.step_criterion(change, visit.database.evidence, id, to, reason, revision)
    return went(visit, link_to("gate", f"{made.flight}:{made.gate}"))


@router.post("/gate/pass")
def pass_gate(visit: Writer, id: Short, reason: Long = "") -> Response:
    """What the gate opens has begun."""
    flight, gate = flight_and_gate(id)
    with visit.writing() as change:
        decisions.pass_gate(change, visit.database.evidence, flight, _known(gate), reason)
    return went(visit, link_to("gate", id))


@router.post("/gate/back")
def turn_back(visit: Writer, id: Short, reason: Long = "") -> Response:
    """What the gate opened was undone."""
    flight, gate = flight_and_gate(id)
    with visit.writing() as change:
        decisions.turn_back(change, flight, _known(gate), reason)
    return went(visit, link_to("gate", id))


def _known(gate: str) -> Gate:
    if gate not in tuple(Gate):
        raise Absent(f"gate {gate}", f"the gates are {', '.join(Gate)}")
    return Gate(gate)
