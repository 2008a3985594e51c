"""Subscriptions: entered and ended by a keeper, for an office."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from sqlalchemy import insert

from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Role
from baiterek.campaign.log.change import Change
from baiterek.campaign.notices.records import Channel, Subscription
from baiterek.campaign.notices.tables import DELIVERY
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ENTITIES, ID
from baiterek.errors import Refused

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,180}")
LANGUAGES = ("en", "ru", "kk")


def subscribe(change: Change, asked: Subscription, reason: str = "") -> Subscription:
    """An office is told from now on; of what was before, nothing."""
    name = f"subscription {asked.id}"
    change.allow(Action.KEEP, None, name)
    why = _objection(asked)
    if why:
        raise Refused(name, why)
    made = change.create(replace(asked, active=True), reason, "subscribe")
    tail = reading.tail(change.connection)
    row = {"subscription": made.id, "told": tail.seq if tail else 0, "attempts": 0, "next_at": "", "told_at": "", "failure": ""}
    change.connection.execute(insert(DELIVERY).values(row))
    return made


def end(change: Change, id: str, reason: str, revision: int | None = None) -> Subscription:
    """It is told nothing any more."""
    there = reading.get(change.connection, Subscription, id)
    change.allow(Action.KEEP, None, f"subscription {id}")
    change.unchanged(there, revision)
    if not there.active or not reason.strip():
        why = because("a reason is needed") if there.active else because("it has ended already")
        raise Refused(f"subscription {id}", why)
    return change.update(replace(there, active=False), reason, "unsubscribe")


def _objection(asked: Subscription) -> str | None:
    if not ID.fullmatch(asked.id):
        return because("an id has letters, digits and . _ / - only, at most 64")
    if (asked.role is Role.KEEPER) != (asked.part is None):
        return because("a keeper belongs to no part, everybody else to one")
    if asked.language not in LANGUAGES:
        return because("{language} is none of {known}", language=asked.language, known=", ".join(LANGUAGES))
    stray = next((one for one in asked.topics if one not in ENTITIES), None)
    if stray or not asked.topics:
        return because("{topic} is no kind of record: {known}", topic=stray or "-", known=", ".join(ENTITIES))
    if asked.channel is Channel.MAIL:
        return None if ADDRESS.fullmatch(asked.target) else because("{target} is no address of e-mail", target=asked.target)
    return None if _is_url(asked.target) else because("{target} is no address of the web: https://...", target=asked.target)


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and (url.port or 443) > 0 and not url.username
    except ValueError:
        return False
