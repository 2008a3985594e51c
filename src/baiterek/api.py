"""What `import baiterek` offers: the command line's walk as functions, each returning a record.

    mission = baiterek.load("missions/soyuz5-leo.toml")
    optimum = baiterek.optimise(mission).require()
    flight = baiterek.fly(mission, optimum.steering)
    flight.history.to_xarray()

The heavy libraries are loaded by the function that needs them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import change_mission, load_mission
from baiterek.errors import BadValue

if TYPE_CHECKING:
    from baiterek.history import Steering
    from baiterek.study.difference import Difference
    from baiterek.study.flight import Flight
    from baiterek.study.monte_carlo import Flights
    from baiterek.study.results import MissionResult
    from baiterek.trajectory.optimum import Optimum

Say = Callable[[str], None]

__all__ = ["change", "compare", "export", "fly", "load", "monte_carlo", "optimise", "plan", "read"]


def load(path: str | Path, changes: Mapping[str, Any] | None = None) -> Mission:
    """The mission of a file, checked; bad input raises `baiterek.InputError` with one line.

    `changes` are other values for keys of the file, by dotted path and in any unit that a file may use:
    `load(path, {"limits.dynamic_pressure_kPa": 40.0})`. None takes a key away. They are checked as if they stood in
    the file.
    """
    return load_mission(path, changes)


def change(mission: Mission, changes: Mapping[str, Any]) -> Mission:
    """The same mission with other values, on top of the changes that it already has; see `load`.

    The file is read again, so every default and every check follows the new values.
    """
    return change_mission(mission, changes)


def optimise(mission: Mission, say: Say | None = None) -> Optimum:
    """The best way up, re-integrated from its own steering.

    A failure is a value with `status` and `advice`; `.require()` raises it. `say` is told what is being done.
    """
    with one_thread():
        from baiterek.trajectory import optimise as solve

        return solve(mission, progress=say)


def fly(mission: Mission, steering: Steering | None) -> Flight:
    """The flight of a steering in the simulator, with every falling body.

    `flight.history` has the columns, `flight.events`, `flight.orbit` and `flight.impacts` what is read off them.
    Raises `NotConverged` where there is no steering, or no flight.
    """
    from baiterek.errors import NotConverged
    from baiterek.flight import simulate
    from baiterek.study.flight import Flight

    if steering is None:
        raise NotConverged("there is no steering to fly: the optimum did not converge; its advice says why")
    return Flight(mission, simulate(mission, steering))


def plan(mission: Mission | str | Path, out: str | Path | None = "runs", say: Say | None = None) -> MissionResult:
    """The whole walk, as `baiterek plan` takes it: optimise, fly, and leave a results folder with a report.

    `result.folder` is where it lies, under `out`; with `out=None` nothing is written.
    """
    from baiterek.reports.render import render
    from baiterek.study import run

    parent = None if out is None else Path(out)
    with one_thread():
        of = mission if isinstance(mission, Mission) else Path(mission)
        result, folder = run(of, "plan", parent, render, say)
    return replace(result, folder=folder)


def monte_carlo(
    mission: Mission | str | Path,
    flights: int = 1000,
    *,
    seed: int | None = None,
    design: str = "random",
    guidance: str = "closed",
    workers: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    out: str | Path = "runs",
    say: Say | None = None,
) -> Flights:
    """Many dispersed flights of the optimum, as `baiterek monte-carlo` flies them: a folder with table, summary and report.

    `flights.summary` is the summary, `flights.columns("insertion.altitude_m")` reads columns of the table, one value a
    flight. `workers` are threads (default: as many as processors); a `scheduler` is a Dask scheduler's address.
    """
    from baiterek.reports.monte_carlo import render_flights
    from baiterek.study.monte_carlo import Asked, Flights
    from baiterek.study.monte_carlo import monte_carlo as fly_them

    of = mission if isinstance(mission, Mission) else load_mission(mission)
    asked = Asked(flights, of.seed if seed is None else seed, design, guidance=guidance)
    threads = workers or os.cpu_count() or 1
    with one_thread():
        summary, folder = fly_them(
            of, asked, Path(out), workers=threads, scheduler=scheduler, resume=resume, render=render_flights, say=say
        )
    return Flights(summary, folder)


def read(folder: str | Path) -> MissionResult:
    """A result back from its folder; nothing is computed."""
    from baiterek.study import read as read_folder

    return read_folder(Path(folder))


def export(run: MissionResult | str | Path, name: str, path: str | Path | None = None) -> list[Path]:
    """A stored run as `oem`, `opm`, `czml`, `kml`, `geojson`, `csv` or `netcdf`; returns the files that were written.

    They go to `path`, or into the run's `exports/`.
    """
    from baiterek.reports.exports import export as write_one

    return write_one(_stored(run), name, None if path is None else Path(path))


def compare(one: MissionResult | str | Path, other: MissionResult | str | Path) -> Difference:
    """What differs between two stored runs: `inputs`, `results`, `columns`, and whether they are `identical`."""
    from baiterek.study.difference import compare as differences

    return differences(_stored(one), _stored(other))


def _stored(run: MissionResult | str | Path) -> MissionResult:
    """A run that has a folder."""
    result = read(run) if isinstance(run, str | Path) else run
    if result.folder is None:
        raise BadValue(result.name, "", "a result that is not on disk", "a run with a folder: plan(mission, out=...)")
    return result


@contextmanager
def one_thread() -> Iterator[None]:
    """One BLAS thread for the solver, which loads its libraries here: its fronts are too small for more.

    Only where the caller has not said otherwise, and only while the solver runs.
    """
    said = os.environ.get("OMP_NUM_THREADS")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        yield
    finally:
        if said is None:
            del os.environ["OMP_NUM_THREADS"]
