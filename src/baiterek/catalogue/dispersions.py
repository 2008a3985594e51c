"""What a mission adds to the sigmas of its vehicle: how far the air, the wind and the payload may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from baiterek.catalogue.fields import Field, Fields, Place, read_table

WIND_SIGMA_M_S = ((0.0, 3.0), (2e3, 6.0), (5e3, 9.0), (10e3, 13.0), (12e3, 13.0), (16e3, 9.0), (20e3, 7.0), (30e3, 10.0),
                  (50e3, 20.0), (70e3, 25.0), (90e3, 25.0))  # fmt: skip
"""Altitude in m, standard deviation of each component of the wind in m/s: assumed by this project, no source. The shape is
that of middle latitudes in general: greatest near the jet stream, least above the tropopause."""

DISPERSIONS: Fields = {
    "payload_sigma_kg": Field("number", "standard deviation of the mass of the payload", default=0.0, low=0.0, high=1e5),
    "air_density_sigma": Field(
        "number",
        "relative standard deviation of the density; assumed",
        default=0.03,
        low=0.0,
        high=0.3,
    ),
    "air_density_correlation_m": Field(
        "number", "height over which its correlation falls to 1/e; assumed", default=10e3, low=200.0, high=1e6
    ),
    "wind_sigma": Field(
        "pairs",
        "[altitude_m, sigma_m_s] of each component of the wind; assumed",
        default=WIND_SIGMA_M_S,
    ),
    "wind_correlation_m": Field(
        "number",
        "height over which its correlation falls to 1/e; assumed",
        default=4000.0,
        low=200.0,
        high=1e5,
    ),
    "gust_m_s": Field(
        "number", "speed of a discrete gust in every flight, NASA's is 9; 0: none", default=0.0, low=0.0, high=30.0
    ),
    "gust_altitude_min_m": Field(
        "number", "from here on it begins, at any height alike; assumed", default=4e3, low=0.0, high=60e3
    ),
    "gust_altitude_max_m": Field("number", "up to here it begins; assumed", default=16e3, low=0.0, high=60e3),
}


@dataclass(frozen=True)
class Dispersions:
    """Standard deviations in SI. The defaults of air and wind are assumed by this project."""

    payload_sigma_kg: float = 0.0
    air_density_sigma: float = 0.03
    air_density_correlation_m: float = 10e3
    wind_sigma: tuple[tuple[float, float], ...] = WIND_SIGMA_M_S
    wind_correlation_m: float = 4000.0
    gust_m_s: float = 0.0
    gust_altitude_min_m: float = 4e3
    gust_altitude_max_m: float = 16e3
    given: tuple[str, ...] = ()
    """Keys that the file states; the others are assumed."""


def read_dispersions(table: Any, place: Place) -> Dispersions:
    """The `[dispersions]` of a mission."""
    read: Mapping[str, Any] = read_table(table, DISPERSIONS, place)
    pairs = read["wind_sigma"]
    rising = all(b[0] - a[0] >= 100.0 for a, b in pairwise(pairs))
    if not pairs or not rising or any(sigma < 0.0 for _, sigma in pairs):
        raise place.bad("wind_sigma", [list(pair) for pair in pairs], "rising altitudes, 100 m apart or more; sigmas from 0")
    if read["gust_altitude_max_m"] <= read["gust_altitude_min_m"]:
        raise place.bad("gust_altitude_max_m", read["gust_altitude_max_m"], "above gust_altitude_min_m")
    return Dispersions(**read, given=tuple(table))
