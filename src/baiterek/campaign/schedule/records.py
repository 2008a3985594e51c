"""What the record holds of the schedule: milestones, activities before them, every move of a date with who moved it and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from baiterek.campaign.commission.parts import Part


class SlipKind(StrEnum):
    """What a new date does to the old one."""

    SLIP = "slip"
    PULL_IN = "pull_in"
    FIRMED = "firmed"
    """Known more exactly, within what was known."""
    LOOSENED = "loosened"
    """Known less exactly, around what was known."""
    PLACEHOLDER = "placeholder"
    """No date that anybody means: it holds a place in a list."""


class Initiator(StrEnum):
    """Who moved a date."""

    RU = "RU"
    KZ = "KZ"
    JOINT = "joint"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Milestone:
    """Something that happens once. Dates carry their precision (`dates.py`)."""

    id: str
    name_ru: str
    name_kk: str
    name_en: str
    baseline: str
    """What was first agreed or said."""
    planned: str
    """What is said now."""
    actual: str = ""
    part: Part | None = None
    """Which part answers for it; None: both."""
    after: tuple[str, ...] = ()
    """Activities that must be done before."""
    reserve_days: int = 0
    source: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Activity:
    """Work of so many days, after other work; its durations are stated with their source."""

    id: str
    name: str
    part: Part
    shortest_days: int
    likely_days: int
    longest_days: int
    after: tuple[str, ...] = ()
    done_on: str = ""
    """The day on which it was done."""
    source: str = ""
    example: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Slip:
    """A date moved: from what to what, why, on whose initiative, as which source says."""

    id: str
    milestone: str
    number: int
    old: str
    new: str
    kind: SlipKind
    reason: str
    initiator: Initiator
    announced_on: str
    source: str
    example: bool = False
    revision: int = 0
