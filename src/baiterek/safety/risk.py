"""What it adds up to: expectation of casualties by phase, cause and district, and the risk of a person at a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from baiterek.errors import BadValue
from baiterek.safety.ground import Ground
from baiterek.safety.landing import Points, Scatter, cells_hit, cells_of
from baiterek.safety.world import District

Array = NDArray[np.float64]
Key = TypeVar("Key")
Number = TypeVar("Number", bound=np.generic)


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
    """The means over all who are there, of which those who have left are nobody."""
    anybody: NDArray[np.bool_] | bool = True
    """Whether anybody is left."""
    shelters: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    """Factors, inert and blast, of each shelter that anybody is in at the time, the open among them."""


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
    """What comes down in a flight on each cell that anything may hit: few of a continent, or of the whole Earth.

    Casualty area per area of ground; people times factors make casualties of it.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    """Of the ground."""
    planned_inert: Array
    planned_blast: Array
    failure_inert: Array
    failure_blast: Array
    casualties: Array
    """To be expected in the cell."""


@dataclass(frozen=True)
class Risk:
    """Sums over the events of a flight."""

    ground: Ground
    expectations: tuple[Expectation, ...]
    fields: Fields
    """Of all events together."""
    highest: float
    """The greatest individual risk of anybody who is there: in the open, or in the shelter in which it is greatest."""
    district_errors: Array
    """Standard deviations of the sums by district, in the order of the ground's, as far as footprints are samples."""

    @property
    def individual(self) -> Array:
        """Probability, in a flight, that a person who stands in the open in a cell of `fields` becomes a casualty."""
        of = self.fields
        return of.planned_inert + of.planned_blast + of.failure_inert + of.failure_blast

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

    def by_phase(self) -> dict[str, float]:
        """Collective expectation by phase, greatest first."""
        return _sums((each.event.phase, each.casualties) for each in self.expectations)

    def by_cause(self) -> dict[str, float]:
        """Collective expectation by cause, greatest first."""
        return _sums((each.event.cause, each.casualties) for each in self.expectations)

    def by_district(self) -> dict[District, float]:
        """Collective expectation by first-order division on which anything may fall, greatest first."""
        sums = np.bincount(self._below(self.ground.district), self.fields.casualties, len(self.ground.districts))
        found = self._districts()
        return {self.ground.districts[k]: float(sums[k]) for k in sorted(found, key=lambda k: -sums[k])}

    def error_by_district(self) -> dict[District, float]:
        """Standard deviation of each sum by district, from the draws alone."""
        return {self.ground.districts[k]: float(self.district_errors[k]) for k in self._districts()}

    def _below(self, field: NDArray[Number]) -> NDArray[Number]:
        return field[self.fields.rows, self.fields.columns]

    def _districts(self) -> NDArray[np.uint16]:
        return np.unique(self._below(self.ground.district))

    def conditional(self) -> dict[tuple[str, str], float]:
        """Casualties to be expected if a failure of this phase and cause happens; planned impacts are left out."""
        failures = [each for each in self.expectations if not each.event.planned]
        casualties = _sums(((each.event.phase, each.event.cause), each.casualties) for each in failures)
        probability = _sums(((each.event.phase, each.event.cause), each.event.probability) for each in failures)
        return {key: value / probability[key] for key, value in casualties.items() if probability[key] > 0.0}


def assess(ground: Ground, events: Iterable[Event], presence: Presence | None = None) -> Risk:
    """Sums over events and pieces: E = P n sum_cells p_cell A_c people_cell / area_cell, A_c inert and by blast.

    A cell's people are spread evenly over it; small numbers add up (nobody is a casualty twice). Individual risk is that of
    somebody who stays where they are, in a shelter of one kind or in the open, all the time.
    """
    presence = presence or Presence()
    inert, blast = (np.broadcast_to(factor, ground.people.shape) for factor in presence[:2])
    strewn: list[tuple[NDArray[np.int64], bool, Array]] = []
    expectations, squares = [], np.zeros(len(ground.districts))
    for event in events:
        _check(event)
        found, error, outside = [], np.zeros(len(ground.districts) + 1), 0.0
        for piece in event.pieces:
            rows, columns, probability, beside = cells_hit(ground, piece.footprint)
            weight = event.probability * piece.number
            harm_m2 = piece.inert_area_m2 * inert[rows, columns] + piece.blast_area_m2 * blast[rows, columns]
            falling = weight * probability / ground.area_m2[rows, 0]
            expected = falling * harm_m2 * ground.people[rows, columns]
            sums = np.array((falling * piece.inert_area_m2, falling * piece.blast_area_m2, expected))
            strewn.append((rows * ground.people.shape[1] + columns, event.planned, sums))
            found.append(float(expected.sum()))
            where, errors = _sampling_errors(ground, piece, inert, blast)
            error[where] += weight * errors
            outside = max(outside, beside)
        squares += error[:-1] ** 2
        expectations.append(Expectation(event, sum(found), tuple(found), float(error[-1]), outside))
    fields = _fields(strewn, ground.people.shape[1])
    return Risk(ground, tuple(expectations), fields, _highest(ground, fields, presence), np.sqrt(squares))


def _highest(ground: Ground, fields: Fields, presence: Presence) -> float:
    here = fields.rows, fields.columns
    lived_in = (ground.people[here] > 0.0) & np.broadcast_to(presence.anybody, ground.people.shape)[here]
    inert, blast = fields.planned_inert + fields.failure_inert, fields.planned_blast + fields.failure_blast
    of_shelters = (float((inert * i + blast * b).max(where=lived_in, initial=0.0)) for i, b in presence.shelters)
    return max(of_shelters, default=0.0)


def _fields(strewn: list[tuple[NDArray[np.int64], bool, Array]], columns: int) -> Fields:
    """Sums by cell of what each kind of piece brings: cells, whether planned, and areas and casualties of each."""
    nothing = np.zeros(0, dtype=np.int64)
    cell, index = np.unique(np.concatenate([nothing, *(cells for cells, _, _ in strewn)]), return_inverse=True)
    planned = np.repeat([of for _, of, _ in strewn], [len(cells) for cells, _, _ in strewn]).astype(bool)
    inert, blast, casualties = np.concatenate([np.zeros((3, 0)), *(sums for _, _, sums in strewn)], axis=1)
    fallen = [np.where(of, part, 0.0) for of in (planned, ~planned) for part in (inert, blast)]
    sums = (np.bincount(index, part, len(cell)).astype(float) for part in (*fallen, casualties))
    return Fields(cell // columns, cell % columns, *sums)


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
