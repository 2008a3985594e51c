"""Heat fluxes of ascent."""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula

SUTTON_GRAVES_EARTH = 1.7415e-4
"""kg^0.5/m for air (Sutton & Graves 1971, NASA TR R-376, as rounded in common use)."""


@formula
def free_molecular_heat_flux(density_kg_m3, speed_m_s):
    """q = rho v^3 / 2 in W/m2 on a plate across the flow: the usual rule for a fairing's release.

    The air is free-molecular above some 100 km; below, the value is only an upper bound.
    """
    return 0.5 * density_kg_m3 * speed_m_s * speed_m_s * speed_m_s


@formula
def stagnation_heat_flux(density_kg_m3, speed_m_s, nose_radius_m):
    """Convective heat flux in W/m2 at the stagnation point of a cold wall (Sutton & Graves 1971, NASA TR R-376).

    Continuum flow; the smooth root stays finite without air.
    """
    return SUTTON_GRAVES_EARTH * np.sqrt(density_kg_m3 / nose_radius_m + 1e-30) * speed_m_s * speed_m_s * speed_m_s
