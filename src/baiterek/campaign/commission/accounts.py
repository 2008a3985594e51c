"""Accounts: who may sign in, as what, with which password."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from threading import BoundedSemaphore

from sqlalchemy import Connection, delete, insert, select, update

from baiterek.campaign.commission.access import Action, Actor
from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Role
from baiterek.campaign.commission.records import Account, Membership
from baiterek.campaign.commission.tables import ACCOUNT, CREDENTIAL, SESSION
from baiterek.campaign.log.change import Change, now
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import BadValue, Refused

SHORTEST, LONGEST = 12, 1000
"""Characters of a password; at least 8 and no rule on their kinds is what NIST SP 800-63B asks for."""
NAME = re.compile(r"\w[\w.@+-]{0,63}")
"""What an account may be called: one word, so that nobody is taken for the user of the machine (`access.LOGIN`)."""
AT_ONCE = BoundedSemaphore(2)
"""Hashes computed at a time: each takes 64 MiB and a good part of a second on purpose."""


def add(change: Change, account: Account, password: str, reason: str = "") -> Account:
    """A new account; its membership, where it rests on one, must be of that role and part."""
    change.allow(Action.KEEP, None, f"account {account.id}")
    why = objection(change.connection, account)
    if why:
        raise Refused(f"account {account.id}", why)
    hashed = _hashed(account.id, password)
    made = change.create(account, reason)
    change.connection.execute(insert(CREDENTIAL).values(account=account.id, password=hashed))
    return made


def objection(connection: Connection, account: Account) -> str | None:
    """Why there can be no such account."""
    if not NAME.fullmatch(account.id):
        return because("an account is called by one word of at most 64 letters, digits and . @ + - _")
    if (account.role is Role.KEEPER) != (account.part is None):
        return because("a keeper belongs to no part, everybody else to one")
    if account.membership is None:
        return None
    office = reading.get(connection, Membership, account.membership)
    if (office.role, office.part) != (account.role, account.part):
        return because("membership {id} is {role}:{part}", id=office.id, role=office.role, part=office.part)
    return None


def set_password(change: Change, id: str, password: str, reason: str = "") -> Account:
    """Another password, by its owner or by a keeper; whoever is signed in with the old one is signed out."""
    if change.actor.name != id:
        change.allow(Action.KEEP, None, f"account {id}")
    account = reading.get(change.connection, Account, id)
    hashed = _hashed(id, password)
    changed = change.update(account, reason, "password")
    change.connection.execute(update(CREDENTIAL).where(CREDENTIAL.c.account == id).values(password=hashed))
    change.connection.execute(delete(SESSION).where(SESSION.c.account == id))
    return changed


def activate(change: Change, id: str, active: bool, reason: str) -> Account:
    """Close an account, whose owner is signed out at once, or open it again."""
    change.allow(Action.KEEP, None, f"account {id}")
    account = reading.get(change.connection, Account, id)
    change.connection.execute(delete(SESSION).where(SESSION.c.account == id))
    return change.update(replace(account, active=active), reason, "reopen" if active else "close")


def verified(connection: Connection, id: str, password: str) -> Account | None:
    """The account of that name and password; takes as long where there is none, and says no more."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    stored = connection.execute(select(CREDENTIAL.c.password).where(CREDENTIAL.c.account == id)).scalar()
    with AT_ONCE:
        try:
            _hasher().verify(stored or _nobodys(), password[:LONGEST])
        except (VerifyMismatchError, InvalidHashError):
            return None
    return serving(connection, id) if stored else None


def serving(connection: Connection, id: str) -> Account | None:
    """The account, if it is active and its membership in force today (UTC)."""
    account = reading.find(connection, Account, id)
    if account is None or not account.active:
        return None
    if account.membership is not None and not in_force(reading.get(connection, Membership, account.membership), now()[:10]):
        return None
    return account


def actor_of(account: Account) -> Actor:
    """As whom an account acts."""
    return Actor(account.id, account.role, account.part, account.membership)


def any_serving(connection: Connection) -> bool:
    """Whether anybody can sign in."""
    ids = connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.active)).scalars().all()
    return any(serving(connection, id) is not None for id in ids)


def _hashed(id: str, password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST or password.casefold() == id.casefold():
        raise BadValue("password", "", f"{len(password)} characters", f"{SHORTEST} to {LONGEST}, not the name itself")
    with AT_ONCE:
        return _hasher().hash(password)


@cache
def _hasher():  # type: ignore[no-untyped-def]
    """Argon2id with the parameters of RFC 9106's second recommendation: 64 MiB, three passes, four lanes."""
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
