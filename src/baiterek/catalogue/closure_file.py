"""Rules for closed areas: how far around what falls aircraft and ships are kept away, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table

CLOSURES: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "aircraft": Field("table", "where no aircraft may be", required=True),
    "ships": Field("table", "where no ship may be, nor anybody on the ground", required=True),
    "times": Field("table", "from when to when", required=True),
}
AIRCRAFT: Fields = {
    "probability": Field("datum", "that an aircraft is hit, on the edge of its area", required=True, above=0.0, high=1.0),
    "sigmas": Field("datum", "of the impact ellipse of the geometric rule", required=True, above=0.0, high=10.0),
    "extension_m": Field("datum", "by which each end of each of its axes is moved out", required=True, low=0.0, high=1e6),
    "pad_radius_m": Field("datum", "of the circle round the pad", required=True, above=0.0, high=1e6),
    "top_m2": Field("datum", "of an aircraft, from above", required=True, above=0.0, high=1e4),
    "front_m2": Field("datum", "of an aircraft, from ahead", required=True, low=0.0, high=1e4),
    "speed_m_s": Field("datum", "of an aircraft", required=True, low=0.0, high=1e3),
}
SHIPS: Fields = {
    "probability": Field("datum", "that a ship is hit, on the edge of its area", required=True, above=0.0, high=1.0),
    "containment": Field("datum", "least part of planned debris inside", required=True, above=0.0, high=0.9999),
    "area_m2": Field("datum", "of a ship, from above", required=True, above=0.0, high=1e6),
}
TIMES: Fields = {
    "before_s": Field("datum", "from the closure to the opening of the window", required=True, low=0.0, high=1e6),
    "after_s": Field("datum", "from the end of the hazard to that of the closure", required=True, low=0.0, high=1e6),
    "settling_s": Field("datum", "in which light pieces still fall after the body is down", required=True, low=0.0, high=1e5),
}


@dataclass(frozen=True)
class AircraftRule:
    """Where no aircraft may be."""

    probability: Datum
    sigmas: Datum
    extension_m: Datum
    pad_radius_m: Datum
    top_m2: Datum
    front_m2: Datum
    speed_m_s: Datum


@dataclass(frozen=True)
class ShipRule:
    """Where no ship may be, nor anybody on the ground."""

    probability: Datum
    containment: Datum
    area_m2: Datum


@dataclass(frozen=True)
class Times:
    """How much longer than the hazard a closure lasts."""

    before_s: Datum
    after_s: Datum
    settling_s: Datum


@dataclass(frozen=True)
class ClosureRules:
    """Numbers of a rule for closed areas, each with its source."""

    name: str
    title: str
    aircraft: AircraftRule
    ships: ShipRule
    times: Times
    sources: Mapping[str, Source]
    notes: tuple[str, ...] = ()

    def unsure(self) -> list[str]:
        """Numbers without a good public source, by key."""
        found = []
        for part in ("aircraft", "ships", "times"):
            for key, datum in vars(getattr(self, part)).items():
                if self.sources[datum.source].grade in ("assumed", "fit", "L"):
                    found.append(f"{part}.{key}")
        return found


def load_closures(reference: str | Path) -> ClosureRules:
    """Rules of the catalogue by name, or from a file."""
    path = locate(str(reference), "closures", Place("closures"), "")
    place = Place(str(path))
    read = read_table(read_document(path), CLOSURES, place)
    sources = read_sources(read["sources"], place.inside("sources"))
    aircraft = AircraftRule(**read_table(read["aircraft"], AIRCRAFT, place.inside("aircraft"), sources))
    ships = ShipRule(**read_table(read["ships"], SHIPS, place.inside("ships"), sources))
    times = Times(**read_table(read["times"], TIMES, place.inside("times"), sources))
    return ClosureRules(path.stem, read["title"], aircraft, ships, times, sources, read["notes"])
