"""What we fly: stages, boosters, engines, fairing, and what falls of each. All numbers SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.physics.aerodynamics import Body
from baiterek.physics.propulsion import exit_area, mass_flow, usable_propellant
from baiterek.physics.table import Table

if TYPE_CHECKING:
    from baiterek.catalogue.case_file import Case

Number = Any
"""A float, or a symbol while an optimisation problem is being written."""


@dataclass(frozen=True)
class Engine:
    """One kind of engine of a stage."""

    name: str
    count: int
    thrust_vac_N: Number
    thrust_sl_N: Number
    """Equal to the vacuum thrust when the file says `thrust_N`: constant thrust, no back pressure."""
    isp_vac_s: Number
    throttle_min: float = 1.0
    throttle_max: float = 1.0
    throttle_steps: tuple[float, ...] = ()
    """Levels that the engine knows, in the order in which it runs through them; empty when it throttles freely."""
    start_s: Number = 0.0
    """Linear rise of thrust from ignition to full (before lift-off for the first stage)."""
    shutdown_s: Number = 0.0
    """Linear fall of thrust after cut-off, from the lowest throttle."""
    ignitions: int = 1
    mixture_ratio: Number | None = None
    """Oxidiser over fuel by mass; None for a solid or for a plain `propellant_kg`."""

    @property
    def exit_area_m2(self) -> Number:
        return exit_area(self.thrust_vac_N, self.thrust_sl_N)

    @property
    def mass_flow_kg_s(self) -> Number:
        return mass_flow(self.thrust_vac_N, self.isp_vac_s)


@dataclass(frozen=True)
class Tanks:
    """Propellant of a stage (of one booster). Either oxidiser and fuel, or one `propellant_kg`."""

    propellant_kg: Number | None = None
    residual_kg: Number = 0.0
    oxidiser_kg: Number = None
    fuel_kg: Number = None
    oxidiser_residual_kg: Number = 0.0
    fuel_residual_kg: Number = 0.0

    @property
    def loaded_kg(self) -> Number:
        return self.propellant_kg if self.propellant_kg is not None else self.oxidiser_kg + self.fuel_kg

    def usable_kg(self, mixture_ratio: Number | None) -> Number:
        """What burns before one tank is out; the rest (residuals, outage) stays aboard and is dropped."""
        if self.propellant_kg is not None:
            return self.propellant_kg - self.residual_kg
        return usable_propellant(
            self.oxidiser_kg, self.fuel_kg, self.oxidiser_residual_kg, self.fuel_residual_kg, mixture_ratio
        )


@dataclass(frozen=True)
class FallingBody:
    """How a dropped piece falls: pure drag on a tumbling body."""

    name: str
    pieces: int
    mass_kg: Number | None
    """Of one piece; None when it is what the separation leaves (a spent stage with its residuals)."""
    area_m2: Number
    """Mean area across the flow, to which the drag coefficient refers."""
    drag: Table
    """Drag coefficient over Mach number."""


@dataclass(frozen=True)
class Stage:
    """A serial stage; an interstage that goes with it counts in its dry mass or in `interstage_kg`."""

    name: str
    dry_mass_kg: Number
    tanks: Tanks
    engines: tuple[Engine, ...]
    interstage_kg: Number = 0.0
    separation: str = "cold"
    """`hot`: the next stage ignites while attached, no coast; `cold`: a coast of `coast_s` follows the separation."""
    coast_s: tuple[float, float] = (0.0, 0.0)
    """Bounds of the coast between this stage's separation and the next ignition."""
    shutdown: str = "command"
    """`command`: may be shut down before depletion; `depletion`: burns out."""
    body: FallingBody | None = None

    @property
    def inert_kg(self) -> Number:
        return self.dry_mass_kg + self.interstage_kg

    @property
    def mixture_ratio(self) -> Number | None:
        return self.engines[0].mixture_ratio

    @property
    def usable_kg(self) -> Number:
        return self.tanks.usable_kg(self.mixture_ratio)

    @property
    def throttleable(self) -> bool:
        return any(engine.throttle_max > engine.throttle_min for engine in self.engines)


@dataclass(frozen=True)
class Booster:
    """A kind of parallel booster: `count` of them, lit and dropped together; masses and engines are of one."""

    name: str
    count: int
    dry_mass_kg: Number
    tanks: Tanks
    engines: tuple[Engine, ...]
    lights_after: str | None = None
    """Name of the booster kind at whose burnout these light; None: at lift-off."""
    body: FallingBody | None = None

    @property
    def usable_kg(self) -> Number:
        return self.tanks.usable_kg(self.engines[0].mixture_ratio)


@dataclass(frozen=True)
class Shroud:
    """A fairing, or the escape tower of a crewed variant: carried, then thrown off by a rule."""

    kind: str
    """`fairing` or `escape-tower`."""
    mass_kg: Number
    rule: str
    """`heat_flux`, `altitude` or `time`: when it may go."""
    threshold: Number
    """W/m2, m or s since lift-off."""
    stage: str
    """Name of the stage during whose burn it goes."""
    body: FallingBody | None = None


@dataclass(frozen=True)
class Vehicle:
    """What flies, in SI; `data` has every number of it with sigma and source, by path."""

    name: str
    title: str
    stages: tuple[Stage, ...]
    boosters: tuple[Booster, ...]
    shroud: Shroud | None
    aerodynamics: Body
    published: Mapping[str, Datum]
    """What others publish of the whole (lift-off mass, payload points), and dimensions by path: shown, never flown."""
    data: Mapping[str, Datum]
    """Every number that is flown, by path, e.g. `stage-1.dry_mass_kg`."""
    sources: Mapping[str, Source]
    correlations: tuple[Correlation, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    navigation: Mapping[str, Datum] = field(default_factory=dict)
    """Errors of the inertial unit by path, e.g. `navigation.gyro_drift_rad_s`: flown by closed-loop batches only."""
    failures: tuple[Case, ...] = ()
    """What may go wrong."""


@dataclass(frozen=True)
class Correlation:
    """A covariance that belongs to several data at once (the result of a fit)."""

    paths: tuple[str, ...]
    covariance: tuple[tuple[float, ...], ...]
    source: str
