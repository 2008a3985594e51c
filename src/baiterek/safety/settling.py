"""Settlements and country: how the people of the grid are divided between them, and what is kept in doing so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.safety.world import COLUMNS, ROWS, World

Array = NDArray[np.float64]
CELL, DISTRICT = "cell", "district"


@dataclass(frozen=True)
class Settling:
    """How settlements and country are set apart."""

    keep: str = DISTRICT
    """What keeps the count that the grid gives it: every `district`, or every half-degree `cell`."""
    town_density_1_m2: float = 2e-3
    """People per area of a settlement's disc."""
    country_share: float = 0.05
    """Of each cell's and district's people, the least part that lives outside settlements."""


class Division(NamedTuple):
    """Of a world, under a `Settling`."""

    town_factor: Array
    """On the people of settlements, by district; ones where cells are kept (the cells' factors come later)."""
    country: Array
    """People outside settlements by half-degree cell, before the factor of the district; shape (360, 720)."""
    country_factor: Array
    """By district."""


def division(world: World, settling: Settling) -> Division:
    """Factors such that every district keeps its count, with its settlements as large as they are if it can.

    The grid spreads a census unit evenly over its area. Where the unit is larger than a cell, people of its towns stand in
    the steppe: their number is taken from the country of the whole district, in proportion. A cell far smaller than its
    settlements is such steppe itself: |N - S| min(1, N / S) of it is country. T a + R b = N by district, T
    people of settlements, R of the country, a = 1 unless T exceeds (1 - country_share) N. Districts smaller than four cells
    are counted together with a neighbour.
    """
    ones = np.ones(len(world.districts))
    if settling.keep == CELL:
        return Division(ones, world.people, ones)
    row = np.clip(np.floor((90.0 - world.town_latitudes_deg) * 2).astype(int), 0, ROWS - 1)
    column = np.floor((world.town_longitudes_deg + 180.0) * 2).astype(int) % COLUMNS
    settled = np.bincount(row * COLUMNS + column, world.town_people, minlength=ROWS * COLUMNS).astype(float)
    settled = settled.reshape(ROWS, COLUMNS)
    held = np.minimum(_over(world.people, settled), 1.0)  # of its settlements, what the cell's count can hold
    country = np.abs(world.people - settled) * np.where(settled > 0.0, held, 1.0)
    country = np.maximum(country, settling.country_share * world.people)
    whole, rest = (_grouped(world, world.district_counts(counts)) for counts in (world.people, country))
    in_towns = np.bincount(world.town_districts(), world.town_people, minlength=len(ones))
    towns = _grouped(world, in_towns.astype(float))
    kept = np.minimum(towns, (1.0 - settling.country_share) * whole)
    # A district whose cells have no country at all is settled only, and one without settlements is country only.
    kept = np.where(rest > 0.0, kept, np.where(towns > 0.0, whole, 0.0))
    return Division(_over(kept, towns)[world.groups], country, _over(whole - kept, rest)[world.groups])


def _grouped(world: World, by_district: Array) -> Array:
    """Sums over groups of districts, at the index of the one that stands for the group."""
    return np.bincount(world.groups, by_district, minlength=len(by_district)).astype(float)


def _over(a: Array, b: Array) -> Array:
    return np.where(b > 0.0, a / np.where(b > 0.0, b, 1.0), 0.0)
