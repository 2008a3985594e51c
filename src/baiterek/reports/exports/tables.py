"""The columns as CSV: RFC 4180, one heading line of names that carry their units, every digit of a double."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from baiterek.reports.exports.states import lift_off, utc_text
from baiterek.study.results import Columns, MissionResult


def write_csv(result: MissionResult, path: Path) -> list[Path]:
    """The trajectory at `path`, and, where bodies fall, `falls` beside it with the body's name on each row.

    A name without a unit is a pure number or a text; `utc` is there for a dated mission. A number that is not known (an
    impact point in orbit) is an empty field.
    """
    names = result.summary["phases"]
    texts = [[names[int(number)]] for number in result.trajectory["phase"]]
    _write(path, result, ["phase_name"], texts, result.trajectory)
    if not result.falls:
        return [path]
    beside = path.with_name("falls.csv" if path.stem == "trajectory" else f"{path.stem}-falls{path.suffix}")
    heads = list(next(iter(result.falls.values())))
    stacked = {name: np.concatenate([columns[name] for columns in result.falls.values()]) for name in heads}
    bodies = [[body] for body, columns in result.falls.items() for _ in columns["t_s"]]
    _write(beside, result, ["body"], bodies, stacked)
    return [path, beside]


def _write(path: Path, result: MissionResult, heads: list[str], texts: list[list[str]], columns: Columns) -> None:
    """Texts first, then the numbers."""
    if result.summary["lift_off"] is not None:
        start = lift_off(result)
        heads = ["utc", *heads]
        texts = [[utc_text(start, t)[:-3] + "Z", *row] for t, row in zip(columns["t_s"], texts)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*heads, *columns])
        writer.writerows([*text, *row] for text, row in zip(texts, zip(*map(_fields, columns.values()))))


def _fields(column: Any) -> Iterable[Any]:
    """Numbers in the shortest form that reads back as the same double; nothing for NaN."""
    return ["" if value != value else value for value in column.tolist()]
