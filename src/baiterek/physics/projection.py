"""From the ellipsoid to the sheet of a map."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.physics.formula import formula

ECCENTRICITY = np.sqrt(WGS84_FLATTENING * (2.0 - WGS84_FLATTENING))


class Conformal(NamedTuple):
    """A point of the ellipsoid on the sphere that keeps its angles."""

    sin_latitude: Any
    cos_latitude: Any
    stretch: Any
    """Cosine of the conformal latitude over the radius of the parallel in equatorial radii; finite at the poles."""


class OnMap(NamedTuple):
    """A point of a map: metres east and north of its centre, and the scale there (1 at the centre)."""

    x_m: Any
    y_m: Any
    scale: Any


@formula
def conformal(latitude_rad):
    """Conformal latitude on WGS 84: Snyder, Map Projections, USGS Professional Paper 1395 (1987), equation 3-1.

    Written in sines and cosines of the geodetic latitude, so that the poles are no exception. With e the eccentricity,
    F = ((1 - e sin) / (1 + e sin))^(e/2), the tangent of 45 deg + chi/2 is F cos / (1 - sin).
    """
    s, c = np.sin(latitude_rad), np.cos(latitude_rad)
    bend = np.exp(0.5 * ECCENTRICITY * (np.log(1.0 - ECCENTRICITY * s) - np.log(1.0 + ECCENTRICITY * s)))
    north, south = (1.0 + s) * bend * bend, 1.0 - s
    stretch = 2.0 * bend / (north + south)
    return Conformal((north - south) / (north + south), stretch * c, stretch * np.sqrt(1.0 - (ECCENTRICITY * s) ** 2))


@formula
def stereographic(latitude_rad, longitude_rad, centre_latitude_rad, centre_longitude_rad):
    """Oblique stereographic projection of WGS 84, true to angles: Snyder (1987), equations 21-2 to 21-4, 21-24 to 21-27.

    Scale 1 at the centre; about 1 + (d / 2 R)^2 at a distance d from it: 1.006 at 1000 km. The antipode is at infinity.
    """
    here, centre = conformal(latitude_rad), conformal(centre_latitude_rad)
    turn = longitude_rad - centre_longitude_rad
    along = here.cos_latitude * np.cos(turn)
    nearness = 1.0 + centre.sin_latitude * here.sin_latitude + centre.cos_latitude * along
    size = 2.0 * WGS84_RADIUS_M / (centre.stretch * nearness)
    return OnMap(
        size * here.cos_latitude * np.sin(turn),
        size * (centre.cos_latitude * here.sin_latitude - centre.sin_latitude * along),
        size * here.stretch / WGS84_RADIUS_M,
    )
