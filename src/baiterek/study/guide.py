"""What a payload planner's guide is written from: maps of payload, a reference flight, and what the catalogue knows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.document import CATALOGUE, names
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.show import document
from baiterek.catalogue.vehicle import Booster, Stage
from baiterek.errors import BadValue
from baiterek.study.environments import environments
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.performance import performance
from baiterek.study.performance_files import identity, map_base, save_map
from baiterek.study.performance_map import Axis, check_axes, parse_axis
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import MissionResult, read, read_json, save, write_json
from baiterek.study.run import run
from baiterek.study.words import verdict_of

Say = Callable[[str], None]
GUIDE = "guide.json"
TEMPLATE = CATALOGUE / "templates" / "soyuz5-leo.toml"
ALTITUDES, INCLINATIONS = "200:600:100", "46,51.6,64.8,98"
APOGEES = "200,500,1000,2000,5000,10000"


@dataclass(frozen=True)
class Question:
    """What the guide is about; altitudes and apogees in km, inclinations in deg, as a command line has them."""

    file: Path | None = None
    """The reference mission; the template `soyuz5-leo` when there is none."""
    vehicle: str | None = None
    altitudes: str = ALTITUDES
    inclinations: str = INCLINATIONS
    apogees: str = APOGEES

    def axes(self) -> dict[str, tuple[Axis, ...]]:
        """The maps of the guide by name. Raises `InputError` in one line."""
        circular = (parse_axis("altitude_km", self.altitudes), parse_axis("inclination_deg", self.inclinations))
        maps = {"payload": circular, "apogee": (parse_axis("apogee_altitude_km", self.apogees),)}
        for axes in maps.values():
            check_axes(axes)
        return maps


@dataclass(frozen=True)
class Guide:
    """What the folder of a guide holds, read back."""

    facts: Mapping[str, Any]
    """guide.json: provenance, corridors, the catalogue's pads and upper stages."""
    payload: Mapping[str, Any]
    """result.json of the map over altitude and inclination."""
    apogee: Mapping[str, Any]
    """result.json of the map over the apogee of ellipses."""
    reference: MissionResult
    folder: Path

    @property
    def good(self) -> bool:
        """Whether the reference mission has a result that its flight keeps, and no cell of a map failed."""
        return verdict_of(self.reference.summary)["good"] and not any(
            m["counts"]["failed"] for m in (self.payload, self.apogee)
        )

    def document(self) -> dict[str, Any]:
        """The numbers of the guide for another program."""
        reference = self.reference.summary
        return {
            **self.facts,
            "payload": self.payload,
            "apogee": self.apogee,
            "reference": {
                key: reference[key] for key in ("mission", "title", "status", "answer", "limits", "achieved", "events")
            },
            "environments": environments(self.reference),
        }


def answer(question: Question, workers: int, parent: Path, say: Say) -> Guide:
    """Compute what the guide needs into a folder under `parent`; what the same inputs have left there is not computed again.

    An interrupted guide goes on where it stopped: its parts wait in a hidden folder beside the one to be.
    """
    maps = question.axes()
    check_writable(parent)
    mission = _reference(question)
    bases = {name: map_base(question.file, question.vehicle, axes) for name, axes in maps.items()}
    origins = {name: identity(bases[name], axes) for name, axes in maps.items()}
    origin = provenance(mission, "plan")
    whole = digest([origin["hash"], *(found["hash"] for _, found in origins.values())])
    title = f"guide-{mission.vehicle.name}-{whole[:8]}"
    if (parent / title / GUIDE).is_file():
        return read_guide(parent / title)
    waiting = parent / f".{title}.parts"
    parts = {"reference": _flown(mission, origin["hash"], waiting, say)}
    for name, axes in maps.items():
        parts[name] = _mapped(bases[name], axes, origins[name][0], workers, waiting, say)
    facts = {
        "schema": 1,
        "hash": whole,
        "maps": {name: found["hash"] for name, (_, found) in origins.items()},
        "without_zones": {name: not base.zones for name, base in bases.items()},
        **_facts(bases["payload"], mission),
        "provenance": origin,
    }

    def fill(folder: Path) -> None:
        for name, part in parts.items():
            shutil.copytree(part, folder / name)
        write_json(folder / GUIDE, facts)

    folder = whole_folder(parent, title, fill)
    shutil.rmtree(waiting, ignore_errors=True)
    return read_guide(folder)


def read_guide(folder: Path) -> Guide:
    """A guide's numbers as its folder holds them. Raises `InputError` in one line for a folder that is none."""
    facts = read_json(folder / GUIDE)
    payload, apogee = (read_json(folder / name / "result.json") for name in ("payload", "apogee"))
    return Guide(facts, payload, apogee, read(folder / "reference"), folder)


def _reference(question: Question) -> Mission:
    """The mission that is planned whole: as its file says, or towards its target with the vehicle that was asked for."""
    file = question.file or TEMPLATE
    as_it_is = load_mission(file)
    if question.vehicle is None or question.vehicle == as_it_is.vehicle.name:
        mission = as_it_is
    else:
        mission = load_mission(file, {"vehicle": question.vehicle, "zones": None})
    if mission.upper_stage is not None:
        raise BadValue(str(file), "upper_stage", mission.upper_stage.name, "none: the maps of a guide are of direct injection")
    if mission.target is None or mission.objective != "payload":
        found = mission.objective if mission.target is not None else "no target"
        raise BadValue(str(file), "objective", found, "payload, to a target orbit: what a guide is about")
    return mission


def _flown(mission: Mission, run_hash: str, waiting: Path, say: Say) -> Path:
    """Folder of the reference mission's run, which is there already when an earlier attempt came so far."""
    date = mission.lift_off.date().isoformat() if mission.lift_off else "undated"
    there = waiting / f"{date}-{mission.name}-{run_hash[:8]}"
    if there.is_dir():
        return there
    result, _ = run(mission, "plan", None, None, lambda text: say(f"reference mission: {text}"))
    return save(result, mission, waiting, None)


def _mapped(base: Mission, axes: tuple[Axis, ...], name: str, workers: int, waiting: Path, say: Say) -> Path:
    """Folder of a map, whose cells an earlier attempt may have left."""
    if not (waiting / name).is_dir():
        over = " and ".join(axis.name.rpartition("_")[0].replace("_", " ") for axis in axes)
        found = performance(base, axes, workers, waiting / f".{name}.cells", lambda text: say(f"payload over {over}: {text}"))
        return save_map(found, waiting)
    return waiting / name


def _facts(base: Mission, mission: Mission) -> dict[str, Any]:
    """What neither the maps nor the reference run hold."""
    parts: list[Stage | Booster] = [*mission.vehicle.stages, *mission.vehicle.boosters]
    return {
        "vehicle": mission.vehicle.name,
        "engines": {part.name: {engine.name: engine.count for engine in part.engines} for part in parts},
        "corridors_deg": [[float(np.degrees(end)) for end in corridor] for corridor in base.limits.corridors_rad],
        "corridors_assumed": not mission.limits.corridors_rad,
        "sites": [document("sites", name) for name in names("sites")],
        "upper_stages": [document("upper-stages", name) for name in names("upper_stages")],
    }
