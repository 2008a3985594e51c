"""Flights as Parquet, one row a flight: parts as they land, the whole table from them, columns read one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.columns import describe
from baiterek.errors import UnreadableFile

Array = NDArray[Any]
INPUT = "input."
"""Begins the name of every column that was handed to the compiled flight."""


def as_table(columns: Mapping[str, Array], about: Mapping[str, str]) -> bytes:
    """Flights as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = {name: pa.array(column) for name, column in columns.items()}
    fields = [pa.field(name, array.type, metadata=_about(name)) for name, array in arrays.items()]
    table = pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(fields, metadata=dict(about)))
    written = pa.BufferOutputStream()
    pq.write_table(table, written, use_dictionary=False)  # hardly two numbers are the same
    return written.getvalue().to_pybytes()


def write_part(path: Path, table: bytes) -> None:
    """One part under its final name only when it is whole on disk."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(table)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def join_parts(parts: Sequence[Path], path: Path) -> None:
    """The parts in their order as one table, a row group each."""
    import pyarrow.parquet as pq

    first = pq.ParquetFile(parts[0]).schema_arrow
    with pq.ParquetWriter(path, first, use_dictionary=False) as writer:
        for part in parts:
            writer.write_table(pq.ParquetFile(part).read())


def readable(path: Path) -> bool:
    """Whether a part is there and whole; a full disk or a fallen machine may leave one that is not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.ParquetFile(path)
    except (OSError, pa.ArrowException):
        return False
    return True


def read_columns(path: Path, names: Sequence[str] | None = None) -> dict[str, Array]:
    """Columns of a table by name; all of them when none is named."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read(None if names is None else list(names)).combine_chunks()
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFile(str(path), "", str(error), "a table of flights, as `baiterek monte-carlo` writes it") from None
    # Not to_numpy(): it loads pandas.
    return {name: np.from_dlpack(table.column(name).chunk(0)) for name in table.column_names}


def each_part(path: Path, names: Sequence[str]) -> Iterator[dict[str, Array]]:
    """The same columns row group by row group."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, list(names)).combine_chunks()
        yield {name: np.from_dlpack(table.column(name).chunk(0)) for name in names}


def column_names(path: Path) -> list[str]:
    """Names of a table's columns in their order."""
    import pyarrow.parquet as pq

    return list(pq.ParquetFile(path).schema_arrow.names)


def _about(name: str) -> dict[str, str]:
    last = describe(name.rpartition(".")[2])
    return {key: value for key, value in {"unit": last.unit, "frame": last.frame}.items() if value}
