"""Deviations and waivers: asked for by one part, active with both keys, for the flights and up to the gate that they name."""

from __future__ import annotations

from dataclasses import replace

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.log.change import Change
from baiterek.campaign.programme.records import Requirement
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.remarks.states import WAIVER_STEPS, Request, WaiverKind, WaiverState
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.errors import Refused


def in_force(waiver: Waiver, day: str, flight: str | None = None, gate: Gate | None = None) -> bool:
    """Whether it is active on that day, for that flight, at that gate; what is None is not asked."""
    return (
        waiver.state is WaiverState.ACTIVE
        and (waiver.valid_to is None or day <= waiver.valid_to)
        and (flight is None or flight in waiver.flights)
        and (gate is None or waiver.last_gate is None or gate <= waiver.last_gate)
    )


def request(change: Change, waiver: Waiver, reason: str = "", revision: int | None = None) -> Waiver:
    """Draft a deviation or a waiver, or correct the draft of that name."""
    name = f"waiver {waiver.id}"
    old = reading.find(change.connection, Waiver, waiver.id)
    for one in (waiver, old):
        if one is not None:
            change.allow(Action.DRAFT, one.part, name)
    why = (
        because("it is no draft any more")
        if old is not None and old.state is not WaiverState.DRAFT
        else _objection(change, waiver)
    )
    if why:
        raise Refused(name, why)
    drafted = replace(waiver, state=WaiverState.DRAFT)
    if old is None:
        return change.create(drafted, reason, "request")
    change.unchanged(old, revision)
    return change.update(replace(drafted, revision=old.revision), reason, "correct")


def step(change: Change, id: str, to: WaiverState, reason: str = "", revision: int | None = None) -> Waiver:
    """Take it to its next state: each part's approval is a step of its own, by that part alone."""
    there = reading.get(change.connection, Waiver, id)
    taken = machine.step(WAIVER_STEPS, there.state, to)
    part = change.actor.part if taken is not None and taken.by == machine.EITHER else there.part
    change.allow(Action.ACT, part, f"waiver {id}")
    change.unchanged(there, revision)
    request = Request(reason, change.actor.part or "", there.flights, there.text)
    why = machine.refusal(WAIVER_STEPS, there.state, to, request)
    if why:
        raise Refused(f"waiver {id}", why)
    return change.update(replace(there, state=to), reason, "step")


def _objection(change: Change, waiver: Waiver) -> str | None:
    """A deviation comes before anything was found, a waiver after."""
    if not ID.fullmatch(waiver.id):
        return because("an id has letters, digits and . _ / - only, at most 64")
    if waiver.kind is WaiverKind.WAIVER and waiver.remark is None:
        return because("a waiver names the remark that it is for")
    if waiver.kind is WaiverKind.DEVIATION and (waiver.remark is not None or waiver.requirement is None):
        return because("a deviation names the requirement that it departs from, and no remark: nothing was found yet")
    above = reading.get(change.connection, Remark, waiver.remark) if waiver.remark else None
    if above is not None and above.example != waiver.example:
        return mixed(f"remark {above.id}", above.example)
    if waiver.requirement is not None:
        reading.get(change.connection, Requirement, waiver.requirement)
    return None
