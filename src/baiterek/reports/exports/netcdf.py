"""The columns as NetCDF 4 with attributes of the CF conventions 1.11."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from baiterek.history import attributes
from baiterek.reports.exports.states import lift_off
from baiterek.study.results import Columns, MissionResult

UNITS = {"deg": "degree", "m/s": "m s-1", "m/s2": "m s-2", "W/m2": "W m-2"}
"""As UDUNITS, which CF follows, prefers them."""

CF = {
    "latitude_deg": {"standard_name": "latitude", "units": "degrees_north"},
    "longitude_deg": {"standard_name": "longitude", "units": "degrees_east"},
    "altitude_m": {"standard_name": "height_above_reference_ellipsoid", "axis": "Z", "positive": "up"},
}
PLACE = ("latitude_deg", "longitude_deg", "altitude_m")


class Variable(NamedTuple):
    """A column along a dimension."""

    dimension: str
    values: NDArray[Any]
    attributes: dict[str, Any]


def write_netcdf(result: MissionResult, path: Path) -> None:
    """The ascent along `obs`; all falls along `fall_obs`, each column as `fall_<column>`, the body by number in `fall_body`.

    A separation has two rows at one instant, which a coordinate of CF may not: so the dimensions are plain counts.
    """
    summary = result.summary
    about = {
        "Conventions": "CF-1.11",
        "title": summary["title"],
        "source": f"Baiterek {result.provenance['version']}: a planned flight",
        "history": f"{result.provenance['computed_utc']} computed",
        "comment": "Each variable names its frame. Latitudes are geodetic.",
        "mission": summary["mission"],
        "run": result.hash,
        "lift_off": summary["lift_off"] or "no date",
    }
    variables = dict(_along("obs", "", result.trajectory, result))
    variables["phase"].attributes.update(_flags(summary["phases"]))
    if result.falls:
        names = next(iter(result.falls.values()))
        stacked = {name: np.concatenate([columns[name] for columns in result.falls.values()]) for name in names}
        variables |= _along("fall_obs", "fall_", stacked, result)
        number = np.repeat(np.arange(len(result.falls)), [len(columns["t_s"]) for columns in result.falls.values()])
        variables["fall_body"] = Variable("fall_obs", number, {"long_name": "falling body", **_flags(list(result.falls))})
    _write(path, about, variables)


def _write(path: Path, about: Mapping[str, Any], variables: Mapping[str, Variable]) -> None:
    import h5netcdf

    with h5netcdf.File(path, "w") as file:
        file.attrs.update(about)
        file.dimensions = {variable.dimension: len(variable.values) for variable in variables.values()}
        for name, variable in variables.items():
            written = file.create_variable(name, (variable.dimension,), data=variable.values)
            written.attrs.update(variable.attributes)


def _along(dimension: str, prefix: str, columns: Columns, result: MissionResult) -> Iterator[tuple[str, Any]]:
    """Columns with what CF wants to know of them, and for a dated mission UTC as CF counts it."""
    time = "t_s"
    if result.summary["lift_off"] is not None:
        time = "time"
        since = f"seconds since {lift_off(result).replace(tzinfo=None).isoformat(' ')}"
        words = {"standard_name": "time", "long_name": "UTC", "units": since, "calendar": "standard", "axis": "T"}
        yield f"{prefix}time", Variable(dimension, columns["t_s"], words)
    coordinates = " ".join(prefix + name for name in (time, *PLACE))
    for name, column in columns.items():
        about = attributes(name)
        if "units" in about:
            about["units"] = UNITS.get(about["units"], about["units"])
        about |= CF.get(name, {})
        if name not in (*PLACE, time):
            about["coordinates"] = coordinates
        yield prefix + name, Variable(dimension, np.asarray(column), about)


def _flags(names: list[str]) -> dict[str, Any]:
    """Numbers in words, as CF has them: blanks inside a name become underscores."""
    words = " ".join(name.replace(" ", "_") for name in names)
    return {"flag_values": np.arange(len(names), dtype=np.int32), "flag_meanings": words}
