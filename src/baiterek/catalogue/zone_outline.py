"""Outlines of zones from files of other tools: GeoJSON (RFC 7946) and KML (OGC 07-147r2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite, radians
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from baiterek.catalogue.datum import GRADES, Source
from baiterek.catalogue.fields import Place
from baiterek.catalogue.ring import Ring, simple_ring

SUFFIXES = (".geojson", ".json", ".kml")
FORMS = "a GeoJSON (.geojson, .json) or a KML file"
ONE = "one Polygon with one ring, closed: the last position is the first again"
KML_GEOMETRY = {"Polygon", "MultiGeometry", "Point", "LineString", "LinearRing", "Model"}


class Outline(NamedTuple):
    """A polygon of a file and what the file says of it."""

    name: str
    ring: Ring
    """Latitude and longitude in rad; closed."""
    about: Mapping[str, str]
    """`source`, `grade`, `status`, where the file has them."""


class _Feature(NamedTuple):
    name: str
    kind: str
    rings: list[list[Any]]
    """Of positions: longitude and latitude in deg."""
    about: Mapping[str, str]


def read_outline(file: str, feature: str | None, place: Place) -> Outline:
    """The polygon called `feature` in a file, or its only one. Raises `InputError` in one line.

    Longitudes may run on past 180; a ring is closed and does not cross itself.
    """
    path = Path(place.file).parent / file
    inside = Place(str(path))
    found = list(_kml(path, inside) if path.suffix.lower() == ".kml" else _geojson(path, inside))
    named = ", ".join(each.name or "without a name" for each in found) or "none"
    chosen = [each for each in found if each.name == feature] if feature else [each for each in found if _has_area(each)]
    if len(chosen) != 1:
        allowed = f"one of the features of {path.name}: {named}"
        raise place.bad("feature", feature or f"nothing, and {len(chosen)} areas in {path.name}", allowed)
    [one] = chosen
    if one.kind != "Polygon" or len(one.rings) != 1:
        shape = one.kind if one.kind != "Polygon" else f"a Polygon with {len(one.rings) - 1} holes"
        raise inside.bad(one.name, shape, ONE)
    ring = tuple(_position(each, inside, one.name) for each in one.rings[0])
    return Outline(one.name, simple_ring(ring, inside, one.name), one.about)


def source_in(outline: Outline, file: str, place: Place) -> Source:
    """What the file says of its source; a file that says nothing is marked as assumed."""
    name = Path(file).name
    grade = outline.about.get("grade", "assumed")
    if grade not in GRADES:
        raise Place(str(Path(place.file).parent / file)).bad(f"{outline.name}.grade", grade, ", ".join(GRADES))
    return Source(name, outline.about.get("source", f"{name}, which names no source"), grade)


def _has_area(feature: _Feature) -> bool:
    return feature.kind in ("Polygon", "MultiPolygon", "MultiGeometry", "GeometryCollection")


def _position(found: Any, place: Place, key: str) -> tuple[float, float]:
    numbers = found[:2] if isinstance(found, list) else []
    if len(numbers) < 2 or not all(
        isinstance(x, int | float) and not isinstance(x, bool) and isfinite(x) and abs(x) <= 360.0 for x in numbers
    ):
        raise place.bad(key, found, "positions of longitude and latitude in deg")
    return radians(numbers[1]), radians(numbers[0])


def _bytes(path: Path, place: Place) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise place.bad("", getattr(error, "strerror", None) or str(error), FORMS) from None


def _geojson(path: Path, place: Place) -> Iterator[_Feature]:
    try:
        document = json.loads(_bytes(path, place).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise place.bad("", f"no JSON: {error}", FORMS) from None
    kind = document.get("type") if isinstance(document, dict) else None
    features = document.get("features") if kind == "FeatureCollection" else [document]
    if not isinstance(features, list) or not all(isinstance(each, dict) for each in features):
        raise place.bad("features", features, "a list of features")
    for each in features:
        whole = each.get("type") == "Feature"
        geometry = each.get("geometry") if whole else each
        properties = each.get("properties") if whole else {}
        properties = properties if isinstance(properties, dict) else {}
        if not isinstance(geometry, dict):
            continue
        name = str(properties.get("name") or each.get("id") or "")
        coordinates = geometry.get("coordinates")
        polygon = geometry.get("type") == "Polygon"
        if polygon and not (isinstance(coordinates, list) and all(isinstance(ring, list) for ring in coordinates)):
            raise place.bad(name, coordinates, "rings of positions")
        about = {key: str(properties[key]) for key in ("source", "grade", "status") if properties.get(key)}
        yield _Feature(name, str(geometry.get("type")), list(coordinates or []) if polygon else [], about)


def _kml(path: Path, place: Place) -> Iterator[_Feature]:
    try:
        root = ElementTree.fromstring(_bytes(path, place))
    except (ElementTree.ParseError, ValueError) as error:
        raise place.bad("", f"no XML: {error}", FORMS) from None
    for mark in root.iterfind(".//{*}Placemark"):
        geometry = next((each for each in mark if _tag(each) in KML_GEOMETRY), None)
        if geometry is None:
            continue
        name = (mark.findtext("{*}name") or mark.get("id") or "").strip()
        about = {}
        for data in mark.iterfind(".//{*}Data"):
            value = (data.findtext("{*}value") or "").strip()
            if data.get("name") in ("source", "grade", "status") and value:
                about[str(data.get("name"))] = value
        rings = [_tuples(each.text or "", place, name) for each in geometry.iterfind(".//{*}LinearRing/{*}coordinates")]
        yield _Feature(name, _tag(geometry), rings, about)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _tuples(text: str, place: Place, key: str) -> list[Any]:
    try:
        return [[float(x) for x in each.split(",")] for each in text.split()]
    except ValueError as error:
        raise place.bad(key, str(error), "tuples of longitude,latitude or longitude,latitude,altitude") from None
