"""The walk: from a mission file to a results folder. Every verb is this walk cut short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.history import History
from baiterek.study.folder import check_writable
from baiterek.study.provenance import provenance
from baiterek.study.results import MissionResult, columns_of, save
from baiterek.study.summary import summary

Say = Callable[[str], None]
Render = Callable[[Path], None]
VERBS = ("optimise", "fly", "plan")


def run(
    of: Mission | Path, verb: str = "plan", out: Path | None = None, render: Render | None = None, say: Say | None = None
) -> tuple[MissionResult, Path | None]:
    """The result of `verb` on a mission or its file, and its folder under `out` (None: nothing is written)."""
    say = say or _silent
    mission = of if isinstance(of, Mission) else load_mission(of)
    if out is not None:
        check_writable(out)
    from baiterek.trajectory import optimise

    say("optimising")
    optimum = optimise(mission, progress=say)
    flight: History | None = None
    if verb != "optimise" and optimum.steering is not None and "fly" in mission.compute:
        from baiterek.flight import simulate

        say("flying")
        flight = simulate(mission, optimum.steering)
    result = MissionResult(
        summary(mission, optimum, flight, _disposal(mission, optimum, flight, say)),
        provenance(mission, verb),
        columns_of(flight or optimum.history),
        columns_of(optimum.history if flight else None),
        {fall.name: fall.columns for fall in (flight.falls if flight else ())},
    )
    if out is None:
        return result, None
    say("writing")
    return result, save(result, mission, out, render)


def _disposal(mission: Mission, optimum: Any, flight: History | None, say: Say) -> dict[str, Any] | None:
    """Where the spent stage of a plan comes down."""
    if flight is None or optimum.status != "converged" or mission.upper_stage is None:
        return None
    from baiterek.study.deorbit import aimed, deorbit_document

    say("aiming the disposal")
    return deorbit_document(aimed(as_flown(mission, optimum.steering), flight))


def _silent(_: str) -> None:
    """Say nothing."""
