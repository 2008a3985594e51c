"""What it adds up to: expectation of casualties by phase, cause and district, and the risk of a person at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from baiterek.errors import BadValue
from baiterek.safety.ground import Ground
from baiterek.safety.landing import Points, Scatter, cells_hit, cells_of, landing
from baiterek.safety.world import District

Array = NDArray[np.float64]
Key = TypeVar("Key")


class Pieces(NamedTuple):
    """Pieces of one kind, with one footprint."""

    name: str
    number: float
    inert_area_m2: float
    """Casualty area of one piece on people in the open."""
    footprint: Scatter
    blast_area_m2: float = 0.0
    """The same by explosion."""
    falling_m_s: float = float("nan")
    """The slowest that they fall through the air: the harmonic mean over the sample, of which areas of craft are linear."""
    harmful: float = 1.0
    """Part of the pieces that comes down with the energy of a casualty."""


class Event(NamedTuple):
    """Something that may happen in a flight, and what comes down if it does."""

    phase: str
    cause: str
    probability: float
    """In a flight: one for what falls on a nominal one."""
    pieces: tuple[Pieces, ...]

    @property
    def planned(self) -> bool:
        """Whether it happens on every flight."""
        return self.probability == 1.0


class Presence(NamedTuple):
    """How present people are to what falls, against all of them in the open: factors on the casualty area, by cell."""

    inert: Array | float = 1.0
    blast: Array | float = 1.0


class Expectation(NamedTuple):
    """Casualties to be expected in a flight from one event."""

    event: Event
    casualties: float
    by_piece: tuple[float, ...]
    """The same, in the order of the event's pieces."""
    sampling_error: float
    """Standard deviation of `casualties`, as far as footprints are samples of impact points.

    Pieces of one event come from the same draws of it: their errors are added, which is an upper bound (as if wholly
    correlated).
    """
    outside: float
    """Greatest probability, among its pieces, to fall beside the ground, where nobody is counted."""

    @property
    def conditional(self) -> float:
        """Casualties to be expected if the event happens."""
        return self.casualties / self.event.probability if self.event.probability > 0.0 else 0.0


class Fields(NamedTuple):
    """Casualty area that comes down per area of ground in a flight, by cell; people times factors make casualties of it."""

    planned_inert: Array
    planned_blast: Array
    failure_inert: Array
    failure_blast: Array


@dataclass(frozen=True)
class Risk:
    """Sums over the events of a flight."""

    ground: Ground
    expectations: tuple[Expectation, ...]
    fields: Fields
    """Of all events together, shape of the ground."""
    casualties: Array
    """To be expected in each cell."""
    district_errors: Array
    """Standard deviations of the sums by district, in the order of the ground's, as far as footprints are samples."""

    @property
    def individual(self) -> Array:
        """Probability, in a flight, that a person who stands in the open in a cell becomes a casualty; shape of the ground."""
        return np.sum(self.fields, axis=0)

    @property
    def collective(self) -> float:
        """Casualties to be expected in a flight."""
        return float(sum(each.casualties for each in self.expectations))

    @property
    def planned(self) -> float:
        """Of these, from what falls on every flight."""
        return float(sum(each.casualties for each in self.expectations if each.event.planned))

    @property
    def sampling_error(self) -> float:
        """Standard deviation of `collective`: draws of different events are independent."""
        return float(np.sqrt(sum(each.sampling_error**2 for each in self.expectations)))

    @property
    def highest(self) -> float:
        """The greatest individual risk where people live."""
        inhabited = self.ground.people > 0.0
        return float(self.individual[inhabited].max(initial=0.0))

    def by_phase(self) -> dict[str, float]:
        """Collective expectation by phase, greatest first."""
        return _sums((each.event.phase, each.casualties) for each in self.expectations)

    def by_cause(self) -> dict[str, float]:
        """Collective expectation by cause, greatest first."""
        return _sums((each.event.cause, each.casualties) for each in self.expectations)

    def by_district(self) -> dict[District, float]:
        """Collective expectation by first-order division, greatest first."""
        return self.ground.by_district(self.casualties)

    def error_by_district(self) -> dict[District, float]:
        """Standard deviation of each sum by district, from the draws alone."""
        return {self.ground.districts[k]: float(self.district_errors[k]) for k in np.unique(self.ground.district)}

    def conditional(self) -> dict[tuple[str, str], float]:
        """Casualties to be expected if a failure of this phase and cause happens; planned impacts are left out."""
        failures = [each for each in self.expectations if not each.event.planned]
        casualties = _sums(((each.event.phase, each.event.cause), each.casualties) for each in failures)
        probability = _sums(((each.event.phase, each.event.cause), each.event.probability) for each in failures)
        return {key: value / probability[key] for key, value in casualties.items() if probability[key] > 0.0}


