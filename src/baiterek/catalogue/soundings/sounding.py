"""The record of a sounding, and the checks that every format passes through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import atan2, cos, degrees, hypot, isfinite, pi, sin
from typing import NamedTuple

from baiterek.catalogue.fields import Place

STRONGEST_M_S, STRONGEST_ALOFT_M_S, ALOFT_M = 120.0, 250.0, 25e3
"""Wind below and above 25 km that no balloon has met (assumed): more of it is knots, or tenths, taken for m/s."""
WIDEST_GAP_M, WIDEST_GAP_ALOFT_M, GAP_ALOFT_FROM_M = 3000.0, 6000.0, 20e3
"""Farthest that two levels may be apart. Mandatory levels alone are within it: 850 to 700 to 500 hPa, 30 to 20 to 10 hPa."""
SAME_LEVEL_M = 10.0
"""Two levels of one pressure whose heights differ by less are one level told twice, as archives do."""
FEWEST_LEVELS = 5
LOWEST_M, HIGHEST_M = -1000.0, 60e3


class Level(NamedTuple):
    """A level as a file gives it, in SI; `None` where the file says nothing."""

    line: int
    height_m: float | None
    speed_m_s: float | None
    from_rad: float | None
    """Where the wind comes from, clockwise from north."""
    pressure_Pa: float | None = None


class Report(NamedTuple):
    """One ascent of a file, before it is checked."""

    form: str
    station: str
    utc: datetime | None
    levels: Callable[[], Sequence[Level]]
    """Reads them: an archive holds decades of ascents that nobody asks for."""
    geopotential: bool
    """Whether heights are geopotential metres."""


@dataclass(frozen=True)
class Sounding:
    """Wind over geodetic altitude, level by level: m/s towards the east and the north."""

    file: str
    form: str
    station: str
    utc: datetime | None
    altitude_m: tuple[float, ...]
    east_m_s: tuple[float, ...]
    north_m_s: tuple[float, ...]
    left_out: int
    """Levels of the file without a height or a wind, or told twice."""

    @property
    def strongest(self) -> tuple[float, float, float]:
        """The strongest wind: m/s, deg from which it blows, altitude in m."""
        k = max(range(len(self.altitude_m)), key=lambda i: hypot(self.east_m_s[i], self.north_m_s[i]))
        east, north = self.east_m_s[k], self.north_m_s[k]
        return hypot(east, north), degrees(atan2(-east, -north)) % 360.0, self.altitude_m[k]


def checked(report: Report, place: Place) -> tuple[list[Level], int]:
    """The levels that have height and wind, rising; how many were left out. Raises `BadValue` in one line."""
    kept: list[Level] = []
    levels = report.levels()
    for level in levels:
        if level.height_m is None or level.speed_m_s is None or level.from_rad is None:
            continue
        _check_values(level, place)
        if kept:
            if _told_twice(kept[-1], level):
                continue
            _check_step(kept[-1], level, place)
        kept.append(level)
    if len(kept) < FEWEST_LEVELS:
        raise place.bad("", f"{len(kept)} levels with height and wind", f"{FEWEST_LEVELS} or more")
    return kept, len(levels) - len(kept)


def _told_twice(one: Level, other: Level) -> bool:
    """Whether a level repeats the one before: the same pressure, as it is printed, within the rounding of heights."""
    assert one.height_m is not None and other.height_m is not None
    same = one.pressure_Pa is not None and one.pressure_Pa == other.pressure_Pa
    return same and abs(other.height_m - one.height_m) <= SAME_LEVEL_M


def _check_values(level: Level, place: Place) -> None:
    assert level.height_m is not None and level.speed_m_s is not None and level.from_rad is not None
    line = f"line {level.line}"
    if not (isfinite(level.height_m) and LOWEST_M <= level.height_m <= HIGHEST_M):
        raise place.bad(f"{line}, height", f"{level.height_m:g} m", f"{LOWEST_M / 1e3:g} to {HIGHEST_M / 1e3:g} km")
    if not -1e-9 <= level.from_rad <= 2.0 * pi + 1e-9:
        raise place.bad(f"{line}, direction", f"{degrees(level.from_rad):g} deg", "0 to 360 deg")
    most = STRONGEST_M_S if level.height_m < ALOFT_M else STRONGEST_ALOFT_M_S
    if not 0.0 <= level.speed_m_s <= most:
        allowed = f"0 to {most:g} m/s at this height (is the file in knots?)"
        raise place.bad(f"{line}, speed", f"{level.speed_m_s:g} m/s", allowed)


def _check_step(below: Level, level: Level, place: Place) -> None:
    assert below.height_m is not None and level.height_m is not None
    step = level.height_m - below.height_m
    if step <= 0.0:
        what = "a repeated level" if step == 0.0 else "a falling level"
        found = f"{what}: {level.height_m:g} m after {below.height_m:g} m of line {below.line}"
        raise place.bad(f"line {level.line}, height", found, "levels that rise")
    widest = WIDEST_GAP_M if below.height_m < GAP_ALOFT_FROM_M else WIDEST_GAP_ALOFT_M
    if step > widest:
        found = f"a gap of {step:.0f} m without wind above {below.height_m:g} m of line {below.line}"
        raise place.bad(f"line {level.line}, height", found, f"at most {widest:g} m between levels at this height")


def components(speed_m_s: float, from_rad: float) -> tuple[float, float]:
    """m/s towards the east and the north of a wind that comes from an azimuth."""
    return -speed_m_s * sin(from_rad), -speed_m_s * cos(from_rad)
