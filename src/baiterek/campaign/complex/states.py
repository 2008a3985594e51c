"""The states of a ground object, the steps between them, and the rule of each step.

Plain functions over plain values: what they need to know is handed in as `Situation`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from baiterek.campaign import machine
from baiterek.campaign.machine import Step, reason_given
from baiterek.campaign.reason import because


class State(StrEnum):
    """Where an object stands on its way into flight tests."""

    MOUNTED = "mounted"
    AUTONOMOUS_TESTS = "autonomous_tests"
    INTEGRATED_TESTS = "integrated_tests"
    ACCEPTED_WITH_REMARKS = "accepted_with_remarks"
    ACCEPTED = "accepted"
    IN_FLIGHT_TESTS = "in_flight_tests"
    OUT_OF_SERVICE = "out_of_service"


READY = (State.ACCEPTED, State.IN_FLIGHT_TESTS)
RECEIVED = (State.ACCEPTED_WITH_REMARKS, *READY)


class Situation(NamedTuple):
    """What the rule of a step may look at besides the step itself."""

    reason: str
    children: Mapping[str, State]
    """The objects directly below, and where they stand."""
    whole_evidence: frozenset[State]
    """States whose tests are shown by evidence that is there and unchanged."""
    broken_evidence: frozenset[State] = frozenset()
    """States with evidence that is missing or changed."""
    remarks: tuple[str, ...] = ()
    """Remarks about the object that are neither closed nor withdrawn."""
    unwaived: tuple[str, ...] = ()
    """Of these, those that are major or not classified, and without an active waiver."""


Rule = Callable[[Situation], str | None]


def shown(state: State) -> Rule:
    """Tests of `state` are shown by evidence, all of it whole."""

    def rule(situation: Situation) -> str | None:
        if state in situation.broken_evidence:
            return because("evidence of {state} is missing or was changed", state=state)
        return None if state in situation.whole_evidence else because("no evidence of {state} is attached", state=state)

    rule.__doc__ = f"Whole evidence of {state} is attached."
    return rule


def parts_in(states: tuple[State, ...]) -> Rule:
    """Every object below stands in one of `states`, or is out of service."""

    def rule(situation: Situation) -> str | None:
        behind = [name for name, at in situation.children.items() if at not in (*states, State.OUT_OF_SERVICE)]
        return because("{id} below it is {state}", id=behind[0], state=situation.children[behind[0]]) if behind else None

    rule.__doc__ = f"Every object below is {' or '.join(states)}, or out of service."
    return rule


def remarks_settled(situation: Situation) -> str | None:
    """No remark about it is open."""
    return because("remark {id} is open", id=situation.remarks[0]) if situation.remarks else None


def remarks_minor(situation: Situation) -> str | None:
    """Open remarks about it are minor, or waived."""
    return because("remark {id} is open, not minor and not waived", id=situation.unwaived[0]) if situation.unwaived else None


S = State
BACK = (reason_given,)
STEPS: tuple[Step[State, Situation], ...] = (
    Step(S.MOUNTED, S.AUTONOMOUS_TESTS, "tests of the object alone begin"),
    Step(
        S.AUTONOMOUS_TESTS, S.INTEGRATED_TESTS, "tests with its neighbours begin",
        (shown(S.AUTONOMOUS_TESTS), parts_in((S.INTEGRATED_TESTS, *RECEIVED))),
    ),
    Step(
        S.INTEGRATED_TESTS, S.ACCEPTED_WITH_REMARKS, "accepted; the reason names the remarks",
        (reason_given, shown(S.INTEGRATED_TESTS), parts_in(RECEIVED), remarks_minor),
    ),
    Step(S.INTEGRATED_TESTS, S.ACCEPTED, "accepted", (shown(S.INTEGRATED_TESTS), parts_in(READY), remarks_settled)),
    Step(
        S.ACCEPTED_WITH_REMARKS, S.ACCEPTED, "remarks closed; the reason says how",
        (reason_given, parts_in(READY), remarks_settled),
    ),
    Step(S.ACCEPTED, S.IN_FLIGHT_TESTS, "serves flight tests"),
    Step(S.INTEGRATED_TESTS, S.AUTONOMOUS_TESTS, "tests added or repeated", BACK),
    Step(S.ACCEPTED_WITH_REMARKS, S.INTEGRATED_TESTS, "tests added or repeated", BACK),
    Step(S.ACCEPTED, S.INTEGRATED_TESTS, "tests added or repeated", BACK),
    Step(S.IN_FLIGHT_TESTS, S.INTEGRATED_TESTS, "tests added or repeated", BACK),
    *(Step(state, S.OUT_OF_SERVICE, "taken out of service", BACK) for state in S if state is not S.OUT_OF_SERVICE),
    Step(S.OUT_OF_SERVICE, S.MOUNTED, "back in service: every test again", BACK),
)  # fmt: skip
"""Every step that exists."""


def refusal(start: State, end: State, situation: Situation) -> str | None:
    """Why an object may not step from `start` to `end`; None where it may."""
    return machine.refusal(STEPS, start, end, situation)


class Readiness(NamedTuple):
    """How many objects of a group stand where."""

    group: str
    total: int
    ready: int
    """Accepted or in flight tests."""
    states: dict[State, int]


def readiness(objects: Iterable[tuple[str, State, int]]) -> list[Readiness]:
    """By group, in the order of names: group, state, and how many objects stand so."""
    groups: dict[str, dict[State, int]] = {}
    for group, state, number in objects:
        counts = groups.setdefault(group, dict.fromkeys(State, 0))
        counts[state] += number
    return [
        Readiness(group, sum(counts.values()), sum(counts[state] for state in READY), counts)
        for group, counts in sorted(groups.items())
    ]
