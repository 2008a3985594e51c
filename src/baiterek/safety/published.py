"""Sizes of drop zones that were published: what a footprint is put beside, and never fitted to."""

from __future__ import annotations

from typing import NamedTuple

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse
from baiterek.safety.footprint import Contained, Footprint, axes, contained


class Size(NamedTuple):
    """Full axes of an elliptical drop zone."""

    name: str
    length_km: float
    width_km: float
    source: str


SIZES = (
    Size("RP-327", 70.0, 40.0, "Altai, second stage and fairing of Proton: 70 by 40 km, 2 198 km2 (galt-auto.ru, 2010-04-27)"),
    Size("Vostochny", 50.0, 30.0, "Soyuz-2.1b, first stage: some 50 by 30 km (vesti.ru, article 1546215)"),
    Size("60 × 30 km", 60.0, 30.0, "size of the largest zone that secondary sources give for Yu-24; its decree was not read"),
)


def laid_on(found: Footprint, size: Size, mission: Mission) -> Contained:
    """What a zone of this size would hold, were it laid best: on the mean point, along the greater axis of the spread."""
    azimuth = axes(found.covariance_m2)[2]
    place = found.latitude_rad, found.longitude_rad
    zone = Ellipse(size.name, *place, 1e3 * size.length_km, 1e3 * size.width_km, azimuth)
    return contained(found, zone, mission)
