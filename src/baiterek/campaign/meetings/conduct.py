"""A meeting from its draft to the end of its sitting: who does what, in one transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action, seat_denial
from baiterek.campaign.commission.members import in_force
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Body, Membership
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import broken
from baiterek.campaign.gates.decisions import RULE, VOTERS
from baiterek.campaign.gates.records import Decision, VotingRule
from baiterek.campaign.gates.states import DecisionState, Tally, Word, fraction, tally
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings.records import AgendaItem, Attendance, Meeting, Resolution, ResolutionVote
from baiterek.campaign.meetings.states import (
    MEETING_STEPS,
    MINUTED,
    PREPARED,
    Basis,
    Bench,
    MeetingState,
    Outcome,
    Presence,
    Sitting,
    not_settled,
    outcome,
)
from baiterek.campaign.reason import because, mixed
from baiterek.campaign.rows import reading
from baiterek.campaign.rows.entities import ID
from baiterek.errors import Denied, Refused

THERE = (Presence.PRESENT, Presence.REMOTE)
CHAIRS = (Role.CO_CHAIR, Role.DEPUTY)


# --- to prepare it ---------------------------------------------------------------------------------------


def draft(change: Change, meeting: Meeting, reason: str = "", revision: int | None = None) -> Meeting:
    """A new meeting, called by one's own part, or a correction before it is held."""
    name = f"meeting {meeting.id}"
    old = reading.find(change.connection, Meeting, meeting.id)
    for one in (meeting, old):
        if one is not None:
            change.allow(Action.DRAFT, one.part, name)
    if not ID.fullmatch(meeting.id) or ":" in meeting.id:
        raise Refused(name, because("an id has letters, digits and . _ / - only, at most 64"))
    reading.get(change.connection, Body, meeting.body)
    if meeting.ends_at is not None and meeting.ends_at < meeting.begins_at:
        raise Refused(name, because("it ends before it begins"))
    said = replace(meeting, state=MeetingState.DRAFTED, rule={}, issued=0)
    if old is None:
        return change.create(said, reason, "draft")
    _while(old, PREPARED, name)
    change.unchanged(old, revision)
    kept = replace(said, body=old.body, state=old.state, example=old.example, revision=old.revision)
    return change.update(kept, reason, "correct")


def put_on_agenda(change: Change, item: AgendaItem, reason: str = "", revision: int | None = None) -> AgendaItem:
    """An item of the agenda, brought by one's own part, or a correction; its id is the meeting's and its number."""
    above = reading.get(change.connection, Meeting, item.meeting)
    made = replace(item, id=f"{item.meeting}:{item.number}")
    name = f"agenda_item {made.id}"
    old = reading.find(change.connection, AgendaItem, made.id)
    for one in (made, old):
        if one is not None:
            change.allow(Action.DRAFT, one.part, name)
    _while(above, PREPARED, name)
    _spoken(name, made.text_ru, made.text_kk)
    if not 1 <= made.number <= 99:
        raise Refused(name, because("an item has a number from 1 to 99"))
    if old is None:
        return change.create(made, reason, "draft")
    change.unchanged(old, revision)
    return change.update(replace(made, revision=old.revision), reason, "correct")


def step(
    change: Change, store: Path, id: str, to: MeetingState, reason: str = "", revision: int | None = None
) -> Meeting:  # fmt: skip
    """Call it, hold it, take it up again or call it off; its protocol is issued and signed by verbs of their own."""
    there = reading.get(change.connection, Meeting, id)
    name = f"meeting {id}"
    taken = machine.step(MEETING_STEPS, there.state, to)
    either = taken is not None and taken.by == machine.EITHER
    change.allow(Action.ACT, change.actor.part if either else there.part, name)
    change.unchanged(there, revision)
    if taken is not None and to in (MeetingState.ISSUED, MeetingState.SIGNED):
        raise Refused(name, because("a protocol is issued and signed, not stepped to"))
    why = machine.refusal(MEETING_STEPS, there.state, to, sitting(change.connection, store, there, change.at, reason))
    if why:
        raise Refused(name, why)
    after = replace(there, state=to)
    if there.state is MeetingState.CONVENED and to is MeetingState.HELD:
        rule = reading.get(change.connection, VotingRule, RULE)
        after = replace(after, rule={"quorum": rule.quorum, "majority": rule.majority, "source": rule.source})
    return change.update(after, reason, "step")


# --- to put down what happens at it ----------------------------------------------------------------------


