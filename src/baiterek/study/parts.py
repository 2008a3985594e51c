"""The parts of a vehicle from the ground up, with masses and dimensions: what a drawing needs."""

from __future__ import annotations

from typing import Any

from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_keys import DIMENSIONS

NEEDED = ("length_m", "diameter_m")


def parts(vehicle: Vehicle, unsure: tuple[str, ...]) -> list[dict[str, Any]]:
    """Boosters, stages in the order of flight, then fairing or tower; dimensions are null where the file has none.

    `unsure` are the grades that a report marks; `marked` names those dimensions of a part.
    """
    found = []
    for booster in vehicle.boosters:
        full = booster.dry_mass_kg + booster.tanks.loaded_kg
        found.append(_part(vehicle, unsure, booster.name, booster.name, "booster", booster.count, full, booster.dry_mass_kg))
    for stage in vehicle.stages:
        full = stage.inert_kg + stage.tanks.loaded_kg
        found.append(_part(vehicle, unsure, stage.name, stage.name, "stage", 1, full, stage.inert_kg))
    shroud = vehicle.shroud
    if shroud is not None:
        found.append(_part(vehicle, unsure, "shroud", shroud.kind, shroud.kind, 1, shroud.mass_kg, None))
    return found


def undrawn(vehicle: Vehicle) -> list[str]:
    """A sentence that says which dimensions are missing for a drawing; none when it can be drawn."""
    paths = [booster.name for booster in vehicle.boosters] + [stage.name for stage in vehicle.stages]
    paths += ["shroud"] if vehicle.shroud is not None else []
    missing = [f"{path}.{name}" for path in paths for name in NEEDED if f"{path}.{name}" not in vehicle.published]
    return [f"The vehicle is not drawn: its file does not give {', '.join(missing)}."] if missing else []


def _part(
    vehicle: Vehicle, unsure: tuple[str, ...], path: str, name: str, kind: str, count: int, full_kg: Any, dry_kg: Any
) -> dict[str, Any]:
    sizes = {key: vehicle.published.get(f"{path}.{key}") for key in DIMENSIONS}
    grades = {tag: source.grade for tag, source in vehicle.sources.items()}
    return {
        "name": name,
        "kind": kind,
        "count": count,
        "mass_kg": float(full_kg),
        "dry_mass_kg": None if dry_kg is None else float(dry_kg),
        **{key: datum.value if datum else None for key, datum in sizes.items()},
        "marked": [key for key, datum in sizes.items() if datum and grades.get(datum.source) in unsure],
    }
