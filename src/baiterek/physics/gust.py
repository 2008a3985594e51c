"""A discrete gust, for what a measured or mean wind is too smooth to hold."""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula

NASA_GUST_M_S = 9.0
"""Amplitude of the classical discrete gust of Apollo and the Space Shuttle: a quasi-square wave of 60 to 300 m, 9 m/s
(F. B. Leahy, Discrete Gust Model for Launch Vehicle Assessments, AMS 12th Conference on Aviation, Range and Aerospace
Meteorology, January 2008, NASA 20080014847, abstract)."""
GUST_THICKNESS_m = (60.0, 300.0)
"""From the thinnest to the thickest: the same source."""
GUST_EDGE_m = 30.0
"""Height over which it rises and falls by half a cosine (NASA-HDBK-1001, 2000, section 2.3; cited from memory)."""


@formula
def gust_q_alpha(dynamic_pressure_Pa, airspeed_m_s, gust_m_s):
    """What a gust across the flow adds to dynamic pressure times angle of attack, Pa rad: q arctan(w / V).

    In the plane of the angle of attack, on top of it. For a gust that is shorter than the vehicle takes to turn (300 m at
    450 m/s: 0.7 s); what it adds to q, (w / V)^2, is left out (0.04 % at 450 m/s). The body is rigid: no dynamic factor.
    """
    return dynamic_pressure_Pa * np.arctan2(gust_m_s, airspeed_m_s + 1e-3)


@formula
def gust_wind(altitude_m, base_m, thickness_m, speed_m_s, azimuth_rad):
    """Wind of a discrete gust, east and north, m/s: a quasi-square wave in altitude that blows towards `azimuth_rad`.

    w (1 - cos(pi x / d)) / 2 on the lower edge, x the height inside it and d = 30 m, w amid, the mirror image above; once
    differentiable. `thickness_m` is from where it begins to where it ends, 60 m at least; there it is one (1 - cosine).
    """
    inside = np.fmin(np.fmax(altitude_m - base_m, 0.0), GUST_EDGE_m)
    below_top = np.fmin(np.fmax(base_m + thickness_m - altitude_m, 0.0), GUST_EDGE_m)
    rise = 0.5 - 0.5 * np.cos(np.pi * inside / GUST_EDGE_m)
    fall = 0.5 - 0.5 * np.cos(np.pi * below_top / GUST_EDGE_m)
    speed = speed_m_s * rise * fall
    return speed * np.sin(azimuth_rad), speed * np.cos(azimuth_rad)
