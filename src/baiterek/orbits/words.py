"""Departures as people and programs read them."""

from __future__ import annotations

from datetime import UTC, datetime
from math import degrees
from typing import Any

from baiterek.errors import BadValue
from baiterek.orbits.escape import Departure

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)
"""Where the theories of the planets hold, with a flight and a search to spare."""


def read_date(text: str) -> datetime:
    """A date, or a date and time; UTC unless it says otherwise."""
    allowed = f"a date from {FIRST:%Y-%m-%d} to {LAST:%Y-%m-%d}, such as 2028-10-01"
    try:
        found = datetime.fromisoformat(text)
        date = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue("escape", "from", text, allowed) from None
    if not FIRST <= date <= LAST:
        raise BadValue("escape", "from", text, allowed)
    return date


def as_rows(window: list[Departure]) -> list[dict[str, Any]]:
    """Natural units, ready for JSON."""
    return [
        {
            "leaves": one.leaves.isoformat(),
            "arrives": one.arrives.isoformat(),
            "flight_days": round((one.arrives - one.leaves).total_seconds() / 86400.0, 3),
            "c3_km2_s2": one.c3_m2_s2 * 1e-6,
            "declination_deg": degrees(one.declination_rad),
            "right_ascension_deg": degrees(one.right_ascension_rad),
            "arrival_speed_km_s": None if one.arrival_speed_m_s is None else one.arrival_speed_m_s * 1e-3,
        }
        for one in window
    ]


def as_text(window: list[Departure]) -> str:
    """A line a day, and the cheapest day below."""
    if not window:
        return "no flight on these days"
    lines = ["leaves            arrives           days    C3, km2/s2  declination  right ascension, deg  arrival, km/s"]
    lines += [_line(row) for row in as_rows(window)]
    best = min(window, key=lambda one: one.c3_m2_s2)
    plane = f"an orbit plane with an inclination of at least {abs(degrees(best.declination_rad)):.2f} deg holds it"
    return "\n".join([*lines, "", f"least C3: {best.c3_m2_s2 * 1e-6:.2f} km2/s2 on {best.leaves:%Y-%m-%d}; {plane}"])


def _line(row: dict[str, Any]) -> str:
    arrival = "-" if row["arrival_speed_km_s"] is None else f"{row['arrival_speed_km_s']:.2f}"
    return (
        f"{row['leaves'][:16]}  {row['arrives'][:16]}  {row['flight_days']:6.1f}  {row['c3_km2_s2']:10.2f}  "
        f"{row['declination_deg']:11.2f}  {row['right_ascension_deg']:20.2f}  {arrival:>13}"
    )
