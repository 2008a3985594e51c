"""What carries the payload on from the launcher: a stage that lights again and again. All numbers SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.site import Zone
from baiterek.physics.propulsion import ideal_delta_v, mass_flow

Number = Any
"""A float, or a symbol while an optimisation problem is being written."""


@dataclass(frozen=True)
class DropTanks:
    """Tanks that are emptied first and then left behind."""

    dry_mass_kg: Number
    propellant_kg: Number


@dataclass(frozen=True)
class BurnPlan:
    """What a mission asks of its upper stage."""

    count: int | None = None
    """Burns up to insertion; None: by the target (`burns.burns_of`)."""
    climbs: bool = False
    """Whether the first burn is already the first of those at perigee: of a launcher that all but reaches orbit by itself.
    The optimiser finds that out (`trajectory.ways`)."""
    coast_altitude_min_m: float = 180e3
    """Above the equatorial radius: no coast between burns goes lower, as the air is left out there."""
    launcher_perigee_max_m: float = 50e3
    """Of what the launcher's last stage is left on, above the equatorial radius, so that it comes down by itself."""
    launcher_apogee_max_m: float = 1000e3
    """Of the same, so that it comes down within a revolution."""
    separation_altitude_min_m: float = 140e3
    """Above the equatorial radius, of burns and of the coast after the launcher's last stage has gone: at orbital speed the
    free-molecular heat flux passes 1135 W/m2 below some 137 km, and the fairing has gone."""
    first_coast_s: tuple[float, float] = (10.0, 600.0)
    """Between separation of the launcher and the first ignition."""
    disposal: str = "auto"
    """`deorbit`, `lower`, `graveyard`, `reserve`, `none`, or by the target (`burns.disposal_of`)."""
    deorbit_perigee_m: float = 50e3
    """Above the equatorial radius, of the orbit into which the spent stage is brought down."""
    disposal_zone: Zone | None = None
    """Into which it then aims; None: the default of the catalogue (`zone_file.OCEAN`)."""


@dataclass(frozen=True)
class UpperStage:
    """A stage that carries the payload on from where the launcher leaves it, in SI."""

    name: str
    title: str
    dry_mass_kg: Number
    """Without drop tanks and without propellant."""
    propellant_kg: Number
    """Load of the main tanks."""
    residual_kg: Number
    """Part of it that never burns."""
    thrust_N: Number
    """In vacuum, one main engine or several together."""
    isp_s: Number
    ignitions: int
    """How often the main engine can be lit."""
    burn_min_s: Number
    coast_min_s: Number
    """Between cut-off and the next ignition."""
    life_s: Number
    """From separation of the launcher to the end of disposal."""
    coast_flow_kg_s: Number
    """What attitude control takes of the propellant while coasting."""
    settling_kg: Number
    """Propellant that each ignition after a coast takes to settle the tanks."""
    disposal_kg: Number
    """Propellant kept for the last burn, to re-entry or to a graveyard."""
    adapter_kg: Number
    """Between the launcher and the stage; stays with the launcher."""
    low_thrust_N: Number | None = None
    """Second level of thrust, where there is one."""
    drop_tanks: DropTanks | None = None
    hazards: str | None = None
    """Name or file of its hazards (`upper_hazard_file`)."""
    published: Mapping[str, Datum] = field(default_factory=dict)
    data: Mapping[str, Datum] = field(default_factory=dict)
    """Every number with its source, by its key."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    file: str = ""

    @property
    def mass_flow_kg_s(self) -> Number:
        return mass_flow(self.thrust_N, self.isp_s)

    @property
    def loaded_kg(self) -> Number:
        """Everything above the adapter without the payload, tanks full."""
        tanks = self.drop_tanks
        return self.dry_mass_kg + self.propellant_kg + (tanks.dry_mass_kg + tanks.propellant_kg if tanks else 0.0)

    def usable_kg(self, burns: int = 1) -> Number:
        """Propellant in all tanks for so many burns: without residuals, settling of the restarts, and disposal."""
        drop = self.drop_tanks.propellant_kg if self.drop_tanks else 0.0
        return self.propellant_kg + drop - self.residual_kg - self.disposal_kg - self.settling_kg * (burns - 1)

    def delta_v_m_s(self, payload_kg: Number, burns: int = 1) -> Number:
        """Ideal velocity gain with a payload: drop tanks emptied and left first, nothing lost in coasts."""
        start = self.loaded_kg + payload_kg
        gain = 0.0
        usable = self.usable_kg(burns)
        if self.drop_tanks is not None:
            first = self.drop_tanks.propellant_kg
            gain = ideal_delta_v(start, start - first, self.isp_s)
            start = start - first - self.drop_tanks.dry_mass_kg
            usable = usable - first
        return gain + ideal_delta_v(start, start - usable, self.isp_s)
