"""The flight corridor that 14 CFR 420 App. A draws around a launch azimuth: a polygon wide enough for the whole class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from baiterek.constants import NAUTICAL_MILE_M
from baiterek.errors import BadValue
from baiterek.physics.geodesic import geodesic_leg, geodesic_point
from baiterek.physics.overflight import CF_nm, DE_nm, HI_nm, LINES_nm
from baiterek.safety.ground import Shape

Array = NDArray[np.float64]
ARC_POINTS = 13
"""On the circle behind the pad."""


def flight_corridor(
    latitude_rad: float, longitude_rad: float, azimuth_rad: float, vehicle: str, reach_nm: float = HI_nm
) -> Array:
    """Vertices in rad, latitude and longitude, of the corridor of a guided orbital vehicle: closed, clockwise from the left.

    A half circle of D_max behind the pad, then the ends of the lines CF, DE and HI, across the azimuth at 10, 100 and
    5000 nm; `reach_nm` cuts the corridor short. `vehicle` is a class of the regulation; Soyuz-5 is "large".
    """
    if vehicle not in LINES_nm:
        raise BadValue("flight corridor", "vehicle", vehicle, ", ".join(LINES_nm))
    if not CF_nm <= reach_nm <= HI_nm:
        raise BadValue("flight corridor", "reach_nm", reach_nm, f"{CF_nm:g} to {HI_nm:g}")
    d_max, _, *lines = LINES_nm[vehicle]
    ranges = [each for each in (CF_nm, DE_nm) if each < reach_nm] + [reach_nm]
    halves = np.interp(ranges, (CF_nm, DE_nm, HI_nm), 0.5 * np.array(lines))
    pad = (latitude_rad, longitude_rad)
    behind = [_at(*pad, azimuth_rad + angle, d_max) for angle in _arc()]
    left, right = ([_across(pad, azimuth_rad, far, side * half) for far, half in zip(ranges, halves)] for side in (-1.0, 1.0))
    ring = np.array([*left, *right[::-1], *behind])
    return np.concatenate([ring, ring[:1]])


def _arc() -> Array:
    """Bearings from the azimuth, round the back from the right to the left."""
    return np.linspace(0.5 * np.pi, 1.5 * np.pi, ARC_POINTS)


def _at(latitude_rad: float, longitude_rad: float, bearing_rad: float, range_nm: float) -> tuple[float, float]:
    reached = geodesic_point(latitude_rad, longitude_rad, bearing_rad, range_nm * NAUTICAL_MILE_M, Shape)
    return float(reached.latitude_rad), float(reached.longitude_rad)


def _across(pad: tuple[float, float], azimuth_rad: float, range_nm: float, half_nm: float) -> tuple[float, float]:
    """The end of a line square to the geodesic of the azimuth at a range; positive to the right."""
    here = _at(*pad, azimuth_rad, range_nm)
    course = float(geodesic_leg(*here, *pad, Shape).bearing_rad) + np.pi
    return _at(*here, course + np.copysign(0.5 * np.pi, half_nm), abs(half_nm))
