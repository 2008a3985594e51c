"""Draw everything that a results folder shows, from what it holds."""

from __future__ import annotations

from pathlib import Path

from baiterek.reports.exports import FOLDER, write_exports
from baiterek.reports.figures import draw
from baiterek.reports.language import language
from baiterek.reports.report import write_report
from baiterek.study.results import read


def render(folder: Path) -> None:
    """Add `figures/*.svg`, `exports/` and `report.html` to the results folder."""
    result = read(folder)
    drawn = draw(result, folder / "figures", language())
    missing = write_exports(result, folder / FOLDER).missing
    ephemeris = missing.get("oem", "")
    write_report(result, {name: figure.svg for name, figure in drawn.items()}, ephemeris, folder / "report.html")
