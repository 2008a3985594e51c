"""What the first reader would wait for, done while the server starts: the signatures under protocols are verified once."""

from __future__ import annotations

import logging
from threading import Thread

from baiterek.campaign.log.database import Database
from baiterek.campaign.meetings import protocol, seals, signing
from baiterek.campaign.meetings.records import Meeting
from baiterek.campaign.rows import reading

NEWEST = 16
"""Meetings whose protocols are read ahead; the others wait for their first reader."""
LOG = logging.getLogger("baiterek.ahead")


def verify_ahead(database: Database) -> Thread:
    """In the background. Every reading computes the hashes again: only the verdict on the same bytes is remembered."""
    thread = Thread(target=_verify, args=(database,), name="ahead", daemon=True)
    thread.start()
    return thread


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
