"""What a launch needs from a government: states of a permit, the steps between them, and their rules."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from baiterek.campaign.machine import Step, reason_given
from baiterek.campaign.reason import because


class PermitKind(StrEnum):
    """What is permitted."""

    CONCLUSION = "conclusion"
    """Of the Government of Kazakhstan on the plan of launches of a year; its subject is the plan."""
    ZONE = "zone"
    """To let stages fall there; its subject is the drop zone."""
    LAUNCH = "launch"
    """Of one launch (rules No. 838 of 26 June 2012, Kazakhstan); its subject is the flight."""


class PermitState(StrEnum):
    """Where a permit stands."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Grant(NamedTuple):
    """What the rules of a permit look at."""

    reason: str
    document: str
    valid_to: str | None


def document_named(grant: Grant) -> str | None:
    """Its document is named, and until when it is valid."""
    if not grant.document.strip():
        return because("the document that gives it is not named")
    return None if grant.valid_to else because("it does not say until which day it is valid")


P = PermitState
PERMIT_STEPS: tuple[Step[PermitState, Grant], ...] = (
    Step(P.ASKED, P.GIVEN, "given", (document_named,)),
    Step(P.ASKED, P.REFUSED, "refused", (reason_given,)),
    Step(P.GIVEN, P.WITHDRAWN, "taken back", (reason_given,)),
    *(Step(state, P.ASKED, "asked for again", (reason_given,)) for state in (P.REFUSED, P.WITHDRAWN)),
)
"""Every step of a permit that exists."""
