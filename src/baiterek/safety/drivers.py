"""What a sum of risks hangs on: the same sum with one assumption at a time a sigma lower and higher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.exposure_file import Exposure, Shelter
from baiterek.safety.failure import FailureProbability
from baiterek.safety.ground import Ground, ground
from baiterek.safety.presence import presence, settling_of, world_under
from baiterek.safety.risk import Presence, Risk
from baiterek.safety.world import FINE

Array = NDArray[np.float64]


class Driver(NamedTuple):
    """One assumption, and the collective expectation with it at either end of its range."""

    name: str
    low: float
    high: float
    grade: str
    """Of its source; `H` for limits of confidence of a record."""

    @property
    def reach(self) -> float:
        """Between the two ends."""
        return abs(self.high - self.low)


def drivers(
    risk: Risk, exposure: Exposure, night: float = 0.0, probability: FailureProbability | None = None
) -> tuple[Driver, ...]:
    """Assumptions of an exposure and the probability of failure, the one that matters most first.

    The footprints and casualty areas stay as they are; people, shelter, evacuation and the failures' probability vary: by
    a sigma either way, the probability between its limits of confidence.
    """
    found = []
    for name, datum, changed in _assumptions(exposure):
        ends = []
        for value in (datum.value - datum.sigma, datum.value + datum.sigma):
            other = changed(replace(datum, value=value))
            same = settling_of(other) == settling_of(exposure)
            people = risk.ground.people if same else _people_again(risk.ground, other)
            ends.append(_sum(risk, people, presence(risk.ground, other, night)))
        found.append(Driver(name, ends[0], ends[1], exposure.sources[datum.source].grade))
    if probability is not None:
        planned = risk.planned
        failures = risk.collective - planned
        ends = [planned + failures * limit / probability.value for limit in (probability.low, probability.high)]
        found.append(Driver("probability of failure", ends[0], ends[1], "H" if probability.own else "assumed"))
    return tuple(sorted(found, key=lambda driver: -driver.reach))


def _sum(risk: Risk, people: Array, present: Presence) -> float:
    """Collective expectation of the same falls on other people."""
    fields, total = risk.fields, 0.0
    inert, blast = (np.broadcast_to(factor, people.shape) for factor in present)
    for row in range(len(people)):
        harm = (fields.planned_inert[row] + fields.failure_inert[row]) * inert[row]
        harm += (fields.planned_blast[row] + fields.failure_blast[row]) * blast[row]
        total += float(harm @ people[row])
    return total


def _people_again(of: Ground, exposure: Exposure) -> Array:
    """Of the same cells, settled otherwise."""
    lat, lon = of.latitude_edges_deg, of.longitude_edges_deg
    split = round(0.5 / FINE / (lat[1] - lat[0]))
    return ground(lat[0], lon[0], lat[-1], lon[-1], split, settling_of(exposure), world_under(exposure)).people


Change = Callable[[Datum], Exposure]


def _assumptions(exposure: Exposure) -> Iterator[tuple[str, Datum, Change]]:
    """Every number of the exposure that has a sigma, and the exposure with another in its place."""
    everything = [
        ("density of settlements", exposure.town_density_1_m2, lambda d: replace(exposure, town_density_1_m2=_least(d, 1e-6))),
        ("people outside settlements", exposure.country_share, lambda d: replace(exposure, country_share=_part(d))),
    ]
    for k, shelter in enumerate(exposure.shelters):
        for time in ("day", "night"):
            name = f"part of the people in {shelter.name} by {time}"
            everything.append((name, getattr(shelter, time), _moved(exposure, k, time)))
        for kind in ("inert", "blast"):
            name = f"casualty area in {shelter.name}, {kind}"
            everything.append((name, getattr(shelter, kind), _shelter(exposure, k, kind)))
    for k, area in enumerate(exposure.evacuated):
        everything.append((f"evacuation of {area.name}", area.effectiveness, _cleared(exposure, k)))
    return (each for each in everything if each[1].sigma > 0.0)


def _least(datum: Datum, low: float) -> Datum:
    return replace(datum, value=max(datum.value, low))


def _part(datum: Datum) -> Datum:
    return replace(datum, value=min(max(datum.value, 0.0), 1.0))


def _shelter(exposure: Exposure, k: int, kind: str) -> Change:
    def changed(datum: Datum) -> Exposure:
        return _with_shelters(exposure, lambda j, each: _put(each, kind, _least(datum, 0.0)) if j == k else each)

    return changed


def _put(shelter: Shelter, key: str, datum: Datum) -> Shelter:
    others: dict[str, Any] = {key: datum}
    return replace(shelter, **others)


def _with_shelters(exposure: Exposure, change: Callable[[int, Shelter], Shelter]) -> Exposure:
    return replace(exposure, shelters=tuple(change(j, shelter) for j, shelter in enumerate(exposure.shelters)))


def _moved(exposure: Exposure, k: int, time: str) -> Change:
    """Another part in one class; what the others lack or have too much is shared among them as they stand."""

    def changed(datum: Datum) -> Exposure:
        part, before = _part(datum).value, getattr(exposure.shelters[k], time).value
        rest = (1.0 - part) / (1.0 - before) if before < 1.0 else 0.0

        def of(j: int, shelter: Shelter) -> Shelter:
            old = getattr(shelter, time)
            return _put(shelter, time, replace(old, value=part if j == k else rest * old.value))

        return _with_shelters(exposure, of)

    return changed


def _cleared(exposure: Exposure, k: int) -> Change:
    def changed(datum: Datum) -> Exposure:
        areas = list(exposure.evacuated)
        areas[k] = replace(areas[k], effectiveness=_part(datum))
        return replace(exposure, evacuated=tuple(areas))

    return changed
