"""What the record holds of campaigns: resources that campaigns share, campaigns, their operations. Times are whole minutes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from baiterek.campaign.commission.parts import Part

LIFT_OFF = "lift-off"
"""The operation, of no duration, to which every template counts."""


class ResourceKind(StrEnum):
    """What an operation occupies."""

    PAD = "pad"
    BUILDING = "building"
    CREW = "crew"
    TRANSPORTER = "transporter"
    EQUIPMENT = "equipment"


class CampaignKind(StrEnum):
    """What a campaign is for."""

    LAUNCH = "launch"
    REHEARSAL = "rehearsal"
    """Closed, it is a run of a case of the test programme."""


class CampaignState(StrEnum):
    """Where a campaign stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OperationState(StrEnum):
    """Where an operation stands."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Hazard(StrEnum):
    """What may hurt people during an operation."""

    LIFTING = "lifting"
    HEIGHT = "height"
    PRESSURE = "pressure"
    PROPELLANT = "propellant"
    TOXIC = "toxic"
    PYROTECHNICS = "pyrotechnics"
    ELECTRICAL = "electrical"
    RADIO = "radio"


@dataclass(frozen=True)
class Resource:
    """A pad, a building, a crew: of so many at a time, shared by all campaigns."""

    id: str
    kind: ResourceKind
    name_ru: str
    name_kk: str
    name_en: str
    part: Part
    capacity: int = 1
    """How many operations may occupy it at once."""
    shift_min: int = 0
    """Of a crew: longest work of a team without rest; 0: not limited."""
    rest_min: int = 0
    """Of a crew: rest of a team between two shifts."""
    teams: int = 1
    """Of a crew: teams that relieve each other."""
    source: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Campaign:
    """Operations before and after a lift-off, whose date is that of a milestone of the schedule."""

    id: str
    name: str
    kind: CampaignKind
    part: Part
    """Which part leads it."""
    milestone: str
    """Its lift-off, of a rehearsal the simulated one."""
    baseline: str
    """The date of that milestone when the campaign was made."""
    template: str
    """Name of the template and the hash of its file."""
    flight: str | None = None
    test_case: str | None = None
    """Of a rehearsal: the case that it is a run of."""
    state: CampaignState = CampaignState.OPEN
    reason: str = ""
    """Why it was closed or cancelled."""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Operation:
    """Work of a campaign, so long before lift-off, by a responsible part."""

    id: str
    """CAMPAIGN/key."""
    campaign: str
    number: int
    name_ru: str
    name_kk: str
    name_en: str
    part: Part
    organisation: str
    before_min: int
    """When it is to begin, before lift-off; negative: after it."""
    duration_min: int
    resources: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    """Resources in which no other work goes on meanwhile."""
    after: tuple[str, ...] = ()
    """Operations that must be done, or skipped, before."""
    hazards: tuple[Hazard, ...] = ()
    procedure: str = ""
    source: str = ""
    """Of its numbers."""
    state: OperationState = OperationState.PLANNED
    started_at: str | None = None
    ended_at: str | None = None
    reason: str = ""
    """Why it was skipped, how it failed, what it came to."""
    remark: str | None = None
    """Into which it failed."""
    example: bool = False
    revision: int = 0

    @property
    def key(self) -> str:
        """Its name within the campaign."""
        return self.id.removeprefix(f"{self.campaign}/")
