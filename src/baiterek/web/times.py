"""One instant on the clocks of those who read it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from baiterek.campaign.clocks import CLOCKS
from baiterek.reports.language import later

PLACES = {"baikonur": later("Baikonur"), "astana": later("Astana"), "moscow": later("Moscow")}


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def from_seconds(second: int | None) -> datetime | None:
    """The instant of a second of the Unix clock, in UTC."""
    return None if second is None else datetime.fromtimestamp(second, UTC)


def clocks(instant: datetime) -> list[tuple[str, str]]:
    """Place and time there; the day where it is another one than in UTC."""
    shown = []
    for name, place in PLACES.items():
        there = instant.astimezone(ZoneInfo(CLOCKS[name]))
        same = there.date() == instant.astimezone(UTC).date()
        shown.append((place, there.strftime("%H:%M" if same else "%d.%m %H:%M")))
    return shown
