"""Tables of texts in CSV and XLSX, from hands that are not trusted and for programs that run what looks like a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.errors import BadValue, InputError, UnreadableFile

LARGEST_bytes = 64 * 2**20
"""Of a file, and of all that an XLSX unpacks to."""
MOST_ROWS, MOST_COLUMNS = 100_000, 64
"""A few bytes can name the last cell of the largest sheet, and a reader would fill the sixteen thousand million before it."""
LONGEST_CELL = 10_000
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""The wide ones too: some spreadsheets make them narrow first."""
ALLOWED = "a table in CSV (UTF-8) or XLSX, its columns named in the first row"


class Line(NamedTuple):
    """A row of a table, by its number in the file."""

    number: int
    cells: dict[str, str]


def read_table(path: Path) -> list[Line]:
    """Every row that is not empty, by the names of its columns."""
    try:
        if path.stat().st_size > LARGEST_bytes:
            raise UnreadableFile(str(path), "", f"{path.stat().st_size} bytes", f"at most {LARGEST_bytes}")
        content = path.read_bytes()
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), ALLOWED) from None
    rows = _xlsx(path, content) if path.suffix.lower() == ".xlsx" else _csv(path, content)
    head = [name.strip() for name in rows[0]] if rows else []
    while head and not head[-1]:
        head.pop()
    if not head or "" in head or len(set(head)) < len(head):
        raise BadValue(str(path), "row 1", ", ".join(head) or "nothing", "a name for each column, each once")
    return [_line(path, k, head, row) for k, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table, CSV or XLSX by the name's end; what a spreadsheet would take for a formula gets an apostrophe."""
    texts = [[guarded(cell) for cell in row] for row in rows]
    partial = path.with_name(f".{path.name}.partial")
    try:
        if path.suffix.lower() == ".xlsx":
            _write_xlsx(partial, columns, texts)
        elif path.suffix.lower() == ".csv":
            with partial.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([columns, *texts])
        else:
            raise BadValue(str(path), "", path.suffix or "no ending", ".csv or .xlsx")
        partial.replace(path)
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "a file that can be written") from None
    finally:
        partial.unlink(missing_ok=True)


def guarded(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS_FORMULA) else text


def _line(path: Path, number: int, head: list[str], row: list[str]) -> Line:
    if any(cell.strip() for cell in row[len(head) :]):
        raise BadValue(str(path), f"row {number}", f"{len(row)} cells", f"{len(head)}, as many as columns are named")
    cells = [unguarded(cell.strip()) for cell in row[: len(head)]] + [""] * (len(head) - len(row))
    return Line(number, dict(zip(head, cells)))


def _csv(path: Path, content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise UnreadableFile(str(path), "", f"byte {failure.start} that is not UTF-8", ALLOWED) from None
    first = text.partition("\n")[0]
    comma = ";" if first.count(";") > first.count(",") else ","
    try:
        read = csv.reader(_lines(path, text), delimiter=comma, strict=True)
        return _limited(path, list(islice(read, MOST_ROWS + 1)))
    except csv.Error as failure:
        raise UnreadableFile(str(path), "", str(failure), ALLOWED) from None


def _lines(path: Path, text: str) -> Iterator[str]:
    """None of them longer than a row may be: of separators alone a reader makes cells of many times their size."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MOST_COLUMNS * LONGEST_CELL:
            raise BadValue(str(path), f"line {number}", f"{len(line)} characters", f"at most {MOST_COLUMNS * LONGEST_CELL}")
        yield line


def _xlsx(path: Path, content: bytes) -> list[list[str]]:
    """The first sheet. What it unpacks to is counted before anything is unpacked; no member may declare entities."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(member.file_size for member in packed.infolist())
            if size > LARGEST_bytes:
                raise UnreadableFile(str(path), "", f"{size} bytes when unpacked", f"at most {LARGEST_bytes}")
            if any(b"<!DOCTYPE" in packed.read(member) or b"<!ENTITY" in packed.read(member) for member in packed.infolist()):
                raise UnreadableFile(str(path), "", "a document type", "plain XLSX")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of them it need not keep
        rows = []
        for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1), 1):
            _narrow(path, number, len(row))
            rows.append([_cell(path, cell) for cell in row])
    except InputError:
        raise
    except Exception as failure:  # whatever openpyxl's readers of XML meet in a file that is none
        raise UnreadableFile(str(path), "", f"no XLSX ({type(failure).__name__})", ALLOWED) from None
    return _limited(path, rows)


def _narrow(path: Path, number: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise BadValue(str(path), f"row {number}", f"{columns} columns", f"at most {MOST_COLUMNS}")


def _cell(path: Path, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise BadValue(str(path), cell.coordinate, str(value), "a value: formulas are not computed")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _limited(path: Path, rows: list[list[str]]) -> list[list[str]]:
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(str(path), "", f"more than {MOST_ROWS} rows", f"at most {MOST_ROWS}")
    for number, row in enumerate(rows, 1):
        _narrow(path, number, len(row))
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise BadValue(
                str(path), f"row {number}", f"a cell longer than {LONGEST_CELL}", f"at most {LONGEST_CELL} characters"
            )
    return rows


def _write_xlsx(path: Path, columns: Sequence[str], rows: list[list[str]]) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"

    def text(value: str) -> Any:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell

    for row in [list(columns), *rows]:
        sheet.append([text(value) for value in row])
    with path.open("wb") as file:
        book.save(file)
