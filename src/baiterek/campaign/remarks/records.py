"""What the record holds of departures: remarks, deviations and waivers."""

from __future__ import annotations

from dataclasses import dataclass

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.remarks.states import Disposition, Ground, RemarkState, Severity, WaiverKind, WaiverState


@dataclass(frozen=True)
class Remark:
    """Something found otherwise than it should be."""

    id: str
    text: str
    raised_by: Part
    part: Part
    """Which part answers for it."""
    entity: str = ""
    """Of what it is about: its kind and its id; both empty where the record does not have it."""
    entity_id: str = ""
    organisation: str | None = None
    state: RemarkState = RemarkState.RAISED
    grounds: tuple[Ground, ...] = ()
    """What makes it major."""
    severity: Severity | None = None
    due_gate: Gate | None = None
    cause: str = ""
    disposition: Disposition | None = None
    action: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Waiver:
    """Leave to depart from a requirement: a deviation before the fact, a waiver after it, for named flights."""

    id: str
    kind: WaiverKind
    text: str
    """From what it departs, and why that is acceptable."""
    part: Part
    """Which part asks for it."""
    flights: tuple[str, ...]
    remark: str | None = None
    """Of a waiver: what was found."""
    requirement: str | None = None
    last_gate: Gate | None = None
    """The last gate of these flights that it lets pass; None: every one."""
    valid_to: str | None = None
    """Last day; None while these flights last."""
    state: WaiverState = WaiverState.DRAFT
    example: bool = False
    revision: int = 0
