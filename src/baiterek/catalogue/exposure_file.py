"""How people are exposed: settlements and country, shelter by day and night, who has been led away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table
from baiterek.catalogue.ring import Ring, closed_ring

EXPOSURE: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "counts": Field("text", "file of half-degree counts in place of the packaged ones, seen from this file"),
    "keep": Field("text", "what keeps the count of the grid", default="district", choices=("district", "cell")),
    "town_density_1_m2": Field("datum", "people per area of a settlement", required=True, above=0.0),
    "country_share": Field("datum", "of a cell's people, the least part outside settlements", required=True, low=0.0, high=1.0),
    "shelters": Field("table", "where people are, by name", required=True),
    "evacuated": Field("table", "areas that have been cleared, by name", default={}),
}
SHELTER: Fields = {
    "day": Field("datum", "part of the people there by day", required=True, low=0.0, high=1.0),
    "night": Field("datum", "the same by night", required=True, low=0.0, high=1.0),
    "inert": Field("datum", "factor on the casualty area of falling pieces", required=True, low=0.0, high=10.0),
    "blast": Field("datum", "factor on the casualty area of a blast", required=True, low=0.0, high=10.0),
}
EVACUATED: Fields = {
    "vertices_rad": Field("pairs", "[latitude, longitude] round the area; the last is the first again", required=True),
    "effectiveness": Field("datum", "part of the people inside who have left", required=True, low=0.0, high=1.0),
}


@dataclass(frozen=True)
class Shelter:
    """A place where people are when something falls, and what it is worth."""

    name: str
    day: Datum
    night: Datum
    inert: Datum
    blast: Datum


@dataclass(frozen=True)
class Evacuated:
    """An area from which people have been led away."""

    name: str
    ring: Ring
    effectiveness: Datum


@dataclass(frozen=True)
class Exposure:
    """Everything about people that a sum of risks assumes."""

    name: str
    title: str
    keep: str
    town_density_1_m2: Datum
    country_share: Datum
    shelters: tuple[Shelter, ...]
    evacuated: tuple[Evacuated, ...]
    sources: Mapping[str, Source]
    counts: Path | None = None
    notes: tuple[str, ...] = ()
    file: str = ""


def load_exposure(reference: str | Path) -> Exposure:
    """An exposure of the catalogue by name, or from a file."""
    path = locate(str(reference), "exposures", Place("exposure"), "")
    place = Place(str(path))
    document = read_document(path)
    sources = read_sources(document.get("sources"), place.inside("sources"))
    read = read_table(document, EXPOSURE, place, sources)
    return Exposure(
        path.stem,
        read["title"],
        read["keep"],
        read["town_density_1_m2"],
        read["country_share"],
        _shelters(read["shelters"], place.inside("shelters"), sources),
        tuple(_evacuated(name, table, place.inside("evacuated"), sources) for name, table in read["evacuated"].items()),
        sources,
        None if read["counts"] is None else path.parent / read["counts"],
        read["notes"],
        str(path),
    )


def _shelters(table: Mapping[str, Any], place: Place, sources: Mapping[str, Source]) -> tuple[Shelter, ...]:
    shelters = tuple(Shelter(name, **read_table(of, SHELTER, place.inside(name), sources)) for name, of in table.items())
    for time in ("day", "night"):
        total = sum(getattr(shelter, time).value for shelter in shelters)
        if abs(total - 1.0) > 1e-6:
            raise place.bad("", f"parts of the people by {time} that add up to {total:g}", "parts that add up to 1")
    return shelters


def _evacuated(name: str, table: Any, place: Place, sources: Mapping[str, Source]) -> Evacuated:
    inside = place.inside(name)
    read = read_table(table, EVACUATED, inside, sources)
    return Evacuated(name, closed_ring(read["vertices_rad"], inside, "vertices_deg"), read["effectiveness"])
