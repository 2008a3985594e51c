"""Places as KML 2.2 (OGC 07-147r2): folders by kind, lines in the air stand at their altitude."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from baiterek.reports.exports.geojson import coordinates
from baiterek.reports.exports.places import Place, places
from baiterek.study.results import MissionResult

NAMESPACE = "http://www.opengis.net/kml/2.2"
COLOURS = {
    "ground track": "ffb27200",
    "trajectory": "ffb27200",
    "impact point trace": "ff988f8a",
    "fall": "ff005ed5",
    "zone": "40005ed5",
    "zone edge": "ff005ed5",
    "footprint": "30b27200",
    "individual risk": "ff261eb3",
    "closed area": "2000a0e0",
    "aircraft and ships": "ff00a0e0",
    "corridor": "ff988f8a",
    "cut-off line": "ff261eb3",
}
"""aabbggrr; the colours of the figures."""
HEIGHTS = (
    "Heights are above the WGS 84 ellipsoid, as flown; KML counts them from mean sea level (EGM96), which lies up to 107 m "
    "apart from it. Latitudes are geodetic."
)


def write_kml(result: MissionResult, path: Path) -> None:
    """One document; a line or an area that meets 180 deg is cut there."""
    about = f"Run {result.hash}, lift-off {result.summary['lift_off'] or 'without a date'}. {HEIGHTS}"
    write_places(path, result.summary["title"], about, places(result))


def write_places(path: Path, title: str, about: str, shown: Iterable[Place]) -> None:
    """A document of places, a folder a kind."""
    root = Xml.Element("kml", xmlns=NAMESPACE)
    document = _add(root, "Document")
    _add(document, "name", title)
    _add(document, "description", about)
    for kind, colour in COLOURS.items():
        _style(document, kind, colour)
    folders: dict[str, Xml.Element] = {}
    for place in shown:
        if place.kind not in folders:
            folders[place.kind] = _add(document, "Folder")
            _add(folders[place.kind], "name", place.kind)
        _placemark(folders[place.kind], place)
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add(parent: Xml.Element, tag: str, text: str | None = None) -> Xml.Element:
    child = Xml.SubElement(parent, tag)
    child.text = text
    return child


def _style(document: Xml.Element, kind: str, colour: str) -> None:
    style = _add(document, "Style")
    style.set("id", _id(kind))
    line = _add(style, "LineStyle")
    _add(line, "color", "ff" + colour[2:])
    _add(line, "width", "2")
    _add(_add(style, "PolyStyle"), "color", colour)


def _placemark(folder: Xml.Element, place: Place) -> None:
    mark = _add(folder, "Placemark")
    _add(mark, "name", place.name)
    if place.kind in COLOURS:
        _add(mark, "styleUrl", f"#{_id(place.kind)}")
    data = _add(mark, "ExtendedData")
    for key, value in place.about.items():
        if value is not None:
            entry = _add(data, "Data")
            entry.set("name", key)
            _add(entry, "value", str(value))
    parent = mark if len(place.parts) == 1 else _add(mark, "MultiGeometry")
    for part in place.parts:
        _geometry(parent, place.shape, part)


def _geometry(parent: Xml.Element, shape: str, part: Any) -> None:
    """On the ground it follows the ground; with an altitude it stands there."""
    outer = _add(parent, {"point": "Point", "line": "LineString", "area": "Polygon"}[shape])
    high = part.shape[1] == 3
    if shape == "line" and not high:
        _add(outer, "tessellate", "1")
    _add(outer, "altitudeMode", "absolute" if high else "clampToGround")
    inner = _add(_add(outer, "outerBoundaryIs"), "LinearRing") if shape == "area" else outer
    _add(inner, "coordinates", " ".join(",".join(map(repr, row)) for row in coordinates(part)))


def _id(kind: str) -> str:
    return kind.replace(" ", "-")
