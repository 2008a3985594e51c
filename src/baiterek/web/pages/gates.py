"""Gates of a flight: which hold, which are void or blocked, and why; flights, and what flies with which complex."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from markupsafe import Markup
from starlette.responses import Response

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.decisions import ITEMS
from baiterek.campaign.gates.item import Item
from baiterek.campaign.gates.records import Flight
from baiterek.campaign.gates.sight import Sight, sight
from baiterek.campaign.gates.standing import Standing, Stands, stand
from baiterek.campaign.programme.drafts import listed as parts_of
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page_of
from baiterek.errors import Absent
from baiterek.reports.language import later
from baiterek.web.forms import PRINTABLE, Long, Revision, Short, went
from baiterek.web.labels import explained, named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.subject import ALL_OF_IT, allowed, faults, today
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
DOORS = (
    ("/gates", later("Gates")),
    ("/gates/decisions", later("Decisions")),
    ("/gates/conditions", later("Conditions")),
    ("/remarks/waivers", later("Deviations and waivers")),
    ("/gates/keys", later("Keys and the voting rule")),
)
"""The lists of this family."""
TONES = {Stands.HOLDS: "good", Stands.VOID: "bad", Stands.BLOCKED: "bad", Stands.AWAITED: ""}
FEW = 4
"""Reasons that a line shows."""


def flight_of(connection: Any, id: str) -> Flight | None:
    """The flight that is asked for; else the first one that is real, or generated where none is."""
    known = reading.every(connection, Flight)
    if id:
        return reading.get(connection, Flight, id)
    return min(known, key=lambda one: (one.example, one.id), default=None)


def look_at(visit: Visit, connection: Any, flight: str) -> Sight:
    """Everything that the gates of a flight are about, every piece of evidence read."""
    return sight(connection, faults(visit, ALL_OF_IT), flight, today())


@router.get("/gates")
def gates(
    visit: Reader, wanted: List, flight: Annotated[str, Query(max_length=200, pattern=PRINTABLE)] = ""
) -> Response:  # fmt: skip
    """The gates of a flight, the first one if none is named."""
    with visit.database.reading() as look:
        one = flight_of(look, flight)
        flights = {each.id: each.name for each in reading.every(look, Flight)}
        rows = list(stand(look_at(visit, look, one.id)).values()) if one is not None else []
    listing = _listing(visit, flights, one.id if one else "")

    def text(row: Standing) -> str:
        return " ".join([named(visit.words, row.gate), *(explained(visit.words, why) for why in row.reasons)])

    actor = visit.actor
    return listed(
        visit, listing, wanted,
        lambda asked: page_of(rows, asked._replace(where=_own(asked.where)), text, lambda row: _key(row, asked.sort)),
        template="gates.html", doors=DOORS, flight=one, items={what: getattr(one, what, ()) for what in ITEMS},
        may={what: allowed(visit, part) for what, part in ITEMS.items()}, plans=allowed(visit, actor.part if actor else None),
    )  # fmt: skip


@router.post("/gates/plan")
def plan(
    visit: Writer, id: Short, name: Short, example: Annotated[bool, Form()] = False, reason: Long = ""
) -> Response:  # fmt: skip
    """A flight with the usual checklists of its gates."""
    with visit.writing() as change:
        made = decisions.plan_flight(change, Flight(id, name, visit.acting.part or Part.RU, example=example), reason)
    return went(visit, f"/gates?flight={made.id}")


@router.post("/gates/configure")
def configure(
    visit: Writer, id: Short, revision: Revision, what: Short, items: Long = "", reason: Long = ""
) -> Response:  # fmt: skip
    """What flies, with which complex, over which drop zones."""
    with visit.writing() as change:
        made = decisions.configure(change, id, what, parts_of(items), reason, revision)
    return went(visit, f"/gates?flight={made.id}")


def item_link(item: Item) -> str:
    """Where the page of what blocks is."""
    if item.entity == "checklist":
        return link_to("gate", item.id)
    if item.entity == "permit":
        return "/agreements/permits"
    return "/objects" if item.entity == "register" else link_to(item.entity, item.id)


def why_not(visit: Visit, standing: Standing, most: int = FEW) -> Markup:
    """Why a gate does not hold, each with its link."""
    own = link_to("gate", f"{standing.flight}:{standing.gate}")
    lines = [Markup('<a href="{}">{}</a>').format(own, explained(visit.words, why)) for why in standing.amiss[:most]]
    lines += [_line(visit, item) for item in standing.items[: min(standing.blocking, max(1, most - len(lines)))]]
    more = len(standing.amiss) + standing.blocking - len(lines)
    if more > 0:
        lines.append(Markup('<a href="{}">{}</a>').format(own, visit.words("and {n} more", n=visit.words.number(more))))
    return Markup("<br>").join(lines)


def _line(visit: Visit, item: Item) -> Markup:
    return Markup('<a href="{}">{}</a>').format(item_link(item), explained(visit.words, item.why))


def _own(where: Any) -> dict[str, str]:
    """What filters the rows themselves: they are of one flight already."""
    return {name: value for name, value in where.items() if name != "flight"}


def _key(row: Standing, sort: str) -> tuple[Any, str]:
    keys = {"stands": row.stands.value, "passed_at": row.passed_at or "", "reasons": len(row.amiss) + row.blocking}
    return keys.get(sort, ""), row.gate.value


def as_row(standing: Standing) -> dict[str, Any]:
    """A gate as it is taken away."""
    one = standing
    return {
        "flight": one.flight, "gate": one.gate.value, "stands": one.stands.value, "reasons": list(one.reasons),
        "decision": one.decision.id if one.decision else "", "valid_to": one.decision.valid_to if one.decision else "",
        "signed": [signature.part.value for signature in one.signatures], "passed_at": one.passed_at or "",
    }  # fmt: skip


def _listing(visit: Visit, flights: dict[str, str], flight: str) -> Listing:
    words = visit.words

    def gate(row: Standing) -> Cell:
        return Cell(named(words, row.gate), link_to("gate", f"{row.flight}:{row.gate}"))

    def stands(row: Standing) -> Cell:
        passed = words("passed on {day}", day=row.passed_at[:10]) if row.passed_at else ""
        return Cell(named(words, row.stands), tone=TONES[row.stands], note=passed)

    def decision(row: Standing) -> Cell:
        if row.decision is None:
            return Cell("")
        until = words("until {day}", day=row.decision.valid_to or "?")
        return Cell(row.decision.id, link_to("decision", row.decision.id), note=f"{named(words, row.decision.state)}, {until}")

    def signed(row: Standing) -> Cell:
        return Cell(", ".join(named(words, one.part) for one in row.signatures))

    columns = (
        Column("gate", words("Gate"), gate),
        Column("stands", words("Stands"), stands),
        Column("reasons", words("Why it does not hold"), lambda r: Cell("" if r.holds else why_not(visit, r))),
        Column("decision", words("Decision"), decision, sorts=False),
        Column("signed", words("Signed by"), signed, sorts=False),
    )
    choices = (
        Choice("flight", words("Flight"), flights),
        Choice("stands", words("Stands"), {one: named(words, one) for one in Stands}),
    )
    return Listing("/gates", words("Gates"), columns, choices, as_row, {"flight": flight} if flight else {})


def flight_and_gate(id: str) -> tuple[str, str]:
    """The flight and the gate of an address: F1:G2."""
    flight, sign, gate = id.rpartition(":")
    if not sign:
        raise Absent(f"gate {id}", "a gate is named by its flight: F1:G2")
    return flight, gate
