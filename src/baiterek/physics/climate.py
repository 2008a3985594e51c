"""Air and wind of a place and a date from NRLMSIS 2.1, as tables: made once, before a flight is computed.

Source: Emmert et al. 2020, Earth and Space Science 7, e2020EA001321 (NRLMSIS 2.0) and 2022, JGR Space Physics 127,
e2022JA030896 (2.1), by the package pymsis. Solar and geomagnetic indices are always passed, so nothing is ever looked
up on a network.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from baiterek.constants import BOLTZMANN_J_K, EARTH_ROTATION_RAD_S, WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.errors import BadValue
from baiterek.physics.atmosphere import smooth_step
from baiterek.physics.table import Table, fitted_table, smooth_table

Array = NDArray[np.float64]

AIR_KNOTS_M = 1e3 * np.array(
    [-5, 1.5, 5.5, 8, 14, 23.5, 30, 40, 44, 60.5, 70.5, 75, 81.5, 85, 92, 96.5, 103, 111, 117.5, 124, 140, 170, 220,
     340, 510, 550, 750, 880, 1300]
)  # fmt: skip
"""Knots of air tables, the same for every place and date. The spline stays within 1 % of the density and of the
temperature of NRLMSIS from -1 to 1000 km (poles to equator, all seasons, F10.7 from 70 to 220)."""

UPPER_AIR_KNOTS_M = AIR_KNOTS_M[AIR_KNOTS_M >= 75e3]

WIND_KNOTS_M = 1e3 * np.array([0, 1.5, 4, 7, 10, 13, 16, 20, 25, 31, 38, 46, 54, 62, 70, 80, 90, 100])
"""Knots of wind tables, the same for every place and date: the spline stays within 0.5 m/s of the
balance below 50 km. Above 100 km the table is within 0.5 m/s of calm."""

SURFACE_WIND_FRACTION = 1.0 / 3.0
"""Wind over the ground as a part of the geostrophic wind there: friction, assumed."""
FRICTION_TOP_M = 1500.0
"""Height of the friction layer over the ellipsoid, assumed."""
WIND_FADES_M = (60e3, 90e3)
"""Between these altitudes the wind is faded out: tides rule there, and no force of the air is left."""

GEOSTROPHIC_LATITUDES_DEG = (15.0, 85.0)
"""Of either hemisphere: nearer to the equator the balance fails, nearer to the pole the differences leave the map."""
GEOSTROPHIC_STEP_DEG = 0.75
"""Half of the base of the centred pressure differences."""


@lru_cache(maxsize=1)
def standard_upper_air() -> tuple[Table, Table]:
    """ln(density in kg/m3) and temperature in K over geodetic altitude in m, 80 to 1000 km: the air above US76.

    NRLMSIS 2.1 at 45.9 N 63.6 E, mean of all months and hours, F10.7 = 150, Ap = 4 (data/upper_air.csv, written by
    builders/upper_air.py). Against US Standard Atmosphere 1976 its density is 19 % lower at 86 km and 17 % lower at
    92 km, its temperature 2.7 K higher and 1.6 K lower: that is the step which the join of `atmosphere` smooths out.
    """
    with resources.files("baiterek.physics").joinpath("data/upper_air.csv").open(encoding="utf-8") as file:
        altitude_m, ln_density, temperature_K = np.loadtxt(file, delimiter=",", comments="#", skiprows=5).T
    return (
        fitted_table(UPPER_AIR_KNOTS_M, altitude_m, ln_density),
        fitted_table(UPPER_AIR_KNOTS_M, altitude_m, temperature_K),
    )


def nrlmsis_air(
    latitude_rad: float,
    longitude_rad: float,
    when: datetime,
    f107: float = 150.0,
    f107a: float = 150.0,
    ap: float = 4.0,
) -> tuple[Table, Table]:
    """ln(density in kg/m3) and temperature in K over geodetic altitude in m, -1 to 1000 km, of one place and instant.

    Below the ellipsoid the law of the lowest 500 m goes on.
    """
    altitude_m = np.concatenate([np.arange(0.0, 130e3, 500.0), np.arange(130e3, 1001e3, 5e3)])
    density, _, temperature = _nrlmsis(latitude_rad, longitude_rad, when, altitude_m, f107, f107a, ap)
    below_m = np.array([-1000.0, -500.0])
    points = np.concatenate([below_m, altitude_m])
    tables = []
    for values in (np.log(density), temperature):
        slope = (values[1] - values[0]) / (altitude_m[1] - altitude_m[0])
        tables.append(fitted_table(AIR_KNOTS_M, points, np.concatenate([values[0] + slope * below_m, values])))
    return tables[0], tables[1]


def geostrophic_wind(
    latitude_rad: float,
    longitude_rad: float,
    when: datetime,
    f107: float = 150.0,
    f107a: float = 150.0,
    ap: float = 4.0,
) -> tuple[Table, Table]:
    """Wind towards the east and the north, m/s, over geodetic altitude in m: a climatological mean without weather.

    u = -dp/dy / (rho f), v = dp/dx / (rho f) (e.g. Holton, An Introduction to Dynamic Meteorology, eq. 2.23), with
    p = n k T of NRLMSIS 2.1 at equal geometric altitude and f = 2 omega sin(latitude). Gravity's own slope at equal
    altitude is ignored (u is 0.08 m/s too large per km of altitude). Friction and fade-out: see the constants above.
    """
    low, high = GEOSTROPHIC_LATITUDES_DEG
    latitude_deg = float(np.degrees(latitude_rad))
    if not low <= abs(latitude_deg) <= high:
        raise BadValue("geostrophic wind", "latitude_deg", latitude_deg, f"{low} to {high}, north or south")
    step = np.radians(GEOSTROPHIC_STEP_DEG)

    def pressure(north: float, east: float) -> Array:
        place = (latitude_rad + north * step, longitude_rad + east * step)
        return _nrlmsis(*place, when, WIND_KNOTS_M, f107, f107a, ap)[1]

    density = _nrlmsis(latitude_rad, longitude_rad, when, WIND_KNOTS_M, f107, f107a, ap)[0]
    coriolis = 2.0 * EARTH_ROTATION_RAD_S * np.sin(latitude_rad)
    e2 = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)
    w2 = 1.0 - e2 * np.sin(latitude_rad) ** 2
    meridian_m = WGS84_RADIUS_M * (1.0 - e2) / w2**1.5
    parallel_m = WGS84_RADIUS_M / w2**0.5 * np.cos(latitude_rad)
    east = -(pressure(1, 0) - pressure(-1, 0)) / (2.0 * step * meridian_m) / (density * coriolis)
    north = (pressure(0, 1) - pressure(0, -1)) / (2.0 * step * parallel_m) / (density * coriolis)
    start, end = WIND_FADES_M
    kept = 1.0 - smooth_step((WIND_KNOTS_M - start) / (end - start))
    kept *= SURFACE_WIND_FRACTION + (1.0 - SURFACE_WIND_FRACTION) * smooth_step(WIND_KNOTS_M / FRICTION_TOP_M)
    return smooth_table(WIND_KNOTS_M, kept * east), smooth_table(WIND_KNOTS_M, kept * north)


def _nrlmsis(
    latitude_rad: float, longitude_rad: float, when: datetime, altitude_m: Array, f107: float, f107a: float, ap: float
) -> tuple[Array, Array, Array]:
    """Density in kg/m3, pressure in Pa (n k T, all species) and temperature in K of NRLMSIS 2.1."""
    import pymsis

    for key, value in (("f107", f107), ("f107a", f107a), ("ap", ap)):
        if not (np.isfinite(value) and value >= 0.0):
            raise BadValue("NRLMSIS", key, value, "a number of 0 or more")
    if when.tzinfo is not None:
        when = when.astimezone(UTC).replace(tzinfo=None)
    result = pymsis.calculate(
        np.array([np.datetime64(when)]),
        [np.degrees(longitude_rad)],
        [np.degrees(latitude_rad)],
        np.asarray(altitude_m) / 1e3,
        [f107],
        [f107a],
        [[ap] * 7],
        version="2.1",
    ).reshape(len(altitude_m), -1)
    density, temperature = result[:, 0], result[:, 10]
    return density, np.nansum(result[:, 1:10], axis=1) * BOLTZMANN_J_K * temperature, temperature
