"""Pages over a large record: 300 000 events, 5 000 objects; then 50 users at once, and a recount of what they changed.

    .venv/bin/python benchmarks/web.py [--database postgresql://...] [--users 50] [--seconds 600] [--think 2] [--events 300000]

The record is generated through the hashes and signatures of the package, and audited before anything is measured. A user
looks at pages and takes steps with objects of their own, with a pause of `--think` seconds on average between an answer
and the next request (assumed: a person reads for longer). The recount: every object has as many events as it was given
steps that were acknowledged, no more, no less, and the log is whole.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from baiterek.campaign.complex.example import example
from baiterek.campaign.complex.states import State
from baiterek.campaign.complex.tables import GROUND_OBJECT
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.chain import GENESIS, HEAD_EVERY, Event, canonical, event_hash
from baiterek.campaign.log.change import now
from baiterek.campaign.log.database import Database, create, open_database
from baiterek.campaign.log.signing import read_key, read_public_key, sign
from baiterek.campaign.log.tables import EVENT, HEAD, TAIL
from baiterek.campaign.rows.entities import as_row
from baiterek.web import application
from decisions import decide
from measure import Bar, table, verdict

OBJECTS, PAGE_ms, P95_ms, AUDIT_s = 5_000, 150.0, 400.0, 20.0
BATCH = 5_000
TIMES = 15
PAGES = (
    "/", "/objects", "/objects?q=supply&sort=-name&page=9", "/objects?q=nothing has this", "/objects?systems=water supply",
    "/object?id=42-00001", "/evidence", "/people", "/audit", "/audit?q=nothing has this", "/audit?entity=ground_object&q=00017",
    "/audit?id=42-00001", "/audit/event?seq=150000", "/audit/verify", "/objects/import", "/role",
)  # fmt: skip
DECIDED = (
    "/gates", "/gate?id=F1:G0", "/gate?id=F1:G4", "/today", "/owed", "/schedule", "/schedule/forecast", "/agreements",
    "/meetings", "/campaigns", "/campaign?id=B-001",
)  # fmt: skip
"""Of the commission: measured one by one, not among what the users look at."""
FORM = re.compile(r'name="visit" value="(\w+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')
ROUND = (State.AUTONOMOUS_TESTS, State.OUT_OF_SERVICE, State.MOUNTED)
"""Steps that need a reason and nothing else: round and round."""


def fill(database: Database, events: int) -> None:
    """Objects, and updates of each in turn, as a year of work leaves them."""
    units = [record for record in example() if record.kind == "unit"]
    objects = [
        replace(units[k % len(units)], id=f"{units[k % len(units)].site}-{k:05}", parent=None, revision=1, state=State.MOUNTED)
        for k in range(OBJECTS)
    ]
    key, at, last, rows, heads = read_key(database.key), now(), GENESIS, [], []
    before = [""] * OBJECTS
    with database.unlogged() as connection:
        for seq in range(1, events + 1):
            k, turn = (seq - 1) % OBJECTS, (seq - 1) // OBJECTS
            objects[k] = replace(objects[k], owner=f"owner {turn} (example)", revision=turn + 1)
            after = canonical(as_row(objects[k]))
            event = Event(
                seq, at, "benchmark", "member", "KZ", "update" if turn else "create", "ground_object", objects[k].id,
                before[k], after, f"turn {turn}", last, "",
            )  # fmt: skip
            event = event._replace(hash=event_hash(event))
            before[k], last = after, event.hash
            rows.append(event._asdict())
            if seq % HEAD_EVERY == 0:
                heads.append(sign(key, seq, last, at)._asdict())
            if len(rows) == BATCH or seq == events:
                connection.execute(insert(EVENT), rows)
                rows = []
        connection.execute(insert(GROUND_OBJECT), [as_row(record) for record in objects])
        connection.execute(insert(HEAD), heads)
        tail: Any = sign(key, events, last, at)._asdict()
        connection.execute(update(TAIL).values(tail))


def pages(database: Database) -> list[Bar]:
    """Each page asked many times, one after the other: the whole answer, in the process of the server."""
    client, rows, worst = TestClient(application(database), base_url="http://localhost"), [], 0.0
    for path in (*PAGES, *DECIDED):
        walls, cores = [], []
        for _ in range(TIMES):
            wall, core = time.perf_counter(), time.process_time()
            answer = client.get(path)
            walls.append(1e3 * (time.perf_counter() - wall))
            cores.append(1e3 * (time.process_time() - core))
            assert answer.status_code == 200, path
        rows.append([path, f"{statistics.median(walls):.0f}", f"{min(walls):.0f}", f"{statistics.median(cores):.0f}"])
        worst = max(worst, statistics.median(walls))
    print(table(["page", "median ms", "least ms", "of our processor ms"], rows))
    return [Bar("slowest page, median", worst, "ms", most=PAGE_ms)]


def audited(database: Database) -> Bar:
    """The whole log verified."""
    start = time.perf_counter()
    with database.reading() as look:
        found = verify(look, read_public_key(database.key))
    assert found.whole, found.faults[:3]
    return Bar(f"audit of {found.events} events", time.perf_counter() - start, "s", most=AUDIT_s)


class Load:
    """What the users met."""

    def __init__(self) -> None:
        self.answers_ms: list[float] = []
        self.errors: list[str] = []
        self.acknowledged: dict[str, int] = {}


async def user(address: str, number: int, end: float, think_s: float, load: Load) -> None:
    """Looks, and takes an object of their own a step on at every fourth request or so."""
    dice, own, step = random.Random(number), f"{(42, 43, 45)[number % 3]}-{_own(number):05}", 0
    async with httpx.AsyncClient(base_url=address, cookies={"acting": "member:KZ"}, timeout=60) as client:
        while time.monotonic() < end:
            await asyncio.sleep(dice.uniform(0, 2 * think_s))
            if dice.random() < 0.75:
                await timed(load, client.get(dice.choice(PAGES)), 200)
                continue
            page = await timed(load, client.get("/object", params={"id": own}), 200)
            if page is None:
                continue
            token, revision = FORM.search(page.text), REVISION.search(page.text)
            assert token and revision
            form = {"visit": token[1], "id": own, "revision": revision[1], "to": ROUND[step % 3], "reason": "benchmark"}
            if await timed(load, client.post("/object/step", data=form), 303) is not None:
                step += 1
                load.acknowledged[own] = step


def _own(number: int) -> int:
    """An object of that site, as `fill` numbers them: 72 units of each site in turn."""
    return next(k for k in range(number * 90, OBJECTS) if (k % 216) // 72 == number % 3)


async def timed(load: Load, request: Any, status: int) -> httpx.Response | None:
    """An answer, its time noted; an error is noted too."""
    start = time.perf_counter()
    try:
        answer = await request
    except httpx.HTTPError as failure:
        load.errors.append(repr(failure))
        return None
    load.answers_ms.append(1e3 * (time.perf_counter() - start))
    if answer.status_code != status:
        load.errors.append(f"{answer.request.method} {answer.request.url}: {answer.status_code}")
        return None
    return answer


def used_by(where: str, database: Database, users: int, seconds: float, think_s: float) -> list[Bar]:
    """The server as a process, its users in this one, and the recount."""
    events, revisions = _before(database)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--database", where, "--evidence", database.evidence, "--key", database.key, "--port", port]
    server = subprocess.Popen([sys.executable, "-m", "baiterek.cli", "serve", *map(str, options)], stderr=subprocess.DEVNULL)
    address, load = f"http://127.0.0.1:{port}", Load()

    async def all_of_them() -> None:
        end = time.monotonic() + seconds
        await asyncio.gather(*(user(address, k, end, think_s, load) for k in range(users)))

    try:
        while True:
            try:
                httpx.get(address, timeout=60)
                break
            except httpx.TransportError:
                assert server.poll() is None
                time.sleep(0.1)
        asyncio.run(all_of_them())
    finally:
        server.terminate()
        server.wait()
    wrong = recount(database, events, revisions, load.acknowledged)
    p95 = statistics.quantiles(load.answers_ms, n=20)[-1]
    print(
        f"{users} users for {seconds:.0f} s: {len(load.answers_ms)} answers, {sum(load.acknowledged.values())} steps, "
        f"median {statistics.median(load.answers_ms):.0f} ms, p95 {p95:.0f} ms, greatest {max(load.answers_ms):.0f} ms"
    )
    for error in [*load.errors, *wrong][:10]:
        print(f"  {error}")
    return [
        Bar(f"p95 of {users} users", p95, "ms", most=P95_ms),
        Bar("errors", len(load.errors), "", most=0),
        Bar("changes lost or doubled", len(wrong), "", most=0),
    ]


def _before(database: Database) -> tuple[int, dict[str, int]]:
    """The events until then, and the revision of each object."""
    with database.reading() as look:
        revisions = {row.id: row.revision for row in look.execute(GROUND_OBJECT.select())}
        return look.execute(TAIL.select()).one().seq, revisions


def recount(database: Database, events: int, revisions: dict[str, int], acknowledged: dict[str, int]) -> list[str]:
    """Every change that was made since, held against what the users were told."""
    found: dict[str, list[int]] = {}
    with database.reading() as look:
        for row in look.execute(EVENT.select().where(EVENT.c.seq > events).order_by(EVENT.c.seq)):
            found.setdefault(row.entity_id, []).append(row.seq)
        rows = {row.id: row.revision for row in look.execute(GROUND_OBJECT.select())}
    wrong = [
        f"{id}: {acknowledged.get(id, 0)} steps acknowledged, {len(found.get(id, []))} logged"
        for id in {*found, *acknowledged}
        if acknowledged.get(id, 0) != len(found.get(id, []))
    ]
    wrong += [f"{id}: revision {rows[id]}" for id, k in acknowledged.items() if rows[id] - k != revisions[id]]
    return wrong


def main() -> int:
    """Fill, decide, audit, ask every page, let the users in, recount."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", help="an empty database of a PostgreSQL server; default: an SQLite file")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--events", type=int, default=300_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = options.database or str(Path(folder) / "record.sqlite")
        place = (where, Path(folder) / "evidence", Path(folder) / "key.pem")
        create(*place)
        database = open_database(*place)
        start = time.process_time()
        fill(database, options.events)
        decide(database)
        print(f"{options.events} events, {OBJECTS} objects, made in {time.process_time() - start:.0f} s of processor time")
        bars = [audited(database), *pages(database)]
        if options.seconds:
            bars += used_by(where, database, options.users, options.seconds, options.think)
            bars.append(audited(database))
        database.engine.dispose()
        return verdict(bars)


if __name__ == "__main__":
    sys.exit(main())
