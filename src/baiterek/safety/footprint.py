"""Where a body comes down, with its spread: mean, covariance, ellipses, density, and how much of it a zone holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.site import Ellipse, Zone
from baiterek.history import Array
from baiterek.physics.earth import Environment, fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.safety.zones import holds

CONFIDENCE = 0.95
CELLS = 120
"""Of a density, along each axis."""
WIDEST_m = 2e6
"""Greatest half axis of an ellipse that holds 99.73 %; what falls from nearly orbital speed may be strewn much farther, round
the Earth, where a plane that touches it says nothing."""
SPREADS = 4.0
"""Standard deviations on either side of the mean that a density covers, at least."""


@dataclass(frozen=True, repr=False)
class Footprint:
    """Impact points of one body, or the normal distribution that stands for them."""

    body: str
    latitude_rad: float
    """Of the mean point, geodetic."""
    longitude_rad: float
    covariance_m2: Array
    """East and north in the plane that touches the ellipsoid at the mean point, shape (2, 2)."""
    points_rad: Array
    """Latitude and longitude of each flight's point, shape (flights, 2); empty for a distribution alone."""
    east_north_m: Array
    """The same in that plane."""
    aloft: int = 0
    """Flights in which it did not come down."""

    def __repr__(self) -> str:
        major, minor, _ = axes(self.covariance_m2)
        place = f"{np.degrees(self.latitude_rad):.3f} deg N {np.degrees(self.longitude_rad):.3f} deg E"
        return f"<Footprint: {self.body} at {place}, sigma {major / 1e3:.1f} and {minor / 1e3:.1f} km>"


class Contained(NamedTuple):
    """The part of a footprint that a zone holds, and the interval in which the true one lies."""

    part: float
    low: float
    high: float
    confidence: float


class Density(NamedTuple):
    """Density of impacts over a grid round the mean point."""

    east_m: Array
    north_m: Array
    per_m2: Array
    """Shape (north, east)."""


def footprint(body: str, latitude_rad: Any, longitude_rad: Any, earth: Environment) -> Footprint:
    """The `Footprint` of impact points; NaN marks a flight in which the body stays up."""
    places = np.column_stack((latitude_rad, longitude_rad)).astype(float)
    down = places[np.all(np.isfinite(places), axis=1)]
    if len(down) < 2:
        raise ValueError(f"{body}: {len(down)} impact points have no spread")
    fixed = np.array(fixed_from_geodetic(down[:, 0], down[:, 1], 0.0, earth), dtype=float)
    latitude, longitude = _under(fixed.mean(axis=1), earth)
    flat = np.column_stack(east_north_of(*fixed, latitude, longitude, earth))
    return Footprint(body, latitude, longitude, np.cov(flat.T), down, flat, len(places) - len(down))


def normal_footprint(body: str, latitude_rad: float, longitude_rad: float, covariance_m2: Any) -> Footprint:
    """The `Footprint` of a mean point and a covariance east and north, as linear propagation gives it."""
    none = np.zeros((0, 2))
    return Footprint(body, float(latitude_rad), float(longitude_rad), np.asarray(covariance_m2, dtype=float), none, none)


def axes(covariance_m2: Any) -> tuple[float, float, float]:
    """Greater and lesser standard deviation in m, and the azimuth of the greater from north in rad, 0 to pi."""
    values, vectors = np.linalg.eigh(np.asarray(covariance_m2, dtype=float))
    east, north = vectors[:, 1]
    return float(np.sqrt(max(values[1], 0.0))), float(np.sqrt(max(values[0], 0.0))), float(np.arctan2(east, north) % np.pi)


def reach(within: float) -> float:
    """Standard deviations at which an ellipse holds the part `within` of a normal distribution in two dimensions.

    k = sqrt(-2 ln(1 - p)), from chi-squared with two degrees of freedom: 97 % need 2.648, 99.73 % 3.439.
    """
    return float(np.sqrt(-2.0 * np.log1p(-within)))


def held(sigmas: float) -> float:
    """Part of a normal distribution in two dimensions within an ellipse of so many sigmas: 3 hold 98.89 %."""
    return float(-np.expm1(-0.5 * sigmas * sigmas))


def scattered(found: Footprint) -> bool:
    """Whether impacts lie too far apart for a mean point and an ellipse."""
    return reach(0.9973) * axes(found.covariance_m2)[0] > WIDEST_m


def ellipse(found: Footprint, sigmas: float) -> Ellipse:
    """The ellipse of so many sigmas as a zone: full axes, as such are published."""
    major, minor, azimuth = axes(found.covariance_m2)
    place = found.latitude_rad, found.longitude_rad
    return Ellipse(f"{found.body}, {sigmas:g} sigma", *place, 2.0 * sigmas * major, 2.0 * sigmas * minor, azimuth)


def ellipse_area_m2(zone: Ellipse) -> float:
    """Area within the full axes: pi / 4 length width."""
    return float(0.25 * np.pi * zone.length_m * zone.width_m)


def contained(found: Footprint, zone: Zone, mission: Mission, confidence: float = CONFIDENCE) -> Contained:
    """How much of a sampled footprint lies in a zone; the interval is that of Clopper & Pearson (1934).

    A flight in which the body stays up counts as outside.
    """
    from scipy.stats import beta

    n = len(found.points_rad) + found.aloft
    if n == 0:
        raise ValueError(f"{found.body}: a distribution alone has no points to count")
    k = int(np.sum(holds(zone, *found.points_rad.T, mission)))
    tail = 0.5 * (1.0 - confidence)
    low = 0.0 if k == 0 else float(beta.ppf(tail, k, n - k + 1))
    high = 1.0 if k == n else float(beta.isf(tail, k + 1, n - k))
    return Contained(k / n, low, high, confidence)


def density(found: Footprint, cells: int = CELLS) -> Density:
    """Kernel density of a sampled footprint (Gaussian kernel, bandwidth by Scott, Multivariate Density Estimation,
    1992), or the normal density of a distribution alone; at cell centres, a rectangle that holds every point."""
    spread = SPREADS * np.sqrt(np.diag(found.covariance_m2))
    if len(found.east_north_m):
        spread = np.maximum(spread, 1.2 * np.max(np.abs(found.east_north_m), axis=0))
    east, north = ((np.arange(cells) + 0.5) / cells * 2.0 * s - s for s in spread)
    grid = np.vstack([side.ravel() for side in np.meshgrid(east, north)])
    if len(found.east_north_m):
        from scipy.stats import gaussian_kde

        values = gaussian_kde(found.east_north_m.T)(grid)
    else:
        scaled = np.linalg.solve(found.covariance_m2, grid)
        values = np.exp(-0.5 * np.sum(grid * scaled, axis=0)) / (2.0 * np.pi * np.sqrt(np.linalg.det(found.covariance_m2)))
    return Density(east, north, values.reshape(cells, cells))


def level(found: Density, within: float) -> float:
    """The density along the edge of the smallest region that holds the part `within`."""
    ordered = np.sort(found.per_m2.ravel())[::-1]
    cell = (found.east_m[1] - found.east_m[0]) * (found.north_m[1] - found.north_m[0])
    index = int(np.searchsorted(np.cumsum(ordered) * cell, within))
    return float(ordered[min(index, len(ordered) - 1)])


def _under(point: Array, earth: Environment) -> tuple[float, float]:
    """Geodetic latitude and longitude of the place under a point."""
    from baiterek.physics.earth import geodetic

    place = geodetic(*point, earth)
    return float(np.arctan2(place.sin_latitude, place.cos_latitude)), float(np.arctan2(point[1], point[0]))
