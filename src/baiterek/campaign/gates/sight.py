"""Everything that the gates of a flight are about, read in one look: the rules of the gates look at nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.commission.records import Membership
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import RECEIVED
from baiterek.campaign.complex.states import State as ObjectState
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.gates.item import Item
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
from baiterek.campaign.log.chain import digest
from baiterek.campaign.programme.matrix import Faults, Row, joined
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.reason import because
from baiterek.campaign.remarks.records import Remark, Waiver
from baiterek.campaign.rows import reading

One = TypeVar("One")


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


def sight(connection: Connection, faults: Faults, flight: str, day: str) -> Sight:
    """Look at everything once."""
    there = reading.get(connection, Flight, flight)
    evidence = {piece.id: piece for piece in reading.every(connection, Evidence)}
    bad = frozenset(fault.evidence.id for fault in faults(list(evidence.values())))
    decisions = reading.every(connection, Decision, flight=flight)
    names = {one.id for one in decisions}
    mine = there.example
    waivers = reading.every(connection, Waiver)
    objects = reading.glimpses(connection, GroundObject, Registered, (ObjectState.OUT_OF_SERVICE,), example=mine)
    return Sight(
        there, day,
        grouped(reading.every(connection, Criterion, flight=flight), lambda one: one.gate),
        grouped(decisions, lambda one: one.gate),
        [one for one in reading.every(connection, Condition) if one.decision in names],
        grouped((one for one in reading.every(connection, Vote) if one.decision in names), lambda one: one.decision),
        grouped((one for one in reading.every(connection, Signature) if one.decision in names), lambda one: one.decision),
        {one.id: one for one in reading.every(connection, SigningKey)},
        {one.id: one for one in reading.every(connection, Membership)},
        {one.gate: one for one in reading.every(connection, Passage, flight=flight)},
        [one for one in reading.every(connection, LaunchPlan) if one.example == mine and flight in one.flights],
        [one for one in reading.every(connection, Permit) if one.example == mine],
        len(objects),
        [one for one in reading.every(connection, Remark) if one.example == mine],
        joined(connection, day, waivers, evidence.values(), bad, mine),
        waivers,
        evidence, bad, _ground(there, objects), list(_unaccepted(objects)),
    )  # fmt: skip


def governing(decisions: Sequence[Decision]) -> Decision | None:
    """Of decisions on one gate, the last one that was voted on to its end, whatever became of it."""
    return max((one for one in decisions if one.closed_at is not None), key=lambda one: one.number, default=None)


def _unaccepted(objects: Iterable[Registered]) -> Iterable[Item]:
    for one in objects:
        if one.state not in RECEIVED:
            why = because("ground object {id} is not accepted: {state}", id=one.id, state=one.state)
            yield Item("ground_object", one.id, one.part, why)


def _ground(flight: Flight, objects: Iterable[Registered]) -> str:
    register = [
        (one.id, one.site, one.kind, one.name, _list(one.systems), one.designer, _list(one.documents)) for one in objects
    ]
    return digest([flight.ground, register])


@lru_cache(maxsize=2**15)
def _list(text: str) -> tuple[Any, ...]:
    """A list out of its JSON: many objects share theirs, and a page reads those of all of them."""
    return tuple(json.loads(text))


def grouped(found: Iterable[One], key: Callable[[One], Any]) -> defaultdict[Any, list[One]]:
    """Lists of what has the same key; of a key that nothing has, an empty one."""
    groups = defaultdict[Any, list[One]](list)
    for one in found:
        groups[key(one)].append(one)
    return groups
