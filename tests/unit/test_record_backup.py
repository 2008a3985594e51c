"""One file out of a record and a record out of the file, from each kind of database into each."""

import io
import json
import os
import tarfile

import pytest
from sqlalchemy import func, select

import record_cases
from baiterek.campaign.commission import accounts
from baiterek.campaign.commission.members import seed
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Account, Organisation
from baiterek.campaign.commission.sessions import account_of, open_session
from baiterek.campaign.commission.tables import SESSION
from baiterek.campaign.evidence.store import attach, cited, place
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.backup import restore, write_backup
from baiterek.campaign.log.chain import HEAD_EVERY
from baiterek.campaign.log.signing import make_key, read_public_key
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.errors import InputError
from programme_cases import made_and_judged, programme
from record_cases import KEEPER, MEMBER, ground_object

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def elsewhere(request, tmp_path):
    """Where a copy goes, of either kind: arguments of `restore`, and what drops it."""
    arguments, drop = record_cases.place(request.param, tmp_path / "copy")
    yield arguments
    drop()


def filled(database, folder):
    """Something in every table that a backup must carry: a tree, a kept head, a folder of evidence, a run."""
    with database.writing(KEEPER) as change:
        seed(change)
        for k in range(HEAD_EVERY):
            change.create(Organisation(f"o-{k}", "«Ұйым» №1", "KZ"))
    programme(database)
    with database.writing(MEMBER) as change:
        change.create(ground_object("42-00", parent="42-01"))  # its name comes before that of what it belongs to
    made_and_judged(database, folder / "data")
    run = folder / "run"
    (run / "deep").mkdir(parents=True)
    (run / "a.csv").write_text("1\n")
    (run / "deep" / "b.csv").write_bytes(os.urandom(70_000))
    with database.writing(MEMBER) as change:
        attach(change, database.evidence, run, "42-01", None, "")


def content_of(database):
    with database.reading() as look:
        rows = {name: reading.every(look, kind) for name, kind in ENTITIES.items()}
        return rows, list(reading.events(look)), reading.heads(look), reading.tail(look)


def test_a_copy_in_either_kind_of_database_is_the_record_and_verifies(database, elsewhere, tmp_path):
    filled(database, tmp_path)
    kept = write_backup(database, tmp_path / "all.tar")
    assert kept.contents == 1 + 3 and not kept.left_out
    made = restore(tmp_path / "all.tar", **elsewhere)
    assert made.verdict.whole and not made.broken and not made.can_write
    assert content_of(made.database) == content_of(database)
    with made.database.reading() as look:
        assert len(cited(look)) == 2

    with pytest.raises(InputError, match="an Ed25519 key"), made.database.writing(MEMBER) as change:
        change.create(ground_object("42-02"))
    made.database.key.write_bytes(database.key.read_bytes())
    with made.database.writing(MEMBER) as change:
        change.create(ground_object("42-02"))
    with made.database.reading() as look:
        verdict = verify(look, read_public_key(database.key))
    assert verdict.whole and verdict.events == kept.rows["event"] + 1
    with pytest.raises(InputError, match=r"there already|found a record"):
        restore(tmp_path / "all.tar", **elsewhere)
    made.database.engine.dispose()


def test_a_backup_is_its_owners_alone_and_brings_passwords_but_signs_nobody_in(database, tmp_path):
    with database.writing(KEEPER) as change:
        made = accounts.add(change, Account("aigul", Role.OBSERVER, Part.KZ), "correct horse battery")
    secret = open_session(database, made)
    write_backup(database, tmp_path / "all.tar")
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "all.tar") as tar:
        assert "tables/credential.jsonl" in tar.getnames() and "tables/session.jsonl" not in tar.getnames()
        assert not [name for name in tar.getnames() if "sign_in" in name]

    row = {"token_sha256": "0" * 64, "account": "aigul", "opened": 1, "seen": 1}
    old = with_sessions(tmp_path / "all.tar", tmp_path / "old.tar", json.dumps(row).encode() + b"\n")
    for number, path in enumerate((tmp_path / "all.tar", old)):
        copy = restore(path, str(tmp_path / f"copy-{number}.sqlite")).database
        with copy.reading() as look:
            assert look.execute(select(func.count()).select_from(SESSION)).scalar() == 0
            assert accounts.verified(look, "aigul", "correct horse battery") == made
        assert account_of(copy, secret) is None and account_of(database, secret) == made
        copy.engine.dispose()


def with_sessions(path, to, rows):
    """The same as backups were before sessions were left out."""
    rewritten(path, to, lambda name, content: (name, content.replace(b'"tables": [', b'"tables": ["session",', 1)))
    with tarfile.open(to, "a") as tar:
        info = tarfile.TarInfo("tables/session.jsonl")
        info.size = len(rows)
        tar.addfile(info, io.BytesIO(rows))
    return to


def test_a_broken_content_is_left_out_named_and_missing_in_the_copy(database, tmp_path):
    filled(database, tmp_path)
    with database.reading() as look:
        piece = next(piece for piece in cited(look) if piece.entity == "test_run")
    content = place(database.evidence, piece.sha256)
    content.chmod(0o644)
    content.write_text("other")
    kept = write_backup(database, tmp_path / "all.tar")
    assert kept.left_out == [f"{piece.sha256} changed"]
    made = restore(tmp_path / "all.tar", str(tmp_path / "copy.sqlite"))
    assert made.verdict.whole and [(fault.evidence.id, fault.what) for fault in made.broken] == [(piece.id, "missing")]
    made.database.engine.dispose()


