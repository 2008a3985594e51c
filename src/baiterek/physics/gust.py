"""A discrete gust, for what a measured or mean wind is too smooth to hold."""

from __future__ import annotations

import numpy as np

from baiterek.physics.formula import formula

NASA_GUST_M_S = 9.0
"""Amplitude of the classical discrete gust of Apollo and the Space Shuttle: a quasi-square wave of 60 to 300 m, 9 m/s
(F. B. Leahy, Discrete Gust Model for Launch Vehicle Assessments, AMS 13th ARAM, P2.8, NASA 20080014847, 2008, section 1)."""


@formula
def one_minus_cosine(altitude_m, start_m, length_m, amplitude_m_s):
    """Wind in m/s of a gust that rises and falls over `length_m`: A (1 - cos(2 pi x)) / 2, 0 outside (MIL-F-8785C, 3.7.2.3).

    Leahy 2008 has the shape from that specification; there a half wave only, here both halves.
    """
    x = np.fmin(np.fmax((altitude_m - start_m) / length_m, 0.0), 1.0)
    return 0.5 * amplitude_m_s * (1.0 - np.cos(2.0 * np.pi * x))


@formula
def gust_q_alpha(dynamic_pressure_Pa, airspeed_m_s, gust_m_s):
    """What a gust across the flow adds to dynamic pressure times angle of attack, Pa rad: q w / V.

    For a gust that is shorter than the vehicle takes to turn (below 300 m at 450 m/s: 0.7 s) and slow beside the flight
    (w / V below 0.1; the first term of arctan). The body is rigid: no dynamic factor.
    """
    return dynamic_pressure_Pa * gust_m_s / np.fmax(airspeed_m_s, 10.0 * gust_m_s + 1e-6)
