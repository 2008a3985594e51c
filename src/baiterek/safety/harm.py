"""Casualty area of a piece: which of the formulas counts, by its energy, its slope and what it carries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from baiterek.constants import (
    KINETIC_CASUALTY_J,
    PERSON_HEIGHT_M,
    PERSON_RADIUS_M,
    PERSON_WIDTH_M,
    SCATTER_FACTOR,
)
from baiterek.errors import BadValue
from baiterek.physics.blast import FARTHEST_Z, NEAREST_Z, overpressure, tnt_equivalent
from baiterek.physics.casualty import (
    debris_casualty_area,
    inclined_casualty_area,
    kinetic_energy,
    scattered_casualty_area,
)

Array = NDArray[np.float64]
VERTICAL, INCLINED, SCATTERED = "vertical", "inclined", "scattered"
METHODS = (VERTICAL, INCLINED, SCATTERED)
BLAST_CASUALTY_Pa = 6894.76
"""1.0 psi: 14 CFR 417 App. C, C417.9(b)(3), for people in the open, without shelter."""
STEEP_RAD = np.radians(5.0)


def inert_area(
    area_m2: Array | float,
    mass_kg: Array | float,
    speed_m_s: Array | float,
    method: str = SCATTERED,
    slope_rad: Array | float = 0.5 * np.pi,
    threshold_J: float = KINETIC_CASUALTY_J,
) -> Array:
    """Casualty area in m2 of pieces on people in the open; zero below the threshold of energy.

    `vertical`: (0.6 + sqrt A)^2. `inclined`: a disc of that area along a path of a slope. `scattered`: the greater of the
    vertical one and 7 A, for pieces whose bounce and slide are not modelled. `area_m2`: projected area of a piece.
    """
    if method not in METHODS:
        raise BadValue("casualty area", "method", method, ", ".join(METHODS))
    for key, value in (("area_m2", area_m2), ("mass_kg", mass_kg), ("speed_m_s", speed_m_s)):
        if not np.all(np.isfinite(value)) or np.any(np.asarray(value) < 0.0):
            raise BadValue("casualty area", key, value, "finite numbers at least 0")
    area_m2, mass_kg, speed_m_s = (np.asarray(each, dtype=float) for each in (area_m2, mass_kg, speed_m_s))
    vertical = debris_casualty_area(area_m2, PERSON_WIDTH_M)
    if method == VERTICAL:
        harmed = vertical
    elif method == SCATTERED:
        harmed = np.maximum(vertical, scattered_casualty_area(area_m2, SCATTER_FACTOR))
    else:
        slope = np.clip(slope_rad, STEEP_RAD, 0.5 * np.pi)
        radius = np.sqrt(area_m2 / np.pi)
        harmed = inclined_casualty_area(radius, slope, PERSON_RADIUS_M, PERSON_HEIGHT_M)
    return np.where(kinetic_energy(mass_kg, speed_m_s) >= threshold_J, harmed, 0.0)


def blast_radius(propellant_kg: float, threshold_Pa: float = BLAST_CASUALTY_Pa) -> float:
    """Distance in m at which the overpressure of a body with this propellant (LO2/RP-1) falls to a threshold."""
    from scipy.optimize import brentq

    if propellant_kg < 0.0 or not np.isfinite(propellant_kg):
        raise BadValue("blast", "propellant_kg", propellant_kg, "a finite number at least 0")
    if propellant_kg == 0.0:
        return 0.0
    tnt = float(tnt_equivalent(propellant_kg))
    reach = tnt ** (1.0 / 3.0)
    # At the ends of the fit the pressure stays level: a threshold beyond them gets the end itself.
    if overpressure(NEAREST_Z * reach, tnt) <= threshold_Pa:
        return NEAREST_Z * reach
    if overpressure(FARTHEST_Z * reach, tnt) >= threshold_Pa:
        return FARTHEST_Z * reach
    return float(brentq(lambda d: overpressure(d, tnt) - threshold_Pa, NEAREST_Z * reach, FARTHEST_Z * reach, xtol=1e-6))


def blast_area(propellant_kg: float, threshold_Pa: float = BLAST_CASUALTY_Pa) -> float:
    """Area in m2 of the circle within `blast_radius`."""
    return float(np.pi * blast_radius(propellant_kg, threshold_Pa) ** 2)
