"""What the record holds of notices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from baiterek.campaign.commission.parts import Part, Role


class Channel(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Subscription:
    """An office that is told of what happens to some kinds of thing."""

    id: str
    role: Role
    part: Part | None
    """Of the office; None of a keeper."""
    channel: Channel
    target: str
    """An address of e-mail, or a URL."""
    topics: tuple[str, ...]
    """Kinds of record: operation, milestone, decision ..."""
    own: bool = False
    """Only what its part answers for."""
    language: str = "ru"
    active: bool = True
    revision: int = 0


@dataclass(frozen=True)
class Feed:
    """An address at which a program reads the calendar for an account, and nothing else."""

    id: str
    """SHA-256 of its secret: whoever reads the record cannot ask for the calendar with it."""
    account: str
    language: str = "ru"
    opened_at: str = ""
    ended_at: str | None = None
    revision: int = 0
