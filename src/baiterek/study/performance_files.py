"""A payload map as files: a dataset (NetCDF), a table (CSV), and what it was made from (JSON)."""

from __future__ import annotations

import contextlib
import csv
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.catalogue.document import CATALOGUE
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.performance import performance
from baiterek.study.performance_map import SAYS, Axis, Cell, PerformanceMap, check_axes, parse_axis
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import write_json
from baiterek.study.summary import UNSURE

if TYPE_CHECKING:
    from xarray import Dataset

Column = tuple[str, str, str, Callable[[Cell], Any]]
NORTHBOUND_rad = (float(np.radians(-80.0)), float(np.radians(92.0)))
"""Launch azimuths of northbound flights, the nearly eastward one of the least inclination included."""
AXIS_WORDS = {
    "altitude_km": ("km", "altitude of the circular orbit above the equatorial radius"),
    "perigee_altitude_km": ("km", "perigee above the equatorial radius"),
    "apogee_altitude_km": ("km", "apogee above the equatorial radius"),
    "inclination_deg": ("deg", "inclination"),
    "sun_synchronous_km": ("km", "altitude of the sun-synchronous circle above the equatorial radius, mean"),
    "c3_km2_s2": ("km2/s2", "C3, twice the energy of an escape"),
}


def columns(found: PerformanceMap) -> list[Column]:
    """Name, unit, name in words, and reader of everything that a cell says in numbers or words."""
    burns = [(f"burn_{stage}_s", "s", f"time under thrust, {stage}", _burn(stage)) for stage in found.stages]
    impacts = [
        (f"impact_{body}_{word}_deg", "deg", f"{word} of the impact of {body}", _impact(body, k))
        for body in found.bodies
        for k, word in enumerate(("latitude", "longitude"))
    ]
    return [
        ("payload_kg", "kg", "greatest payload", attrgetter("payload_kg")),
        ("payload_sigma_kg", "kg", "standard deviation of the payload", attrgetter("sigma_kg")),
        *burns,
        *impacts,
        ("gap_m", "m", "distance between optimum and flight at insertion", attrgetter("gap_m")),
        ("gap_m_s", "m/s", "speed between optimum and flight at insertion", attrgetter("gap_m_s")),
        ("status", "", "how the cell ended", attrgetter("status")),
        ("active", "", "limits that bind", lambda cell: "; ".join(cell.active)),
        ("why", "", "why there is no payload", attrgetter("why")),
    ]


def _burn(stage: str) -> Callable[[Cell], float]:
    return lambda cell: cell.burn_s.get(stage, np.nan)


def _impact(body: str, k: int) -> Callable[[Cell], float]:
    return lambda cell: cell.impacts_deg.get(body, (np.nan, np.nan))[k]


def _binds(limit: str) -> Callable[[Cell], bool]:
    return lambda cell: limit in cell.active


def dataset(found: PerformanceMap) -> Dataset:
    """The map as an xarray Dataset over its axes; numbers carry `units` and `long_name`, limits an axis of their own."""
    try:
        import xarray
    except ImportError:
        raise ImportError("a map as a dataset needs xarray: pip install 'baiterek[notebook]'") from None
    names = tuple(axis.name for axis in found.axes)
    coordinates: dict[str, Any] = {}
    for axis in found.axes:
        unit, words = AXIS_WORDS[axis.name]
        coordinates[axis.name] = (axis.name, np.array(axis.values), {"units": unit, "long_name": words})
    variables: dict[str, Any] = {}
    for name, unit, words, read in columns(found):
        grid = found.column(read)
        about = {"long_name": words, **({"units": unit} if unit else {})}
        variables[name] = (names, grid.astype(float) if unit else grid.astype(str), about)
    coordinates["limit"] = ("limit", np.array(found.limits, dtype=str))
    binding = np.stack([found.column(_binds(name)).astype(np.int8) for name in found.limits], -1)
    variables["limit_active"] = ((*names, "limit"), binding, {"long_name": "1 where the limit binds"})
    about = {
        "vehicle": found.base.vehicle.title,
        **({} if found.base.upper_stage is None else {"upper_stage": found.base.upper_stage.title}),
        "site": found.base.site.title,
        "title": "payload map",
        "Conventions": "CF-1.8",
    }
    return xarray.Dataset(variables, coordinates, about)


def write_csv(found: PerformanceMap, path: Path) -> None:
    """A row a cell; units stand in the headings."""
    listed = columns(found)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(axis.name for axis in found.axes), *(name for name, *_ in listed)])
        for index, cell in sorted(found.cells.items()):
            at = [axis.values[k] for axis, k in zip(found.axes, index, strict=True)]
            writer.writerow([*at, *(_plain(read(cell)) for *_, read in listed)])


def identity(base: Mission, axes: tuple[Axis, ...]) -> tuple[str, dict[str, Any]]:
    """Name of the map's folder, and its provenance: the same inputs give the same name."""
    origin = provenance(base, "performance")
    origin["axes"] = {axis.name: list(axis.values) for axis in axes}
    origin["hash"] = digest([origin["hash"], origin["axes"]])
    over = "-".join(axis.name.rpartition("_")[0].replace("_", "-") for axis in axes)
    flown = base.vehicle.name if base.upper_stage is None else f"{base.vehicle.name}-{base.upper_stage.name}"
    return f"performance-{flown}-{over}-{origin['hash'][:8]}", origin


