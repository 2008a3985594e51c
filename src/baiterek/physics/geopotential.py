"""From the height that a radiosonde reports to the height at which a vehicle flies."""

from __future__ import annotations

import numpy as np

from baiterek.constants import (
    EARTH_MU_M3_S2,
    EARTH_ROTATION_RAD_S,
    NORMAL_GRAVITY_EQUATOR_M_S2,
    NORMAL_GRAVITY_K,
    STANDARD_GRAVITY_M_S2,
    WGS84_FLATTENING,
    WGS84_RADIUS_M,
)
from baiterek.physics.formula import formula

CENTRIFUGAL_SHARE = EARTH_ROTATION_RAD_S**2 * WGS84_RADIUS_M**3 * (1.0 - WGS84_FLATTENING) / EARTH_MU_M3_S2
"""m of the ellipsoid: centrifugal over gravitational acceleration at the equator."""
ECCENTRICITY_2 = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)


@formula
def geometric_altitude(geopotential_m, sin_latitude):
    """Altitude in m along the normal of the ellipsoid of a geopotential height in m: work per mass over standard gravity.

    z = R H / (R g / g0 - H), with Somigliana's g of the latitude and R = a / (1 + f + m - 2 f sin^2), the radius that gives
    the free-air gradient of the WGS 84 ellipsoid (NGA.STND.0036, eqs. 4-1 and 4-3). Within 1 m to 50 km. The height of
    the geoid over the ellipsoid (-35 m at Baikonur) is ignored: soundings count from the mean sea level.
    """
    sine2 = sin_latitude * sin_latitude
    gravity = NORMAL_GRAVITY_EQUATOR_M_S2 * (1.0 + NORMAL_GRAVITY_K * sine2) / np.sqrt(1.0 - ECCENTRICITY_2 * sine2)
    radius = WGS84_RADIUS_M / (1.0 + WGS84_FLATTENING + CENTRIFUGAL_SHARE - 2.0 * WGS84_FLATTENING * sine2)
    return radius * geopotential_m / (radius * gravity / STANDARD_GRAVITY_M_S2 - geopotential_m)
