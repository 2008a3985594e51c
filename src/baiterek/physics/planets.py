"""Where the Earth, Mars and the Moon stand, in ICRF axes, from ERFA's shipped theories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.constants import ASTRONOMICAL_UNIT_M
from baiterek.physics.frames import terrestrial_time

Array = NDArray[np.float64]

DAY_S = 86400.0
MARS = 4


def earth_from_sun(utc: datetime) -> tuple[Array, Array]:
    """Position in m and velocity in m/s (ERFA epv00, after VSOP2000: some 10 km, 5 mm/s from 1900 to 2100)."""
    import erfa

    heliocentric, _ = erfa.epv00(*terrestrial_time(utc))
    return _si(heliocentric)


def mars_from_sun(utc: datetime) -> tuple[Array, Array]:
    """Position in m and velocity in m/s (ERFA plan94, Simon et al. 1994: 17 arcsec and 7700 km at most, 1800 to 2050)."""
    import erfa

    return _si(erfa.plan94(*terrestrial_time(utc), MARS))


def moon_from_earth(utc: datetime) -> tuple[Array, Array]:
    """Position in m and velocity in m/s (ERFA moon98, Meeus after ELP-2000/82: 10 arcsec, 30 km)."""
    import erfa

    return _si(erfa.moon98(*terrestrial_time(utc)))


def _si(pv: Any) -> tuple[Array, Array]:
    return pv["p"] * ASTRONOMICAL_UNIT_M, pv["v"] * ASTRONOMICAL_UNIT_M / DAY_S
