"""One meeting: agenda with its materials, who was there, what was decided, the protocol and the signatures under it."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Request, UploadFile
from starlette.responses import FileResponse, Response

from baiterek.campaign import machine
from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body
from baiterek.campaign.evidence.store import cited
from baiterek.campaign.gates.records import Decision
from baiterek.campaign.gates.states import Word
from baiterek.campaign.log.change import now
from baiterek.campaign.log.signing import private_key
from baiterek.campaign.machine import EITHER, Step
from baiterek.campaign.meetings import conduct, protocol, signing
from baiterek.campaign.meetings.records import AgendaItem, Meeting, Resolution
from baiterek.campaign.meetings.states import MEETING_STEPS, MINUTED, PREPARED, Basis, MeetingState, Presence, Sitting
from baiterek.campaign.rows import reading
from baiterek.reports.language import later
from baiterek.reports.protocol import as_protocol
from baiterek.web.forms import Id, Long, Revision, Several, Short, picked, went
from baiterek.web.links import link_to
from baiterek.web.pages.decision import MOST_key_bytes
from baiterek.web.pages.evidence import SANDBOX, standing
from baiterek.web.pages.meetings import title
from baiterek.web.pages.sign_in import Password, in_person
from baiterek.web.subject import around
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
UPLOADS = frozenset({"/meeting/bring"})
"""Where files come in that may be large."""
MOST_signed_bytes = 64 * 2**20
BASES = {
    Basis.NOTED: later("taken note of"), Basis.CONSENSUS: later("by consensus"), Basis.VOTE: later("by vote"),
    Basis.GATE: later("by the vote on a gate"),
}  # fmt: skip
"""Apart from the other labels: a vote is also a kind of record."""


class Item(NamedTuple):
    """An item of the agenda, and what is said of it."""

    item: AgendaItem
    pieces: list[Any]
    """Its materials, with what is wrong with each."""
    decisions: list[dict[str, Any]]
    """As the protocol has them."""
    own: bool
    """Whether the visitor's part brought it, and they may write."""


@router.get("/meeting")
def meeting_page(visit: Reader, id: Id) -> Response:
    """The meeting that this is, or to which this belongs: `K-1`, `K-1:2`."""
    with visit.database.reading() as look:
        found = reading.get(look, Meeting, id.partition(":")[0])
        said, issued = protocol.contents(look, found), protocol.last(look, found)
        stands = signing.standing(look, visit.database.evidence, issued) if issued else None
        seen = conduct.sitting(look, visit.database.evidence, found, now(), "given", stands.signed if stands else frozenset())
        actor = visit.actor
        part = actor.part if actor is not None and denial(actor, Action.DRAFT, actor.part) is None else None
        chairs = actor is not None and actor.role is Role.CO_CHAIR and stands is not None
        signed = {one.signature.part for one in stands.signatures} if stands else set()
        seats = conduct.seats_of(look, found)
        return visit.page(
            "meeting.html", meeting=found, title=title(visit, found), said=said, stands=stands, parts=list(Part),
            items=[_item(visit, look, one, said, part) for one in _agenda(look, found)], bases=BASES, words_of=list(Word),
            steps=[_next(visit, step, found, seen) for step in MEETING_STEPS if step.start is found.state and _taken(step)],
            issue=_next(visit, _issuing(), found, seen) if found.state is MeetingState.HELD else None,
            preparing=found.state in PREPARED, minuting=found.state in MINUTED, part=part, presences=list(Presence),
            bodies=reading.every(look, Body), clocks=CLOCKS,
            gate_decisions=reading.every(look, Decision, example=found.example),
            own_seats=[one for one in seats if one.part is part], may_sign=found.state is MeetingState.ISSUED,
            signers=[one for one in seats if chairs and one.part not in signed and _signs(actor, one)],
            may_bring=actor is not None and denial(actor, Action.ACT, actor.part) is None and actor.part not in signed,
            **around(visit, look, found),
        )  # fmt: skip


