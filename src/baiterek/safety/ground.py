"""The ground under a flight: cells with their area, their people, their district.

A half-degree mean hides towns in the steppe. Settlements are taken out of their cells' counts and set down as discs of a
density, and what is left is spread evenly over the land of the cell; `settling` says how many of either there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baiterek.constants import WGS84_FLATTENING, WGS84_RADIUS_M
from baiterek.physics.earth import zone_area
from baiterek.safety.settling import CELL, Division, Settling, division
from baiterek.safety.world import COLUMNS, FINE, ROWS, District, World, packaged_world

Array = NDArray[np.float64]
MARGIN = 2
"""Half-degree cells around a window in which settlements may reach into it."""
STRIP = 20
"""Half-degree rows of a ground that are made at once: a continent is large."""
GOLDEN_RAD = np.pi * (3.0 - np.sqrt(5.0))
MOST_POINTS = 4000
"""Into which a settlement's disc is divided; a small one lies in a single cell anyway."""


class Shape:
    """The ellipsoid, as formulas of the Earth's shape ask for it."""

    radius_m = WGS84_RADIUS_M
    flattening = WGS84_FLATTENING


@dataclass(frozen=True)
class Ground:
    """Cells between edges of latitude and longitude: rows from the south, columns from the west."""

    latitude_edges_deg: Array
    """Ascending, shape (rows + 1,)."""
    longitude_edges_deg: Array
    """Ascending, shape (columns + 1,); they run on past 180."""
    area_m2: Array
    """Of a cell, by row, shape (rows, 1)."""
    people: Array
    """Shape (rows, columns)."""
    district: NDArray[np.uint16]
    """Index into `districts`, same shape."""
    districts: tuple[District, ...]
    source: str

    def middles_deg(self) -> tuple[Array, Array]:
        """Latitude and longitude of the cells' middles, shapes (rows, 1) and (1, columns)."""
        latitude = 0.5 * (self.latitude_edges_deg[1:] + self.latitude_edges_deg[:-1])
        longitude = 0.5 * (self.longitude_edges_deg[1:] + self.longitude_edges_deg[:-1])
        return latitude[:, None], longitude[None, :]


def ground(
    south_deg: float,
    west_deg: float,
    north_deg: float,
    east_deg: float,
    split: int = 1,
    settling: Settling | None = None,
    world: World | None = None,
) -> Ground:
    """The ground of a window, out to whole half-degree cells; cells of 0.05 deg, each side divided by `split`.

    `west_deg` < `east_deg`, at most 360 deg apart; a window over the antimeridian runs on (170 to 190). What a cell holds
    does not depend on the window.
    """
    world, settling = world or packaged_world(), settling or Settling()
    if not (-90.0 <= south_deg < north_deg <= 90.0 and west_deg < east_deg <= west_deg + 360.0):
        raise ValueError(f"no window: {south_deg} to {north_deg} deg N, {west_deg} to {east_deg} deg E")
    top, bottom = int(np.floor((90.0 - north_deg) * 2)), int(np.ceil((90.0 - south_deg) * 2))
    left, right = int(np.floor((west_deg + 180.0) * 2)), int(np.ceil((east_deg + 180.0) * 2))
    right = min(right, left + COLUMNS)
    fine, parts = FINE * split, division(world, settling)
    shape = ((bottom - top) * fine, (right - left) * fine)
    people, district = np.empty(shape), np.empty(shape, dtype=np.uint16)
    for first in range(top, bottom, STRIP):
        last = min(first + STRIP, bottom)
        here = slice((bottom - last) * fine, (bottom - first) * fine)
        people[here], district[here] = _strip(world, settling, parts, first, last, left, right, split)
    return Ground(
        latitude_edges_deg=np.linspace(90.0 - bottom / 2, 90.0 - top / 2, shape[0] + 1),
        longitude_edges_deg=np.linspace(left / 2 - 180.0, right / 2 - 180.0, shape[1] + 1),
        area_m2=_areas(top, bottom, fine)[::-1],
        people=people,
        district=district,
        districts=world.districts,
        source=world.source,
    )


