"""Who is told what happens, by e-mail or webhook: subscriptions of offices, how far each was told, what fails."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.notices.deliver import Account, accounts
from baiterek.campaign.notices.records import Channel, Subscription
from baiterek.campaign.notices.subscribe import LANGUAGES, end, subscribe
from baiterek.campaign.rows.entities import ENTITIES, as_row
from baiterek.campaign.rows.listing import page_of
from baiterek.errors import BadValue
from baiterek.reports.language import LANGUAGES as NAMES
from baiterek.reports.language import later
from baiterek.web.forms import Long, Revision, Several, Short, picked, went
from baiterek.web.labels import named
from baiterek.web.lists import Cell, Column, List, Listing, listed
from baiterek.web.subject import allowed
from baiterek.web.templating import instant
from baiterek.web.visit import Reader, Visit, Writer, offices

router = APIRouter()
DOORS = (("/people", later("People")), ("/people/notices", later("Notices")))
"""The lists of this family."""


@router.get("/people/notices")
def notices(visit: Reader, wanted: List) -> Response:
    """The list, and forms to begin and to end one."""
    with visit.database.reading() as look:
        found = accounts(look)

    def text(one: Account) -> str:
        to = one.subscription
        return f"{to.id} {to.target} {' '.join(to.topics)} {one.failure}"

    def key(one: Account) -> tuple[str, str]:
        return str(getattr(one.subscription, wanted.sort, getattr(one, wanted.sort, "")) or ""), one.subscription.id

    return listed(
        visit, _listing(visit), wanted, lambda asked: page_of(found, asked, text, key), template="notices.html", doors=DOORS,
        may=allowed(visit, None), offices=[(one, _office(visit, one)) for one in offices()], channels=list(Channel),
        kinds=sorted(ENTITIES, key=lambda kind: named(visit.words, kind)), told_in=[(one, NAMES[one]) for one in LANGUAGES],
        active=[one.subscription for one in found if one.subscription.active],
    )  # fmt: skip


@router.post("/people/notices/subscribe")
def begin(
    visit: Writer, id: Short, office: Short, channel: Annotated[Channel, Form()], target: Short, language: Short,
    topics: Several = [], own: Annotated[bool, Form()] = False, reason: Long = "",  # noqa: B006
) -> Response:  # fmt: skip
    """An office is told from now on: the keeper's."""
    if office not in offices():
        raise BadValue("office", "", office, ", ".join(offices()))
    role, _, part = office.partition(":")
    asked = Subscription(
        id, Role(role), picked(part, Part, "office"), channel, target, tuple(dict.fromkeys(topics)), own, language
    )  # fmt: skip
    with visit.writing() as change:
        subscribe(change, asked, reason)
    return went(visit, "/people/notices")


@router.post("/people/notices/end")
def stop(visit: Writer, id: Short, revision: Revision, reason: Long = "") -> Response:
    """It is told nothing any more: the keeper's."""
    with visit.writing() as change:
        end(change, id, reason, revision)
    return went(visit, "/people/notices")


def _office(visit: Visit, office: str) -> str:
    return ", ".join(named(visit.words, word) for word in office.split(":"))


def _listing(visit: Visit) -> Listing:
    words = visit.words

    def office(one: Account) -> Cell:
        to = one.subscription
        note = words("only of its own part") if to.own else ""
        return Cell(_office(visit, f"{to.role}:{to.part}" if to.part else to.role), note=note)

    def target(one: Account) -> Cell:
        return Cell(one.subscription.target, note=named(words, one.subscription.channel))

    def stands(one: Account) -> Cell:
        if not one.subscription.active:
            return Cell(words("ended"), tone="soft")
        if one.failure:
            return Cell(words("failed {n} times", n=one.attempts), tone="bad", note=one.failure)
        return Cell(instant(words, one.told_at, whole=False) if one.told_at else words("nothing was told yet"))

    columns = (
        Column("id", words("Subscription"), lambda r: Cell(r.subscription.id)),
        Column("role", words("Office"), office),
        Column("target", words("Where to"), target),
        Column("topics", words("Of what"), lambda r: Cell(", ".join(named(words, t) for t in r.subscription.topics)), False),
        Column("language", words("Language"), lambda r: Cell(NAMES[r.subscription.language])),
        Column("told_at", words("Last told"), stands),
    )
    return Listing("/people/notices", words("Who is told what happens"), columns, row=_plain)


def _plain(one: Account) -> dict[str, Any]:
    return as_row(one.subscription) | {name: getattr(one, name) for name in Account._fields[1:]}
