"""A deorbited upper stage among what comes down on a nominal flight: for the areas that notices close."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from baiterek.catalogue.upper_hazard_file import hazards_of
from baiterek.flight import Executor
from baiterek.history import Fall
from baiterek.safety.closures import kinds_of
from baiterek.safety.deorbit import Aimed, Missed
from baiterek.study.deorbit import aimed, deorbit_falls
from baiterek.study.dispersed import dispersed
from baiterek.study.fallout import QUICK, Body, Fallout


def with_deorbit(found: Fallout, guidance: str, *, seed: int = 1, workers: int = 1) -> Fallout:
    """The same with the upper stage, where it is deorbited into a zone; where it reaches none a note says so."""
    mission = found.mission
    if mission.upper_stage is None:
        return found
    assert found.flight is not None
    executor = Executor(workers)
    aim = aimed(mission, found.flight, executor)
    if aim is None:
        return found
    if isinstance(aim, Missed):
        said = f"{mission.upper_stage.name}: no pass over {aim.zone.name} within {aim.until_s / 3600.0:.1f} h of the release."
        return replace(found, notes=(*found.notes, said))
    columns = found.columns
    if columns is None:
        columns = dispersed(mission, found.flight.steering, QUICK, seed, guidance, executor)
    event = deorbit_falls(mission, hazards_of(mission), aim, columns, 1.0, seed=seed, executor=executor)
    broken = {f"{event.cause}: {piece.name}" for piece in aim.pieces}
    kinds = tuple(kind for kind in kinds_of(event, mission.environment) if kind.name in broken)
    body = Body(event.cause, 1, aim.after_kg, _fall(event.cause, aim), aim.last_s, kinds, aim.first_s)
    return replace(found, bodies=(*found.bodies, body))


def _fall(name: str, aim: Aimed) -> Fall:
    """Of the heaviest class, which comes down first."""
    first = min(aim.pieces, key=lambda piece: piece.t_s)
    place = float(np.degrees(first.latitude_rad)), float(np.degrees(first.longitude_rad))
    return Fall(name, 1, aim.after_kg, {}, True, *place, first.t_s)