def _strip(
    world: World, settling: Settling, parts: Division, top: int, bottom: int, left: int, right: int, split: int
) -> tuple[Array, NDArray[np.uint16]]:
    """People and districts of some rows of half-degree cells, finer, from the south."""
    around_top, around_bottom = max(top - MARGIN, 0), min(bottom + MARGIN, ROWS)
    around_left, around_right = left - MARGIN, right + MARGIN
    fine = FINE * split
    columns = np.arange(around_left, around_right) % COLUMNS
    area = _areas(around_top, around_bottom, fine)
    district = world.district_map(around_top * FINE, around_bottom * FINE)
    district = district.reshape(-1, COLUMNS, FINE)[:, columns].reshape(len(district), -1)
    district = np.repeat(np.repeat(district, split, axis=0), split, axis=1)
    land = area * (district > 0)
    land = np.where(_spread(_sums(land, fine), fine) > 0.0, land, area + 0.0 * land)
    towns = _towns(world, settling, around_top, around_bottom, around_left, around_right, district, area, fine)
    counts = parts.country[around_top:around_bottom, columns]
    if settling.keep == CELL:
        people = _cell_by_cell(counts, towns, land, settling, fine)
    else:
        country = _spread(counts / _sums(land, fine), fine) * land
        people = towns * parts.town_factor[district] + country * parts.country_factor[district]
    rows = slice((top - around_top) * fine, (bottom - around_top) * fine)
    inner = slice((left - around_left) * fine, (right - around_left) * fine)
    return people[rows, inner][::-1], district[rows, inner][::-1]


def _areas(top: int, bottom: int, fine: int) -> Array:
    """Of a cell, by row from the north, shape (rows, 1)."""
    edges = np.radians(90.0 - np.linspace(top / 2, bottom / 2, (bottom - top) * fine + 1))
    return -np.diff(zone_area(edges, Shape))[:, None] * np.radians(0.5 / fine)


def _towns(
    world: World,
    settling: Settling,
    top: int,
    bottom: int,
    left: int,
    right: int,
    district: NDArray[np.uint16],
    area: Array,
    fine: int,
) -> Array:
    """People of settlements in each fine cell: discs of one density, as points along a spiral of equal areas.

    What of a disc lies in the sea or in another district is not lived on: its people live on the rest.
    """
    south, north = 90.0 - bottom / 2, 90.0 - top / 2
    turns = (world.town_longitudes_deg - (left / 2 - 180.0)) % 360.0
    # A window round the whole Earth with its margins meets some settlements twice.
    turns = np.concatenate([turns, turns + 360.0])
    within = np.tile((world.town_latitudes_deg > south) & (world.town_latitudes_deg <= north), 2)
    near = within & (turns < (right - left) / 2)
    which = np.nonzero(near)[0] % len(world.town_people)
    latitude, across, people = world.town_latitudes_deg[which], turns[near], world.town_people[which]
    own = world.town_districts()[which]
    disc_m2 = people / settling.town_density_1_m2
    cell_m2 = area[np.clip(((north - latitude) * 2 * fine).astype(int), 0, len(area) - 1), 0]
    count = np.clip(np.ceil(64.0 * disc_m2 / cell_m2), 1, MOST_POINTS).astype(int)
    town = np.repeat(np.arange(len(count)), count)
    index = np.arange(len(town)) - np.repeat(np.cumsum(count) - count, count)
    reach = np.sqrt(disc_m2[town] / np.pi * (index + 0.5) / count[town]) * (index > 0)  # the first is the centre itself
    north_m, east_m = reach * np.cos(index * GOLDEN_RAD), reach * np.sin(index * GOLDEN_RAD)
    lat = latitude[town] + np.degrees(north_m / WGS84_RADIUS_M)
    lon = across[town] + np.degrees(east_m / (WGS84_RADIUS_M * np.cos(np.radians(latitude[town]))))
    row = np.floor((north - lat) * 2 * fine).astype(int)
    column = np.floor(lon * 2 * fine).astype(int)
    shape = ((bottom - top) * fine, (right - left) * fine)
    inside = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    town, flat = town[inside], row[inside] * shape[1] + column[inside]
    kept = district.ravel()[flat] == own[town]
    town, flat = town[kept], flat[kept]
    share = people[town] / np.bincount(town, minlength=len(count))[town]
    return np.bincount(flat, share, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _cell_by_cell(counts: Array, towns: Array, land: Array, settling: Settling, fine: int) -> Array:
    """People of each fine cell: towns as far as the count of their half-degree cell allows, the rest over its land."""
    in_towns = _sums(towns, fine)
    allowed = (1.0 - settling.country_share) * counts
    scale = np.where(in_towns > allowed, allowed / np.where(in_towns > 0.0, in_towns, 1.0), 1.0)
    rest = counts - scale * in_towns
    return _spread(scale, fine) * towns + _spread(rest / _sums(land, fine), fine) * land


def _sums(cells: Array, fine: int) -> Array:
    rows, columns = cells.shape
    return cells.reshape(rows // fine, fine, columns // fine, fine).sum(axis=(1, 3))


def _spread(coarse: Array, fine: int) -> Array:
    return np.repeat(np.repeat(coarse, fine, axis=0), fine, axis=1)
