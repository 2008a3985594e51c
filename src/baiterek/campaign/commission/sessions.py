"""Who is signed in: a secret of the browser, of which the record keeps a hash; it ends when idle, and after a day's work.

The log does not hold sessions: they change nothing of the record.
"""

from __future__ import annotations

import hashlib
import secrets
import time

from sqlalchemy import delete, insert, select, update

from baiterek.campaign.commission.accounts import serving
from baiterek.campaign.commission.records import Account
from baiterek.campaign.commission.tables import SESSION
from baiterek.campaign.log.database import Database

IDLE_s = 2 * 3600
LONGEST_s = 12 * 3600
NOTED_s = 300
"""A visit is noted this often at most."""


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def open_session(database: Database, account: Account, at: float | None = None) -> str:
    """Sign an account in under a secret that nobody had before, and forget sessions that have ended."""
    secret, second = new_secret(), int(at or time.time())
    with database.unlogged() as connection:
        ended = (SESSION.c.seen < second - IDLE_s) | (SESSION.c.opened < second - LONGEST_s)
        connection.execute(delete(SESSION).where(ended))
        row = {"token_sha256": _hashed(secret), "account": account.id, "opened": second, "seen": second}
        connection.execute(insert(SESSION).values(row))
    return secret


def account_of(database: Database, secret: str, at: float | None = None) -> Account | None:
    """Who is signed in under a secret; None where it is unknown, has ended, or its account no longer serves."""
    second = int(at or time.time())
    with database.reading() as connection:
        row = connection.execute(select(SESSION).where(SESSION.c.token_sha256 == _hashed(secret))).first()
        if row is None or row.seen < second - IDLE_s or row.opened < second - LONGEST_s:
            return None
        account = serving(connection, row.account)
    if row.seen < second - NOTED_s:
        with database.unlogged() as connection:
            connection.execute(update(SESSION).where(SESSION.c.token_sha256 == row.token_sha256).values(seen=second))
    return account


def close_session(database: Database, secret: str) -> None:
    """Sign out: the secret opens nothing any more."""
    with database.unlogged() as connection:
        connection.execute(delete(SESSION).where(SESSION.c.token_sha256 == _hashed(secret)))


def _hashed(secret: str) -> str:
    """The secret has 256 random bits: one round of SHA-256 keeps it."""
    return hashlib.sha256(b"session " + secret.encode()).hexdigest()
