"""Aircraft and ships below: how probably one that stays at a place is hit, and how probably outside what is closed.

Where traffic is, and how dense, is not known here. So it is asked of each place: a craft that is there for the whole flight,
how many hits on it are to be expected of all that may come down? The probability of a hit is at most that number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.closure_file import ClosureRules
from baiterek.history import Array
from baiterek.physics.casualty import strike_area
from baiterek.physics.earth import Environment
from baiterek.safety.closures import density_over, kinds_of
from baiterek.safety.contours import contours
from baiterek.safety.footprint import scattered
from baiterek.safety.ground import Ground
from baiterek.safety.landing import Points, cells_hit
from baiterek.safety.risk import Event, Pieces

AIRCRAFT, VESSEL = "aircraft", "vessel"
"""As the limits of a rule name them."""
BLOCK = 4000
"""Cells that are looked at at once, those most probably hit first."""

Inside = Callable[[Array, Array], NDArray[np.bool_]]
"""Of latitudes and longitudes in rad: which lie in a closed area."""


class Hits(NamedTuple):
    """Hits to be expected in a flight on a craft that stays in a cell; cells where nothing comes down are left out."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    expected: Array
    error: Array
    """Standard deviation, as far as footprints are samples: each point for itself."""


@dataclass(frozen=True)
class Place:
    """A cell, and what is to be expected there."""

    expected: float
    error: float
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True)
class Exposed:
    """One kind of craft against a limit."""

    limit: float
    outside: Place | None
    """The cell of all outside closed areas where most hits are to be expected; None: nothing comes down outside."""
    anywhere: Place | None
    """The same of all cells."""
    open_m2: float
    """Area outside closed areas in which the limit is exceeded."""
    contour: dict[str, Any]
    """Where the limit is reached, closed or not: a FeatureCollection."""

    @property
    def greatest(self) -> float:
        """What the limit is held against."""
        return 0.0 if self.outside is None else self.outside.expected


def aircraft_strike_m2(rules: ClosureRules) -> Callable[[Pieces], float]:
    """Area with which a piece hits an aircraft that flies level: every piece counts, 15 J are half a gram at 250 m/s."""
    rule = rules.aircraft
    return lambda piece: strike_area(rule.top_m2.value, rule.front_m2.value, rule.speed_m_s.value, _falling(piece))


def ship_strike_m2(rules: ClosureRules) -> Callable[[Pieces], float]:
    """The deck, for the part of the pieces that come down with 15 J and more."""
    return lambda piece: rules.ships.area_m2.value * piece.harmful


