"""States, the steps between them, and the rule of each step: what the objects, remarks and waivers of the record share.

A rule is a plain function over what it is told: None where the step may be taken, else why not. Its docstring says it in the
table of the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Generic, NamedTuple, Protocol, TypeVar

from baiterek.campaign.reason import because

State = TypeVar("State", bound=StrEnum)
Told = TypeVar("Told", contravariant=True)
EITHER = "either part"
"""Who takes a step that both parts may take."""


class Step(NamedTuple, Generic[State, Told]):
    """From a state to a state, under rules."""

    start: State
    end: State
    meaning: str
    rules: tuple[Callable[[Told], str | None], ...] = ()
    by: str = ""
    """Who takes it, where that is not the part that answers for it."""


class Reasoned(Protocol):
    """What a rule is told when whoever takes a step says why."""

    @property
    def reason(self) -> str:
        """In their words."""


def reason_given(told: Reasoned) -> str | None:
    """A reason is given."""
    return None if told.reason.strip() else because("a reason is needed")


def refusal(steps: Sequence[Step[State, Told]], start: State, end: State, told: Told) -> str | None:
    """Why nothing may step from `start` to `end`; None where it may."""
    found = step(steps, start, end)
    if found is None:
        allowed = ", ".join(step.end for step in steps if step.start is start)
        return because("from {start} it can become {states}", start=start, states=allowed or because("nothing else"))
    return next(filter(None, (rule(told) for rule in found.rules)), None)


def step(steps: Sequence[Step[State, Told]], start: State, end: State) -> Step[State, Told] | None:
    """The step between two states; None where there is none."""
    return next((step for step in steps if (step.start, step.end) == (start, end)), None)


def table(steps: Sequence[Step[State, Told]]) -> str:
    """Steps and their rules as a table in Markdown."""
    rows = (
        f"| {step.start} | {step.end} | {step.meaning}{f' (by {step.by})' if step.by else ''} | "
        f"{' '.join(rule.__doc__ or '' for rule in step.rules) or '-'} |\n"
        for step in steps
    )
    return "| from | to | meaning | rules |\n|---|---|---|---|\n" + "".join(rows)
