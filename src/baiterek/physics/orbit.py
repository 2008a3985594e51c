"""Orbits: elements from a state and a state from elements, osculating or mean."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.constants import TROPICAL_YEAR_S
from baiterek.physics.formula import formula

OPEN_ORBIT = 1e-9
"""Where r / a is below this, the apogee is reported as if it were this: some 2e9 times as far as the point."""


class Elements(NamedTuple):
    """Osculating elements in the axes of the state. Angles in rad: inclination 0..pi, the others -pi..pi.

    An equatorial orbit has its node on the x axis; a circular one has its perigee at the node. So the sum of the
    angles is right in every case, and a state made of the elements is the same again.
    """

    perigee_radius_m: Any
    apogee_radius_m: Any
    """Some 2e9 radii when the orbit is open."""
    eccentricity: Any
    inclination_rad: Any
    raan_rad: Any
    argument_of_perigee_rad: Any
    true_anomaly_rad: Any
    inverse_semi_major_axis_1_m: Any
    """1/a: negative for a hyperbola, 0 for a parabola."""


@formula
def half_turn(angle_rad):
    """The same angle within -pi..pi."""
    return np.arctan2(np.sin(angle_rad), np.cos(angle_rad))


@formula
def angular_momentum(x, y, z, vx, vy, vz):
    """r x v, m2/s."""
    return y * vz - z * vy, z * vx - x * vz, x * vy - y * vx


@formula
def eccentricity_vector(x, y, z, vx, vy, vz, mu_m3_s2):
    """Towards the perigee, as long as the eccentricity: (v x h) / mu - r / |r| (Vallado, 4th ed., eq. 2-78)."""
    hx, hy, hz = angular_momentum(x, y, z, vx, vy, vz)
    r = np.sqrt(x * x + y * y + z * z)
    return (
        (vy * hz - vz * hy) / mu_m3_s2 - x / r,
        (vz * hx - vx * hz) / mu_m3_s2 - y / r,
        (vx * hy - vy * hx) / mu_m3_s2 - z / r,
    )


@formula
def elements_from_state(x, y, z, vx, vy, vz, mu_m3_s2):
    """`Elements` of a state: Vallado, 4th ed., algorithm 9, with the angles from arctan2 in the axes of the orbit.

    Circular, equatorial, retrograde, radial and open orbits are all finite. A quantity that vanishes is kept off zero
    by 1e-14 of its scale, so gradients stay finite too (they are steep there: the angles themselves jump).
    """
    hx, hy, hz = angular_momentum(x, y, z, vx, vy, vz)
    ex, ey, ez = eccentricity_vector(x, y, z, vx, vy, vz, mu_m3_s2)
    r2 = x * x + y * y + z * z
    r = np.sqrt(r2)
    v2 = vx * vx + vy * vy + vz * vz
    tiny_h = 1e-14 * np.sqrt(mu_m3_s2 * r)
    h = np.sqrt(hx * hx + hy * hy + hz * hz + tiny_h * tiny_h)
    raan = np.arctan2(hx, tiny_h - hy)
    cos_node = np.cos(raan)
    sin_node = np.sin(raan)
    inclination = np.arctan2(np.sqrt(hx * hx + hy * hy + tiny_h * tiny_h), hz + tiny_h)
    # The second axis of the orbit plane: h x node, unit.
    bx = -hz * sin_node / h
    by = hz * cos_node / h
    bz = (hx * sin_node - hy * cos_node) / h
    eccentricity = np.sqrt(ex * ex + ey * ey + ez * ez + 1e-28)
    perigee = np.arctan2(ex * bx + ey * by + ez * bz, ex * cos_node + ey * sin_node + 1e-14)
    latitude = np.arctan2(x * bx + y * by + z * bz, x * cos_node + y * sin_node + 1e-14 * r)
    parameter = h * h / mu_m3_s2
    inverse_a = 2.0 / r - v2 / mu_m3_s2
    return Elements(
        parameter / (1.0 + eccentricity),
        r * (1.0 + eccentricity) / np.fmax(inverse_a * r, OPEN_ORBIT),
        eccentricity,
        inclination,
        raan,
        perigee,
        half_turn(latitude - perigee),
        inverse_a,
    )


@formula
def state_in_orbit(radius_m, radial_m_s, transverse_m_s, latitude_argument_rad, inclination_rad, raan_rad):
    """x, y, z, vx, vy, vz of a point at an argument of latitude: two velocity components in the plane of the orbit."""
    cos_u = np.cos(latitude_argument_rad)
    sin_u = np.sin(latitude_argument_rad)
    cos_i = np.cos(inclination_rad)
    cos_n = np.cos(raan_rad)
    sin_n = np.sin(raan_rad)
    rx = cos_u * cos_n - sin_u * cos_i * sin_n
    ry = cos_u * sin_n + sin_u * cos_i * cos_n
    rz = sin_u * np.sin(inclination_rad)
    tx = -sin_u * cos_n - cos_u * cos_i * sin_n
    ty = -sin_u * sin_n + cos_u * cos_i * cos_n
    tz = cos_u * np.sin(inclination_rad)
    return (
        radius_m * rx,
        radius_m * ry,
        radius_m * rz,
        radial_m_s * rx + transverse_m_s * tx,
        radial_m_s * ry + transverse_m_s * ty,
        radial_m_s * rz + transverse_m_s * tz,
    )


@formula
def polar_motion_in_orbit(perigee_radius_m, apogee_radius_m, true_anomaly_rad, mu_m3_s2):
    """Radius, radial and transverse speed on an ellipse (Vallado, 4th ed., eqs. 1-24, 2-99). Smooth at e = 0."""
    total = perigee_radius_m + apogee_radius_m
    parameter = 2.0 * perigee_radius_m * apogee_radius_m / total
    eccentricity = (apogee_radius_m - perigee_radius_m) / total
    rate = np.sqrt(mu_m3_s2 / parameter)
    swing = 1.0 + eccentricity * np.cos(true_anomaly_rad)
    return parameter / swing, rate * eccentricity * np.sin(true_anomaly_rad), rate * swing


@formula
def state_from_elements(
    perigee_radius_m,
    apogee_radius_m,
    inclination_rad,
    raan_rad,
    argument_of_perigee_rad,
    true_anomaly_rad,
    mu_m3_s2,
):
    """x, y, z, vx, vy, vz from osculating elements of an ellipse (Vallado, 4th ed., algorithm 10). Smooth at e = 0."""
    radius, radial, transverse = polar_motion_in_orbit(perigee_radius_m, apogee_radius_m, true_anomaly_rad, mu_m3_s2)
    return state_in_orbit(radius, radial, transverse, argument_of_perigee_rad + true_anomaly_rad, inclination_rad, raan_rad)


@formula
def osculating_from_mean(
    perigee_radius_m,
    apogee_radius_m,
    inclination_rad,
    raan_rad,
    argument_of_perigee_rad,
    true_anomaly_rad,
    mu_m3_s2,
    j2,
    radius_m,
):
    """x, y, z, vx, vy, vz from mean elements: the first-order short-period terms of J2 put back, for e below 0.05.

    Lane & Cranford's near-circular form, as in Hoots & Roehrich (1980), Spacetrack Report No. 3, section 6 (the
    "short-period periodics" of SGP4) and Vallado et al., AIAA 2006-6753: corrections of radius, radial and transverse
    speed, argument of latitude, node and inclination. J3's long periods are left in the mean elements. `radius_m` is
    the equatorial radius of the Earth. What is left is of the order of J2 e and J2^2: in the mean semi-major axis
    12 m at e = 0, 120 m at e = 0.01, 310 m at e = 0.04.
    """
    radius, radial, transverse = polar_motion_in_orbit(perigee_radius_m, apogee_radius_m, true_anomaly_rad, mu_m3_s2)
    total = perigee_radius_m + apogee_radius_m
    parameter = 2.0 * perigee_radius_m * apogee_radius_m / total
    eccentricity = (apogee_radius_m - perigee_radius_m) / total
    semi_major = 0.5 * total
    mean_motion = np.sqrt(mu_m3_s2 / semi_major) / semi_major
    k2 = 0.5 * j2 * radius_m * radius_m
    u = argument_of_perigee_rad + true_anomaly_rad
    cos_2u = np.cos(2.0 * u)
    sin_2u = np.sin(2.0 * u)
    cos_i = np.cos(inclination_rad)
    sin_i = np.sin(inclination_rad)
    c2 = cos_i * cos_i
    s2 = sin_i * sin_i
    by_p = k2 / parameter
    by_p2 = by_p / parameter
    beta = np.sqrt(1.0 - eccentricity * eccentricity)
    return state_in_orbit(
        radius * (1.0 - 1.5 * by_p2 * beta * (3.0 * c2 - 1.0)) + 0.5 * by_p * s2 * cos_2u,
        radial - by_p * mean_motion * s2 * sin_2u,
        transverse + by_p * mean_motion * (s2 * cos_2u + 1.5 * (3.0 * c2 - 1.0)),
        u - 0.25 * by_p2 * (7.0 * c2 - 1.0) * sin_2u,
        inclination_rad + 1.5 * by_p2 * cos_i * sin_i * cos_2u,
        raan_rad + 1.5 * by_p2 * cos_i * sin_2u,
    )


@formula
def node_rate(perigee_radius_m, apogee_radius_m, inclination_rad, mu_m3_s2, j2, radius_m):
    """Secular rate of the node in rad/s to first order in J2: -3/2 n J2 (R/p)^2 cos i (Vallado, 4th ed., eq. 9-37)."""
    total = perigee_radius_m + apogee_radius_m
    ratio = radius_m * total / (2.0 * perigee_radius_m * apogee_radius_m)
    mean_motion = np.sqrt(mu_m3_s2 * 8.0 / total) / total
    return -1.5 * mean_motion * j2 * ratio * ratio * np.cos(inclination_rad)


@formula
def sun_synchronous_inclination(perigee_radius_m, apogee_radius_m, mu_m3_s2, j2, radius_m):
    """Inclination in rad at which the node keeps pace with the mean Sun: `node_rate` of 2 pi a tropical year.

    Where no inclination can do that (above some 5970 km), pi.
    """
    polar = node_rate(perigee_radius_m, apogee_radius_m, 0.0, mu_m3_s2, j2, radius_m)
    cosine = np.fmax(2.0 * np.pi / TROPICAL_YEAR_S / polar, -1.0)
    return np.arctan2(np.sqrt(np.fmax(1.0 - cosine * cosine, 1e-24)), cosine)
