"""Targets for which the orbit is only the way: a speed that the spacecraft gives itself, an escape from the Earth."""

from __future__ import annotations

from collections.abc import Mapping
from math import degrees, pi
from typing import Any

from baiterek.catalogue.element_file import read_element
from baiterek.catalogue.fields import Field, Fields, Place
from baiterek.catalogue.mission import Element, Escape
from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S
from baiterek.physics.disposal import stationary_radius
from baiterek.physics.transfer import speed_to_circle

DEPARTURE: Fields = {
    "speed_to_geo_m_s": Field("any", "what the spacecraft must still give to be geostationary", low=0.0, high=5e3),
    "c3_m2_s2": Field("any", "energy of an escape, in place of the apogee", low=1.0, high=2e8),
    "declination_rad": Field("any", "of the asymptote of an escape", default="free", low=-pi / 2, high=pi / 2),
    "right_ascension_rad": Field("any", "of that asymptote", default="free", low=-2 * pi, high=2 * pi),
}
BELOW_GEO_M = 100e3
"""How far below the geostationary circle an apogee may stay and the residual speed still be that of two burns."""


def read_escape(read: Mapping[str, Any], table: Mapping[str, Any], inclination: Element, place: Place) -> Escape | None:
    """Energy and asymptote; refuses a plane whose inclination is too low to hold the asymptote."""
    keys = ("c3_m2_s2", "declination_rad", "right_ascension_rad")
    if read["c3_m2_s2"] is None:
        for key in keys[1:]:
            if read[key] != "free":
                raise place.bad(key, read[key], "no such key without c3, the energy of an escape")
        return None
    c3, declination, ascension = (read_element(read, table, key, place, DEPARTURE[key]) for key in keys)
    if c3.low is None:
        raise place.bad("c3_m2_s2", "free", "a number, or { min, max }")
    if declination.low is not None and inclination.low is not None:
        needed = max(declination.low, -declination.high, 0.0)
        reach = min(inclination.high, pi - inclination.low, pi / 2)
        if reach < needed - 1e-9:
            raise place.bad(
                "inclination_rad",
                f"a plane that reaches {degrees(reach):.4f} deg of latitude",
                f"{degrees(needed):.4f} to {180 - degrees(needed):.4f} deg: the asymptote lies in the plane",
            )
    return Escape(c3, declination, ascension)


def read_speed_to_geo(
    read: Mapping[str, Any],
    table: Mapping[str, Any],
    perigee: Element,
    apogee: Element,
    inclination: Element,
    place: Place,
) -> Element | None:
    """The residual speed; refused where the apogee is too low for it, or where the elements already say another."""
    if read["speed_to_geo_m_s"] is None:
        return None
    speed = read_element(read, table, "speed_to_geo_m_s", place, DEPARTURE["speed_to_geo_m_s"])
    if speed.low is None:
        return None
    circle = stationary_radius(EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S)
    if apogee.high is None or apogee.high < circle - BELOW_GEO_M:
        found = "an escape" if apogee.high is None else f"an apogee {(circle - apogee.high) / 1e3:.0f} km below it"
        raise place.bad("speed_to_geo_m_s", found, "an apogee at the geostationary circle or above")
    if perigee.fixed and apogee.fixed and inclination.fixed:
        is_m_s = speed_to_circle(perigee.low, apogee.low, inclination.low, circle, EARTH_MU_M3_S2).total_m_s
        if not speed.low - 0.5 <= is_m_s <= speed.high + 0.5:
            raise place.bad(
                "speed_to_geo_m_s", f"elements that leave {is_m_s:.0f} m/s", "the same, or an element that is not fixed"
            )
    return speed
