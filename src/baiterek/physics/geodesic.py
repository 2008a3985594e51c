"""Range and bearing on the ellipsoid: Sodano's solutions without iteration, which 14 CFR 420 App. A prescribes.

E. M. Sodano, General non-iterative solution of the inverse and direct geodetic problems, Bulletin Geodesique 75 (1965).
Terms to the square of the flattening leave 4 cm in the range and 0.3 m in the point reached, on 1000 km; 0.3 and 1 m on a
quarter of the Earth. Not for points near each other's antipodes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.physics.formula import formula

COINCIDENT = 1e-12
"""Keeps the sine of the arc off zero: points nearer than 6 um have no bearing."""


class Leg(NamedTuple):
    """From one point to another."""

    range_m: Any
    bearing_rad: Any
    """At the first point, clockwise from north, -pi to pi."""


class Reached(NamedTuple):
    """The far end of a leg."""

    latitude_rad: Any
    longitude_rad: Any


@formula
def geodesic_leg(latitude_1_rad, longitude_1_rad, latitude_2_rad, longitude_2_rad, environment):
    """Range and bearing between geodetic points: Sodano (1965), the inverse problem, on reduced latitudes."""
    f = environment.flattening
    t1 = np.arctan2((1.0 - f) * np.sin(latitude_1_rad), np.cos(latitude_1_rad))
    t2 = np.arctan2((1.0 - f) * np.sin(latitude_2_rad), np.cos(latitude_2_rad))
    s1, c1, s2, c2 = np.sin(t1), np.cos(t1), np.sin(t2), np.cos(t2)
    across = longitude_2_rad - longitude_1_rad
    a = s1 * s2
    cos_arc = a + c1 * c2 * np.cos(across)
    east = np.sin(across) * c2
    north = s2 * c1 - s1 * c2 * np.cos(across)
    sin_arc = np.sqrt(east * east + north * north + COINCIDENT * COINCIDENT)
    arc = np.arctan2(sin_arc, cos_arc)
    c = c1 * c2 * np.sin(across) / sin_arc
    m = 1.0 - c * c
    cosec, cot = 1.0 / sin_arc, cos_arc / sin_arc
    f2 = f * f
    ratio = (
        (1.0 + f + f2) * arc
        + a * ((f + f2) * sin_arc - 0.5 * f2 * arc * arc * cosec)
        + m * (-0.5 * (f + f2) * (arc + sin_arc * cos_arc) + 0.5 * f2 * arc * arc * cot)
        - a * a * 0.5 * f2 * sin_arc * cos_arc
        + m * m * f2 * ((arc + sin_arc * cos_arc) / 16.0 - 0.5 * arc * arc * cot - 0.125 * sin_arc * cos_arc**3)
        + a * m * 0.5 * f2 * (arc * arc * cosec + sin_arc * cos_arc * cos_arc)
    )
    turned = across + c * (
        (f + f2) * arc
        - a * f2 * (0.5 * sin_arc + arc * arc * cosec)
        + m * f2 * (-1.25 * arc + 0.25 * sin_arc * cos_arc + arc * arc * cot)
    )
    bearing = np.arctan2(np.sin(turned) * c2 + 0.0 * arc, s2 * c1 - np.cos(turned) * s1 * c2)
    return Leg((1.0 - f) * environment.radius_m * ratio, bearing)


@formula
def geodesic_point(latitude_rad, longitude_rad, bearing_rad, range_m, environment):
    """Where a leg of a range and a bearing from a geodetic point ends: Sodano (1965), the direct problem."""
    f = environment.flattening
    e2 = f * (2.0 - f) / ((1.0 - f) * (1.0 - f))
    t1 = np.arctan2((1.0 - f) * np.sin(latitude_rad), np.cos(latitude_rad))
    s1, c1 = np.sin(t1), np.cos(t1)
    c0 = c1 * np.sin(bearing_rad)
    g = c1 * np.cos(bearing_rad)
    lift = 1.0 + 0.5 * e2 * s1 * s1
    m1 = lift * (1.0 - c0 * c0)
    arc_s = range_m / ((1.0 - f) * environment.radius_m)
    ss, cs = np.sin(arc_s), np.cos(arc_s)
    a1 = lift * (s1 * s1 * cs + g * s1 * ss)
    e4 = e2 * e2
    arc = (
        arc_s
        - a1 * 0.5 * e2 * ss
        + m1 * 0.25 * e2 * (ss * cs - arc_s)
        + a1 * a1 * 0.625 * e4 * ss * cs
        + m1 * m1 * e4 * (11.0 / 64.0 * arc_s - 13.0 / 64.0 * ss * cs - 0.125 * arc_s * cs * cs + 5.0 / 32.0 * ss * cs**3)
        + a1 * m1 * e4 * (0.375 * ss + 0.25 * arc_s * cs - 0.625 * ss * cs * cs)
    )
    so, co = np.sin(arc), np.cos(arc)
    around = np.arctan2(so * np.sin(bearing_rad), c1 * co - s1 * so * np.cos(bearing_rad))
    across = around + c0 * (-f * arc_s + 1.5 * f * f * a1 * ss + 0.75 * f * f * m1 * (arc_s - ss * cs))
    s2 = s1 * co + g * so
    c2 = np.sqrt(c0 * c0 + (g * co - s1 * so) * (g * co - s1 * so))
    return Reached(np.arctan2(s2, (1.0 - f) * c2), longitude_rad + across)
