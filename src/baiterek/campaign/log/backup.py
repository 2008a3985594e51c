"""The whole record as one file, and back from it into a database of either kind: rows, log, heads, contents of evidence.

A tar: `record.json` (what is in it), `public.pem`, `tables/NAME.jsonl` (a row a line), `evidence/` by hash. No private key, and
no sessions: nobody is signed in to a copy. Passwords are in it as the Argon2id hashes that the record holds, since without them
nobody could sign in to a restored record; so the file is its owner's alone to read.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection, MetaData, Table, func, insert, select

from baiterek.campaign.commission.tables import PASSING
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Broken, broken, cited, fault_of, keep_file, place
from baiterek.campaign.log.audit import Verdict, verify
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.log.database import Database, connect, migrate, newest_version, open_database, version
from baiterek.campaign.log.signing import public_pem, read_public_key
from baiterek.campaign.rows.tables import METADATA
from baiterek.errors import BadValue, BaiterekError, UnreadableFile

FORMAT = 1
ALLOWED = "a file as `baiterek record backup` writes it"
CONTENT = re.compile(r"evidence/([0-9a-f]{2})/([0-9a-f]{62})")
ROWS = re.compile(r"tables/([a-z_]{1,60})\.jsonl")
AT_ONCE = 1000
"""Rows of one insertion."""


class Kept(NamedTuple):
    """What a backup holds."""

    version: str
    rows: dict[str, int]
    contents: int
    left_out: list[str]
    """Contents that are cited and were missing or changed when the backup was made."""


class Restored(NamedTuple):
    """A record out of a backup, checked."""

    database: Database
    verdict: Verdict
    broken: list[Broken]
    can_write: bool
    """Whether the key that signs is there."""


def write_backup(database: Database, path: Path) -> Kept:
    """Everything at one instant into a new file; contents that are not what they were are left out and named."""
    partial = path.with_name(f".{path.name}.partial")
    if path.exists():
        raise UnreadableFile(str(path), "", "a file that is there already", "a new file")
    try:
        partial.unlink(missing_ok=True)
        with _own(partial) as file, tarfile.open(fileobj=file, mode="w") as tar, database.reading() as look:
            kept = _write(tar, look, database)
        partial.rename(path)
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "a file that can be written") from None
    finally:
        partial.unlink(missing_ok=True)
    return kept


def restore(path: Path, where: str, evidence: Path | None = None, key: Path | None = None) -> Restored:
    """A new record out of a backup, of whichever kind `where` is; all of it or nothing, then every hash computed again."""
    fresh = "://" not in where
    if fresh and Path(where).exists():
        raise UnreadableFile(where, "", "a file that is there already", "a new file, or an empty database")
    database = connect(where, evidence, key)
    made = [place for place in (database.evidence, database.key) if not place.exists()]
    try:
        if version(database) is not None:
            raise UnreadableFile(database.name, "", "a record", "a new file, or an empty database")
        with tarfile.open(path, "r:*") as tar, database.engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                _read(path, tar, connection, database)
    except BaseException as failure:
        database.engine.dispose()
        if fresh:
            made += [Path(where + end) for end in ("", "-wal", "-shm")]
        for remnant in made:
            shutil.rmtree(remnant, ignore_errors=True) if remnant.is_dir() else remnant.unlink(missing_ok=True)
        if isinstance(failure, BaiterekError) or not isinstance(failure, Exception):
            raise
        raise UnreadableFile(str(path), "", _words(failure), ALLOWED) from None  # whatever a damaged file can do to a reader
    return _checked(open_database(where, database.evidence, database.key))


def contents(store: Path, pieces: Iterable[Evidence]) -> Iterator[tuple[str, str | None]]:
    """Every content that is cited, once: its hash, and what is wrong with it."""
    seen = set[str]()
    for piece in pieces:
        own = place(store, piece.sha256)
        listed = [piece.sha256]
        fault = fault_of(own, piece.sha256) if piece.sha256 not in seen else None
        if piece.kind == "folder" and piece.sha256 not in seen and fault is None:
            listed += [sha256 for _, _, sha256 in json.loads(own.read_bytes())]
        for sha256 in listed:
            if sha256 not in seen:
                seen.add(sha256)
                yield sha256, fault_of(place(store, sha256), sha256)


def _write(tar: tarfile.TarFile, look: Connection, database: Database) -> Kept:
    tables = [table for table in METADATA.sorted_tables if table not in PASSING]
    rows = {table.name: look.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
    found = list(contents(database.evidence, cited(look)))
    whole = [sha256 for sha256, fault in found if fault is None]
    kept = Kept(newest_version(), rows, len(whole), [f"{sha256} {fault}" for sha256, fault in found if fault])
    about = {"format": FORMAT, "tables": list(rows), **kept._asdict()}
    _add(tar, "record.json", io.BytesIO(json.dumps(about, indent=2).encode()))
    _add(tar, "public.pem", io.BytesIO(public_pem(read_public_key(database.key)).encode()))
    for table in tables:
        with tempfile.TemporaryFile() as file:
            for row in _rows(look, table):
                file.write(canonical(dict(row)).encode() + b"\n")
            _add(tar, f"tables/{table.name}.jsonl", file)
    for sha256 in whole:
        with place(database.evidence, sha256).open("rb") as file:
            _add(tar, f"evidence/{sha256[:2]}/{sha256[2:]}", file)
    return kept


def _rows(look: Connection, table: Table) -> Iterable[Mapping[Any, Any]]:
    """In an order in which they can be entered: what a row belongs to before it."""
    rows = look.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key)).mappings()
    own = next((key.parent.name for key in table.foreign_keys if key.column.table is table), None)
    if own is None:
        return rows
    there = {row["id"]: row for row in rows}

    def depth(row: Mapping[Any, Any]) -> int:
        levels = 0
        while row[own] is not None:
            row, levels = there[row[own]], levels + 1
        return levels

    return sorted(there.values(), key=depth)


def _read(path: Path, tar: tarfile.TarFile, connection: Connection, database: Database) -> None:
    """Member by member in the order of the file, into one transaction and the store."""
    about = json.loads(_named(path, tar, "record.json").read())
    if about.get("format") != FORMAT:
        raise UnreadableFile(str(path), "format", about.get("format"), str(FORMAT))
    _keep_key(path, _named(path, tar, "public.pem").read(), database)
    migrate(connection, str(about["version"]))
    tables, passing = MetaData(), [table.name for table in PASSING]
    tables.reflect(connection)
    for member in iter(tar.next, None):
        content, rows = CONTENT.fullmatch(member.name), ROWS.fullmatch(member.name)
        file = tar.extractfile(member) if member.isreg() else None
        if file is None or not (content or (rows and rows[1] in about["tables"])):
            raise UnreadableFile(str(path), "", f"a member {member.name}", ALLOWED)
        if rows and rows[1] not in passing:  # sessions: backups of before hold them
            while some := list(islice(file, AT_ONCE)):
                connection.execute(insert(tables.tables[rows[1]]), [json.loads(line) for line in some])
        elif content and keep_file(database.evidence, member.name, file).sha256 != content[1] + content[2]:
            raise UnreadableFile(str(path), "", f"a changed content {member.name}", ALLOWED)
    migrate(connection, "head")


def _keep_key(path: Path, pem: bytes, database: Database) -> None:
    """The key that is there must be that of the log; where none is, its public half, which reads and cannot write."""
    if not database.key.exists():
        database.key.parent.mkdir(parents=True, exist_ok=True)
        database.key.write_bytes(pem)
    elif public_pem(read_public_key(database.key)).encode() != pem:
        raise BadValue(str(database.key), "", "another key", f"the key that signed the log of {path}")


def _checked(database: Database) -> Restored:
    with database.reading() as look:
        verdict = verify(look, read_public_key(database.key))
        faults = broken(database.evidence, cited(look))
    return Restored(database, verdict, faults, b"PRIVATE" in database.key.read_bytes())


def _named(path: Path, tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """The next member, which must be this one."""
    member = tar.next()
    file = tar.extractfile(member) if member is not None and member.isreg() and member.name == name else None
    if file is None:
        raise UnreadableFile(str(path), "", f"no {name} where it should stand", ALLOWED)
    return file


def _own(path: Path) -> IO[bytes]:
    """A new file that nobody else may read, from its first byte."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    tar.addfile(member, file)


def _words(failure: BaseException) -> str:
    return getattr(failure, "strerror", None) or f"what is no backup ({type(failure).__name__})"
