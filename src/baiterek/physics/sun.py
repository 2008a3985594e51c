"""Where the Sun stands, and the node of an orbit whose local solar time is given."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from baiterek.physics.frames import earth_orientation, greenwich_angle, terrestrial_time

DAY_S = 86400.0


def node_at_local_time(utc: datetime, local_time_s: float, apparent: bool = False) -> float:
    """Right ascension of a node in rad (TOD, 0..2 pi) that crosses the equator at that local time of day.

    Mean solar time is UT1 plus the longitude east of Greenwich (Explanatory Supplement to the Astronomical Almanac, 3rd
    ed., ch. 3), so node = Greenwich angle + (local time - UT1). Apparent solar time is the hour angle of the true Sun
    plus 12 h; the two differ by the equation of time, up to 16.5 minutes. The Sun moves on by 0.04 deg an hour.
    """
    turn = 2.0 * np.pi / DAY_S
    if apparent:
        return float((sun_right_ascension(utc) + (local_time_s - 0.5 * DAY_S) * turn) % (2.0 * np.pi))
    ut1_s = utc.hour * 3600.0 + utc.minute * 60.0 + utc.second + utc.microsecond * 1e-6
    ut1_s += earth_orientation(utc).ut1_utc_s
    return float((greenwich_angle(utc) + (local_time_s - ut1_s) * turn) % (2.0 * np.pi))


def sun_right_ascension(utc: datetime) -> float:
    """Apparent right ascension of the Sun in rad, true equator and equinox of date (ERFA epv00, pnm06a; to 1 arcsec)."""
    import erfa

    tt = terrestrial_time(utc)
    heliocentric, barycentric = erfa.epv00(*tt)
    # Aberration: the velocity of the Earth in units of that of light (AULT is the light time of 1 au in s).
    direction = -heliocentric["p"] / np.linalg.norm(heliocentric["p"]) + barycentric["v"] * erfa.AULT / DAY_S
    of_date = erfa.pnm06a(*tt) @ direction
    return float(np.arctan2(of_date[1], of_date[0]) % (2.0 * np.pi))
