"""How far a programme is: its cases by what their last runs came to, its rows of the matrix by whether they are closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, select

from baiterek.campaign.programme.verification import Result, Stage
from baiterek.campaign.rows.tables import METADATA

NOT_JUDGED, NOT_RUN = "not_judged", "not_run"
OUTCOMES = (*Result, NOT_JUDGED, NOT_RUN)
"""What the last run of a case came to."""


class Progress(NamedTuple):
    """Of one stage of a programme."""

    stage: Stage
    cases: Counter[str]
    """By outcome of the last run."""
    rows: Counter[bool]
    """By whether they are closed."""


def progress(connection: Connection) -> dict[str, list[Progress]]:
    """Programme -> its stages in their order; programmes without cases and rows are absent."""
    cases, runs, rows, needs = (METADATA.tables[name].c for name in ("test_case", "test_run", "verification", "requirement"))
    last: dict[str, tuple[str, str, str | None]] = {}
    for case, at, id, result in connection.execute(select(runs.test_case, runs.started_at, runs.id, runs.result)):
        last[case] = max(last.get(case, ("", "", None)), (at, id, result), key=lambda run: run[:2])
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for id, programme, stage in connection.execute(select(cases.id, cases.programme, cases.stage)):
        outcomes[programme, stage][last[id][2] or NOT_JUDGED if id in last else NOT_RUN] += 1
    closed: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    found = select(needs.programme, rows.stage, rows.closed).where(rows.requirement == needs.id)
    for programme, stage, one in connection.execute(found):
        closed[programme, stage][bool(one)] += 1
    known = sorted({programme for programme, _ in (*outcomes, *closed)})
    return {one: [Progress(stage, outcomes[one, stage], closed[one, stage]) for stage in Stage] for one in known}
