"""Keys with which co-chairs sign, and the rule by which decisions are voted on: what the keeper keeps for both parts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import Response

from baiterek.campaign.commission.members import read_day
from baiterek.campaign.commission.parts import Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.gates import decisions, signatures
from baiterek.campaign.gates.records import SigningKey, VotingRule
from baiterek.campaign.log.signing import public_key
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import NOTHING, page
from baiterek.web.forms import Long, Revision, Short, went
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.decision import MOST_key_bytes
from baiterek.web.pages.gates import DOORS
from baiterek.web.subject import allowed
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
HERE = "/gates/keys"


@router.get(HERE)
def keys_page(visit: Reader, wanted: List) -> Response:
    """The keys, and the rule in force."""
    with visit.database.reading() as look:
        seats = [one for one in reading.every(look, Membership, role=Role.CO_CHAIR) if one.body == signatures.BODY]
        keys = reading.every(look, SigningKey)
        return listed(
            visit, _listing(visit, keys), wanted, lambda asked: page(look, SigningKey, asked, ("id", "membership")),
            template="keys.html", doors=DOORS, seats=seats, may=allowed(visit, None),
            rule=reading.find(look, VotingRule, decisions.RULE),
            keys=[key for key in keys if not key.revoked_at],
        )  # fmt: skip


@router.post("/gates/keys/register")
def register(
    visit: Writer, seat: Short, key: Annotated[UploadFile, File()], start: Short, end: Short, reason: Long = ""
) -> Response:  # fmt: skip
    """The public half of a co-chair's key, on whose word the reason says."""
    days = read_day(start, "start"), read_day(end, "end")
    public = public_key(key.file.read(MOST_key_bytes), key.filename or "key")
    with visit.writing() as change:
        signatures.register(change, seat, public, *days, reason)
    return went(visit, HERE)


@router.post("/gates/keys/revoke")
def revoke(visit: Writer, id: Short, reason: Long = "") -> Response:
    """From now on the key signs nothing."""
    with visit.writing() as change:
        signatures.revoke(change, id, reason)
    return went(visit, HERE)


@router.post("/gates/rule")
def rule(
    visit: Writer, revision: Revision, quorum: Short, majority: Short, source: Long,
    carry_major: Annotated[bool, Form()] = False, reason: Long = "",
) -> Response:  # fmt: skip
    """Quorum and majority for decisions that are put to the vote from now on."""
    with visit.writing() as change:
        there = reading.find(change.connection, VotingRule, decisions.RULE)
        asked = VotingRule(decisions.RULE, quorum, majority, carry_major, source)
        decisions.set_rule(change, asked, reason, revision if there else None)
    return went(visit, HERE)


def _listing(visit: Visit, keys: list[SigningKey]) -> Listing:
    words = visit.words

    def standing(one: SigningKey) -> Cell:
        if one.revoked_at:
            return Cell(words("revoked on {day}", day=one.revoked_at[:10]), tone="bad")
        return Cell(words("registered"))

    columns = (
        Column("id", words("Fingerprint"), lambda r: Cell(r.id[:16], note=r.id)),
        Column("membership", words("Whose"), lambda r: Cell(r.membership)),
        Column("valid_from", words("From"), lambda r: Cell(r.valid_from)),
        Column("valid_to", words("To"), lambda r: Cell(r.valid_to)),
        Column("revoked_at", words("State"), standing),
    )
    choices = (
        Choice("membership", words("Whose"), {one: one for one in sorted({key.membership for key in keys})}),
        Choice("revoked_at", words("State"), {NOTHING: words("registered")}),
    )
    return Listing(HERE, words("Keys of the co-chairs"), columns, choices)
