"""Natural steps of what an upper stage must keep, and of its own numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from baiterek.catalogue.burns import disposal_of
from baiterek.catalogue.mission import Mission
from baiterek.trajectory.step import Step, added, datum_step, natural

LIMITS = (
    # the limit as its verdict has it, path of its number, its step in SI, the step and its unit as read
    ("launcher_perigee_max_m", "burns.launcher_perigee_max_m", 10e3, 10.0, "km"),
    ("launcher_apogee_max_m", "burns.launcher_apogee_max_m", 10e3, 10.0, "km"),
    ("separation_altitude_min_m", "burns.separation_altitude_min_m", 1e3, 1.0, "km"),
    ("coast_altitude_min_m", "burns.coast_altitude_min_m", 1e3, 1.0, "km"),
    ("upper_stage coast_min_s", "upper_stage.coast_min_s", 10.0, 10.0, "s"),
    ("upper_stage burn_min_s", "upper_stage.burn_min_s", 1.0, 1.0, "s"),
    ("upper_stage life_s", "upper_stage.life_s", 600.0, 600.0, "s"),
)
MASSES = (
    ("dry_mass_kg", "dry mass"),
    ("propellant_kg", "load of propellant"),
    ("drop_tanks.dry_mass_kg", "dry mass of the drop tanks"),
    ("drop_tanks.propellant_kg", "load of the drop tanks"),
    ("adapter_kg", "adapter"),
    ("settling_kg", "settling of a restart"),
    ("disposal_kg", "reserve for disposal"),
)


def upper_limit_steps(mission: Mission) -> Iterator[Step]:
    """Every limit of a flight with an upper stage whose number may be changed."""
    if mission.upper_stage is None:
        return
    for name, path, step, amount, unit in LIMITS:
        paths = (path,) if path.startswith("upper_stage.") else ()
        yield Step(name, "more", amount, unit, added((path, step)), True, paths)
    yield Step("first_coast_max_s", "more", 10.0, "s", _first_coast, True)


def _first_coast(mission: Mission, count: float) -> Mission:
    low, high = mission.burns.first_coast_s
    return replace(mission, burns=replace(mission.burns, first_coast_s=(low, high + 10.0 * count)))


def upper_stage_steps(mission: Mission) -> Iterator[Step]:
    """Masses and engine of the upper stage; the fixed reserve for disposal where no burn is planned for it."""
    stage = mission.upper_stage
    if stage is None:
        return
    left = natural(float(stage.residual_kg))
    yield datum_step(
        f"propellant {stage.name}", "residual made usable", left, "kg", (("upper_stage.residual_kg", -left),), True
    )
    for key, what in MASSES:
        if key not in stage.data or (key == "disposal_kg" and disposal_of(mission) not in ("reserve", "none")):
            continue
        mass = natural(float(stage.data[key].value))
        yield datum_step(stage.name, what, mass, "kg", ((f"upper_stage.{key}", mass),))
    yield datum_step(stage.name, "specific impulse", 1.0, "s", (("upper_stage.isp_s", 1.0),))
    yield datum_step(stage.name, "thrust", 1.0, "%", (("upper_stage.thrust_N", 0.01 * float(stage.thrust_N)),))
