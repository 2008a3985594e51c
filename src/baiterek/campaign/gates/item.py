"""Something that a gate meets, and whether it blocks."""

from __future__ import annotations

from typing import NamedTuple

from baiterek.campaign.commission.parts import Part


class Item(NamedTuple):
    """Something that a gate meets: it blocks unless something lets it pass."""

    entity: str
    id: str
    part: Part | None
    """Who owes it; None: both."""
    why: str
    passed_by: str = ""
    """`waiver ID` or `condition ID` that lets it pass here."""
    carriable: bool = False
    """Whether a condition may carry it."""

    @property
    def blocks(self) -> bool:
        """Whether nothing lets it pass."""
        return not self.passed_by
