"""What anything that flies leaves behind: named columns, events, the steering, the falling bodies. Read-only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SteeringPhase:
    """Commands of one phase: a polynomial in each interval, through its values at the nodes."""

    name: str
    mode: str
    """`up`: along the geodetic vertical, whatever `values` say; `free`: as `values` say (a held attitude is constant)."""
    start_s: float
    duration_s: float
    breaks: Array
    """Ends of the intervals as fractions of the duration, shape (n + 1,), from 0 to 1."""
    nodes: Array
    """Where in an interval the values stand, shape (k,), within 0..1."""
    values: Array
    """ux, uy, uz, throttle at the nodes, shape (n, k, 4). Between nodes: the Lagrange polynomial, its direction
    normalised to length 1."""
    drop_mass_kg: Array
    """Mass that stays behind at the end of the phase, per drop, in the order of the phase's drops."""


@dataclass(frozen=True)
class Steering:
    """The optimum as something to fly: phases in order. Axes: inertial, of launch (`frames`)."""

    phases: tuple[SteeringPhase, ...]
    payload_kg: float

    @property
    def duration_s(self) -> float:
        last = self.phases[-1]
        return last.start_s + last.duration_s


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant."""

    name: str
    t_s: float


@dataclass(frozen=True)
class Fall:
    """A dropped body from its separation to the ground (or to the last instant, when it stays up)."""

    name: str
    pieces: int
    mass_kg: float
    """Of one piece."""
    columns: Mapping[str, Array]
    landed: bool
    latitude_deg: float
    longitude_deg: float
    t_s: float
    """Of impact, since lift-off."""


@dataclass(frozen=True)
class History:
    """A flight: columns of equal length (the name carries unit and frame), events, steering and falls."""

    columns: Mapping[str, Array]
    phase: NDArray[np.int32]
    """Number of the phase of each row."""
    phases: tuple[str, ...]
    events: tuple[Event, ...]
    steering: Steering
    falls: tuple[Fall, ...] = ()
    source: str = ""
    """What produced it: `optimiser`, `re-integration`, `simulator`."""
    notes: tuple[str, ...] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    @property
    def t_s(self) -> Array:
        return self.columns["t_s"]
