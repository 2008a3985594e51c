"""What the record holds of the results of a flight."""

from __future__ import annotations

from dataclasses import dataclass

from baiterek.campaign.commission.parts import Part


@dataclass(frozen=True)
class FlightResult:
    """Planned against measured, once: a better measurement is another one. Numbers are decimal texts, empty where missing."""

    id: str
    flight: str
    part: Part
    criterion: str
    """The entry of the checklist of the results gate that it is evidence of."""
    run: str
    """Name of the results folder that was planned with."""
    run_sha256: str
    measured_sha256: str
    rows: tuple[dict[str, str], ...] = ()
    """Of each quantity what `compare.COLUMNS` names."""
    note: str = ""
    example: bool = False
    revision: int = 0
