"""Sites and zones: tables of a TOML document in, frozen records out."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import Any

from baiterek.catalogue.datum import Source
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table
from baiterek.catalogue.site import Site

SITE: Fields = {
    "title": Field("text", "name to print", required=True),
    "latitude_rad": Field("datum", "geodetic latitude, north positive", required=True, low=-pi / 2, high=pi / 2),
    "longitude_rad": Field("datum", "longitude, east positive", required=True, low=-pi, high=2 * pi),
    "altitude_m": Field("datum", "altitude above the ellipsoid", required=True, low=-500.0, high=9000.0),
    "corridors_rad": Field("pairs", "permitted launch azimuths, clockwise from north", default=()),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }"),
}


def read_site(document: Mapping[str, Any], name: str, file: str, place: Place, more: Mapping[str, Source]) -> Site:
    """The site of a file, or of an inline table whose sources are those of the mission (`more`)."""
    read = read_table({"sources": document.get("sources", {})}, {"sources": SITE["sources"]}, place)
    sources = dict(more) | read_sources(read["sources"], place.inside("sources"))
    read = read_table(document, SITE, place, sources)
    keys = ("latitude_rad", "longitude_rad", "altitude_m")
    latitude, longitude, altitude = (read[key].value for key in keys)
    corridors = check_corridors(read["corridors_rad"], place)
    data = {key: read[key] for key in keys}
    return Site(name, read["title"], latitude, longitude, altitude, corridors, data, sources, read["notes"], file)


def check_corridors(pairs: tuple[tuple[float, float], ...], place: Place) -> tuple[tuple[float, float], ...]:
    """Azimuth corridors in rad: from the first to the second clockwise, each within a turn."""
    for low, high in pairs:
        if not (-2 * pi <= low < high <= 4 * pi and high - low <= 2 * pi):
            raise place.bad("corridors_rad", [low, high], "pairs [from, to] with from < to, within one turn")
    return pairs
