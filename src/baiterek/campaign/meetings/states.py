"""Meetings, from drafted to signed by both parts: states, steps and the rule of each step, over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.states import Tally, Word
from baiterek.campaign.machine import EITHER, Step, reason_given
from baiterek.campaign.reason import because


class MeetingState(StrEnum):
    """Where a meeting stands; whether the signatures under its protocol are good is asked anew at each reading."""

    DRAFTED = "drafted"
    CONVENED = "convened"
    HELD = "held"
    ISSUED = "issued"
    """Its protocol is issued, and not signed by both parts."""
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """How somebody took part."""

    PRESENT = "present"
    REMOTE = "remote"
    ABSENT = "absent"


class Basis(StrEnum):
    """How a decision of a meeting came about."""

    NOTED = "noted"
    """Something was taken note of; nobody votes."""
    CONSENSUS = "consensus"
    """Nobody present was against it."""
    VOTE = "vote"
    """By the votes of the seats that were present."""
    GATE = "gate"
    """A decision on a gate: its text, its votes and what becomes of it are there."""


class Outcome(StrEnum):
    """What became of it."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    OPEN = "open"


class Bench(NamedTuple):
    """One part at a meeting."""

    members: int
    """Seats with a vote in office on that day."""
    present: int
    chaired: bool
    """Whether its co-chair or a deputy was there."""


class Sitting(NamedTuple):
    """What the rules of a meeting look at."""

    reason: str
    texts: bool
    """Whether its title and its place are written in Russian and in Kazakh."""
    items: int
    begun: bool
    benches: Mapping[Part, Bench]
    quorum: Fraction
    undecided: tuple[int, ...]
    """Items of the agenda on which nothing was put down."""
    not_settled: tuple[str, ...]
    """Why a decision of it cannot stand in a protocol."""
    counted: bool
    """Whether anything was decided by consensus or by vote."""
    broken: tuple[str, ...]
    signed: frozenset[Part]
    """Parts whose signature is good."""


def texts_given(sitting: Sitting) -> str | None:
    """Title and place stand in Russian and in Kazakh."""
    return None if sitting.texts else because("title and place are needed in Russian and in Kazakh")


def agenda_given(sitting: Sitting) -> str | None:
    """There is an agenda."""
    return None if sitting.items else because("it has no agenda")


def begun(sitting: Sitting) -> str | None:
    """Its time has come."""
    return None if sitting.begun else because("it has not begun yet")


def chaired(sitting: Sitting) -> str | None:
    """Of each part the co-chair or a deputy was there."""
    part = next((part for part, bench in sitting.benches.items() if not bench.chaired), None)
    return because("neither the co-chair nor a deputy of the {part} part was there", part=part) if part else None


def all_decided(sitting: Sitting) -> str | None:
    """On each item of the agenda something was decided or taken note of."""
    if not sitting.undecided:
        return None
    return because("nothing was decided on item {number} of the agenda", number=sitting.undecided[0])


def settled(sitting: Sitting) -> str | None:
    """Each decision was voted on to its end."""
    return sitting.not_settled[0] if sitting.not_settled else None


def quorum_present(sitting: Sitting) -> str | None:
    """What was decided by consensus or by vote was decided with the quorum of each part present."""
    for part, bench in sitting.benches.items():
        if sitting.counted and (not bench.present or Fraction(bench.present) < sitting.quorum * bench.members):
            return because(
                "no quorum in the {part} part: {present} of {members} were present, {quorum} of them are needed",
                part=part, present=bench.present, members=bench.members, quorum=sitting.quorum,
            )  # fmt: skip
    return None


def materials_whole(sitting: Sitting) -> str | None:
    """Its materials are there and unchanged."""
    return because("evidence {id} is missing or was changed", id=sitting.broken[0]) if sitting.broken else None


def both_signed(sitting: Sitting) -> str | None:
    """The signature of each part is good."""
    part = next((part for part in Part if part not in sitting.signed), None)
    return because("the {part} part has not signed", part=part) if part else None


M = MeetingState
MEETING_STEPS: tuple[Step[MeetingState, Sitting], ...] = (
    Step(M.DRAFTED, M.CONVENED, "called", (texts_given, agenda_given)),
    Step(M.CONVENED, M.HELD, "it took place", (begun, chaired), EITHER),
    Step(
        M.HELD, M.ISSUED, "its protocol is issued, and frozen",
        (all_decided, settled, quorum_present, materials_whole), EITHER,
    ),
    Step(M.ISSUED, M.SIGNED, "signed by both parts; the second signature takes this step", (both_signed,), EITHER),
    *(
        Step(state, M.HELD, "taken up again: what is issued next is a new revision", (reason_given,), EITHER)
        for state in (M.ISSUED, M.SIGNED)
    ),
    *(Step(state, M.CANCELLED, "called off", (reason_given,)) for state in (M.DRAFTED, M.CONVENED)),
)  # fmt: skip
"""Every step of a meeting that exists."""

PREPARED = (M.DRAFTED, M.CONVENED)
"""While its agenda and materials change."""
MINUTED = (M.CONVENED, M.HELD)
"""While attendance, decisions and votes are put down."""


def outcome(basis: Basis, tallies: Mapping[Part, Tally], majority: Fraction) -> Outcome:
    """What became of a decision of the meeting itself, by its votes: in each part those in favour exceed the majority."""
    if basis is not Basis.VOTE:
        return Outcome.ADOPTED
    if not all(found.cast for found in tallies.values()):
        return Outcome.OPEN
    carried = all(Fraction(found.in_favour) > majority * found.cast for found in tallies.values())
    return Outcome.ADOPTED if carried else Outcome.REJECTED


def not_settled(number: int, basis: Basis, words: Mapping[str, Word], result: Outcome) -> Iterable[str]:
    """Why a decision cannot stand in a protocol; `words` are those of the seats."""
    if basis is Basis.CONSENSUS:
        against = sorted(seat for seat, word in words.items() if word is Word.AGAINST)
        if against:
            yield because("decision {number} is not by consensus: {seat} was against it", number=number, seat=against[0])
    if result is Outcome.OPEN:
        yield because("decision {number} was not voted on to its end", number=number)
