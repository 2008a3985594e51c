"""A discrete gust, for what a measured or mean wind is too smooth to hold."""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula

NASA_GUST_M_S = 9.0
"""Amplitude of the classical discrete gust of Apollo and the Space Shuttle: a quasi-square wave of 60 to 300 m, 9 m/s
(F. B. Leahy, Discrete Gust Model for Launch Vehicle Assessments, AMS 12th Conference on Aviation, Range and Aerospace
Meteorology, January 2008, NASA 20080014847, abstract)."""


@formula
def gust_q_alpha(dynamic_pressure_Pa, airspeed_m_s, gust_m_s):
    """What a gust across the flow adds to dynamic pressure times angle of attack, Pa rad: q arctan(w / V).

    In the plane of the angle of attack, on top of it. For a gust that is shorter than the vehicle takes to turn (300 m at
    450 m/s: 0.7 s); what it adds to q, (w / V)^2, is left out (0.04 % at 450 m/s). The body is rigid: no dynamic factor.
    """
    return dynamic_pressure_Pa * np.arctan2(gust_m_s, airspeed_m_s + 1e-3)
