"""Gravity of the Earth: uniform, point mass, or zonal to J4."""

from __future__ import annotations

import numpy as np

from baiterek.physics.earth import GRAVITY_J2, GRAVITY_POINT, GRAVITY_UNIFORM
from baiterek.physics.formula import formula


@formula
def gravity(x_eci_m, y_eci_m, z_eci_m, environment):
    """Acceleration of gravity in m/s2, in the axes of the position (z is the axis of rotation).

    Zonal terms J2, J3, J4: Vallado, Fundamentals of Astrodynamics, 4th ed., eqs. 8-30 to 8-32. The uniform field
    keeps its magnitude everywhere and points to the centre.
    """
    r2 = x_eci_m * x_eci_m + y_eci_m * y_eci_m + z_eci_m * z_eci_m
    r = np.sqrt(r2)
    if environment.gravity_model == GRAVITY_UNIFORM:
        factor = -environment.uniform_gravity_m_s2 / r
        return factor * x_eci_m, factor * y_eci_m, factor * z_eci_m
    point = -environment.mu_m3_s2 / (r2 * r)
    if environment.gravity_model == GRAVITY_POINT:
        return point * x_eci_m, point * y_eci_m, point * z_eci_m
    s2 = z_eci_m * z_eci_m / r2
    ratio = environment.radius_m / r
    j2 = 1.5 * environment.j2 * ratio * ratio
    side = 1.0 + j2 * (1.0 - 5.0 * s2)
    axial = 1.0 + j2 * (3.0 - 5.0 * s2)
    lift = 0.0 * r
    if environment.gravity_model != GRAVITY_J2:
        s = z_eci_m / r
        j3 = 2.5 * environment.j3 * ratio * ratio * ratio
        j4 = -1.875 * environment.j4 * ratio * ratio * ratio * ratio
        side = side + j3 * s * (3.0 - 7.0 * s2) + j4 * (1.0 - 14.0 * s2 + 21.0 * s2 * s2)
        axial = axial + j3 * s * (6.0 - 7.0 * s2) + j4 * (5.0 - 70.0 / 3.0 * s2 + 21.0 * s2 * s2)
        # The J3 part of the axial component that does not vanish on the equator.
        lift = -0.6 * point * j3 * r
    return point * side * x_eci_m, point * side * y_eci_m, point * axial * z_eci_m + lift
