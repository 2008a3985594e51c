"""A mission and the flight that it came to: what `baiterek.fly` gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from baiterek import notebook
from baiterek.catalogue.mission import Mission
from baiterek.history import History
from baiterek.study.cards import flight_tables
from baiterek.study.orbits import achieved
from baiterek.study.summary import event_row, events, impact


@dataclass(frozen=True, repr=False)
class Flight:
    """`history` has the columns and the falls; the rest is read off it."""

    mission: Mission
    history: History

    @property
    def events(self) -> list[dict[str, Any]]:
        """Lift-off, max q, cut-offs, separations, insertion: each with the state at that instant, SI and deg."""
        return [event_row(event, self.history) for event in events(self.history)]

    @property
    def orbit(self) -> dict[str, Any] | None:
        """Osculating elements at the end, km and deg, axes of launch; None for a mission without a target."""
        return achieved(self.mission, self.history)

    @property
    def impacts(self) -> list[dict[str, Any]]:
        """Where each body came down, and whether within its zone."""
        return [impact(fall, self.mission) for fall in self.history.falls]

    def __repr__(self) -> str:
        return f"<Flight of {self.mission.name}: {self.history.t_s[-1]:.1f} s, {len(self.history.falls)} falls>"

    def _repr_html_(self) -> str:
        return notebook.card(f"Flight: {self.mission.title}", flight_tables(self.events, self.orbit, self.impacts))
