"""Which flights fail, how and when: drawn by the flight's number, as every dispersion is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from baiterek.catalogue.case_file import KINDS, NOMINAL, Case
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.errors import BadValue
from baiterek.history import Steering
from baiterek.study.dispersions import Array, Number, by_distribution
from baiterek.study.sampling import Design

CASE = "case"
"""Column with the number of the flight's case: 0 is nominal, the others count from 1 in the order of the file."""


@dataclass(frozen=True)
class Failures:
    """The cases of a mission, with the stage and the instants of each in its nominal flight."""

    cases: tuple[Case, ...]
    stages: tuple[int, ...]
    windows_s: tuple[tuple[float, float], ...]
    only: str | None = None
    """The one case that every flight meets, or `nominal`."""

    @property
    def names(self) -> tuple[str, ...]:
        return (NOMINAL, *(case.name for case in self.cases))

    def probability(self, number: int) -> float:
        """Of a case by its number."""
        if self.only is not None:
            return float(self.names[number] == self.only)
        certain = sum(case.probability.value for case in self.cases)
        return 1.0 - certain if number == 0 else self.cases[number - 1].probability.value

    def draw(self, seed: int, first: int, count: int) -> tuple[Array, dict[str, Array]]:
        """Case of each of `count` flights from `first`, and what the compiled flight takes."""
        drawn = Design("random", seed, count).uniforms(["failure.case", "failure.t_s", "failure.part"], first, count)
        ends = np.cumsum([self.probability(number) for number in range(len(self.names))])
        case = np.minimum(np.searchsorted(ends, drawn["failure.case"], side="right"), len(self.cases))
        inputs = {name: np.zeros(count) for name in ("failure.kind", "failure.stage", "failure.t_s", "failure.part")}
        for number, (each, stage, (low, high)) in enumerate(zip(self.cases, self.stages, self.windows_s, strict=True), start=1):
            rows = case == number
            inputs["failure.kind"][rows] = 1 + KINDS.index(each.kind)
            inputs["failure.stage"][rows] = stage
            at_s = low + (high - low) * drawn["failure.t_s"][rows]
            inputs["failure.t_s"][rows] = np.maximum(at_s, each.inhibit_s.value if each.inhibit_s is not None else 0.0)
            if each.thrust_lost is not None:
                from scipy.special import ndtri

                lost = Number("thrust_lost", each.thrust_lost, 0.0, 1.0)
                inputs["failure.part"][rows] = by_distribution(ndtri(drawn["failure.part"][rows]), lost)
        return case.astype(float), inputs

    def nominal(self) -> dict[str, Array]:
        """The inputs of one flight without failure."""
        return {name: np.zeros(1) for name in ("failure.kind", "failure.stage", "failure.t_s", "failure.part")}


def check_case(mission: Mission, only: str | None) -> None:
    """Raises `BadValue` for a case that the vehicle's file has not."""
    names = (NOMINAL, *(case.name for case in mission.vehicle.failures))
    if only is not None and only not in names:
        raise BadValue("command line", "--case", only, ", ".join(names))


def failures_of(mission: Mission, steering: Steering, only: str | None = None) -> Failures:
    """The cases of a mission flown with a steering; an unknown `only` raises `BadValue`."""
    check_case(mission, only)
    cases = mission.vehicle.failures
    flown = sequence(replace(mission, payload_kg=steering.payload_kg))
    order = [budget.stage for budget in flown.budgets]
    return Failures(
        cases,
        tuple(order.index(case.stage) for case in cases),
        tuple(_window(case, flown.phases, steering) for case in cases),
        only,
    )


def _window(case: Case, phases: Any, steering: Steering) -> tuple[float, float]:
    """First and last instant of a case: its own, or those between which its stage burns."""
    burning = [each for phase, each in zip(phases, steering.phases, strict=True) if phase.stage == case.stage]
    low = burning[0].start_s if case.from_s is None else case.from_s.value
    high = burning[-1].start_s + burning[-1].duration_s if case.to_s is None else case.to_s.value
    return float(low), float(max(low, high))
