"""Gates of a flight, from the checklist to the signatures: who does what, in one transaction each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, Actor, seat_denial
from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.evidence.store import broken, cited
from baiterek.campaign.gates.binding import changes, configuration, rests_on, sections
from baiterek.campaign.gates.obstacles import CARRY_MAJOR
from baiterek.campaign.gates.records import Condition, Criterion, Decision, Flight, Passage, Signature, Vote, VotingRule
from baiterek.campaign.gates.sight import Sight, governing, sight
from baiterek.campaign.gates.signatures import BODY, make, signature_faults
from baiterek.campaign.gates.standing import met, stand
from baiterek.campaign.gates.states import (
    CONDITION_STEPS,
    CRITERION_STEPS,
    DECISION_STEPS,
    OTHER,
    ConditionState,
    CriterionKind,
    CriterionState,
    DecisionState,
    Poll,
    Tally,
    Word,
    Work,
    fraction,
    tally,
)
from baiterek.campaign.log.change import Change
from baiterek.campaign.machine import Step
from baiterek.campaign.programme.records import Verification
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID, NAMES
from baiterek.errors import Denied, Refused

RULE = "commission"
"""Name of the voting rule that decisions take."""
TEMPLATE = Path(__file__).with_name("gates.toml")
VOTERS = (Role.CO_CHAIR, Role.DEPUTY, Role.MEMBER)
ITEMS = {"vehicle": Part.RU, "ground": Part.KZ, "zones": Part.RU}
"""What of a flight each part answers for: Russia for the vehicle and the launch, Kazakhstan for the complex."""
CARRIABLE: dict[str, Any] = {NAMES[kind]: kind for kind in (Remark, Verification, Criterion, Condition)}
"""What a condition may carry past a gate, by its name in the log."""
D = DecisionState


def plan_flight(change: Change, flight: Flight, reason: str = "") -> Flight:
    """A new flight, its configuration yet empty, with the entrance checklists of its gates."""
    name = f"flight {flight.id}"
    change.allow(Action.DRAFT, flight.part, name)
    if not ID.fullmatch(flight.id) or not flight.name.strip():
        raise Refused(name, because("it needs a name, and an id of letters, digits and . _ / - only, at most 64"))
    made = change.create(Flight(flight.id, flight.name, flight.part, example=flight.example), reason, "plan")
    for criterion in template(flight.id, flight.example):
        change.create(criterion, "the usual checklist", "plan")
    return made


def template(flight: str, example: bool) -> list[Criterion]:
    """The usual checklists, from `gates.toml`."""
    document = tomllib.loads(TEMPLATE.read_text(encoding="utf-8"))
    return [
        Criterion(
            f"{flight}-{gate}-{k:02}", flight, Gate(gate), CriterionKind(row["kind"]), Part(row["part"]), row["ru"], row["kk"],
            row["en"], row.get("organisation", ""), document["sources"][row["source"]], example=example,
        )
        for gate, rows in document["gates"].items()
        for k, row in enumerate(rows, 1)
    ]  # fmt: skip


def configure(
    change: Change, id: str, what: str, items: Iterable[str], reason: str, revision: int | None = None
) -> Flight:  # fmt: skip
    """What flies (`vehicle`), with which complex (`ground`), over which drop zones (`zones`)."""
    there = reading.get(change.connection, Flight, id)
    if what not in ITEMS:
        raise Refused(f"flight {id}", because("its configuration is {known}", known=", ".join(ITEMS)))
    change.allow(Action.ACT, ITEMS[what], f"flight {id}")
    change.unchanged(there, revision)
    if not reason.strip():
        raise Refused(f"flight {id}", because("a reason is needed"))
    entered: dict[str, Any] = {what: tuple(items)}
    return change.update(replace(there, **entered), reason, "configure")


def draft_criterion(change: Change, criterion: Criterion, reason: str = "") -> Criterion:
    """A further entry of a checklist: open, whoever enters it."""
    name = f"criterion {criterion.id}"
    change.allow(Action.DRAFT, change.actor.part, name)
    above = reading.get(change.connection, Flight, criterion.flight)
    _spoken(name, criterion.id, criterion.text_ru, criterion.text_kk)
    return change.create(replace(criterion, state=CriterionState.OPEN, basis="", example=above.example), reason)


def step_criterion(
    change: Change, store: Path, id: str, to: CriterionState, reason: str, revision: int | None = None
) -> Criterion:  # fmt: skip
    """An entry is met, with its evidence, or not any more."""
    there = reading.get(change.connection, Criterion, id)
    steps = CRITERION_STEPS
    change.allow(Action.ACT, _whose(change, steps, there, to), f"criterion {id}")
    change.unchanged(there, revision)
    needed = there.kind is CriterionKind.CONCLUSION and to is CriterionState.MET
    why = machine.refusal(steps, there.state, to, work(change.connection, store, "criterion", id, reason, needed))
    if why:
        raise Refused(f"criterion {id}", why)
    return change.update(replace(there, state=to, basis=reason), reason, "step")


def draft(change: Change, decision: Decision, reason: str = "", revision: int | None = None) -> Decision:
    """The text of a decision, or a correction while it is a draft."""
    name = f"decision {decision.id}"
    old = reading.find(change.connection, Decision, decision.id)
    for one in (decision, old):
        if one is not None:
            change.allow(Action.DRAFT, one.part, name)
    above = reading.get(change.connection, Flight, decision.flight)
    if not ID.fullmatch(decision.id):
        raise Refused(name, because("an id has letters, digits and . _ / - only, at most 64"))
    said = Decision(
        decision.id, decision.flight, decision.gate, decision.part, decision.text_ru, decision.text_kk, decision.text_en,
        decision.valid_to, example=above.example,
    )  # fmt: skip
    if old is None:
        return change.create(said, reason, "draft")
    if old.state is not D.DRAFT:
        raise Refused(name, because("it is no draft any more"))
    if (old.flight, old.gate) != (said.flight, said.gate):
        raise Refused(name, because("it stays a decision on gate {gate} of flight {flight}", gate=old.gate, flight=old.flight))
    change.unchanged(old, revision)
    return change.update(replace(said, revision=old.revision), reason, "correct")


def draft_condition(change: Change, condition: Condition, reason: str = "") -> Condition:
    """A condition of a draft, due at a later gate; whoever drafts the decision drafts its conditions."""
    name = f"decision_condition {condition.id}"
    above = reading.get(change.connection, Decision, condition.decision)
    change.allow(Action.DRAFT, above.part, name)
    _spoken(name, condition.id, condition.text_ru, condition.text_kk)
    if above.state is not D.DRAFT:
        raise Refused(name, because("the decision is no draft any more"))
    if condition.due_gate <= above.gate:
        raise Refused(name, because("it is due by a gate after {gate}", gate=above.gate))
    if bool(condition.entity) != bool(condition.entity_id):
        raise Refused(name, because("what it carries is named by its kind and its id"))
    made = replace(condition, state=ConditionState.OPEN, basis="", example=above.example)
    if made.entity:
        _carriable(change.connection, made, name)
    return change.create(made, reason, "draft")


def _carriable(connection: Connection, made: Condition, name: str) -> None:
    """Refuses what no condition carries, and what is not there."""
    kind = CARRIABLE.get(made.entity)
    if kind is None:
        raise Refused(name, because("a condition carries one of {known}", known=", ".join(CARRIABLE)))
    there = reading.get(connection, kind, made.entity_id)
    if there.example != made.example:
        raise Refused(name, mixed(there.id, there.example))


def step_condition(
    change: Change, store: Path, id: str, to: ConditionState, reason: str, revision: int | None = None
) -> Condition:  # fmt: skip
    """Done by the part that answers for it, closed by the other."""
    there = reading.get(change.connection, Condition, id)
    change.allow(Action.ACT, _whose(change, CONDITION_STEPS, there, to), f"decision_condition {id}")
    change.unchanged(there, revision)
    shown = work(change.connection, store, "decision_condition", id, reason, False)
    why = machine.refusal(CONDITION_STEPS, there.state, to, shown)
    if why:
        raise Refused(f"decision_condition {id}", why)
    return change.update(replace(there, state=to, basis=reason), reason, "step")


def step(change: Change, store: Path, id: str, to: DecisionState, reason: str = "", revision: int | None = None) -> Decision:
    """Put a decision to the vote, close the vote, or take the decision back; either part may."""
    there = reading.get(change.connection, Decision, id)
    change.allow(Action.ACT, change.actor.part, f"decision {id}")
    change.unchanged(there, revision)
    seen = _look(change, store, there.flight)
    rule = reading.get(change.connection, VotingRule, RULE)
    asked = replace(there, rule=_frozen(rule)) if to is D.VOTING else there
    why = machine.refusal(DECISION_STEPS, there.state, to, poll(seen, asked, reason))
    if why:
        raise Refused(f"decision {id}", why)
    after = replace(asked, state=to)
    if to is D.VOTING:
        after = _put(seen, after)
    elif there.state is D.VOTING and to is not D.WITHDRAWN:
        after = replace(after, closed_at=change.at)
    return change.update(after, reason, "step")


def vote(change: Change, id: str, membership: str, word: Word, dissent: str = "") -> Vote:
    """A member's word, once, with their own opinion if they have one; nothing takes it back."""
    there = reading.get(change.connection, Decision, id)
    voter = reading.get(change.connection, Membership, membership)
    name = f"decision {id}"
    change.allow(Action.ACT, voter.part, name)
    if voter.role is not change.actor.role:
        raise Refused(name, because("{membership} is a {role}, and you act as another", membership=membership, role=voter.role))
    _own(change, membership, name)
    if voter.body != BODY or voter.role not in VOTERS or not in_force(voter, change.at[:10]):
        raise Refused(name, because("{membership} has no vote in the commission today", membership=membership))
    if there.state is not D.VOTING:
        raise Refused(name, because("it is not being voted on: it is {state}", state=there.state))
    if reading.find(change.connection, Vote, f"{id}:{membership}") is not None:
        raise Refused(name, because("{membership} has voted already", membership=membership))
    made = Vote(f"{id}:{membership}", id, membership, voter.part, word, change.at, dissent)
    return change.create(made, dissent, "vote")


