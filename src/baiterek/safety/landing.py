"""Where something comes down, cell by cell: from a bivariate normal distribution or from a sample of impact points."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.safety.ground import Ground, Shape

Array = NDArray[np.float64]
REACH = 7.0
"""Sigmas to which a distribution is followed: 2e-11 of it lies beyond."""
NODE_SPACING = 1.0
"""Between nodes of the quadrature, in least sigmas."""
MOST_NODES = 64
"""Along the side of a cell. A distribution too narrow for them is drawn as points."""


class Normal(NamedTuple):
    """A footprint as a bivariate normal distribution in the plane that touches the ellipsoid at its mean."""

    latitude_rad: float
    longitude_rad: float
    covariance_m2: Array
    """East and north, shape (2, 2)."""


class Points(NamedTuple):
    """A footprint as a sample of impact points, each as likely as another."""

    latitude_rad: Array
    longitude_rad: Array
    smooth: bool = False
    """Whether a kernel makes a density of them: for contours from few points. Else each lies in its cell."""


Scatter = Normal | Points
"""Where pieces of one kind come down: what the sums of risk take (`footprint.Footprint` is what a reader is told)."""


class Landing(NamedTuple):
    """Probability by cell within a part of the ground."""

    rows: slice
    columns: slice
    probability: Array
    outside: float
    """Of the distribution, what falls beside the ground."""


def landing(ground: Ground, footprint: Scatter) -> Landing:
    """Probability that a piece of this footprint lands in each cell."""
    if isinstance(footprint, Points):
        return _smoothed(ground, footprint) if footprint.smooth else _counted(ground, footprint)
    covariance = np.asarray(footprint.covariance_m2, dtype=float)
    values, vectors = np.linalg.eigh(covariance)
    if covariance.shape != (2, 2) or not np.all(np.isfinite(covariance)) or values[0] <= 0.0:
        raise ValueError(f"not a covariance of east and north in m2: {covariance.tolist()}")
    sides = _sides(ground, footprint)
    nodes = int(np.ceil(max(sides) / (NODE_SPACING * np.sqrt(values[0])))) + 2
    if nodes > MOST_NODES:
        return _counted(ground, _drawn(footprint, values, vectors))
    return _integrated(ground, footprint, np.linalg.inv(covariance), np.sqrt(np.linalg.det(covariance)), nodes, sides)


def _sides(ground: Ground, at: Normal) -> tuple[float, float]:
    """Metres of a cell's sides at a place."""
    north = np.radians(ground.latitude_edges_deg[1] - ground.latitude_edges_deg[0]) * Shape.radius_m
    east = np.radians(ground.longitude_edges_deg[1] - ground.longitude_edges_deg[0]) * Shape.radius_m * np.cos(at.latitude_rad)
    return float(east), float(north)


def _integrated(ground: Ground, at: Normal, precision: Array, root: float, nodes: int, sides: tuple[float, float]) -> Landing:
    """Gauss-Legendre quadrature of the density over every cell within reach."""
    rows, columns = _window(ground, at, sides)
    empty = Landing(rows, columns, np.zeros((rows.stop - rows.start, columns.stop - columns.start)), 1.0)
    if empty.probability.size == 0:
        return empty
    middles = [edges[part.start : part.stop + 1] for edges, part in _edges(ground, rows, columns)]
    latitude, longitude = (0.5 * (edges[1:] + edges[:-1]) for edges in middles)
    east, north, _ = _plane(np.radians(latitude)[:, None], np.radians(longitude)[None, :], at)
    corner = 0.75 * np.hypot(*sides)
    distance = np.sqrt(np.maximum(_squared(east, north, precision), 0.0)) - corner * np.sqrt(np.linalg.norm(precision, 2))
    row, column = np.nonzero(distance <= REACH)
    t, weight = np.polynomial.legendre.leggauss(nodes)
    half = 0.5 * np.radians(ground.latitude_edges_deg[1] - ground.latitude_edges_deg[0])
    lat = np.radians(latitude)[row][:, None, None] + half * t[None, :, None]
    lon = np.radians(longitude)[column][:, None, None] + half * t[None, None, :]
    east, north, upright = _plane(lat, lon, at)
    density = np.exp(-0.5 * _squared(east, north, precision)) * np.fmax(upright, 0.0) / (2.0 * np.pi * root)
    found = np.einsum("kij,i,j->k", density * _metric(lat), weight, weight) * half * half
    empty.probability[row, column] = found
    return empty._replace(outside=max(1.0 - float(found.sum()), 0.0))


