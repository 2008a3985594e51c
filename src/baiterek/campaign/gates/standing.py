"""Whether a gate of a flight holds, asked anew each time: what blocks it, what changed since it was signed, what is missing.

`standings` looks at everything once and answers for all gates. Nothing of the answer is stored: whatever changes in the
record, or in the store of evidence, shows at the next look.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import RECEIVED
from baiterek.campaign.complex.states import State as ObjectState
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.gates.open_items import items
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import (
    Condition,
    Criterion,
    Decision,
    Flight,
    LaunchPlan,
    Passage,
    Permit,
    Signature,
    SigningKey,
    Vote,
)
from baiterek.campaign.gates.signatures import signature_faults
from baiterek.campaign.gates.states import ConditionState, CriterionKind, CriterionState, DecisionState
from baiterek.campaign.log.chain import canonical
from baiterek.campaign.programme.matrix import Faults, Row, matrix
from baiterek.campaign.programme.verification import Compliance, Gate
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import Severity
from baiterek.campaign.rows import reading

GATES = tuple(Gate)
CARRY_MAJOR = "carry_major"
One = TypeVar("One")


class Item(NamedTuple):
    """Something that a gate meets: it blocks unless something lets it pass."""

    entity: str
    id: str
    part: Part | None
    """Who owes it; None: both."""
    why: str
    passed_by: str = ""
    """`waiver ID` or `condition ID` that lets it pass here."""
    carriable: bool = False
    """Whether a condition may carry it."""

    @property
    def blocks(self) -> bool:
        """Whether nothing lets it pass."""
        return not self.passed_by


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


class Registered(NamedTuple):
    """What a gate looks at of an object of the complex."""

    id: str
    site: str
    kind: str
    name: str
    part: Part
    systems: str
    """JSON, as stored."""
    designer: str
    documents: str
    """JSON, as stored."""
    state: ObjectState


class Sight(NamedTuple):
    """Everything that the gates of a flight are about."""

    flight: Flight
    day: str
    criteria: Mapping[Gate, list[Criterion]]
    decisions: Mapping[Gate, list[Decision]]
    conditions: list[Condition]
    votes: Mapping[str, list[Vote]]
    signatures: Mapping[str, list[Signature]]
    keys: Mapping[str, SigningKey]
    memberships: Mapping[str, Membership]
    passages: Mapping[Gate, Passage]
    plans: list[LaunchPlan]
    permits: list[Permit]
    objects: int
    """How many the register holds."""
    remarks: list[Remark]
    rows: list[Row]
    waivers: list[Waiver]
    evidence: Mapping[str, Evidence]
    broken: frozenset[str]
    """Evidence whose content is missing or was changed."""
    ground: str
    """The hash of the complex: of what the objects are, and of its configuration."""
    unaccepted: list[Item]
    """Objects that block every gate, in the order of their names: there may be thousands, and they are the same at each."""


def standings(connection: Connection, faults: Faults, flight: str, day: str) -> dict[Gate, Standing]:
    """Every gate of a flight on a day; `faults` says which evidence is broken."""
    return stand(sight(connection, faults, flight, day))


def stand(seen: Sight) -> dict[Gate, Standing]:
    """The gates in their order: each asks whether the one before holds, or was passed."""
    found = dict[Gate, Standing]()
    for gate in GATES:
        decision = governing(seen.decisions[gate])
        listed = meets(seen, gate, decision, found)
        signatures = tuple(seen.signatures[decision.id]) if decision else ()
        wrong = list(_lapses(seen, decision)) if decision else []
        # The same piece of evidence may break a signed decision and an entry of the checklist: it is said once, by the entry.
        said = {item.why for item in listed if item.blocks} if wrong else set[str]()
        amiss = tuple(why for why in dict.fromkeys([*_lacks(decision, signatures), *wrong]) if why not in said)
        passage = seen.passages.get(gate)
        passed_at = passage.at if passage is not None and passage.turned_back_at is None else None
        lapsed = tuple(wrong) if signatures else ()
        found[gate] = Standing(seen.flight.id, gate, decision, amiss, tuple(listed), signatures, passed_at, lapsed)
    return found


def governing(decisions: Sequence[Decision]) -> Decision | None:
    """Of decisions on one gate, the last one that was voted on to its end, whatever became of it."""
    return max((one for one in decisions if one.closed_at is not None), key=lambda one: one.number, default=None)


def sight(connection: Connection, faults: Faults, flight: str, day: str) -> Sight:
    """Look at everything once."""
    there = reading.get(connection, Flight, flight)
    evidence = {piece.id: piece for piece in reading.every(connection, Evidence)}
    known = faults(list(evidence.values()))
    bad = frozenset(fault.evidence.id for fault in known)
    decisions = reading.every(connection, Decision, flight=flight)
    names = {one.id for one in decisions}
    mine = there.example
    objects = reading.glimpses(connection, GroundObject, Registered, (ObjectState.OUT_OF_SERVICE,), example=mine)
    return Sight(
        there, day,
        _grouped(reading.every(connection, Criterion, flight=flight), lambda one: one.gate),
        _grouped(decisions, lambda one: one.gate),
        [one for one in reading.every(connection, Condition) if one.decision in names],
        _grouped((one for one in reading.every(connection, Vote) if one.decision in names), lambda one: one.decision),
        _grouped((one for one in reading.every(connection, Signature) if one.decision in names), lambda one: one.decision),
        {one.id: one for one in reading.every(connection, SigningKey)},
        {one.id: one for one in reading.every(connection, Membership)},
        {one.gate: one for one in reading.every(connection, Passage, flight=flight)},
        [one for one in reading.every(connection, LaunchPlan) if one.example == mine and flight in one.flights],
        [one for one in reading.every(connection, Permit) if one.example == mine],
        len(objects),
        [one for one in reading.every(connection, Remark) if one.example == mine],
        [row for row in matrix(connection, lambda pieces: known, day) if row.verification.example == mine],
        reading.every(connection, Waiver),
        evidence, bad, _ground(there, objects), list(_unaccepted(objects)),
    )  # fmt: skip


# --- what a gate meets ----------------------------------------------------------------------------------


def meets(seen: Sight, gate: Gate, decision: Decision | None, before: Mapping[Gate, Standing]) -> list[Item]:
    """Everything that stands against a gate, and what lets it pass under `decision`; what blocks first."""
    found = [
        *_checklist(seen, gate), *_unsettled(seen, gate, decision), *_conditions(seen, gate), *_register(seen),
        *_configuration(seen, gate), *_earlier(seen, gate, before), *_permits(seen, gate),
    ]  # fmt: skip
    carried = _carried(seen, gate, decision)
    treated = sorted((_carry(item, carried.get((item.entity, item.id))) for item in found), key=_order)
    if not seen.unaccepted:
        return treated
    # No condition carries them and nothing else is of their kind: they stand in one piece where their order puts them.
    place = bisect_left(treated, _order(seen.unaccepted[0]), key=_order)
    return [*treated[:place], *seen.unaccepted, *treated[place:]]


def _order(item: Item) -> tuple[bool, str, str]:
    return not item.blocks, item.entity, item.id


def _carry(item: Item, condition: str | None) -> Item:
    passes = item.blocks and item.carriable and condition is not None
    return item._replace(passed_by=f"condition {condition}") if passes else item


def _carried(seen: Sight, gate: Gate, decision: Decision | None) -> dict[tuple[str, str], str]:
    """What is carried past a gate: by conditions, due later, of its own decision and of those that govern earlier gates."""
    at_work = {decision.id} if decision else set()
    for earlier in GATES[: GATES.index(gate)]:
        one = governing(seen.decisions[earlier])
        if one is not None and one.state is DecisionState.ADOPTED:
            at_work.add(one.id)
    return {(one.entity, one.entity_id): one.id for one in seen.conditions if one.decision in at_work and one.due_gate > gate}


def _checklist(seen: Sight, gate: Gate) -> Iterable[Item]:
    listed = seen.criteria[gate]
    if not listed:
        yield Item("checklist", f"{seen.flight.id}:{gate}", None, because("gate {gate} has no entrance checklist", gate=gate))
    cited = _grouped(seen.evidence.values(), lambda piece: (piece.entity, piece.entity_id))
    for one in listed:
        bad = [piece.id for piece in cited["criterion", one.id] if piece.id in seen.broken]
        if bad:
            why = because("evidence {id} is missing or was changed", id=bad[0])
            yield Item("criterion", one.id, one.part, why)
        elif one.state is CriterionState.OPEN:
            why = because("entry {id} of the checklist is open", id=one.id)
            yield Item("criterion", one.id, one.part, why, carriable=one.kind is CriterionKind.CHECK)


def _unsettled(seen: Sight, gate: Gate, decision: Decision | None) -> Iterable[Item]:
    """Remarks and rows of the matrix; broken evidence, and what nobody has classified, no condition carries."""
    remarks = {one.id: one for one in seen.remarks}
    rows = {row.verification.id: row for row in seen.rows}
    carry_major = decision is not None and decision.rule.get(CARRY_MAJOR) == "yes"
    for item in items(seen.remarks, seen.rows, seen.waivers, gate, seen.flight.id, seen.day):
        if item.entity == "remark":
            severity = remarks[item.id].severity
            carriable = severity is Severity.MINOR or (severity is Severity.MAJOR and carry_major)
        else:
            row = rows[item.id]
            departs = row.verification.compliance in (Compliance.NO, Compliance.PARTIAL)
            carriable = not row.shown.broken and not departs
        why = because("{entity} {id}: {why}", entity=item.entity, id=item.id, why=item.why)
        passed_by = f"waiver {item.waiver}" if item.waiver else ""
        yield Item(item.entity, item.id, item.part, why, passed_by, carriable)


def _conditions(seen: Sight, gate: Gate) -> Iterable[Item]:
    """Those due by now of every decision that was adopted: taken anew, it does not lose what it owed."""
    adopted = {one.id for listed in seen.decisions.values() for one in listed if one.state is DecisionState.ADOPTED}
    for one in seen.conditions:
        if one.decision in adopted and one.due_gate <= gate and one.state is not ConditionState.CLOSED:
            why = because("condition {id} was due by gate {gate}", id=one.id, gate=one.due_gate)
            yield Item("decision_condition", one.id, one.part, why, carriable=True)


def _register(seen: Sight) -> Iterable[Item]:
    if not seen.objects:
        yield Item("register", seen.flight.id, Part.KZ, because("the register holds no ground object"))


def _unaccepted(objects: Iterable[Registered]) -> Iterable[Item]:
    for one in objects:
        if one.state not in RECEIVED:
            why = because("ground object {id} is not accepted: {state}", id=one.id, state=one.state)
            yield Item("ground_object", one.id, one.part, why)


def _configuration(seen: Sight, gate: Gate) -> Iterable[Item]:
    if gate > Gate.G0 and not seen.flight.vehicle:
        yield Item("flight", seen.flight.id, Part.RU, because("the configuration of the vehicle is not entered"))


def _earlier(seen: Sight, gate: Gate, before: Mapping[Gate, Standing]) -> Iterable[Item]:
    if gate is Gate.G0:
        return
    last = before[GATES[GATES.index(gate) - 1]]
    if not last.holds and last.passed_at is None:
        why = because("gate {gate} before it does not hold", gate=last.gate)
        yield Item("gate", f"{seen.flight.id}:{last.gate}", None, why)


def _permits(seen: Sight, gate: Gate) -> Iterable[Item]:
    """A launch needs the government's conclusion on a plan that has the flight, and each drop zone its permission."""
    if gate is not Gate.G4:
        return
    given = [one for one in seen.permits if permitted(one, seen.day)]
    plans = {plan.id for plan in seen.plans}
    if not any(one.kind is PermitKind.CONCLUSION and one.subject in plans for one in given):
        why = because("no conclusion of the Government of Kazakhstan is in force on a plan of launches that has this flight")
        yield Item("permit", "conclusion", Part.KZ, why)
    for zone in seen.flight.zones:
        covers = (one for one in given if one.kind is PermitKind.ZONE and one.subject == zone)
        if not any(not one.flights or seen.flight.id in one.flights for one in covers):
            yield Item("permit", zone, None, because("drop zone {zone} has no permission in force", zone=zone))


