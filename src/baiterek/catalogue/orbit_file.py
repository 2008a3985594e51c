"""Target orbits: elements fixed, bounded or free, from the catalogue or inline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import atan, pi, sin, sqrt, tan
from typing import Any

from baiterek.catalogue.departure_file import DEPARTURE, read_escape, read_speed_to_geo
from baiterek.catalogue.document import CATALOGUE, merge, read_document
from baiterek.catalogue.element_file import read_element
from baiterek.catalogue.fields import Field, Fields, Place, read_table
from baiterek.catalogue.mission import Element, Limits, Orbit
from baiterek.catalogue.plane_file import PLANE, implied_plane
from baiterek.catalogue.site import Site
from baiterek.catalogue.units import si_key

LOWEST_PERIGEE_M = 80e3
"""No orbit stays up below: the air takes it within a revolution."""
HIGHEST_APOGEE_M = 1e9
MEAN_ECCENTRICITY_MAX = 0.05

TARGET: Fields = {
    "orbit": Field("text", "named orbit of the catalogue; the keys beside it replace its own"),
    "title": Field("text", "name to print"),
    "altitude_m": Field("any", "of a circular orbit, in place of perigee and apogee"),
    "perigee_altitude_m": Field("any", "above the equatorial radius"),
    "apogee_altitude_m": Field("any", "above the equatorial radius"),
    "semi_major_axis_m": Field("number", "with eccentricity, in place of perigee and apogee", above=0.0),
    "eccentricity": Field("number", "with semi_major_axis_m", low=0.0, high=0.999),
    "inclination_rad": Field("any", "to the equator", low=0.0, high=pi),
    "raan_rad": Field("any", "right ascension of the ascending node", default="free", low=-2 * pi, high=2 * pi),
    "argument_of_perigee_rad": Field("any", "from the node", default="free", low=-2 * pi, high=2 * pi),
    "true_anomaly_rad": Field("any", "at insertion", default="free", low=-2 * pi, high=2 * pi),
    **PLANE,
    **DEPARTURE,
    "kind": Field("text", "osculating if not said; mean where the plane is implied", choices=("osculating", "mean")),
    "frame": Field("text", "equator and equinox", default="TOD", choices=("TOD", "GCRF")),
    "altitude_reference": Field(
        "text", "what altitudes are above", default="equatorial radius", choices=("equatorial radius",)
    ),
    "epoch": Field("text", "when the elements hold", default="insertion", choices=("insertion",)),
    "note": Field("text", "what a reader should know", default=""),
}
ANGLES = ("inclination_rad", "raan_rad", "argument_of_perigee_rad", "true_anomaly_rad")
SHAPES = ("altitude_m", "perigee_altitude_m", "apogee_altitude_m", "semi_major_axis_m", "eccentricity")


def named_orbits() -> dict[str, Any]:
    """Tables of the shipped orbits by name."""
    return read_document(CATALOGUE / "orbits.toml")


def read_target(table: Any, place: Place, radius_m: float, utc: datetime | None = None) -> Orbit:
    """The target of a mission's `[target]`; radii are altitudes above the equatorial radius of the environment,
    `utc` is the lift-off, on which a plane that follows the Sun or a spacecraft hangs."""
    name = "target"
    if isinstance(table, dict) and isinstance(table.get("orbit"), str):
        known, name = named_orbits(), table["orbit"]
        if name not in known:
            raise place.bad("orbit", name, "an orbit of the catalogue: " + ", ".join(known))
        own = {key: value for key, value in table.items() if key != "orbit"}
        base = known[name]
        if any(si_key(key)[0] in SHAPES for key in own):
            base = {key: value for key, value in base.items() if not _replaced(si_key(key)[0], own)}
        table = merge(base, own)
    read = read_table(table, TARGET, place)
    perigee, apogee = _radii(read, table, place, radius_m)
    plane = implied_plane(read, perigee, apogee, utc, radius_m, place)
    inclination, node, argument, anomaly = (
        plane.get(key) or read_element(read, table, key, place, TARGET[key]) for key in ANGLES
    )
    implied_mean = read["sun_synchronous"] or read["tle"]
    kind = read["kind"] or ("mean" if implied_mean else "osculating")
    if kind == "mean":
        _near_circular(perigee, apogee, place)
    words = (kind, read["frame"], read["epoch"], read["note"])
    speed = read_speed_to_geo(read, table, perigee, apogee, inclination, place)
    escape = read_escape(read, table, inclination, place)
    return Orbit(name, perigee, apogee, inclination, node, argument, anomaly, *words, speed, escape)


def _near_circular(perigee: Element, apogee: Element, place: Place) -> None:
    """Mean elements become osculating ones by a theory for small eccentricities (`physics.orbit`)."""
    if perigee.high is None or apogee.low is None:
        return
    least = (apogee.low - perigee.high) / (apogee.low + perigee.high)
    if least > MEAN_ECCENTRICITY_MAX:
        raise place.bad("kind", f"mean, with an eccentricity of {least:.3f}", f"up to {MEAN_ECCENTRICITY_MAX:g}; or osculating")


def _replaced(key: str, own: Mapping[str, Any]) -> bool:
    """Whether the mission's own shape keys make the named orbit's key void."""
    given = {si_key(name)[0] for name in own}
    whole = {"altitude_m", "semi_major_axis_m", "eccentricity"}
    if key not in SHAPES:
        return False
    return key in whole or bool(given & whole)


def _radii(read: Mapping[str, Any], table: Mapping[str, Any], place: Place, radius_m: float) -> tuple[Element, Element]:
    given = {key for key in SHAPES if read[key] is not None}
    if given == {"semi_major_axis_m", "eccentricity"} and read["c3_m2_s2"] is None:
        a, e = read["semi_major_axis_m"], read["eccentricity"]
        perigee, apogee = Element(a * (1.0 - e), a * (1.0 - e)), Element(a * (1.0 + e), a * (1.0 + e))
        shown = "semi_major_axis_m"
    elif given == {"altitude_m"} and read["c3_m2_s2"] is None:
        perigee = apogee = _above(read_element(read, table, "altitude_m", place, TARGET["altitude_m"]), radius_m)
        shown = "altitude_m"
    elif read["c3_m2_s2"] is not None:
        if given != {"perigee_altitude_m"}:
            raise place.bad("c3_m2_s2", f"{sorted(given) or 'nothing'} beside it", "perigee_altitude alone beside it")
        perigee, apogee = (
            _above(read_element(read, table, "perigee_altitude_m", place, TARGET["perigee_altitude_m"]), radius_m),
            Element(),
        )
        shown = "perigee_altitude_m"
    elif given == {"perigee_altitude_m", "apogee_altitude_m"}:
        perigee = _above(read_element(read, table, "perigee_altitude_m", place, TARGET["perigee_altitude_m"]), radius_m)
        apogee = _above(read_element(read, table, "apogee_altitude_m", place, TARGET["apogee_altitude_m"]), radius_m)
        shown = "perigee_altitude_m"
    else:
        raise place.bad(
            "perigee_altitude_m",
            sorted(given) or "nothing",
            "perigee and apogee altitude, or altitude, or semi_major_axis_m with eccentricity",
        )
    if perigee.low is not None and perigee.low - radius_m < LOWEST_PERIGEE_M:
        raise place.bad(
            shown,
            f"a perigee {(perigee.low - radius_m) / 1e3:.1f} km above the equatorial radius",
            f"at least {LOWEST_PERIGEE_M / 1e3:g} km: an orbit above the Earth and its dense air",
        )
    if apogee.high is not None and apogee.high - radius_m > HIGHEST_APOGEE_M:
        raise place.bad(shown, f"an apogee of {apogee.high / 1e3:.0f} km", f"at most {HIGHEST_APOGEE_M / 1e3:g} km")
    if perigee.low is not None and apogee.high is not None and apogee.high < perigee.low:
        below = (perigee.low - apogee.high) / 1e3
        raise place.bad("apogee_altitude_m", f"an apogee {below:.3f} km below the perigee", "at least the perigee")
    return perigee, apogee


def _above(element: Element, radius_m: float) -> Element:
    if element.free:
        return element
    return Element(element.low + radius_m, element.high + radius_m)


def check_reachable(orbit: Orbit, site: Site, limits: Limits, flattening: float, place: Place) -> None:
    """Refuse an inclination below the geocentric latitude of the site, unless a dog-leg is allowed."""
    inclination = orbit.inclination_rad
    if inclination.free or limits.dog_leg:
        return
    latitude = abs(geocentric_latitude(site.latitude_rad, site.altitude_m, flattening))
    if inclination.high < latitude - 1e-7 or inclination.low > pi - latitude + 1e-7:
        value = inclination.high if inclination.high < latitude else inclination.low
        raise place.bad(
            "inclination_rad",
            f"{value * 180 / pi:.4f} deg",
            f"{latitude * 180 / pi:.4f} to {180 - latitude * 180 / pi:.4f} deg, from the geocentric latitude of "
            f"{site.name}; or dog_leg = true in [limits]",
        )


def geocentric_latitude(latitude_rad: float, altitude_m: float, flattening: float) -> float:
    """Angle between the equator and the line to the centre, closed form."""
    if flattening == 0.0 or abs(abs(latitude_rad) - pi / 2) < 1e-12:
        return latitude_rad
    from baiterek.constants import WGS84_RADIUS_M

    e2 = flattening * (2.0 - flattening)
    normal = WGS84_RADIUS_M / sqrt(1.0 - e2 * sin(latitude_rad) ** 2)
    return atan(tan(latitude_rad) * (1.0 - e2 * normal / (normal + altitude_m)))
