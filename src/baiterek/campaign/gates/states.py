"""Gates of a flight: what a decision is, its votes, its conditions, its checklist; states, steps and the rule of each step.

The order of the gates is that of the press on state commissions (readiness for roll-out, for fuelling, for launch); that a
decision needs both co-chairs follows from the agreement's two parts. Quorum and majority are a row of the record, since the
agreement's text on them is not public. Plain functions over plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.machine import EITHER, Step, reason_given
from baiterek.campaign.reason import because

OTHER = "the other part"


class CriterionKind(StrEnum):
    """What an entry of a checklist is."""

    CHECK = "check"
    """Something that is so, or is not."""
    CONCLUSION = "conclusion"
    """A document that somebody must have given: it is met by evidence alone, and no condition carries it."""


class CriterionState(StrEnum):
    """Where an entry stands."""

    OPEN = "open"
    MET = "met"


class DecisionState(StrEnum):
    """Where a decision stands; whether its gate holds is another question, asked anew each time."""

    DRAFT = "draft"
    VOTING = "voting"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ConditionState(StrEnum):
    """Where a condition stands: done, says the part that answers for it; closed, when the other part agrees."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


class Word(StrEnum):
    """What a member says to a decision."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Tally(NamedTuple):
    """The votes of one part."""

    members: int
    """Who may vote: co-chair, deputies and members in office on that day."""
    cast: int
    in_favour: int


class Poll(NamedTuple):
    """What the rules of a decision look at."""

    reason: str
    texts: bool
    """Whether it is written in Russian and in Kazakh."""
    expires: str | None
    day: str
    blockers: tuple[str, ...]
    """Why the gate cannot be passed, what the decision carries left out."""
    changed: tuple[str, ...]
    """What it was put to the vote with, and is not so any more."""
    another: str | None
    """A decision on the same gate that is being voted on."""
    tallies: Mapping[Part, Tally]
    quorum: Fraction
    majority: Fraction
    passed: bool
    """Whether its gate was passed under it, and not turned back."""


def tally(words: Iterable[Word], members: int) -> Tally:
    """The votes of one part, counted."""
    listed = list(words)
    return Tally(members, len(listed), listed.count(Word.FOR))


def texts_given(poll: Poll) -> str | None:
    """Its text stands in Russian and in Kazakh."""
    return None if poll.texts else because("the text of the decision is needed in Russian and in Kazakh")


def expiry_ahead(poll: Poll) -> str | None:
    """It says until which day it is valid, and that day is not past."""
    if poll.expires is None:
        return because("it does not say until which day it is valid")
    return because("it expired on {day}", day=poll.expires) if poll.expires < poll.day else None


def alone(poll: Poll) -> str | None:
    """No other decision on that gate is being voted on."""
    return because("decision {id} on this gate is being voted on", id=poll.another) if poll.another else None


def nothing_blocks(poll: Poll) -> str | None:
    """Everything that blocks is closed, waived for this flight, or carried as a condition."""
    return poll.blockers[0] if poll.blockers else None


def unchanged(poll: Poll) -> str | None:
    """Evidence and configuration are those with which it was put to the vote."""
    return poll.changed[0] if poll.changed else None


def quorum_reached(poll: Poll) -> str | None:
    """In each part as many have voted as the voting rule asks for."""
    for part, found in poll.tallies.items():
        if not found.cast or Fraction(found.cast) < poll.quorum * found.members:
            return because(
                "no quorum in the {part} part: {cast} of {members} voted, {quorum} of them are needed",
                part=part, cast=found.cast, members=found.members, quorum=poll.quorum,
            )  # fmt: skip
    return None


def voted_for(poll: Poll) -> str | None:
    """In each part more than the majority of the votes are for it."""
    part = _against(poll)
    return because("the {part} part did not vote for it", part=part) if part else None


def voted_down(poll: Poll) -> str | None:
    """In one part they are not."""
    return None if _against(poll) else because("both parts voted for it")


def _against(poll: Poll) -> Part | None:
    return next((p for p, found in poll.tallies.items() if Fraction(found.in_favour) <= poll.majority * found.cast), None)


def not_passed(poll: Poll) -> str | None:
    """Its gate was not passed under it: what it asked for would be forgotten."""
    return because("its gate was passed under it: turn that back first") if poll.passed else None


D = DecisionState
DECISION_STEPS: tuple[Step[DecisionState, Poll], ...] = (
    Step(D.DRAFT, D.VOTING, "put to the vote", (texts_given, expiry_ahead, alone, nothing_blocks), EITHER),
    Step(D.VOTING, D.ADOPTED, "voted for", (quorum_reached, voted_for, expiry_ahead, unchanged, nothing_blocks), EITHER),
    Step(D.VOTING, D.REJECTED, "voted down", (quorum_reached, voted_down), EITHER),
    *(Step(state, D.WITHDRAWN, "taken back", (reason_given, not_passed), EITHER) for state in (D.DRAFT, D.VOTING, D.ADOPTED)),
)
"""Every step of a decision that exists."""


class Work(NamedTuple):
    """What the rules of a condition and of an entry of a checklist look at."""

    reason: str
    whole: int
    """Pieces of its evidence that are there and unchanged."""
    broken: tuple[str, ...]
    evidence_needed: bool


def work_shown(work: Work) -> str | None:
    """Its evidence is whole; a required conclusion has some."""
    if work.broken:
        return because("evidence {id} is missing or was changed", id=work.broken[0])
    return None if work.whole or not work.evidence_needed else because("the document itself is not attached as evidence")


C = ConditionState
CONDITION_STEPS: tuple[Step[ConditionState, Work], ...] = (
    Step(C.OPEN, C.DONE, "done, says the part that answers for it", (reason_given, work_shown)),
    Step(C.DONE, C.CLOSED, "agreed", (reason_given, work_shown), OTHER),
    Step(C.DONE, C.OPEN, "not agreed, or taken back", (reason_given,), EITHER),
    Step(C.CLOSED, C.OPEN, "seen again", (reason_given,), EITHER),
)
"""Every step of a condition that exists."""

CRITERION_STEPS: tuple[Step[CriterionState, Work], ...] = (
    Step(CriterionState.OPEN, CriterionState.MET, "met", (reason_given, work_shown)),
    Step(CriterionState.MET, CriterionState.OPEN, "not met any more", (reason_given,), EITHER),
)
"""Every step of an entry of a checklist that exists."""


def fraction(text: str) -> Fraction | None:
    """A share as the record writes it, `1/2`; None where the text is none between 0 and 1."""
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 1 and len(text) <= 20 else None
