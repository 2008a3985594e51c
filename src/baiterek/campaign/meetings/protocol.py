"""The protocol of a meeting: what it says, gathered; issued once for each revision; and what has changed since."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from baiterek.campaign import machine
from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Body
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Kept, fault_of, keep_file, place
from baiterek.campaign.gates.records import Condition, Decision, Vote
from baiterek.campaign.gates.states import tally
from baiterek.campaign.log.chain import digest
from baiterek.campaign.log.change import Change
from baiterek.campaign.meetings.conduct import benches, counted, gate_outcome, materials, seats_of, share, sitting, votes_on
from baiterek.campaign.meetings.records import AgendaItem, Attendance, Meeting, Protocol, Resolution
from baiterek.campaign.meetings.states import MEETING_STEPS, Basis, MeetingState, Presence, outcome
from baiterek.campaign.reason import because
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

Contents = dict[str, Any]
"""What a protocol says, as plain JSON: what is set in the PDF, laid into it, and hashed section by section."""
Render = Callable[[Contents], bytes]
"""Sets the PDF; given from above."""
SECTIONS = ("meeting", "agenda", "attendance", "quorum", "rule", "decisions", "materials")
"""Of the contents: what `changed` names."""
HEAD = "protocol"
"""The section that says which revision it is, and when it was issued: of no interest to what has changed."""


def contents(connection: Connection, meeting: Meeting) -> Contents:
    """Everything that the protocol of a meeting says, as the record has it now."""
    items = reading.every(connection, AgendaItem, meeting=meeting.id)
    items.sort(key=lambda one: one.number)
    body = reading.get(connection, Body, meeting.body)
    return {
        "meeting": {
            "id": meeting.id, "body": body.name, "part": meeting.part, "title": _texts(meeting, "title"),
            "place": _texts(meeting, "place"), "begins_at": meeting.begins_at, "ends_at": meeting.ends_at,
            "example": meeting.example,
        },
        "agenda": [
            {"number": one.number, "part": one.part, "text": _texts(one), "speaker": one.speaker} for one in items
        ],
        "attendance": _attendance(connection, meeting),
        "quorum": {part: bench._asdict() for part, bench in benches(connection, meeting).items()},
        "rule": dict(meeting.rule),
        "decisions": _decisions(connection, meeting, {one.id: one.number for one in items}),
        "materials": [
            {
                "name": one.name, "sha256": one.sha256, "size": one.size, "kind": one.kind, "note": one.note,
                "item": next((item.number for item in items if item.id == one.entity_id), None),
            }
            for one in materials(connection, meeting.id, items)
        ],
    }  # fmt: skip


def issue(change: Change, store: Path, id: str, render: Render, reason: str = "", revision: int | None = None) -> Protocol:
    """The next revision of the protocol: its contents frozen, its PDF set and kept under its hash."""
    there = reading.get(change.connection, Meeting, id)
    name = f"meeting {id}"
    change.allow(Action.ACT, change.actor.part, name)
    change.unchanged(there, revision)
    seen = sitting(change.connection, store, there, change.at, reason)
    why = machine.refusal(MEETING_STEPS, there.state, MeetingState.ISSUED, seen)
    if why:
        raise Refused(name, why)
    said, number = contents(change.connection, there), there.issued + 1
    pdf = render(said | {HEAD: {"number": number, "issued_at": change.at, "before": hash_before(change.connection, there)}})
    kept = keep_file(store, file_name(there, number), io.BytesIO(pdf))
    sections = {section: digest(value) for section, value in said.items()}
    made = Protocol(f"{id}:{number}", id, number, change.at, kept.sha256, kept.sha256, kept.size, sections)
    change.create(made, reason, "issue")
    keep(change, made, kept, "issued")
    change.update(replace(there, state=MeetingState.ISSUED, issued=number), reason, "issue")
    return made


def keep(change: Change, protocol: Protocol, kept: Kept, note: str) -> Evidence:
    """A file of a protocol as evidence: so it is in every backup, and its hash in every check."""
    id = f"protocol:{protocol.id}:{kept.sha256[:16]}"
    return change.create(
        Evidence(id, kept.sha256, kept.kind, kept.name, kept.size, "protocol", protocol.id, None, note), note, "attach"
    )


def last(connection: Connection, meeting: Meeting) -> Protocol | None:
    """The revision that counts; None while there is none."""
    return reading.find(connection, Protocol, f"{meeting.id}:{meeting.issued}") if meeting.issued else None


def file_of(connection: Connection, store: Path, meeting: Meeting, issued: bool = False) -> tuple[Protocol, str, Path]:
    """The last revision, and the hash and the place of its PDF: with the signatures that are in it, or as issued."""
    found = last(connection, meeting)
    if found is None:
        raise Refused(f"meeting {meeting.id}", because("its protocol is not issued"))
    sha256 = found.sha256 if issued else found.signed_sha256
    what = fault_of(place(store, sha256), sha256)
    if what:
        raise Refused(f"meeting {meeting.id}", because("the protocol itself is {what}", what=what))
    return found, sha256, place(store, sha256)


def changed(connection: Connection, protocol: Protocol) -> list[str]:
    """Which sections are no longer as they were when it was issued, each as a reason."""
    now = contents(connection, reading.get(connection, Meeting, protocol.meeting))
    return [
        because("{section}: changed in the record since the protocol was issued", section=section)
        for section, was in protocol.sections.items()
        if section not in now or digest(now[section]) != was
    ]


def hash_before(connection: Connection, meeting: Meeting) -> str:
    """The SHA-256 of the revision before; empty for the first."""
    before = last(connection, meeting)
    return before.sha256 if before else ""


def file_name(meeting: Meeting, number: int) -> str:
    """What the file is called where it is taken away."""
    return f"protocol-{meeting.id.replace('/', '-')}-{number}.pdf"


def _texts(record: Any, name: str = "text") -> dict[str, str]:
    return {language: getattr(record, f"{name}_{language}") for language in ("ru", "kk", "en")}


def _attendance(connection: Connection, meeting: Meeting) -> list[dict[str, Any]]:
    """Every seat in office on that day; of whom nobody put down anything, they were not there. An example names nobody."""
    listed = {one.membership: one.presence for one in reading.every(connection, Attendance, meeting=meeting.id)}
    order = list(Part)
    seats = sorted(seats_of(connection, meeting), key=lambda one: (order.index(one.part), one.role != "co_chair", one.id))
    named = {} if meeting.example else {one.id: one.person for one in seats if one.person}
    return [
        {
            "seat": one.id, "part": one.part, "role": one.role, "person": named.get(one.id, ""),
            "organisation": one.organisation or "", "presence": listed.get(one.id, Presence.ABSENT),
        }
        for one in seats
    ]  # fmt: skip


def _decisions(connection: Connection, meeting: Meeting, items: Mapping[str, int]) -> list[dict[str, Any]]:
    resolutions = reading.every(connection, Resolution, meeting=meeting.id)
    resolutions.sort(key=lambda one: (items[one.item], one.number))
    votes, seats, majority = votes_on(connection, resolutions), benches(connection, meeting), share(meeting, "majority")
    found = []
    for one in resolutions:
        row: dict[str, Any] = {
            "number": f"{items[one.item]}.{one.number}", "item": items[one.item], "basis": one.basis, "part": one.part,
            "due": one.due, "text": _texts(one), "gate": None,
        }  # fmt: skip
        if one.basis is Basis.GATE:
            row |= _on_gate(connection, reading.get(connection, Decision, one.decision or ""))
        else:
            tallies = counted(votes[one.id], seats)
            row |= {
                "outcome": outcome(one.basis, tallies, majority),
                "tallies": {part: found._asdict() for part, found in tallies.items()},
                "votes": _votes(votes[one.id]),
            }
        found.append(row)
    return found


def _on_gate(connection: Connection, decision: Decision) -> dict[str, Any]:
    """A decision on a gate as the protocol repeats it: text, conditions, votes."""
    votes = reading.every(connection, Vote, decision=decision.id)
    conditions = reading.every(connection, Condition, decision=decision.id)
    return {
        "text": _texts(decision),
        "gate": {
            "decision": decision.id, "flight": decision.flight, "gate": decision.gate, "valid_to": decision.valid_to,
            "rule": decision.rule, "evidence": decision.evidence, "configuration": decision.configuration,
            "conditions": [
                {"id": one.id, "part": one.part, "due_gate": one.due_gate, "text": _texts(one)} for one in conditions
            ],
        },
        "outcome": gate_outcome(decision),
        "tallies": {part: tally((v.word for v in votes if v.part is part), 0)._asdict() for part in Part},
        "votes": _votes(votes),
    }  # fmt: skip


def _votes(votes: list[Any]) -> list[dict[str, str]]:
    return [{"seat": one.membership, "part": one.part, "word": one.word, "dissent": one.dissent, "at": one.at} for one in votes]
