"""Escape from the Earth: the hyperbola, its energy C3 and where its asymptote points.

Valid inside the sphere of influence, for a point mass; the Sun and the Moon are left out. C3 is the square of the speed
at infinity, in m2/s2. Declination and right ascension are those of the outgoing asymptote, in the axes of the state.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula
from baiterek.physics.orbit import angular_momentum, eccentricity_vector, state_in_orbit


class Asymptote(NamedTuple):
    """Energy and the unit vector along which a spacecraft leaves."""

    c3_m2_s2: Any
    x: Any
    y: Any
    z: Any
    """Sine of the declination."""


class EscapePlane(NamedTuple):
    """An orbit plane that holds an asymptote, and where in it the perigee lies."""

    raan_rad: Any
    argument_of_perigee_rad: Any


@formula
def escape_speed(radius_m, c3_m2_s2, mu_m3_s2):
    """Speed in m/s at a radius: sqrt(C3 + 2 mu / r), the balance of energy (Bate, Mueller & White, ch. 8)."""
    return np.sqrt(c3_m2_s2 + 2.0 * mu_m3_s2 / radius_m)


@formula
def escape_impulse(radius_m, c3_m2_s2, mu_m3_s2):
    """Impulse in m/s from a circle of that radius into the hyperbola, along the velocity."""
    return escape_speed(radius_m, c3_m2_s2, mu_m3_s2) - np.sqrt(mu_m3_s2 / radius_m)


@formula
def escape_eccentricity(perigee_radius_m, c3_m2_s2, mu_m3_s2):
    """1 + r_p C3 / mu (Bate, Mueller & White, ch. 1)."""
    return 1.0 + perigee_radius_m * c3_m2_s2 / mu_m3_s2


@formula
def asymptote_anomaly(perigee_radius_m, c3_m2_s2, mu_m3_s2):
    """True anomaly in rad of the outgoing asymptote, pi/2 to pi: cos = -1 / e."""
    e = escape_eccentricity(perigee_radius_m, c3_m2_s2, mu_m3_s2)
    return np.arctan2(np.sqrt(e * e - 1.0), -1.0)


@formula
def state_on_escape(perigee_radius_m, c3_m2_s2, inclination_rad, raan_rad, argument_of_perigee_rad, true_anomaly_rad, mu_m3_s2):
    """x, y, z, vx, vy, vz on a conic of that perigee and energy (Vallado, 4th ed., algorithm 10, with p = r_p (1 + e)).

    Smooth through C3 = 0, where it is a parabola. The anomaly is short of `asymptote_anomaly`.
    """
    eccentricity = escape_eccentricity(perigee_radius_m, c3_m2_s2, mu_m3_s2)
    parameter = perigee_radius_m * (1.0 + eccentricity)
    rate = np.sqrt(mu_m3_s2 / parameter)
    swing = 1.0 + eccentricity * np.cos(true_anomaly_rad)
    radial = rate * eccentricity * np.sin(true_anomaly_rad)
    latitude = argument_of_perigee_rad + true_anomaly_rad
    return state_in_orbit(parameter / swing, radial, rate * swing, latitude, inclination_rad, raan_rad)


@formula
def asymptote(x, y, z, vx, vy, vz, mu_m3_s2):
    """`Asymptote` of a state on a hyperbola: S = (sqrt(C3) / mu (h x e) - e) / (1 + C3 h^2 / mu^2).

    Battin (1999), An Introduction to the Mathematics and Methods of Astrodynamics, section 4.4. For C3 above 0: without
    an asymptote C3 is still right, and the vector is that of a parabola.
    """
    hx, hy, hz = angular_momentum(x, y, z, vx, vy, vz)
    ex, ey, ez = eccentricity_vector(x, y, z, vx, vy, vz, mu_m3_s2)
    r = np.sqrt(x * x + y * y + z * z)
    c3 = vx * vx + vy * vy + vz * vz - 2.0 * mu_m3_s2 / r
    rate = np.sqrt(np.fmax(c3, 1e-6)) / mu_m3_s2
    scale = 1.0 + rate * rate * (hx * hx + hy * hy + hz * hz)
    return Asymptote(
        c3,
        (rate * (hy * ez - hz * ey) - ex) / scale,
        (rate * (hz * ex - hx * ez) - ey) / scale,
        (rate * (hx * ey - hy * ex) - ez) / scale,
    )


@formula
def least_inclination(declination_rad):
    """Of a plane that holds the asymptote, in rad: the size of its declination. A plane through the centre of the Earth
    reaches no latitude beyond its inclination."""
    return np.sqrt(declination_rad * declination_rad)


@formula
def escape_plane(declination_rad, right_ascension_rad, inclination_rad, anomaly_rad, northward):
    """`EscapePlane` of an inclination from |declination| to pi - |declination|; `anomaly_rad` as `asymptote_anomaly` has it.

    sin(RA - node) = tan(declination) / tan(i), sin(u) = sin(declination) / sin(i): spherical trigonometry. `northward`
    is 1 where the spacecraft leaves towards the north (u within a quarter turn of the node), -1 for the other plane.
    """
    sin_i = np.sin(inclination_rad)
    cos_i = np.cos(inclination_rad)
    sin_d = np.sin(declination_rad)
    cos_u = northward * np.sqrt(np.fmax(sin_i * sin_i - sin_d * sin_d, 0.0) + 1e-24)
    latitude_argument = np.arctan2(sin_d, cos_u)
    return EscapePlane(right_ascension_rad - np.arctan2(sin_d * cos_i, cos_u), latitude_argument - anomaly_rad)