def attend(change: Change, id: str, membership: str, presence: Presence, reason: str = "") -> Attendance:
    """Whether a seat was there; each part puts down its own."""
    there = reading.get(change.connection, Meeting, id)
    seat = reading.get(change.connection, Membership, membership)
    name = f"attendance {id}:{membership}"
    change.allow(Action.DRAFT, seat.part, name)
    _while(there, MINUTED, name)
    _in_office(there, seat, name)
    old = reading.find(change.connection, Attendance, f"{id}:{membership}")
    made = Attendance(f"{id}:{membership}", id, membership, seat.part, presence)
    if old is None:
        return change.create(made, reason, "attend")
    return change.update(replace(made, revision=old.revision), reason, "attend")


def resolve(change: Change, resolution: Resolution, reason: str = "", revision: int | None = None) -> Resolution:
    """What was decided on an item, put down by the part that brought the item, or a correction of it."""
    above = reading.get(change.connection, Meeting, resolution.meeting)
    item = reading.get(change.connection, AgendaItem, resolution.item)
    made = replace(resolution, id=f"{above.id}:{item.number}.{resolution.number}")
    name = f"resolution {made.id}"
    change.allow(Action.DRAFT, item.part, name)
    _while(above, MINUTED, name)
    why = _objection(change.connection, above, item, made)
    if why:
        raise Refused(name, why)
    old = reading.find(change.connection, Resolution, made.id)
    if old is None:
        return change.create(made, reason, "draft")
    if any(reading.every(change.connection, ResolutionVote, resolution=old.id)):
        raise Refused(name, because("it was voted on: what was voted on does not change"))
    change.unchanged(old, revision)
    return change.update(replace(made, revision=old.revision), reason, "correct")


def vote(change: Change, id: str, membership: str, word: Word, dissent: str = "") -> ResolutionVote:
    """The word of a seat that was there, with its own opinion if it has one; nothing takes it back.

    The secretary of a part puts down the words of its seats, everybody else their own.
    """
    there = reading.get(change.connection, Resolution, id)
    above = reading.get(change.connection, Meeting, there.meeting)
    seat = reading.get(change.connection, Membership, membership)
    name = f"resolution {id}"
    change.allow(Action.DRAFT, seat.part, name)
    if change.actor.role is not Role.SECRETARY:
        why = seat_denial(change.actor, membership)
        if why:
            raise Denied(name, why)
        if seat.role is not change.actor.role:
            raise Refused(
                name, because("{membership} is a {role}, and you act as another", membership=membership, role=seat.role)
            )
    _while(above, MINUTED, name)
    if there.basis is Basis.GATE:
        raise Refused(name, because("votes on a gate are given on its decision {id}", id=there.decision))
    attendance = reading.find(change.connection, Attendance, f"{above.id}:{membership}")
    if attendance is None or attendance.presence not in THERE or seat.role not in VOTERS:
        raise Refused(name, because("{membership} was not there with a vote", membership=membership))
    if reading.find(change.connection, ResolutionVote, f"{id}:{membership}") is not None:
        raise Refused(name, because("{membership} has voted already", membership=membership))
    made = ResolutionVote(f"{id}:{membership}", id, membership, seat.part, word, change.at, dissent)
    return change.create(made, dissent, "vote")


# --- what the rules look at ------------------------------------------------------------------------------


def sitting(
    connection: Connection, store: Path, meeting: Meeting, at: str, reason: str = "", signed: frozenset[Part] = frozenset()
) -> Sitting:
    """What the rules look at; every hash of its materials is computed again."""
    items = reading.every(connection, AgendaItem, meeting=meeting.id)
    resolutions = reading.every(connection, Resolution, meeting=meeting.id)
    votes = votes_on(connection, resolutions)
    majority = share(meeting, "majority")
    unsettled = [
        why
        for one in resolutions
        for why in _unsettled(connection, one, votes[one.id], majority)
    ]  # fmt: skip
    decided = {one.item for one in resolutions}
    faults = broken(store, materials(connection, meeting.id, items))
    return Sitting(
        reason, all(text.strip() for text in (meeting.title_ru, meeting.title_kk, meeting.place_ru, meeting.place_kk)),
        len(items), meeting.begins_at <= at, benches(connection, meeting), share(meeting, "quorum"),
        tuple(sorted(one.number for one in items if one.id not in decided)), tuple(unsettled),
        any(one.basis in (Basis.CONSENSUS, Basis.VOTE) for one in resolutions),
        tuple(dict.fromkeys(fault.evidence.id for fault in faults)), signed,
    )  # fmt: skip


