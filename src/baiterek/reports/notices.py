"""Closed areas as people and programs read them: notices to local authorities, GeoJSON, KML, NOTAM text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np

from baiterek.errors import BadValue
from baiterek.reports.exports.kml import NAMESPACE
from baiterek.reports.exports.spheres import cut_ring
from baiterek.reports.language import Words
from baiterek.reports.naming import district_in_words
from baiterek.reports.notam import notam

FORMATS = ("text", "notam", "notam-circle", "geojson", "kml")
COLOURS = {"aircraft": "ffb27200", "ground": "ff005ed5", "ships": "ff988f8a"}
"""aabbggrr; the colours of the figures."""
BAIKONUR_h, MOSCOW_h = 5.0, 3.0
"""Ahead of UTC: all of Kazakhstan since 1 March 2024, Moscow since 26 October 2014 (IANA time zones Asia/Qyzylorda,
Europe/Moscow)."""
RULE = "-" * 72


def check_format(form: str) -> None:
    """Raises `BadValue` in one line."""
    if form not in FORMATS:
        raise BadValue("command line", "--format", form, ", ".join(FORMATS))


def render(document: Mapping[str, Any], form: str, words: Words) -> str:
    """The document of `study.notices` in one of `FORMATS`."""
    check_format(form)
    if form == "text":
        return as_text(document, words)
    if form in ("notam", "notam-circle"):
        return as_notams(document, form == "notam-circle")
    if form == "geojson":
        return json.dumps(as_geojson(document), ensure_ascii=False, indent=1, allow_nan=False)
    return as_kml(document)


# --- to pilots -------------------------------------------------------------------------------------


def as_notams(document: Mapping[str, Any], circle: bool) -> str:
    """One for each area in which no aircraft may be, with an empty line between."""
    areas = [area for area in document["areas"] if area["use"] == "aircraft"]
    return "\n\n".join(notam({"title": _pilots_title(area), **area}, circle) for area in areas)


def _pilots_title(area: Mapping[str, Any]) -> str:
    if area["body"] is None:
        return "rocket launch"
    return f"rocket launch, fall of {area['name']} exp"


# --- to neighbours ---------------------------------------------------------------------------------


def as_text(document: Mapping[str, Any], words: Words) -> str:
    """A draft of a notice to local authorities for each body that falls, in one language."""
    grounds = [area for area in document["areas"] if area["use"] == "ground"]
    return f"\n{RULE}\n\n".join("\n".join(_notice(area, document, words)) + "\n" for area in grounds)


def _notice(area: Mapping[str, Any], document: Mapping[str, Any], words: Words) -> list[str]:
    body, window = area["body"], document["window"]
    name = words.said(area["name"])
    lines = [
        words("NOTICE TO LOCAL AUTHORITIES (draft)"),
        words("To the authorities of: {names}", names=_districts(area, words)),
        "",
        words("Launch of {vehicle} from {site}.", vehicle=words.said(document["vehicle"]), site=words.said(document["site"])),
        words("Lift-off: between {start} and {end}.", start=_instant(window["opens"], words),
              end=_instant(window["closes"], words)),
        "",
        words("What falls: {name}, pieces: {n}, about {mass} kg each.", name=name, n=body["pieces"],
              mass=words.number(body["mass_kg"])),
        *_broken(body["kinds"], document["whole"], words),
        words("When: about {n} min after lift-off.", n=words.number(body["t_s"] / 60.0)),
        words("Middle of the area: {place}. All of it lies within {n} km of there.", place=_place(area["centre_deg"], words),
              n=words.number(np.ceil(area["radius_km"]))),
        words("Closed: from {start} until {end}.", start=_instant(area["from"], words), end=_instant(area["until"], words)),
        words("People who live there by a population grid of 2020: about {n}.", n=words.number(area["people"])),
        "",
        words("What to do:"),
        "  - " + words("Nobody stays in the area while it is closed; livestock is led out; roads into it are watched."),
        "  - " + words("Nobody touches what has fallen: it may hold propellant, pressure or sharp edges."),
        "  - " + words("Finds, fires and harm are reported at once, with the place."),
        "",
        words("Who to call: [duty officer of the launch operator: name and telephone, to be filled in]"),
        words("This notice is handed over at least two days before the launch; the end of the closure is announced."),
        "",
        words("Corners, latitude and longitude on WGS 84:"),
        *(f"  {_place(corner, words)}" for corner in area["ring_deg"][:-1]),
        "",
        words("Basis: {method}; {rules}.", method=words.said(document["method"]), rules=words.said(document["rules"]["title"])),
    ]  # fmt: skip
    return [*lines, words("A draft by computation from data that are partly assumed; no decision of any authority.")]


def _broken(kinds: Sequence[Mapping[str, Any]], whole: bool, words: Words) -> list[str]:
    """What it is by then, where it breaks up on its way; that it was not asked, where it was taken to fall whole."""
    if len(kinds) > 1:
        return [words("It breaks up on its way: about {n} pieces come down.", n=words.number(sum(k["number"] for k in kinds)))]
    return (
        [words("Taken to fall whole. In pieces it comes down in a wider area: see --flights before this is sent.")]
        if whole
        else []
    )


def _districts(area: Mapping[str, Any], words: Words) -> str:
    found = (district_in_words(row["name"], row["name_ru"], words) for row in area["districts"])
    return ", ".join(found) or words("no district: open sea")


def _instant(utc: str, words: Words) -> str:
    """In UTC, and by the clocks of the cosmodrome and of Moscow."""
    local = words("Baikonur {here}, Moscow {there}", here=words.clock(utc, BAIKONUR_h), there=words.clock(utc, MOSCOW_h))
    return f"{words.date(utc)} ({local})"


def _place(corner: Any, words: Words) -> str:
    """`49.9700° N, 78.7000° E` in the form of the language."""
    latitude, longitude = corner[0], (corner[1] + 180.0) % 360.0 - 180.0
    up, right = words.number(abs(latitude), 4), words.number(abs(longitude), 4)
    north = words("{n}°N", n=up) if latitude >= 0.0 else words("{n}°S", n=up)
    east = words("{n}°E", n=right) if longitude >= 0.0 else words("{n}°W", n=right)
    return f"{north}, {east}"


# --- to programs -----------------------------------------------------------------------------------


def as_geojson(document: Mapping[str, Any]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946), areas anticlockwise; one over 180 deg is cut there (3.1.9)."""
    return {
        "type": "FeatureCollection",
        **{key: document[key] for key in ("mission", "window", "method", "rules", "notes")},
        "features": [
            {"type": "Feature", "properties": _about(area), "geometry": _geometry([_positions(part) for part in _parts(area)])}
            for area in document["areas"]
        ],
    }