def permitted(permit: Permit, day: str) -> bool:
    """Whether a permit is in force on a day, the first and the last one included."""
    starts, ends = permit.valid_from or "", permit.valid_to or ""
    return permit.state is PermitState.GIVEN and starts <= day <= ends


# --- what its decision lacks ------------------------------------------------------------------------------


def _lacks(decision: Decision | None, signatures: Sequence[Signature]) -> Iterable[str]:
    """What the decision on a gate has not come to: it is adopted, and signed by both co-chairs."""
    if decision is None:
        yield because("no decision has been adopted")
    elif decision.state is not DecisionState.ADOPTED:
        yield because("decision {id} is {state}", id=decision.id, state=decision.state)
    else:
        signed = {one.part for one in signatures}
        yield from (because("the co-chair of the {part} part has not signed", part=part) for part in Part if part not in signed)


def _lapses(seen: Sight, decision: Decision) -> Iterable[str]:
    """Why an adopted decision, as far as it is signed, does not carry its gate any more."""
    if decision.state is not DecisionState.ADOPTED:
        return
    if decision.valid_to is None or decision.valid_to < seen.day:
        yield because("decision {id} expired on {day}", id=decision.id, day=decision.valid_to or "?")
    yield from changes(seen, decision)
    now = sections(seen, decision)
    for part in Part:
        signature = next((one for one in seen.signatures[decision.id] if one.part is part), None)
        if signature is None:
            continue
        yield from signature_faults(signature, seen.keys.get(signature.key), seen.memberships.get(signature.membership))
        for name in sorted(now.keys() | signature.sections.keys()):
            if now.get(name) != signature.sections.get(name):
                yield because("{section}: changed since the {part} part signed", section=name, part=part)


