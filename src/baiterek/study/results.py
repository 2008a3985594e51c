"""A run's result, as it lies in its folder: written once, read back by whatever shows it, never computed twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.changes import changed, toml_text
from baiterek.catalogue.document import read_document
from baiterek.catalogue.mission import Mission
from baiterek.columns import describe
from baiterek.errors import InputError, UnreadableFile
from baiterek.history import History, dataset
from baiterek.study.cards import result_card
from baiterek.study.folder import whole_folder
from baiterek.study.inputs import copy_inputs
from baiterek.study.summary import SCHEMA, plain

if TYPE_CHECKING:
    from baiterek.history import Dataset

Array = NDArray[Any]
Columns = Mapping[str, Array]

RUN_FOLDER = "a results folder, as `baiterek plan` writes it"
TRAJECTORY, OPTIMUM, FALLS = "trajectory.parquet", "optimum.parquet", "falls.parquet"
NUMBERS = ("double", "float", "int64", "int32", "int16", "int8")


@dataclass(frozen=True, repr=False)
class MissionResult:
    """`summary` is result.json; columns carry unit and frame in their names (`study.columns` has them in words)."""

    summary: Mapping[str, Any]
    provenance: Mapping[str, Any]
    trajectory: Columns
    """What was flown; for a run that stops after the optimum, its re-integration. Empty when there is no trajectory."""
    optimum: Columns
    """The optimum's own re-integration, when it was also flown; else empty."""
    falls: Mapping[str, Columns] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def hash(self) -> str:
        return self.provenance["hash"]

    @property
    def name(self) -> str:
        """Folder name: a function of the inputs alone, so the date is that of the flight."""
        date = (self.summary["lift_off"] or "undated")[:10]
        return f"{date}-{self.summary['mission']}-{self.hash[:8]}"

    def to_xarray(self) -> Dataset:
        """The trajectory as `history.dataset` makes it."""
        about = {"mission": self.summary["mission"], "run": self.hash, "lift_off": self.summary["lift_off"] or "no date"}
        return dataset(self.trajectory, about, self.summary["phases"])

    def __repr__(self) -> str:
        return f"<MissionResult {self.name}: {self.summary['status']}>"

    def _repr_html_(self) -> str:
        return result_card(self.summary, str(self.folder or "not on disk"))


def save(result: MissionResult, mission: Mission, parent: Path, render: Callable[[Path], None] | None) -> Path:
    """Write the results folder under `parent`; `render` adds what is drawn from it, before it appears."""

    def fill(folder: Path) -> None:
        if mission.file:
            write_mission(folder / "mission.toml", mission)
        write_json(folder / "mission-resolved.json", plain(mission.resolved))
        write_json(folder / "provenance.json", result.provenance)
        write_json(folder / "result.json", result.summary)
        if result.trajectory:
            _write_columns(folder / TRAJECTORY, result.trajectory, result)
        if result.optimum:
            _write_columns(folder / OPTIMUM, result.optimum, result)
        if result.falls:
            _write_columns(folder / FALLS, _stacked(result.falls), result)
        if render is not None:
            render(folder)

    return whole_folder(parent, result.name, fill)


def read(folder: Path) -> MissionResult:
    """A result as its folder holds it. Raises `InputError` in one line for a folder that is none."""
    folder = Path(folder)
    summary, provenance = (read_json(folder / name) for name in ("result.json", "provenance.json"))
    if summary.get("schema") != SCHEMA:
        found = str(summary.get("schema", "none"))
        allowed = f"{SCHEMA}, the one that this version writes: plan the mission again (its file stands beside it)"
        raise InputError(str(folder / "result.json"), "schema", found, allowed)
    return MissionResult(
        summary,
        provenance,
        _read_columns(folder / TRAJECTORY),
        _read_columns(folder / OPTIMUM),
        _unstacked(_read_columns(folder / FALLS)),
        folder,
    )


def columns_of(history: History | None) -> dict[str, Array]:
    """The columns of a flight with the number of the phase among them."""
    if history is None:
        return {}
    return {**{name: np.asarray(column) for name, column in history.columns.items()}, "phase": history.phase}


def write_mission(path: Path, mission: Mission, more: Iterable[Path] = ()) -> None:
    """The file as it was given, or, where numbers were changed since, its tables with the changes in them.

    Files that it names, and `more` files, are copied beside it, into `inputs/` (`study.inputs`).
    """
    _write_tables(path, mission)
    copy_inputs(path.parent, Path(mission.file), path, more)


def _write_tables(path: Path, mission: Mission) -> None:
    if not mission.changes:
        shutil.copyfile(mission.file, path)
        return
    document = changed(read_document(Path(mission.file)), {"name": mission.name, **mission.changes})
    said = "".join(f"# {key} = {value!r}\n" for key, value in mission.changes.items())
    path.write_text(f"# {Path(mission.file).name}, changed after it was read:\n{said}\n{toml_text(document)}", encoding="utf-8")


def write_json(path: Path, document: Any) -> None:
    """A document as JSON that people read: indented, keys in their order, no number that is none."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """A document of a results folder; `InputError` in one line where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or f"no JSON: {error}"
        raise UnreadableFile(str(path), "", reason, RUN_FOLDER) from None
    if not isinstance(document, dict):
        raise UnreadableFile(str(path), "", type(document).__name__, RUN_FOLDER)
    return document


def _write_columns(path: Path, columns: Columns, result: MissionResult) -> None:
    """Parquet with unit, name in words and frame on every column, and the run's hash on the table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields, arrays = [], []
    for name, column in columns.items():
        array = pa.array(column)
        about = {key: value for key, value in describe(name)._asdict().items() if value}
        fields.append(pa.field(name, array.type, metadata=about))
        arrays.append(array)
    about_run = {"mission": result.summary["mission"], "run": result.hash, "lift_off": result.summary["lift_off"] or ""}
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about_run)), path)


def _read_columns(path: Path) -> dict[str, Array]:
    if not path.is_file():
        return {}
    import pyarrow.parquet as pq

    # Neither pq.read_table nor to_numpy(): both load pandas, half a second of every report.
    table = pq.ParquetFile(path).read().combine_chunks()
    return {name: _array(table.column(name)) for name in table.column_names}


def _array(column: Any) -> Array:
    """Numbers where they lie; texts as Python has them."""
    if column.num_chunks == 1 and column.null_count == 0 and str(column.type) in NUMBERS:
        return np.from_dlpack(column.chunk(0))
    return np.array(column.to_pylist(), dtype=object if str(column.type) == "string" else None)


def _stacked(falls: Mapping[str, Columns]) -> dict[str, Array]:
    """All falls as one table with the body's name in a column of its own."""
    names = sorted({name for columns in falls.values() for name in columns})
    stacked: dict[str, list[Array]] = {name: [] for name in ("body", *names)}
    for body, columns in falls.items():
        rows = len(next(iter(columns.values())))
        stacked["body"].append(np.full(rows, body, dtype=object))
        for name in names:
            stacked[name].append(np.asarray(columns.get(name, np.full(rows, np.nan)), dtype=float))
    return {name: np.concatenate(parts) for name, parts in stacked.items()}


def _unstacked(table: Columns) -> dict[str, Columns]:
    if not table:
        return {}
    bodies = list(dict.fromkeys(table["body"].tolist()))
    columns = {name: column for name, column in table.items() if name != "body"}
    return {body: {name: column[table["body"] == body] for name, column in columns.items()} for body in bodies}
