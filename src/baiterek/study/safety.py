"""Who is below a mission: its dispersed flights and its failures, down to people, against the limits of a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.closure_file import load_closures
from baiterek.catalogue.criteria_file import Criteria, load_criteria
from baiterek.catalogue.exposure_file import Exposure, load_exposure
from baiterek.catalogue.failure_file import FailureRecord, load_failures
from baiterek.catalogue.hazard_file import Hazards
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.resolved import plain
from baiterek.catalogue.upper_hazard_file import hazards_of
from baiterek.errors import BadValue
from baiterek.flight import Executor
from baiterek.history import History
from baiterek.safety.failure import estimate
from baiterek.safety.footprint import Footprint, contained
from baiterek.safety.ground import Ground
from baiterek.safety.moments import Moment, ORBIT_m, moments
from baiterek.safety.presence import presence, world_under
from baiterek.safety.risk import Event, Risk, assess
from baiterek.safety.scenarios import failures, horizon_s, planned
from baiterek.safety.verdicts import Verdict, judge, measures
from baiterek.study.dispersed import dispersed, failing
from baiterek.study.executor import executor_of
from baiterek.study.folder import check_writable, whole_folder
from baiterek.study.footprint_rows import footprint_row
from baiterek.study.ground_under import ground_under
from baiterek.study.guidance import GUIDANCE, check_guidance
from baiterek.study.provenance import digest, provenance
from baiterek.study.results import read_json, write_json, write_mission
from baiterek.study.safety_craft import CraftBelow, craft_below, craft_document
from baiterek.study.safety_deorbit import Deorbit, deorbit_of_case, prints_of
from baiterek.study.safety_files import write_tables
from baiterek.study.safety_shown import shown

Array = NDArray[np.float64]
Say = Callable[[str], None]
DAY_h = (7.0, 19.0)
"""Local mean solar time between which people are counted as by day."""


@dataclass(frozen=True)
class Asked:
    """What a safety case is a function of, beside the mission."""

    flights: int = 1000
    """Dispersed nominal flights."""
    moments: int = 200
    """Intervals of the flight in which it may fail."""
    samples: int = 40
    """Draws for each moment and cause."""
    seed: int = 1
    criteria: str = "far450"
    exposure: str = "steppe"
    hazards: str | None = None
    """File or name; that of the vehicle, when not given."""
    guidance: str = "closed"
    """Of the dispersed flights, a key of `study.guidance.GUIDANCE`."""
    rules: str = "far417"
    """Of closed areas, outside which aircraft and ships are looked at."""

    def check(self) -> None:
        """Raises `BadValue` in one line."""
        for key, least in (("flights", 2), ("moments", 2), ("samples", 2), ("seed", 0)):
            if getattr(self, key) < least:
                raise BadValue("command line", f"--{key}", getattr(self, key), f"{least} or more")
        check_guidance(self.guidance)


@dataclass(frozen=True)
class SafetyCase:
    """Everything that was found."""

    mission: Mission
    asked: Asked
    hazards: Hazards
    record: FailureRecord
    exposure: Exposure
    criteria: Criteria
    flight: History
    moments: tuple[Moment, ...]
    """When it may fail."""
    events: tuple[Event, ...]
    """Planned ones first, then each cause of each moment."""
    footprints: tuple[Footprint, ...]
    """Of each body of a nominal flight, class by class."""
    ground: Ground
    night: bool
    risk: Risk
    verdicts: tuple[Verdict, ...]
    craft: CraftBelow
    deorbit: Deorbit | None = None
    """Of an upper stage that is deorbited."""


def safety(
    of: Mission | Path,
    asked: Asked,
    out: Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    render: Callable[[Path], None] | None = None,
    say: Say | None = None,
) -> tuple[dict[str, Any], Path]:
    """The safety case of a mission's optimum: its document, and its folder under `out`.

    Flown on `workers` threads of this machine, or by the Dask scheduler at an address: the same numbers.
    """
    say = say or (lambda text: None)
    asked.check()
    mission = of if isinstance(of, Mission) else load_mission(of)
    check_writable(out)
    with executor_of(workers, scheduler) as executor:
        case = assess_safety(mission, asked, executor, say=say)
    origin = provenance(mission, "safety")
    origin["asked"] = asdict(asked)
    origin["hash"] = digest([origin["hash"], origin["asked"]])
    document = {"run": origin["hash"], **document_of(case)}

    def fill(folder: Path) -> None:
        say("writing")
        if mission.file:
            named = (asked.criteria, asked.exposure, asked.hazards, asked.rules)
            write_mission(folder / "mission.toml", mission, [Path(each) for each in named if each])
        write_json(folder / "provenance.json", origin)
        write_json(folder / "result.json", document)
        write_tables(folder, document, case)
        if render is not None:
            render(folder)

    folder = whole_folder(out, f"safety-{mission.name}-{origin['hash'][:8]}", fill)
    return read_json(folder / "result.json"), folder


def assess_safety(mission: Mission, asked: Asked, executor: Executor, *, say: Say = lambda text: None) -> SafetyCase:
    """The `SafetyCase`, computed; nothing is written."""
    from baiterek.flight import simulate
    from baiterek.trajectory import optimise

    criteria, exposure, rules = load_criteria(asked.criteria), load_exposure(asked.exposure), load_closures(asked.rules)
    world_under(exposure)  # a file of counts with another grid is refused before anything is flown
    hazards = hazards_of(mission, asked.hazards)
    record = load_failures(hazards.failures)
    say("optimising")
    steering = optimise(mission, progress=say).require().steering
    assert steering is not None
    loaded = as_flown(mission, steering)
    flight = simulate(loaded, steering)
    say(f"{asked.flights} dispersed flights")
    columns = dispersed(loaded, steering, asked.flights, asked.seed, asked.guidance, executor)
    say("what falls on a nominal flight")
    events = planned(loaded, hazards, columns, seed=asked.seed, executor=executor)
    say(f"failures at {asked.moments} moments")
    found = moments(loaded, flight, record, hazards, asked.moments)
    states = failing(loaded, steering, found, asked.samples, asked.seed, asked.guidance, executor)
    events += failures(loaded, flight, hazards, found, samples=asked.samples, seed=asked.seed, executor=executor, states=states)
    say("people")
    below = ground_under(events, exposure)
    night = at_night(mission)
    risk = assess(below, events, presence(below, exposure, float(night)))
    prints = footprints_of(loaded, events)
    part = worst_containment(loaded, prints)
    say("aircraft and ships")
    craft = craft_below(loaded, events, below, rules, criteria)
    measured = measures(risk) | {name: of.greatest for name, of in craft.exposed.items()}
    measured |= {"containment": part} if part is not None else {}
    verdicts = judge(criteria, measured)
    deorbit = deorbit_of_case(loaded, flight, hazards, columns, exposure, night, seed=asked.seed, executor=executor)
    return SafetyCase(
        loaded, asked, hazards, record, exposure, criteria, flight, found, tuple(events), prints, below, night, risk, verdicts,
        craft, deorbit,
    )  # fmt: skip


def footprints_of(mission: Mission, events: Sequence[Event]) -> tuple[Footprint, ...]:
    """The footprint of each class of each body that falls on a nominal flight."""
    return tuple(found for event in events if event.planned for found in prints_of(mission, event))


def worst_containment(mission: Mission, prints: Sequence[Footprint]) -> float | None:
    """The least part of any footprint that its zone holds; None without zones."""
    parts = [
        contained(each, mission.zones[each.body.partition(":")[0]], mission).part
        for each in prints
        if each.body.partition(":")[0] in mission.zones
    ]
    return min(parts) if parts else None


def at_night(mission: Mission) -> bool:
    """Whether lift-off is by night, in mean solar time of the pad; without a date it is by day, when more are outside."""
    if mission.lift_off is None:
        return False
    utc = mission.lift_off.astimezone(UTC) if mission.lift_off.tzinfo else mission.lift_off
    hour = (utc.hour + utc.minute / 60.0 + np.degrees(float(mission.site.longitude_rad)) / 15.0) % 24.0
    return not DAY_h[0] <= hour < DAY_h[1]


def document_of(case: SafetyCase) -> dict[str, Any]:
    """The case as plain values: what the report and `--json` read."""
    risk = case.risk
    return {
        "mission": case.mission.name,
        "title": case.mission.title,
        "asked": asdict(case.asked),
        "night": case.night,
        "payload_kg": float(case.mission.payload_kg),
        "guidance": GUIDANCE[case.asked.guidance],
        "perfect_navigation": not case.mission.vehicle.navigation,
        "failures": _failures(case),
        "footprints": [footprint_row(case.mission, each) for each in case.footprints],
        "risk": {
            "collective": risk.collective,
            "planned": risk.planned,
            "sampling_error": risk.sampling_error,
            "highest_individual": risk.highest,
            "people": float(case.ground.people.sum()),
            "by_phase": risk.by_phase(),
            "by_cause": risk.by_cause(),
            "by_district": {f"{d.country} {d.name}": value for d, value in risk.by_district().items() if value > 0.0},
            "conditional": {f"{phase}, {cause}": value for (phase, cause), value in risk.conditional().items()},
            "outside": max(each.outside for each in risk.expectations),
        },
        "criteria": {"name": case.criteria.name, "title": case.criteria.title, "notes": list(case.criteria.notes)},
        "verdicts": [{**plain_verdict(each)} for each in case.verdicts],
        "craft": craft_document(case.craft),
        "assumptions": assumptions(case),
        **shown(case),
    }


def _failures(case: SafetyCase) -> dict[str, Any]:
    """How likely, and of an upper stage until when."""
    whole = estimate(case.record).value
    found = {
        "title": case.record.title,
        "probability": whole,
        "in_orbit": max(whole - float(sum(moment.probability for moment in case.moments)), 0.0),
    }
    if case.mission.upper_stage is None:
        return found
    return found | {"orbit_perigee_km": ORBIT_m / 1e3, "longest_fall_h": horizon_s(case.mission) / 3600.0}


def plain_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values."""
    margin = verdict.margin if verdict.margin is None or np.isfinite(verdict.margin) else None
    return {
        "what": verdict.what,
        "found": verdict.found,
        "limit": verdict.limit,
        "holds": verdict.holds,
        "margin": margin,
        "source": verdict.source.text,
        "marked": verdict.marked,
    }


def assumptions(case: SafetyCase) -> list[str]:
    """What the numbers rest on: notes of every file that was read, and how much of it has no public source."""
    notes = [*case.hazards.notes, *case.record.notes, *case.exposure.notes, *case.craft.rules.notes]
    graded = {
        f"{source.text}" for each in (case.hazards, case.record, case.exposure, case.craft.rules)
        for source in each.sources.values() if source.grade in ("assumed", "fit", "L")
    }  # fmt: skip
    return [str(plain(note)) for note in notes] + sorted(graded)
