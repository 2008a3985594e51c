"""Where a spent stage may stay: the protected regions and the graveyard of the IADC guidelines (IADC-02-01 Rev. 3)."""

from __future__ import annotations

import numpy as np

from baiterek.constants import (
    GRAVEYARD_RAISE_M,
    PROTECTED_GEO_HALF_WIDTH_M,
    PROTECTED_LEO_ALTITUDE_M,
    GRAVEYARD_RAISE_M_kg_m2,
)
from baiterek.physics.formula import formula
from baiterek.physics.transfer import apsis_speed, hohmann


@formula
def stationary_radius(mu_m3_s2, rotation_rad_s):
    """Radius in m of the circle whose motion keeps pace with the ground: (mu / omega^2)^(1/3); J2 adds 0.5 km."""
    return np.exp(np.log(mu_m3_s2 / (rotation_rad_s * rotation_rad_s)) / 3.0)


@formula
def deorbit_speed(perigee_radius_m, apogee_radius_m, lowered_radius_m, mu_m3_s2):
    """Impulse in m/s at apogee that lowers the perigee: the difference of `transfer.apsis_speed`. Negative upwards."""
    before = apsis_speed(apogee_radius_m, perigee_radius_m, mu_m3_s2)
    return before - apsis_speed(apogee_radius_m, lowered_radius_m, mu_m3_s2)


@formula
def graveyard_speed(radius_m, raise_m, mu_m3_s2):
    """Both impulses in m/s of a Hohmann transfer from a circle to one that much higher."""
    first, second = hohmann(radius_m, radius_m + raise_m, mu_m3_s2)
    return first + second


@formula
def graveyard_raise(area_m2_kg, reflectivity):
    """Least height in m of a graveyard's perigee above the geostationary circle: 235 km + 1000 km C_R A/m.

    IADC-02-01 Rev. 3, section 5.3.1; for eccentricities up to 0.003. `area_m2_kg` is area over mass, `reflectivity` the
    coefficient of solar radiation pressure, 1 to 2.
    """
    return GRAVEYARD_RAISE_M + GRAVEYARD_RAISE_M_kg_m2 * reflectivity * area_m2_kg


@formula
def stationary_clearance(perigee_radius_m, apogee_radius_m, mu_m3_s2, rotation_rad_s):
    """How far in m an orbit passes above or below the protected shell of +-200 km about the geostationary circle.

    Negative where it enters the shell. The region also ends at 15 deg of latitude, which is left out here: an orbit
    that is clear of the shell is clear of the region.
    """
    middle = stationary_radius(mu_m3_s2, rotation_rad_s)
    above = perigee_radius_m - (middle + PROTECTED_GEO_HALF_WIDTH_M)
    below = middle - PROTECTED_GEO_HALF_WIDTH_M - apogee_radius_m
    return np.fmax(above, below)


@formula
def low_orbit_clearance(perigee_radius_m, radius_m):
    """How far in m a perigee lies above the protected region of low orbits (altitudes to 2000 km); negative inside,
    where a spent stage must come down within 25 years."""
    return perigee_radius_m - radius_m - PROTECTED_LEO_ALTITUDE_M
