"""Integrated Global Radiosonde Archive, version 2: the period-of-record and year-to-date text files, unpacked.

Source: NOAA NCEI, "IGRA v2.2 Format Description: Sounding Data" (igra2-data-format.txt, 19 January 2023): fixed columns,
heights in geopotential m, wind in tenths of m/s and degrees; -9999 missing, -8888 removed by quality assurance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import pairwise
from math import radians

from baiterek.catalogue.fields import Place
from baiterek.catalogue.soundings.sounding import SAME_LEVEL_M, Level, Report

HEADER = re.compile(r"#[A-Z0-9]{11} \d{4} ")
PRESSURE, HEIGHT, DIRECTION, SPEED = (9, 15), (16, 21), (40, 45), (46, 51)
"""Columns of a level's numbers: PRESS, GPH, WDIR, WSPD."""
ABSENT = (-9999, -8888)
UNKNOWN_HOUR = 99
FORM = "IGRA v2"


def is_mine(lines: Sequence[str]) -> bool:
    """Whether the first line is a header of the archive."""
    first = next((line for line in lines if line.strip()), "")
    return HEADER.match(first) is not None


def reports(lines: Sequence[str], place: Place) -> list[Report]:
    """Every ascent of the file that has levels; one that has fewer than its header says raises `BadValue`."""
    heads = [k for k, line in enumerate(lines) if line.startswith("#")]
    found = []
    for start, end in pairwise([*heads, len(lines)]):
        body = [(k, lines[k]) for k in range(start + 1, end) if lines[k].strip()]
        if not body:
            continue
        station, utc, said = _header(lines[start], start + 1, place)
        if len(body) != said:
            key = f"line {start + 1}, NUMLEV"
            raise place.bad(key, f"{said} levels announced, {len(body)} there", "a whole ascent")
        found.append(Report(FORM, station, utc, partial(_levels, body, place), True))
    if not found:
        raise place.bad("", "headers without levels", "an ascent with its levels")
    return found


def _levels(body: list[tuple[int, str]], place: Place) -> list[Level]:
    """Levels by height: the archive gives those with a pressure first, then those whose height alone is known.

    Each of the two must rise by itself. A level of the second within the rounding of one of the first gives way to it.
    """
    read = [_level(line, k + 1, place) for k, line in body]
    known = [level for level in read if level.height_m is not None and level.speed_m_s is not None]
    pressed, free = ([level for level in known if (level.pressure_Pa is None) is alone] for alone in (False, True))
    heights = [level.height_m for level in pressed]
    free = [level for level in free if all(abs(level.height_m - height) > SAME_LEVEL_M for height in heights)]  # type: ignore[operator]
    rest = [level for level in read if level not in pressed and level not in free]
    return [*merge(pressed, free, key=lambda level: level.height_m), *(level._replace(height_m=None) for level in rest)]  # type: ignore[arg-type, return-value]


def _header(line: str, number: int, place: Place) -> tuple[str, datetime | None, int]:
    """Station, nominal hour in UTC (by the release where there is none), number of levels."""
    try:
        year, month, day, hour, release, levels = (int(line[a:b]) for a, b in
            ((13, 17), (18, 20), (21, 23), (24, 26), (27, 31), (32, 36)))  # fmt: skip
        hour = release // 100 if hour == UNKNOWN_HOUR else hour
        utc = None if hour == UNKNOWN_HOUR else datetime(year, month, day, tzinfo=UTC) + timedelta(hours=hour)
    except ValueError:
        allowed = "# with station, year, month, day, hour, release and number of levels in the columns of IGRA v2"
        raise place.bad(f"line {number}", line, allowed) from None
    return line[1:12].strip(), utc, levels


def _level(line: str, number: int, place: Place) -> Level:
    pressure, height, direction, speed = (
        _field(line, columns, f"line {number}, {name}", place)
        for columns, name in ((PRESSURE, "PRESS"), (HEIGHT, "GPH"), (DIRECTION, "WDIR"), (SPEED, "WSPD"))
    )
    return Level(
        number,
        height,
        None if speed is None else 0.1 * speed,
        None if direction is None else radians(direction),
        pressure,
    )


def _field(line: str, columns: tuple[int, int], key: str, place: Place) -> float | None:
    text = line[columns[0] : columns[1]]
    try:
        value = int(text)
    except ValueError:
        allowed = f"a whole number in columns {columns[0] + 1} to {columns[1]}"
        raise place.bad(key, text.strip() or "nothing", allowed) from None
    return None if value in ABSENT else float(value)
