"""Pages of campaigns with 5 000 operations: processor time of each, one campaign of them all and fifty of a hundred.

python benchmarks/campaigns.py
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.log.database import create
from baiterek.campaign.operations.begin import begin, correct
from baiterek.campaign.operations.records import LIFT_OFF, Campaign, CampaignKind, Operation
from baiterek.campaign.operations.templates import find_template, read_template
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule.milestones import enter_milestone
from baiterek.campaign.schedule.records import Milestone

RUSSIAN = Actor("member, Russian part", Role.MEMBER, Part.RU)
LIMIT_ms = 150.0
ROUNDS = 5


def grown(template, operations):
    """A template of so many operations: the shipped one, again and again, each copy twenty days before the one after it."""
    own = [one for one in template.operations if one.id != LIFT_OFF]
    made = [replace(one, after=tuple(f"{name}-0" for name in one.after)) for one in template.operations if one.id == LIFT_OFF]
    for k in range(operations - 1):
        one, copy = own[k % len(own)], k // len(own)
        named = {name.id: f"{name.id}-{copy}" for name in own}
        after = tuple(named[name] for name in one.after if name in named)
        made.append(replace(one, id=named[one.id], number=k + 2, after=after, before_min=one.before_min + 20 * 1440 * copy))
    there = {one.id for one in made}
    kept = [replace(one, after=tuple(name for name in one.after if name in there)) for one in made]
    return template._replace(operations=kept)


def filled(folder, campaigns, operations):
    """A record of so many campaigns, each of so many operations, a month apart."""
    database = create(str(folder / "record.sqlite"))
    template = grown(read_template(find_template("two-stage")), operations)
    with database.writing(RUSSIAN) as change:
        for k in range(campaigns):
            day = f"{2030 + k // 12}-{k % 12 + 1:02}-15T09:00Z"
            enter_milestone(change, Milestone(f"M-{k}", "Пуск", "Ұшыру", "Launch", day, day))
            begin(change, Campaign(f"C-{k}", f"campaign {k}", CampaignKind.LAUNCH, Part.RU, f"M-{k}", "", ""), template)
    return database


def pages(operation):
    """Every page of the family."""
    return {
        "campaigns": "/campaigns", "campaign": "/campaign?id=C-0", "its last page": "/campaign?id=C-0&page=2",
        "critical ones": "/campaign?id=C-0&critical=yes", "all operations": "/campaigns/operations",
        "operations by name": "/campaigns/operations?q=pad&sort=-before_min", "operation": f"/operation?id={operation}",
        "results": "/results",
    }  # fmt: skip


def measured(database):
    """Page -> milliseconds of processor time, the least of some rounds."""
    from fastapi.testclient import TestClient

    from baiterek.web import Settings, application

    client = TestClient(application(database, Settings()), base_url="http://localhost")
    found = {}
    for name, path in pages("C-0/lift-off").items():
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            answer = client.get(path)
            times.append(1e3 * (time.process_time() - start))
            assert answer.status_code == 200, (path, answer.text[:500])
        found[name] = times
    found["after a change"] = [_after_a_change(database, client, k) for k in range(ROUNDS)]
    return found


def _after_a_change(database, client, k):
    """The first look at a campaign after an operation of it was moved: what conflicts is gone through again."""
    with database.writing(RUSSIAN) as change:
        there = next(one for one in reading.every(change.connection, Operation, campaign="C-0") if one.key != LIFT_OFF)
        correct(change, replace(there, before_min=there.before_min + 1 + k), "benchmark", there.revision)
    start = time.process_time()
    assert client.get("/campaign?id=C-0").status_code == 200
    return 1e3 * (time.process_time() - start)


def main():
    for campaigns, operations in ((1, 5000), (50, 100)):
        with tempfile.TemporaryDirectory() as folder:
            database = filled(Path(folder), campaigns, operations)
            print(f"{campaigns} campaigns of {operations} operations; ms of processor time, first and least of {ROUNDS}")
            for name, times in measured(database).items():
                print(f"  {name:<20}{times[0]:>8.0f}{min(times):>8.0f}{'' if min(times) < LIMIT_ms else '  TOO SLOW'}")
            database.engine.dispose()


if __name__ == "__main__":
    main()