def sign(change: Change, store: Path, id: str, membership: str, key: Ed25519PrivateKey) -> Signature:
    """A co-chair signs what was adopted, as it is now; nothing that blocks or has changed is signed."""
    there = reading.get(change.connection, Decision, id)
    signer = reading.get(change.connection, Membership, membership)
    name = f"decision {id}"
    change.allow(Action.ACT, signer.part, name)
    if change.actor.role is not Role.CO_CHAIR or signer.role is not Role.CO_CHAIR:
        raise Denied(name, because("only the co-chairs of the commission sign its decisions"))
    _own(change, membership, name)
    if there.state is not D.ADOPTED:
        raise Refused(name, because("only an adopted decision is signed: it is {state}", state=there.state))
    seen = _look(change, store, there.flight)
    last = governing(seen.decisions[there.gate])
    if last is not None and last.id != id:
        raise Refused(name, because("decision {id} came after it", id=last.id))
    made = make(id, signer.part, membership, key, change.at, sections(seen, there))
    faults = (
        *signature_faults(made, seen.keys.get(made.key), signer), *changes(seen, there),
        *([because("decision {id} expired on {day}", id=id, day=there.valid_to or "?")] if _expired(there, seen.day) else []),
        *_blockers(seen, there),
    )  # fmt: skip
    if faults:
        raise Refused(name, faults[0])
    return change.create(made, "", "sign")


