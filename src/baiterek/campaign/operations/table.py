"""A campaign as a table, and how its times are written: L-3d 08:00, 2d 6h."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from baiterek.campaign.operations.plan import Plan, Slot
from baiterek.campaign.rows.entities import as_row
from baiterek.campaign.sheets import write_table

DAY_min = 1440
COLUMNS = (
    "number", "id", "name_en", "name_ru", "name_kk", "part", "organisation", "from_lift_off", "start_utc", "end_utc",
    "duration_min", "total_float_min", "free_float_min", "critical", "state", "started_at", "ended_at", "resources", "excludes",
    "after", "hazards", "procedure", "source", "reason", "remark", "example",
)  # fmt: skip


def count(minutes: int) -> str:
    """Minutes from lift-off as the campaign counts: L-3d 08:00, L-00:30, L+1d 00:00."""
    days, rest = divmod(abs(minutes), DAY_min)
    sign = "-" if minutes < 0 else "+"
    return f"L{sign}{f'{days}d ' if days else ''}{rest // 60:02}:{rest % 60:02}"


def lasts(minutes: int) -> str:
    """A duration: 2d 6h, 40m, 0m."""
    days, rest = divmod(minutes, DAY_min)
    words = [f"{value}{unit}" for value, unit in ((days, "d"), (rest // 60, "h"), (rest % 60, "m")) if value]
    return " ".join(words) or "0m"


def as_cells(one: Slot, found: Plan) -> dict[str, Any]:
    """An operation by its columns, as plain values."""
    row = as_row(one.operation)
    at = {}
    for name, minutes in (("start_utc", one.start_min), ("end_utc", one.end_min)):
        at[name] = (found.lift_off + timedelta(minutes=minutes)).isoformat() if found.lift_off else None
    held = {"total_float_min": one.times.total_float, "free_float_min": one.times.free_float, "critical": one.times.critical}
    values = {**row, **at, **held, "from_lift_off": count(one.start_min), "duration_min": one.end_min - one.start_min}
    return {name: values[name] for name in COLUMNS}


def write_slots(path: Path, found: Plan) -> None:
    """The operations of a campaign as a table, CSV or XLSX by the name's end."""
    write_table(path, COLUMNS, [[_text(value) for value in as_cells(one, found).values()] for one in found.slots])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
