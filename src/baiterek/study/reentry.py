"""What a mission leaves in orbit, and the casualties to be expected when it comes down by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from baiterek.catalogue.burns import burns_of, disposal_of
from baiterek.catalogue.criteria_file import load_criteria
from baiterek.catalogue.document import names
from baiterek.catalogue.hazard_file import Hazards, load_hazards
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.upper_hazard_file import load_upper_hazards
from baiterek.errors import BadValue
from baiterek.safety.moments import dry_kg
from baiterek.safety.reentry import people_under, reentry_area

FAILS = 0.1
"""Probability that a planned disposal fails: ISO 24113 asks for at least 0.9 of success (quoted from memory)."""
RULE = "nasa-8719.14c"


def reentry(
    of: Mission | Path,
    area_m2: float | None = None,
    fails: float = FAILS,
    criteria: str = RULE,
    inclination_rad: float | None = None,
) -> dict[str, Any]:
    """Of the stage that reaches the target: casualties if it comes down uncontrolled, and with the chance that it does.

    `area_m2` is the casualty area of what reaches the ground; without it, that of the pieces that the hazards of the
    vehicle or of the upper stage list. Nothing is flown: the inclination is that of the target, where none is given. Drop
    tanks are left on an orbit before the last, under which they come down whether the stage is disposed of or not.
    """
    mission = of if isinstance(of, Mission) else load_mission(of)
    if not 0.0 <= fails <= 1.0:
        raise BadValue("command line", "--fails", fails, "0 to 1")
    if area_m2 is not None and not (np.isfinite(area_m2) and area_m2 > 0.0):
        raise BadValue("command line", "--area", area_m2, "a casualty area above 0, in m2")
    where = mission.file or mission.name
    upper = mission.upper_stage
    body = mission.vehicle.stages[-1].name if upper is None else upper.name
    target = mission.target
    if target is None or target.escape is not None:
        raise BadValue(where, "target", "no orbit about the Earth", "a target orbit, from which something can come down")
    asked = target.inclination_rad
    if inclination_rad is None and (asked.low is None or asked.low != asked.high):
        raise BadValue(where, "target.inclination", "a range, or nothing", "one inclination; or give it: --inclination DEG")
    inclination = float(asked.low if inclination_rad is None else inclination_rad)
    disposal = "none" if upper is None else disposal_of(mission)
    chance = fails if disposal in ("deorbit", "lower", "graveyard") else 1.0
    area, source = (area_m2, "given") if area_m2 is not None else (_listed(mission, body), "listed")
    behind = _left_behind(mission) * area if area_m2 is None else 0.0
    density = people_under(inclination)
    limits = load_criteria(criteria).limits
    if "collective" not in limits:
        raise BadValue(criteria, "limits", ", ".join(limits), "collective among them: what a re-entry is held against")
    limit = limits["collective"]
    casualties = (chance * (area - behind) + behind) * density
    return {
        "mission": mission.name,
        "title": mission.title,
        "body": body,
        "inclination_deg": float(np.degrees(inclination)),
        "disposal": disposal,
        "casualty_area_m2": area,
        "area_is": source,
        "people_1_km2": 1e6 * density,
        "if_uncontrolled": area * density,
        "chance": chance,
        "tanks_area_m2": behind,
        "casualties": casualties,
        "limit": limit.value,
        "holds": casualties <= limit.value,
        "limit_source": limit.source.text,
        "largest_area_m2": behind + (limit.value / density - behind) / chance if chance else None,
    }


def _listed(mission: Mission, body: str) -> float:
    """The casualty area of a body's pieces by the hazards of its vehicle; of an upper stage as many times as it weighs."""
    stage = mission.upper_stage
    if stage is not None:
        pieces = load_upper_hazards(stage).breaks.pieces
        return reentry_area(pieces) * dry_kg(stage) / sum(piece.number * piece.mass_kg.value for piece in pieces)
    hazards: Hazards | None = load_hazards(mission.vehicle.name) if mission.vehicle.name in names("hazards") else None
    if hazards is None or body not in hazards.bodies:
        found = "nothing" if hazards is None else ", ".join(hazards.bodies)
        raise BadValue(f"hazards of {mission.vehicle.name}", "bodies", found, f"{body}; or give its casualty area: --area M2")
    return reentry_area(hazards.bodies[body].pieces)


def _left_behind(mission: Mission) -> float:
    """Part of an upper stage's dry mass that stays in orbit without it: tanks that are dropped before the last burn."""
    stage = mission.upper_stage
    if stage is None or stage.drop_tanks is None or burns_of(mission) < 2:
        return 0.0
    return float(stage.drop_tanks.dry_mass_kg) / dry_kg(stage)


def as_text(s: dict[str, Any]) -> str:
    """In the terminal."""
    how = {"none": "no disposal is flown", "reserve": "propellant is held back, no disposal is flown"}
    said = how.get(s["disposal"], f"disposal ({s['disposal']}) fails with a probability of {s['chance']:g} (assumed)")
    verdict = "holds" if s["holds"] else "NOT MET"
    largest = "any" if s["largest_area_m2"] is None else f"{max(s['largest_area_m2'], 0.0):.1f} m2"
    tanks = (
        [f"  of it {s['tanks_area_m2']:.1f} m2 are drop tanks, left behind: they come down in any case"]
        if s["tanks_area_m2"]
        else []
    )
    return "\n".join(
        [
            s["title"],
            "",
            f"  {s['body']} left in orbit at {s['inclination_deg']:.2f} deg: {said}",
            f"  casualty area {s['casualty_area_m2']:.1f} m2 ({s['area_is']}; nothing burns up), "
            f"{s['people_1_km2']:.2f} people per km2 under the orbit, nobody sheltered",
            *tanks,
            f"  casualties if it comes down uncontrolled   {s['if_uncontrolled']:.2e}",
            f"  with the probability that it does          {s['casualties']:.2e}  {verdict}, limit {s['limit']:g}",
            f"    ({s['limit_source']})",
            f"  greatest casualty area within the limit    {largest}, with that probability",
        ]
    )