@router.post("/meeting/agenda")
def put_on_agenda(
    visit: Writer, id: Short, number: Annotated[int, Form(ge=0, le=999)], text_ru: Long, text_kk: Long, text_en: Long = "",
    speaker: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """An item that one's own part brings, or a correction of it."""
    with visit.writing() as change:
        item = AgendaItem("", id, number, visit.acting.part or Part.KZ, text_ru, text_kk, text_en, speaker)
        conduct.put_on_agenda(change, item, reason)
    return went(visit, link_to("meeting", id))


@router.post("/meeting/step")
def step(
    visit: Writer, id: Short, revision: Revision, to: Annotated[MeetingState, Form()], reason: Long = ""
) -> Response:  # fmt: skip
    """Call it, hold it, take it up again, call it off."""
    with visit.writing() as change:
        conduct.step(change, visit.database.evidence, id, to, reason, revision)
    return went(visit, link_to("meeting", id))


@router.post("/meeting/attend")
def attend(visit: Writer, id: Short, seat: Several = [], presence: Several = []) -> Response:  # noqa: B006
    """Who was there of one's own part: every seat that is named, in one change."""
    with visit.writing() as change:
        for one, how in zip(seat, presence):
            chosen = picked(how, Presence, "presence")
            if chosen is not None:
                conduct.attend(change, id, one, chosen)
    return went(visit, link_to("meeting", id))


@router.post("/meeting/resolve")
def resolve(
    visit: Writer, id: Short, item: Short, number: Annotated[int, Form(ge=0, le=999)], basis: Annotated[Basis, Form()],
    text_ru: Long = "", text_kk: Long = "", text_en: Long = "", decision: Short = "", part: Short = "", due: Short = "",
    reason: Long = "",
) -> Response:  # fmt: skip
    """What was decided on an item, or a correction while nobody has voted."""
    day, does = read_day(due, "due") if due else None, picked(part, Part, "part")
    with visit.writing() as change:
        said = Resolution("", id, item, number, basis, text_ru, text_kk, text_en, decision or None, does, day)
        conduct.resolve(change, said, reason)
    return went(visit, link_to("meeting", id))


@router.post("/meeting/vote")
def vote(visit: Writer, id: Short, seat: Short, word: Annotated[Word, Form()], dissent: Long = "") -> Response:
    """The word of a seat, once."""
    with visit.writing() as change:
        made = conduct.vote(change, id, seat, word, dissent)
    return went(visit, link_to("meeting", made.resolution.partition(":")[0]))


@router.post("/meeting/issue")
def issue(visit: Writer, id: Short, revision: Revision, reason: Long = "") -> Response:
    """The next revision of the protocol."""
    with visit.writing() as change:
        protocol.issue(change, visit.database.evidence, id, as_protocol, reason, revision)
    return went(visit, link_to("meeting", id))


@router.get("/meeting/protocol")
def protocol_file(visit: Reader, id: Id, issued: bool = False) -> Response:
    """The PDF, to be saved: with its signatures, or as it was issued, over which a detached one is made."""
    with visit.database.reading() as look:
        meeting = reading.get(look, Meeting, id)
        found, _, path = protocol.file_of(look, visit.database.evidence, meeting, issued)
    name = quote(protocol.file_name(meeting, found.number))
    headers = {**SANDBOX, "content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return FileResponse(path, media_type="application/pdf", headers=headers)


@router.post("/meeting/sign")
def sign(
    request: Request, visit: Writer, id: Short, seat: Short, key: Annotated[UploadFile, File()], password: Password = ""
) -> Response:  # fmt: skip
    """As co-chair, in person: the key is used and not kept."""
    in_person(request, visit, password)
    private = private_key(key.file.read(MOST_key_bytes), key.filename or "key")
    with visit.writing() as change:
        signing.sign(change, visit.database.evidence, id, seat, private)
    return went(visit, link_to("meeting", id))


@router.post("/meeting/bring")
def bring(visit: Writer, id: Short, file: Annotated[UploadFile, File()]) -> Response:
    """A signature of one's own part that was made outside: the PDF signed once more, or a detached one."""
    content = file.file.read(MOST_signed_bytes)
    with visit.writing() as change:
        signing.bring(change, visit.database.evidence, id, content, file.filename or "file")
    return went(visit, link_to("meeting", id))


def _agenda(connection: Any, meeting: Meeting) -> list[AgendaItem]:
    return sorted(reading.every(connection, AgendaItem, meeting=meeting.id), key=lambda one: one.number)


def _item(visit: Visit, connection: Any, item: AgendaItem, said: protocol.Contents, part: Part | None) -> Item:
    pieces = [(piece, standing(visit, piece)) for piece in cited(connection, item.id, "agenda_item")]
    return Item(item, pieces, [one for one in said["decisions"] if one["item"] == item.number], item.part is part)


def _taken(step: Step[MeetingState, Sitting]) -> bool:
    """Whether it is a step that somebody takes as such."""
    return step.end not in (MeetingState.ISSUED, MeetingState.SIGNED)


def _issuing() -> Step[MeetingState, Sitting]:
    return next(step for step in MEETING_STEPS if step.end is MeetingState.ISSUED)


def _next(visit: Visit, step: Step[MeetingState, Sitting], meeting: Meeting, seen: Sitting) -> dict[str, Any]:
    """A step, what stands in its way, and whether the visitor may take it."""
    actor = visit.actor
    part = (actor.part if actor else None) if step.by == EITHER else meeting.part
    why = machine.refusal(MEETING_STEPS, step.start, step.end, seen)
    return {"step": step, "why": why, "may": actor is not None and denial(actor, Action.ACT, part) is None, "by": part}


def _signs(actor: Any, seat: Any) -> bool:
    own = actor.at_machine or actor.membership == seat.id
    return own and seat.role is Role.CO_CHAIR and seat.part is actor.part
