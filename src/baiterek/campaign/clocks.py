"""Instants on the clocks of those who read them; the record itself holds UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from baiterek.errors import BadValue

CLOCKS = {"utc": "UTC", "baikonur": "Asia/Qyzylorda", "astana": "Asia/Almaty", "moscow": "Europe/Moscow"}
"""What people say -> the zone of the tz database that keeps its clock, with every change that its law made: Astana was at UTC+6
until 1 March 2024."""
SIGNS = {"utc": "UTC", "baikonur": "Baikonur", "astana": "Astana", "moscow": "Moscow"}


def shown(instant: str, clock: str = "utc") -> str:
    """An instant of the record as that clock shows it, to the second, with its name."""
    there = datetime.fromisoformat(instant).astimezone(ZoneInfo(CLOCKS[clock]))
    return f"{there:%Y-%m-%d %H:%M:%S} {SIGNS[clock]}"


def read_clock(text: str, key: str) -> str:
    """Which clock is meant."""
    if text.lower() not in CLOCKS:
        raise BadValue("command line", key, text, ", ".join(CLOCKS))
    return text.lower()


def read_instant(text: str, key: str, file: str = "command line") -> str:
    """An instant as the record writes it; a time that does not say on which clock is refused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadValue(file, key, text, "an instant with its offset: 2026-03-01T10:00+05:00, or ...Z in UTC")
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
