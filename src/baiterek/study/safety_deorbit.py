"""Of a safety case: where the upper stage comes down when its disposal works, how far about, and who lives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baiterek.catalogue.exposure_file import Exposure
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.flight import Executor
from baiterek.history import Array, History
from baiterek.safety.deorbit import Aimed, Missed
from baiterek.safety.footprint import Footprint, footprint
from baiterek.safety.landing import Points
from baiterek.safety.presence import presence
from baiterek.safety.risk import Event, assess
from baiterek.study.deorbit import aimed, deorbit_falls, in_orbit
from baiterek.study.ground_under import ground_under
from baiterek.study.reentry import FAILS


@dataclass(frozen=True)
class Deorbit:
    """A planned deorbit, and what it is worth if it works."""

    found: Aimed | Missed
    event: Event | None = None
    """None: no zone is reached, so that nothing is lit."""
    prints: tuple[Footprint, ...] = ()
    people: float = 0.0
    """Who live in the rectangle of latitudes and longitudes that holds every impact point."""
    casualties: float = 0.0
    """To be expected, with the probability that the disposal works."""
    reached: int = 0
    """Dispersed flights that reached their orbit, whose insertions are followed."""
    flights: int = 0


def deorbit_of_case(
    mission: Mission,
    flight: History,
    hazards: Hazards,
    columns: Mapping[str, Array],
    exposure: Exposure,
    night: bool,
    *,
    seed: int,
    executor: Executor,
) -> Deorbit | None:
    """The deorbit of a flown mission; None where no upper stage is deorbited."""
    found = aimed(mission, flight, executor)
    if found is None or isinstance(found, Missed):
        return None if found is None else Deorbit(found)
    event = deorbit_falls(mission, hazards, found, columns, 1.0 - FAILS, seed=seed, executor=executor)
    below = ground_under([event], exposure)
    risk = assess(below, [event], presence(below, exposure, float(night)))
    reached, flown = len(in_orbit(mission, found, columns)), len(columns["insertion.t_s"])
    return Deorbit(found, event, prints_of(mission, event), float(below.people.sum()), risk.collective, reached, flown)


def prints_of(mission: Mission, event: Event) -> tuple[Footprint, ...]:
    """The footprint of each class of an event."""
    found = []
    for piece in event.pieces:
        at = piece.footprint
        if isinstance(at, Points) and len(at.latitude_rad) > 1:
            name = piece.name if piece.name.startswith(event.cause) else f"{event.cause}: {piece.name}"
            found.append(footprint(name, at.latitude_rad, at.longitude_rad, mission.environment))
    return tuple(found)


def with_deorbit(reentry: Mapping[str, Any] | None, deorbit: Deorbit | None) -> dict[str, Any] | None:
    """What stays in orbit, with the casualties of a disposal that works added to those of one that fails."""
    if reentry is None:
        return None
    if deorbit is None or deorbit.event is None:
        return dict(reentry)
    casualties = reentry["casualties"] + deorbit.casualties
    return {**reentry, "casualties": casualties, "holds": casualties <= reentry["limit"], "works": deorbit.casualties}
