"""Which formats there are, which of them a run can be written in, and writing them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from baiterek.errors import BadValue
from baiterek.reports.language import later
from baiterek.study.folder import check_writable, written_whole
from baiterek.study.results import MissionResult

FOLDER = "exports"
"""Where they stand in a results folder."""


class Export(NamedTuple):
    """A format: the file that it makes, what it holds, and which function writes it."""

    file: str
    holds: str
    writer: str
    needs_date: bool = False

    def write(self, result: MissionResult, path: Path) -> list[Path]:
        """Write it (the library of a format is loaded here); returns the files that were written, `path` first."""
        module, _, function = self.writer.partition(":")
        writer: Callable[[MissionResult, Path], list[Path] | None]
        writer = getattr(import_module(f"baiterek.reports.exports.{module}"), function)
        return writer(result, path) or [path]

    def why_not(self, result: MissionResult) -> str:
        """Why there is none of this run; empty when there can be one."""
        if not result.trajectory:
            return f"No {self.holds}: there is no trajectory."
        if self.needs_date and result.summary["lift_off"] is None:
            return f"No {self.holds}: the mission has no date, so its axes have no orientation among the stars."
        return ""


FORMATS = {
    "oem": Export("trajectory.oem", later("ephemeris"), "oem:write_oem", needs_date=True),
    "opm": Export("insertion.opm", later("state at insertion"), "opm:write_opm", needs_date=True),
    "czml": Export("flight.czml", later("moving scene"), "czml:write_czml", needs_date=True),
    "kml": Export("flight.kml", later("places for a globe"), "kml:write_kml"),
    "geojson": Export("flight.geojson", later("places for a map"), "geojson:write_geojson"),
    "csv": Export("trajectory.csv", later("tables"), "tables:write_csv"),
    "netcdf": Export("flight.nc", later("arrays"), "netcdf:write_netcdf"),
}


class Written(NamedTuple):
    """What `write_exports` did."""

    files: dict[str, list[Path]]
    """Format -> what was written."""
    missing: dict[str, str]
    """Format -> why there is none."""


def write_exports(result: MissionResult, folder: Path) -> Written:
    """Write every format that the run allows into `folder`."""
    missing = {name: reason for name, form in FORMATS.items() if (reason := form.why_not(result))}
    files: dict[str, list[Path]] = {}
    for name in [name for name in FORMATS if name not in missing]:
        folder.mkdir(exist_ok=True)
        files[name] = FORMATS[name].write(result, folder / FORMATS[name].file)
    return Written(files, missing)


def export(result: MissionResult, name: str, path: Path | None = None) -> list[Path]:
    """Write one format, by default beside the run's other exports; returns the files that were written.

    Raises `InputError` in one line: an unknown format, a run that has none, a place that cannot be written.
    """
    if name not in FORMATS:
        raise BadValue("export", "format", name, ", ".join(FORMATS))
    form = FORMATS[name]
    reason = form.why_not(result)
    if reason:
        raise BadValue(str(result.folder), "lift_off" if result.trajectory else "trajectory", reason, "a run that has it")
    if path is None:
        assert result.folder is not None
        path = result.folder / FOLDER / form.file
    check_writable(path.parent)
    return written_whole(path, lambda place: form.write(result, place))
