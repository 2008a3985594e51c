"""What the record holds of evidence: its content by hash, and what cites it."""

from __future__ import annotations

from dataclasses import dataclass

from baiterek.campaign.complex.states import State


@dataclass(frozen=True)
class Evidence:
    """Content by its hash, and what cites it."""

    id: str
    sha256: str
    kind: str
    """`file`, or `folder`: then the content is a list of its files with their hashes."""
    name: str
    size: int
    """Bytes of all its files."""
    entity: str
    entity_id: str
    stage: State | None = None
    """The state of the object whose tests it shows."""
    note: str = ""
    revision: int = 0
