"""Remarks from raised to closed, deviations and waivers from draft to active: states, steps, rules.

Major or minor, dispositions and waivers as in ECSS-Q-ST-10-09; which steps there are and who takes them is
ours. Plain functions over plain values.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from baiterek.campaign.machine import EITHER, Step, reason_given
from baiterek.campaign.reason import because


class Severity(StrEnum):
    """What a nonconformance is."""

    MINOR = "minor"
    MAJOR = "major"


class Ground(StrEnum):
    """What makes a nonconformance major (ECSS-Q-ST-10-09C Rev.1); without any of them it is minor."""

    SAFETY = "safety"
    REQUIREMENTS = "requirements"
    """Operational, functional or any other technical requirement of the contract."""
    RELIABILITY = "reliability"
    """Reliability, maintainability, availability."""
    LIFETIME = "lifetime"
    INTERCHANGEABILITY = "interchangeability"
    """Functional or dimensional."""
    INTERFACES = "interfaces"
    """With what is made under other agreements."""
    PROCEDURES = "procedures"
    """Changes of approved qualification or acceptance test procedures, or departures from them."""
    SCRAP = "scrap"
    """Proposed for scrap."""


class Disposition(StrEnum):
    """What is done with what does not conform."""

    USE_AS_IS = "use_as_is"
    REPAIR = "repair"
    """Usable afterwards, still not as required."""
    REWORK = "rework"
    """As required afterwards."""
    RETURN = "return"
    """To whom it came from."""
    SCRAP = "scrap"


class RemarkState(StrEnum):
    """Where a remark stands."""

    RAISED = "raised"
    CLASSIFIED = "classified"
    CAUSE_FOUND = "cause_found"
    DISPOSED = "disposed"
    VERIFIED = "verified"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class WaiverKind(StrEnum):
    """Before or after the fact (ECSS)."""

    DEVIATION = "deviation"
    """Allowed before: something will be made or done otherwise than required."""
    WAIVER = "waiver"
    """Allowed after: something was found otherwise than required."""


class WaiverState(StrEnum):
    """Where a deviation or a waiver stands; it is active when both parts have approved it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED_RU = "approved_ru"
    APPROVED_KZ = "approved_kz"
    ACTIVE = "active"
    REFUSED = "refused"
    REVOKED = "revoked"


SETTLED = (RemarkState.CLOSED, RemarkState.WITHDRAWN)
NEEDS_WAIVER = (Disposition.USE_AS_IS, Disposition.REPAIR)
RAISER = "the part that raised it"


class Facts(NamedTuple):
    """What the rules of a remark look at."""

    reason: str
    severity: Severity | None
    due: bool
    """Whether a due gate is named."""
    cause: str
    disposition: Disposition | None
    action: str
    whole: int
    """Pieces of its evidence that are there and unchanged."""
    broken: tuple[str, ...]
    waived: bool
    """Whether a waiver of this remark is active."""


def severity(grounds: tuple[Ground, ...]) -> Severity:
    """Major if there is any ground for it."""
    return Severity.MAJOR if grounds else Severity.MINOR


def needs_waiver(severity: Severity | None, disposition: Disposition | None) -> bool:
    """A major one that is used as it is, or repaired, departs from what was agreed."""
    return severity is Severity.MAJOR and disposition in NEEDS_WAIVER


def gate_named(facts: Facts) -> str | None:
    """A due gate is named."""
    return None if facts.due else because("it has no due gate")


def cause_named(facts: Facts) -> str | None:
    """The cause is named."""
    return None if facts.cause.strip() else because("its cause is not named")


def disposition_named(facts: Facts) -> str | None:
    """Disposition and action are named; what goes to scrap is major."""
    if facts.disposition is None or not facts.action.strip():
        return because("its disposition and the action are not named")
    if facts.disposition is Disposition.SCRAP and facts.severity is not Severity.MAJOR:
        return because("what goes to scrap is a major nonconformance: classify it again")
    return None


def action_shown(facts: Facts) -> str | None:
    """Whole evidence shows the action."""
    if facts.broken:
        return because("evidence {id} is missing or was changed", id=facts.broken[0])
    return None if facts.whole else because("no evidence of the action is attached")


def waiver_held(facts: Facts) -> str | None:
    """A major one that is used as is, or repaired, has an active waiver."""
    if needs_waiver(facts.severity, facts.disposition) and not facts.waived:
        return because("a major nonconformance disposed {disposition} needs an active waiver", disposition=facts.disposition)
    return None


R = RemarkState
REMARK_STEPS: tuple[Step[RemarkState, Facts], ...] = (
    Step(R.RAISED, R.CLASSIFIED, "minor or major, and due at a gate", (gate_named,)),
    Step(R.CLASSIFIED, R.CAUSE_FOUND, "the cause is known", (cause_named,)),
    Step(R.CAUSE_FOUND, R.DISPOSED, "what is done with it is decided", (disposition_named,)),
    Step(R.DISPOSED, R.VERIFIED, "the action was done and checked", (action_shown, waiver_held)),
    Step(R.VERIFIED, R.CLOSED, "agreed to be settled", (reason_given, action_shown, waiver_held), RAISER),
    *(
        Step(state, R.CLASSIFIED, "looked at again", (reason_given, gate_named))
        for state in (R.CAUSE_FOUND, R.DISPOSED, R.VERIFIED)
    ),
    Step(R.CLOSED, R.RAISED, "seen again", (reason_given,), RAISER),
    *(
        Step(state, R.WITHDRAWN, "raised in error", (reason_given,), RAISER)
        for state in R
        if state not in SETTLED
    ),
)  # fmt: skip
"""Every step of a remark that exists."""


class Request(NamedTuple):
    """What the rules of a waiver look at."""

    reason: str
    part: str
    """The part that takes the step."""
    flights: tuple[str, ...]
    text: str


def by(part: str) -> Callable[[Request], str | None]:
    """The key of one part."""

    def rule(request: Request) -> str | None:
        return None if request.part == part else because("only the {part} part gives this approval", part=part)

    rule.__doc__ = f"The {part} part gives it."
    return rule


def bounded(request: Request) -> str | None:
    """It says from what it departs and for which flights."""
    return (
        None
        if request.flights and request.text.strip()
        else because("it does not say from what it departs, or for which flights")
    )


W = WaiverState
WAIVER_STEPS: tuple[Step[WaiverState, Request], ...] = (
    Step(W.DRAFT, W.SUBMITTED, "asked for", (bounded,)),
    Step(W.SUBMITTED, W.APPROVED_RU, "first key", (by("RU"),), EITHER),
    Step(W.SUBMITTED, W.APPROVED_KZ, "first key", (by("KZ"),), EITHER),
    Step(W.APPROVED_RU, W.ACTIVE, "second key", (by("KZ"),), EITHER),
    Step(W.APPROVED_KZ, W.ACTIVE, "second key", (by("RU"),), EITHER),
    *(Step(state, W.REFUSED, "refused", (reason_given,), EITHER) for state in (W.SUBMITTED, W.APPROVED_RU, W.APPROVED_KZ)),
    Step(W.ACTIVE, W.REVOKED, "taken back", (reason_given,), EITHER),
)  # fmt: skip
"""Every step of a deviation or a waiver that exists."""
