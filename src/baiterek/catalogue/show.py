"""What the catalogue holds, with values, sigmas and sources: for `baiterek catalogue`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from math import pi
from typing import Any

from baiterek.catalogue.datum import GRADES, Datum, Source
from baiterek.catalogue.document import CATALOGUE, names, read_document
from baiterek.catalogue.fields import Place
from baiterek.catalogue.orbit_file import named_orbits, read_target
from baiterek.catalogue.read import load_site, load_upper_stage, load_vehicle
from baiterek.catalogue.resolved import plain
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.zone_file import named_zones
from baiterek.constants import WGS84_RADIUS_M
from baiterek.errors import BadValue

KINDS = ("vehicles", "upper-stages", "sites", "orbits", "zones")
FILES: dict[str, Callable[[str], Any]] = {"vehicles": load_vehicle, "upper-stages": load_upper_stage, "sites": load_site}
"""Kinds with a file an entry, and their readers."""

PAYLOADS_KG = (0, 1000, 2000, 5000, 10000)
"""For which the ideal velocity gain of an upper stage in one burn is shown."""

Row = dict[str, Any]


def document(kind: str | None = None, name: str | None = None) -> dict[str, Any]:
    """Plain tables of the whole catalogue, of a kind, or of one entry with every number and its source."""
    if kind is None:
        return {each: _listed(each) for each in KINDS}
    if kind not in KINDS:
        raise BadValue("catalogue", "kind", kind, ", ".join(KINDS))
    if name is None:
        return {kind: _listed(kind)}
    known = _listed(kind)
    if name not in known and not (kind in FILES and name.endswith(".toml")):
        close = get_close_matches(name, known, n=1)
        hint = f"{close[0]} (did you mean it?), or any of " if close else ""
        raise BadValue("catalogue", kind, name, hint + ", ".join(known))
    shown = {"vehicles": _vehicle, "upper-stages": _upper_stage, "sites": _site, "orbits": _orbit, "zones": _zone}
    return shown[kind](name)


def rows(data: Mapping[str, Datum], sources: Mapping[str, Source]) -> list[Row]:
    """A row a number: path with its unit, value, sigma, and where it comes from."""
    return [
        {
            "number": path,
            "value": datum.value,
            "sigma": datum.sigma,
            "grade": sources[datum.source].grade,
            "source": datum.source,
        }
        for path, datum in data.items()
    ]


def text(shown: Mapping[str, Any]) -> str:
    """What `document` gave, for people."""
    if "name" not in shown:
        return "\n\n".join(f"{kind}\n" + _columns([[n, t] for n, t in known.items()]) for kind, known in shown.items())
    lines = [f"{shown['name']}: {shown['title']}"]
    for heading in ("numbers", "published"):
        if shown.get(heading):
            table = [[*_natural(r), r["source"]] for r in shown[heading]]
            lines += ["", _columns([[heading, "value", "sigma", "source"], *table])]
    for heading in ("elements", "shape"):
        if heading in shown:
            lines += ["", _columns([[key, _said(value)] for key, value in shown[heading].items()])]
    if "gain_m_s" in shown:
        gains = [[f"with {payload}", f"{gain:.0f} m/s"] for payload, gain in shown["gain_m_s"].items()]
        lines += ["", "ideal gain in one burn", _columns(gains)]
    if shown.get("sources"):
        cited = [[f"[{s['tag']}]", s["grade"], f"{s['text']} {s.get('url', '')}".strip()] for s in shown["sources"]]
        grades = {source["grade"] for source in shown["sources"]}
        key = "; ".join(
            meaning if meaning.startswith(grade) else f"{grade}: {meaning}"
            for grade, meaning in GRADES.items()
            if grade in grades
        )
        lines += ["", "sources", _columns(cited), f"  ({key})"]
    if shown.get("notes"):
        lines += ["", *(f"  {note}" for note in shown["notes"])]
    return "\n".join(lines)


def _natural(row: Row) -> list[str]:
    """Number, value and sigma of a row; angles in degrees."""
    number, scale = row["number"], 1.0
    if number.endswith("_rad"):
        number, scale = number[: -len("_rad")] + "_deg", 180.0 / pi
    return [number, f"{row['value'] * scale:.9g}", f"{row['sigma'] * scale:.4g}"]


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.9g}"
    return value if isinstance(value, str) else str(value)


def _columns(table: list[list[str]]) -> str:
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    return "\n".join(("  " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True))).rstrip() for row in table)


def _listed(kind: str) -> dict[str, str]:
    if kind == "orbits":
        return {name: str(table.get("title", name)) for name, table in named_orbits().items()}
    if kind == "zones":
        tables = read_document(CATALOGUE / "zones.toml")
        return {name: str(table.get("title", name)) for name, table in tables.items() if name != "sources"}
    return {name: FILES[kind](name).title for name in names(kind.replace("-", "_"))}


def _sources(tags: set[str], sources: Mapping[str, Source]) -> list[Row]:
    return [plain(source) for tag, source in sources.items() if tag in tags]


def _vehicle(name: str) -> dict[str, Any]:
    vehicle = load_vehicle(name)
    cases = {path: datum for case in vehicle.failures for path, datum in case.data.items()}
    flown = {**vehicle.data, **vehicle.navigation, **cases}
    used = {datum.source for datum in [*flown.values(), *vehicle.published.values()]}
    return {
        "name": vehicle.name,
        "title": vehicle.title,
        "parts": parts(vehicle),
        "numbers": rows(flown, vehicle.sources),
        "published": rows(vehicle.published, vehicle.sources),
        "curves": {key: plain(getattr(vehicle.aerodynamics, key)) for key in ("axial", "normal_slope")},
        "correlations": [plain(item) for item in vehicle.correlations],
        "sources": _sources(used | {item.source for item in vehicle.correlations}, vehicle.sources),
        "notes": list(vehicle.notes),
    }


def _upper_stage(name: str) -> dict[str, Any]:
    stage = load_upper_stage(name)
    used = {datum.source for datum in [*stage.data.values(), *stage.published.values()]}
    return {
        "name": stage.name,
        "title": stage.title,
        "numbers": rows(stage.data, stage.sources),
        "published": rows(stage.published, stage.sources),
        "gain_m_s": {f"{payload} kg": float(stage.delta_v_m_s(payload)) for payload in PAYLOADS_KG},
        "sources": _sources(used, stage.sources),
        "notes": list(stage.notes),
    }


def parts(vehicle: Vehicle) -> dict[str, Any]:
    """What the vehicle is made of: counts, names and rules."""
    made: dict[str, Any] = {
        stage.name: {
            "engines": {engine.name: engine.count for engine in stage.engines},
            "separation": stage.separation,
            "shutdown": stage.shutdown,
        }
        for stage in vehicle.stages
    }
    for booster in vehicle.boosters:
        made[booster.name] = {"count": booster.count, "lights_after": booster.lights_after or "lift-off"}
    if vehicle.shroud is not None:
        made[vehicle.shroud.kind] = {"goes": vehicle.shroud.rule, "stage": vehicle.shroud.stage}
    return made


def _site(name: str) -> dict[str, Any]:
    site = load_site(name)
    used = {datum.source for datum in site.data.values()}
    return {
        "name": site.name,
        "title": site.title,
        "numbers": rows(site.data, site.sources),
        "sources": _sources(used, site.sources),
        "notes": list(site.notes),
    }


def _orbit(name: str) -> dict[str, Any]:
    table = named_orbits()[name]
    place = Place(str(CATALOGUE / "orbits.toml"), name)
    orbit = read_target({key: value for key, value in table.items() if key != "title"}, place, WGS84_RADIUS_M)
    elements: Row = {}
    for key, element in plain(orbit).items():
        if key.endswith("_radius_m"):
            elements[key.replace("_radius_m", "_altitude_km")] = _in(element, 1e-3, -WGS84_RADIUS_M)
        elif key.endswith("_rad"):
            elements[key.replace("_rad", "_deg")] = _in(element, 180.0 / pi)
        elif key != "name":
            elements[key] = element
    elements["altitude_reference"] = "equatorial radius"
    return {"name": name, "title": table.get("title", name), "elements": elements}


def _in(element: Any, scale: float, offset: float = 0.0) -> Any:
    """An element as `plain` wrote it (number, bounds or "free") in another unit, without the dust of conversion."""
    if isinstance(element, dict):
        return {key: _in(value, scale, offset) for key, value in element.items()}
    return element if isinstance(element, str) else round((element + offset) * scale, 9)


def _zone(name: str) -> dict[str, Any]:
    zone = named_zones()[name]
    title = read_document(CATALOGUE / "zones.toml")[name].get("title", name)
    shape: Row = {"shape": type(zone).__name__.lower()}
    for key, value in plain(zone).items():
        if key.endswith("_rad"):
            degrees = [[_in(x, 180.0 / pi) for x in pair] for pair in value] if isinstance(value, list) else None
            shape[key.replace("_rad", "_deg")] = degrees or _in(value, 180.0 / pi)
        elif key not in ("source", "name"):
            shape[key] = value
    return {"name": name, "title": title, "shape": shape, "sources": [plain(zone.source)] if zone.source else []}
