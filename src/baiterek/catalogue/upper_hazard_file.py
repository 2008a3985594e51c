"""Hazard files of upper stages: how one fails, how it falls and what it breaks into, beside the launcher's hazards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from baiterek.catalogue.datum import Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table
from baiterek.catalogue.hazard_file import BreakUp, Hazards, load_hazards, read_body, read_causes
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.vehicle import FallingBody
from baiterek.errors import BadValue
from baiterek.physics.table import constant_table

UPPER: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "causes": Field("table", "shares of the causes of a failure", required=True),
    "fall": Field("table", "how the stage falls whole", required=True),
    "body": Field("table", "what it breaks into", required=True),
}
FALL: Fields = {
    "area_m2": Field("datum", "mean area across the flow, tumbling", required=True, above=0.0),
    "drag": Field("datum", "drag coefficient of that area, the same at every Mach number", required=True, above=0.0),
}


@dataclass(frozen=True)
class UpperHazards:
    """How an upper stage fails, falls and breaks up, every number with its source."""

    title: str
    causes: Mapping[str, float]
    fall: FallingBody
    breaks: BreakUp
    sources: Mapping[str, Source]
    notes: tuple[str, ...]
    file: str


def hazards_of(mission: Mission, launcher: str | Path | None = None) -> Hazards:
    """Hazards of all that flies: those of the `launcher` (name or file; else by the vehicle's name), and beside its bodies,
    causes, notes and sources those of the upper stage."""
    own = load_hazards(launcher or mission.vehicle.name)
    stage = mission.upper_stage
    if stage is None:
        return own
    if own.failures_with_upper_stage is None:
        raise BadValue(own.file, "failures_with_upper_stage", "nothing", f"a record of flights with {stage.name}")
    upper = load_upper_hazards(stage)
    return replace(
        own,
        failures=own.failures_with_upper_stage,
        causes={**own.causes, stage.name: upper.causes},
        bodies={**own.bodies, stage.name: upper.breaks},
        falls={stage.name: upper.fall},
        sources={**own.sources, **{f"{stage.name}.{tag}": source for tag, source in upper.sources.items()}},
        notes=(*own.notes, *upper.notes),
    )


def load_upper_hazards(stage: UpperStage) -> UpperHazards:
    """The hazards that an upper stage names; refused in one line where it names none."""
    if stage.hazards is None:
        raise BadValue(stage.file or stage.name, "hazards", "nothing", "how the stage fails and what it breaks into")
    path = locate(stage.hazards, "upper_hazards", Place(stage.file), "hazards")
    place = Place(str(path))
    top = read_table(read_document(path), UPPER, place)
    sources = read_sources(top["sources"], place.inside("sources"))
    fall = read_table(top["fall"], FALL, place.inside("fall"), sources)
    return UpperHazards(
        top["title"],
        read_causes(top["causes"], place.inside("causes"), sources),
        FallingBody(stage.name, 1, None, fall["area_m2"].value, constant_table(fall["drag"].value)),
        read_body(stage.name, top["body"], place.inside("body"), sources),
        sources,
        top["notes"],
        str(path),
    )
