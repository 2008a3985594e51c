"""What anything that flies leaves behind: named columns, events, the steering, the falling bodies. Read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from baiterek import notebook
from baiterek.columns import describe

if TYPE_CHECKING:
    from xarray import Dataset

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


@dataclass(frozen=True, repr=False)
class Steering:
    """The optimum as something to fly: phases in order. Axes: inertial, of launch (`frames`)."""

    phases: tuple[SteeringPhase, ...]
    payload_kg: float

    @property
    def duration_s(self) -> float:
        last = self.phases[-1]
        return last.start_s + last.duration_s

    def __repr__(self) -> str:
        return f"<Steering: {len(self.phases)} phases, {self.duration_s:.1f} s, payload {self.payload_kg:.1f} kg>"


@dataclass(frozen=True)
class Event:
    """Something that happens at an instant."""

    name: str
    t_s: float


@dataclass(frozen=True, repr=False)
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

    def __repr__(self) -> str:
        place = f"falls at {self.latitude_deg:.4f}, {self.longitude_deg:.4f} deg" if self.landed else "stays up"
        return f"<Fall of {self.name}: {self.mass_kg:.0f} kg, {place}, {self.t_s:.1f} s>"

    def to_xarray(self) -> Dataset:
        """The fall as `dataset` makes it."""
        return dataset(self.columns, {"body": self.name, "mass_kg": self.mass_kg, "pieces": self.pieces})


@dataclass(frozen=True, repr=False)
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

    def to_xarray(self) -> Dataset:
        """The columns as `dataset` makes them, the number of the phase among them."""
        about = {"source": self.source, "payload_kg": self.steering.payload_kg}
        return dataset({**self.columns, "phase": self.phase}, about, self.phases)

    def __repr__(self) -> str:
        return f"<History by the {self.source}: {self.t_s[-1]:.1f} s, {len(self.t_s)} rows, {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        rows = []
        for name, values in {name: np.asarray(v, dtype=float) for name, v in self.columns.items()}.items():
            known = values[np.isfinite(values)]
            least, most = (float(known.min()), float(known.max())) if known.size else (None, None)
            about = describe(name)
            rows.append((name, about.title, about.unit, float(values[0]), least, most, float(values[-1])))
        heads = ("column", "what it is", "unit", "first", "least", "greatest", "last")
        return notebook.card(repr(self)[1:-1], notebook.table(rows, heads))


def dataset(columns: Mapping[str, Any], about: Mapping[str, Any], phases: Sequence[str] = ()) -> Dataset:
    """Columns of a flight along `t_s`, each with `units`, `long_name` and, where it has one, `frame`.

    A separation has two rows at one instant, before and after it. Nothing is dropped here; where a tool wants each
    instant once (`interp`, `sel(method="nearest")`), say which: `.drop_duplicates("t_s", keep="last")`.
    """
    try:
        import xarray
    except ImportError:
        raise ImportError("to_xarray() needs xarray: pip install 'baiterek[notebook]'") from None
    variables = {name: ("t_s", np.asarray(column), attributes(name)) for name, column in columns.items()}
    if "phase" in variables and phases:
        variables["phase"][2]["flag_values"] = list(range(len(phases)))
        variables["phase"][2]["flag_meanings"] = " ".join(name.replace(" ", "_") for name in phases)
    time = {"t_s": variables.pop("t_s")}
    return xarray.Dataset(variables, time, dict(about))


def attributes(name: str) -> dict[str, Any]:
    """What a column is, under the names of the CF conventions, with its frame."""
    about = describe(name)
    found = {"units": about.unit, "long_name": about.title, "frame": about.frame}
    return {key: value for key, value in found.items() if value}
