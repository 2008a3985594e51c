"""The log: every change, and whether the record is what its log says."""

from __future__ import annotations

import json
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from baiterek.campaign.log import audit
from baiterek.campaign.log.chain import Event, changed
from baiterek.campaign.log.signing import public_pem, read_public_key
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.campaign.rows.listing import event_at, look
from baiterek.errors import Absent, Refused
from baiterek.web.forms import PRINTABLE
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import PER_PAGE, Cell, Choice, Column, List, Listing, address, table
from baiterek.web.templating import instant
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
MOST = 2**31 - 1
SHOWN = 200
"""Faults that a page lists."""
ONE_AT_A_TIME = Lock()
"""Who verifies reads the whole log."""
Number = Annotated[int | None, Query(ge=1, le=MOST)]


@router.get("/audit")
def log(
    visit: Reader, wanted: List, before: Number = None, id: Annotated[str, Query(max_length=200, pattern=PRINTABLE)] = ""
) -> Response:
    """Events, the newest first; of one row alone where `id` names it."""
    listing = _listing(visit, id)
    asked = wanted.asked(listing.choices)
    where = {**asked.where, **({"entity_id": id} if id else {})}
    paged = wanted.form in ("page", "print")
    with visit.database.reading() as connection:
        found = look(connection, asked._replace(where=where, most=PER_PAGE if paged else None), before)
        tail = reading.tail(connection)
    if not paged:
        return table(listing, found.events, wanted.form)
    return visit.page(
        "audit.html", listing=listing, wanted=wanted, tail=tail, older=found.older, before=before, of=id,
        rows=[[column.cell(event) for column in listing.columns] for event in found.events],
        heads=[(column, ("", "")) for column in listing.columns],
        address=lambda **more: address(listing, wanted, **more),
    )  # fmt: skip


@router.get("/audit/event")
def event(visit: Reader, seq: Annotated[int, Query(ge=1, le=MOST)]) -> Response:
    """One event: what it changed, from what to what."""
    with visit.database.reading() as connection:
        found = event_at(connection, seq)
    if found is None:
        raise Absent(f"event {seq}", "the record does not have it")
    after = json.loads(found.after)
    fields = changed(found) or {name: ("", value) for name, value in after.items()}
    return visit.page(
        "event.html", event=found, fields={k: (_shown(a), _shown(b)) for k, (a, b) in fields.items()},
        is_example=_is_example(found), link=_link(found),
    )  # fmt: skip


@router.get("/audit/verify")
def verify_page(visit: Reader) -> Response:
    """What verifying does, and its button."""
    return visit.page("verify.html", verdict=None, shown=SHOWN)


@router.post("/audit/verify")
def verify(visit: Writer) -> Response:
    """Read the whole log and every row against it."""
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise Refused("the log", "somebody else is verifying it: wait for that")
    try:
        with visit.database.reading() as connection:
            verdict = audit.verify(connection, read_public_key(visit.database.key))
    finally:
        ONE_AT_A_TIME.release()
    return visit.page("verify.html", verdict=verdict, shown=SHOWN)


@router.get("/audit/head")
def head(visit: Reader) -> Response:
    """The signed head of the log, to keep elsewhere."""
    with visit.database.reading() as connection:
        tail = reading.tail(connection)
    if tail is None:
        raise Absent("the log", "its signed tail is missing: baiterek audit verify says more")
    document = {**tail._asdict(), "public_key": public_pem(read_public_key(visit.database.key))}
    headers = {"content-disposition": f'attachment; filename="head-{tail.seq}.json"'}
    return Response(json.dumps(document, indent=2) + "\n", media_type="application/json", headers=headers)


def _listing(visit: Visit, id: str) -> Listing:
    words = visit.words

    def when(event: Event) -> Cell:
        return Cell(instant(words, event.at, whole=False))

    def who(event: Event) -> Cell:
        return Cell(event.actor, note=f"{named(words, event.role)}{', ' + named(words, event.part) if event.part else ''}")

    def what(event: Event) -> Cell:
        return Cell(
            event.entity_id, _link(event), note=named(words, event.entity), mark="EXAMPLE" if _is_example(event) else ""
        )

    columns = (
        Column("seq", words("No."), lambda e: Cell(e.seq, f"/audit/event?seq={e.seq}"), sorts=False),
        Column("at", words("When"), when, sorts=False),
        Column("actor", words("Who"), who, sorts=False),
        Column("action", words("Did"), lambda e: Cell(named(words, e.action)), sorts=False),
        Column("entity_id", words("To what"), what, sorts=False),
        Column("reason", words("Why"), lambda e: Cell(words.said(e.reason)), sorts=False),
    )
    entities = Choice("entity", words("Kind"), {entity: named(words, entity) for entity in ENTITIES})
    return Listing("/audit", words("The log"), columns, (entities,), lambda event: event._asdict(), {"id": id})


def _is_example(event: Event) -> bool:
    return '"example":true' in event.after


def _link(event: Event) -> str:
    return link_to(event.entity, event.entity_id)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
