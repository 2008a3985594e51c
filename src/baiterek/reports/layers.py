"""What lies below a flight: land, lakes and rivers (Natural Earth, public domain), towns (GeoNames, CC BY 4.0).

No border of any state is among them. `authorities/map_layers.md` says where the files come from and how exact they are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data"
CREDIT = "Natural Earth; GeoNames, CC BY 4.0"
"""What the licence of the towns asks a map to say; the other layers are in the public domain."""

LAYERS = ("land", "lakes", "rivers")
TILE_DEG, STEP_DEG = 10, 1e-3
COLUMNS = 360 // TILE_DEG
DETAILED_DEG = (42, 34, 104, 60)
"""West, south, east, north of the part that is kept in more detail (`NEAR` in builders/map_layers.py)."""


class Ring(NamedTuple):
    """A part of a polygon or a line, inside one tile."""

    latitude_deg: NDArray[Any]
    longitude_deg: NDArray[Any]
    cut: NDArray[Any]
    """For each point but the last: whether the edge to the next one is where the tile, or the detailed part of the world,
    was cut, and no shore."""


class Town(NamedTuple):
    """A town and its names; `ru` and `kk` are empty where none is known."""

    name: str
    ru: str
    kk: str
    latitude_deg: float
    longitude_deg: float
    population: int

    def called(self, language: str) -> str:
        """Its name in a language, or the nearest that there is."""
        return {"ru": self.ru, "kk": self.kk or self.ru}.get(language, self.name) or self.name


class Water(NamedTuple):
    """A sea or lake: where its name is written, and how wide it is there."""

    name: str
    ru: str
    kk: str
    latitude_deg: float
    longitude_deg: float
    width_km: float

    def called(self, language: str) -> str:
        """Its name in a language."""
        return {"ru": self.ru, "kk": self.kk}.get(language, self.name)


def rings(layer: str, latitude_deg: float, longitude_deg: float, radius_deg: float) -> Iterator[Ring]:
    """Outlines of a layer in the tiles that reach into a circle on the sphere; holes turn clockwise."""
    points, starts, tiles, on_cut = _layer(layer)
    wanted = _tiles(latitude_deg, longitude_deg, radius_deg)
    for k in np.flatnonzero(wanted[tiles]):
        a, b = starts[k], starts[k + 1]
        south, west = divmod(int(tiles[k]), COLUMNS)
        local = points[a:b] * STEP_DEG
        same = on_cut[a : b - 1] & on_cut[a + 1 : b]
        yield Ring(south * TILE_DEG - 90.0 + local[:, 1], west * TILE_DEG - 180.0 + local[:, 0], np.any(same, axis=1))


@cache
def towns() -> tuple[Town, ...]:
    """Every town of the file, the largest first."""
    return tuple(
        Town(name, ru, kk, float(latitude), float(longitude), int(population))
        for name, ru, kk, latitude, longitude, population in _rows("towns.csv")
    )


@cache
def waters() -> tuple[Water, ...]:
    """Seas and lakes with a name."""
    return tuple(
        Water(name, ru, kk, float(latitude), float(longitude), float(width))
        for name, ru, kk, latitude, longitude, width in _rows("waters.csv")
    )


def _rows(file: str) -> list[list[str]]:
    """Rows of a table without its comments and headings."""
    lines = (DATA / file).read_text(encoding="utf-8").splitlines()
    return list(csv.reader(line for line in lines if not line.startswith("#")))[1:]


@cache
def _world() -> dict[str, NDArray[Any]]:
    with np.load(DATA / "world.npz") as file:
        return {name: file[name] for name in file.files}


@cache
def _layer(layer: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Points in steps from their tile's corner, where each ring starts, its tile, and the eight cuts a point may be on: the
    edges of its tile and of the detailed part."""
    points, starts, tiles = (_world()[f"{layer}_{part}"] for part in ("points", "starts", "tiles"))
    last = round(TILE_DEG / STEP_DEG)
    south, west = np.divmod(np.repeat(tiles.astype(np.int64), np.diff(starts)), COLUMNS)
    corner_deg = np.column_stack((west * TILE_DEG - 180, south * TILE_DEG - 90))
    detailed = [points == np.rint((np.array(end) - corner_deg) / STEP_DEG) for end in (DETAILED_DEG[:2], DETAILED_DEG[2:])]
    cuts = np.concatenate((points == 0, points == last, *detailed), axis=1)
    return points, starts, tiles, cuts


def _tiles(latitude_deg: float, longitude_deg: float, radius_deg: float) -> NDArray[Any]:
    """Which tiles may reach into the circle: their middle is no farther than the radius and half a diagonal."""
    south, west = np.divmod(np.arange(COLUMNS * 180 // TILE_DEG), COLUMNS)
    middle = np.radians(south * TILE_DEG - 90.0 + 0.5 * TILE_DEG)
    turn = np.radians(west * TILE_DEG - 180.0 + 0.5 * TILE_DEG - longitude_deg)
    here = np.radians(latitude_deg)
    cosine = np.sin(here) * np.sin(middle) + np.cos(here) * np.cos(middle) * np.cos(turn)
    return cosine >= np.cos(np.radians(min(180.0, radius_deg + 0.75 * TILE_DEG)))
