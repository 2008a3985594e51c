"""Sites and zones: tables of a TOML document in, frozen records out."""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, pi
from typing import Any

from baiterek.catalogue.datum import Source
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table, source_of
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand, Site, Zone

SITE: Fields = {
    "title": Field("text", "name to print", required=True),
    "latitude_rad": Field("datum", "geodetic latitude, north positive", required=True, low=-pi / 2, high=pi / 2),
    "longitude_rad": Field("datum", "longitude, east positive", required=True, low=-pi, high=2 * pi),
    "altitude_m": Field("datum", "altitude above the ellipsoid", required=True, low=-500.0, high=9000.0),
    "corridors_rad": Field("pairs", "permitted launch azimuths, clockwise from north", default=()),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }"),
}
ZONE: Fields = {
    "title": Field("text", "name to print"),
    "source": Field("text", "tag of the [sources] table"),
    "latitude_rad": Field("number", "centre of an ellipse", low=-pi / 2, high=pi / 2),
    "longitude_rad": Field("number", "centre of an ellipse", low=-pi, high=2 * pi),
    "length_m": Field("number", "full long axis of an ellipse", above=0.0, high=5e6),
    "width_m": Field("number", "full short axis of an ellipse", above=0.0, high=5e6),
    "azimuth_rad": Field("number", "of the long axis, clockwise from north", default=0.0, low=-2 * pi, high=2 * pi),
    "vertices_rad": Field("pairs", "[latitude, longitude] of a convex polygon"),
    "min_m": Field("number", "nearest ground range of a band", low=0.0, high=2.1e7),
    "max_m": Field("number", "farthest ground range of a band", above=0.0, high=2.1e7),
}
CENTRE = ("latitude_rad", "longitude_rad", "length_m", "width_m")


def read_site(document: Mapping[str, Any], name: str, file: str, place: Place, more: Mapping[str, Source]) -> Site:
    """The site of a file, or of an inline table whose sources are those of the mission (`more`)."""
    read = read_table({"sources": document.get("sources", {})}, {"sources": SITE["sources"]}, place)
    sources = dict(more) | read_sources(read["sources"], place.inside("sources"))
    read = read_table(document, SITE, place, sources)
    keys = ("latitude_rad", "longitude_rad", "altitude_m")
    return Site(
        name, read["title"], *(read[key].value for key in keys), check_corridors(read["corridors_rad"], place),
        {key: read[key] for key in keys}, sources, read["notes"], file,
    )  # fmt: skip


def check_corridors(pairs: tuple[tuple[float, float], ...], place: Place) -> tuple[tuple[float, float], ...]:
    """Azimuth corridors in rad: from the first to the second clockwise, each within a turn."""
    for low, high in pairs:
        if not (-2 * pi <= low < high <= 4 * pi and high - low <= 2 * pi):
            raise place.bad("corridors_rad", [low, high], "pairs [from, to] with from < to, within one turn")
    return pairs


def read_zone(table: Any, name: str, place: Place, sources: Mapping[str, Source]) -> Zone:
    """An ellipse (centre and full axes), a convex polygon, or a band of ground range, by the keys that are there."""
    read = read_table(table, ZONE, place)
    source = None if read["source"] is None else sources[source_of(read["source"], place, "source", sources)]
    ellipse = any(read[key] is not None for key in CENTRE)
    polygon = read["vertices_rad"] is not None
    band = read["min_m"] is not None or read["max_m"] is not None
    if ellipse + polygon + band != 1:
        raise place.bad(
            "", sorted(table), "keys of one shape: latitude, longitude, length, width; or vertices; or min, max"
        )
    for key in CENTRE if ellipse else ("min_m", "max_m") if band else ():
        if read[key] is None:
            raise place.bad(key, "nothing", ZONE[key].allowed)
    if ellipse:
        if read["width_m"] > read["length_m"]:
            raise place.bad("width_m", read["width_m"], f"at most the length ({read['length_m']:g} m): full axes")
        return Ellipse(name, *(read[key] for key in CENTRE), read["azimuth_rad"], source)
    if band:
        if read["min_m"] >= read["max_m"]:
            raise place.bad("min_m", read["min_m"], f"less than max ({read['max_m']:g} m)")
        return RangeBand(name, read["min_m"], read["max_m"], source)
    return Polygon(name, _convex(read["vertices_rad"], place), source)


def _convex(vertices: tuple[tuple[float, float], ...], place: Place) -> tuple[tuple[float, float], ...]:
    if not 3 <= len(vertices) <= 60 or any(abs(lat) > pi / 2 or not -pi <= lon <= 2 * pi for lat, lon in vertices):
        raise place.bad("vertices_rad", f"{len(vertices)} vertices", "3 to 60 pairs of [latitude, longitude]")
    scale = cos(sum(lat for lat, _ in vertices) / len(vertices))
    flat = [(lon * scale, lat) for lat, lon in vertices]
    if max(x for x, _ in flat) - min(x for x, _ in flat) > pi * scale:
        raise place.bad("vertices_rad", "vertices on both sides of a meridian cut", "longitudes that run on, such as 179, 181")
    turns = []
    for k in range(len(flat)):
        (ax, ay), (bx, by), (cx, cy) = flat[k - 2], flat[k - 1], flat[k]
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    if not (all(turn > 0.0 for turn in turns) or all(turn < 0.0 for turn in turns)) or _windings(flat) != 1:
        raise place.bad("vertices_rad", "a polygon that is not convex", "vertices in order round a convex polygon")
    return vertices


def _windings(flat: list[tuple[float, float]]) -> int:
    """How often the edges turn round: a pentagram has turns of one sign only, but goes round twice."""
    from math import atan2

    total = 0.0
    for k in range(len(flat)):
        (ax, ay), (bx, by), (cx, cy) = flat[k - 2], flat[k - 1], flat[k]
        turn = atan2(cy - by, cx - bx) - atan2(by - ay, bx - ax)
        total += (turn + pi) % (2 * pi) - pi
    return round(abs(total) / (2 * pi))
