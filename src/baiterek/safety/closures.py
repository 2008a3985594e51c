"""Closed areas: where no aircraft and no ship may be while something falls.

Two rules, and the area holds what either asks for: an ellipse moved out by a margin, and the probability that a craft which is
there is hit. Convex, so that its edge can be told in a notice: a hull of what must be inside, and wider by tens of metres.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.closure_file import ClosureRules
from baiterek.catalogue.site import Site
from baiterek.history import Array
from baiterek.physics.casualty import strike_area
from baiterek.physics.earth import Environment, fixed_from_geodetic
from baiterek.physics.geodesic import geodesic_leg, geodesic_point
from baiterek.physics.impact import east_north_of
from baiterek.safety.footprint import Footprint, axes, footprint
from baiterek.safety.ground import Ground, Shape
from baiterek.safety.landing import Points
from baiterek.safety.outline import flat_ring
from baiterek.safety.risk import Event

PAD = "pad"
SIDES = 36
LEAST = 20
"""Corners that a list of places for a licence has at least."""
DECIMALS = 4
MARGIN_m = 60.0
"""By which an area is wider than it must be: the last decimal, and sides that are straight on another map."""
LONGEST_m = 45e3
"""Side: over it a geodesic lies 50 m beside a line that is straight in latitude and longitude, at 50 deg."""
CELLS = 200
"""Of a density, along each axis."""
REACH = 6.0
"""Sigmas to which densities are followed, at least."""
WIDEST_m = 1e6
"""Reach of the greatest ellipse up to which an area is drawn: what falls from nearly orbital speed reaches farther."""
FEWEST = 3
"""Impact points of a kind of piece that have a spread to speak of."""


class Kind(NamedTuple):
    """Pieces of one kind that come down on a nominal flight."""

    name: str
    number: float
    footprint: Footprint
    falling_m_s: float
    """The slowest that it falls through the air."""


@dataclass(frozen=True)
class Area:
    """A closed area, from the surface up without a limit."""

    ring_deg: Array
    """Latitude and longitude, anticlockwise, closed, four decimals, convex; longitudes run on. Shape (corners + 1, 2)."""
    centre_deg: tuple[float, float]
    radius_m: float
    """Of a circle that encloses it."""


def kinds_of(event: Event, earth: Environment) -> tuple[Kind, ...]:
    """The kinds of pieces in which a body of a nominal flight comes down."""
    found = []
    for piece in event.pieces:
        at = piece.footprint
        if isinstance(at, Points) and len(at.latitude_rad) >= FEWEST:
            of = footprint(piece.name, at.latitude_rad, at.longitude_rad, earth)
            found.append(Kind(piece.name, piece.number, of, piece.falling_m_s))
    return tuple(found)


def reach_m(kinds: Sequence[Kind], rules: ClosureRules) -> float:
    """Half axis of the longest ellipse of the geometric rule: beyond `WIDEST_m` no area is drawn."""
    return float(rules.aircraft.sigmas.value * max(axes(kind.footprint.covariance_m2)[0] for kind in kinds))


def aircraft_area(kinds: Sequence[Kind], rules: ClosureRules) -> Area:
    """Where no aircraft may be while these come down.

    It holds the ellipse of so many sigmas of each kind, each end of each axis moved out by the extension, and every place
    where the pieces together hit an aircraft that is there with at least the probability of the rule.
    """
    rule, sheet = rules.aircraft, _Sheet.under(kinds)

    def hit(kind: Kind) -> float:
        return strike_area(rule.top_m2.value, rule.front_m2.value, rule.speed_m_s.value, kind.falling_m_s)

    rings = [sheet.ellipse(kind, rule.sigmas.value, rule.extension_m.value) for kind in kinds]
    return sheet.around(np.vstack([*rings, sheet.struck(kinds, hit, rule.probability.value)]))


def ground_area(kinds: Sequence[Kind], rules: ClosureRules) -> Area:
    """Where nobody may be on the ground: the part of each kind that the rule asks for, its smallest such region."""
    sheet = _Sheet.under(kinds)
    return sheet.around(np.vstack([sheet.holding(kind, rules.ships.containment.value) for kind in kinds]))


def ship_area(kinds: Sequence[Kind], rules: ClosureRules) -> Area:
    """Where no ship may be: the same, and every place where the pieces together hit a ship that is there with at least the
    probability of the rule."""
    rule, sheet = rules.ships, _Sheet.under(kinds)
    held = [sheet.holding(kind, rule.containment.value) for kind in kinds]
    return sheet.around(np.vstack([*held, sheet.struck(kinds, lambda kind: rule.area_m2.value, rule.probability.value)]))


def pad_area(site: Site, rules: ClosureRules) -> Area:
    """The circle round the pad, as a polygon around it."""
    bearings = -2.0 * np.pi * np.arange(SIDES) / SIDES
    wide = (rules.aircraft.pad_radius_m.value + MARGIN_m) / np.cos(np.pi / SIDES)
    place = geodesic_point(site.latitude_rad, site.longitude_rad, bearings, wide, Shape)
    return enclosed(np.degrees(place.latitude_rad), np.degrees(place.longitude_rad))


def density_over(kinds: Sequence[Kind], below: Ground) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Rows and columns of cells, and impacts per m2 of one piece of each kind at their middles: the density of the areas here.

    Straight between its nodes; zero beyond them.
    """
    from scipy.ndimage import map_coordinates

    sheet = _Sheet.under(kinds)
    _, half, per_m2 = sheet.density(kinds)
    corners = CELLS * half * np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    edge = flat_ring(*(corners * sheet.scale_m @ sheet.turn.T + sheet.middle_m).T, sheet.latitude_rad, sheet.longitude_rad)
    latitude, longitude = (np.ravel(side) for side in below.middles_deg())
    turned = edge[1] + 360.0 * np.round((longitude.mean() - edge[1].mean()) / 360.0)
    sides = (np.flatnonzero((of >= at.min()) & (of <= at.max())) for of, at in ((latitude, edge[0]), (longitude, turned)))
    rows, columns = (side.ravel() for side in np.meshgrid(*sides, indexing="ij"))
    place = np.radians(latitude[rows]), np.radians(longitude[columns])
    x, y = (sheet.flat(_east_north(*place, sheet.latitude_rad, sheet.longitude_rad)) / (2.0 * half) + 0.5 * (CELLS - 1.0)).T
    found = [map_coordinates(of.reshape(CELLS, CELLS), (y, x), order=1, cval=0.0) for of in per_m2]
    return rows, columns, np.array(found)


