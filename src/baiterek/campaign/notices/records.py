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
