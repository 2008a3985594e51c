"""Criteria: how much risk a rule allows, each number with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baiterek.catalogue.datum import Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table, source_of

CRITERIA: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "limits": Field("table", "what is limited, each { value, source }", required=True),
}
LIMITS: Fields = {
    "collective": Field("table", "casualties to be expected among the public, in a flight"),
    "collective_neighbouring": Field("table", "the same among neighbouring operations personnel"),
    "individual": Field("table", "probability that one person of the public becomes a casualty"),
    "individual_neighbouring": Field("table", "the same for one of the neighbouring operations personnel"),
    "conditional": Field("table", "casualties to be expected if a failure of one phase and cause happens"),
    "planned_stage": Field("table", "casualties to be expected from one nominal fall of a stage"),
    "aircraft": Field("table", "probability that an aircraft is hit"),
    "vessel": Field("table", "probability that a ship is hit"),
    "containment": Field("table", "least part of normal debris inside its hazard area"),
}
LIMIT: Fields = {
    "value": Field("number", "the limit", required=True, above=0.0, high=1.0),
    "source": Field("text", "tag of the [sources] table", required=True),
}


@dataclass(frozen=True)
class Limit:
    """One number of a rule."""

    value: float
    source: Source


@dataclass(frozen=True)
class Criteria:
    """What a rule allows."""

    name: str
    title: str
    limits: Mapping[str, Limit]
    """By key of `LIMITS`."""
    notes: tuple[str, ...] = ()


def load_criteria(reference: str | Path) -> Criteria:
    """Criteria of the catalogue by name, or from a file."""
    path = locate(str(reference), "criteria", Place("criteria"), "")
    place = Place(str(path))
    read = read_table(read_document(path), CRITERIA, place)
    sources = read_sources(read["sources"], place.inside("sources"))
    inside = place.inside("limits")
    limits = {}
    for key, table in read_table(read["limits"], LIMITS, inside).items():
        if table is not None:
            of = read_table(table, LIMIT, inside.inside(key))
            limits[key] = Limit(of["value"], sources[source_of(of["source"], inside.inside(key), "source", sources)])
    if not limits:
        raise inside.bad("", "no limit", ", ".join(LIMITS))
    return Criteria(path.stem, read["title"], limits, read["notes"])
