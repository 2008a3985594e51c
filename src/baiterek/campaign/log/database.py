"""Opening the record: an SQLite file by its path, PostgreSQL by its URL; reading it, and changing it under a lock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.log.chain import GENESIS
from baiterek.campaign.log.change import Change, now
from baiterek.campaign.log.signing import make_key, read_key, sign
from baiterek.campaign.log.tables import EVENT, TAIL
from baiterek.errors import BadValue, UnreadableFile

BUSY_ms = 30_000
"""How long a writer waits for the one before."""
MIGRATIONS = Path(__file__).parents[1] / "migrations"
ALLOWED = "a path of an SQLite file, or postgresql://USER@HOST/NAME"


@dataclass(frozen=True)
class Database:
    """An open record, its evidence and its key."""

    engine: Engine
    name: str
    """As messages call it: never with a password."""
    evidence: Path
    """Folder of the contents."""
    key: Path
    """File of the private key; only who writes needs it."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def unlogged(self) -> Iterator[Connection]:
        """A change of what is no part of the record: who is signed in, or tries to."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, actor: Actor) -> Iterator[Change]:
        """One change of any number of rows: all of it with its events and its signature, or nothing."""
        key = read_key(self.key)
        with self.unlogged() as connection:
            change = Change(connection, actor, key)
            yield change
            change.close()


def create(where: str, evidence: Path | None = None, key: Path | None = None) -> Database:
    """A new record with its tables and its key; an existing one is brought to this version's tables."""
    database = connect(where, evidence, key)
    if not database.key.exists():
        make_key(database.key)
    upgrade(database)
    _start_log(database)
    return database


def open_database(where: str, evidence: Path | None = None, key: Path | None = None) -> Database:
    """An existing record, whose tables must be those of this version."""
    if not _is_url(where) and not Path(where).is_file():
        raise UnreadableFile(where, "", "no such file", "a record that `baiterek record init` made")
    database = connect(where, evidence, key)
    found, newest = version(database), newest_version()
    if found != newest:
        raise UnreadableFile(
            database.name, "", f"tables of version {found or 'none'}", f"version {newest}: `baiterek record init` upgrades them"
        )
    return database


def version(database: Database) -> str | None:
    """The migration at which the tables stand."""
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except (OperationalError, DatabaseError) as failure:
        raise UnreadableFile(database.name, "", _reason(failure), ALLOWED) from None


def newest_version() -> str:
    """The last migration of this code."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that are missing, in one transaction."""
    try:
        with database.engine.connect() as connection:
            connection = connection.execution_options(writing=True)
            with connection.begin():
                migrate(connection, to)
    except (OperationalError, DatabaseError) as failure:
        raise UnreadableFile(database.name, "", _reason(failure), ALLOWED) from None


def migrate(connection: Connection, to: str) -> None:
    """The same in the transaction of whoever asks for it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _start_log(database: Database) -> None:
    """Sign the head of an empty log: whoever writes needs a row to lock, and a log without a tail was cut."""
    with database.engine.connect() as connection:
        connection = connection.execution_options(writing=True)
        with connection.begin():
            if connection.execute(select(TAIL)).first() is None and connection.execute(select(EVENT.c.seq)).first() is None:
                head: Any = sign(read_key(database.key), 0, GENESIS, now())._asdict()
                connection.execute(insert(TAIL).values(head))


def connect(where: str, evidence: Path | None = None, key: Path | None = None) -> Database:
    """The record of that name, whatever is there."""
    if not _is_url(where):
        path = Path(where)
        if not path.absolute().parent.is_dir():
            raise UnreadableFile(where, "", "no such folder", ALLOWED)
        evidence, key = evidence or path.with_name(path.name + ".evidence"), key or path.with_name(path.name + ".key")
        return Database(_sqlite(path), where, evidence, key)
    engine = _postgresql(where)
    name = engine.url.render_as_string(hide_password=True)
    for option, value in (("--evidence", evidence), ("--key", key)):
        if value is None:
            raise BadValue(
                name, option, "nothing", "a path: beside an SQLite file there is a default, on a server there is none"
            )
    assert evidence is not None and key is not None
    return Database(engine, name, evidence, key)


def _sqlite(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", json_deserializer=_parsed)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, not where the driver guesses
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_ms}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def _postgresql(where: str) -> Engine:
    try:
        import psycopg  # noqa: F401

        url = make_url(where)
    except (ArgumentError, ImportError):
        raise BadValue("--database", "", where.partition("://")[0] + "://...", ALLOWED) from None
    if url.get_backend_name() != "postgresql":
        raise BadValue("--database", "", url.get_backend_name(), ALLOWED)
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, json_deserializer=_parsed)


def _parsed(text: str | bytes) -> Any:
    """A JSON column. Most lists of the record are empty, and thousands of them are read at once."""
    return [] if text in ("[]", b"[]") else json.loads(text)


def _is_url(where: str) -> bool:
    return "://" in where


def _reason(failure: DatabaseError) -> str:
    return str(failure.orig or failure).strip().splitlines()[0]