def enclosed(latitude_deg: Array, longitude_deg: Array) -> Area:
    """The area of corners in order, anticlockwise, not closed, with the circle around it."""
    ring = np.array(np.round(np.column_stack((latitude_deg, longitude_deg)), DECIMALS), dtype=float)
    ring = ring[np.any(ring != np.roll(ring, 1, axis=0), axis=1)]
    while len(ring) < LEAST:
        k = int(np.argmax(np.linalg.norm(np.roll(ring, -1, axis=0) - ring, axis=1)))
        ring = np.insert(ring, k + 1, np.round(0.5 * (ring[k] + ring[(k + 1) % len(ring)]), DECIMALS), axis=0)
    centre = circle_centre(ring)
    return Area(np.vstack((ring, ring[:1])), centre, farthest_m(ring, centre))


def circle_centre(ring_deg: Array) -> tuple[float, float]:
    """Middle of about the smallest circle around corners: steps towards the farthest (Badoiu & Clarkson 2003)."""
    scale = np.array([1.0, np.cos(np.radians(ring_deg[:, 0].mean()))])
    corners = ring_deg * scale
    middle = corners.mean(axis=0)
    for k in range(1, 400):
        far = corners[np.argmax(np.sum((corners - middle) ** 2, axis=1))]
        middle = middle + (far - middle) / (k + 1.0)
    latitude, longitude = (float(x) for x in np.round(middle / scale, DECIMALS))
    return latitude, longitude


