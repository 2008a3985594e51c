"""What the first reader would wait for, done while the server starts: signatures are verified, open campaigns placed, once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from baiterek.campaign.log.database import Database
from baiterek.campaign.meetings import protocol, seals, signing
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.operations.records import Campaign, CampaignState
from baiterek.campaign.rows import reading
from baiterek.web.pages.campaigns import Plans, looked_at

NEWEST = 16
"""So many meetings have their protocols read ahead, so many campaigns are placed; the others wait for their first reader."""
LOG = logging.getLogger("baiterek.ahead")


def verify_ahead(database: Database) -> Thread:
    """In the background. Every reading computes the hashes again: only the verdict on the same bytes is remembered."""
    return _begun(_verify, database)


def plan_ahead(database: Database, plans: Plans) -> Thread:
    """In the background. Every reading asks what has changed since: only that is made anew."""
    return _begun(_plan, database, plans)


def _begun(work: Callable[..., None], *arguments: Any) -> Thread:
    thread = Thread(target=work, args=arguments, name="ahead", daemon=True)
    thread.start()
    return thread


def _plan(database: Database, plans: Plans) -> None:
    try:
        with database.reading() as look:
            campaigns = reading.every(look, Campaign, state=CampaignState.OPEN)
        for one in campaigns[:NEWEST]:
            looked_at(database, plans, one.id)
    except Exception:  # whoever reads it will be told what is wrong
        LOG.exception("campaigns could not be placed ahead")


def _verify(database: Database) -> None:
    if not seals.can_be_made():
        return
    try:
        with database.reading() as look:
            held = sorted((one for one in reading.every(look, Meeting) if one.issued), key=lambda one: one.begins_at)
        for meeting in reversed(held[-NEWEST:]):
            with database.reading() as look:
                issued = protocol.last(look, meeting)
                if issued is not None:
                    signing.standing(look, database.evidence, issued)
    except Exception:  # whoever reads it will be told what is wrong
        LOG.exception("protocols could not be read ahead")
