"""Does it hold? Risks against the limits of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from baiterek.catalogue.criteria_file import Criteria
from baiterek.catalogue.datum import Source
from baiterek.safety.risk import Risk

AT_LEAST = ("containment",)
"""Limits from below; all others are from above."""


class Verdict(NamedTuple):
    """One limit of a rule, and what was found."""

    what: str
    found: float | None
    """None: not assessed."""
    limit: float
    holds: bool | None
    margin: float | None
    """How many times what was found the limit allows; below one it is exceeded."""
    source: Source

    @property
    def marked(self) -> bool:
        """Whether the limit itself is quoted from memory or assumed."""
        return self.source.grade in ("assumed", "L", "fit")


def measures(risk: Risk) -> dict[str, float]:
    """What a `Risk` says of the limits that it can judge."""
    stages = [each.casualties for each in risk.expectations if each.event.planned]
    found = {"collective": risk.collective, "individual": risk.highest}
    conditional = risk.conditional()
    if conditional:
        found["conditional"] = max(conditional.values())
    if stages:
        found["planned_stage"] = max(stages)
    return found


def judge(criteria: Criteria, found: Mapping[str, float]) -> tuple[Verdict, ...]:
    """A verdict for each limit of the rule, in its order; what was not assessed is said to be."""
    verdicts = []
    for what, limit in criteria.limits.items():
        value = found.get(what)
        if value is None:
            verdicts.append(Verdict(what, None, limit.value, None, None, limit.source))
            continue
        below = what in AT_LEAST
        top, bottom = (value, limit.value) if below else (limit.value, value)
        margin = top / bottom if bottom > 0.0 else float("inf")
        verdicts.append(Verdict(what, value, limit.value, top >= bottom, margin, limit.source))
    return tuple(verdicts)
