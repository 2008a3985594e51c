"""What each side owes, by when, and what waits on it; and the start of the record: the next gate and the days to the launch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.dates import span
from baiterek.campaign.gates.owed import Owed, owed, when
from baiterek.campaign.gates.standing import Standing, stand
from baiterek.campaign.log.change import now
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import NAMES
from baiterek.campaign.rows.listing import NOTHING, page_of
from baiterek.campaign.schedule.records import Milestone
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.gates import TONES, flight_of, look_at, why_not
from baiterek.web.pages.schedule import name_of, precision
from baiterek.web.subject import today
from baiterek.web.visit import Reader, Visit

router = APIRouter()
LAUNCH = "first-flight"
"""The milestone of the launch that the start page counts to."""


@router.get("/owed")
def owed_page(visit: Reader, wanted: List) -> Response:
    """Everything that is not settled, of both parts or of one."""
    rows = _known(visit)
    sums = Counter((one.part, one.entity) for one in rows)
    waits = Counter(one.waits for one in rows)

    def text(one: Owed) -> str:
        return " ".join((one.id, one.what, one.organisation, one.due))

    return listed(
        visit, _listing(visit, rows), wanted, lambda asked: page_of(rows, asked, text, _key(asked.sort)), template="owed.html",
        sums={part: {kind: n for (whose, kind), n in sums.items() if whose is part} for part in Part}, waits=waits,
        parts=list(Part),
    )  # fmt: skip


def _known(visit: Visit) -> list[Owed]:
    """Everything in the reader's language: read anew when the record has changed or a minute has passed."""
    known, language = visit.request.app.state.owed, visit.words.language
    with visit.database.reading() as look:
        tail = reading.tail(look)
        key = (tail.hash if tail else "", now()[:16])
        if language not in known or known[language][0] != key:
            known[language] = key, owed(look, language)
    rows: list[Owed] = known[language][1]
    return rows


@router.get("/today")
def today_part(visit: Reader) -> Response:
    """The next gate, what blocks it, who owes it, the days to the launch: a fragment of the start page."""
    with visit.database.reading() as look:
        flight = flight_of(look, "")
        gates = list(stand(look_at(visit, look, flight.id)).values()) if flight else []
        launch = reading.find(look, Milestone, LAUNCH)
    ahead = next((one for one in gates if one.passed_at is None), None)
    return visit.page(
        "today.html", flight=flight, gate=ahead, tones=TONES, why=why_not(visit, ahead) if ahead and not ahead.holds else "",
        owing=_owing(ahead), launch=launch, name=name_of(visit, launch) if launch else "",
        days=_days(launch, date.fromisoformat(today())), link_to=link_to,
        precision=precision(launch.planned) if launch else "",
    )  # fmt: skip


def _owing(gate: Standing | None) -> dict[Part, int]:
    """How much of what blocks a gate each part owes."""
    blocking = gate.items[: gate.blocking] if gate else ()
    return {part: sum(item.part is part for item in blocking) for part in Part}


def _days(launch: Milestone | None, day: date) -> tuple[int, int] | None:
    """Days from today to the first and to the last day of its planned date; negative where that is past."""
    found = span(launch.planned) if launch is not None and not launch.actual else None
    return ((found.first - day).days, (found.last - day).days) if found else None


def _key(sort: str) -> Callable[[Owed], Any] | None:
    """What the list is sorted by; what is alike there stays in the order of what is due first."""
    if sort == "due":
        return when
    return (lambda one: str(getattr(one, sort) or "")) if sort in Owed._fields else None


def _row(one: Owed) -> dict[str, Any]:
    return {**one._asdict(), "part": one.part.value, "waits": one.waits.value if one.waits else ""}


def _listing(visit: Visit, rows: list[Owed]) -> Listing:
    words = visit.words

    def what(one: Owed) -> Cell:
        return Cell(one.what, link_to(one.entity, one.id), mark="EXAMPLE" if one.example else "", note=one.id)

    def organisation(one: Owed) -> Cell:
        if not one.organisation:
            return Cell(words("nobody is named"), tone="soft")
        return Cell(words.said(one.organisation))

    def state(one: Owed) -> Cell:
        waits = words("the {part} waits for it", part=named(words, one.waits)) if one.waits else ""
        return Cell(named(words, one.state), note=waits)

    day = today()

    def due(one: Owed) -> Cell:
        found = span(one.due)
        late = found is not None and found.last.isoformat() < day
        text = named(words, one.due) if one.due else words("at once")
        return Cell(text, tone="bad" if late else "", note=words("its last day is past") if late else "")

    columns = (
        Column("what", words("What"), what),
        Column("entity", words("Kind"), lambda r: Cell(named(words, r.entity))),
        Column("part", words("Owed by"), lambda r: Cell(named(words, r.part))),
        Column("organisation", words("Organisation"), organisation),
        Column("due", words("Due"), due),
        Column("state", words("State"), state),
    )
    there = {one.entity for one in rows}
    kinds = [kind for kind in NAMES.values() if kind in there]
    organisations = sorted({one.organisation for one in rows} - {""})
    shown = {NOTHING: words("nobody is named"), **{one: words.said(one) for one in organisations}}
    choices = (
        Choice("part", words("Owed by"), {part: named(words, part) for part in Part}),
        Choice("waits", words("Who waits"), {part: named(words, part) for part in Part}),
        Choice("entity", words("Kind"), {kind: named(words, kind) for kind in kinds}),
        Choice("organisation", words("Organisation"), shown),
    )
    return Listing("/owed", words("Who owes what, by when"), columns, choices, _row)
