"""Figures for a paper: `baiterek figures RUN`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baiterek.errors import InputError
from baiterek.reports.figures.draw import drawable, look, paint
from baiterek.reports.language import Words
from baiterek.study.folder import check_writable
from baiterek.study.results import MissionResult, read

FORMATS: dict[str, dict[str, Any]] = {
    # No dates and no names of programs: the same run gives the same bytes.
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None, "Producer": None, "Creator": None}},
    "png": {"metadata": {"Software": None}, "dpi": 300},
}


def figures(run: Path, form: str, only: Sequence[str], words: Words, out: Path | None) -> list[Path]:
    """Write figures of a results folder, all or those named in `only`; returns the files.

    They go to `out`, or to `figures/` in the results folder. In another language than English the file says so.
    """
    if form not in FORMATS:
        raise InputError("--format", "", form, ", ".join(FORMATS))
    result = read(run)
    names = _wanted(result, only)
    folder = run / "figures" if out is None else out
    check_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if words.language == "en" else f"-{words.language}"
    files = [folder / f"{name}{suffix}.{form}" for name in names]
    with look(result):
        for name, file in zip(names, files):
            # In memory first: an interruption leaves a whole file or none.
            data = io.BytesIO()
            paint(result, name, words)[0].savefig(data, format=form, **FORMATS[form])
            file.write_bytes(data.getvalue())
    return files


def _wanted(result: MissionResult, only: Sequence[str]) -> list[str]:
    """The names asked for, in the order of the report."""
    names = drawable(result)
    if not names:
        raise InputError(str(result.folder), "", "a run without a trajectory", "a run that has one")
    for name in only:
        if name not in names:
            raise InputError("--only", "", name, ", ".join(names))
    return [name for name in names if not only or name in only]