def farthest_m(ring_deg: Array, centre_deg: tuple[float, float]) -> float:
    """Along geodesics, from a place to the farthest corner."""
    return float(np.max(geodesic_leg(*np.radians(centre_deg), *np.radians(ring_deg).T, Shape).range_m))


class _Sheet(NamedTuple):
    """The plane that touches the ellipsoid under what falls, in units of its spread along and across."""

    latitude_rad: float
    longitude_rad: float
    turn: Array
    """East and north of its axes as columns."""
    scale_m: Array
    middle_m: Array
    """East and north."""

    @classmethod
    def under(cls, kinds: Sequence[Kind]) -> _Sheet:
        """Touching at the mean of the first kind; spread of all kinds together."""
        if not kinds:
            raise ValueError("nothing falls")
        place = kinds[0].footprint.latitude_rad, kinds[0].footprint.longitude_rad
        middles = np.array([_east_north(each.footprint.latitude_rad, each.footprint.longitude_rad, *place) for each in kinds])
        pooled = np.mean([each.footprint.covariance_m2 for each in kinds], axis=0)
        if len(kinds) > 1:
            pooled = pooled + np.cov(middles.T, bias=True)
        values, turn = np.linalg.eigh(pooled)
        return cls(*place, turn, np.sqrt(np.maximum(values, 1.0)), middles.mean(axis=0))

    def flat(self, east_north_m: Array) -> Array:
        return (east_north_m - self.middle_m) @ self.turn / self.scale_m

    def ellipse(self, kind: Kind, sigmas: float, extension_m: float) -> Array:
        """Corners of a polygon around the ellipse, shape (SIDES, 2), in units of this sheet."""
        major, minor, azimuth = axes(kind.footprint.covariance_m2)
        angle = 2.0 * np.pi * np.arange(SIDES) / SIDES
        along = (sigmas * major + extension_m) * np.cos(angle) / np.cos(np.pi / SIDES)
        across = (sigmas * minor + extension_m) * np.sin(angle) / np.cos(np.pi / SIDES)
        s, c = np.sin(azimuth), np.cos(azimuth)
        east_north = np.column_stack((along * s - across * c, along * c + across * s))
        return self.flat(east_north + self._middle(kind))

    def holding(self, kind: Kind, part: float) -> Array:
        """Corners of boxes round the smallest region that holds a part of one kind, half a cell wider than its cells."""
        nodes, half, per_m2 = self.density([kind])
        cell_m2 = 4.0 * np.prod(half) * np.prod(self.scale_m)
        ordered = np.sort(per_m2[0])[::-1]
        index = min(int(np.searchsorted(np.cumsum(ordered) * cell_m2, part)), len(ordered) - 1)
        return _corners(nodes[per_m2[0] >= ordered[index]], 2.0 * half)

    def struck(self, kinds: Sequence[Kind], area_m2: Callable[[Kind], float], least: float) -> Array:
        """The same of where a craft is hit with at least that probability: the sum of number, area and density."""
        nodes, half, per_m2 = self.density(kinds)
        weights = np.array([kind.number * area_m2(kind) for kind in kinds])
        return _corners(nodes[weights @ per_m2 >= least], 2.0 * half)

    def density(self, kinds: Sequence[Kind]) -> tuple[Array, Array, Array]:
        """Middles of cells, their half sides, and the impacts per m2 of one piece of each kind there."""
        spread = np.full(2, 1.0)
        for kind in kinds:
            covariance = self.turn.T @ kind.footprint.covariance_m2 @ self.turn / np.outer(self.scale_m, self.scale_m)
            reach = np.abs(self.flat(self._middle(kind))) + REACH * np.sqrt(np.diag(covariance))
            if len(kind.footprint.points_rad):
                reach = np.maximum(reach, 1.2 * np.max(np.abs(self._points(kind)), axis=0))
            spread = np.maximum(spread, reach)
        half = spread / CELLS
        sides = [(2.0 * np.arange(CELLS) + 1.0 - CELLS) * h for h in half]
        nodes = np.column_stack([side.ravel() for side in np.meshgrid(*sides)])
        return nodes, half, np.array([self._of_one(kind, nodes, half) for kind in kinds])

    def _of_one(self, kind: Kind, nodes: Array, half: Array) -> Array:
        """The normal density, or that of a sample by its kernels (Gaussian, bandwidth by Scott 1992) on counts by cell.

        Either is smeared by half a cell, so that none falls between the middles of cells.
        """
        jacobian = float(np.prod(self.scale_m))
        covariance = self.turn.T @ kind.footprint.covariance_m2 @ self.turn / np.outer(self.scale_m, self.scale_m)
        count = len(kind.footprint.points_rad)
        if not count:
            return _normal(nodes - self.flat(self._middle(kind)), covariance + np.diag(half**2)) / jacobian
        from scipy.signal import fftconvolve

        limits = [(-CELLS * h, CELLS * h) for h in half]
        along, across = self._points(kind).T
        counts, *_ = np.histogram2d(along, across, bins=CELLS, range=limits)
        offsets = np.column_stack([m.ravel() for m in np.meshgrid(*(2.0 * h * np.arange(1 - CELLS, CELLS) for h in half))])
        kernel = _normal(offsets, covariance * count ** (-1.0 / 3.0) + np.diag(half**2)).reshape(2 * CELLS - 1, -1)
        smooth = fftconvolve(counts.T / count, kernel, mode="full")[CELLS - 1 : 2 * CELLS - 1, CELLS - 1 : 2 * CELLS - 1]
        return np.maximum(smooth, 0.0).ravel() / jacobian

    def _middle(self, kind: Kind) -> Array:
        return _east_north(kind.footprint.latitude_rad, kind.footprint.longitude_rad, self.latitude_rad, self.longitude_rad)

    def _points(self, kind: Kind) -> Array:
        return self.flat(_east_north(*kind.footprint.points_rad.T, self.latitude_rad, self.longitude_rad))

    def around(self, points: Array) -> Area:
        """The polygon of `SIDES` even directions around points of this sheet, and wider by the margin."""
        grown = _corners(points, MARGIN_m / self.scale_m)
        angle = 2.0 * np.pi * np.arange(SIDES) / SIDES
        support = np.max(grown @ np.array([np.cos(angle), np.sin(angle)]), axis=0)
        after, then = np.roll(support, -1), np.roll(angle, -1)
        width = np.sin(2.0 * np.pi / SIDES)
        x = (support * np.sin(then) - after * np.sin(angle)) / width
        y = (after * np.cos(angle) - support * np.cos(then)) / width
        east_north = _divided(np.column_stack((x, y)) * self.scale_m @ self.turn.T + self.middle_m)
        if np.linalg.det(self.turn) < 0.0:
            east_north = east_north[::-1]
        return enclosed(*flat_ring(*east_north.T, self.latitude_rad, self.longitude_rad))