def _window(ground: Ground, at: Normal, sides: tuple[float, float]) -> tuple[slice, slice]:
    """Rows and columns within reach of the distribution, by its greatest sigmas east and north."""
    reach = REACH * np.sqrt(np.diag(at.covariance_m2)) + 2.0 * np.array(sides)
    latitude, north = np.degrees(at.latitude_rad), np.degrees(reach[1] / Shape.radius_m)
    furthest = min(abs(latitude) + north, 89.0)
    # Away from the mean a parallel bends out of the plane: room for that of the reach east.
    north += np.degrees((reach[0] / Shape.radius_m) ** 2)
    east = np.degrees(reach[0] / (Shape.radius_m * np.cos(np.radians(furthest))))
    middle = 0.5 * (ground.longitude_edges_deg[0] + ground.longitude_edges_deg[-1])
    longitude = middle + (np.degrees(at.longitude_rad) - middle + 180.0) % 360.0 - 180.0
    rows = np.searchsorted(ground.latitude_edges_deg, (latitude - north, latitude + north)) + (-1, 0)
    columns = np.searchsorted(ground.longitude_edges_deg, (longitude - east, longitude + east)) + (-1, 0)
    low, high = np.clip(rows, 0, ground.people.shape[0]), np.clip(columns, 0, ground.people.shape[1])
    return slice(int(low[0]), int(low[1])), slice(int(high[0]), int(high[1]))


def _edges(ground: Ground, rows: slice, columns: slice) -> tuple[tuple[Array, slice], tuple[Array, slice]]:
    return (ground.latitude_edges_deg, rows), (ground.longitude_edges_deg, columns)


def _plane(latitude_rad: Array, longitude_rad: Array, at: Normal) -> tuple[Array, Array, Array]:
    """East and north in the tangent plane at the mean, and the cosine between the two verticals."""
    point = fixed_from_geodetic(latitude_rad, longitude_rad, 0.0, Shape)
    east, north = east_north_of(*point, at.latitude_rad, at.longitude_rad, Shape)
    upright = np.sin(latitude_rad) * np.sin(at.latitude_rad) + np.cos(latitude_rad) * np.cos(at.latitude_rad) * np.cos(
        longitude_rad - at.longitude_rad
    )
    return east, north, upright


def _metric(latitude_rad: Array) -> Array:
    """Square metres of the ellipsoid per square radian of latitude and longitude."""
    e2 = Shape.flattening * (2.0 - Shape.flattening)
    bend = 1.0 - e2 * np.sin(latitude_rad) ** 2
    return Shape.radius_m**2 * (1.0 - e2) * np.cos(latitude_rad) / bend**2


def _squared(east: Array, north: Array, precision: Array) -> Array:
    return precision[0, 0] * east * east + 2.0 * precision[0, 1] * east * north + precision[1, 1] * north * north


def _drawn(at: Normal, values: Array, vectors: Array) -> Points:
    """Points of equal probability: quantiles of the radius times directions, for what is smaller than a cell."""
    radius = np.sqrt(-2.0 * np.log((np.arange(64) + 0.5) / 64.0))
    angle = 2.0 * np.pi * (np.arange(64) + 0.5) / 64.0
    u, v = np.outer(radius, np.cos(angle)).ravel(), np.outer(radius, np.sin(angle)).ravel()
    east, north = vectors @ (np.sqrt(values)[:, None] * np.array([u, v]))
    latitude = at.latitude_rad + north / Shape.radius_m
    return Points(latitude, at.longitude_rad + east / (Shape.radius_m * np.cos(latitude)))