def pass_gate(change: Change, store: Path, flight: str, gate: Gate, reason: str) -> Passage:
    """What the gate opens begins: it must hold now. The part that answers for the flight says so."""
    there = reading.get(change.connection, Flight, flight)
    name = f"passage {flight}:{gate}"
    change.allow(Action.ACT, there.part, name)
    found = stand(_look(change, store, flight))[gate]
    old = reading.find(change.connection, Passage, f"{flight}:{gate}")
    if found.passed_at is not None:
        raise Refused(name, because("it was passed already"))
    if not found.holds or found.decision is None:
        raise Refused(name, found.reasons[0])
    made = Passage(f"{flight}:{gate}", flight, gate, change.at, found.decision.id)
    if old is None:
        return change.create(made, reason, "pass")
    return change.update(replace(made, revision=old.revision), reason, "pass")


def turn_back(change: Change, flight: str, gate: Gate, reason: str) -> Passage:
    """What the gate opened was undone, the vehicle rolled back or drained: the gate must hold again."""
    there = reading.get(change.connection, Flight, flight)
    name = f"passage {flight}:{gate}"
    change.allow(Action.ACT, there.part, name)
    passage = reading.get(change.connection, Passage, f"{flight}:{gate}")
    if not reason.strip():
        raise Refused(name, because("a reason is needed"))
    if passage.turned_back_at is not None:
        raise Refused(name, because("it was turned back already"))
    return change.update(replace(passage, turned_back_at=change.at), reason, "turn back")


def set_rule(change: Change, rule: VotingRule, reason: str, revision: int | None = None) -> VotingRule:
    """Quorum and majority for decisions that are put to the vote from now on."""
    name = f"voting_rule {rule.id}"
    change.allow(Action.KEEP, None, name)
    if not reason.strip() or not rule.source.strip():
        raise Refused(name, because("it needs a source and a reason"))
    if fraction(rule.quorum) is None or fraction(rule.majority) in (None, Fraction(1)):
        raise Refused(name, because("quorum and majority are shares between 0 and 1, as 1/2; no vote exceeds all of them"))
    old = reading.find(change.connection, VotingRule, rule.id)
    if old is None:
        return change.create(rule, reason)
    change.unchanged(old, revision)
    return change.update(replace(rule, revision=old.revision), reason)


def ahead(connection: Connection, seen: Sight, decision: Decision) -> list[tuple[Step[DecisionState, Poll], str | None]]:
    """The next steps of a decision, and what stands in the way of each but a reason that is not yet given."""
    rule = reading.get(connection, VotingRule, RULE)
    asked = replace(decision, rule=_frozen(rule)) if decision.state is D.DRAFT else decision
    told = poll(seen, asked, "given")
    steps = [step for step in DECISION_STEPS if step.start is decision.state]
    return [(step, machine.refusal(DECISION_STEPS, step.start, step.end, told)) for step in steps]


