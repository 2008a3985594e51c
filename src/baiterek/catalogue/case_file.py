"""The `[failures]` of a vehicle or a mission: what may go wrong with an engine, how likely, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.fields import Field, Fields, Place, read_table
from baiterek.catalogue.vehicle import Stage

KINDS = ("shutdown", "thrust-loss", "stuck-throttle")
NOMINAL = "nominal"
CASE: Fields = {
    "kind": Field("text", "what happens", required=True, choices=KINDS),
    "stage": Field("text", "stage whose engine it happens to", required=True),
    "probability": Field("datum", "that a flight meets it", required=True, low=0.0, high=1.0),
    "from_s": Field("datum", "earliest instant since lift-off; ignition of the stage when absent", low=0.0),
    "to_s": Field("datum", "latest instant; cut-off of the stage in the nominal flight when absent", above=0.0),
    "thrust_lost": Field("datum", "part of the thrust that a thrust loss takes", above=0.0, high=1.0),
    "inhibit_s": Field(
        "datum", "a shutdown is held back until so long after lift-off, for the vehicle to clear the pad", low=0.0
    ),
}


@dataclass(frozen=True)
class Case:
    """One thing that may go wrong. Its instant is uniform between its ends."""

    name: str
    kind: str
    stage: str
    probability: Datum
    from_s: Datum | None = None
    to_s: Datum | None = None
    thrust_lost: Datum | None = None
    inhibit_s: Datum | None = None

    @property
    def data(self) -> dict[str, Datum]:
        """Its numbers by path."""
        found = {key: getattr(self, key) for key in CASE}
        return {f"failures.{self.name}.{key}": value for key, value in found.items() if isinstance(value, Datum)}


def read_failures(
    table: Any, place: Place, sources: Mapping[str, Source], stages: tuple[Stage, ...], upper_stage: str = ""
) -> tuple[Case, ...]:
    """The cases of a table, by name in its order."""
    if table is None:
        return ()
    return tuple(_case(name, entry, place.inside(name), sources, stages, upper_stage) for name, entry in table.items())


def with_failures(below: Iterable[Case], above: Iterable[Case], place: Place) -> tuple[Case, ...]:
    """The cases of a vehicle with those of a mission over them, name by name; together they are no more than certain."""
    cases = {case.name: case for case in (*below, *above)}
    total = sum(case.probability.value for case in cases.values())
    if total > 1.0:
        raise place.bad("", f"probabilities that add up to {total:g}", "at most 1")
    return tuple(cases.values())


def _case(
    name: str, table: Any, place: Place, sources: Mapping[str, Source], stages: tuple[Stage, ...], upper_stage: str
) -> Case:
    if name == NOMINAL:
        raise place.bad("", name, "another name: that is the flight without failures")
    read = read_table(table, CASE, place, sources)
    known = [*(stage.name for stage in stages), *([upper_stage] if upper_stage else [])]
    if read["stage"] not in known:
        raise place.bad("stage", read["stage"], "a stage: " + ", ".join(known))
    throttles = any(stage.throttleable for stage in stages if stage.name == read["stage"])
    if read["kind"] == "stuck-throttle" and not throttles:
        raise place.bad("stage", read["stage"], "a stage that throttles")
    if (read["thrust_lost"] is not None) != (read["kind"] == "thrust-loss"):
        found = "nothing" if read["thrust_lost"] is None else read["thrust_lost"].value
        raise place.bad("thrust_lost", found, 'a part of the thrust with kind = "thrust-loss", and with no other')
    if read["inhibit_s"] is not None and read["kind"] != "shutdown":
        raise place.bad("inhibit_s", read["inhibit_s"].value, 'only with kind = "shutdown"')
    low, high = read["from_s"], read["to_s"]
    if low is not None and high is not None and low.value > high.value:
        raise place.bad("from_s", low.value, f"at most to_s ({high.value:g} s)")
    return Case(name, **read)
