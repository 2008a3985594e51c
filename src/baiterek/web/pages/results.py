"""Results of flights: planned against measured."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from starlette.responses import Response

from baiterek.campaign.commission.access import Action, denial
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import cited, keep_path
from baiterek.campaign.gates.records import Criterion, Flight
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.results import enter as verbs
from baiterek.campaign.results.compare import Standing, compare, counts
from baiterek.campaign.results.measured import read_measured
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.listing import page, page_of
from baiterek.errors import Denied
from baiterek.web.forms import Id, Long, Short, went
from baiterek.web.labels import named
from baiterek.web.links import link_to
from baiterek.web.lists import Cell, Choice, Column, List, Listing, listed
from baiterek.web.pages.campaigns import DOORS
from baiterek.web.pages.evidence import standing
from baiterek.web.subject import allowed, around
from baiterek.web.uploads import folder_of, table_file
from baiterek.web.visit import Reader, Visit, Writer

router = APIRouter()
UPLOADS = frozenset({"/results/enter"})
MEASURED = (".toml", ".csv", ".xlsx")
"""How files of measured values end."""
TONES = {Standing.WITHIN: "good", Standing.BEYOND: "bad"}


class Shown(dict[str, str]):
    """A row of the comparison, that a list asks by its columns."""

    __getattr__ = dict.__getitem__


@router.get("/results")
def results(visit: Reader, wanted: List) -> Response:
    """The list, and a form for a further one."""
    with visit.database.reading() as look:
        flights = reading.every(look, Flight)
        return listed(
            visit, _listing(visit, flights), wanted,
            lambda asked: page(look, FlightResult, asked, ("id", "flight", "run", "note")),
            template="results.html", doors=DOORS, flights=flights,
            entries=reading.every(look, Criterion, gate=Gate.G5), measured_in=MEASURED,
            may=allowed(visit, visit.actor.part if visit.actor else None),
        )  # fmt: skip


@router.post("/results/enter")
def enter(
    visit: Writer, id: Short, flight: Short, measured: Annotated[UploadFile, File()], criterion: Short = "", note: Long = "",
    run: Annotated[list[UploadFile], File()] = [], dispersed: Annotated[list[UploadFile], File()] = [],  # noqa: B006
) -> Response:  # fmt: skip
    """A flight compared with its plan: run, measured values and comparison become evidence of the results gate."""
    from baiterek.study import read  # with the optimiser's libraries: no page waits for them at the start
    from baiterek.study.planned import planned

    with visit.database.reading() as look:
        entry = reading.get(look, Criterion, criterion or verbs.entry_for(look, flight, visit.acting.part))
    why = denial(visit.acting, Action.DRAFT, entry.part)
    if why:  # asked before a byte is stored, and again in the change itself
        raise Denied(f"flight_result {id}", why)
    with ExitStack() as files:
        folder, values = files.enter_context(folder_of(run, "run")), files.enter_context(table_file(measured, MEASURED))
        sigmas = files.enter_context(folder_of(dispersed, "dispersed")) if any(one.filename for one in dispersed) else None
        rows = compare(planned(read(folder), sigmas), read_measured(values))
        store = visit.database.evidence
        asked = FlightResult(id, flight, entry.part, entry.id, folder.name, "", "", note=note)
        with visit.writing() as change:
            verbs.enter(change, store, asked, keep_path(store, folder), keep_path(store, values), rows)
    return went(visit, link_to("flight_result", id))


@router.get("/result")
def result_page(visit: Reader, wanted: List, id: Id) -> Response:
    """One comparison, and what it is evidence of."""
    with visit.database.reading() as look:
        found = reading.get(look, FlightResult, id)
        pieces = [(one, standing(visit, one)) for one in cited(look, found.criterion, "criterion") if one.note.startswith(id)]
        shared = {**around(visit, look, found), "pieces": pieces}
    rows = [Shown(row) for row in found.rows]
    return listed(
        visit, _rows(visit, found), wanted,
        lambda asked: page_of(rows, asked, lambda row: f"{row['quantity']} {row['source']}", _order(rows, asked.sort)),
        template="result.html", result=found, counted=counts(found.rows), doors=DOORS, tones=TONES, **shared,
    )  # fmt: skip


def _order(rows: list[Shown], sort: str) -> Any:
    if rows and sort in rows[0]:
        return lambda row: row[sort]
    places = {id(row): k for k, row in enumerate(rows)}
    return lambda row: places[id(row)]


def _number(visit: Visit, text: str, digits: int = 7) -> str:
    return visit.words.significant(float(text), digits) if text else "–"


def _rows(visit: Visit, found: FlightResult) -> Listing:
    words = visit.words

    def number(name: str, sigma: str = "") -> Any:
        def cell(row: Shown) -> Cell:
            note = f"σ {_number(visit, row[sigma])}" if sigma and row[sigma] else ""
            return Cell(_number(visit, row[name]), note=note)

        return cell

    def stands(row: Shown) -> Cell:
        return Cell(named(words, row["standing"]), tone=TONES.get(Standing(row["standing"]), ""), note=row["source"])

    columns = (
        Column("quantity", words("Quantity"), lambda r: Cell(r["quantity"])),
        Column("unit", words("Unit"), lambda r: Cell(r["unit"])),
        Column("planned", words("Planned"), number("planned", "sigma_planned"), sorts=False),
        Column("measured", words("Measured"), number("measured", "sigma_measured"), sorts=False),
        Column("difference", words("Difference"), number("difference"), sorts=False),
        Column("in_sigmas", words("In sigmas"), lambda r: Cell(_number(visit, r["in_sigmas"], 3)), sorts=False),
        Column("standing", words("Standing"), stands),
    )
    choices = (Choice("standing", words("Standing"), {one: named(words, one) for one in Standing}),)
    title = words("Planned and measured: {id}", id=found.id)
    return Listing("/result", title, columns, choices, row=dict, kept={"id": found.id})


def _listing(visit: Visit, flights: list[Flight]) -> Listing:
    words = visit.words

    def name(one: FlightResult) -> Cell:
        return Cell(one.id, link_to("flight_result", one.id), mark="EXAMPLE" if one.example else "")

    def stands(one: FlightResult) -> Cell:
        counted = counts(one.rows)
        text = ", ".join(f"{named(words, name)} {number}" for name, number in counted.items() if number)
        return Cell(text, tone="bad" if counted[Standing.BEYOND] else "")

    columns = (
        Column("id", words("Result"), name),
        Column("flight", words("Flight"), lambda r: Cell(r.flight)),
        Column("run", words("Planned with"), lambda r: Cell(r.run)),
        Column("rows", words("Quantities"), stands, sorts=False),
        Column("criterion", words("Evidence of"), lambda r: Cell(r.criterion, link_to("criterion", r.criterion))),
    )
    choices = (
        Choice("flight", words("Flight"), {one.id: f"{one.id} {one.name}" for one in flights}),
        Choice("part", words("Part"), {part: named(words, part) for part in Part}),
    )
    return Listing("/results", words("Results of flights"), columns, choices)
