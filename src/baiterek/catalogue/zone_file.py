"""Fall zones: which body of the vehicle must fall where."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from math import pi
from pathlib import Path
from typing import Any

from baiterek.catalogue.datum import Source
from baiterek.catalogue.document import CATALOGUE, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table, source_of
from baiterek.catalogue.ring import simple_ring
from baiterek.catalogue.site import STATUSES, Ellipse, Polygon, RangeBand, Zone
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.zone_outline import FORMS, SUFFIXES, read_outline, source_in

OCEAN = "ocean-south-pacific"
"""Into which a stage is deorbited where the mission names no zone."""
ZONE: Fields = {
    "title": Field("text", "name to print"),
    "source": Field("text", "tag of the [sources] table; with a file that says its own, not needed"),
    "status": Field("text", "what the zone is in law", choices=tuple(STATUSES)),
    "latitude_rad": Field("number", "centre of an ellipse", low=-pi / 2, high=pi / 2),
    "longitude_rad": Field("number", "centre of an ellipse", low=-pi, high=2 * pi),
    "length_m": Field("number", "full long axis of an ellipse", above=0.0, high=5e6),
    "width_m": Field("number", "full short axis of an ellipse", above=0.0, high=5e6),
    "azimuth_rad": Field("number", "of the long axis, clockwise from north", default=0.0, low=-2 * pi, high=2 * pi),
    "vertices_rad": Field("pairs", "[latitude, longitude] round a polygon; the optimiser takes convex ones alone"),
    "file": Field("text", "GeoJSON or KML with a polygon, seen from this file"),
    "feature": Field("text", "name of the polygon in that file, where there are several"),
    "min_m": Field("number", "nearest ground range of a band", low=0.0, high=2.1e7),
    "max_m": Field("number", "farthest ground range of a band", above=0.0, high=2.1e7),
}
CENTRE = ("latitude_rad", "longitude_rad", "length_m", "width_m")


def read_zones(
    table: Mapping[str, Any], place: Place, vehicle: Vehicle, sources: Mapping[str, Source], whole: bool = False
) -> dict[str, Zone]:
    """The `[zones]` of a mission: falling body -> a zone of the catalogue by name, or its shape.

    `whole`: an upper stage flies on, so that every stage of the vehicle is dropped.
    """
    bodies = falling_bodies(vehicle, whole)
    zones: dict[str, Zone] = {}
    for body, found in table.items():
        if body not in bodies:
            allowed = "a falling body of the vehicle: " + (", ".join(bodies) or "there is none")
            raise place.bad(body, "a body that does not fall", allowed)
        zones[body] = zone_of(found, body, place, sources)
    return zones


def zone_of(found: Any, key: str, place: Place, sources: Mapping[str, Source]) -> Zone:
    """The zone that stands at a key: a name of the catalogue, a file, or a table with its shape."""
    if isinstance(found, str) and found.lower().endswith(SUFFIXES):
        return read_zone({"file": found}, key, place.inside(key), sources)
    if not isinstance(found, str):
        return read_zone(found, key, place.inside(key), sources)
    shipped = named_zones()
    if found not in shipped:
        close = get_close_matches(found, shipped, n=1)
        hint = f"{close[0]} (did you mean it?), or " if close else ""
        known = ", ".join(shipped)
        raise place.bad(
            key, found, f"{hint}a zone of the catalogue ({known}), a file (.geojson, .kml) or a table with its shape"
        )
    return shipped[found]


def ocean_zone(found: Any, place: Place, sources: Mapping[str, Source]) -> Zone | None:
    """The zone into which a stage is deorbited; None where the mission names none. A band of ranges from the pad is none."""
    if found is None:
        return None
    zone = zone_of(found, "disposal_zone", place, sources)
    if isinstance(zone, RangeBand):
        raise place.bad("disposal_zone", "a band of ground range", "an ellipse or a polygon")
    return zone


def falling_bodies(vehicle: Vehicle, whole: bool = False) -> list[str]:
    """Names of what is dropped on the way up and whose fall the vehicle file describes, in order of the file."""
    names = [booster.name for booster in vehicle.boosters if booster.body is not None]
    names += [stage.name for stage in vehicle.stages[: None if whole else -1] if stage.body is not None]
    if vehicle.shroud is not None and vehicle.shroud.body is not None:
        names.append(vehicle.shroud.kind)
    return names


@lru_cache(maxsize=1)
def named_zones() -> Mapping[str, Zone]:
    """The shipped zones by name."""
    path = CATALOGUE / "zones.toml"
    document = read_document(path)
    place = Place(str(path))
    sources = read_sources(document.pop("sources", None), place.inside("sources"))
    return {name: read_zone(table, name, place.inside(name), sources) for name, table in document.items()}


def read_zone(table: Any, name: str, place: Place, sources: Mapping[str, Source]) -> Zone:
    """An ellipse (centre and full axes), a polygon, or a band of ground range, by the keys that are there."""
    read = read_table(table, ZONE, place)
    source = None if read["source"] is None else sources[source_of(read["source"], place, "source", sources)]
    status = read["status"] or ""
    ellipse = any(read[key] is not None for key in CENTRE)
    band = read["min_m"] is not None or read["max_m"] is not None
    if ellipse + band + (read["vertices_rad"] is not None) + (read["file"] is not None) != 1:
        shapes = "keys of one shape: latitude, longitude, length, width; or vertices; or min, max; or file"
        raise place.bad("", sorted(table), shapes)
    for key in CENTRE if ellipse else ("min_m", "max_m") if band else ():
        if read[key] is None:
            raise place.bad(key, "nothing", ZONE[key].allowed)
    if ellipse:
        if read["width_m"] > read["length_m"]:
            raise place.bad("width_m", read["width_m"], f"at most the length ({read['length_m']:g} m): full axes")
        latitude, longitude, length, width = (read[key] for key in CENTRE)
        return Ellipse(name, latitude, longitude, length, width, read["azimuth_rad"], source, status)
    if band:
        if read["min_m"] >= read["max_m"]:
            raise place.bad("min_m", read["min_m"], f"less than max ({read['max_m']:g} m)")
        return RangeBand(name, read["min_m"], read["max_m"], source, status)
    if read["file"] is not None:
        return _from_file(read, name, place, source)
    vertices = read["vertices_rad"]
    closed = vertices if vertices[:1] == vertices[-1:] and len(vertices) > 1 else (*vertices, *vertices[:1])
    return Polygon(name, simple_ring(closed, place, "vertices_rad")[:-1], source, status)


def _from_file(read: Mapping[str, Any], name: str, place: Place, source: Source | None) -> Polygon:
    file = read["file"]
    if not file.lower().endswith(SUFFIXES):
        raise place.bad("file", file, FORMS)
    outline = read_outline(file, read["feature"], place)
    status = read["status"] or outline.about.get("status", "")
    if status and status not in STATUSES:
        raise Place(str(Path(place.file).parent / file)).bad(f"{outline.name}.status", status, ", ".join(STATUSES))
    return Polygon(outline.name or name, outline.ring[:-1], source or source_in(outline, file, place), status)
