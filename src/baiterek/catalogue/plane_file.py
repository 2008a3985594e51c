"""Planes that a target does not state but implies: sun-synchronous, at a local time, that of a spacecraft in orbit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import pi
from typing import Any

from baiterek.catalogue.fields import Field, Fields, Place
from baiterek.catalogue.mission import Element
from baiterek.catalogue.tle import plane_of
from baiterek.constants import EARTH_J2, EARTH_MU_M3_S2
from baiterek.physics.orbit import sun_synchronous_inclination

PLANE: Fields = {
    "sun_synchronous": Field("flag", "the node keeps pace with the Sun: gives the inclination", default=False),
    "local_time_ascending_node_s": Field("number", "solar time of day of the northbound node", low=0.0, high=86400.0),
    "local_time_descending_node_s": Field("number", "solar time of day of the southbound node", low=0.0, high=86400.0),
    "local_time": Field("text", "of the mean or of the true Sun", default="mean", choices=("mean", "apparent")),
    "tle": Field("texts", "the two lines of a spacecraft in orbit: its plane at lift-off", default=()),
}
LOCAL_TIMES = ("local_time_ascending_node_s", "local_time_descending_node_s")


def implied_plane(
    read: Mapping[str, Any], perigee: Element, apogee: Element, utc: datetime | None, radius_m: float, place: Place
) -> dict[str, Element]:
    """Inclination and node, as far as the target implies them, by key of the target. They are mean elements."""
    times = [key for key in LOCAL_TIMES if read[key] is not None]
    asked = [key for key in ("sun_synchronous", "tle") if read[key]] + times
    if not asked:
        return {}
    _contradiction(read, asked, times, utc, place)
    if read["tle"]:
        inclination, node = plane_of(read["tle"], utc, place)
        return {"inclination_rad": Element(inclination, inclination), "raan_rad": Element(node, node)}
    plane = {}
    if read["sun_synchronous"]:
        if not (perigee.fixed and apogee.fixed):
            raise place.bad("sun_synchronous", "a shape that is not fixed", "fixed altitudes, which give the inclination")
        angle = float(sun_synchronous_inclination(perigee.low, apogee.low, EARTH_MU_M3_S2, EARTH_J2, radius_m))
        if angle > pi - 1e-6:
            raise place.bad("sun_synchronous", "an orbit too high for it", "up to some 5970 km if circular")
        plane["inclination_rad"] = Element(angle, angle)
    for key in times:
        from baiterek.physics.sun import node_at_local_time

        assert utc is not None
        node = node_at_local_time(utc, read[key], read["local_time"] == "apparent")
        node = (node + pi) % (2 * pi) if key == LOCAL_TIMES[1] else node
        plane["raan_rad"] = Element(node, node)
    return plane


def _contradiction(read: Mapping[str, Any], asked: list[str], times: list[str], utc: datetime | None, place: Place) -> None:
    """Refuse a plane that is given twice, or without what it needs."""
    if len(times) > 1 or (read["tle"] and len(asked) > 1):
        raise place.bad(asked[-1], f"{asked[-1]} beside {asked[0]}", "one of the two")
    given = {"inclination_rad": ("sun_synchronous", "tle"), "raan_rad": (*LOCAL_TIMES, "tle")}
    for key, by in given.items():
        doubly = [name for name in by if name in asked and read[key] not in (None, "free")]
        if doubly:
            raise place.bad(key, read[key], f"no such key beside {doubly[0]}, which gives it")
    if utc is None and (times or read["tle"]):
        raise place.bad((times or ["tle"])[0], "no date of lift-off", "an [epoch] with utc")
    if read["frame"] != "TOD" and (times or read["tle"]):
        raise place.bad("frame", read["frame"], "TOD, in which the node is given")
    if read["kind"] == "osculating" and (read["sun_synchronous"] or read["tle"]):
        raise place.bad("kind", "osculating", "mean, or nothing: the plane that is implied is one of mean elements")
