"""Addresses of the calendar: opened by an account for itself, ended by it or by a keeper; who has the secret reads, no more."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.accounts import serving
from baiterek.campaign.commission.records import Account
from baiterek.campaign.commission.sessions import new_secret
from baiterek.campaign.log.change import Change
from baiterek.campaign.notices.records import Feed
from baiterek.campaign.notices.subscribe import LANGUAGES
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused


class Opened(NamedTuple):
    """A new address, and its secret, which nobody is shown again."""

    feed: Feed
    secret: str


def open_feed(change: Change, language: str) -> Opened:
    """An address for one's own account; the one that it had before ends."""
    name = change.actor.name
    reading.get(change.connection, Account, name)
    if language not in LANGUAGES:
        raise Refused("calendar", because("{language} is none of {known}", language=language, known=", ".join(LANGUAGES)))
    before = of(change.connection, name)
    if before is not None:
        end(change, before.id, "another address was opened")
    secret = new_secret()
    return Opened(change.create(Feed(_hashed(secret), name, language, change.at), "", "register"), secret)


def end(change: Change, id: str, reason: str = "") -> Feed:
    """By its owner or by a keeper: it gives nothing any more."""
    there = reading.get(change.connection, Feed, id)
    if change.actor.name != there.account:
        change.allow(Action.KEEP, None, f"calendar {id[:12]}")
    if there.ended_at is not None:
        raise Refused(f"calendar {id[:12]}", because("it has ended already"))
    return change.update(replace(there, ended_at=change.at), reason, "remove")


def of(connection: Connection, account: str) -> Feed | None:
    """The address that an account has today."""
    return next(iter(reading.every(connection, Feed, account=account, ended_at=None)), None)


def read_with(connection: Connection, secret: str) -> Feed:
    """The address of a secret, while it lasts and its account serves."""
    found = reading.find(connection, Feed, _hashed(secret))
    if found is None or found.ended_at is not None or serving(connection, found.account) is None:
        raise Denied("calendar", because("this address gives no calendar: it was ended, or there never was one"))
    return found


def _hashed(secret: str) -> str:
    """The secret has 256 random bits: one round of SHA-256 keeps it."""
    return hashlib.sha256(b"calendar " + secret.encode()).hexdigest()