def rewritten(path, to, change):
    """A backup whose members `change` made others: (name, content) -> (name, content), or None."""
    with tarfile.open(path) as old, tarfile.open(to, "w") as new:
        for member in old:
            made = change(member.name, old.extractfile(member).read())
            if made is not None:
                info = tarfile.TarInfo(made[0])
                info.size = len(made[1])
                new.addfile(info, io.BytesIO(made[1]))
    return to


def spoiled(name, content, where, how):
    return (name, how(content)) if name.startswith(where) else (name, content)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda n, c: spoiled(n, c, "evidence/", lambda c: c + b"x"), "a changed content"),
        (lambda n, c: (n.replace("evidence/", "../evidence/"), c), "a member ../evidence"),
        (lambda n, c: None if n == "record.json" else (n, c), "no record.json"),
        (lambda n, c: None if n == "public.pem" else (n, c), "no public.pem"),
        (lambda n, c: spoiled(n, c, "record.json", lambda c: c.replace(b'"format": 1', b'"format": 2')), "format: found 2"),
        (lambda n, c: spoiled(n, c, "record.json", lambda c: b"[]"), "what is no backup"),
        (lambda n, c: spoiled(n, c, "tables/person", lambda c: c.replace(b'"name"', b'"other"')), "what is no backup"),
        (lambda n, c: spoiled(n, c, "tables/event", lambda c: c[:-5]), "what is no backup"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path, change, why):
    database = sqlite_record(tmp_path)
    write_backup(database, tmp_path / "all.tar")
    bad = rewritten(tmp_path / "all.tar", tmp_path / "bad.tar", change)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=why):
        restore(bad, str(tmp_path / "copy.sqlite"))
    assert sorted(tmp_path.iterdir()) == before


def sqlite_record(folder):
    from baiterek.campaign.log.database import create

    database = create(str(folder / "record.sqlite"))
    filled(database, folder)
    return database


def test_a_forged_row_in_a_backup_is_found_when_it_is_restored(tmp_path):
    database = sqlite_record(tmp_path)
    write_backup(database, tmp_path / "all.tar")
    forged = rewritten(
        tmp_path / "all.tar", tmp_path / "forged.tar",
        lambda n, c: spoiled(n, c, "tables/test_run", lambda c: c.replace(b'"result":"passed"', b'"result":"failed"')),
    )  # fmt: skip
    made = restore(forged, str(tmp_path / "copy.sqlite"))
    assert [fault.where for fault in made.verdict.faults] == ["test_run T-1"]
    made.database.engine.dispose()


@pytest.mark.postgresql
def test_a_damaged_backup_leaves_an_empty_server_database_empty(tmp_path):
    database = sqlite_record(tmp_path)
    write_backup(database, tmp_path / "all.tar")
    bad = rewritten(tmp_path / "all.tar", tmp_path / "bad.tar", lambda n, c: spoiled(n, c, "evidence/", lambda c: c + b"x"))
    arguments, drop = record_cases.place("postgresql", tmp_path / "copy")
    with pytest.raises(InputError, match="a changed content"):
        restore(bad, **arguments)
    made = restore(tmp_path / "all.tar", **arguments)
    assert made.verdict.whole
    made.database.engine.dispose()
    drop()


def test_the_key_that_is_there_must_be_that_of_the_log(tmp_path):
    database = sqlite_record(tmp_path)
    write_backup(database, tmp_path / "all.tar")
    make_key(tmp_path / "other.pem")
    with pytest.raises(InputError, match="found another key"):
        restore(tmp_path / "all.tar", str(tmp_path / "copy.sqlite"), key=tmp_path / "other.pem")
    made = restore(tmp_path / "all.tar", str(tmp_path / "copy.sqlite"), key=database.key)
    assert made.can_write and made.verdict.whole
    made.database.engine.dispose()
    with pytest.raises(InputError, match="there already"):
        write_backup(database, tmp_path / "all.tar")
    (tmp_path / "text.tar").write_text("no tar at all")
    with pytest.raises(InputError, match="what is no backup"):
        restore(tmp_path / "text.tar", str(tmp_path / "new.sqlite"))
    with pytest.raises(InputError, match="No such file"):
        restore(tmp_path / "none.tar", str(tmp_path / "new.sqlite"))
    assert not (tmp_path / "new.sqlite").exists()


def test_backup_and_restore_are_one_command_each(tmp_path, monkeypatch):
    run = record_cases.calling(tmp_path, monkeypatch)
    run("record", "init")
    run("record", "objects", "example", "register.csv")
    run("record", "objects", "import", "register.csv")
    run("record", "programme", "example")
    made = run("record", "backup", "all.tar")
    copy = run("record", "restore", "all.tar", "--database", "copy.sqlite", "--key", "record.sqlite.key")
    assert copy["whole"] and copy["can_write"] and copy["events"] == made["rows"]["event"]
    assert run("record", "programme", "matrix", "--database", "copy.sqlite", "--key", "record.sqlite.key")
    stored = next(path for path in (tmp_path / "record.sqlite.evidence").rglob("*") if path.is_file())
    stored.unlink()
    assert run("record", "backup", "some.tar", status=1)["left_out"][0].endswith(" missing")
    assert not run("record", "restore", "some.tar", "--database", "third.sqlite", status=1)["whole"]
    assert "--database: found nothing" in run("record", "restore", "some.tar", "--database", "", status=2)