def changes(seen: Sight, decision: Decision) -> Iterable[str]:
    """What is no longer as it was when the decision was put to the vote."""
    for name, sha256 in decision.evidence.items():
        if name in seen.broken or name not in seen.evidence or seen.evidence[name].sha256 != sha256:
            yield because("evidence {id} is missing or was changed", id=name)
    now = configuration(seen, decision.gate)
    for name, was in decision.configuration.items():
        if now.get(name) != was:
            yield because("{section}: changed since decision {id} was put to the vote", section=name, id=decision.id)


def sections(seen: Sight, decision: Decision) -> dict[str, str]:
    """What a signature binds, each under its hash, as it is now."""
    votes = [[one.id, one.membership, one.part, one.word, one.dissent, one.at] for one in seen.votes[decision.id]]
    carried = [
        [one.id, one.part, one.due_gate, one.text_ru, one.text_kk, one.text_en, one.entity, one.entity_id, one.organisation]
        for one in seen.conditions
        if one.decision == decision.id
    ]
    checklist = [
        [one.id, one.kind, one.part, one.text_ru, one.text_kk, one.text_en, one.organisation, one.state, one.basis]
        for one in seen.criteria[decision.gate]
    ]
    texts = [
        decision.id, decision.flight, decision.gate, decision.number, decision.text_ru, decision.text_kk, decision.text_en,
        decision.valid_to, decision.closed_at,
    ]  # fmt: skip
    evidence = {name: seen.evidence[name].sha256 if name in seen.evidence else "" for name in decision.evidence}
    bound: dict[str, Any] = {
        "text": texts, "votes": votes, "conditions": carried, "checklist": checklist, "rule": decision.rule,
        "evidence": [evidence, decision.evidence], "waivers": decision.waived,
    }  # fmt: skip
    return {name: digest(value) for name, value in bound.items()} | configuration(seen, decision.gate)


