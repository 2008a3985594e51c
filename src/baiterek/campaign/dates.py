"""Dates with their precision, written as people know them: 2028, 2026-H1, 2026-Q1, 2026-03, 2026-03-15, 2026-03-15T09:00Z."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Precision(StrEnum):
    """How exactly a date is known, the coarsest first."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


class Span(NamedTuple):
    """Between which days a date lies, both included."""

    first: date
    last: date
    precision: Precision


WRITTEN = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d\d)(?:-(\d\d)(T\d\d:\d\d(?::\d\d)?Z)?)?))?")
ALLOWED = "a date with its precision: 2028, 2026-H1, 2026-Q1, 2026-03, 2026-03-15 or 2026-03-15T09:00Z"


def span(text: str) -> Span | None:
    """The days of a date; None where the text is none."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, half, quarter, month, day, time = found.groups()
    try:
        if day:
            if time:
                datetime.fromisoformat(text)
            one = date(int(year), int(month), int(day))
            return Span(one, one, Precision.TIME if time else Precision.DAY)
        if month:
            return Span(date(int(year), int(month), 1), _end(int(year), int(month)), Precision.MONTH)
        if quarter:
            return Span(date(int(year), 3 * int(quarter) - 2, 1), _end(int(year), 3 * int(quarter)), Precision.QUARTER)
        if half:
            return Span(date(int(year), 6 * int(half) - 5, 1), _end(int(year), 6 * int(half)), Precision.HALF)
        return Span(date(int(year), 1, 1), date(int(year), 12, 31), Precision.YEAR)
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
