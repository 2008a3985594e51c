"""Everybody who is due is told what happened since they were last told; a target that fails is tried again, later and later."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from baiterek.campaign.log.chain import Event
from baiterek.campaign.log.change import now
from baiterek.campaign.log.database import Database
from baiterek.campaign.log.tables import EVENT
from baiterek.campaign.notices.records import Channel, Subscription
from baiterek.campaign.notices.settings import Settings
from baiterek.campaign.notices.tables import DELIVERY
from baiterek.campaign.notices.transports import Notice, Undelivered, post, send_mail
from baiterek.campaign.rows import reading

AT_ONCE = 200
"""Events of one notice."""
WINDOW = 20_000
"""Events that one look searches through."""
LEASE_s = 300
LONGEST_WAIT_s = 6 * 3600
Say = Callable[[Subscription, Sequence[Event]], tuple[str, str]]
"""Subject and text of a notice in the language of its subscription."""


class Told(NamedTuple):
    """What became of a notice."""

    subscription: str
    events: int
    failure: str
    """Empty where it was delivered."""


class Account(NamedTuple):
    """How a subscription stands."""

    subscription: Subscription
    told: int
    attempts: int
    next_at: str
    told_at: str
    failure: str


def accounts(connection: Connection) -> list[Account]:
    """Every subscription, and how far it was told."""
    rows = {row.subscription: row for row in connection.execute(select(DELIVERY))}
    return [
        Account(one, *(getattr(rows[one.id], name) for name in Account._fields[1:]))
        for one in reading.every(connection, Subscription)
    ]


def deliver(database: Database, settings: Settings, say: Say, at: str = "") -> list[Told]:
    """One round over all that are due; each is marked as being told first, so that two rounds do not tell it twice."""
    instant = at or now()
    with database.reading() as look:
        due = [one for one in accounts(look) if one.subscription.active and one.next_at <= instant]
        found = [(one, *_since(look, one)) for one in due]
    told = []
    for one, events, last in found:
        if not _claimed(database, one, instant):
            continue
        failure = _send(settings, one.subscription, events, say, instant) if events else ""
        _noted(database, one, last, instant, failure)
        if events:
            told.append(Told(one.subscription.id, len(events), failure))
    return told


def _since(look: Connection, one: Account) -> tuple[list[Event], int]:
    """Events after the last that it was told of, and up to which the log was searched."""
    tail = reading.tail(look)
    last = min(tail.seq if tail else 0, one.told + WINDOW)
    query = select(*EVENT.c).where(EVENT.c.seq > one.told, EVENT.c.seq <= last, EVENT.c.entity.in_(one.subscription.topics))
    rows = [Event(*row) for row in look.execute(query.order_by(EVENT.c.seq))]
    wanted = [event for event in rows if not one.subscription.own or _part(event) in (one.subscription.part, None)]
    if len(wanted) > AT_ONCE:
        return wanted[:AT_ONCE], wanted[AT_ONCE - 1].seq
    return wanted, last


def _part(event: Event) -> str | None:
    return json.loads(event.after).get("part")


def _claimed(database: Database, one: Account, instant: str) -> bool:
    """Whether nobody else tells it just now."""
    until = _later(instant, LEASE_s)
    mine = (DELIVERY.c.subscription == one.subscription.id, DELIVERY.c.next_at == one.next_at, DELIVERY.c.told == one.told)
    with database.unlogged() as connection:
        return connection.execute(update(DELIVERY).where(*mine).values(next_at=until)).rowcount == 1


def _send(settings: Settings, to: Subscription, events: Sequence[Event], say: Say, instant: str) -> str:
    """Why it was not delivered; empty where it was."""
    subject, text = say(to, events)
    body = {"subscription": to.id, "events": [_plain(event) for event in events]}
    notice = Notice(f"{to.id.replace('/', '-')}-{events[-1].seq}", subject, text, json.dumps(body, ensure_ascii=False).encode())
    try:
        if to.channel is Channel.MAIL:
            if settings.mail is None:
                raise Undelivered("no server of mail is set")
            send_mail(settings.mail, to.target, notice)
        else:
            if settings.webhook is None:
                raise Undelivered("no secret of webhooks is set")
            post(settings.webhook, to.target, notice, instant)
    except Undelivered as failure:
        return str(failure)
    return ""


def _plain(event: Event) -> dict[str, object]:
    kept = ("seq", "at", "role", "part", "action", "entity", "entity_id", "reason", "hash")
    return {name: getattr(event, name) for name in kept}


def _noted(database: Database, one: Account, last: int, instant: str, failure: str) -> None:
    if failure:
        wait = min(60 * 2**one.attempts, LONGEST_WAIT_s)
        values = {"attempts": one.attempts + 1, "next_at": _later(instant, wait), "failure": failure}
    else:
        values = {"told": last, "attempts": 0, "next_at": "", "failure": "", "told_at": instant}
    with database.unlogged() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.subscription == one.subscription.id).values(**values))


def _later(instant: str, seconds: int) -> str:
    at = datetime.fromisoformat(instant).astimezone(UTC) + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