def struck(
    ground: Ground, events: Iterable[Event], areas: Sequence[Callable[[Pieces], float]], earth: Environment
) -> tuple[Hits, ...]:
    """For each area of a craft the sum over events and pieces of P n f A, f the impacts of one piece per m2.

    Of a planned fall f is the density by which its areas are closed, at the middle of the cell; of a failure the part of its
    points in the cell, or in a square of cells.
    """
    shape, cells, per_m2, parts = ground.people.shape, [], [], []
    for event in events:
        for at in _strewn(ground, event, earth):
            weight = event.probability * at.piece.number
            # Of n points k lie in the cell or square: the variance of k / n is (k / n) / n, nearly.
            draws = len(at.piece.footprint.latitude_rad) if isinstance(at.piece.footprint, Points) else np.inf
            cells.append(at.row * shape[1] + at.column)
            per_m2.append(weight * at.of_one_1_m2)
            parts.append((weight**2 * at.of_one_1_m2 / at.over_m2 / draws, [area(at.piece) for area in areas]))
    if not cells:
        none, nowhere = np.zeros(0), np.zeros(0, dtype=np.int64)
        return tuple(Hits(nowhere, nowhere, none, none) for _ in areas)
    cell, index = np.unique(np.concatenate(cells), return_inverse=True)
    found = []
    for k in range(len(areas)):
        hits = np.concatenate([density * area[k] for density, (_, area) in zip(per_m2, parts, strict=True)])
        squares = np.concatenate([spread * area[k] ** 2 for spread, area in parts])
        expected, variance = (np.bincount(index, each, len(cell)).astype(float) for each in (hits, squares))
        found.append(Hits(cell // shape[1], cell % shape[1], expected, np.sqrt(variance)))
    return tuple(found)


class _Strewn(NamedTuple):
    """Where one kind of piece comes down."""

    piece: Pieces
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    of_one_1_m2: Array
    """Impacts of one piece per m2."""
    over_m2: Array
    """Area over which that is a mean."""


def _strewn(ground: Ground, event: Event, earth: Environment) -> Iterator[_Strewn]:
    """Each kind of piece of an event."""
    dense = [kind for kind in kinds_of(event, earth) if not scattered(kind.footprint)] if event.planned else []
    names = [kind.name for kind in dense]
    if dense:
        rows, columns, per_m2 = density_over(dense, ground)
    for piece in event.pieces:
        if piece.name in names:
            of_one = per_m2[names.index(piece.name)]
            down = of_one > 0.0
            yield _Strewn(piece, rows[down], columns[down], of_one[down], ground.area_m2[rows[down], 0])
            continue
        row, column, probability, _ = cells_hit(ground, piece.footprint)
        area_m2 = ground.area_m2[row, 0]
        at = _Strewn(piece, row, column, probability / area_m2, area_m2)
        yield _squared(ground, at) if isinstance(piece.footprint, Points) else at


def _squared(ground: Ground, at: _Strewn) -> _Strewn:
    """The same spread evenly over as many cells of their rows as make a square: cells narrow towards the poles.

    A few points in the small cells of the far north would make a risk there that the same points have nowhere else.
    """
    latitude = np.radians(np.ravel(ground.middles_deg()[0]))[at.row]
    half = np.floor(0.5 / np.maximum(np.cos(latitude), 1e-2)).astype(np.int64)
    many = 2 * half + 1
    step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many + half, many)
    column = np.repeat(at.column, many) + step
    within = (column >= 0) & (column < ground.people.shape[1])
    row, of_one, over_m2 = (np.repeat(each, many)[within] for each in (at.row, at.of_one_1_m2 / many, at.over_m2 * many))
    return _Strewn(at.piece, row, column[within], of_one, over_m2)


def at_sea(ground: Ground, hits: Hits) -> Hits:
    """Those of cells in no district: sea, and what is too small for the map of districts."""
    sea = ground.district[hits.row, hits.column] == 0
    return Hits(*(column[sea] for column in hits))


def exposed(ground: Ground, hits: Hits, closed: Sequence[Inside], limit: float) -> Exposed:
    """The cell outside all closed areas where most is to be expected; a cell lies where its middle does."""
    order = np.argsort(-hits.expected, kind="stable")
    order = order[hits.expected[order] > 0.0]
    latitude, longitude = (np.ravel(side) for side in ground.middles_deg())
    outside, open_m2 = None, 0.0
    for first in range(0, len(order), BLOCK):
        some = order[first : first + BLOCK]
        if outside is not None and hits.expected[some[0]] <= limit:
            break
        lat, lon = np.radians(latitude[hits.row[some]]), np.radians(longitude[hits.column[some]])
        beyond = some[~np.any([inside(lat, lon) for inside in closed], axis=0)] if closed else some
        if len(beyond) and outside is None:
            outside = int(beyond[0])
        open_m2 += float(ground.area_m2[hits.row[beyond[hits.expected[beyond] > limit]], 0].sum())
    worst = _place(ground, hits, int(order[0])) if len(order) else None
    beside = None if outside is None else _place(ground, hits, outside)
    return Exposed(limit, beside, worst, open_m2, contours(ground, hits.row, hits.column, hits.expected, (limit,), "hits"))


def _falling(piece: Pieces) -> float:
    if not piece.falling_m_s > 0.0:
        raise ValueError(f"{piece.name}: how fast it falls is not known")
    return piece.falling_m_s


def _place(ground: Ground, hits: Hits, k: int) -> Place:
    latitude, longitude = (np.ravel(side) for side in ground.middles_deg())
    east = (float(longitude[hits.column[k]]) + 180.0) % 360.0 - 180.0
    return Place(float(hits.expected[k]), float(hits.error[k]), float(latitude[hits.row[k]]), east)
