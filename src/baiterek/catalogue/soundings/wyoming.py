"""University of Wyoming, Department of Atmospheric Science: the text list, as a page or its text alone, and the CSV.

The list has columns of seven characters under a line of names and a line of units, by which the wind is in knots (SKNT,
until 2025) or in m/s (SPED); heights are geopotential metres; what is missing is blank.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from math import radians

from baiterek.catalogue.fields import Place
from baiterek.catalogue.soundings.sounding import Level, Report
from baiterek.constants import KNOT_M_S

WIDTH = 7
SPEEDS = {("SKNT", "knot"): KNOT_M_S, ("SPED", "m/s"): 1.0}
"""Name and unit of the column of the speed -> m/s."""
UNITS = {"PRES": "hPa", "HGHT": "m", "DRCT": "deg"}
CSV_COLUMNS = ("pressure_hPa", "geopotential height_m", "wind direction_degree", "wind speed_m/s")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TITLE = re.compile(
    r"(?:<H2>)?\s*(.*?)\s*Observations?(?: for Station (\S+))? at (\d\d?)\s*(?:Z|UTC) (\d\d?) ([A-Z][a-z]{2}) (\d{4})"
)
FORM, FORM_CSV = "University of Wyoming text list", "University of Wyoming CSV"


def is_mine(lines: Sequence[str]) -> bool:
    """Whether the file has a line of the list's names, or the header of the CSV."""
    return any(_names(line) for line in lines) or _is_csv(lines)


def reports(lines: Sequence[str], place: Place) -> list[Report]:
    """Every ascent of the file."""
    if _is_csv(lines):
        return [_csv(lines, place)]
    starts = [k for k, line in enumerate(lines) if _names(line)]
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        station, utc = _title(lines, start)
        found.append(Report(FORM, station, utc, partial(_list, lines, start, end, place), True))
    return found


def _names(line: str) -> list[str]:
    """The names of the columns, where this is their line."""
    names = line.split()
    return names if {"PRES", "TEMP"} <= set(names) else []


def _title(lines: Sequence[str], start: int) -> tuple[str, datetime | None]:
    """Station and hour, from the last title above the table; unknown where the file has the table alone."""
    for line in reversed(lines[:start]):
        found = TITLE.search(line)
        if found:
            station, number, hour, day, month, year = found.groups()
            try:
                utc = datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), tzinfo=UTC)
            except ValueError:
                return station or number or "", None
            return re.sub(r"<.*?>", "", station).strip() or number or "", utc
    return "", None


def _list(lines: Sequence[str], start: int, end: int, place: Place) -> list[Level]:
    names = _names(lines[start])
    factor = _speed_factor(names, lines[start + 1] if start + 1 < end else "", start + 1, place)
    wanted = ["PRES", "HGHT", "DRCT", "SKNT" if "SKNT" in names else "SPED"]
    columns = [names.index(name) for name in wanted]
    levels: list[Level] = []
    for k in range(start + 2, end):
        line = lines[k]
        if line.startswith(("-", "=")) or not line.strip():
            continue
        if not re.match(r"\s*-?\d", line) or len(line) > WIDTH * len(names) + 1:
            break
        values = [_field(line, column, f"line {k + 1}, {name}", place) for column, name in zip(columns, wanted, strict=True)]
        pressure, height, direction, speed = values
        levels.append(
            Level(
                k + 1,
                height,
                None if speed is None else speed * factor,
                None if direction is None else radians(direction),
                None if pressure is None else 100.0 * pressure,
            )
        )
    return levels


def _speed_factor(names: list[str], units_line: str, number: int, place: Place) -> float:
    """m/s of a unit of the speed, by the name and the unit of its column, which must agree."""
    for name in ("HGHT", "DRCT"):
        if name not in names:
            raise place.bad(f"line {number}", f"no column {name}: {' '.join(names)}", "PRES, HGHT, DRCT, and SKNT or SPED")
    units = dict(zip(names, units_line.split(), strict=False))
    for name, unit in UNITS.items():
        if units.get(name) != unit:
            raise place.bad(f"line {number + 1}, {name}", units.get(name, "no unit"), f"the unit {unit}")
    speeds = [(name, units.get(name, "no unit")) for name in names if name in ("SKNT", "SPED")]
    if len(speeds) != 1 or speeds[0] not in SPEEDS:
        found = "no column of the speed" if not speeds else ", ".join(f"{name} in {unit}" for name, unit in speeds)
        raise place.bad(f"line {number + 1}, speed", found, "one of SKNT in knot and SPED in m/s")
    return SPEEDS[speeds[0]]


def _field(line: str, column: int, key: str, place: Place) -> float | None:
    return _number(line[WIDTH * column : WIDTH * (column + 1)].strip(), key, place)


def _number(text: str, key: str, place: Place) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise place.bad(key, text, "a number, or blank") from None


def _is_csv(lines: Sequence[str]) -> bool:
    return bool(lines) and lines[0].startswith("time,") and "geopotential height" in lines[0]


def _csv(lines: Sequence[str], place: Place) -> Report:
    names = [name.strip() for name in next(csv.reader(lines[:1]))]
    missing = [name for name in CSV_COLUMNS if name not in names]
    if missing:
        raise place.bad("line 1", f"no column {missing[0]!r}", ", ".join(CSV_COLUMNS))
    columns = [names.index(name) for name in CSV_COLUMNS]
    levels, utc = [], None
    for k, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != len(names):
            raise place.bad(f"line {k}", f"{len(cells)} cells", f"{len(names)}, as in the first line")
        pressure, height, direction, speed = (
            _number(cells[column], f"line {k}, {name}", place) for column, name in zip(columns, CSV_COLUMNS, strict=True)
        )
        utc = utc or _release(cells[names.index("time")])
        angle = None if direction is None else radians(direction)
        levels.append(Level(k, height, speed, angle, None if pressure is None else 100.0 * pressure))
    return Report(FORM_CSV, "", utc, lambda: levels, True)


def _release(cell: str) -> datetime | None:
    """Time of the first level, UTC."""
    try:
        return datetime.fromisoformat(cell).replace(tzinfo=UTC)
    except ValueError:
        return None
