"""A step of a ground object from state to state: what its rule needs to know, gathered; then the step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from baiterek.campaign.commission.access import Action
from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.complex.states import Situation, State, refusal
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.evidence.store import Broken, broken, cited, stages
from baiterek.campaign.log.change import Change, now
from baiterek.campaign.programme.matrix import last_runs
from baiterek.campaign.programme.records import Case
from baiterek.campaign.programme.verification import Result, Stage
from baiterek.campaign.remarks.records import Waiver
from baiterek.campaign.remarks.states import Severity
from baiterek.campaign.remarks.steps import unsettled
from baiterek.campaign.remarks.waivers import in_force
from baiterek.campaign.rows import reading
from baiterek.errors import Refused

SHOWS = {Stage.AUTONOMOUS: State.AUTONOMOUS_TESTS, Stage.INTEGRATED: State.INTEGRATED_TESTS}
"""Runs of a stage show the tests of a state."""


def step(change: Change, store: Path, id: str, to: State, reason: str, revision: int | None = None) -> GroundObject:
    """Take an object to its next state, if its part asks and the rule of that step allows it.

    `revision` is what whoever asks has looked at: if somebody has changed the object since, they are told.
    """
    subject = reading.get(change.connection, GroundObject, id)
    change.allow(Action.ACT, subject.part, f"ground_object {id}")
    change.unchanged(subject, revision)
    why = refusal(subject.state, to, situation(change.connection, store, subject, reason))
    if why:
        raise Refused(f"ground_object {id}", why)
    return change.update(replace(subject, state=to), reason, "step")


def situation(
    connection: Connection, store: Path, subject: GroundObject, reason: str, faults: list[Broken] | None = None
) -> Situation:
    """What the rules look at; every hash of its evidence is computed again unless its faults are given."""
    pieces = shown_by(connection, subject.id)
    below = {child.id: child.state for child in reading.every(connection, GroundObject, parent=subject.id)}
    remarks = unsettled(connection, "ground_object", subject.id)
    day = now()[:10]
    unwaived = (
        remark.id
        for remark in remarks
        if remark.severity is not Severity.MINOR
        and not any(in_force(waiver, day) for waiver in reading.every(connection, Waiver, remark=remark.id))
    )
    whole, bad = stages(pieces, broken(store, pieces) if faults is None else faults)
    return Situation(reason, below, whole, bad, tuple(remark.id for remark in remarks), tuple(unwaived))


def shown_by(connection: Connection, id: str) -> list[Evidence]:
    """Evidence of an object: its own, and that of the last runs that passed of the cases that name it."""
    cases = {case.id: case for case in reading.holding(connection, Case, "objects", id)}
    found = cited(connection, id)
    for run in last_runs(connection, cases.values()).values():
        state = SHOWS.get(cases[run.test_case].stage)
        if state is not None and run.result is Result.PASSED:
            found += [replace(piece, stage=state) for piece in cited(connection, run.id, "test_run")]
    return found
