"""What a sum of risks hangs on: the same sum with one assumption at a time a sigma lower and higher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.exposure_file import Exposure, Shelter
from baiterek.catalogue.failure_file import FailureRecord
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.history import History
from baiterek.safety.failure import FailureProbability
from baiterek.safety.ground import STRIP, Ground, ground
from baiterek.safety.moments import moments
from baiterek.safety.presence import covered, presence, settling_of, world_under
from baiterek.safety.risk import Risk
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
    found, hit = [], _hit(risk, exposure)
    for name, datum, changed in _assumptions(exposure):
        ends = []
        for value in (datum.value - datum.sigma, datum.value + datum.sigma):
            other = changed(replace(datum, value=value))
            people = hit.people if settling_of(other) == settling_of(exposure) else _people_again(risk.ground, hit, other)
            present = presence(risk.ground, other, night, hit.covered)
            ends.append(float(np.sum((hit.inert * present.inert + hit.blast * present.blast) * people)))
        found.append(Driver(name, ends[0], ends[1], exposure.sources[datum.source].grade))
    if probability is not None:
        planned = risk.planned
        failures = risk.collective - planned
        ends = [planned + failures * limit / probability.value for limit in (probability.low, probability.high)]
        found.append(Driver("probability of failure", ends[0], ends[1], "H" if probability.own else "assumed"))
    return tuple(sorted(found, key=lambda driver: -driver.reach))


def failure_drivers(
    risk: Risk, mission: Mission, flight: History, record: FailureRecord, hazards: Hazards, count: int
) -> tuple[Driver, ...]:
    """Shares of the phases in the record of failures, and of their starts, a sigma either way.

    The falls stay as they are: the expectation of each moment and cause goes with its probability, which `moments` finds
    anew. `count` is the number of moments that `risk` was found with.
    """
    found = []
    for k, phase in enumerate(record.phases):
        for key, name in (("share", "share of {} in all failures"), ("ignition_share", "share of the start in failures of {}")):
            datum: Datum = getattr(phase, key)
            if datum.sigma <= 0.0:
                continue
            ends = []
            for value in (datum.value - datum.sigma, datum.value + datum.sigma):
                other = _with_phase(record, k, key, min(max(value, 0.0), 1.0))
                chances = [
                    moment.probability * part
                    for moment in moments(mission, flight, other, hazards, count)
                    for part in moment.causes.values()
                ]
                failed = [each.conditional for each in risk.expectations if not each.event.planned]
                ends.append(risk.planned + float(np.dot(failed, chances)))
            found.append(Driver(name.format(phase.name), ends[0], ends[1], record.sources[datum.source].grade))
    return tuple(found)


def _with_phase(record: FailureRecord, k: int, key: str, value: float) -> FailureRecord:
    """Another number of a phase; the shares of the others keep their proportions and add up to one."""
    phases = list(record.phases)
    before = phases[k].share.value
    rest = (1.0 - value) / (1.0 - before) if key == "share" and before < 1.0 else 1.0
    for j, phase in enumerate(phases):
        number = getattr(phase, key)
        changed: dict[str, Any] = {key: replace(number, value=value if j == k else rest * number.value)}
        phases[j] = replace(phase, **changed) if j == k or key == "share" else phase
    return replace(record, phases=tuple(phases))


class _Hit(NamedTuple):
    """Cells on which something may fall: few of a continent."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    inert: Array
    """Casualty area per area of ground."""
    blast: Array
    people: Array
    covered: tuple[Array, ...]
    """Part of each cell in each evacuated area."""


def _hit(risk: Risk, exposure: Exposure) -> _Hit:
    of, people = risk.fields, risk.ground.people
    inert, blast = of.planned_inert + of.failure_inert, of.planned_blast + of.failure_blast
    covers = tuple(covered(risk.ground, area.ring)[of.rows, of.columns] for area in exposure.evacuated)
    return _Hit(of.rows, of.columns, inert, blast, people[of.rows, of.columns], covers)


def _people_again(of: Ground, hit: _Hit, exposure: Exposure) -> Array:
    """In the same cells, settled otherwise: some rows of half-degree cells at once, as wide as they are hit."""
    lat, lon = of.latitude_edges_deg, of.longitude_edges_deg
    split = round(0.5 / FINE / (lat[1] - lat[0]))
    fine, people = FINE * split, np.zeros(len(hit.rows))
    for first in range(0, len(lat) - 1, STRIP * fine):
        last = min(first + STRIP * fine, len(lat) - 1)
        here = (hit.rows >= first) & (hit.rows < last)
        if not here.any():
            continue
        left, right = hit.columns[here].min() // fine * fine, (hit.columns[here].max() // fine + 1) * fine
        window = np.round(2.0 * np.array((lat[first], lon[left], lat[last], lon[right]))) / 2.0
        made = ground(*window, split, settling_of(exposure), world_under(exposure)).people
        people[here] = made[hit.rows[here] - first, hit.columns[here] - left]
    return people


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
