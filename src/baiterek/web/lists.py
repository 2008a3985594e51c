"""The list: filtered, sorted, cut into pages, and taken away as CSV or XLSX. One template shows them all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from baiterek.campaign.rows.entities import as_row
from baiterek.campaign.rows.listing import Asked, Found
from baiterek.campaign.sheets import MOST_ROWS, guarded, write_table
from baiterek.errors import BadValue
from baiterek.reports.language import Words
from baiterek.web.visit import Visit

PER_PAGE = 50
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
MANY_PAGES = 1_000_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Cell(NamedTuple):
    """What stands in a cell of a page."""

    text: Any
    href: str = ""
    tone: str = ""
    """good, bad or empty."""
    note: str = ""
    """Smaller, below."""
    mark: str = ""
    """In capitals beside it: EXAMPLE, BROKEN."""
    load: str = ""
    """Where to fetch the cell from, when it takes a while to know."""


class Column(NamedTuple):
    """A column of a page. A table that is taken away has the fields of the row instead, as they are stored."""

    key: str
    """Of the heading's link, by which the list is sorted."""
    title: str
    cell: Callable[[Any], Cell]
    sorts: bool = True


class Choice(NamedTuple):
    """A filter with the values that there are."""

    key: str
    title: str
    values: Mapping[str, str]
    """Stored value -> how it is shown."""


class Listing(NamedTuple):
    """A list: where it is, how it is called, its columns and filters."""

    path: str
    title: str
    columns: Sequence[Column]
    choices: Sequence[Choice] = ()
    row: Callable[[Any], Mapping[str, Any]] = as_row
    """The fields of a row, for a table that is taken away."""
    kept: Mapping[str, str] = {}
    """Further parameters of the address that every link keeps."""


class Wanted(NamedTuple):
    """What the address asks of a list."""

    text: str
    sort: str
    descending: bool
    number: int
    form: str
    query: Mapping[str, str]

    def asked(self, choices: Sequence[Choice]) -> Asked:
        """For the database: a page of it, or all of it where a table is taken away."""
        where = {}
        for choice in choices:
            value = self.query.get(choice.key, "")
            if value and value not in choice.values:
                raise BadValue(choice.key, "", value, ", ".join(choice.values) or "nothing")
            if value:
                where[choice.key] = value
        start, most = ((self.number - 1) * PER_PAGE, PER_PAGE) if self.form == "page" else (0, None)
        return Asked(self.text, where, self.sort, self.descending, start, most)


def wanted(
    request: Request,
    q: Annotated[str, Query(max_length=200, pattern=PRINTABLE, description="A text somewhere in the row.")] = "",
    sort: Annotated[str, Query(max_length=60, pattern=r"^-?[a-z_]*$", description="A column; -column: the other way.")] = "",
    page: Annotated[int, Query(ge=1, le=MANY_PAGES)] = 1,
    form: Annotated[
        Literal["page", "print", "csv", "xlsx"], Query(description="As a page, all on one page, as a table.")
    ] = "page",
) -> Wanted:
    """The parameters that every list has."""
    return Wanted(q, sort.lstrip("-"), sort.startswith("-"), page, form, dict(request.query_params))


List = Annotated[Wanted, Depends(wanted)]


def listed(
    visit: Visit, listing: Listing, wanted: Wanted, find: Callable[[Asked], Found], template: str = "list.html", **context: Any
) -> Response:
    """A list as a page, or taken away as a table."""
    found = find(wanted.asked(listing.choices))
    if wanted.form not in ("page", "print"):
        return table(listing, found.rows, wanted.form)
    shown: dict[str, Any] = {
        "listing": listing,
        "wanted": wanted,
        "rows": [[column.cell(row) for column in listing.columns] for row in found.rows],
        "heads": [(column, _sorted(listing, wanted, column)) for column in listing.columns],
        "total": found.total,
        "pages": 1 if wanted.form == "print" else max(1, -(-found.total // PER_PAGE)),
        "address": lambda **changed: address(listing, wanted, **changed),
    }
    return visit.page(template, **shown, **context)


def moment(text: str) -> Cell:
    """A date with its time below, if it has one."""
    day, _, time = text.partition("T")
    return Cell(day, note=f"{time.rstrip('Z')} UTC" if time else "")


def source(words: Words, text: str) -> Cell:
    """Where something is from: its first address as a link, with all that is said below."""
    url = next((word.rstrip(";,") for word in text.split() if word.startswith("https://")), "")
    return Cell(words("source") if url else words.said(text), url, note=words.said(text) if url else "")


def table(listing: Listing, rows: Iterable[Any], form: str) -> Response:
    """Rows as CSV, written while it is sent, or as XLSX; nothing in it is taken for a formula."""
    name = listing.path.strip("/").replace("/", "-") or "list"
    texts = ([_plain(value) for value in listing.row(row).values()] for row in rows)
    columns = _fields(listing, rows)
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        return StreamingResponse(_csv(columns, texts), media_type="text/csv; charset=utf-8", headers=headers)
    kept = list(texts)
    if len(kept) > MOST_ROWS:
        raise BadValue("form", "", f"xlsx of {len(kept)} rows", f"csv, or a filter that leaves at most {MOST_ROWS}")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        write_table(file, columns, kept)
        return Response(file.read_bytes(), media_type=XLSX_TYPE, headers=headers)


def address(listing: Listing, wanted: Wanted, **changed: Any) -> str:
    """The address of this list with something changed; a page number is forgotten unless it is what changes."""
    known = {choice.key for choice in listing.choices} | {"q", "sort"}
    query = {**listing.kept, **{k: v for k, v in wanted.query.items() if k in known}, **changed}
    return f"{listing.path}?{urlencode({k: v for k, v in query.items() if v not in ('', None)})}"


def _sorted(listing: Listing, wanted: Wanted, column: Column) -> tuple[str, str]:
    """Where a heading leads, and how the list is sorted by it now."""
    if not column.sorts:
        return "", ""
    now = ("descending" if wanted.descending else "ascending") if wanted.sort == column.key else ""
    return address(listing, wanted, sort=f"-{column.key}" if now == "ascending" else column.key), now


def _fields(listing: Listing, rows: Iterable[Any]) -> list[str]:
    first = next(iter(rows), None)
    return list(listing.row(first)) if first is not None else [column.key for column in listing.columns]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "\ufeff"
    for row in [columns], rows:
        for cells in row:
            line = io.StringIO()
            csv.writer(line).writerow([guarded(cell) for cell in cells])
            yield line.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else "" if value is None else str(value)
