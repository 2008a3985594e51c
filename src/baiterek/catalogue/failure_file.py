"""How often flights fail, and in which part of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table, source_of

FAILURES: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "record": Field("table", "flights and failures", required=True),
    "phases": Field("table", "parts of the flight by name, such as a stage", required=True),
}
RECORD: Fields = {
    "flights": Field("whole", "flights of this vehicle", required=True, low=0, high=100000),
    "failures": Field("whole", "of them failed", required=True, low=0, high=100000),
    "like_flights": Field("whole", "flights of vehicles made and flown in like circumstances", default=0, low=0, high=100000),
    "like_failures": Field("whole", "of them failed", default=0, low=0, high=100000),
    "source": Field("text", "tag of the [sources] table", required=True),
}
PHASE: Fields = {
    "share": Field("datum", "part of the whole probability of failure", required=True, low=0.0, high=1.0),
    "ignition_share": Field("datum", "of that, the part at the start of the phase", required=True, low=0.0, high=1.0),
    "ignition_s": Field("datum", "how long the start lasts", required=True, above=0.0, high=1000.0),
}


@dataclass(frozen=True)
class PhaseShare:
    """A part of the flight, and its part of the failures."""

    name: str
    share: Datum
    ignition_share: Datum
    ignition_s: Datum


@dataclass(frozen=True)
class FailureRecord:
    """What is known of a vehicle's failures."""

    name: str
    title: str
    flights: int
    failures: int
    like_flights: int
    like_failures: int
    source: str
    phases: tuple[PhaseShare, ...]
    sources: Mapping[str, Source]
    notes: tuple[str, ...] = ()


def load_failures(reference: str | Path) -> FailureRecord:
    """A record of the catalogue by name, or from a file."""
    path = locate(str(reference), "failures", Place("failures"), "")
    place = Place(str(path))
    read = read_table(read_document(path), FAILURES, place)
    sources = read_sources(read["sources"], place.inside("sources"))
    inside = place.inside("record")
    record = read_table(read["record"], RECORD, inside)
    source_of(record["source"], inside, "source", sources)
    for flights, failures in (("flights", "failures"), ("like_flights", "like_failures")):
        if record[failures] > record[flights]:
            raise inside.bad(failures, record[failures], f"at most the {record[flights]} of {flights}")
    if record["flights"] < 2 and record["flights"] + record["like_flights"] == 0:
        raise inside.bad("like_flights", 0, "a number above 0 for a vehicle with fewer than two flights")
    parts, within = read["phases"], place.inside("phases")
    phases = tuple(PhaseShare(name, **read_table(of, PHASE, within.inside(name), sources)) for name, of in parts.items())
    total = sum(phase.share.value for phase in phases)
    if abs(total - 1.0) > 1e-6:
        raise place.bad("phases", f"shares that add up to {total:g}", "shares that add up to 1")
    numbers = (record[key] for key in ("flights", "failures", "like_flights", "like_failures"))
    return FailureRecord(path.stem, read["title"], *numbers, record["source"], phases, sources, read["notes"])
