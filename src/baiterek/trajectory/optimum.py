"""What an optimisation gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from baiterek import notebook
from baiterek.errors import NotConverged
from baiterek.history import History, Steering


@dataclass(frozen=True)
class LimitVerdict:
    """One limit, measured on the re-integrated flight."""

    name: str
    unit: str
    value: float
    limit: float
    active: bool
    """Whether it binds; what it is worth then is among the `prices` of the optimum."""
    met: bool


@dataclass(frozen=True)
class Price:
    """What the objective gains (kg, m or s) when a number is changed by `amount` of `unit`, to first order."""

    of: str
    """A limit, named as its verdict, or a part: a stage, `aerodynamics`, `wind`, `target`, `reserve`."""
    what: str
    amount: float
    unit: str
    gain: float
    limit: bool
    """Whether it is a limit that a user set, as against a number of the vehicle, the air or the target."""
    paths: tuple[str, ...]
    """Data of the vehicle that the step changes."""


@dataclass(frozen=True)
class Way:
    """A number of burns of the upper stage that was tried."""

    burns: int
    climbs: bool
    """Whether the first of them is one at perigee already."""
    status: str
    objective: float
    """As of an `Optimum`; nan where none was found."""


@dataclass(frozen=True, repr=False)
class Optimum:
    """The answer, or why there is none."""

    status: str
    """`converged`, `infeasible` (a limit or the vehicle forbids it), `failed` (the solver gave up)."""
    advice: str
    payload_kg: float
    objective: float
    """In SI: kg of payload, kg at the end, m of altitude, or s."""
    steering: Steering | None = None
    history: History | None = None
    """The re-integrated flight."""
    gap_position_m: float = float("nan")
    """Distance at insertion between the solution and the re-integration of its own steering."""
    gap_speed_m_s: float = float("nan")
    limits: tuple[LimitVerdict, ...] = ()
    sensitivities: Mapping[str, float] = field(default_factory=dict)
    """d(objective) / d(number) for each number of the vehicle, per unit of that number."""
    missing: Mapping[str, float] = field(default_factory=dict)
    """When infeasible: by how much each limit would have to give (kg of propellant, m/s, share of a limit)."""
    iterations: int = 0
    mesh: str = ""
    solve_s: float = 0.0
    prices: tuple[Price, ...] = ()
    """What a natural step of each limit and of each number is worth."""
    tried: tuple[Way, ...] = ()
    """Every number of burns that was tried, where it was more than one."""

    @property
    def converged(self) -> bool:
        return self.status == "converged"

    def require(self) -> Optimum:
        """Itself when converged; raises `NotConverged` with the advice otherwise."""
        if not self.converged:
            raise NotConverged(f"{self.status}: {self.advice}")
        return self

    def __repr__(self) -> str:
        said = f"objective {self.objective:.6g} in SI" if self.converged else self.advice
        return f"<Optimum {self.status}: {said}>"

    def _repr_html_(self) -> str:
        flight = self.steering.duration_s if self.steering else None
        facts = [
            ("objective (kg, m or s)", self.objective, ""),
            ("payload", self.payload_kg, "kg"),
            ("duration", flight, "s"),
            ("gap to its re-integration", self.gap_position_m, "m"),
            ("", self.gap_speed_m_s, "m/s"),
        ]
        limits = []
        for verdict in self.limits:
            name, value, unit = notebook.natural(verdict.name, verdict.value)
            limit = notebook.natural(verdict.name, verdict.limit)[1]
            said = "NOT MET" if not verdict.met else "active" if verdict.active else "met"
            limits.append((name, value, limit, unit or verdict.unit, said))
        missing = [notebook.natural(name, value) for name, value in self.missing.items()]
        return notebook.card(
            f"Optimum: {self.status}",
            notebook.line(self.advice),
            notebook.table(facts),
            notebook.table(limits, ("limit", "value", "allowed", "unit", "verdict")),
            notebook.table(missing, ("missing", "by", "unit")),
        )