def save_map(found: PerformanceMap, parent: Path, render: Callable[[Path], None] | None = None) -> Path:
    """The map's folder under `parent`: result.json, performance.csv and, where xarray is, performance.nc."""
    name, origin = identity(found.base, found.axes)

    def fill(folder: Path) -> None:
        write_json(folder / "provenance.json", origin)
        write_json(folder / "result.json", summary(found))
        write_csv(found, folder / "performance.csv")
        with contextlib.suppress(ImportError, ValueError):  # without xarray or a writer: the table has the same numbers
            dataset(found).to_netcdf(folder / "performance.nc")
        if render is not None:
            render(folder)

    return whole_folder(parent, name, fill)


def summary(found: PerformanceMap) -> dict[str, Any]:
    """The map in plain values."""
    return {
        "vehicle": found.base.vehicle.title,
        "upper_stage": None if found.base.upper_stage is None else found.base.upper_stage.title,
        "site": found.base.site.title,
        "inputs": inputs(found.base),
        "fixed": fixed_elements(found),
        "axes": {axis.name: list(axis.values) for axis in found.axes},
        "counts": found.counts(),
        "cells": [
            {axis.name: axis.values[k] for axis, k in zip(found.axes, index, strict=True)}
            | {name: _plain(read(cell)) for name, *_, read in columns(found)}
            for index, cell in sorted(found.cells.items())
        ],
    }


def fixed_elements(found: PerformanceMap) -> dict[str, float]:
    """Elements of the target that no axis says and that are fixed, km and deg."""
    said, radius = set().union(*(SAYS[axis.name] for axis in found.axes)), float(found.base.environment.radius_m)
    orbit = found.base.target
    assert orbit is not None
    fixed = {}
    for name, element in (("perigee", orbit.perigee_radius_m), ("apogee", orbit.apogee_radius_m)):
        if name not in said and element.fixed:
            fixed[f"{name}_altitude_km"] = round((float(element.low) - radius) / 1e3, 6)
    if "inclination" not in said and orbit.inclination_rad.fixed:
        fixed["inclination_deg"] = round(float(np.degrees(orbit.inclination_rad.low)), 6)
    return fixed


def inputs(base: Mission) -> dict[str, int]:
    """How many numbers of vehicle, upper stage and site a map rests on, and how many are fitted, assumed or weakly sourced."""
    records = [record for record in (base.vehicle, base.upper_stage, base.site) if record is not None]
    grades = [record.sources[datum.source].grade for record in records for datum in record.data.values()]
    return {"all": len(grades), "unsure": sum(grade in UNSURE for grade in grades)}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def payload_map(
    file: Path | None, vehicle: str | None, asked: Mapping[str, str | None], workers: int, parent: Path,
    draw: Callable[[dict[str, Any], str, Path], None], say: Callable[[str], None], upper_stage: str | None = None,
) -> tuple[dict[str, Any], Path]:  # fmt: skip
    """The map that a command line asks for, from a mission's limits (or the template's), and its folder.

    Cells are kept beside it as they are solved, so an interrupted map goes on.
    """
    axes = tuple(parse_axis(name, text) for name, text in asked.items() if text is not None)
    check_axes(axes, upper_stage is not None or file is not None)
    check_writable(parent)
    base = map_base(file, vehicle, axes, upper_stage)
    check_axes(axes, base.upper_stage is not None)
    name, origin = identity(base, axes)
    journal = parent / f".{name}.cells"
    found = performance(base, axes, workers, journal, say)

    def render(folder: Path) -> None:
        draw(summary(found), origin["hash"], folder / "payload.svg")

    folder = save_map(found, parent, render)
    shutil.rmtree(journal, ignore_errors=True)
    return summary(found), folder


def map_base(
    file: Path | None, vehicle: str | None, axes: tuple[Axis, ...], upper_stage: str | None = None,
    others: Mapping[str, Any] | None = None,
) -> Mission:  # fmt: skip
    """The mission whose target the map moves: a file's, or the template's, its payload to be maximised; `others` are
    changes besides, by path.

    Zones belong to one launch azimuth: over inclinations they are left out, and so are those of another vehicle or with
    another upper stage. Without
    a launch corridor of its own, a map is of northbound launches: the southbound ones would drop stages elsewhere.
    """
    changes: dict[str, Any] = {**(others or {}), "payload.mass_kg": "maximise", "objective": "payload"}
    if vehicle is not None:
        changes["vehicle"] = vehicle
    if upper_stage is not None:
        changes["upper_stage"] = upper_stage
    moved = any(axis.name in ("inclination_deg", "sun_synchronous_km") for axis in axes)
    if file is None or vehicle is not None or upper_stage is not None or moved:
        changes["zones"] = None
    mission = load_mission(file or CATALOGUE / "templates" / "soyuz5-leo.toml", changes)
    corridors = mission.limits.corridors_rad or (NORTHBOUND_rad,)
    return replace(mission, limits=replace(mission.limits, corridors_rad=corridors))
