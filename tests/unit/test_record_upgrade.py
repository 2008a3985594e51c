"""A record whose tables are those of an older version: brought to this one, its log still holds."""

import gzip
import io
import json
import tarfile
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import MetaData, insert, text

import record_cases
from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import State
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.backup import restore
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.database import connect, newest_version, upgrade, version
from baiterek.campaign.log.signing import public_pem, read_public_key, write_key
from baiterek.campaign.programme.records import Verification
from baiterek.campaign.rows import reading
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


def test_a_column_that_came_later_is_empty_in_older_rows_and_filled_behind_the_log_is_found(first):
    upgrade(first, "0010")
    programme = {"id": "P", "name": "n", "document": "d", "part": "KZ", "approved_ru": None, "approved_kz": None}
    need = {"id": "R", "programme": "P", "text": "t", "part": "KZ", "characteristic": "", "unit": "", "lower": None,
            "upper": None, "source": "", "parent": None}  # fmt: skip
    row = {"id": "R:flight:test", "requirement": "R", "stage": "flight", "method": "test", "part": "KZ", "due_gate": None,
           "compliance": None, "closed": False, "reason": ""}  # fmt: skip
    with first.writing(MEMBER) as change:
        tables = MetaData()
        tables.reflect(change.connection)
        for name, values in (("programme", programme), ("requirement", need), ("verification", row)):
            written = {**values, "example": False, "revision": 1}
            change.connection.execute(insert(tables.tables[name]).values(written))
            change._log("create", name, values["id"], "", canonical(written), "as version 0010 wrote it")
    upgrade(first)
    with first.reading() as look:
        assert verify(look, read_public_key(first.key)).whole
        firm = reading.every(look, Organisation)[0].id
        assert reading.get(look, Verification, row["id"]).organisation is None
    with first.unlogged() as connection:
        connection.execute(text("UPDATE verification SET organisation = :firm"), {"firm": firm})
    with first.reading() as look:
        (fault,) = verify(look, read_public_key(first.key)).faults
    assert fault.what.startswith("differs from what event") and fault.where == "verification R:flight:test"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_backup_of_the_first_version_is_restored_into_this_one(kind, tmp_path):
    frozen = json.loads(gzip.decompress(FIRST.read_bytes()))
    tables = {name: sorted(rows, key=lambda row: str(row.get("parent") or "")) for name, rows in frozen["tables"].items()}
    about = {"format": 1, "tables": list(tables), "version": frozen["version"]}
    members = {"record.json": json.dumps(about), "public.pem": public_pem(KEY.public_key())}
    members |= {f"tables/{name}.jsonl": "".join(json.dumps(row) + "\n" for row in rows) for name, rows in tables.items()}
    with tarfile.open(tmp_path / "first.tar", "w") as tar:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    arguments, drop = record_cases.place(kind, tmp_path / "copy")
    made = restore(tmp_path / "first.tar", **arguments)
    assert version(made.database) == newest_version() and made.verdict.whole and made.verdict.events == 260
    assert [(fault.evidence.entity_id, fault.what) for fault in made.broken] == [
        ("42-99", "missing")
    ]  # the store was not frozen
    made.database.engine.dispose()
    drop()
