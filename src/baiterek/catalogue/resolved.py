"""A mission written out: every default in place, plain values only, ready for JSON or TOML."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from baiterek.catalogue.datum import Source
from baiterek.catalogue.mission import Element, Mission
from baiterek.catalogue.upper_stage import UpperStage


def resolve(mission: Mission, environment: dict[str, Any]) -> Mission:
    """The mission with its `resolved` filled in; `environment` holds the keys of that table of the file."""
    vehicle = mission.vehicle
    upper = mission.upper_stage
    sources = {**mission.site.sources, **vehicle.sources, **_tagged(upper)}
    document = {
        "name": mission.name,
        "title": mission.title,
        "epoch": {
            **({"utc": mission.lift_off.isoformat().replace("+00:00", "Z")} if mission.lift_off else {}),
            "sidereal_angle_rad": mission.sidereal_angle_rad,
        },
        "payload": {
            "mass_kg": "maximise" if mission.payload_kg is None else mission.payload_kg,
            "adapter_kg": mission.adapter_kg,
        },
        "objective": mission.objective,
        **({"target": plain(mission.target)} if mission.target else {}),
        **({"releases": plain(mission.releases)} if mission.releases else {}),
        "limits": plain(mission.limits),
        "zones": {name: {"shape": type(zone).__name__.lower(), **plain(zone)} for name, zone in mission.zones.items()},
        "environment": environment,
        "environment_in_words": list(mission.environment_notes),
        "dispersions": plain(mission.dispersions),
        "reserve": plain(mission.reserve),
        "compute": list(mission.compute),
        "seed": mission.seed,
        "site": {"name": mission.site.name, "title": mission.site.title, "numbers": plain(mission.site.data)},
        "vehicle": {
            "name": vehicle.name,
            "title": vehicle.title,
            "stages": [_part(stage) for stage in vehicle.stages],
            "boosters": [_part(booster) for booster in vehicle.boosters],
            **({"shroud": _part(vehicle.shroud)} if vehicle.shroud else {}),
            "aerodynamics": {key: plain(getattr(vehicle.aerodynamics, key)) for key in ("axial", "normal_slope")},
            "numbers": plain(vehicle.data),
            "navigation": plain(vehicle.navigation),
            "failures": [plain(case) for case in vehicle.failures],
            "published": plain(vehicle.published),
            "correlations": [plain(item) for item in vehicle.correlations],
            "notes": list(vehicle.notes),
        },
        **({"upper_stage": {**_upper_stage(upper), "burns": plain(mission.burns)}} if upper else {}),
        "sources": {tag: plain(source) for tag, source in sources.items()},
    }
    return replace(mission, resolved=document)


def _tagged(upper: UpperStage | None) -> dict[str, Source]:
    """Sources of the upper stage under tags of their own: those of the vehicle may share a name with them."""
    return {f"{upper.name}.{tag}": source for tag, source in upper.sources.items()} if upper else {}


def _upper_stage(upper: UpperStage) -> dict[str, Any]:
    numbers = {key: replace(datum, source=f"{upper.name}.{datum.source}") for key, datum in upper.data.items()}
    return {"name": upper.name, "title": upper.title, "numbers": plain(numbers), "notes": list(upper.notes)}


def _part(part: Any) -> dict[str, Any]:
    written: dict[str, Any] = plain(part)
    if "engines" in written:
        written["engines"] = {engine["name"]: engine for engine in written["engines"]}
    return written


def plain(value: Any) -> Any:
    """Records, tuples and arrays as tables and lists; what is None is left out."""
    if isinstance(value, Element):
        return "free" if value.free else value.low if value.low == value.high else {"min": value.low, "max": value.high}
    if is_dataclass(value) and not isinstance(value, type):
        items = {field.name: getattr(value, field.name) for field in fields(value)}
        return {key: plain(item) for key, item in items.items() if item is not None}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return value.tolist()
    return value
