"""A file of any of the formats -> one sounding, in SI and over geodetic altitude."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import sin
from pathlib import Path

from baiterek.catalogue.fields import Place
from baiterek.catalogue.soundings import igra, plain, wyoming
from baiterek.catalogue.soundings.sounding import Report, Sounding, checked, components
from baiterek.errors import UnreadableFile
from baiterek.physics.geopotential import geometric_altitude

FORMATS = "a sounding: University of Wyoming text list or CSV, IGRA v2, or a CSV with " + plain.COLUMNS
LARGEST_BYTES = 50_000_000


def read_sounding(path: Path, latitude_rad: float, when: datetime | None = None) -> Sounding:
    """The sounding of a file; of several ascents the one whose hour is nearest to `when` (the last one without it).

    Geopotential heights become geodetic altitudes at `latitude_rad`. Raises `InputError` in one line.
    """
    place = Place(str(path))
    report = _nearest(_reports(_text(path), place), when)
    levels, left_out = checked(report, place)
    sine = sin(latitude_rad)
    altitudes, east, north = [], [], []
    for level in levels:
        assert level.height_m is not None and level.speed_m_s is not None and level.from_rad is not None
        high = float(geometric_altitude(level.height_m, sine)) if report.geopotential else level.height_m
        altitudes.append(high)
        towards = components(level.speed_m_s, level.from_rad)
        east.append(towards[0])
        north.append(towards[1])
    return Sounding(str(path), report.form, report.station, report.utc, tuple(altitudes), tuple(east), tuple(north), left_out)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableFile(str(path), "", f"{path.stat().st_size} bytes", f"at most {LARGEST_BYTES}")
        return path.read_text(encoding="utf-8-sig", errors="strict")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bytes that are no UTF-8 text"
        raise UnreadableFile(str(path), "", reason, FORMATS) from None


def _reports(text: str, place: Place) -> Sequence[Report]:
    """The ascents of a file, read by the format that its first lines show."""
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise place.bad("", "an empty file", FORMATS)
    for form in (igra, wyoming, plain):
        if form.is_mine(lines):
            return form.reports(lines, place)
    raise place.bad("line 1", lines[0], FORMATS)


def _nearest(reports: Sequence[Report], when: datetime | None) -> Report:
    """The ascent nearest in time; without times, or without an instant to be near to, the last."""
    timed = [report for report in reports if report.utc is not None]
    if when is None or not timed:
        return reports[-1]
    return min(timed, key=lambda report: abs((report.utc - when).total_seconds()))  # type: ignore[operator]
