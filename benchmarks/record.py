"""A record of 300 000 events, 5 000 objects and 5 000 of tests: how long an audit takes, and what a page of it asks for.

.venv/bin/python benchmarks/record.py

On SQLite in a temporary folder, and on PostgreSQL where BAITEREK_TEST_POSTGRESQL names a server. The bars are for wall time;
the processor time of this process stands beside it, which on a machine that does other things is the fairer.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, update

from measure import PROJECT, Bar, table, verdict

sys.path.insert(0, str(PROJECT / "tests"))

import record_cases
from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.steps import shown_by, situation
from baiterek.campaign.complex.tables import GROUND_OBJECT
from baiterek.campaign.evidence.glance import Memory, glance
from baiterek.campaign.evidence.store import cite, cited, keep_file
from baiterek.campaign.gates.open_items import against
from baiterek.campaign.log.audit import Verdict, verify
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.database import Database, create
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.programme.matrix import gather, matrix
from baiterek.campaign.programme.records import Case, Programme, Requirement, Run, Verification
from baiterek.campaign.programme.verification import Gate, Method, Result, Stage
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import listing, reading
from baiterek.campaign.rows.entities import as_row

EVENTS, OBJECTS, TESTS = 300_000, 5_000, 1_000
AUDIT_s, PAGE_s = 20.0, 0.15
AT_ONCE = 20_000
REPEATS = 5
WHOLE = ("the whole matrix, 1 000 rows",)
"""What goes into a file, and into no page."""
WHO = Actor("member, Kazakh part", Role.MEMBER, Part.KZ)
DAY = "2026-03-02"


def main() -> int:
    """Fill, measure, print, and say whether every bar is met."""
    bars = []
    kinds = ["sqlite", *(["postgresql"] if record_cases.POSTGRESQL else [])]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            arguments, drop = record_cases.place(kind, Path(folder) / "record")
            try:
                bars += measured(kind, create(**arguments))
            finally:
                drop()
    if len(kinds) == 1:
        print("BAITEREK_TEST_POSTGRESQL is not set: PostgreSQL was left out")
    return verdict(bars)


def measured(kind: str, database: Database) -> list[Bar]:
    """The bars of one kind of database."""
    begin = time.perf_counter()
    fill(database)
    print(f"\n{kind}: filled in {time.perf_counter() - begin:.0f} s", flush=True)
    wall, busy, found = audited(database)
    assert found.whole and found.events == EVENTS, found.faults[:5]
    rows = [[f"audit verify, {found.events} events, {found.rows} rows", f"{wall:.2f}", f"{busy:.2f}"]]
    bars = [Bar(f"{kind}: audit of {EVENTS} events", wall, "s", most=AUDIT_s)]
    forge(database)
    faults = audited(database)[2].faults
    bars.append(Bar(f"{kind}: a row changed behind the log's back is named", float(names(faults)), "", least=1))
    for what, read in reads(database).items():
        took, used = (statistics.median(times) for times in zip(*(clock(read) for _ in range(REPEATS))))
        rows.append([what, f"{took:.4f}", f"{used:.4f}"])
        if what not in WHOLE:
            bars.append(Bar(f"{kind}: {what}", took, "s", most=PAGE_s))
    print(table([kind, "s", "processor s"], rows))
    database.engine.dispose()
    return bars


def fill(database: Database) -> None:
    """Objects and tests by the record's own changes; then one object after another is changed until there are enough events.

    Those changes are logged as `Change.update` logs them, and their rows written once at the end of each transaction: log and
    tables are what single changes would have left.
    """
    with database.writing(WHO) as change:
        for k in range(OBJECTS):
            parent = f"42-{k // 50:03}" if k >= 100 else None
            change.create(GroundObject(f"42-{k:03}", "42", "unit", f"unit {k}", Part.KZ, parent, (f"system {k % 9}",), "owner"))
        change.create(Programme("P", "flight tests", "PLI-1", Part.KZ))
        for k in range(TESTS):
            tests(change, database.evidence, k)
    with database.reading() as look:
        objects = [as_row(one) for one in reading.every(look, GroundObject)]
        left = EVENTS - reading.tail(look).seq
    turns = itertools.cycle(objects)
    while left:
        touched: dict[str, dict[str, Any]] = {}
        with database.writing(WHO) as change:
            for _ in range(min(AT_ONCE, left)):
                row = next(turns)
                before = canonical(row)
                row["revision"] += 1
                row["name"] = f"unit, name {row['revision']}"
                change._log("update", "ground_object", row["id"], before, canonical(row), "a better name")
                touched[row["id"]] = row
            written = update(GROUND_OBJECT).where(GROUND_OBJECT.c.id == bindparam("one"))
            values = written.values(name=bindparam("name"), revision=bindparam("revision"))
            rows = [{"one": row["id"], "name": row["name"], "revision": row["revision"]} for row in touched.values()]
            change.connection.execute(values, rows)
        left -= min(AT_ONCE, left)


def tests(change: Any, store: Path, k: int) -> None:
    """A requirement, its row, its case, a run with a data file, a remark: five of tests."""
    need, case, run = f"R-{k:04}", f"C-{k:04}", f"T-{k:04}"
    stage = list(Stage)[k % 4]
    change.create(Requirement(need, "P", f"requirement {k}", Part.KZ, "pressure", "MPa", "2", "3"))
    change.create(Verification(f"{need}:{stage}:test", need, stage, Method.TEST, Part.KZ, list(Gate)[k % 7]))
    change.create(Case(case, "P", f"case {k}", stage, Method.TEST, Part.KZ, (need,), (f"42-{5 * k:03}",), "PR-1"))
    start = "2026-03-01T05:00:00.000000Z"
    change.create(Run(run, case, Part.KZ, "PR-1", ("line",), ("conductor",), start, None, {need: "2.5"}, Result.PASSED, "held"))
    cite(change, keep_file(store, f"{run}.csv", BytesIO(f"{run}\n".encode())), run, None, "", "test_run")
    change.create(Remark(f"M-{k:04}", f"remark {k}", Part.RU, Part.KZ, "ground_object", f"42-{5 * k:03}"))


def audited(database: Database) -> tuple[float, float, Verdict]:
    """Wall and processor seconds of an audit, and what it found."""
    found: list[Verdict] = []
    with database.reading() as look:
        wall, busy = clock(lambda: found.append(verify(look, read_public_key(database.key))))
    return wall, busy, found[0]


def forge(database: Database) -> None:
    """What somebody does who owns the database."""
    with database.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(update(GROUND_OBJECT).where(GROUND_OBJECT.c.id == "42-4321").values(state="accepted"))


def names(faults: list[Any]) -> bool:
    """Whether the forged row, and nothing else, was found."""
    return [fault.where for fault in faults] == ["ground_object 42-4321"]


def reads(database: Database) -> dict[str, Callable[[], Any]]:
    """What pages ask for; evidence is glanced at as pages do, read before."""
    memory: Memory = {}
    today = datetime.now(UTC).date().isoformat()

    def faults(pieces: list[Any]) -> list[Any]:
        return [fault for piece in pieces for fault in glance(database.evidence, piece, memory, 2**30) or ()]

    def looking(read: Callable[[Any], Any]) -> Callable[[], Any]:
        def once() -> Any:
            with database.reading() as look:
                return read(look)

        return once

    def one_object(look: Any) -> Any:
        subject = reading.get(look, GroundObject, "42-005")
        pieces = shown_by(look, subject.id)
        return situation(look, database.evidence, subject, "x", faults(pieces))

    def page(kind: type, text: str) -> Callable[[Any], Any]:
        return lambda look: listing.page(look, kind, listing.Asked(text, most=50), ["id"])

    def some_rows(look: Any) -> Any:
        return gather(look, today, faults, rows=page(Verification, "R")(look).rows)

    looking(lambda look: faults(cited(look)))()
    return {
        "50 of 5 000 objects, searched": looking(page(GroundObject, "42-4")),
        "an object with its evidence, remarks and steps": looking(one_object),
        "readiness of 5 000 objects": looking(listing.alike),
        "50 of 1 000 remarks": looking(page(Remark, "M")),
        "50 of 1 000 runs": looking(page(Run, "T")),
        "50 of 1 000 rows of the matrix": looking(some_rows),
        "the whole matrix, 1 000 rows": looking(lambda look: matrix(look, faults, today)),
        "what stands against G6": looking(lambda look: against(look, faults, Gate.G6, "1", today)),
        "the newest 50 of 300 000 events": looking(lambda look: listing.look(look, listing.Asked(most=50))),
        "the log of one object": looking(
            lambda look: listing.look(look, listing.Asked(where={"entity": "ground_object", "entity_id": "42-005"}, most=50))
        ),
        "one event": looking(lambda look: listing.event_at(look, 150_000)),
    }


def clock(read: Callable[[], Any]) -> tuple[float, float]:
    """Wall and processor seconds of one call."""
    begin, busy = time.perf_counter(), time.process_time()
    read()
    return time.perf_counter() - begin, time.process_time() - busy


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
