"""Draw everything that a results folder shows, from what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from baiterek.errors import InputError
from baiterek.reports.content import Content
from baiterek.reports.corridors import TABLE, composed_corridors
from baiterek.reports.exports import FOLDER, FORMATS, write_exports
from baiterek.reports.figures import draw, linked_script
from baiterek.reports.garbage import no_collection
from baiterek.reports.language import language, later
from baiterek.reports.monte_carlo import composed_flights
from baiterek.reports.pdf import ABSENT, as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.reports.safety import composed_safety
from baiterek.reports.sections import TITLES, compose
from baiterek.study.folder import written_whole
from baiterek.study.monte_carlo import FLIGHTS
from baiterek.study.results import MissionResult, read
from baiterek.study.safety_files import IMPACTS

KINDS = (".html", ".pdf")
STORED_FILES = (
    (later("answer and everything said of the run"), "result.json"),
    (later("trajectory"), "trajectory.parquet"),
    (later("optimum, re-integrated"), "optimum.parquet"),
    (later("falls"), "falls.parquet"),
    (later("mission as it was given"), "mission.toml"),
    (later("mission as it was read"), "mission-resolved.json"),
)


class Composed(NamedTuple):
    """A report before it is a page or a PDF."""

    content: Content
    figures: Mapping[str, str]
    script: str
    """What marks one instant in every figure of the page."""

    def as_file(self, kind: str) -> bytes:
        """The bytes of a file that ends in `kind`."""
        if kind == ".pdf":
            return as_pdf(self.content, self.figures)
        return as_page(self.content, self.figures, self.script).encode()


@no_collection()
def render(folder: Path, language_name: str = "en") -> None:
    """Add `figures/*.svg`, `exports/`, `report.html` and, with Typst, `report.pdf` to the results folder."""
    result = read(folder)
    write_exports(result, folder / FOLDER)
    composed = _composed(result, folder / "figures", language_name, folder)
    for kind in KINDS:
        if kind == ".html" or pdf_can_be_made():
            (folder / f"report{kind}").write_bytes(composed.as_file(kind))


@no_collection()
def report(folder: Path, language_name: str = "en", out: Path | None = None) -> list[Path]:
    """The report of a stored run again, in a language; nothing is computed. Returns the files written.

    Without `out` they stand in the folder, `report-ru.html` and `report-ru.pdf` for Russian; the ending of `out`
    says which of the two is wanted.
    """
    if out is not None and out.suffix not in KINDS:
        raise InputError("--out", "", str(out), "a file that ends in " + " or ".join(KINDS))
    if out is not None and out.suffix == ".pdf" and not pdf_can_be_made():
        raise InputError("--out", "", str(out), f"a file that ends in .html ({ABSENT})")
    name = "report" if language_name == "en" else f"report-{language_name}"
    kinds = KINDS if pdf_can_be_made() else KINDS[:1]
    files = [out] if out is not None else [folder / f"{name}{kind}" for kind in kinds]
    with TemporaryDirectory() as scratch:
        if (folder / IMPACTS).exists():
            made = composed_safety(folder, language_name, Path(scratch))
        elif (folder / TABLE).exists():
            made = composed_corridors(folder, language_name, Path(scratch))
        elif (folder / FLIGHTS).exists():
            made = composed_flights(folder, language_name, Path(scratch))
        else:
            beside = folder if files[0].absolute().parent == folder.absolute() else None
            composed = _composed(read(folder), Path(scratch) / "figures", language_name, beside)
            made = {file.suffix: composed.as_file(file.suffix) for file in files}
    for file in files:
        written_whole(file, partial(_write, made[file.suffix]))
    return files


def _write(made: bytes, file: Path) -> list[Path]:
    file.write_bytes(made)
    return [file]


def _composed(result: MissionResult, folder: Path, language_name: str, beside: Path | None) -> Composed:
    """The report of a result; its figures are left in `folder`, and it names the files of `beside`, where it will stand."""
    words = language(language_name)
    drawn = draw(result, folder, words)
    captions = {name: words(TITLES[name]) for name in drawn}
    script = linked_script(result, words, {name: figure.link for name, figure in drawn.items()})
    figures = {name: figure.svg for name, figure in drawn.items()}
    content = compose(result, captions, FORMATS["oem"].why_not(result), words, _files(beside))
    return Composed(content, figures, script)


def _files(folder: Path | None) -> list[tuple[str, str]]:
    """What each file of a results folder holds, and its path within."""
    exports = [(export.holds, f"{FOLDER}/{export.file}") for export in FORMATS.values()]
    named = [*STORED_FILES, *exports]
    return [] if folder is None else [(holds, path) for holds, path in named if (folder / path).exists()]
