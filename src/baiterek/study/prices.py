"""What each limit costs: prices of an optimum, the same by solving again, and what a limit costs in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from baiterek.catalogue.mission import Mission
from baiterek.catalogue.override import with_values
from baiterek.errors import BadValue, NotConverged
from baiterek.study.summary import plain, summary

if TYPE_CHECKING:
    from baiterek.trajectory import Neighbours
    from baiterek.trajectory.optimum import Optimum

Say = Callable[[str], None]

PROBE = 0.05
"""Share of a step to both sides of the optimum at which a price is checked: small, so that the same limits stay active."""
KINK = 0.3
"""Share by which the two sides of an optimum differ where the answer has a kink: there a price is the slope of one side."""
AGREES = 0.05
"""By what share of the difference a price may miss it."""
NOISE = 1e-8
"""Of the objective, in one solution: the solver's tolerance."""


def prices(
    mission: Mission, totals: bool = False, check: bool = False, only: Sequence[str] = (), say: Say | None = None
) -> dict[str, Any]:
    """The summary of the optimum, its prices among them; on request checked, and with what each limit costs in all.

    `only` keeps the limits and parts of these names. Raises `NotConverged` with the refusal of a mission that has no
    flight.
    """
    from baiterek.trajectory import optimise

    say = say or (lambda text: None)
    asked = _named(only, mission)
    say("optimising")
    neighbours = _neighbours(mission, say) if check else None
    optimum = neighbours.optimum if neighbours else optimise(mission, progress=say).require()
    document = summary(mission, optimum, None)
    document["prices"] = [row for row in document["prices"] if row["of"] in asked]
    if neighbours:
        _check(mission, neighbours, document, say)
    if totals:
        document["totals"] = plain(list(_totals(mission, optimum, asked, say)))
    return document


def _named(only: Sequence[str], mission: Mission) -> set[str]:
    """Names of limits and parts as steps carry them; blanks and underscores are the same to a reader."""
    from baiterek.trajectory.steps import steps

    known = {name.replace("_", " "): name for name in dict.fromkeys(step.of for step in steps(mission))}
    unknown = [name for name in only if name.replace("_", " ") not in known]
    if unknown:
        raise BadValue("prices", "--only", unknown[0], "a limit or a part of this mission: " + ", ".join(known.values()))
    return {known[name.replace("_", " ")] for name in only} or set(known.values())


def _neighbours(mission: Mission, say: Say) -> Neighbours:
    """Of several launch corridors, in the best one's."""
    from baiterek.trajectory import Neighbours

    found, refused = [], []
    for corridor in mission.limits.corridors_rad or (None,):
        alone = mission if corridor is None else replace(mission, limits=replace(mission.limits, corridors_rad=(corridor,)))
        try:
            found.append(Neighbours(alone, say))
        except NotConverged as refusal:
            refused.append(refusal)
    if not found:
        raise refused[-1]
    sign = -1.0 if mission.objective == "time" else 1.0
    return max(found, key=lambda one: sign * one.optimum.objective)


def _check(mission: Mission, neighbours: Neighbours, document: dict[str, Any], say: Say) -> None:
    """Central differences of optima solved again, warm, beside each price that is felt; at a kink the nearer of two slopes."""
    from baiterek.trajectory.steps import steps

    changes = {(step.of, step.what): step.change for step in steps(mission)}
    middle = neighbours.solve(neighbours.mission)
    size = abs(float(document["answer"]["optimiser_value"]))
    for row in document["prices"]:
        row |= {"difference": None, "ratio": None, "agrees": None}
        if row["gain"] == 0.0:
            continue
        say(f"solving again: {row['of']}, {row['what']}")
        change = changes[row["of"], row["what"]]
        ends = [neighbours.solve(change(neighbours.mission, count)) for count in (PROBE, -PROBE)]
        if not (middle.converged and all(end.converged for end in ends)):
            continue
        sides = [(ends[0].objective - middle.objective) / PROBE, (middle.objective - ends[1].objective) / PROBE]
        difference = 0.5 * (sides[0] + sides[1])
        if abs(sides[0] - sides[1]) > KINK * max(map(abs, sides)):
            row["sides"] = sides
            difference = min(sides, key=lambda side: abs(side - row["gain"]))
        missed = abs(row["gain"] - difference)
        row["difference"] = difference
        row["ratio"] = row["gain"] / difference if difference else None
        row["agrees"] = bool(missed <= AGREES * abs(difference) + NOISE * size / PROBE)


def _totals(mission: Mission, optimum: Optimum, asked: set[str], say: Say) -> Iterator[Mapping[str, Any]]:
    """The optimum without each limit that binds, solved from the beginning; one that does not bind costs nothing."""
    from baiterek.trajectory import optimise

    for name, without in _without(mission):
        verdict = next((v for v in optimum.limits if v.name == name), None)
        if name not in asked or verdict is None:
            continue
        if not verdict.active:
            yield {"of": name, "cost": 0.0, "without": optimum.objective, "advice": "it is not felt"}
            continue
        say(f"solving without {name}")
        found = optimise(without, progress=say)
        cost = found.objective - optimum.objective if found.converged else None
        yield {"of": name, "cost": cost, "without": found.objective, "advice": "" if found.converged else found.advice}


def _without(mission: Mission) -> Iterator[tuple[str, Mission]]:
    """The mission without one of its limits, for each that it can do without."""
    limits = mission.limits
    for name in (
        "dynamic_pressure_Pa", "q_alpha_Pa_rad", "axial_acceleration_m_s2", "angle_of_attack_rad", "turn_rate_rad_s",
        "insertion_altitude_min_m", "duration_max_s",
    ):  # fmt: skip
        if getattr(limits, name) is not None:
            yield name, with_values(mission, {f"limits.{name}": None})
    if limits.corridors_rad:
        yield "corridors_rad", replace(mission, limits=replace(limits, corridors_rad=()))
    for body in mission.zones:
        yield f"zone {body}", replace(mission, zones={b: z for b, z in mission.zones.items() if b != body})
