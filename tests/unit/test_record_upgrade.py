"""A record whose tables are those of an older version: brought to this one, its log still holds."""

import gzip
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import MetaData, insert

import record_cases
from baiterek.campaign import reading
from baiterek.campaign.audit import verify
from baiterek.campaign.database import connect, newest_version, upgrade, version
from baiterek.campaign.records import GroundObject, State
from baiterek.campaign.signing import read_public_key, write_key
from flown import PROJECT
from record_cases import MEMBER

FIRST = PROJECT / "tests" / "data" / "record-0001.json.gz"
"""The rows of a record that the code of version 0001 made: seed, 41 objects, a step on evidence, 260 events, one kept head."""
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def first(request, tmp_path):
    """The frozen record in a database of either kind, at the version at which it was frozen."""
    arguments, drop = record_cases.place(request.param, tmp_path / "record")
    made = connect(**arguments)
    write_key(made.key, KEY)
    frozen = json.loads(gzip.decompress(FIRST.read_bytes()))
    upgrade(made, frozen["version"])
    with made.engine.connect().execution_options(writing=True) as connection, connection.begin():
        tables = MetaData()
        tables.reflect(connection)
        for name, rows in frozen["tables"].items():
            for row in sorted(rows, key=lambda row: str(row.get("parent") or "")):
                connection.execute(insert(tables.tables[name]).values(row))
    yield made
    made.engine.dispose()
    drop()


def test_the_first_record_is_brought_to_this_version_and_its_chain_still_verifies(first):
    assert version(first) == "0001"
    upgrade(first)
    assert version(first) == newest_version() != "0001"
    with first.reading() as look:
        verdict = verify(look, read_public_key(first.key))
        assert verdict.whole, verdict.faults
        assert (verdict.events, verdict.heads) == (260, 1)
        found = reading.get(look, GroundObject, "42-99")
    assert found.state is State.INTEGRATED_TESTS
    with first.writing(MEMBER) as change:
        change.update(replace(found, name="pump after the upgrade"), "goes on")
    with first.reading() as look:
        verdict = verify(look, read_public_key(first.key))
    assert verdict.whole and verdict.events == 261
