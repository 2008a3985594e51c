"""The `[override]` of a mission: other numbers for the vehicle that it names, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from baiterek.catalogue.datum import Source
from baiterek.catalogue.fields import Field, Place, read_table
from baiterek.catalogue.units import si_key
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_file import read_vehicle
from baiterek.catalogue.vehicle_keys import RULES

DERIVED = {"isp_vac_s": ("burn_time_s", "exhaust_speed_m_s")}
"""A number that a file may give by others, which an override then replaces."""


def overridden(
    document: dict[str, Any], vehicle: Vehicle, table: Mapping[str, Any], place: Place, sources: Mapping[str, Source]
) -> Vehicle:
    """The vehicle of `document` with the numbers of `table`; keys are paths, dotted or as tables."""
    for tag, source in sources.items():
        if tag in vehicle.sources and source != vehicle.sources[tag]:
            raise Place(place.file, "sources").bad(
                tag, f"a tag that {vehicle.name} uses for another source", "another tag, so that the two stay apart"
            )
    for path, found in _flat(table).items():
        _replace(document, path, found, vehicle, place, sources)
    changed = read_vehicle(document, vehicle.name, f"{place.file} [override] of {vehicle.name}", sources)
    return replace(changed, file=vehicle.file)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Overrides by dotted path, whether written as "stage-1.dry_mass_kg" or as tables."""
    flat: dict[str, Any] = {}
    for key, found in table.items():
        path = f"{prefix}{key}"
        if isinstance(found, dict) and "value" not in found and found:
            flat |= _flat(found, f"{path}.")
        else:
            flat[path] = found
    return flat


def _replace(
    document: dict[str, Any], path: str, found: Any, vehicle: Vehicle, place: Place, sources: Mapping[str, Source]
) -> None:
    """Put one number into the vehicle's tables, in place of the old one in whatever unit that was."""
    name = si_key(path)[0]
    rules = [f"shroud.{key}" for key in RULES] if vehicle.shroud is not None else []
    if name == "shroud.threshold" or name.endswith("_factor"):
        raise place.bad(path, "a number that no file gives", "a number of the file; for a curve or a rule, extend the vehicle")
    known = {**vehicle.data, **vehicle.navigation}
    if name not in known and name not in rules:
        close = get_close_matches(name, known, n=1)
        hint = f"{close[0]} (did you mean it?); " if close else ""
        raise place.bad(path, "no such number", f"{hint}a path that `baiterek catalogue vehicles {vehicle.name}` lists")
    *parents, key = path.split(".")
    read_table(
        {key: found},
        {si_key(key)[0]: Field("datum", "a number of the vehicle")},
        Place(place.file, ".".join((place.path, *parents))),
        {**vehicle.sources, **sources},
    )
    table = _part(document, parents)
    gone = {si_key(key)[0], *DERIVED.get(si_key(key)[0], ())}
    for old in [old for old in table if si_key(old)[0] in gone]:
        del table[old]
    table[key] = found


def _part(document: dict[str, Any], parents: list[str]) -> dict[str, Any]:
    first, *rest = parents
    if first in ("shroud", "aerodynamics", "navigation"):
        table = document[first]
    else:
        table = document["stages"].get(first) or document["boosters"][first]
    for name in rest:
        table = table[name] if name in ("body", "satellite") else table["engines"][name]
    result: dict[str, Any] = table
    return result
