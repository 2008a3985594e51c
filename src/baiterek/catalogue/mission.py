"""What is asked: a vehicle, a site, an instant, a payload, an orbit, limits, an environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from baiterek import notebook
from baiterek.catalogue.dispersions import Dispersions
from baiterek.catalogue.site import Site, Zone
from baiterek.catalogue.upper_stage import BurnPlan, UpperStage
from baiterek.catalogue.vehicle import Vehicle
from baiterek.physics.earth import Environment

OBJECTIVES = ("payload", "least_propellant", "altitude", "time")


@dataclass(frozen=True)
class Element:
    """An orbital element: fixed (`low == high`), bounded, or free (both None)."""

    low: Any = None
    high: Any = None

    @property
    def free(self) -> bool:
        return self.low is None and self.high is None

    @property
    def fixed(self) -> bool:
        return (self.low is not None and self.low is self.high) or (not self.free and self.low == self.high)


@dataclass(frozen=True)
class Escape:
    """How a spacecraft leaves the Earth: energy, and where the asymptote points in the frame of the target."""

    c3_m2_s2: Element
    declination_rad: Element
    right_ascension_rad: Element


@dataclass(frozen=True)
class Orbit:
    """A target. Radii are from the centre of the Earth; the file's altitudes are above the equatorial radius."""

    name: str
    perigee_radius_m: Element
    apogee_radius_m: Element
    inclination_rad: Element
    raan_rad: Element
    argument_of_perigee_rad: Element
    true_anomaly_rad: Element
    """At insertion."""
    kind: str = "osculating"
    """`osculating`, or `mean` (first-order J2 short periods removed; near-circular orbits)."""
    frame: str = "TOD"
    """`TOD`: true equator and equinox of the epoch; `GCRF`."""
    epoch: str = "insertion"
    """When the elements hold: at `insertion`."""
    note: str = ""
    speed_to_geo_m_s: Element | None = None
    """What the spacecraft must still give to reach geostationary orbit (`physics.transfer.speed_to_circle`)."""
    escape: Escape | None = None
    """In place of an apogee, which is then free."""


@dataclass(frozen=True)
class Release:
    """A payload that is let go on an orbit of its own, in the order of the file."""

    name: str
    mass_kg: Any
    """None: what the payload has beyond the masses of the others, to be maximised."""
    adapter_kg: float
    """Stays behind on the stage."""
    target: Orbit
    burns: int | None = None
    """From the release before, or from the launcher; None: by the two orbits (`burns.legs`)."""


@dataclass(frozen=True)
class Limits:
    """What the flight must keep. None: no limit."""

    dynamic_pressure_Pa: Any = None
    q_alpha_Pa_rad: Any = None
    axial_acceleration_m_s2: Any = None
    angle_of_attack_rad: Any = None
    angle_of_attack_from_Pa: float = 1000.0
    """The limit on the angle of attack holds where the dynamic pressure exceeds this."""
    turn_rate_rad_s: Any = None
    rise_altitude_m: Any = None
    """Vertical rise until this height above the pad."""
    corridors_rad: tuple[tuple[float, float], ...] = ()
    """Allowed launch azimuths (pad to the point below the first separation), a choice of corridors."""
    insertion_altitude_min_m: Any = None
    duration_max_s: float | None = None
    dog_leg: bool = False
    """Permits an inclination below the geocentric latitude of the site."""


@dataclass(frozen=True)
class Reserve:
    """Propellant held back in the last stage for dispersions, as a fraction of its usable load."""

    last_stage_fraction: float = 0.0
    policy: str = "none"


@dataclass(frozen=True, repr=False)
class Mission:
    """A mission as read and checked, with everything that its file names; SI and rad."""

    name: str
    title: str
    vehicle: Vehicle
    site: Site
    lift_off: datetime | None
    """UTC; None for a published problem without a date."""
    sidereal_angle_rad: float
    """Angle from the x axis of TOD to Greenwich at lift-off."""
    payload_kg: Any
    """None: to be maximised."""
    adapter_kg: Any
    objective: str
    target: Orbit | None
    limits: Limits
    zones: Mapping[str, Zone]
    """Where a body must fall: name of the falling body -> zone."""
    environment: Environment
    environment_notes: tuple[str, ...]
    """What the environment is, in words that a report can print."""
    compute: tuple[str, ...] = ("optimise", "fly", "report")
    reserve: Reserve = Reserve()
    seed: int = 0
    file: str = ""
    resolved: Mapping[str, Any] = field(default_factory=dict)
    """The mission file as resolved, every default written out, ready for TOML or JSON."""
    upper_stage: UpperStage | None = None
    burns: BurnPlan = field(default_factory=BurnPlan)
    releases: tuple[Release, ...] = ()
    """Several payloads on several orbits; `target` is then the last one's, `payload_kg` their sum."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """What was changed after the file was read, by path (`catalogue.read.change_mission`)."""
    dispersions: Dispersions = field(default_factory=Dispersions)

    def __repr__(self) -> str:
        return f"<Mission {self.name}: {self.title}>"

    @property
    def given_kg(self) -> Any:
        """Payload whose mass is given: all of it, or that of the releases which are not maximised, or none."""
        if self.releases:
            return sum((release.mass_kg for release in self.releases if release.mass_kg is not None), 0.0)
        return 0.0 if self.payload_kg is None else self.payload_kg

    def release_kg(self, release: Release) -> Any:
        """Mass of a release in a mission whose payload is known."""
        return self.payload_kg - self.given_kg if release.mass_kg is None else release.mass_kg

    def _repr_html_(self) -> str:
        rows = [(of, what) for of, what in self._facts() if what]
        changes = [(path, "taken away" if value is None else value) for path, value in self.changes.items()]
        return notebook.card(
            self.title,
            notebook.table(rows),
            notebook.table(self._limits(), ("limit", "value", "unit")),
            notebook.table(changes, ("changed in Python", "to")),
        )

    def _facts(self) -> list[tuple[str, str]]:
        payload = "to be maximised" if self.payload_kg is None else f"{float(self.payload_kg):g} kg"
        zones = ", ".join(f"{body} in {zone.name}" for body, zone in self.zones.items())
        return [
            ("mission", self.name),
            ("vehicle", self.vehicle.title),
            ("upper stage", self.upper_stage.title if self.upper_stage else ""),
            ("site", self.site.title),
            ("lift-off", f"{self.lift_off:%Y-%m-%d %H:%M:%S} UTC" if self.lift_off else "no date"),
            ("objective", self.objective.replace("_", " ")),
            ("payload", payload),
            ("target", self.target.name if self.target and not self.releases else ""),
            ("releases", ", ".join(f"{release.name} on {release.target.name}" for release in self.releases)),
            ("zones", zones),
            ("environment", "; ".join(self.environment_notes)),
        ]

    def _limits(self) -> list[tuple[str, float, str]]:
        """Limits that are numbers, with their units."""
        given = {item.name: getattr(self.limits, item.name) for item in fields(self.limits)}
        if self.limits.angle_of_attack_rad is None:
            del given["angle_of_attack_from_Pa"]
        return [notebook.natural(name, float(v)) for name, v in given.items() if isinstance(v, float)]