def voters(seen: Sight, decision: Decision, actor: Actor) -> list[Membership]:
    """The seats on which somebody may still vote on a decision."""
    voted = {one.membership for one in seen.votes[decision.id]}
    own = (one for one in seats(seen, actor) if one.role in VOTERS and one.id not in voted)
    return list(own) if decision.state is D.VOTING else []


def seats(seen: Sight, actor: Actor) -> list[Membership]:
    """The seats of the commission on which somebody may vote or sign today."""
    held = (one for one in seen.memberships.values() if one.body == BODY and in_force(one, seen.day))
    mine = (one for one in held if (one.part, one.role) == (actor.part, actor.role))
    return [one for one in mine if seat_denial(actor, one.id) is None]


def poll(seen: Sight, decision: Decision, reason: str = "") -> Poll:
    """What the rules of a decision look at."""
    gate_decisions = seen.decisions[decision.gate]
    another = next((one.id for one in gate_decisions if one.state is D.VOTING and one.id != decision.id), None)
    texts = bool(decision.text_ru.strip() and decision.text_kk.strip())
    return Poll(
        reason, texts, decision.valid_to, seen.day, _blockers(seen, decision), tuple(changes(seen, decision)), another,
        {part: count(seen, decision, part) for part in Part},
        _share(decision, "quorum"), _share(decision, "majority"), _passed(seen, decision),
    )  # fmt: skip


def count(seen: Sight, decision: Decision, part: Part) -> Tally:
    """The votes of a part, and how many may vote today."""
    offices = (one for one in seen.memberships.values() if one.body == BODY and one.part is part and one.role in VOTERS)
    members = sum(in_force(one, seen.day) for one in offices)
    return tally((one.word for one in seen.votes[decision.id] if one.part is part), members)


def _own(change: Change, membership: str, name: str) -> None:
    why = seat_denial(change.actor, membership)
    if why:
        raise Denied(name, why)


def _look(change: Change, store: Path, flight: str) -> Sight:
    return sight(change.connection, lambda pieces: broken(store, pieces), flight, change.at[:10])


def _blockers(seen: Sight, decision: Decision) -> tuple[str, ...]:
    return tuple(item.why for item in met(seen, decision) if item.blocks)


def _put(seen: Sight, decision: Decision) -> Decision:
    """Freeze what is voted on."""
    past = [item for item in met(seen, decision) if item.passed_by.startswith("waiver ")]
    return replace(
        decision,
        number=1 + max((one.number for one in seen.decisions[decision.gate]), default=0),
        evidence=rests_on(seen, decision.gate, decision.id),
        configuration=configuration(seen, decision.gate),
        waived={f"{item.entity} {item.id}": item.passed_by for item in past},
    )


def _share(decision: Decision, name: str) -> Fraction:
    """Of the rule that it took; whoever takes none needs everybody."""
    found = fraction(decision.rule.get(name, ""))
    return Fraction(1) if found is None else found


def _passed(seen: Sight, decision: Decision) -> bool:
    passage = seen.passages.get(decision.gate)
    return passage is not None and passage.decision == decision.id and passage.turned_back_at is None


def _expired(decision: Decision, day: str) -> bool:
    return decision.valid_to is None or decision.valid_to < day


def _frozen(rule: VotingRule) -> dict[str, str]:
    return {
        "id": rule.id, "revision": str(rule.revision), "quorum": rule.quorum, "majority": rule.majority,
        CARRY_MAJOR: "yes" if rule.carry_major else "no", "source": rule.source,
    }  # fmt: skip


def _whose(change: Change, steps: Any, there: Any, to: Any) -> Part | None:
    """Which part takes a step: the one that answers, the other one, or either."""
    taken = machine.step(steps, there.state, to)
    if taken is not None and taken.by == machine.EITHER:
        return change.actor.part
    if taken is not None and taken.by == OTHER:
        return Part.KZ if there.part is Part.RU else Part.RU
    return there.part


def work(connection: Connection, store: Path, entity: str, id: str, reason: str, needed: bool) -> Work:
    """What the rules of a condition, or of an entry of a checklist, look at."""
    pieces = cited(connection, id, entity)
    faults = tuple(dict.fromkeys(fault.evidence.id for fault in broken(store, pieces)))
    return Work(reason, len(pieces) - len(faults), faults, needed)


def _spoken(name: str, id: str, *texts: str) -> None:
    if not ID.fullmatch(id):
        raise Refused(name, because("an id has letters, digits and . _ / - only, at most 64"))
    if not all(text.strip() for text in texts):
        raise Refused(name, because("its text is needed in Russian and in Kazakh"))
