"""What stands against a gate, rule by rule, and what lets it pass: a waiver, or a condition of a decision."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates.item import Item
from baiterek.campaign.gates.open_items import items
from baiterek.campaign.gates.permits import PermitKind, PermitState
from baiterek.campaign.gates.records import Decision, Permit
from baiterek.campaign.gates.sight import Sight, governing, grouped
from baiterek.campaign.gates.states import ConditionState, CriterionKind, CriterionState, DecisionState
from baiterek.campaign.programme.verification import Compliance, Gate
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.states import Severity

CARRY_MAJOR = "carry_major"


def meets(seen: Sight, gate: Gate, decision: Decision | None, shut: Gate | None) -> list[Item]:
    """Everything that stands against a gate, and what lets it pass under `decision`; what blocks first.

    `shut` is the gate before it, where that neither holds nor was passed.
    """
    found = [
        *_checklist(seen, gate), *_unsettled(seen, gate, decision), *_conditions(seen, gate), *_register(seen),
        *_configuration(seen, gate), *_earlier(seen, shut), *_permits(seen, gate),
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
    for earlier in (one for one in Gate if one < gate):
        one = governing(seen.decisions[earlier])
        if one is not None and one.state is DecisionState.ADOPTED:
            at_work.add(one.id)
    return {(one.entity, one.entity_id): one.id for one in seen.conditions if one.decision in at_work and one.due_gate > gate}


def _checklist(seen: Sight, gate: Gate) -> Iterable[Item]:
    listed = seen.criteria[gate]
    if not listed:
        yield Item("checklist", f"{seen.flight.id}:{gate}", None, because("gate {gate} has no entrance checklist", gate=gate))
    cited = grouped((seen.evidence[id] for id in sorted(seen.broken)), lambda piece: (piece.entity, piece.entity_id))
    for one in listed:
        bad = [piece.id for piece in cited["criterion", one.id]]
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


def _configuration(seen: Sight, gate: Gate) -> Iterable[Item]:
    if gate > Gate.G0 and not seen.flight.vehicle:
        yield Item("flight", seen.flight.id, Part.RU, because("the configuration of the vehicle is not entered"))


def _earlier(seen: Sight, shut: Gate | None) -> Iterable[Item]:
    if shut is not None:
        why = because("gate {gate} before it does not hold", gate=shut)
        yield Item("gate", f"{seen.flight.id}:{shut}", None, why)


def _permits(seen: Sight, gate: Gate) -> Iterable[Item]:
    """A launch needs the government's conclusion on a plan that has the flight, and each drop zone its permission."""
    if gate is not Gate.G4:
        return
    given = [one for one in seen.permits if _permitted(one, seen.day)]
    plans = {plan.id for plan in seen.plans}
    if not any(one.kind is PermitKind.CONCLUSION and one.subject in plans for one in given):
        why = because("no conclusion of the Government of Kazakhstan is in force on a plan of launches that has this flight")
        yield Item("permit", "conclusion", Part.KZ, why)
    for zone in seen.flight.zones:
        covers = (one for one in given if one.kind is PermitKind.ZONE and one.subject == zone)
        if not any(not one.flights or seen.flight.id in one.flights for one in covers):
            yield Item("permit", zone, None, because("drop zone {zone} has no permission in force", zone=zone))


def _permitted(permit: Permit, day: str) -> bool:
    """Whether a permit is in force on a day, the first and the last one included."""
    starts, ends = permit.valid_from or "", permit.valid_to or ""
    return permit.state is PermitState.GIVEN and starts <= day <= ends
