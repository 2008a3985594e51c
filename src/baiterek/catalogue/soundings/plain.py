"""A plain CSV of altitude and wind: what a site's own system can write."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from math import atan2, hypot, isfinite, pi

from baiterek.catalogue.fields import Place
from baiterek.catalogue.soundings.sounding import Level, Report
from baiterek.catalogue.units import si_key

COLUMNS = "altitude_m or geopotential_m (or _km), with east_m_s and north_m_s, or with speed_m_s (or speed_knot) and from_deg"
HEIGHTS = ("altitude_m", "geopotential_m")
WINDS = (("east_m_s", "north_m_s"), ("speed_m_s", "from_rad"))
OTHER = ("pressure_Pa", "pressure_hPa", "temperature_K", "temperature_C")
"""Columns that are allowed and left alone, but for the pressure."""
FORM = "CSV"


def is_mine(lines: Sequence[str]) -> bool:
    """Whether the first line that is no comment has commas."""
    return any("," in line for line in lines if line.strip() and not line.startswith("#"))


def reports(lines: Sequence[str], place: Place) -> list[Report]:
    """The one ascent of the file. Comments `# utc = 2026-12-15T06:00:00Z` and `# station = NAME` say when and where."""
    about = dict(_remark(line) for line in lines if line.startswith("#") and "=" in line)
    rows = [(k, line) for k, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    number, head = rows[0]
    header = [si_key(cell.strip()) for cell in next(csv.reader([head]))]
    names = [name for name, _ in header]
    height, wind = _chosen(names, number, head, place)
    levels = []
    for k, line in rows[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            raise place.bad(f"line {k}", line, f"{len(header)} cells, as in the line of names")
        values = {
            name: _number(cell.strip(), factor, f"line {k}, {name}", place)
            for cell, (name, factor) in zip(cells, header, strict=True)
        }
        levels.append(_level(k, values, height, wind))
    return [Report(FORM, about.get("station", ""), _utc(about.get("utc"), place), lambda: levels, height == "geopotential_m")]


def _chosen(names: list[str], number: int, head: str, place: Place) -> tuple[str, tuple[str, str]]:
    """The columns of height and wind; every other must be known, and none may come twice."""
    heights = [name for name in HEIGHTS if name in names]
    winds = [pair for pair in WINDS if set(pair) <= set(names)]
    known = {*heights, *OTHER, *(winds[0] if len(winds) == 1 else ())}
    strange = [name for name in names if name not in known]
    if len(heights) != 1 or len(winds) != 1 or strange or len(set(names)) != len(names):
        raise place.bad(f"line {number}", head, COLUMNS)
    return heights[0], winds[0]


def _level(line: int, values: dict[str, float | None], height: str, wind: tuple[str, str]) -> Level:
    one, other = (values[name] for name in wind)
    if wind[0] == "east_m_s" and one is not None and other is not None:
        one, other = hypot(one, other), atan2(-one, -other) % (2.0 * pi)
    pressure = values.get("pressure_Pa", values.get("pressure_hPa"))
    return Level(line, values[height], one, other, pressure)


def _number(cell: str, factor: float, key: str, place: Place) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise place.bad(key, cell, "a finite number, or nothing")
    return value * factor


def _remark(line: str) -> tuple[str, str]:
    name, _, value = line.lstrip("# ").partition("=")
    return name.strip().lower(), value.strip()


def _utc(text: str | None, place: Place) -> datetime | None:
    if text is None:
        return None
    allowed = "a date and time with its offset, such as 2026-12-15T06:00:00Z"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise place.bad("utc", text, allowed) from None
    if found.tzinfo is None:
        raise place.bad("utc", text, allowed)
    return found.astimezone(UTC)
