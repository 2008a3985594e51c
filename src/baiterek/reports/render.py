"""Draw everything that a results folder shows, from what it holds."""

from __future__ import annotations

from pathlib import Path

from baiterek.reports.figures import draw
from baiterek.reports.language import language
from baiterek.reports.oem import write_oem
from baiterek.reports.report import write_report
from baiterek.study.results import read


def render(folder: Path) -> None:
    """Add `figures/*.svg`, `trajectory.oem` (for a dated flight) and `report.html` to the results folder."""
    result = read(folder)
    drawn = draw(result, folder / "figures", language())
    ephemeris = write_oem(result, folder / "trajectory.oem")
    write_report(result, {name: figure.svg for name, figure in drawn.items()}, ephemeris, folder / "report.html")
