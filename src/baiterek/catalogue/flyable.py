"""What a mission file may ask that the optimiser does not fly yet: refused, never left out in silence."""

from __future__ import annotations

from baiterek.catalogue.mission import Mission

FLOWN = "not flown yet: the optimiser takes the vehicle's own stages to one orbit; 'baiterek check' explains the file"


def beyond_the_optimiser(mission: Mission) -> dict[str, str]:
    """Key of the mission file -> what it asks, for all that only `baiterek check` can deal with."""
    found = {}
    if mission.upper_stage is not None:
        found["upper_stage"] = mission.upper_stage.name
    return found
