"""Whether a gate of a flight holds, asked anew each time: what blocks it, what changed since it was signed, what is missing.

`standings` looks at everything once (`sight`) and answers for all gates: `obstacles` is what stands against one, `binding` what
was signed against what is. Nothing of the answer is stored: whatever changes in the record, or in the store of evidence, shows
at the next look.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.binding import lapses
from baiterek.campaign.gates.item import Item
from baiterek.campaign.gates.obstacles import meets
from baiterek.campaign.gates.records import Decision, Signature
from baiterek.campaign.gates.sight import Sight, governing, sight
from baiterek.campaign.gates.states import DecisionState
from baiterek.campaign.programme.matrix import Faults
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because


class Stands(StrEnum):
    """How a gate stands, in a word."""

    HOLDS = "holds"
    VOID = "void"
    """What was signed is not what is there any more."""
    BLOCKED = "blocked"
    AWAITED = "awaited"
    """Nothing blocks it: a decision, or a signature, is still to come."""


class Standing(NamedTuple):
    """How a gate stands."""

    flight: str
    gate: Gate
    decision: Decision | None
    """The one that governs it."""
    amiss: tuple[str, ...]
    """What its decision lacks, and what is wrong with what was signed, but for what an item says."""
    items: tuple[Item, ...]
    """What it meets, what blocks first."""
    signatures: tuple[Signature, ...]
    passed_at: str | None
    """When it was passed, if it was and was not turned back."""
    lapsed: tuple[str, ...] = ()
    """What is wrong with what was signed, all of it."""

    @property
    def blocking(self) -> int:
        """How many of the items, from the first on, block."""
        return bisect_left(self.items, True, key=lambda item: not item.blocks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it does not hold; none: it holds. There may be thousands: `amiss` and `items` say the same one by one."""
        return (*self.amiss, *(item.why for item in self.items[: self.blocking]))

    @property
    def holds(self) -> bool:
        """Whether it holds now."""
        return not self.amiss and not self.blocking

    @property
    def stands(self) -> Stands:
        """The same in a word."""
        if self.holds:
            return Stands.HOLDS
        if self.lapsed:
            return Stands.VOID
        return Stands.BLOCKED if self.blocking else Stands.AWAITED


def standings(connection: Connection, faults: Faults, flight: str, day: str) -> dict[Gate, Standing]:
    """Every gate of a flight on a day; `faults` says which evidence is broken."""
    return stand(sight(connection, faults, flight, day))


def stand(seen: Sight, before: Gate | None = None) -> dict[Gate, Standing]:
    """The gates in their order, all or those before one: each asks whether the one before it holds, or was passed."""
    found = dict[Gate, Standing]()
    for gate in (one for one in Gate if before is None or one < before):
        decision = governing(seen.decisions[gate])
        listed = meets(seen, gate, decision, _shut(found, gate))
        signatures = tuple(seen.signatures[decision.id]) if decision else ()
        wrong = list(lapses(seen, decision)) if decision else []
        # The same piece of evidence may break a signed decision and an entry of the checklist: it is said once, by the entry.
        said = {item.why for item in listed if item.blocks} if wrong else set[str]()
        amiss = tuple(why for why in dict.fromkeys([*_lacks(decision, signatures), *wrong]) if why not in said)
        passage = seen.passages.get(gate)
        passed_at = passage.at if passage is not None and passage.turned_back_at is None else None
        lapsed = tuple(wrong) if signatures else ()
        found[gate] = Standing(seen.flight.id, gate, decision, amiss, tuple(listed), signatures, passed_at, lapsed)
    return found


def met(seen: Sight, decision: Decision) -> list[Item]:
    """What stands against the gate of a decision, whether it governs that gate or not."""
    return meets(seen, decision.gate, decision, _shut(stand(seen, decision.gate), decision.gate))


def _shut(found: Mapping[Gate, Standing], gate: Gate) -> Gate | None:
    """The gate before one, where it neither holds nor was passed."""
    before = max((one for one in Gate if one < gate), default=None)
    return before if before is not None and not found[before].holds and found[before].passed_at is None else None


def _lacks(decision: Decision | None, signatures: Sequence[Signature]) -> Iterable[str]:
    """What the decision on a gate has not come to: it is adopted, and signed by both co-chairs."""
    if decision is None:
        yield because("no decision has been adopted")
    elif decision.state is not DecisionState.ADOPTED:
        yield because("decision {id} is {state}", id=decision.id, state=decision.state)
    else:
        signed = {one.part for one in signatures}
        yield from (because("the co-chair of the {part} part has not signed", part=part) for part in Part if part not in signed)