def _about(area: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("use", "from", "until", "from_altitude", "to_altitude", "radius_km", "fir", "people")
    centre = {"centre_latitude_deg": area["centre_deg"][0], "centre_longitude_deg": area["centre_deg"][1]}
    return {"name": area["name"], **{key: area[key] for key in keys}, **centre}


def _geometry(parts: list[Any]) -> dict[str, Any]:
    if len(parts) == 1:
        return {"type": "Polygon", "coordinates": [parts[0]]}
    return {"type": "MultiPolygon", "coordinates": [[part] for part in parts]}


def _parts(area: Mapping[str, Any]) -> list[Any]:
    ring = np.array(area["ring_deg"])[:-1, ::-1]
    return cut_ring(ring)


def _positions(part: Any) -> list[list[float]]:
    return [[round(float(x), 4) for x in row] for row in part]


def as_kml(document: Mapping[str, Any]) -> str:
    """KML 2.2 (OGC 07-147r2): a folder a use, areas on the ground with their times."""
    root = Xml.Element("kml", xmlns=NAMESPACE)
    top = _add(root, "Document")
    _add(top, "name", document["title"])
    _add(top, "description", "; ".join((document["method"], document["rules"]["title"], *document["notes"])))
    folders: dict[str, Xml.Element] = {}
    for use, colour in COLOURS.items():
        style = _add(top, "Style")
        style.set("id", use)
        _add(_add(style, "LineStyle"), "color", colour)
        _add(_add(style, "PolyStyle"), "color", "30" + colour[2:])
    for area in document["areas"]:
        if area["use"] not in folders:
            folders[area["use"]] = _add(top, "Folder")
            _add(folders[area["use"]], "name", area["use"])
        _placemark(folders[area["use"]], area)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _placemark(folder: Xml.Element, area: Mapping[str, Any]) -> None:
    mark = _add(folder, "Placemark")
    _add(mark, "name", f"{area['name']}: {area['use']}")
    span = _add(mark, "TimeSpan")
    _add(span, "begin", area["from"])
    _add(span, "end", area["until"])
    _add(mark, "styleUrl", f"#{area['use']}")
    data = _add(mark, "ExtendedData")
    for key, value in _about(area).items():
        entry = _add(data, "Data")
        entry.set("name", key)
        _add(entry, "value", str(value))
    parts = _parts(area)
    parent = mark if len(parts) == 1 else _add(mark, "MultiGeometry")
    for part in parts:
        outer = _add(parent, "Polygon")
        _add(outer, "tessellate", "1")
        _add(outer, "altitudeMode", "clampToGround")
        ring = _add(_add(outer, "outerBoundaryIs"), "LinearRing")
        _add(ring, "coordinates", " ".join(f"{x:.4f},{y:.4f}" for x, y in part))


def _add(parent: Xml.Element, tag: str, text: str | None = None) -> Xml.Element:
    child = Xml.SubElement(parent, tag)
    child.text = text
    return child
