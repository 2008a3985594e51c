"""Blast of a loaded stage: how much TNT it is worth, and the overpressure around it.

The equivalence is a siting bound. Some 25 real accidents left near-field pressures well below it (NASA NTRS 20150002957):
a result that rests on it is on the safe side.
"""

from __future__ import annotations

import numpy as np

from baiterek.constants import FOOT_M, POUND_KG
from baiterek.physics.formula import formula

YIELD_FIRST, YIELD_ABOVE = 0.2, 0.1
YIELD_STEP_kg = 500_000.0 * POUND_KG
"""LO2/RP-1 on a range launch: 20 % of the propellant up to 500 000 lb, 10 % of what is above (DESR 6055.09, V5.E4.T5)."""

K_FACTOR = FOOT_M / np.exp(np.log(POUND_KG) / 3.0)
"""m/kg^(1/3) of one ft/lb^(1/3)."""

NEAREST_Z, FARTHEST_Z = 0.2, 198.5
"""Scaled distances in m/kg^(1/3) between which `overpressure` holds."""

FIRST_JOIN, SECOND_JOIN = np.log(2.9), np.log(23.8)
"""ln Z where its ranges meet."""


@formula
def tnt_equivalent(propellant_kg):
    """Mass in kg of TNT that liquid oxygen and kerosene of this mass stand for (DESR 6055.09, V5.E4.T5, range launch)."""
    return YIELD_FIRST * np.fmin(propellant_kg, YIELD_STEP_kg) + YIELD_ABOVE * np.fmax(propellant_kg - YIELD_STEP_kg, 0.0)


@formula
def k_distance(k_ft_lb, tnt_kg):
    """Distance in m of a quantity-distance factor K in ft/lb^(1/3): K W^(1/3)."""
    return K_FACTOR * k_ft_lb * np.exp(np.log(tnt_kg) / 3.0)


@formula
def scaled_distance(distance_m, tnt_kg):
    """Z in m/kg^(1/3)."""
    return distance_m / np.exp(np.log(tnt_kg) / 3.0)


@formula
def near_pressure(log_z):
    """ln(kPa) over ln Z, Z from 0.2 to 2.9 (Swisdak 1994)."""
    return 7.2106 + log_z * (-2.1069 + log_z * (-0.3229 + log_z * (0.1117 + log_z * 0.0685)))


@formula
def middle_pressure(log_z):
    """ln(kPa) over ln Z, Z from 2.9 to 23.8 (Swisdak 1994)."""
    return 7.5938 + log_z * (-3.0523 + log_z * (0.40977 + log_z * (0.0261 - log_z * 0.01267)))


@formula
def overpressure(distance_m, tnt_kg):
    """Peak incident overpressure in Pa of a hemisphere of TNT on the ground: Kingery-Bulmash as Swisdak (1994) fits it.

    exp of a polynomial in ln Z (kPa) on three ranges of Z, 0.2 to 198.5 m/kg^(1/3); outside, that of the nearest end.
    The published polynomials miss each other by 0.04 % and 0.7 % where they meet: ours start where the last one ended.
    The coefficients were quoted second-hand; they give the published table of K and psi within 3 %.
    """
    log_z = np.log(np.fmin(np.fmax(scaled_distance(distance_m, tnt_kg), NEAREST_Z), FARTHEST_Z))
    near = np.fmin(log_z, FIRST_JOIN)
    middle = np.fmin(np.fmax(log_z, FIRST_JOIN), SECOND_JOIN)
    far = np.fmax(log_z, SECOND_JOIN)
    log_kPa = near_pressure(near) + middle_pressure(middle) - middle_pressure(FIRST_JOIN) - 1.4066 * (far - SECOND_JOIN)
    return 1e3 * np.exp(log_kPa)


def public_distance(tnt_kg: float) -> float:
    """Least distance in m of people from this mass of TNT: 14 CFR 420 App. E, public areas, from 30 000 lb.

    Feet over pounds: 40 W^(1/3) to 100 000 lb, 2.42 W^0.577 to 250 000 lb, 50 W^(1/3) above.
    """
    pounds = tnt_kg / POUND_KG
    if pounds < 30_000.0:
        raise ValueError(f"{tnt_kg:g} kg of TNT: below 30 000 lb (13 608 kg) the table has other rules")
    if pounds <= 100_000.0:
        return float(40.0 * np.cbrt(pounds) * FOOT_M)
    return float((2.42 * pounds**0.577 if pounds <= 250_000.0 else 50.0 * np.cbrt(pounds)) * FOOT_M)
