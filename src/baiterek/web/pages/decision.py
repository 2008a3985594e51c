"""Decisions: their list; one with its votes, conditions and signatures, and what these bind; drafted, voted on, signed."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import Response

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.binding import changes, sections
from baiterek.campaign.gates.records import Condition, Decision, Signature, Vote
from baiterek.campaign.gates.sight import Sight, governing
from baiterek.campaign.gates.signatures import signature_faults
from baiterek.campaign.gates.states import DecisionState, Poll, Tally, Word
from baiterek.campaign.log.signing import private_key
from baiterek.campaign.machine import Step
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page
from baiterek.web.forms import Id, Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.gates import DOORS, look_at
from baiterek.web.pages.sign_in import Password, in_person
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
SEARCHED = ("id", "flight", "text_ru", "text_kk", "text_en")
MOST_key_bytes = 10_000
FIXED: dict[str, Any] = {
    "gates": list(Gate), "parts": list(Part), "later_gates": lambda gate: [one for one in Gate if one > gate],
}  # fmt: skip
"""For the template of a decision."""


class Bound(NamedTuple):
    """A section of what signatures bind: its hash now, and in the signature of each part."""

    name: str
    now: str
    signed: dict[Part, str]
    broken: bool = False
    """Whether a file of it is missing or was changed: the record has its hash still."""

    def changed(self, part: Part) -> bool:
        """Whether it is not any more what that part signed."""
        return part in self.signed and (self.broken or self.signed[part] != self.now)


class Told(NamedTuple):
    """A decision, and all that a page says of it."""

    decision: Decision
    governs: bool
    changes: list[str]
    """What is not as it was when it was put to the vote."""
    votes: list[tuple[Vote, Membership | None]]
    tallies: dict[Part, Tally]
    conditions: list[Condition]
    bound: list[Bound]
    signatures: dict[Part, tuple[Signature, Membership | None, list[str]]]
    steps: list[tuple[Step[DecisionState, Poll], str | None]]
    voters: list[Membership]
    """Seats on which the visitor may still vote."""
    signers: list[Membership]
    """Seats on which the visitor may still sign."""
    may_draft: bool
    may_act: bool


def told(visit: Visit, connection: Any, seen: Sight, one: Decision) -> Told:
    """What is to be said of a decision."""
    actor, signed = visit.actor, {each.part: each for each in seen.signatures[one.id]}
    acts = actor is not None and denial(actor, Action.ACT, actor.part) is None
    put = one.state is not DecisionState.DRAFT
    now = sections(seen, one) if one.state is DecisionState.ADOPTED else {}
    names = sorted({*now, *(name for each in signed.values() for name in each.sections)}) if now else []
    broken = {"evidence"} if seen.broken & set(one.evidence) else set()
    chairs = decisions.seats(seen, actor) if actor is not None and actor.role is Role.CO_CHAIR else []
    members = seen.memberships
    return Told(
        one, governing(seen.decisions[one.gate]) == one, list(changes(seen, one)) if put else [],
        [(vote, members.get(vote.membership)) for vote in seen.votes[one.id]],
        {part: decisions.count(seen, one, part) for part in Part} if put else {},
        [each for each in seen.conditions if each.decision == one.id],
        [Bound(name, now.get(name, ""), {p: s.sections.get(name, "") for p, s in signed.items()}, name in broken)
         for name in names],
        {part: (s, members.get(s.membership), list(signature_faults(s, seen.keys.get(s.key), members.get(s.membership))))
         for part, s in signed.items()},
        decisions.ahead(connection, seen, one) if acts else [],
        decisions.voters(seen, one, actor) if actor is not None and acts else [],
        [seat for seat in chairs if one.state is DecisionState.ADOPTED and seat.part not in signed],
        actor is not None and one.state is DecisionState.DRAFT and denial(actor, Action.DRAFT, one.part) is None, acts,
    )  # fmt: skip


@router.get("/gates/decisions")
def decisions_page(visit: Reader, wanted: List) -> Response:
    """The list."""
    with visit.database.reading() as look:
        return listed(
            visit, _listing(visit), wanted, lambda asked: page(look, Decision, asked, SEARCHED), template="family.html",
            doors=DOORS,
        )  # fmt: skip


@router.get("/gate/decision")
def decision_page(visit: Reader, id: Id) -> Response:
    """One decision."""
    with visit.database.reading() as look:
        found = reading.get(look, Decision, id)
        seen = look_at(visit, look, found.flight)
        return visit.page(
            "decision.html", decisions=[told(visit, look, seen, found)], doors=DOORS, **FIXED, **around(visit, look, found),
        )  # fmt: skip


@router.post("/gate/decision/draft")
def draft(
    visit: Writer, id: Short, flight: Short, gate: Annotated[Gate, Form()], revision: Revision, ru: Long = "", kk: Long = "",
    en: Long = "", valid_to: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """The text of a decision, or a correction of its draft."""
    day = read_day(valid_to, "valid_to") if valid_to else None
    with visit.writing() as change:
        old = reading.find(change.connection, Decision, id)
        part = old.part if old is not None else visit.acting.part or Part.RU
        decisions.draft(change, Decision(id, flight, gate, part, ru, kk, en, day), reason, revision if old else None)
    return went(visit, link_to("gate", f"{flight}:{gate}"))


@router.post("/gate/decision/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[DecisionState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """Put it to the vote, close the vote, take it back."""
    with visit.writing() as change:
        made = decisions.step(change, visit.database.evidence, id, to, reason, revision)
    return went(visit, link_to("gate", f"{made.flight}:{made.gate}"))


@router.post("/gate/vote")
def vote(
    visit: Writer, id: Short, seat: Short, word: Annotated[Word, Form()], dissent: Long = ""
) -> Response:  # fmt: skip
    """A member's word, once."""
    with visit.writing() as change:
        decisions.vote(change, id, seat, word, dissent)
        there = reading.get(change.connection, Decision, id)
    return went(visit, link_to("gate", f"{there.flight}:{there.gate}"))


