"""Forces of the air on a body whose axis points along a unit vector."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula
from baiterek.physics.table import Table, table_value


class Body(NamedTuple):
    """What the air feels. A body with axial = normal slope = drag coefficient is one of pure drag."""

    reference_area_m2: Any
    axial: Table
    """Axial-force coefficient over Mach number, at zero angle of attack."""
    normal_slope: Table
    """Normal-force coefficient over the sine of the angle of attack, per radian, over Mach number."""


class AirForce(NamedTuple):
    """Components of the aerodynamic force, N, and its part along the body axis (negative is drag)."""

    x_eci_N: Any
    y_eci_N: Any
    z_eci_N: Any
    axial_N: Any


@formula
def dynamic_pressure(density_kg_m3, speed_m_s):
    """q = rho v^2 / 2, in Pa."""
    return 0.5 * density_kg_m3 * speed_m_s * speed_m_s


@formula
def air_force_of(vx, vy, vz, ux, uy, uz, density_kg_m3, speed_m_s, area_m2, axial, normal_slope):
    """`AirForce` on a body with axis u (unit vector) that moves with (vx, vy, vz), m/s, through the air.

    F = -q S [C_A cos(alpha) u + C_Na (v/|v| - cos(alpha) u)]: axial and normal force without an angle, so nothing is
    singular at alpha = 0 or at rest. Small and moderate angles of attack; C_A cos(alpha) is the usual first-order form.
    """
    scale = 0.5 * density_kg_m3 * speed_m_s * area_m2
    along = vx * ux + vy * uy + vz * uz
    lengthwise = -scale * axial * along
    sideways = -scale * normal_slope
    return AirForce(
        lengthwise * ux + sideways * (vx - along * ux),
        lengthwise * uy + sideways * (vy - along * uy),
        lengthwise * uz + sideways * (vz - along * uz),
        lengthwise,
    )


@formula
def air_force(vx, vy, vz, ux, uy, uz, mach, density_kg_m3, speed_m_s, body):
    """`air_force_of` with the coefficients of a `Body` at a Mach number."""
    axial = table_value(mach, body.axial)
    normal = table_value(mach, body.normal_slope)
    return air_force_of(vx, vy, vz, ux, uy, uz, density_kg_m3, speed_m_s, body.reference_area_m2, axial, normal)


@formula
def fall_drag_of(vx, vy, vz, density_kg_m3, speed_m_s, area_m2, drag_coefficient):
    """Drag in N of a body that tumbles: F = -rho |v| v C_D A / 2."""
    scale = -0.5 * density_kg_m3 * speed_m_s * area_m2 * drag_coefficient
    return scale * vx, scale * vy, scale * vz


@formula
def fall_drag(vx, vy, vz, mach, density_kg_m3, speed_m_s, area_m2, drag):
    """`fall_drag_of` with the drag coefficient over Mach number from the table `drag`."""
    return fall_drag_of(vx, vy, vz, density_kg_m3, speed_m_s, area_m2, table_value(mach, drag))


@formula
def q_alpha_squared(vx, vy, vz, ux, uy, uz, density_kg_m3):
    """(q sin(alpha))^2 in Pa^2, for a limit on q alpha in Pa rad; a polynomial in the velocity."""
    v2 = vx * vx + vy * vy + vz * vz
    along = vx * ux + vy * uy + vz * uz
    return 0.25 * density_kg_m3 * density_kg_m3 * v2 * (v2 - along * along)


@formula
def cos_angle_of_attack(vx, vy, vz, ux, uy, uz, speed_m_s):
    """Cosine of the angle between the body axis and the velocity through the air."""
    return (vx * ux + vy * uy + vz * uz) / speed_m_s


@formula
def angle_of_attack(vx, vy, vz, ux, uy, uz):
    """Angle in rad between the body axis and the velocity through the air, from cross and dot product; 0 at rest."""
    cx = vy * uz - vz * uy
    cy = vz * ux - vx * uz
    cz = vx * uy - vy * ux
    return np.arctan2(np.sqrt(cx * cx + cy * cy + cz * cz + 1e-24), vx * ux + vy * uy + vz * uz + 1e-6)
