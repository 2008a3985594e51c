"""The verification matrix: each row with its cases, their last runs, the evidence that both cite, and whether it still stands.

Columns as in the verification control document of ECSS-E-ST-10-02.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Broken
from baiterek.campaign.programme.records import Case, Requirement, Run, Verification
from baiterek.campaign.programme.verification import Limits, Result, Shown, doubt, number
from baiterek.campaign.remarks.records import Waiver
from baiterek.campaign.remarks.waivers import in_force
from baiterek.campaign.rows import reading
from baiterek.campaign.sheets import write_table

Faults = Callable[[list[Evidence]], list[Broken]]
"""Which of these pieces are broken."""
Pieces = defaultdict[tuple[str, str], list[Evidence]]
COLUMNS = (
    "requirement", "text", "characteristic", "lower", "upper", "unit", "source", "parent", "stage", "method", "cases",
    "runs", "evidence", "compliance", "close_out", "reason", "due_gate", "waivers", "in_doubt", "part", "organisation",
    "example",
)  # fmt: skip


class Row(NamedTuple):
    """A row of the matrix with all that it rests on."""

    requirement: Requirement
    verification: Verification
    cases: tuple[Case, ...]
    runs: tuple[Run, ...]
    """The last run of each case."""
    evidence: tuple[Evidence, ...]
    """Of these runs, and of the row itself."""
    waivers: tuple[Waiver, ...]
    """Active ones of the requirement."""
    shown: Shown

    @property
    def doubt(self) -> str | None:
        """Why it no longer stands though it was closed."""
        return doubt(self.verification.closed, self.verification.compliance, self.shown)

    @property
    def standing(self) -> str:
        """open, closed, or in doubt: closed once, and what it rested on is not there any more."""
        if not self.verification.closed:
            return "open"
        return "in_doubt" if self.doubt else "closed"


def matrix(connection: Connection, faults: Faults, day: str, programme: str | None = None) -> list[Row]:
    """Every row, or those of one programme, in the order of their names; `day` decides which waivers are active."""
    return gather(connection, day, faults, programme)


def limits_of(requirements: Iterable[Requirement]) -> dict[str, Limits]:
    """What must be measured, and within what."""
    return {
        one.id: Limits(number(one.lower or ""), number(one.upper or ""), one.unit)
        for one in requirements
        if one.lower is not None or one.upper is not None
    }


def gather(
    connection: Connection,
    day: str,
    faults: Faults,
    programme: str | None = None,
    rows: Sequence[Verification] | None = None,
) -> list[Row]:
    """Rows with what they rest on: those given, else of a programme or all."""
    if rows is not None:
        wanted = list(rows)
        requirements = {
            one.id: one for one in reading.among(connection, Requirement, "id", [row.requirement for row in wanted])
        }
        cases = _cases_of(connection, requirements)
    else:
        of_it = {"programme": programme} if programme is not None else {}
        requirements = {one.id: one for one in reading.every(connection, Requirement, **of_it)}
        wanted = [one for one in reading.every(connection, Verification) if one.requirement in requirements]
        cases = reading.every(connection, Case, **of_it)
    last = last_runs(connection, cases)
    pieces = _pieces(connection, [*last.values()], wanted)
    bad = {fault.evidence.id for fault in faults([piece for cited in pieces.values() for piece in cited])}
    return _joined(wanted, requirements, cases, last, reading.every(connection, Waiver), pieces, bad, day)


def joined(
    connection: Connection,
    day: str,
    waivers: Iterable[Waiver],
    evidence: Iterable[Evidence],
    bad: Collection[str],
    example: bool,
) -> list[Row]:
    """Every row of an example, or every real one, for whoever has read all waivers and all evidence already."""
    pieces = Pieces(list)
    for piece in evidence:
        pieces[piece.entity, piece.entity_id].append(piece)
    return _joined(
        reading.every(connection, Verification, example=example),
        {one.id: one for one in reading.every(connection, Requirement)},
        reading.every(connection, Case), _last(reading.every(connection, Run)), waivers, pieces, bad, day,
    )  # fmt: skip


def _joined(
    wanted: Iterable[Verification],
    requirements: Mapping[str, Requirement],
    cases: Iterable[Case],
    last: Mapping[str, Run],
    waivers: Iterable[Waiver],
    pieces: Pieces,
    bad: Collection[str],
    day: str,
) -> list[Row]:
    by_need: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        for name in case.requirements:
            by_need[name, case.stage, case.method].append(case)
    active: dict[str, list[Waiver]] = defaultdict(list)
    for waiver in waivers:
        if waiver.requirement is not None and in_force(waiver, day):
            active[waiver.requirement].append(waiver)
    return [
        _row(
            requirements[one.requirement], one, by_need[one.requirement, one.stage, one.method], last, pieces, bad,
            active[one.requirement],
        )
        for one in wanted
    ]  # fmt: skip


def last_runs(connection: Connection, cases: Iterable[Case]) -> dict[str, Run]:
    """The last run of each case that was run."""
    return _last(reading.among(connection, Run, "test_case", [case.id for case in cases]))


def _last(runs: Iterable[Run]) -> dict[str, Run]:
    return {run.test_case: run for run in sorted(runs, key=lambda run: (run.started_at, run.id))}


def write_matrix(path: Path, rows: Iterable[Row]) -> None:
    """The matrix as a table, CSV or XLSX by the name's end."""
    write_table(path, COLUMNS, [[_text(value) for value in as_cells(row).values()] for row in rows])


