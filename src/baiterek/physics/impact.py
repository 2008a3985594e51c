"""Where a body would come down: the instantaneous impact point, and places near a point of the Earth."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.formula import formula

ITERATIONS = 5
"""As 14 CFR 420 App. B asks for at most."""


BRANCH_RAD = 0.01
"""A fall may have begun this much of the eccentric anomaly ago: the pad, or a point just under the ellipsoid."""

TOUCH = 1e-6
"""Slack of `Impact.exists`: a point 2 m under the ellipsoid still counts as falling on it."""


class Impact(NamedTuple):
    """The impact point in axes that turn with the Earth and coincide with those of the state at its instant.

    For a state in inertial axes subtract the angle of Greenwich at that instant from the longitude (and turn x and y
    by it); for an Earth-fixed position with the inertial velocity in Earth-fixed components the answer is Earth-fixed.
    """

    latitude_rad: Any
    """Geodetic."""
    longitude_rad: Any
    time_to_fall_s: Any
    x_fixed_m: Any
    y_fixed_m: Any
    z_fixed_m: Any
    exists: Any
    """Positive when the orbit is closed and meets the ellipsoid, dimensionless; otherwise the rest is meaningless,
    though finite."""


@formula
def ellipsoid_radius(z_over_r, environment):
    """Distance in m from the centre to the ellipsoid in a direction with this sine of the geocentric latitude."""
    e2 = environment.flattening * (2.0 - environment.flattening)
    return environment.radius_m / np.sqrt(1.0 + e2 / (1.0 - e2) * z_over_r * z_over_r)


@formula
def impact_point(x_m, y_m, z_m, vx_m_s, vy_m_s, vz_m_s, environment):
    """`Impact` in vacuum of a position and an inertial velocity: 14 CFR 420 App. B, (d)(3)(v), steps A to V.

    Keplerian ellipse to the ellipsoid in five iterations over the radius of the impact point. What that procedure
    decides by branches (no impact, escape) is clamped here and told by `exists`.
    """
    mu = environment.mu_m3_s2
    e2 = environment.flattening * (2.0 - environment.flattening)
    r = np.sqrt(x_m * x_m + y_m * y_m + z_m * z_m)
    v2 = vx_m_s * vx_m_s + vy_m_s * vy_m_s + vz_m_s * vz_m_s
    openness = 2.0 - r * v2 / mu
    closed = np.fmax(openness, 1e-3)
    semi_major = r / closed
    ecc_cos = 1.0 - closed
    ecc_sin = (x_m * vx_m_s + y_m * vy_m_s + z_m * vz_m_s) / np.sqrt(mu * semi_major)
    ecc2 = np.fmax(ecc_cos * ecc_cos + ecc_sin * ecc_sin, 1e-12)
    period_1 = np.sqrt(semi_major * semi_major * semi_major / mu)
    radius = ellipsoid_radius(z_m / r, environment)
    exists = openness - 1e-3 + 0.0 * x_m
    for _ in range(ITERATIONS):
        ecc_cos_k = (semi_major - radius) / semi_major
        radicand = ecc2 - ecc_cos_k * ecc_cos_k
        exists = np.fmin(exists, radicand + TOUCH)
        ecc_sin_k = -np.sqrt(np.fmax(radicand, 1e-12))
        cos_step = (ecc_cos_k * ecc_cos + ecc_sin_k * ecc_sin) / ecc2
        sin_step = (ecc_sin_k * ecc_cos - ecc_cos_k * ecc_sin) / ecc2
        f = (cos_step - ecc_cos) / closed
        g = (sin_step + ecc_sin - ecc_sin_k) * period_1
        px = f * x_m + g * vx_m_s
        py = f * y_m + g * vy_m_s
        pz = f * z_m + g * vz_m_s
        distance = np.sqrt(px * px + py * py + pz * pz + 1.0)
        radius = ellipsoid_radius(pz / distance, environment)
    # The eccentric anomaly to fall through, from -BRANCH_RAD to 2 pi - BRANCH_RAD: long falls pass pi.
    sin_b = np.sin(BRANCH_RAD)
    cos_b = np.cos(BRANCH_RAD)
    step = np.pi - BRANCH_RAD + np.arctan2(-sin_step * cos_b - cos_step * sin_b, sin_step * sin_b - cos_step * cos_b)
    time_to_fall = (step + ecc_sin - ecc_sin_k) * period_1
    turn = environment.rotation_rad_s * time_to_fall
    cos_turn = np.cos(turn)
    sin_turn = np.sin(turn)
    fx = px * cos_turn + py * sin_turn
    fy = py * cos_turn - px * sin_turn
    return Impact(
        np.arctan2(pz, (1.0 - e2) * np.sqrt(fx * fx + fy * fy + 1e-12)),
        np.arctan2(fy, fx),
        time_to_fall,
        fx,
        fy,
        pz,
        exists,
    )


@formula
def east_north_of(x_fixed_m, y_fixed_m, z_fixed_m, latitude_rad, longitude_rad, environment):
    """East and north in m of an Earth-fixed point, in the plane that touches the ellipsoid at a place.

    Orthographic: at 100 km from the place lengths are short by 4 m, at 300 km by 110 m.
    """
    ox, oy, oz = fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, environment)
    dx = x_fixed_m - ox
    dy = y_fixed_m - oy
    dz = z_fixed_m - oz
    sin_l = np.sin(longitude_rad)
    cos_l = np.cos(longitude_rad)
    outward = dx * cos_l + dy * sin_l
    return dy * cos_l - dx * sin_l, dz * np.cos(latitude_rad) - outward * np.sin(latitude_rad)
