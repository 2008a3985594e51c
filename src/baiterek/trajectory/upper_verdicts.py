"""What an upper stage must keep, measured on the re-integrated flight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from baiterek.catalogue.burns import burns_of, disposal_burns, disposal_of
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import Sequence
from baiterek.constants import PROTECTED_LEO_ALTITUDE_M
from baiterek.physics.orbit import elements_from_state
from baiterek.trajectory.paths import Guess
from baiterek.trajectory.reintegration import Track
from baiterek.trajectory.upper_limits import disposal_s, residual_speed, tanks_dropped

Row = tuple[str, str, float, float, bool]
"""Name, unit, value, limit, and whether the limit is a lowest one."""


def upper_verdicts(mission: Mission, plan: Sequence, tracks: list[Track], guess: Guess) -> Iterator[Row]:
    """One row a limit."""
    stage = mission.upper_stage
    assert stage is not None and guess.elements is not None
    radius, mu = float(mission.environment.radius_m), float(mission.environment.mu_m3_s2)
    first = next(k for k, phase in enumerate(plan.phases) if phase.vacuum)
    asked, left_on = mission.burns, elements_from_state(*tracks[first].states[:6, 0], mu)
    perigee, apogee = float(left_on.perigee_radius_m) - radius, float(left_on.apogee_radius_m) - radius
    yield "launcher_perigee_max_m", "m", perigee, asked.launcher_perigee_max_m, False
    yield "launcher_apogee_max_m", "m", apogee, asked.launcher_apogee_max_m, False
    yield "first_coast_max_s", "s", float(np.ptp(tracks[first].t_s)), asked.first_coast_s[1], False
    burns = [k for k in range(first, len(plan.phases)) if plan.phases[k].stage]
    lowest = _lowest(tracks, [first, *burns], radius)
    yield "separation_altitude_min_m", "m", lowest, asked.separation_altitude_min_m, True
    coasts = [k for k in range(first + 1, len(plan.phases)) if plan.phases[k].coast]
    if coasts:
        lowest = _lowest(tracks, coasts, radius)
        yield "coast_altitude_min_m", "m", lowest, asked.coast_altitude_min_m, True
        shortest = min(float(np.ptp(tracks[k].t_s)) for k in coasts)
        yield "upper_stage coast_min_s", "s", shortest, float(stage.coast_min_s), True
    shortest = min(float(np.ptp(tracks[k].t_s)) for k in burns)
    yield "upper_stage burn_min_s", "s", shortest, float(stage.burn_min_s), True
    life = tracks[-1].t_s[-1] - tracks[first].t_s[0] + float(disposal_s(mission, guess.elements))
    yield "upper_stage life_s", "s", life, float(stage.life_s), False
    if disposal_of(mission) == "lower":
        yield "storage_perigee_min_m", "m", float(guess.elements[0]) - radius, PROTECTED_LEO_ALTITUDE_M, True
    lit = burns_of(mission) + disposal_burns(mission)
    yield "upper_stage ignitions", "", float(lit), float(stage.ignitions), False
    dropped = tanks_dropped(mission, plan)
    if stage.drop_tanks is not None and dropped is not None:
        spent = sum(float(tracks[k].states[6, 0] - tracks[k].states[6, -1]) for k in range(first, dropped + 1))
        load = float(stage.drop_tanks.propellant_kg)
        yield "upper_stage drop tanks", "kg", spent, load, True
    wanted = mission.target.speed_to_geo_m_s if mission.target is not None else None
    if wanted is not None:
        speed = float(residual_speed(mission, guess.elements))
        yield "speed_to_geo_m_s", "m/s", speed, float(wanted.high), False


def timed(plan: Sequence, name: str) -> tuple[int, list[int]]:
    """Which end of the durations of which phases a limit is; none where it is no limit on time."""
    first = next((k for k, phase in enumerate(plan.phases) if phase.vacuum), len(plan.phases))
    later = range(first + 1, len(plan.phases))
    if name == "first_coast_max_s":
        return 1, [first]
    if name == "upper_stage coast_min_s":
        return 0, [k for k in later if plan.phases[k].coast]
    return 0, [k for k in later if plan.phases[k].stage] if name == "upper_stage burn_min_s" else []


def _lowest(tracks: list[Track], phases: list[int], radius_m: float) -> float:
    """Lowest altitude of some phases above the equatorial radius."""
    return min(float(np.linalg.norm(tracks[k].states[:3], axis=0).min()) for k in phases) - radius_m
