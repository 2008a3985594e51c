"""200 meetings with their signed protocols in one record: what each page of meetings costs.

    python benchmarks/meetings.py [--meetings 200]

One meeting in full: its protocol set, signed by both parts, verified; of the others rows and files are copies, since a page
reads and verifies one protocol whatever their number. Pages are asked for without a socket, after one that loads what it needs,
in processor time. The bar is for pages whose protocol was read before in this process; the first reading is printed beside it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from baiterek.campaign.log.change import Change
from baiterek.campaign.log.database import Database, create
from baiterek.campaign.meetings import seals
from baiterek.campaign.meetings.records import (
    AgendaItem,
    Attendance,
    Meeting,
    Protocol,
    ProtocolSignature,
    Resolution,
    ResolutionVote,
)
from baiterek.campaign.rows import reading
from baiterek.reports.protocol import as_protocol
from meeting_cases import commission, signed
from record_cases import KEEPER
from web_cases import browser

PAGE_ms = 150.0
TIMES = 5


def copies(change: Change, number: int) -> None:
    """Rows of another meeting, as those of K-1."""
    name = f"K-{number}"

    def renamed(text: str) -> str:
        return name + text.removeprefix("K-1")

    there = change.connection
    meeting = reading.get(there, Meeting, "K-1")
    change.create(replace(meeting, id=name, begins_at=f"2026-03-{1 + number % 28:02}T06:00:00.000000Z"))
    for kind in (AgendaItem, Attendance, Resolution):
        for one in reading.every(there, kind, meeting="K-1"):
            links = {"item": renamed(one.item)} if kind is Resolution else {}
            change.create(replace(one, id=renamed(one.id), meeting=name, **links))
    for one in reading.among(there, ResolutionVote, "resolution", [f"K-1:{k}" for k in ("1.1", "2.1", "2.2")]):
        change.create(replace(one, id=renamed(one.id), resolution=renamed(one.resolution)))
    protocol = reading.get(there, Protocol, "K-1:1")
    change.create(replace(protocol, id=f"{name}:1", meeting=name))
    for one in reading.every(there, ProtocolSignature, protocol="K-1:1"):
        change.create(replace(one, id=renamed(one.id), protocol=f"{name}:1"))


def filled(folder: Path, meetings: int) -> Database:
    """A record of so many meetings."""
    database = create(str(folder / "record.sqlite"))
    signed(commission(database, folder / "files"), render=as_protocol)
    with database.writing(KEEPER) as change:
        for number in range(2, meetings + 1):
            copies(change, number)
    return database


def cost_ms(what: Callable[[], object]) -> tuple[float, float]:
    """Median and greatest of some times."""
    found = []
    for _ in range(TIMES):
        start = time.process_time()
        what()
        found.append(1e3 * (time.process_time() - start))
    return statistics.median(found), max(found)


def main() -> int:
    """Fill, ask every page, say what it costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--meetings", type=int, default=200)
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        database = filled(Path(folder), options.meetings)
        visitor = browser(database, "co_chair:KZ")
        for path in (
            "/meetings",
            "/meetings?q=седан&sort=-begins_at",
            "/meetings/new",
            "/meeting?id=K-1",
            "/meeting/protocol?id=K-1",
        ):
            assert visitor.get(path).status_code == 200, path
            median, greatest = cost_ms(lambda path=path: visitor.get(path))
            worst = max(worst, median)
            print(f"{path:<36} {median:6.1f} ms, greatest {greatest:6.1f} ms")

        def anew() -> None:
            seals.in_pdf.cache_clear()
            visitor.get("/meeting?id=K-1")

        median, greatest = cost_ms(anew)
        print(f"{'/meeting, read for the first time':<36} {median:6.1f} ms, greatest {greatest:6.1f} ms")
        database.engine.dispose()
    print(f"any page under {PAGE_ms:.0f} ms: {'held' if worst < PAGE_ms else 'NOT HELD'} ({options.meetings} meetings)")
    return int(worst >= PAGE_ms)


if __name__ == "__main__":
    sys.exit(main())
