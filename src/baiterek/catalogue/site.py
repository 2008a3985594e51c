"""Where we fly from, and where stages may fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baiterek.catalogue.datum import Datum, Source


@dataclass(frozen=True)
class Site:
    """A pad. Latitude and longitude geodetic on WGS 84, altitude above its ellipsoid."""

    name: str
    title: str
    latitude_rad: Any
    longitude_rad: Any
    altitude_m: Any
    corridors_rad: tuple[tuple[float, float], ...]
    """Launch azimuths that the site permits: pairs clockwise from north; empty when none is published."""
    data: Mapping[str, Datum]
    sources: Mapping[str, Source]
    notes: tuple[str, ...] = ()
    file: str = ""


STATUSES = {
    "in force": "allotted to flights by an act of a state",
    "proposed": "submitted or published as a proposal",
    "derived": "made from a footprint, as `baiterek zones` does",
    "assumed": "invented so that a mission can be planned",
}
"""What a fall zone is in law."""


@dataclass(frozen=True)
class Ellipse:
    """Full axes, as fall zones are published; the azimuth of the long axis is clockwise from north."""

    name: str
    latitude_rad: Any
    longitude_rad: Any
    length_m: Any
    width_m: Any
    azimuth_rad: Any
    source: Source | None = None
    status: str = ""
    """A key of `STATUSES`, or nothing."""


@dataclass(frozen=True)
class Polygon:
    """A polygon of (latitude, longitude) in rad, anticlockwise or clockwise, on WGS 84; it does not cross itself.

    Sides are planes through the centre of the Earth. The optimiser takes convex ones alone.
    """

    name: str
    vertices_rad: tuple[tuple[float, float], ...]
    """Each once."""
    source: Source | None = None
    status: str = ""


@dataclass(frozen=True)
class RangeBand:
    """Distance from the pad over the ground: central angle of geocentric directions times the equatorial radius."""

    name: str
    min_m: Any
    max_m: Any
    source: Source | None = None
    status: str = ""


Zone = Ellipse | Polygon | RangeBand
