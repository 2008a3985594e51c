"""The packaged world of people: half-degree counts, settlements, districts; and counts of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.errors import BadValue, UnreadableFile

DATA = Path(__file__).parent / "data" / "people.npz"
ROWS, COLUMNS = 360, 720
"""Half-degree cells, from 90 N southwards and from 180 W eastwards."""
FINE = 10
"""Cells of the map of districts along the side of a half-degree cell: 0.05 deg."""
NO_DATA = -9999.0
TOWN_STEP_DEG = 1e-3
OFF_EDGE_DEG = 1e-4
"""Settlements are moved by 11 m, so that none lies on the edge of a cell."""


class District(NamedTuple):
    """A first-order division of a state, as Natural Earth has it."""

    code: str
    name: str
    name_ru: str
    country: str


NOWHERE = District("", "sea and islands without a district", "", "")


@dataclass(frozen=True)
class World:
    """Where people are, before anything is made finer."""

    people: NDArray[np.float64]
    """Shape (360, 720)."""
    town_latitudes_deg: NDArray[np.float64]
    """From the north."""
    town_longitudes_deg: NDArray[np.float64]
    town_people: NDArray[np.float64]
    town_names: tuple[str, ...]
    districts: tuple[District, ...]
    """The first is `NOWHERE`."""
    groups: NDArray[np.uint16]
    """For each district the one with which it is counted: itself, or a neighbour of one that the grid cannot resolve."""
    run_rows: NDArray[np.int32]
    run_columns: NDArray[np.uint16]
    run_districts: NDArray[np.uint16]
    share_cells: NDArray[np.int32]
    """Half-degree cells, row by row, once for each district that they touch."""
    share_districts: NDArray[np.uint16]
    share_parts: NDArray[np.float64]
    """Of the cell's land in that district; a cell without land belongs to `NOWHERE`."""
    source: str

    def district_map(self, top: int, bottom: int) -> NDArray[np.uint16]:
        """Index of the district of every 0.05 deg cell between two of its rows (0 at 90 N), shape (rows, 7200)."""
        runs = slice(self.run_rows[top], self.run_rows[bottom])
        row = np.repeat(np.arange(bottom - top), np.diff(self.run_rows[top : bottom + 1]))
        start = row * COLUMNS * FINE + self.run_columns[runs]
        lengths = np.diff(np.append(start, (bottom - top) * COLUMNS * FINE))
        return np.repeat(self.run_districts[runs], lengths).reshape(bottom - top, COLUMNS * FINE)

    def district_counts(self, counts: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """What the grid holds in each district: a cell on a border goes by parts of its land."""
        cells = (self.people if counts is None else counts).ravel()
        parts = cells[self.share_cells] * self.share_parts
        return np.bincount(self.share_districts, parts, minlength=len(self.districts)).astype(float)

    def town_districts(self) -> NDArray[np.uint16]:
        """District of each settlement."""
        row = np.floor((90.0 - self.town_latitudes_deg) * 2 * FINE).astype(int)
        column = np.floor((self.town_longitudes_deg + 180.0) * 2 * FINE).astype(int) % (COLUMNS * FINE)
        at = row * COLUMNS * FINE + column
        starts = np.repeat(np.arange(ROWS * FINE), np.diff(self.run_rows)) * COLUMNS * FINE + self.run_columns
        return self.run_districts[np.searchsorted(starts, at, side="right") - 1]


@lru_cache(maxsize=1)
def packaged_world() -> World:
    """GPW v4.11 (2020, CC BY 4.0), GeoNames (CC BY 4.0) and Natural Earth, as authorities/people.md says."""
    with np.load(DATA) as data:
        districts = tuple(District(*line.split("\t")) for line in data["district_names"].tobytes().decode().split("\n")[1:])
        return World(
            data["people"].astype(float),
            data["town_latitudes"] * TOWN_STEP_DEG + OFF_EDGE_DEG,
            data["town_longitudes"] * TOWN_STEP_DEG + OFF_EDGE_DEG,
            data["town_people"].astype(float),
            tuple(data["town_names"].tobytes().decode().split("\n")),
            (NOWHERE, *districts),
            data["district_groups"],
            data["run_rows"],
            data["run_columns"],
            data["run_districts"],
            data["share_cells"],
            data["share_districts"],
            data["share_parts"],
            "GPW v4.11 UN WPP-adjusted 2020 (CIESIN, CC BY 4.0); GeoNames (CC BY 4.0); Natural Earth",
        )


def world_of(counts_file: str | Path) -> World:
    """The packaged settlements and districts under other counts: a text file of the same half-degree grid.

    360 rows from 90 N of 720 numbers from 180 W, between spaces or commas; -9999 is no data.
    """
    from dataclasses import replace

    return replace(packaged_world(), people=read_counts(Path(counts_file)), source=Path(counts_file).name)


def read_counts(path: Path) -> NDArray[np.float64]:
    """People per half-degree cell, shape (360, 720), from a text file; no data becomes 0. Raises `InputError`."""
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(str(path), "", reason, "a text file of numbers") from None
    rows = [line.replace(",", " ").split() for line in lines]
    shape = f"{ROWS} rows of {COLUMNS} numbers, half a degree each, from 90 N 180 W"
    widths = {len(row) for row in rows}
    if len(rows) != ROWS or widths != {COLUMNS}:
        found = f"{len(rows)} rows of {', '.join(map(str, sorted(widths)[:3])) or 0} numbers"
        raise BadValue(str(path), "", found, shape)
    try:
        people = np.array(rows, dtype=float)
    except ValueError as error:
        raise BadValue(str(path), "", str(error), shape) from None
    wrong = ~np.isfinite(people) | ((people < 0.0) & (people != NO_DATA))
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        least = float(people[row, column])
        raise BadValue(str(path), f"row {row + 1}, column {column + 1}", least, "0 or more people, or -9999")
    return np.maximum(people, 0.0)