def configuration(seen: Sight, gate: Gate) -> dict[str, str]:
    """The hashes of vehicle and complex; the complex alone where it is accepted before there is a vehicle.

    The state of an object is no part of it, what the object is, is. From the launch on the drop zones are: their permits were
    asked for by them.
    """
    found = {"ground": seen.ground}
    if gate > Gate.G0:
        found["vehicle"] = digest(seen.flight.vehicle)
    if gate >= Gate.G4:
        found["zones"] = digest(seen.flight.zones)
    return found


def _ground(flight: Flight, objects: Iterable[Registered]) -> str:
    register = [
        (one.id, one.site, one.kind, one.name, _list(one.systems), one.designer, _list(one.documents)) for one in objects
    ]
    return digest([flight.ground, register])


@lru_cache(maxsize=2**15)
def _list(text: str) -> tuple[Any, ...]:
    """A list out of its JSON: many objects share theirs, and a page reads those of all of them."""
    return tuple(json.loads(text))


def rests_on(seen: Sight, gate: Gate, decision: str) -> dict[str, str]:
    """The evidence on which a decision rests: its own, that of its checklist, of everything due by then, of the permits."""
    remarks = {one.id for one in seen.remarks if one.due_gate is not None and one.due_gate <= gate}
    citing = {("decision", decision)} | {("remark", name) for name in remarks}
    citing |= {("criterion", one.id) for one in seen.criteria[gate]}
    citing |= {("decision_condition", one.id) for one in seen.conditions if one.due_gate <= gate}
    citing |= {("waiver", one.id) for one in seen.waivers if seen.flight.id in one.flights}
    citing |= {("permit", one.id) for one in seen.permits}
    due = [row for row in seen.rows if row.verification.due_gate is not None and row.verification.due_gate <= gate]
    found = {piece.id: piece.sha256 for row in due for piece in row.evidence}
    found |= {p.id: p.sha256 for p in seen.evidence.values() if (p.entity, p.entity_id) in citing}
    return dict(sorted(found.items()))


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of plain values."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _grouped(found: Iterable[One], key: Callable[[One], Any]) -> defaultdict[Any, list[One]]:
    groups = defaultdict[Any, list[One]](list)
    for one in found:
        groups[key(one)].append(one)
    return groups
