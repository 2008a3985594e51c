"""Releases whose burns are over before the upper stage may stop: said where no flight was found."""

from __future__ import annotations

from baiterek.catalogue.burns import legs
from baiterek.catalogue.mission import Mission
from baiterek.physics.propulsion import propellant_for
from baiterek.trajectory.optimum import Optimum
from baiterek.trajectory.outline import outline


def burns_from_the_end(mission: Mission) -> list[tuple[str, float]]:
    """Payload and seconds of each later burn that leads to it, in the order of the flight, by the impulses of the outline.

    Counted back from what is left at the end, through Tsiolkovsky, up to the first mass that is not given. The propellant of
    disposal and of coasts is left out: a few kilograms, so that a burn lasts some hundredths longer.
    """
    stage, flown = mission.upper_stage, legs(mission)
    if stage is None or len(flown) < 2:
        return []
    steps, found = list(outline(mission).steps), []
    mass = float(stage.dry_mass_kg + stage.residual_kg) + sum(release.adapter_kg for release in mission.releases)
    for leg in flown[:0:-1]:
        if any(release.mass_kg is None for release in leg.releases):
            break
        mass += float(sum(release.mass_kg or 0.0 for release in leg.releases))
        for _ in range(leg.burns):
            before = mass / (1.0 - float(propellant_for(1.0, steps.pop().speed_m_s, float(stage.isp_s))))
            found.append((leg.releases[0].name, (before - mass) / float(stage.mass_flow_kg_s)))
            mass = before
    return found[::-1]


def burn_refusal(mission: Mission, found: Optimum) -> Optimum | None:
    """In place of a search that failed, where a ride wants burns shorter than the stage can make; None for all others."""
    stage = mission.upper_stage
    if stage is None or found.status != "failed":
        return None
    least = float(stage.burn_min_s)
    short = [(name, seconds) for name, seconds in burns_from_the_end(mission) if seconds < least]
    if not short:
        return None
    wanted = ", ".join(f"{seconds:.1f} s to {name}" for name, seconds in short)
    advice = (
        f"no flight was found (a local search, which is no proof): its burns would last {wanted}, and the shortest burn of "
        f"{stage.name} is {least:g} s (burn_min): let more go there, or change the orbit or the order"
    )
    lacking = least - min(seconds for _, seconds in short)
    return Optimum("infeasible", advice, found.payload_kg, float("nan"), missing={"upper_stage burn_min_s": lacking})