def as_cells(row: Row) -> dict[str, Any]:
    """A row by its columns, as plain values."""
    need, one = row.requirement, row.verification
    values: tuple[Any, ...] = (
        need.id, need.text, need.characteristic, need.lower, need.upper, need.unit, need.source, need.parent,
        one.stage.value, one.method.value,
        [f"{case.id} (answers {case.answers})" if case.answers else case.id for case in row.cases],
        [f"{run.id} {run.result or 'not judged'}" for run in row.runs],
        [f"{'BROKEN ' if piece.id in row.shown.broken else ''}{piece.name} sha256:{piece.sha256}" for piece in row.evidence],
        one.compliance.value if one.compliance else None, "closed" if one.closed else "open", one.reason,
        one.due_gate.value if one.due_gate else None, [waiver.id for waiver in row.waivers], row.doubt, one.part.value,
        one.organisation, one.example,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _cases_of(connection: Connection, requirements: Collection[str]) -> list[Case]:
    """Cases of any of these requirements; which those are is read from one column of all."""
    named = reading.column(connection, Case, "requirements")
    wanted = [id for id, names in named.items() if any(name in requirements for name in names)]
    return reading.among(connection, Case, "id", wanted)


def _pieces(connection: Connection, runs: list[Run], rows: list[Verification]) -> Pieces:
    """Evidence by what cites it."""
    pieces = Pieces(list)
    for entity, citing in (("test_run", runs), ("verification", rows)):
        for piece in reading.among(connection, Evidence, "entity_id", [one.id for one in citing], entity=entity):
            pieces[entity, piece.entity_id].append(piece)
    return pieces


def _row(
    need: Requirement,
    one: Verification,
    cases: list[Case],
    last: Mapping[str, Run],
    pieces: Pieces,
    bad: Collection[str],
    waivers: list[Waiver],
) -> Row:
    runs = tuple(last[case.id] for case in cases if case.id in last)
    evidence = (*(piece for run in runs for piece in pieces["test_run", run.id]), *pieces["verification", one.id])
    broken = tuple(piece.id for piece in evidence if piece.id in bad)
    unpassed = tuple(case.id for case in cases if case.id not in last or last[case.id].result is not Result.PASSED)
    shown = Shown(len(evidence) - len(broken), broken, unpassed, bool(waivers))
    return Row(need, one, tuple(cases), runs, evidence, tuple(waivers), shown)