def _normal(off: Array, covariance: Array) -> Array:
    squared = np.sum(off * np.linalg.solve(covariance, off.T).T, axis=1)
    return np.exp(-0.5 * squared) / (2.0 * np.pi * np.sqrt(np.linalg.det(covariance)))


def _divided(corners_m: Array) -> Array:
    """Corners of a closed ring with more between them, so that it makes no difference what a side is straight on."""
    divided = []
    for a, b in zip(corners_m, np.roll(corners_m, -1, axis=0), strict=True):
        parts = int(np.ceil(np.linalg.norm(b - a) / LONGEST_m))
        divided.append(a + (b - a) * (np.arange(max(parts, 1)) / max(parts, 1))[:, None])
    return np.vstack(divided)


def _corners(middles: Array, half: Array) -> Array:
    """Of boxes round points."""
    return np.vstack([middles + half * np.array([a, b]) for a in (-1.0, 1.0) for b in (-1.0, 1.0)])


def _east_north(latitude_rad: Any, longitude_rad: Any, at_latitude_rad: float, at_longitude_rad: float) -> Array:
    """In the plane that touches the ellipsoid at a place, shape (..., 2)."""
    point = fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, Shape)
    return np.stack(east_north_of(*point, at_latitude_rad, at_longitude_rad, Shape), axis=-1)