def benches(connection: Connection, meeting: Meeting) -> dict[Part, Bench]:
    """How each part sat."""
    seats = {one.id: one for one in seats_of(connection, meeting)}
    listed = reading.every(connection, Attendance, meeting=meeting.id)
    there = {one.membership for one in listed if one.presence in THERE}
    found = {}
    for part in Part:
        own = [one for one in seats.values() if one.part is part and one.role in VOTERS]
        found[part] = Bench(
            len(own), sum(one.id in there for one in own), any(one.id in there and one.role in CHAIRS for one in own)
        )
    return found


def seats_of(connection: Connection, meeting: Meeting) -> list[Membership]:
    """The seats of its body in office on its day."""
    day = meeting.begins_at[:10]
    return [one for one in reading.every(connection, Membership, body=meeting.body) if in_force(one, day)]


def votes_on(connection: Connection, resolutions: list[Resolution]) -> dict[str, list[ResolutionVote]]:
    """Decision of a meeting -> the words of its seats."""
    found: dict[str, list[ResolutionVote]] = {one.id: [] for one in resolutions}
    for one in reading.among(connection, ResolutionVote, "resolution", found):
        found[one.resolution].append(one)
    return found


def counted(votes: list[ResolutionVote], seats: Mapping[Part, Bench]) -> dict[Part, Tally]:
    """The votes of each part; who may vote is who was there."""
    return {part: tally((one.word for one in votes if one.part is part), seats[part].present) for part in Part}


def share(meeting: Meeting, name: str) -> Fraction:
    """Of the rule under which it was held; a meeting that took none needs everybody."""
    found = fraction(meeting.rule.get(name, ""))
    return Fraction(1) if found is None else found


def materials(connection: Connection, meeting: str, items: list[AgendaItem]) -> list[Evidence]:
    """What was laid before it: at the meeting as a whole, and at the items of its agenda."""
    own = reading.every(connection, Evidence, entity="meeting", entity_id=meeting)
    return own + reading.among(connection, Evidence, "entity_id", [one.id for one in items], entity="agenda_item")


def _unsettled(connection: Connection, one: Resolution, votes: list[ResolutionVote], majority: Fraction) -> list[str]:
    if one.basis is not Basis.GATE:
        tallies = {part: tally((v.word for v in votes if v.part is part), 0) for part in Part}
        result = outcome(one.basis, tallies, majority)
        return list(not_settled(one.number, one.basis, {v.membership: v.word for v in votes}, result))
    decision = reading.get(connection, Decision, one.decision or "")
    closed = decision.closed_at is not None
    return [] if closed else [because("decision {id} on a gate is {state}", id=decision.id, state=decision.state)]


def gate_outcome(decision: Decision) -> Outcome:
    """What the vote on a gate came to; that it was taken back later is not the meeting's."""
    if decision.closed_at is None:
        return Outcome.OPEN
    return Outcome.REJECTED if decision.state is DecisionState.REJECTED else Outcome.ADOPTED


def _objection(connection: Connection, above: Meeting, item: AgendaItem, made: Resolution) -> str | None:
    if item.meeting != above.id:
        return because("item {item} is on the agenda of another meeting", item=item.id)
    if not 1 <= made.number <= 99:
        return because("a decision has a number from 1 to 99")
    if made.basis is not Basis.GATE:
        if made.decision is not None:
            return because("only a decision on a gate names one")
        return None if made.text_ru.strip() and made.text_kk.strip() else because("its text is needed in Russian and in Kazakh")
    if made.text_ru or made.text_kk or made.text_en:
        return because("a decision on a gate has its own text, which is not said twice")
    decision: Any = reading.find(connection, Decision, made.decision or "")
    if decision is None:
        return because("the decision on a gate is not named")
    if decision.example != above.example:
        return mixed(f"decision {decision.id}", decision.example)
    return None


def _while(meeting: Meeting, states: tuple[MeetingState, ...], name: str) -> None:
    if meeting.state not in states:
        raise Refused(name, because("meeting {id} is {state}", id=meeting.id, state=meeting.state))


def _in_office(meeting: Meeting, seat: Membership, name: str) -> None:
    if seat.body != meeting.body or not in_force(seat, meeting.begins_at[:10]):
        day = meeting.begins_at[:10]
        raise Refused(name, because("{membership} has no seat in that body on {day}", membership=seat.id, day=day))


def _spoken(name: str, *texts: str) -> None:
    if not all(text.strip() for text in texts):
        raise Refused(name, because("its text is needed in Russian and in Kazakh"))
