"""The record in its database: changes with their events, on SQLite and on PostgreSQL alike."""

import threading
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError

from baiterek.campaign.commission.records import Organisation
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.tables import GROUND_OBJECT
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.chain import HEAD_EVERY, Fault
from baiterek.campaign.log.database import create, newest_version, open_database, upgrade, version
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.log.tables import EVENT, TAIL
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.tables import METADATA
from baiterek.errors import InputError, Refused
from record_cases import KEEPER, MEMBER, RUSSIAN, ground_object


def audit(database, kept=()):
    with database.reading() as look:
        return verify(look, read_public_key(database.key), kept)


def filled(database, count=5):
    with database.writing(MEMBER) as change:
        for k in range(count):
            change.create(ground_object(f"42-{k:03}"), "a test")
    with database.writing(MEMBER) as change:
        change.update(replace(reading.get(change.connection, GroundObject, "42-003"), name="pump №3"), "a better name")
    return database


def without_guard(database, connection):
    """What somebody does who owns the database: the triggers go first."""
    for table in ("event", "head"):
        if database.engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        else:
            connection.execute(text(f"DROP TRIGGER {table}_only_grows ON {table}"))


def test_the_migrations_lead_to_the_tables_of_the_code(database):
    assert version(database) == newest_version()
    with database.reading() as look:
        assert compare_metadata(MigrationContext.configure(look), METADATA) == []
    upgrade(database)


def test_a_change_is_written_with_its_event(database):
    filled(database)
    with database.reading() as look:
        found = reading.get(look, GroundObject, "42-003")
        log = list(reading.events(look, "ground_object", "42-003"))
    assert (found.name, found.revision) == ("pump №3", 2)
    assert [(e.seq, e.action, e.actor, e.role, e.part, e.reason) for e in log] == [
        (4, "create", "member, Kazakh part", "member", "KZ", "a test"),
        (6, "update", "member, Kazakh part", "member", "KZ", "a better name"),
    ]
    assert log[1].before == log[0].after
    verdict = audit(database)
    assert verdict.whole and (verdict.events, verdict.rows) == (6, 5)


def test_a_change_that_fails_leaves_nothing(database):
    with pytest.raises(Refused, match="already"), database.writing(MEMBER) as change:
        change.create(ground_object("42-001"))
        change.create(ground_object("42-001"))
    with pytest.raises(Refused, match="refers to something"), database.writing(MEMBER) as change:
        change.create(ground_object("42-001", parent="nowhere"))
    verdict = audit(database)
    assert verdict.whole and (verdict.events, verdict.rows) == (0, 0)


def test_of_two_who_change_one_object_the_second_is_told(database):
    filled(database)
    with database.reading() as look:
        seen = reading.get(look, GroundObject, "42-001")
    with database.writing(MEMBER) as change:
        change.update(replace(seen, name="mine"), "")
    with pytest.raises(Refused, match="changed meanwhile: revision 2, not 1"), database.writing(RUSSIAN) as change:
        change.update(replace(seen, name="no, mine"), "")
    assert audit(database).whole


def test_writers_at_once_follow_one_another(database):
    def write(name):
        for k in range(8):
            with database.writing(KEEPER) as change:
                change.create(Organisation(f"{name}-{k}", name, "KZ"))

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = audit(database)
    assert verdict.whole and verdict.events == 32


def test_heads_are_kept_every_so_many_events(database):
    filled(database, 2 * HEAD_EVERY + 3)
    with database.reading() as look:
        assert [head.seq for head in reading.heads(look)] == [HEAD_EVERY, 2 * HEAD_EVERY]
    assert audit(database).whole


@pytest.mark.parametrize("statement", ["UPDATE event SET reason = 'other'", "DELETE FROM event", "DELETE FROM head"])
def test_the_database_itself_refuses_to_change_the_log(database, statement):
    filled(database, HEAD_EVERY)
    with pytest.raises(DatabaseError, match="only grows"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("tampered", "fault"),
    [
        (update(EVENT).where(EVENT.c.seq == 2).values(actor="nobody"), Fault("event 2", "changed")),
        (delete(EVENT).where(EVENT.c.seq == 2), Fault("event 2", "removed")),
        (delete(EVENT).where(EVENT.c.seq > 4), Fault("events 5 to 6", "cut off at the end")),
        (delete(TAIL), Fault("tail", "removed")),
        (update(GROUND_OBJECT).where(GROUND_OBJECT.c.id == "42-001").values(state="accepted"),
         Fault("ground_object 42-001", "differs from what event 2 left")),
        (delete(GROUND_OBJECT).where(GROUND_OBJECT.c.id == "42-001"),
         Fault("ground_object 42-001", "missing from its table; event 2 left it")),
        (insert(GROUND_OBJECT).values(
            id="42-999", site="42", kind="", name="", part="KZ", systems=[], owner="", designer="", documents=[],
            state="accepted", basis="", example=False, revision=1),
         Fault("ground_object 42-999", "stands in its table without an event")),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_back_of_the_log_is_named(database, tampered, fault):
    filled(database)
    with database.engine.connect().execution_options(writing=True) as connection, connection.begin():
        without_guard(database, connection)
        connection.execute(tampered)
    assert fault in audit(database).faults


def test_a_missing_record_or_key_is_said_in_one_line(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        open_database(str(tmp_path / "none.sqlite"))
    with pytest.raises(InputError, match="no such folder"):
        create(str(tmp_path / "none" / "none.sqlite"))
    with pytest.raises(InputError, match="allowed: a path of an SQLite file, or postgresql"):
        open_database("mysql://somewhere/x")
    with pytest.raises(InputError, match="--evidence: found nothing"):
        open_database("postgresql://user:secret@127.0.0.1/x")
    (tmp_path / "other.sqlite").write_bytes(b"not a database at all, but long enough to be looked at")
    with pytest.raises(InputError, match="not a database"):
        open_database(str(tmp_path / "other.sqlite"))
