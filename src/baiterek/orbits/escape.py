"""What a launch to Mars or to the Moon asks for: energy C3 and the declination that its plane must hold, by date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import acos, asin, atan2, pi, sin, sqrt
from typing import NamedTuple

import numpy as np

from baiterek.constants import EARTH_MU_M3_S2, SUN_MU_M3_S2, WGS84_RADIUS_M
from baiterek.errors import BadValue
from baiterek.orbits.lambert import lambert
from baiterek.physics.planets import Array, earth_from_sun, mars_from_sun, moon_from_earth

MARS_FLIGHTS_D = range(120, 401, 4)
MOON_FLIGHT_D = 4.0
"""Below the 4.4 days that the slowest ellipse takes when the Moon is nearest."""
PARKING_ALTITUDE_M = 200e3


class Departure(NamedTuple):
    """Angles in rad in ICRF axes. To Mars those of the asymptote, to the Moon those of the Moon at arrival."""

    leaves: datetime
    arrives: datetime
    c3_m2_s2: float
    """Negative on the way to the Moon, which is an ellipse about the Earth."""
    declination_rad: float
    right_ascension_rad: float
    arrival_speed_m_s: float | None
    """At infinity, relative to Mars."""


def escape_window(to: str, leaves: datetime, days: int = 1, step: int = 1) -> list[Departure]:
    """The least C3 for each day of departure on which there is a flight.

    `mars`: patched conics and Lambert's problem, flights of 120 to 400 days and less than a revolution. C3 is
    within 0.1 km2/s2 of that of Mars 2020; the Earth is without mass on the way.
    `moon`: an ellipse from a perigee 200 km up that meets the distance of the Moon after 4 days; the Moon's pull is left out.
    A plane through the declination at arrival is needed.
    """
    finders: dict[str, Callable[[datetime], Departure | None]] = {"mars": _best_to_mars, "moon": to_moon}
    if to not in finders:
        raise BadValue("escape", "to", to, ", ".join(finders))
    dates = (leaves + timedelta(days=k) for k in range(0, days, step))
    return [found for found in map(finders[to], dates) if found is not None]


def to_mars(leaves: datetime, arrives: datetime) -> Departure | None:
    """Lambert's problem from the Earth to Mars; None where there is no conic."""
    earth, earth_speed = earth_from_sun(leaves)
    mars, mars_speed = mars_from_sun(arrives)
    duration = (arrives - leaves).total_seconds()
    found = lambert(earth, mars, duration, SUN_MU_M3_S2, np.cross(earth, earth_speed))
    if found is None:
        return None
    excess = found[0] - earth_speed
    arrival = float(np.linalg.norm(found[1] - mars_speed))
    return Departure(leaves, arrives, float(excess @ excess), *_angles(excess), arrival)


def _best_to_mars(leaves: datetime) -> Departure | None:
    def best(flights_d: Iterable[float]) -> Departure | None:
        found = [to_mars(leaves, leaves + timedelta(days=float(days))) for days in flights_d]
        return min((each for each in found if each is not None), key=lambda each: each.c3_m2_s2, default=None)

    coarse = best(MARS_FLIGHTS_D)
    if coarse is None:
        return None
    middle = (coarse.arrives - leaves).days
    return best(np.linspace(middle - 4.0, middle + 4.0, 33))


def to_moon(leaves: datetime, flight_days: float = MOON_FLIGHT_D) -> Departure | None:
    """The ellipse that rises from the parking orbit to the distance of the Moon in the given time.

    None where even the slowest ellipse, whose apogee is the Moon, is quicker.
    """
    arrives = leaves + timedelta(days=flight_days)
    position, _ = moon_from_earth(arrives)
    distance, perigee = float(np.linalg.norm(position)), WGS84_RADIUS_M + PARKING_ALTITUDE_M
    low, high = distance, 1e3 * distance
    if _rise_s(perigee, low, distance) < flight_days * 86400.0:
        return None
    for _ in range(80):
        apogee = 0.5 * (low + high)
        if _rise_s(perigee, apogee, distance) > flight_days * 86400.0:
            low = apogee
        else:
            high = apogee
    return Departure(leaves, arrives, -2.0 * EARTH_MU_M3_S2 / (perigee + high), *_angles(position), None)


def _rise_s(perigee_m: float, apogee_m: float, radius_m: float) -> float:
    """Time from perigee to a radius on an ellipse: Kepler's equation."""
    axis = 0.5 * (perigee_m + apogee_m)
    eccentricity = (apogee_m - perigee_m) / (apogee_m + perigee_m)
    anomaly = acos(max(-1.0, min(1.0, (1.0 - radius_m / axis) / eccentricity)))
    return sqrt(axis**3 / EARTH_MU_M3_S2) * (anomaly - eccentricity * sin(anomaly))


def _angles(vector: Array) -> tuple[float, float]:
    return asin(float(vector[2] / np.linalg.norm(vector))), atan2(vector[1], vector[0]) % (2.0 * pi)
