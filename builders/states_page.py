"""The page of the states of objects, remarks and waivers, drawn from the steps that the code knows."""

from __future__ import annotations

from enum import StrEnum
from html import escape
from typing import Any, NamedTuple

from baiterek.campaign.complex import states as complex
from baiterek.campaign.gates import permits
from baiterek.campaign.gates import states as gates
from baiterek.campaign.machine import Step, table
from baiterek.campaign.meetings import states as meetings
from baiterek.campaign.operations import work
from baiterek.campaign.operations.records import OperationState
from baiterek.campaign.remarks import states as nonconformance


class Machine(NamedTuple):
    """Some states with their steps, and the one that is told in words because it is reached from almost anywhere."""

    title: str
    text: str
    steps: tuple[Step[Any, Any], ...]
    states: type[StrEnum]
    apart: StrEnum | None = None


MACHINES = (
    Machine(
        "ground object",
        "Only a member of the part that answers for an object takes a step; what its rule asks for is checked in the same "
        "transaction. From every state an object can go out of service, with a reason; it comes back as mounted.",
        complex.STEPS, complex.State, complex.State.OUT_OF_SERVICE,
    ),
    Machine(
        "remark",
        "The part that answers for a remark takes its steps; the one that raised it closes or withdraws it.",
        nonconformance.REMARK_STEPS, nonconformance.RemarkState, nonconformance.RemarkState.WITHDRAWN,
    ),
    Machine(
        "deviation or waiver",
        "Active when both parts have approved it, in either order; either of them can refuse it, or take it back.",
        nonconformance.WAIVER_STEPS, nonconformance.WaiverState, nonconformance.WaiverState.REFUSED,
    ),
    Machine(
        "decision on a gate",
        "Either part takes its steps. An adopted one does not hold its gate yet: both co-chairs sign it, and whether it holds "
        "is asked anew each time.",
        gates.DECISION_STEPS, gates.DecisionState, gates.DecisionState.WITHDRAWN,
    ),
    Machine(
        "condition of a decision",
        "The part that answers for a condition says that it is done; the other part closes it.",
        gates.CONDITION_STEPS, gates.ConditionState,
    ),
    Machine(
        "meeting",
        "The part that calls a meeting takes its first steps; either part says that it took place. Its protocol is issued by a "
        "verb of its own, and the second good signature takes the last step; taken up again, it gets a new revision.",
        meetings.MEETING_STEPS, meetings.MeetingState, meetings.MeetingState.CANCELLED,
    ),
    Machine(
        "permit",
        "A conclusion on a plan of launches, the permission of a drop zone or of a launch. The part whose government gives it "
        "takes its steps.",
        permits.PERMIT_STEPS, permits.PermitState, permits.PermitState.WITHDRAWN,
    ),
    Machine(
        "operation of a campaign",
        "The part that answers for an operation takes its steps. Failed, it leaves a remark, made in the same transaction.",
        work.OPERATION_STEPS, OperationState,
    ),
)  # fmt: skip
HEAD = """# States and steps

Made from `states.py` of `campaign/complex/`, `campaign/remarks/` and `campaign/gates/`, `campaign/gates/permits.py`,
`campaign/meetings/states.py` and `campaign/operations/work.py`: what is not drawn is refused, with a reason.
"""
WIDTH, BOX, HEIGHT, GAP, LEFT = 760, 220, 34, 78, 270


def page() -> str:
    """The whole page in Markdown."""
    sections = (f"\n## A {m.title}\n\n{m.text}\n\n{drawing(m)}\n\n{table(m.steps)}" for m in MACHINES)
    return HEAD + "".join(sections)


def drawing(machine: Machine) -> str:
    """The states from top to bottom: steps ahead on the right, steps back on the left."""
    states = [state for state in machine.states if state is not machine.apart]
    boxes = [_box(k, state) for k, state in enumerate(states)]
    inner = [step for step in machine.steps if machine.apart not in (step.start, step.end)]
    arrows = [_arrow(states.index(step.start), states.index(step.end)) for step in inner]
    height = GAP * len(states) - (GAP - HEIGHT) + 20
    name = machine.title.replace(" ", "-")
    marker = (
        f'<defs><marker id="head-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>'
    )
    body = "".join([marker, *boxes, *arrows]).replace("url(#head)", f"url(#head-{name})")
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="States of a {machine.title} and the steps between them" '
        f'style="max-width:{WIDTH}px;width:100%" font-size="14" fill="none" stroke="currentColor">{body}</svg>'
    )


def _box(row: int, state: StrEnum) -> str:
    y = 10 + GAP * row
    name = escape(state.replace("_", " "))
    return (
        f'<rect x="{LEFT}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
        f'<text x="{LEFT + BOX / 2:g}" y="{y + 22}" text-anchor="middle" stroke="none" fill="currentColor">{name}</text>'
    )


def _arrow(start: int, end: int) -> str:
    """Straight to the next state, else a curve that is wider the further it reaches."""
    if end == start + 1:
        x = LEFT + BOX / 2
        return _line(f"M{x:g} {10 + GAP * start + HEIGHT}V{10 + GAP * end - 2}")
    ahead = end > start
    x = LEFT + BOX if ahead else LEFT
    reach = (50 + 50 * abs(end - start)) * (1 if ahead else -1)
    y, to = 10 + GAP * start + HEIGHT / 2, 10 + GAP * end + HEIGHT / 2 + (-6 if ahead else 8)
    return _line(f"M{x} {y:g}C{x + reach} {y:g} {x + reach} {to:g} {x + (2 if ahead else -2)} {to:g}")


def _line(path: str) -> str:
    return f'<path d="{path}" marker-end="url(#head)"/>'
