"""What the record holds of the complex: its ground objects."""

from __future__ import annotations

from dataclasses import dataclass

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.complex.states import State


@dataclass(frozen=True)
class GroundObject:
    """One object of the complex, a node of the tree under `parent`."""

    id: str
    site: str
    kind: str
    name: str
    part: Part
    """Which part answers for it, and alone acts for it."""
    parent: str | None = None
    systems: tuple[str, ...] = ()
    owner: str = ""
    designer: str = ""
    documents: tuple[str, ...] = ()
    state: State = State.MOUNTED
    basis: str = ""
    """The act on which it entered the register in a later state than mounted."""
    example: bool = False
    """Generated, not a real object; every view says so."""
    revision: int = 0