def cells_of(ground: Ground, latitude_rad: Array, longitude_rad: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of places; -1 for those beside the ground."""
    south, west = ground.latitude_edges_deg[0], ground.longitude_edges_deg[0]
    rows, columns = ground.people.shape
    row = (np.degrees(latitude_rad) - south) / (ground.latitude_edges_deg[-1] - south) * rows
    turned = (np.degrees(longitude_rad) - west) % 360.0
    column = turned / (ground.longitude_edges_deg[-1] - west) * columns
    beside = (row < 0.0) | (row >= rows) | (column >= columns) | ~np.isfinite(row + column)
    return np.where(beside, -1, np.floor(row)).astype(np.int64), np.where(beside, -1, np.floor(column)).astype(np.int64)


def cells_hit(ground: Ground, footprint: Scatter) -> tuple[NDArray[np.int64], NDArray[np.int64], Array, float]:
    """Rows and columns of the cells that pieces of a footprint may hit, each once, how probably; and beside the ground."""
    if isinstance(footprint, Points) and not footprint.smooth:
        return _cells_of_points(ground, footprint)
    part = landing(ground, footprint)
    row, column = np.nonzero(part.probability)
    return row + part.rows.start, column + part.columns.start, part.probability[row, column], part.outside


def _cells_of_points(ground: Ground, points: Points) -> tuple[NDArray[np.int64], NDArray[np.int64], Array, float]:
    """Single cells: a few points may lie as far apart as continents."""
    row, column = cells_of(ground, np.asarray(points.latitude_rad), np.asarray(points.longitude_rad))
    if len(row) == 0:
        raise ValueError("a footprint without points")
    columns = ground.people.shape[1]
    cell, counts = np.unique(row * columns + column, return_counts=True)
    beside = int(counts[cell < 0].sum())
    cell, counts = cell[cell >= 0], counts[cell >= 0]
    return cell // columns, cell % columns, counts / len(row), beside / len(row)


def _counted(ground: Ground, points: Points) -> Landing:
    """The part of the points in each cell."""
    row, column = cells_of(ground, np.asarray(points.latitude_rad), np.asarray(points.longitude_rad))
    n = len(row)
    if n == 0:
        raise ValueError("a footprint without points")
    inside = row >= 0
    if not inside.any():
        return Landing(slice(0, 0), slice(0, 0), np.zeros((0, 0)), 1.0)
    row, column = row[inside], column[inside]
    top, left = row.min(), column.min()
    shape = (int(row.max() - top) + 1, int(column.max() - left) + 1)
    counts = np.bincount((row - top) * shape[1] + column - left, minlength=shape[0] * shape[1]).reshape(shape)
    part = Landing(slice(int(top), int(top) + shape[0]), slice(int(left), int(left) + shape[1]), counts / n, 1.0 - len(row) / n)
    return part


def _smoothed(ground: Ground, points: Points) -> Landing:
    """Counts spread by a normal kernel of their own covariance times n^(-1/3): Scott (2015), 6.43, in two dimensions."""
    from scipy.signal import fftconvolve

    counted = _counted(ground, points)
    latitude, longitude = np.asarray(points.latitude_rad), np.asarray(points.longitude_rad)
    landed = np.isfinite(latitude + longitude)
    latitude, longitude = latitude[landed], longitude[landed]
    if counted.probability.size == 0 or len(latitude) < 3:
        return counted
    middle = float(latitude.mean()), float(np.arctan2(np.sin(longitude).mean(), np.cos(longitude).mean()))
    covariance = np.cov(_plane(latitude, longitude, Normal(*middle, np.eye(2)))[:2])
    if np.linalg.eigvalsh(covariance)[0] <= 1.0:
        return counted
    kernel = _kernel(ground, middle[0], covariance * len(latitude) ** (-1.0 / 3.0))
    spread = np.maximum(fftconvolve(counted.probability, kernel), 0.0)
    up, across = kernel.shape[0] // 2, kernel.shape[1] // 2
    top, left = counted.rows.start - up, counted.columns.start - across
    rows, columns = ground.people.shape
    inside = spread[max(-top, 0) : max(rows - top, 0), max(-left, 0) : max(columns - left, 0)]
    top, left = max(top, 0), max(left, 0)
    where = slice(top, top + inside.shape[0]), slice(left, left + inside.shape[1])
    return Landing(*where, inside, max(1.0 - float(inside.sum()), 0.0))


def _kernel(ground: Ground, latitude_rad: float, covariance: Array) -> Array:
    """Probability by cell around the middle of a cell at a latitude, an odd number of cells each way; its sum is one."""
    lat, lon = (edges[1] - edges[0] for edges in (ground.latitude_edges_deg, ground.longitude_edges_deg))
    reach = REACH * np.sqrt(np.diag(covariance))
    up = int(np.ceil(np.degrees(reach[1] / Shape.radius_m) / lat)) + 1
    across = int(np.ceil(np.degrees(reach[0] / (Shape.radius_m * np.cos(latitude_rad))) / lon)) + 1
    shape = (2 * up + 1, 2 * across + 1)
    patch = replace(
        ground,
        latitude_edges_deg=np.degrees(latitude_rad) + lat * (np.arange(shape[0] + 1) - up - 0.5),
        longitude_edges_deg=lon * (np.arange(shape[1] + 1) - across - 0.5),
        people=np.zeros(shape),
    )
    part = landing(patch, Normal(latitude_rad, 0.0, covariance))
    kernel = np.zeros(shape)
    kernel[part.rows, part.columns] = part.probability
    return kernel / kernel.sum()
