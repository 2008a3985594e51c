"""A step of a ground object from state to state: what its rule needs to know, gathered; then the step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from baiterek.campaign import reading
from baiterek.campaign.access import Action
from baiterek.campaign.change import Change
from baiterek.campaign.complex import Situation, State, refusal
from baiterek.campaign.evidence import cited, stages
from baiterek.campaign.records import GroundObject
from baiterek.errors import Refused


def step(change: Change, store: Path, id: str, to: State, reason: str) -> GroundObject:
    """Take an object to its next state, if its part asks and the rule of that step allows it."""
    subject = reading.get(change.connection, GroundObject, id)
    change.allow(Action.ACT, subject.part, f"ground_object {id}")
    why = refusal(subject.state, to, situation(change.connection, store, subject, reason))
    if why:
        raise Refused(f"ground_object {id}", why)
    return change.update(replace(subject, state=to), reason, "step")


def situation(connection: Connection, store: Path, subject: GroundObject, reason: str) -> Situation:
    """What the rules look at."""
    below = {child.id: child.state for child in reading.every(connection, GroundObject, parent=subject.id)}
    return Situation(reason, below, *stages(store, cited(connection, subject.id)))
