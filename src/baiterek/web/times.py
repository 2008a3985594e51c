"""One instant on the clocks of those who read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from baiterek.reports.language import later

CLOCKS = (
    (later("Baikonur"), timezone(timedelta(hours=5))),
    (later("Astana"), timezone(timedelta(hours=5))),
    (later("Moscow"), timezone(timedelta(hours=3))),
)
"""UTC+5 in all of Kazakhstan since 1 March 2024, UTC+3 in Moscow since 26 October 2014 (tz database, releases 2024a and 2014f):
no event of the record is older."""


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def clocks(instant: datetime) -> list[tuple[str, str]]:
    """Place and time there; the day where it is another one than in UTC."""
    shown = []
    for place, zone in CLOCKS:
        there = instant.astimezone(zone)
        same = there.date() == instant.astimezone(UTC).date()
        shown.append((place, there.strftime("%H:%M" if same else "%d.%m %H:%M")))
    return shown
