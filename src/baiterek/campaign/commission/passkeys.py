"""Passkeys: public halves of keys with which the owner of an account signs in. The pages check what such a key has signed."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from baiterek.campaign.commission.access import Action, Actor
from baiterek.campaign.commission.accounts import serving
from baiterek.campaign.commission.parts import Role
from baiterek.campaign.commission.records import Account, Passkey
from baiterek.campaign.commission.tables import PASSKEY_USE, SESSION
from baiterek.campaign.log.change import Change
from baiterek.campaign.log.database import Database
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused

WATCH = Actor("baiterek sign-in", Role.KEEPER, None)
"""As whom the record itself notes a key that was copied: two words, as no account is called."""
MOST = 20
"""Passkeys of one account."""


def fingerprint(credential: str) -> str:
    """What the record calls a passkey: its own name may be longer than a column."""
    return hashlib.sha256(credential.encode()).hexdigest()


def add(change: Change, passkey: Passkey, sign_count: int) -> Passkey:
    """Another key of one's own account; nobody adds one to another's, a keeper neither."""
    name = f"passkey {passkey.id[:12]}"
    if change.actor.name != passkey.account:
        raise Denied(name, because("only its owner adds a passkey to an account"))
    reading.get(change.connection, Account, passkey.account)
    if len(of(change.connection, passkey.account)) >= MOST:
        raise Refused(name, because("an account has {most} passkeys at most", most=MOST))
    made = change.create(replace(passkey, added_at=change.at), "", "register")
    change.connection.execute(insert(PASSKEY_USE).values(passkey=passkey.id, sign_count=sign_count, used=None))
    return made


def remove(change: Change, id: str, reason: str = "") -> Passkey:
    """By its owner or by a keeper; it opens nothing any more, and whoever is signed in to that account is signed out."""
    there = reading.get(change.connection, Passkey, id)
    name = f"passkey {id[:12]}"
    if change.actor.name != there.account:
        change.allow(Action.KEEP, None, name)
    if there.removed_at is not None:
        raise Refused(name, because("it was removed already"))
    change.connection.execute(delete(SESSION).where(SESSION.c.account == there.account))
    return change.update(replace(there, removed_at=change.at), reason, "remove")


def of(connection: Connection, account: str) -> list[Passkey]:
    """Those that open an account today, the oldest first."""
    found = reading.every(connection, Passkey, account=account, removed_at=None)
    return sorted(found, key=lambda one: one.added_at)


def last_used(connection: Connection, account: str) -> dict[str, int | None]:
    """When each key of an account was used last, in seconds of the Unix clock."""
    ids = [one.id for one in of(connection, account)]
    query = select(PASSKEY_USE.c.passkey, PASSKEY_USE.c.used).where(PASSKEY_USE.c.passkey.in_(ids))
    return {row.passkey: row.used for row in connection.execute(query)}


def known(connection: Connection, credential: str) -> Passkey | None:
    """The passkey of that name, if it opens anything."""
    found = reading.find(connection, Passkey, fingerprint(credential))
    return found if found is not None and found.removed_at is None else None


def opened_by(database: Database, passkey: Passkey, sign_count: int, at: float | None = None) -> Account | None:
    """The account that a key opens, once its signature was checked; None where it serves nobody, or the key was copied.

    A key that counts must count up, whoever uses it and however many at once: what is signed twice, or by a copy, is refused
    and an event of the log (WebAuthn Level 3, 6.1.1). Many keys count nothing and always say 0.
    """
    counts_up = PASSKEY_USE.c.sign_count < sign_count if sign_count else PASSKEY_USE.c.sign_count == 0
    noted = update(PASSKEY_USE).where(PASSKEY_USE.c.passkey == passkey.id, counts_up)
    with database.unlogged() as connection:
        there = reading.find(connection, Passkey, passkey.id)
        account = serving(connection, passkey.account) if there is not None and there.removed_at is None else None
        if account is None:
            return None
        used = connection.execute(noted.values(sign_count=sign_count, used=int(at or time.time())))
    if used.rowcount == 1:
        return account
    _note_copy(database, passkey.id, sign_count)
    return None


def _note_copy(database: Database, id: str, sign_count: int) -> None:
    """Whose key it is, and who keeps the record, see it in the log; the key's owner decides what becomes of it."""
    with database.writing(WATCH) as change:
        last = change.connection.execute(select(PASSKEY_USE.c.sign_count).where(PASSKEY_USE.c.passkey == id)).scalar_one()
        why = f"the counter of the key says {sign_count} after {last}: there may be a copy of it"
        change.update(reading.get(change.connection, Passkey, id), why, "suspect")
