"""Every physical constant of the project: its unit in the name, its source beside it.

A test walks the syntax tree of the package and refuses these numbers anywhere else.
"""

from typing import Final

# --- Conventional ---------------------------------------------------------------------------------
STANDARD_GRAVITY_M_S2: Final = 9.80665
"""Conventional standard acceleration of free fall (CGPM 1901; NIST SP 330)."""

FOOT_M: Final = 0.3048
"""International foot (NIST SP 811)."""

SLUG_KG: Final = 14.593902937206364
"""Pound-force second squared per foot: 0.45359237 * 9.80665 / 0.3048 (NIST SP 811)."""

NAUTICAL_MILE_M: Final = 1852.0
"""International nautical mile, exact (NIST SP 811)."""

POUND_KG: Final = 0.45359237
"""International avoirdupois pound, exact (NIST SP 811)."""

BOLTZMANN_J_K: Final = 1.380649e-23
"""Boltzmann constant, exact (SI, CGPM 2018)."""

TROPICAL_YEAR_S: Final = 365.24219 * 86400.0
"""Mean tropical year (Explanatory Supplement to the Astronomical Almanac, 3rd ed., table 15.3)."""

# --- Earth, WGS 84 --------------------------------------------------------------------------------
WGS84_RADIUS_M: Final = 6378137.0
"""Semi-major axis of the ellipsoid (NGA.STND.0036, 2014, table 3.1)."""

WGS84_FLATTENING: Final = 1.0 / 298.257223563
"""Flattening of the ellipsoid (NGA.STND.0036, table 3.1)."""

EARTH_MU_M3_S2: Final = 3.986004418e14
"""Geocentric gravitational constant, atmosphere included (NGA.STND.0036, table 3.1)."""

EARTH_ROTATION_RAD_S: Final = 7.292115e-5
"""Nominal mean angular velocity of the Earth (NGA.STND.0036, table 3.1)."""

NORMAL_GRAVITY_EQUATOR_M_S2: Final = 9.7803253359
"""Normal gravity on the ellipsoid at the equator (NGA.STND.0036, table 3.6)."""

NORMAL_GRAVITY_K: Final = 1.931852652458e-3
"""k of Somigliana's formula of normal gravity (NGA.STND.0036, table 3.6)."""

KNOT_M_S: Final = 1852.0 / 3600.0
"""International knot (NIST SP 811)."""

# Zonal coefficients J_n = -sqrt(2n + 1) C_n0 of EGM96, tide free (NASA/TP-1998-206861).
EARTH_J2: Final = 1.082626683553e-3
EARTH_J3: Final = -2.532656485e-6
EARTH_J4: Final = -1.619621591e-6

# --- Sun ------------------------------------------------------------------------------------------
ASTRONOMICAL_UNIT_M: Final = 149597870700.0
"""Astronomical unit, exact (IAU 2012 resolution B2)."""

SUN_MU_M3_S2: Final = 1.3271244e20
"""Nominal gravitational constant of the Sun (IAU 2015 resolution B3)."""

# --- Space debris (IADC-02-01 Rev. 3, 2021, Space Debris Mitigation Guidelines) -----------------------
# Numbers and sections as recalled: the document was not open when they were written down.
PROTECTED_LEO_ALTITUDE_M: Final = 2000e3
"""Top of the protected region of low orbits (section 3.3.2)."""

PROTECTED_GEO_HALF_WIDTH_M: Final = 200e3
"""The protected shell reaches so far above and below the geostationary circle (section 3.3.2)."""

PROTECTED_GEO_LATITUDE_RAD: Final = 0.2617993877991494
"""15 deg: the shell ends at this latitude, north and south (section 3.3.2)."""

GRAVEYARD_RAISE_M: Final = 235e3
"""Least raise of the perigee of a geostationary spacecraft at its end (section 5.3.1) ..."""

GRAVEYARD_RAISE_M_kg_m2: Final = 1000e3
"""... plus this times C_R A/m, for the pressure of sunlight (section 5.3.1)."""

STORAGE_BELOW_GEO_M: Final = 500e3
"""A spent stage between the protected regions keeps its apogee so far below the geostationary circle (NASA-STD-8719.14, 2007,
storage between LEO and GEO; as recalled)."""

ORBITAL_LIFETIME_MAX_S: Final = 25.0 * 365.25 * 86400.0
"""Longest stay of a spent stage in low orbit, 25 years (section 5.3.2)."""

# --- People under falling pieces ---------------------------------------------------------------------
KINETIC_CASUALTY_J: Final = 15.0
"""Kinetic energy from which a piece counts as able to cause a casualty (NASA-STD-8719.14C, requirement 4.7-1)."""

PERSON_WIDTH_M: Final = 0.6
"""Added to the side of a piece in the debris casualty area (NASA-STD-8719.14C)."""

PERSON_RADIUS_M: Final = 0.3
"""Of a standing person seen from above (JARUS casex)."""

PERSON_HEIGHT_M: Final = 1.8
"""Of a standing person (JARUS casex)."""

SCATTER_FACTOR: Final = 7.0
"""Casualty area over largest projected area where bounce and slide are not modelled (14 CFR 417 App. C, C417.9(b)(8)(iv))."""

SLIDE_FRICTION: Final = 0.65
"""Coefficient of friction of a sliding piece (JARUS casex)."""

# --- US Standard Atmosphere 1976 (NOAA-S/T 76-1562) -------------------------------------------------
US76_EARTH_RADIUS_M: Final = 6356766.0
"""Effective Earth radius of the geopotential altitude (eq. 18)."""

US76_PRESSURE_Pa: Final = 101325.0
"""Sea-level pressure (table 2)."""

US76_TEMPERATURE_K: Final = 288.15
"""Sea-level temperature (table 2)."""

US76_GAS_CONSTANT_J_kmolK: Final = 8314.32
"""Universal gas constant as that standard adopted it (table 2), not the SI value."""

US76_MOLAR_MASS_kg_kmol: Final = 28.9644
"""Mean molar mass of air below 80 km (table 2)."""

AIR_HEAT_RATIO: Final = 1.4
"""Ratio of specific heats of air (table 2)."""

US76_GAS_CONSTANT_J_kgK: Final = US76_GAS_CONSTANT_J_kmolK / US76_MOLAR_MASS_kg_kmol
"""Specific gas constant of air, 287.053 J/(kg K)."""

US76_LAYERS: Final = (
    # geopotential base m, thickness m, lapse K/m, base temperature K (table 4)
    (0.0, 11000.0, -0.0065, 288.15),
    (11000.0, 9000.0, 0.0, 216.65),
    (20000.0, 12000.0, 0.001, 216.65),
    (32000.0, 15000.0, 0.0028, 228.65),
    (47000.0, 4000.0, 0.0, 270.65),
    (51000.0, 20000.0, -0.0028, 270.65),
    (71000.0, 13852.0, -0.002, 214.65),
    (84852.0, 1.0e9, 0.0, 186.946),
)
"""Layers of the temperature profile; the last one only continues the law under the join at 86 km."""
