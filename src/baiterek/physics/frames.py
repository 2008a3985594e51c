"""Axes, and how to go from one to another at a date.

    axes    what they are                            what turns with them   what they ignore
    ------  ---------------------------------------  ---------------------  -----------------------------------------
    eci     inertial, of launch; z: pole of `fixed`  nothing                precession and nutation in flight: 5e-6
            at lift-off; x: such that Greenwich is                          deg in an hour, 0.6 m on the ground
            at apparent sidereal time at lift-off
    fixed   ITRF = WGS 84; z: its pole; x: its       the Earth              tides, plate motion
            meridian of Greenwich
    enu     east, north, up of the ellipsoid         the Earth              deflection of the vertical
    TOD     z: celestial intermediate pole of date;  the Earth's axis       nothing
            x: true equinox of date
    gcrf    ICRF axes, geocentric                    nothing                nothing

    from -> to      how                                          accuracy
    --------------  -------------------------------------------  ----------------------------------------------------
    eci -> fixed    turn by Greenwich angle + nominal rate       exact at lift-off; 1e-5 m an hour for the rate
    fixed -> enu    WGS 84 ellipsoid                             exact
    eci -> TOD      taken as equal                               polar motion: 0.5 arcsec, 15 m on the ground, 0.00015
                                                                 deg of inclination and node
    eci -> gcrf     IAU 2006/2000A, UT1, polar motion (IERS)     0.02 m on the ground (celestial pole offsets), and
                                                                 0.4 m for each ms of error in a predicted UT1

Inside, time is `t_s` since lift-off; UTC stands only here and at the edges. Functions that need the Earth's orientation
take it from the shipped IERS table, or, outside its range, from an explicit UT1-UTC (polar motion is then 0: 15 m).
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.errors import BadValue

Array = NDArray[np.float64]

MJD_0 = datetime(1858, 11, 17)
ARCSEC_RAD = np.pi / 648000.0
TABLE = "physics/data/earth_orientation.csv"


class EarthOrientation(NamedTuple):
    """Where the Earth stands and how its pole lies: IERS Conventions 2010."""

    ut1_utc_s: float
    polar_x_rad: float
    polar_y_rad: float


def greenwich_angle(utc: datetime, ut1_utc_s: float | None = None) -> float:
    """Greenwich apparent sidereal time in rad, 0..2 pi: IAU 2006/2000A (ERFA gst06a). A naive `utc` counts as UTC."""
    import erfa

    tt, ut1, _ = _times(utc, ut1_utc_s)
    return float(erfa.gst06a(*ut1, *tt))


def gcrf_from_launch(utc: datetime, ut1_utc_s: float | None = None) -> Array:
    """The matrix that turns components in `eci` axes of a lift-off at `utc` into GCRF components.

    At lift-off `eci` is `fixed` turned back by `greenwich_angle`, and `fixed` is reached from GCRF by precession,
    nutation, Earth rotation and polar motion (ERFA c2t06a: IERS Conventions 2010, ch. 5).
    """
    import erfa

    tt, ut1, orientation = _times(utc, ut1_utc_s)
    fixed_from_gcrf = erfa.c2t06a(*tt, *ut1, orientation.polar_x_rad, orientation.polar_y_rad)
    fixed_from_launch = erfa.rz(erfa.gst06a(*ut1, *tt), np.eye(3))
    return fixed_from_gcrf.T @ fixed_from_launch


def earth_orientation(utc: datetime) -> EarthOrientation:
    """UT1-UTC and polar motion at an instant, linear between the daily values of the shipped table."""
    days, ut1_utc_s, x_arcsec, y_arcsec = _orientation_table()
    day = _mjd(utc)
    if not days[0] <= day <= days[-1]:
        first, last = earth_orientation_range()
        allowed = f"{first:%Y-%m-%d} to {last:%Y-%m-%d} ({TABLE}), or give ut1_utc_s yourself"
        raise BadValue("Earth orientation", "utc", utc.isoformat(), allowed)
    return EarthOrientation(
        float(np.interp(day, days, ut1_utc_s)),
        float(np.interp(day, days, x_arcsec)) * ARCSEC_RAD,
        float(np.interp(day, days, y_arcsec)) * ARCSEC_RAD,
    )


def earth_orientation_range() -> tuple[datetime, datetime]:
    """First and last instant (UTC) of the shipped table; its end is a prediction."""
    days = _orientation_table()[0]
    first, last = (MJD_0 + timedelta(days=float(day)) for day in (days[0], days[-1]))
    return first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)


@lru_cache(maxsize=1)
def _orientation_table() -> Array:
    """Rows: MJD, UT1-UTC in s, polar x and y in arcsec."""
    with resources.files("baiterek").joinpath(TABLE).open(encoding="utf-8") as file:
        return np.loadtxt(file, delimiter=",", skiprows=4).T


def _naive(utc: datetime) -> datetime:
    return utc if utc.tzinfo is None else utc.astimezone(UTC).replace(tzinfo=None)


def _mjd(utc: datetime) -> float:
    return (_naive(utc) - MJD_0) / timedelta(days=1)


def _times(utc: datetime, ut1_utc_s: float | None) -> tuple[tuple[float, float], tuple[float, float], EarthOrientation]:
    """TT and UT1 as two-part Julian dates, and the orientation that was used."""
    import erfa

    orientation = earth_orientation(utc) if ut1_utc_s is None else EarthOrientation(ut1_utc_s, 0.0, 0.0)
    if ut1_utc_s is not None:
        first, last = earth_orientation_range()
        if first <= _naive(utc).replace(tzinfo=UTC) <= last:
            orientation = earth_orientation(utc)._replace(ut1_utc_s=ut1_utc_s)
    utc_2 = _julian(utc)
    with warnings.catch_warnings():
        # ERFA doubts leap seconds some years ahead; an explicit UT1-UTC is the answer to that doubt.
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        ut1 = erfa.utcut1(*utc_2, orientation.ut1_utc_s)
    return terrestrial_time(utc), ut1, orientation


def terrestrial_time(utc: datetime) -> tuple[float, float]:
    """TT as a two-part Julian date; leap seconds that are not announced yet are left out."""
    import erfa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        return erfa.taitt(*erfa.utctai(*_julian(utc)))  # type: ignore[no-any-return]


def equation_of_equinoxes(utc: datetime) -> float:
    """Right ascension in rad of the mean equinox on the true equator: apparent less mean sidereal time (ERFA ee06a)."""
    import erfa

    return float(erfa.ee06a(*terrestrial_time(utc)))


def _julian(utc: datetime) -> tuple[float, float]:
    import erfa

    when = _naive(utc)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", erfa.ErfaWarning)
        second = when.second + when.microsecond / 1e6
        return erfa.dtf2d("UTC", when.year, when.month, when.day, when.hour, when.minute, second)  # type: ignore[no-any-return]