@router.post("/gate/sign")
def sign(
    request: Request, visit: Writer, id: Short, seat: Short, key: Annotated[UploadFile, File()], password: Password = ""
) -> Response:  # fmt: skip
    """As co-chair, in person: the key is used and not kept."""
    in_person(request, visit, password)
    private = private_key(key.file.read(MOST_key_bytes), key.filename or "key")
    with visit.writing() as change:
        decisions.sign(change, visit.database.evidence, id, seat, private)
        there = reading.get(change.connection, Decision, id)
    return went(visit, link_to("gate", f"{there.flight}:{there.gate}"))


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def text(one: Decision) -> Cell:
        said = {"ru": one.text_ru, "kk": one.text_kk, "en": one.text_en}[words.language] or one.text_ru
        return Cell(said, link_to("decision", one.id), mark="EXAMPLE" if one.example else "")

    columns = (
        Column("id", words("No."), lambda r: Cell(r.id, link_to("decision", r.id))),
        Column("text_ru", words("Text"), text),
        Column("flight", words("Flight"), lambda r: Cell(r.flight, f"/gates?flight={r.flight}")),
        Column("gate", words("Gate"), lambda r: Cell(named(words, r.gate), link_to("gate", f"{r.flight}:{r.gate}"))),
        Column("state", words("State"), lambda r: Cell(named(words, r.state))),
        Column("valid_to", words("Last day"), lambda r: Cell(r.valid_to or "")),
        Column("part", words("Drafted by"), lambda r: Cell(named(words, r.part))),
    )
    choices = (
        Choice("gate", words("Gate"), {one: named(words, one) for one in Gate}),
        Choice("state", words("State"), {one: named(words, one) for one in DecisionState}),
        Choice("part", words("Drafted by"), {part: named(words, part) for part in Part}),
    )
    return Listing("/gates/decisions", words("Decisions on gates"), columns, choices)
