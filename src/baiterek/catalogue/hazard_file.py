"""Hazard files: how a vehicle fails, what cuts its engines off, and what its bodies break into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.document import locate, read_document
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table
from baiterek.catalogue.vehicle import FallingBody

CAUSES = ("shutdown", "explosion", "turn")
"""Engines stop (by themselves, or cut off at once after a loss of thrust); the vehicle bursts; it turns out of control
until the engines are cut off."""
SHARES = 1e-6
"""To which shares must add up to one."""


@dataclass(frozen=True)
class PieceClass:
    """Pieces of one kind, of which a body has so many when it breaks up."""

    name: str
    number: int
    mass_kg: Datum
    ballistic_kg_m2: Datum
    """m / (C_D A): the median of a log-normal spread."""
    area_m2: Datum
    """Mean projected."""
    imparted_m_s: Datum
    """97 % of the pieces leave slower (Maxwell)."""


@dataclass(frozen=True)
class BreakUp:
    """What becomes of one body (of one of its pieces, where it falls in several)."""

    body: str
    breaks_at_m: Datum | None
    """Altitude on the way down; None: it reaches the ground whole."""
    explosion_m_s: Datum
    """Imparted speed of its pieces in an explosion, beside their own."""
    pieces: tuple[PieceClass, ...]


@dataclass(frozen=True)
class Abort:
    """The flight-abort action: cut-off of the engines."""

    inhibit_s: Datum
    """Before it no engine is cut off, since the vehicle would fall on the pad."""
    reaction_s: Datum
    """From the failure to the cut-off."""
    turn_rate_rad_s: Datum
    """How fast the thrust of a vehicle out of control turns."""


@dataclass(frozen=True)
class Hazards:
    """A vehicle's hazards, every number with its source."""

    vehicle: str
    title: str
    failures: str
    """Name of the record in `catalogue.failure_file`: how often, and in which phase."""
    failures_with_upper_stage: str | None
    """The same of flights that an upper stage carries on."""
    air_density: Datum
    """Factor of the density of the day."""
    wind_m_s: Datum
    """Of the day about the mean, each way."""
    abort: Abort
    causes: Mapping[str, Mapping[str, float]]
    """By phase of that record: shares of `CAUSES`, adding up to one."""
    bodies: Mapping[str, BreakUp]
    sources: Mapping[str, Source]
    notes: tuple[str, ...] = ()
    file: str = ""
    falls: Mapping[str, FallingBody] = field(default_factory=dict)
    """Area and drag of bodies that are not the vehicle's: those of an upper stage."""


TOP: Fields = {
    "title": Field("text", "name to print", required=True),
    "vehicle": Field("text", "vehicle of the catalogue, or a file", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "failures": Field("text", "record of failures of the catalogue, or a file", required=True),
    "failures_with_upper_stage": Field("text", "the same where an upper stage carries the payload on"),
    "sources": Field("table", "tag = { text, grade, url }", required=True),
    "air": Field("table", "the day's air about the climatology", required=True),
    "abort": Field("table", "cut-off of the engines after a failure", required=True),
    "causes": Field("table", "by phase: shares of the causes of a failure", required=True),
    "bodies": Field("table", "by body: what it breaks into", required=True),
}
AIR: Fields = {
    "density": Field("datum", "factor", required=True, above=0.0),
    "wind_m_s": Field("datum", "on top of the mean wind, each way", required=True),
}
ABORT: Fields = {
    "inhibit_s": Field("datum", "no cut-off before this time of flight", required=True, low=0.0),
    "reaction_s": Field("datum", "from the failure to the cut-off", required=True, low=0.0),
    "turn_rate_rad_s": Field("datum", "of the thrust of a vehicle out of control", required=True, above=0.0),
}
CAUSE: Fields = {cause: Field("datum", "its share", low=0.0, high=1.0) for cause in CAUSES}
BODY: Fields = {
    "breaks_at_m": Field("datum", "altitude on the way down at which it breaks up", low=0.0, high=150e3),
    "explosion_m_s": Field("datum", "imparted speed in an explosion", required=True, low=0.0),
    "pieces": Field("any", "list of classes", required=True),
}
PIECE: Fields = {
    "name": Field("text", "name to print", required=True),
    "number": Field("whole", "how many", required=True, low=1.0, high=1e6),
    "mass_kg": Field("datum", "of one", required=True, above=0.0),
    "ballistic_kg_m2": Field("datum", "m / (C_D A), median", required=True, above=0.0),
    "area_m2": Field("datum", "mean projected area", required=True, above=0.0),
    "imparted_m_s": Field("datum", "97 % leave slower", required=True, low=0.0),
}


def load_hazards(reference: str | Path) -> Hazards:
    """Hazards of the catalogue by the vehicle's name, or from a file."""
    path = locate(str(reference), "hazards", Place("catalogue"), "hazards")
    return read_hazards(read_document(path), str(path))


def read_hazards(document: Mapping[str, Any], file: str) -> Hazards:
    """The `Hazards` of a document; shares that do not add up are refused."""
    place = Place(file)
    top = read_table(document, TOP, place)
    sources = read_sources(top["sources"], place.inside("sources"))
    air = read_table(top["air"], AIR, place.inside("air"), sources)
    abort = Abort(**read_table(top["abort"], ABORT, place.inside("abort"), sources))
    under = place.inside("causes")
    causes = {phase: read_causes(table, under.inside(phase), sources) for phase, table in top["causes"].items()}
    under = place.inside("bodies")
    bodies = {name: read_body(name, table, under.inside(name), sources) for name, table in top["bodies"].items()}
    return Hazards(
        top["vehicle"],
        top["title"],
        top["failures"],
        top["failures_with_upper_stage"],
        air["density"],
        air["wind_m_s"],
        abort,
        causes,
        bodies,
        sources,
        top["notes"],
        file,
    )


def read_causes(table: Any, place: Place, sources: Mapping[str, Source]) -> dict[str, float]:
    """Shares of the causes of a failure; those that do not add up to one are refused."""
    read = read_table(table, CAUSE, place, sources)
    shares = {cause: datum.value for cause, datum in read.items() if datum is not None}
    if abs(sum(shares.values()) - 1.0) > SHARES:
        raise place.bad("", f"shares that add up to {sum(shares.values()):g}", "shares that add up to 1")
    return shares


def read_body(name: str, table: Any, place: Place, sources: Mapping[str, Source]) -> BreakUp:
    """What a body breaks into; one without pieces is refused."""
    read = read_table(table, BODY, place, sources)
    if not isinstance(read["pieces"], list) or not read["pieces"]:
        raise place.bad("pieces", read["pieces"], "a list of at least one class of pieces: [[bodies.NAME.pieces]]")
    places = [Place(place.file, f"{place.path}.pieces[{k}]") for k in range(len(read["pieces"]))]
    classes = [read_table(piece, PIECE, where, sources) for piece, where in zip(read["pieces"], places, strict=True)]
    return BreakUp(name, read["breaks_at_m"], read["explosion_m_s"], tuple(PieceClass(**each) for each in classes))
