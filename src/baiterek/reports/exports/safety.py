"""A safety case for a globe: zones, footprints, lines of equal risk, closed areas, impact point's trace, as KML and CZML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.reports.exports.czml import still
from baiterek.reports.exports.kml import write_places
from baiterek.reports.exports.places import Place, zone_places
from baiterek.reports.exports.spheres import cut_line, cut_ring
from baiterek.study.results import read_json
from baiterek.study.safety_files import CONTOURS, CORRIDOR, CRAFT, FOOTPRINTS

KML, CZML = "safety.kml", "safety.czml"
CRAFTS = {"aircraft": "aircraft", "vessel": "ships"}
ABOUT = (
    "Individual risk: probability, in one flight, that a person who stays in the open becomes a casualty; a line is "
    "where it has "
    "that value. Ellipses in two dimensions. Zones of grade assumed, and how the vehicle fails, rest on no publication."
)


def write_safety(folder: Path) -> list[Path]:
    """`safety.kml` and `safety.czml` in the folder of a safety case, from what it holds."""
    s = read_json(folder / "result.json")
    title, about = f"{s['title']}: safety case", f"Run {s['run']}. {ABOUT}"
    shown = safety_places(folder)
    write_places(folder / KML, title, about, shown)
    packets = [{"id": "document", "version": "1.0", "name": title, "description": about}, *still(shown)]
    text = json.dumps(packets, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (folder / CZML).write_text(text, encoding="utf-8")
    return [folder / KML, folder / CZML]


def safety_places(folder: Path) -> list[Place]:
    """Everything that the folder shows on a globe, the ground first."""
    s = read_json(folder / "result.json")
    site = s["site"]
    shown = [Place(site["title"], "pad", "point", [np.array([[site["longitude_deg"], site["latitude_deg"]]])], {})]
    shown += [place for body, zone in s["zones"].items() for place in zone_places(body, zone, site)]
    last = s.get("deorbit")
    shown += zone_places(last["body"], last["zone"], site) if last and last["reached"] else []
    shown += [_footprint(each) for each in read_json(folder / FOOTPRINTS)["features"] if "sigmas" in each["properties"]]
    shown += [_contour(each) for each in read_json(folder / CONTOURS)["features"]]
    shown += [_craft(each) for each in read_json(folder / CRAFT)["features"]] if s.get("craft") else []
    shown += [_limit(each) for each in read_json(folder / CORRIDOR)["features"]]
    return [place for place in [*shown, _trace(s["track"])] if place.parts]


def _footprint(feature: dict[str, Any]) -> Place:
    about = feature["properties"]
    ring = np.array(feature["geometry"]["coordinates"][0])
    name = f"{about['body']}, {about['sigmas']:g} sigma"
    return Place(name, "footprint", "area", cut_ring(ring[:-1]), dict(about))


def _limit(feature: dict[str, Any]) -> Place:
    """The corridor, or a line of cut-off."""
    about, shape = feature["properties"], feature["geometry"]
    if about["what"] == "corridor":
        parts = cut_line(np.array(shape["coordinates"][0]))
        return Place("corridor of 14 CFR 420, App. A", "corridor", "line", parts, dict(about))
    return Place(
        f"cut-off line, {about['side']}", "cut-off line", "line", cut_line(np.array(shape["coordinates"])), dict(about)
    )


def _contour(feature: dict[str, Any]) -> Place:
    level = feature["properties"]["individual_risk"]
    rings = [np.array(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon]
    parts = [part for ring in rings for part in cut_line(ring)]
    return Place(f"individual risk {level:.0e}", "individual risk", "line", parts, dict(feature["properties"]))


def _craft(feature: dict[str, Any]) -> Place:
    """A closed area, where a limit is reached, or the worst place outside."""
    about, shape = feature["properties"], feature["geometry"]
    if about["what"] == "closed area":
        name = f"closed to {CRAFTS[about['craft']]}: {about['body']}"
        return Place(name, "closed area", "area", cut_ring(np.array(shape["coordinates"][0][:-1])), dict(about))
    if about["what"] == "contour":
        rings = [np.array(ring) for polygon in shape["coordinates"] for ring in polygon]
        name = f"{about['craft']} that is there: {about['hits']:.0e} hits"
        return Place(name, "aircraft and ships", "line", [part for ring in rings for part in cut_line(ring)], dict(about))
    place = np.array([shape["coordinates"]])
    return Place(f"worst place outside closed areas: {about['craft']}", "aircraft and ships", "point", [place], dict(about))


def _trace(track: dict[str, Any]) -> Place:
    """Where it would fall if thrust ended, without air: while there is such a point."""
    names = ("impact_longitude_deg", "impact_latitude_deg")
    rows = np.array([track[name] for name in names], dtype=float).T if names[0] in track else np.zeros((0, 2))
    rows = rows[np.all(np.isfinite(rows), axis=1)]
    parts = cut_line(rows) if len(rows) > 1 else []
    return Place("instantaneous impact point, without air", "impact point trace", "line", parts, {})
