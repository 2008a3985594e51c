"""The flight corridor that 14 CFR 420 App. A draws around a launch azimuth: a polygon wide enough for the whole class."""

from __future__ import annotations

from typing import NamedTuple

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


CLASS = "large"
"""Of the regulation, for any launcher here: the widest corridor."""


class CutOff(NamedTuple):
    """How far to the side the impact point may go at an instant, if nothing shall come down beside the corridor."""

    t_s: float
    range_m: float
    half_m: float
    """From the axis to the corridor's edge."""
    debris_m: float
    """To the side, from the nominal impact point: what comes down after a failure at this instant."""
    allowed_m: float
    """The half width less that; zero where the debris of a failure itself reaches the edge."""
    left_rad: tuple[float, float]
    right_rad: tuple[float, float]


def flight_azimuth(latitude_rad: float, longitude_rad: float, trace_rad: Array) -> float:
    """Bearing from the pad to where the trace of the impact point, rows of latitude and longitude, is 100 nm off (or ends)."""
    leg = geodesic_leg(latitude_rad, longitude_rad, trace_rad[:, 0], trace_rad[:, 1], Shape)
    far = np.flatnonzero(np.asarray(leg.range_m) >= DE_nm * NAUTICAL_MILE_M)
    return float(np.asarray(leg.bearing_rad)[far[0] if len(far) else -1])


def half_width_m(range_m: float, vehicle: str = CLASS) -> float:
    """Of the corridor at a range: straight between its lines CF, DE and HI; that of CF from there back to the pad."""
    lines = 0.5 * np.array(LINES_nm[vehicle][2:])
    return float(np.interp(range_m / NAUTICAL_MILE_M, (CF_nm, DE_nm, HI_nm), lines) * NAUTICAL_MILE_M)


def along_and_across(
    latitude_rad: float, longitude_rad: float, azimuth_rad: float, latitudes_rad: Array, longitudes_rad: Array
) -> tuple[Array, Array]:
    """Metres along an azimuth from the pad and to its right, on a sphere under ranges and bearings of the ellipsoid."""
    leg = geodesic_leg(latitude_rad, longitude_rad, latitudes_rad, longitudes_rad, Shape)
    angle, off = np.asarray(leg.range_m) / Shape.radius_m, np.asarray(leg.bearing_rad) - azimuth_rad
    across = np.arcsin(np.sin(angle) * np.sin(off))
    return Shape.radius_m * np.arctan2(np.sin(angle) * np.cos(off), np.cos(angle)), Shape.radius_m * across


def cut_off(
    pad_rad: tuple[float, float], azimuth_rad: float, t_s: float, nominal_rad: tuple[float, float], debris_m: float
) -> CutOff:
    """The limits at an instant whose nominal impact point is known, and how far debris comes down to its side."""
    along, _ = along_and_across(*pad_rad, azimuth_rad, *(np.array([each]) for each in nominal_rad))
    half = half_width_m(float(along[0]))
    allowed = max(half - debris_m, 0.0)
    far_nm = float(along[0]) / NAUTICAL_MILE_M
    left, right = (_across(pad_rad, azimuth_rad, far_nm, side * allowed / NAUTICAL_MILE_M) for side in (-1.0, 1.0))
    return CutOff(t_s, float(along[0]), half, debris_m, allowed, left, right)


def flight_corridor(
    latitude_rad: float,
    longitude_rad: float,
    azimuth_rad: float,
    vehicle: str,
    reach_nm: float = HI_nm,
    step_nm: float = np.inf,
) -> Array:
    """Vertices in rad, latitude and longitude, of the corridor of a guided orbital vehicle: closed, clockwise from the left.

    A half circle of D_max behind the pad, then the ends of the lines CF, DE and HI, across the azimuth at 10, 100 and
    5000 nm; `reach_nm` cuts the corridor short, `step_nm` puts vertices between the lines, straight in range and crossrange.
    `vehicle` is a class of the regulation; Soyuz-5 is "large".
    """
    if vehicle not in LINES_nm:
        raise BadValue("flight corridor", "vehicle", vehicle, ", ".join(LINES_nm))
    if not CF_nm <= reach_nm <= HI_nm:
        raise BadValue("flight corridor", "reach_nm", reach_nm, f"{CF_nm:g} to {HI_nm:g}")
    d_max, _, *lines = LINES_nm[vehicle]
    ranges = sorted({each for each in (CF_nm, DE_nm, *np.arange(CF_nm, HI_nm, step_nm)[1:]) if each < reach_nm} | {reach_nm})
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
