"""A writer that is killed amid its writes: what it acknowledged is there, nothing is half there, and the chain goes on.

The kill is SIGKILL of a separate process, on both databases, after a number of acknowledged changes of two rows each.
"""

import subprocess
import sys

import pytest

from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.database import open_database
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.rows import reading
from record_cases import KEEPER

WRITER = """
import sys
from pathlib import Path
from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.log.database import open_database
where, evidence, key = sys.argv[1:]
database = open_database(where, Path(evidence), Path(key))
for k in range(1000):
    with database.writing(Actor("writer", Role.KEEPER, None)) as change:
        for half in "ab":
            change.create(Organisation(f"{k:04}{half}", "x", Part.KZ))
    print(k, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 37])
def test_a_killed_writer_leaves_what_it_acknowledged_and_nothing_half(database, acknowledged):
    where = database.engine.url.render_as_string(hide_password=False)
    where = database.name if where.startswith("sqlite") else where.replace("postgresql+psycopg", "postgresql")
    arguments = [sys.executable, "-c", WRITER, where, str(database.evidence), str(database.key)]
    writer = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    for _ in range(acknowledged):
        last = int(writer.stdout.readline())
    writer.kill()
    writer.wait()
    said = last + 1 + len(writer.stdout.read().splitlines())
    writer.stdout.close()

    again = open_database(where, database.evidence, database.key)
    with again.reading() as look:
        found = [record.id for record in reading.every(look, Organisation)]
        verdict = verify(look, read_public_key(again.key))
    assert verdict.whole and verdict.events == len(found)
    assert len(found) in (2 * said, 2 * said + 2)
    assert found == [f"{k:04}{half}" for k in range(len(found) // 2) for half in "ab"]
    with again.writing(KEEPER) as change:
        change.create(Organisation("after", "x", "KZ"))
    with again.reading() as look:
        assert verify(look, read_public_key(again.key)).whole
    again.engine.dispose()