def assess(ground: Ground, events: Iterable[Event], presence: Presence | None = None) -> Risk:
    """Sums over events and pieces: E = P n sum_cells p_cell A_c people_cell / area_cell, A_c inert and by blast.

    A cell's people are spread evenly over it; small numbers add up (nobody is a casualty twice). Individual risk is that of
    somebody who stays in the open all the time.
    """
    presence = presence or Presence()
    inert, blast = (np.broadcast_to(factor, ground.people.shape) for factor in presence)
    fields, casualties = Fields(*np.zeros((4, *ground.people.shape))), np.zeros(ground.people.shape)
    expectations, squares = [], np.zeros(len(ground.districts))
    for event in events:
        _check(event)
        found, error, outside = [], np.zeros(len(ground.districts) + 1), 0.0
        for piece in event.pieces:
            here, probability, beside = where_hit(ground, piece.footprint)
            weight = event.probability * piece.number
            harm_m2 = piece.inert_area_m2 * inert[here] + piece.blast_area_m2 * blast[here]
            falling = weight * probability / np.broadcast_to(ground.area_m2, ground.people.shape)[here]
            expected = falling * harm_m2 * ground.people[here]
            (fields.planned_inert if event.planned else fields.failure_inert)[here] += falling * piece.inert_area_m2
            (fields.planned_blast if event.planned else fields.failure_blast)[here] += falling * piece.blast_area_m2
            casualties[here] += expected
            found.append(float(expected.sum()))
            where, errors = _sampling_errors(ground, piece, inert, blast)
            error[where] += weight * errors
            outside = max(outside, beside)
        squares += error[:-1] ** 2
        expectations.append(Expectation(event, sum(found), tuple(found), float(error[-1]), outside))
    return Risk(ground, tuple(expectations), fields, casualties, np.sqrt(squares))


def where_hit(ground: Ground, footprint: Scatter) -> tuple[Any, Array, float]:
    """Where in the ground's arrays pieces of a footprint land, how probably, and beside the ground.

    Of a sample single cells: a few points may lie as far apart as continents. Of a distribution a rectangle.
    """
    if isinstance(footprint, Points) and not footprint.smooth:
        rows, columns, probability, beside = cells_hit(ground, footprint)
        return (rows, columns), probability, beside
    part = landing(ground, footprint)
    return (part.rows, part.columns), part.probability, part.outside


def _check(event: Event) -> None:
    """Areas, numbers and probabilities that a sum can take."""
    place = f"{event.phase}, {event.cause}"
    if not 0.0 <= event.probability <= 1.0:
        raise BadValue(place, "probability", event.probability, "0 to 1")
    for piece in event.pieces:
        for key in ("number", "inert_area_m2", "blast_area_m2"):
            value = getattr(piece, key)
            if not (np.isfinite(value) and value >= 0.0):
                raise BadValue(place, f"{piece.name}.{key}", value, "a finite number at least 0")


def _sampling_errors(ground: Ground, piece: Pieces, inert: Array, blast: Array) -> tuple[NDArray[np.intp], Array]:
    """Standard deviations of the mean harm of the sample's points: by district, and last (index -1) of all together.

    With h the harm at a point of n, in a district or nowhere: s^2 = (mean h^2 - (mean h)^2) / (n - 1).
    """
    if not isinstance(piece.footprint, Points) or (n := len(piece.footprint.latitude_rad)) < 2:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    row, column = cells_of(ground, piece.footprint.latitude_rad, piece.footprint.longitude_rad)
    harm_m2 = piece.inert_area_m2 * inert[row, column] + piece.blast_area_m2 * blast[row, column]
    harm = np.where(row >= 0, harm_m2 * ground.people[row, column] / ground.area_m2[row, 0], 0.0)
    here, index = np.unique(ground.district[row, column], return_inverse=True)
    mean = np.append(np.bincount(index, harm), harm.sum()) / n
    square = np.append(np.bincount(index, harm * harm), (harm * harm).sum()) / n
    return np.append(here.astype(np.intp), -1), np.sqrt(np.maximum(square - mean * mean, 0.0) / (n - 1))


def _sums(pairs: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    sums: dict[Key, float] = {}
    for key, value in pairs:
        sums[key] = sums.get(key, 0.0) + value
    return dict(sorted(sums.items(), key=lambda item: -item[1]))
