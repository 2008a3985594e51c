"""Identities that a provider of sign-ins (OpenID Connect) vouches for, each bound by a keeper to an account that is there.

By issuer and subject alone, which a provider never gives to anybody else (OpenID Connect Core, 2 and 5.7); an e-mail address
changes hands, and providers differ in what "verified" means. Nothing here makes an account.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sqlalchemy import Connection, delete

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.accounts import serving
from baiterek.campaign.commission.records import Account, Identity
from baiterek.campaign.commission.tables import SESSION
from baiterek.campaign.log.change import Change
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

LONGEST = 255
"""Characters of a subject, and of an issuer here."""


def fingerprint(issuer: str, subject: str) -> str:
    """What the record calls an identity. No issuer has a line's end in it."""
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def bind(change: Change, account: str, issuer: str, subject: str, reason: str = "") -> Identity:
    """From now on whoever the issuer calls `subject` opens `account`. An identity opens one account; one may have several."""
    id = fingerprint(issuer, subject)
    name = f"identity {id[:12]}"
    change.allow(Action.KEEP, None, name)
    reading.get(change.connection, Account, account)
    for text in (issuer, subject):
        if not 0 < len(text) <= LONGEST or not text.isprintable():
            raise Refused(name, because("issuer and subject are lines of 1 to {longest} characters", longest=LONGEST))
    there = reading.find(change.connection, Identity, id)
    if there is None:
        return change.create(Identity(id, account, issuer, subject), reason, "bind")
    if there.removed_at is None:
        raise Refused(name, because("it is bound to account {account} already", account=there.account))
    return change.update(replace(there, account=account, removed_at=None), reason, "bind")


def unbind(change: Change, id: str, reason: str = "") -> Identity:
    """It opens nothing any more, and whoever is signed in to its account is signed out."""
    name = f"identity {id[:12]}"
    change.allow(Action.KEEP, None, name)
    there = reading.get(change.connection, Identity, id)
    if there.removed_at is not None:
        raise Refused(name, because("it was removed already"))
    change.connection.execute(delete(SESSION).where(SESSION.c.account == there.account))
    return change.update(replace(there, removed_at=change.at), reason, "remove")


def of(connection: Connection, account: str) -> list[Identity]:
    """Those that open an account today."""
    return reading.every(connection, Identity, account=account, removed_at=None)


def opened_by(connection: Connection, issuer: str, subject: str) -> Account | None:
    """The account that an identity opens, if it serves today."""
    found = reading.find(connection, Identity, fingerprint(issuer, subject))
    return serving(connection, found.account) if found is not None and found.removed_at is None else None
