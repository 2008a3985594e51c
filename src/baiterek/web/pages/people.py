"""Who is what in which body, from when to when, by which order."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from baiterek.campaign.commission import members as commission
from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body, Membership, Organisation
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import as_row
from baiterek.campaign.rows.listing import page_of
from baiterek.errors import BadValue
from baiterek.web.forms import Long, Revision, Short, went
from baiterek.web.labels import named
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.notices import DOORS
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
ROLES = tuple(role for role in Role if role is not Role.KEEPER)
DAY = r"^(\d{4}-\d\d-\d\d)?$"


@router.get("/people")
def people(visit: Reader, wanted: List, on: Annotated[str, Query(pattern=DAY)] = "") -> Response:
    """Memberships, all or those in force on a day."""
    with visit.database.reading() as look:
        members = commission.people(look, commission.read_day(on, "on") if on else None)
        organisations = {record.id: record for record in reading.every(look, Organisation)}
        bodies = {record.id: record for record in reading.every(look, Body)}
    listing = _listing(visit, members, organisations, bodies, on)

    def text(member: Membership) -> str:
        return " ".join(str(cell.text) for cell in (column.cell(member) for column in listing.columns)) + member.named_by

    def key(member: Membership) -> tuple[str, str]:
        return str(getattr(member, wanted.sort, "") or ""), member.id

    return listed(
        visit, listing, wanted, lambda asked: page_of(members, asked, text, key), template="people.html", on=on, doors=DOORS,
        may_keep=visit.actor is not None and denial(visit.actor, Action.KEEP) is None,
        bodies=list(bodies.values()), roles=ROLES, parts=list(Part),
        relievable=[member for member in members if member.valid_to is None],
    )  # fmt: skip


@router.post("/people/appoint")
def appoint(
    visit: Writer, id: Short, body: Short, part: Annotated[Part, Form()], role: Annotated[Role, Form()], start: Short,
    order: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """A new membership, as a role: people are named only where they are public."""
    if not id:
        raise BadValue("id", "", "nothing", "a name for the membership")
    day = commission.read_day(start, "start")
    with visit.writing() as change:
        commission.appoint(change, Membership(id, body, part, role, valid_from=day, named_by=order), reason)
    return went(visit, "/people")


@router.post("/people/relieve")
def relieve(visit: Writer, id: Short, revision: Revision, end: Short, reason: Long = "") -> Response:
    """End a membership with a day; it stays in the record."""
    day = commission.read_day(end, "end")
    with visit.writing() as change:
        commission.relieve(change, id, day, reason, revision)
    return went(visit, "/people")


def _listing(
    visit: Visit, members: list[Membership], organisations: dict[str, Organisation], bodies: dict[str, Body], on: str
) -> Listing:
    """The list in the visitor's words."""
    words = visit.words

    def who(member: Membership) -> Cell:
        if member.person:
            return Cell(words.said(member.person), note=member.id)
        return Cell(words("a role, nobody is named"), note=member.id, tone="soft")

    def source(member: Membership) -> Cell:
        urls = [word for word in member.source.replace(";", " ").split() if word.startswith("https://")]
        text = words.said(member.named_by) or words("no order is known")
        return Cell(text, urls[0] if urls else "", note="" if urls else words.said(member.source))

    def organisation(member: Membership) -> Cell:
        record = organisations.get(member.organisation or "")
        return Cell(words.said(record.name) if record else "")

    columns = (
        Column("person", words("Who"), who),
        Column("role", words("As what"), lambda m: Cell(named(words, m.role))),
        Column("part", words("Part"), lambda m: Cell(named(words, m.part))),
        Column("organisation", words("Organisation"), organisation),
        Column("valid_from", words("From"), lambda m: Cell(m.valid_from or "?")),
        Column("valid_to", words("To"), lambda m: Cell(m.valid_to or words("today"))),
        Column("named_by", words("By which order"), source),
    )
    choices = (
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
        Choice("role", words("As what"), {role: named(words, role) for role in ROLES}),
        Choice("body", words("Body"), {id: words.said(body.name) for id, body in bodies.items()}),
    )
    return Listing("/people", words("People of the commission"), columns, choices, as_row, {"on": on})
