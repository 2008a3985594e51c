"""What a mission file may ask that the optimiser does not fly yet: refused, never left out in silence."""

from __future__ import annotations

from baiterek.catalogue.mission import Mission

FLOWN = "not flown yet: the optimiser takes it with an upper stage only; 'baiterek check' explains the file"


def beyond_the_optimiser(mission: Mission) -> dict[str, str]:
    """Key of the mission file -> what it asks, for all that only `baiterek check` can deal with."""
    found = {}
    target = mission.target
    if target is not None and target.escape is not None and mission.upper_stage is None:
        found["target.c3_m2_s2"] = "an escape"
    if target is not None and target.speed_to_geo_m_s is not None and mission.upper_stage is None:
        found["target.speed_to_geo_m_s"] = "a residual speed"
    return found
