"""Wind profiles from a CSV file: altitude and either components or speed and direction."""

from __future__ import annotations

import csv
from itertools import pairwise
from math import cos, sin
from pathlib import Path

import numpy as np

from baiterek.catalogue.fields import Place
from baiterek.catalogue.units import si_key
from baiterek.errors import UnreadableFile
from baiterek.physics.table import Table, fitted_table, smooth_table, table_value

COLUMNS = "altitude_m with east_m_s and north_m_s, or with speed_m_s and from_deg (altitude_km serves too)"
MOST_KNOTS = 40
STRONGEST_M_S = 250.0
CLOSEST_M = 1.0


def read_wind(path: Path) -> tuple[Table, Table]:
    """Wind towards the east and the north, m/s, over geodetic altitude; a long sounding is fitted with 40 knots."""
    place = Place(str(path))
    rows = _rows(path)
    if not rows:
        raise place.bad("", "an empty file", COLUMNS)
    header = [si_key(cell.strip()) for cell in rows[0]]
    names = [name for name, _ in header]
    polar = {"altitude_m", "speed_m_s", "from_rad"}
    if sorted(names) not in (sorted(polar), ["altitude_m", "east_m_s", "north_m_s"]):
        raise place.bad("first line", ",".join(rows[0]), COLUMNS)
    columns: dict[str, list[float]] = {name: [] for name in names}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise place.bad(f"row {number}", ",".join(row), f"{len(header)} numbers")
        for cell, (name, factor) in zip(row, header, strict=True):
            columns[name].append(_number(cell, place, number, name) * factor)
    if polar == set(names):
        pairs = list(zip(columns["speed_m_s"], columns["from_rad"], strict=True))
        columns["east_m_s"] = [-speed * sin(angle) for speed, angle in pairs]
        columns["north_m_s"] = [-speed * cos(angle) for speed, angle in pairs]
    altitude = columns["altitude_m"]
    if len(altitude) < 2 or any(b - a < CLOSEST_M for a, b in pairwise(altitude)):
        raise place.bad("altitude_m", f"{len(altitude)} levels", f"two or more, ascending by {CLOSEST_M:g} m or more")
    if altitude[0] < -1000.0 or altitude[-1] > 200e3:
        raise place.bad("altitude_m", f"{altitude[0]:g} to {altitude[-1]:g} m", "-1 to 200 km")
    return _table(altitude, columns["east_m_s"], "east_m_s", place), _table(altitude, columns["north_m_s"], "north_m_s", place)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [row for row in csv.reader(file) if row and not row[0].lstrip().startswith("#")]
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(str(path), "", reason, "a CSV file with " + COLUMNS) from None


def _number(cell: str, place: Place, row: int, name: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise place.bad(f"row {row}, {name}", cell, "a finite number")
    return value


def _table(altitude_m: list[float], values: list[float], name: str, place: Place) -> Table:
    strongest = max(map(abs, values))
    if strongest > STRONGEST_M_S:
        raise place.bad(name, f"{strongest:g} m/s", f"at most {STRONGEST_M_S:g} m/s")
    points = np.array(altitude_m)
    if len(points) <= MOST_KNOTS:
        table = smooth_table(points, np.array(values))
    else:
        table = fitted_table(np.linspace(points[0], points[-1], MOST_KNOTS), points, np.array(values))
    fine = np.abs(table_value(np.linspace(points[0] - 1e3, points[-1] + 1e3, 1000), table)).max()
    if not fine <= 1.3 * strongest + 5.0:
        raise place.bad(name, f"a smooth curve that reaches {fine:.0f} m/s", "levels spaced more evenly")
    return table
