"""What was voted on and signed against what is: why a signed decision does not carry its gate any more.

`sections` is what a signature binds. It is computed anew at each look and held against what was signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.records import Decision
from baiterek.campaign.gates.sight import Sight
from baiterek.campaign.gates.signatures import signature_faults
from baiterek.campaign.gates.states import DecisionState
from baiterek.campaign.log.chain import digest
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because


def lapses(seen: Sight, decision: Decision) -> Iterable[str]:
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
