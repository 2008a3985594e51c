"""How J2 turns an orbit over hours and days: mean elements in, mean elements later out, without integration.

First order in J2 and secular only: valid for hours to weeks above the air; left out are J2^2 (a thousandth of each
rate), J3 and higher, the Sun, the Moon and drag. Short periods come back with `orbit.osculating_from_mean`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula
from baiterek.physics.orbit import half_turn, node_rate

NEWTON_STEPS = 12
CRITICAL_INCLINATION_RAD = float(np.arctan2(2.0, 1.0))
"""At which J2 leaves the perigee where it is: 5 sin^2 i = 4, 63.435 deg (and its supplement)."""


class Drift(NamedTuple):
    """Secular rates in rad/s."""

    raan_rad_s: Any
    argument_of_perigee_rad_s: Any
    mean_anomaly_rad_s: Any
    """The mean motion with its part from J2."""


class MeanAngles(NamedTuple):
    """What a coast changes of the mean elements, in rad, -pi..pi."""

    raan_rad: Any
    argument_of_perigee_rad: Any
    true_anomaly_rad: Any


@formula
def secular_drift(perigee_radius_m, apogee_radius_m, inclination_rad, mu_m3_s2, j2, radius_m):
    """`Drift` of node, perigee and mean anomaly by J2 (Vallado, 4th ed., eqs. 9-37, 9-39, 9-41; Brouwer 1959).

    d(node) = -3/2 n J2 (R/p)^2 cos i; d(perigee) = 3/4 n J2 (R/p)^2 (5 cos^2 i - 1);
    d(M) = n + 3/4 n J2 (R/p)^2 sqrt(1 - e^2) (3 cos^2 i - 1).
    """
    total = perigee_radius_m + apogee_radius_m
    ratio = radius_m * total / (2.0 * perigee_radius_m * apogee_radius_m)
    e = (apogee_radius_m - perigee_radius_m) / total
    mean_motion = np.sqrt(mu_m3_s2 * 8.0 / total) / total
    cos_i = np.cos(inclination_rad)
    c2 = cos_i * cos_i
    strength = 0.75 * mean_motion * j2 * ratio * ratio
    return Drift(
        node_rate(perigee_radius_m, apogee_radius_m, inclination_rad, mu_m3_s2, j2, radius_m),
        strength * (5.0 * c2 - 1.0),
        mean_motion + strength * np.sqrt(1.0 - e * e) * (3.0 * c2 - 1.0),
    )


@formula
def eccentric_anomaly(mean_anomaly_rad, eccentricity):
    """Solution of Kepler's equation M = E - e sin E for e below 0.98, M of any size: a fixed number of Newton steps.

    From E = M + e sin(M) / sqrt(1 - 2 e cos(M) + e^2), the angle at the empty focus (to second order in e), steps held
    within a radian.
    """
    m = half_turn(mean_anomaly_rad)
    sin_m = np.sin(m)
    e = m + eccentricity * sin_m / np.sqrt(1.0 - 2.0 * eccentricity * np.cos(m) + eccentricity * eccentricity)
    for _ in range(NEWTON_STEPS):
        step = (e - eccentricity * np.sin(e) - m) / (1.0 - eccentricity * np.cos(e))
        e = e - np.fmax(np.fmin(step, 1.0), -1.0)
    return e


@formula
def mean_from_true(true_anomaly_rad, eccentricity):
    """Mean anomaly in rad, -pi..pi and a little beyond (Vallado, 4th ed., eqs. 2-9, 2-14)."""
    beta = np.sqrt(1.0 - eccentricity * eccentricity)
    sin_e = beta * np.sin(true_anomaly_rad)
    e = np.arctan2(sin_e, eccentricity + np.cos(true_anomaly_rad))
    return e - eccentricity * np.sin(e)


@formula
def true_from_eccentric(eccentric_anomaly_rad, eccentricity):
    """True anomaly in rad, -pi..pi (Vallado, 4th ed., eq. 2-10)."""
    beta = np.sqrt(1.0 - eccentricity * eccentricity)
    return np.arctan2(beta * np.sin(eccentric_anomaly_rad), np.cos(eccentric_anomaly_rad) - eccentricity)


@formula
def coast(
    perigee_radius_m,
    apogee_radius_m,
    inclination_rad,
    raan_rad,
    argument_of_perigee_rad,
    true_anomaly_rad,
    duration_s,
    mu_m3_s2,
    j2,
    radius_m,
):
    """`MeanAngles` after a coast of any length, from mean elements; radii and inclination stay as they are."""
    rates = secular_drift(perigee_radius_m, apogee_radius_m, inclination_rad, mu_m3_s2, j2, radius_m)
    e = (apogee_radius_m - perigee_radius_m) / (apogee_radius_m + perigee_radius_m)
    anomaly = mean_from_true(true_anomaly_rad, e) + rates.mean_anomaly_rad_s * duration_s
    return MeanAngles(
        half_turn(raan_rad + rates.raan_rad_s * duration_s),
        half_turn(argument_of_perigee_rad + rates.argument_of_perigee_rad_s * duration_s),
        true_from_eccentric(eccentric_anomaly(anomaly, e), e),
    )
