"""The plane of a spacecraft in orbit, from its two-line elements by SGP4."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baiterek.catalogue.fields import Place

TLE_AGE_MAX_DAYS = 30.0
"""A manoeuvre that raises the Space Station by 5 km changes the rate of its node by 0.013 deg a day: 0.4 deg in a month."""
LINES = "two lines of 69 characters of one spacecraft, numbered 1 and 2, with their check digits"


def plane_of(lines: tuple[str, ...], utc: datetime | None, place: Place) -> tuple[float, float]:
    """Inclination and right ascension of the node in rad (TOD) at `utc`: the mean elements of SGP4.

    Spacetrack Report No. 3 as revised by Vallado et al., AIAA 2006-6753 (library `sgp4`). Its axes are true equator and
    mean equinox; the equation of the equinoxes leads to the true one. Good to some 0.01 deg for a fresh set of elements.
    """
    assert utc is not None
    _check(lines, place)
    from sgp4.api import SGP4_ERRORS, Satrec, jday

    from baiterek.physics.frames import equation_of_equinoxes

    satellite = Satrec.twoline2rv(*(line.rstrip() for line in lines))
    year = satellite.epochyr + (2000 if satellite.epochyr < 57 else 1900)
    epoch = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=satellite.epochdays - 1.0)
    age = abs((utc - epoch) / timedelta(days=1))
    if age > TLE_AGE_MAX_DAYS:
        raise place.bad("tle", f"elements {age:.0f} days from lift-off", f"at most {TLE_AGE_MAX_DAYS:g} days")
    error, *_ = satellite.sgp4(*jday(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second))
    if error:
        raise place.bad("tle", SGP4_ERRORS.get(error, f"error {error} of SGP4"), "elements of an orbit that stays up")
    return float(satellite.im), float(satellite.Om + equation_of_equinoxes(utc))


def _check(lines: tuple[str, ...], place: Place) -> None:
    from sgp4.io import verify_checksum

    whole = len(lines) == 2 and all(
        line.isascii() and len(line.rstrip()) == 69 and line.startswith(f"{k} ") for k, line in enumerate(lines, 1)
    )
    if not whole or lines[0][2:7] != lines[1][2:7]:
        raise place.bad("tle", list(lines), LINES)
    try:
        verify_checksum(*(line.rstrip() for line in lines))
        numbers = (lines[0][18:32], lines[1][8:16], lines[1][17:25], "0." + lines[1][26:33], lines[1][52:63])
        values = [float(text) for text in numbers]
    except ValueError:
        raise place.bad("tle", "a wrong check digit, or a field that is no number", LINES) from None
    if values[-1] <= 0.0 or not 1.0 <= values[0] % 1000.0 < 367.0:
        raise place.bad("tle", "a day or a mean motion that cannot be", LINES)
