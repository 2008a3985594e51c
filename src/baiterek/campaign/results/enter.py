"""Results entered: the run folder, the measured values and their comparison become evidence of the results gate, by hash."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import Kept, cite, cited, keep_file
from baiterek.campaign.gates.records import Criterion
from baiterek.campaign.gates.states import CriterionKind
from baiterek.campaign.log.change import Change
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.results.compare import COLUMNS
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.campaign.sheets import write_table
from baiterek.errors import BadValue, Refused

FORMATS = ".csv, .xlsx or .json"


def enter(
    change: Change, store: Path, asked: FlightResult, run: Kept, measured: Kept, rows: Sequence[dict[str, str]]
) -> FlightResult:  # fmt: skip
    """The comparison of a flight, entered by whoever answers for the checklist's entry.

    A decision that was signed rests on the evidence that there was; of the same run or measurement one piece is cited once.
    """
    name = f"flight_result {asked.id}"
    criterion = reading.get(change.connection, Criterion, asked.criterion)
    change.allow(Action.DRAFT, criterion.part, name)
    why = _objection(asked, criterion, rows)
    if why:
        raise Refused(name, why)
    made = change.create(
        replace(
            asked, part=criterion.part, run=run.name, run_sha256=run.sha256, measured_sha256=measured.sha256, rows=tuple(rows),
            example=criterion.example,
        ),
        asked.note, "enter",
    )  # fmt: skip
    table = keep_file(store, f"{asked.id.replace('/', '-')}-planned-and-measured.csv", io.BytesIO(as_csv(rows).encode()))
    there = {piece.sha256 for piece in cited(change.connection, criterion.id, "criterion")}
    for piece in (run, measured, table):
        if piece.sha256 in there:
            continue
        cite(change, piece, criterion.id, None, f"{asked.id}: {asked.note}".rstrip(": "), "criterion")
    return made


def entry_for(connection: Connection, flight: str, part: Part | None) -> str:
    """The conclusion that the results gate of a flight asks of a part, else any entry of its checklist."""
    found = reading.every(connection, Criterion, flight=flight, gate=Gate.G5)
    best = sorted(found, key=lambda one: (one.part is not part, one.kind is not CriterionKind.CONCLUSION, one.id))
    if not best:
        raise Refused(f"flight {flight}", because("gate {gate} has no entrance checklist", gate=Gate.G5))
    return best[0].id


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """The comparison as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_rows(path: Path, result: FlightResult) -> None:
    """The comparison as a table: CSV, XLSX or JSON by the name's end."""
    if path.suffix.lower() == ".json":
        path.write_text(json.dumps(list(result.rows), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    elif path.suffix.lower() in (".csv", ".xlsx"):
        write_table(path, COLUMNS, [[row[name] for name in COLUMNS] for row in result.rows])
    else:
        raise BadValue(str(path), "", path.suffix or "no ending", FORMATS)


def _objection(asked: FlightResult, criterion: Criterion, rows: Sequence[dict[str, str]]) -> str | None:
    if not ID.fullmatch(asked.id):
        return because("an id has letters, digits and . _ / - only, at most 64")
    if criterion.gate is not Gate.G5 or criterion.flight != asked.flight:
        return because("{id} is no entry of the results gate of flight {flight}", id=criterion.id, flight=asked.flight)
    if asked.example and not criterion.example:
        return mixed(criterion.id, criterion.example)
    return None if any(row["measured"] for row in rows) else because("nothing was measured")
