"""What a report says, before it is a page or a PDF: sections of plain blocks, every text and number already written.

Both are set from these records and from nothing else, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MARKS = {"assumed": "†", "fit": "‡", "L": "§"}
"""Grade -> the sign that stands wherever a number of that grade is read."""


@dataclass(frozen=True)
class Cell:
    """A piece of text: `mark` is set above the line, `tone` is good, bad or soft, `kind` text or code."""

    text: str
    mark: str = ""
    tone: str = ""
    kind: str = "text"
    url: str = ""
    remark: str = ""
    """Smaller, after the text."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, and whether numbers stand under it."""

    title: str
    number: bool = False
    share: int = 0
    """Of the width of a PDF's table; 0: as wide as its widest cell."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under headings."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Pairs:
    """A label and what belongs to it, a line each."""

    rows: tuple[tuple[str, Cell], ...]
    kind: str = "pairs"


@dataclass(frozen=True)
class Bullets:
    """Sentences, a line each."""

    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Note:
    """A paragraph; `soft` in small grey letters, `advice` as a warning."""

    text: str
    tone: str = "soft"
    kind: str = "note"


@dataclass(frozen=True)
class Figures:
    """Drawings by name, `wide` ones a line each."""

    names: tuple[str, ...]
    wide: bool = False
    kind: str = "figures"


Block = Table | Pairs | Bullets | Note | Figures


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Answer:
    """The first thing that is read."""

    title: str
    value: Cell
    spread: str
    good: bool
    facts: tuple[tuple[str, Cell], ...]
    warnings: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Content:
    """A whole report."""

    language: str
    title: str
    subtitle: str
    answer: Answer
    sections: tuple[Section, ...]
    legend: str
    """What the marks mean."""
    footer: str
    hash: str
    run_label: str
    page_label: str
    """With `{n}` and `{of}` in it."""
    captions: Mapping[str, str]
    """Figure name -> its title."""
    stamp: str
    """When the run was computed, ISO 8601: the date of a PDF, so that the same run gives the same file."""
    contents: str = ""
    """Heading of a table of contents; none where it is empty."""


class Marks:
    """The marks of the numbers that were flown, by path and by kind."""

    def __init__(self, data: list[Mapping[str, Any]]) -> None:
        self._grades = {row["path"]: row["grade"] for row in data}

    def of(self, *paths: str) -> str:
        """The marks of these numbers together, each once."""
        found = {self._grades.get(path, "") for path in paths}
        return "".join(mark for grade, mark in MARKS.items() if grade in found)

    def ending(self, *ends: str, within: str = "") -> str:
        """The marks of every number whose path ends so, of one stage or of all."""
        return self.of(*(path for path in self._grades if path.endswith(ends) and path.startswith(within)))


def mark(grade: str) -> str:
    """The sign of a grade; empty for one that needs none."""
    return MARKS.get(grade, "")
