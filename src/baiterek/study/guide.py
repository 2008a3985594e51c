"""What a payload planner's guide is written from: maps of payload, a reference flight, and what the catalogue knows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.document import names
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.show import document
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.vehicle import Booster, Stage
from baiterek.errors import BadValue
from baiterek.study.environments import environments
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.guide_question import Question
from baiterek.study.orbits import asked
from baiterek.study.performance import performance
from baiterek.study.performance_files import AXIS_WORDS, identity, save_map
from baiterek.study.performance_map import Axis
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import MissionResult, read, read_json, save, write_json
from baiterek.study.run import run
from baiterek.study.words import phrase, verdict_of

Say = Callable[[str], None]
GUIDE, ACCURACY = "guide.json", "accuracy"
SCHEMA = 2
RESULT, ORIGIN = "result.json", "provenance.json"


@dataclass(frozen=True)
class Guide:
    """What the folder of a guide holds, read back."""

    facts: Mapping[str, Any]
    """guide.json: provenance, corridors, the catalogue's pads and upper stages."""
    maps: Mapping[str, Mapping[str, Any]]
    """result.json of each map by name: `payload` over altitude and inclination, `apogee` of ellipses, and `upper-*`."""
    reference: MissionResult
    accuracy: Mapping[str, Any] | None
    """result.json of a Monte Carlo run."""
    folder: Path

    @property
    def good(self) -> bool:
        """Whether the reference mission has a result that its flight keeps, and no cell of a map failed."""
        return verdict_of(self.reference.summary)["good"] and not any(m["counts"]["failed"] for m in self.maps.values())

    def document(self) -> dict[str, Any]:
        """The numbers of the guide for another program."""
        reference = self.reference.summary
        return {
            **self.facts,
            **self.maps,
            "accuracy": self.accuracy,
            "reference": {
                key: reference[key] for key in ("mission", "title", "status", "answer", "limits", "achieved", "events")
            },
            "environments": environments(self.reference),
        }


def answer(question: Question, workers: int, parent: Path, say: Say) -> Guide:
    """Compute what the guide needs into a folder under `parent`; what the same inputs have left there is not computed again.

    An interrupted guide goes on where it stopped: its parts wait in a hidden folder beside the one to be.
    """
    check_writable(parent)
    mission = question.reference()
    maps = question.maps(mission)
    spread = None if question.accuracy is None else _accuracy(question.accuracy, mission)
    origins = {name: identity(*each) for name, each in maps.items()}
    origin = provenance(mission, "plan")
    whole = digest([origin["hash"], *(found["hash"] for _, found in origins.values()), *([digest(spread)] if spread else [])])
    title = f"guide-{mission.vehicle.name}-{whole[:8]}"
    if (parent / title / GUIDE).is_file():
        return read_guide(parent / title)
    waiting = parent / f".{title}.parts"
    parts = {"reference": _flown(mission, origin["hash"], waiting, say)}
    for name, (base, axes) in maps.items():
        parts[name] = _mapped(base, axes, origins[name][0], workers, waiting, say)
    facts = {
        "schema": SCHEMA,
        "hash": whole,
        "maps": {name: found["hash"] for name, (_, found) in origins.items()},
        "without_zones": {name: not base.zones for name, (base, _) in maps.items()},
        "targets": {name: asked(base.target, base) for name, (base, _) in maps.items() if base.target},
        **_facts(maps["payload"][0], mission),
        "upper_stage": _upper_stage([base.upper_stage for base, _ in maps.values()]),
        "provenance": origin,
    }

    def fill(folder: Path) -> None:
        for name, part in parts.items():
            shutil.copytree(part, folder / name)
        if spread is not None:
            (folder / ACCURACY).mkdir()
            for name, document in spread.items():
                write_json(folder / ACCURACY / name, document)
        write_json(folder / GUIDE, facts)

    folder = whole_folder(parent, title, fill)
    shutil.rmtree(waiting, ignore_errors=True)
    return read_guide(folder)


def read_guide(folder: Path) -> Guide:
    """A guide's numbers as its folder holds them. Raises `InputError` in one line for a folder that is none."""
    facts = read_json(folder / GUIDE)
    if facts.get("schema") != SCHEMA:
        raise BadValue(str(folder / GUIDE), "schema", facts.get("schema"), f"{SCHEMA}: make the guide again")
    maps = {name: read_json(folder / name / RESULT) for name in facts["maps"]}
    spread = read_json(folder / ACCURACY / RESULT) if (folder / ACCURACY).is_dir() else None
    return Guide(facts, maps, read(folder / "reference"), spread, folder)


def _accuracy(folder: Path, mission: Mission) -> dict[str, Any]:
    """The files of a Monte Carlo run that a guide keeps. Raises `BadValue` in one line for what is no such run."""
    result, origin = read_json(folder / RESULT), read_json(folder / ORIGIN)
    if not {"insertion", "guidance", "flights"} <= set(result):
        raise BadValue(str(folder / RESULT), "insertion", "nothing", "the folder of a `baiterek monte-carlo` run")
    if (case := result["asked"].get("case")) not in (None, "nominal"):
        raise BadValue(str(folder / RESULT), "asked.case", case, "a run whose flights do not all fail")
    if result["vehicle"] != mission.vehicle.title:
        raise BadValue(str(folder / RESULT), "vehicle", result["vehicle"], f"{mission.vehicle.title}, which the guide is about")
    return {RESULT: result, ORIGIN: origin}


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
        over = " and ".join(phrase(axis.name, AXIS_WORDS[axis.name][0]) for axis in axes)
        over += "" if base.upper_stage is None else f", with {base.upper_stage.title}"
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


def _upper_stage(stages: Iterable[UpperStage | None]) -> dict[str, Any] | None:
    """Name of the upper stage that maps are flown with, and the grades of its numbers."""
    stage = next(filter(None, stages), None)
    if stage is None:
        return None
    grades = sorted({stage.sources[datum.source].grade for datum in stage.data.values()})
    return {"name": stage.name, "title": stage.title, "grades": grades}
