"""Subscriptions told in the background, while the server runs: a thread of its own, which no page waits for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from baiterek.campaign.log.database import Database
from baiterek.campaign.notices.deliver import deliver
from baiterek.campaign.notices.settings import Settings
from baiterek.reports.notice import say

EVERY_s = 30.0
LOG = logging.getLogger("baiterek.notices")


@contextmanager
def telling(database: Database, settings: Settings | None, every_s: float = EVERY_s) -> Iterator[None]:
    """Tell whoever is due every so often; nobody without settings."""
    if settings is None:
        yield
        return
    stop = Event()
    thread = Thread(target=_rounds, args=(database, settings, stop, every_s), name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(every_s)


def _rounds(database: Database, settings: Settings, stop: Event, every_s: float) -> None:
    while not stop.wait(every_s):
        try:
            deliver(database, settings, say)
        except Exception:  # a round that fails must not end the thread: the next one may succeed
            LOG.exception("a round of notices failed")
