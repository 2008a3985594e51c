"""Missions that nothing can fly, by bounds that owe nothing to the optimiser; and missions near the edge of what can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Mission
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.flight.plan import lift_off_state
from thousand.bounds import (
    Ideal,
    airless_payload_kg,
    farthest_rad,
    ideal_payload_kg,
    least_horizontal_m_s,
    needed_m_s,
    upper_payload_kg,
)
from thousand.cases import INFEASIBLE, STANDARD, UNLABELLED, Case, Nothing, any_epoch, read, written


class Draft:
    """What a kind of forbidden mission begins with: a low circle, a payload that is no trouble, ordinary limits."""

    def __init__(self, rng: np.random.Generator, name: str) -> None:
        self.rng, self.name, self.epoch = rng, name, any_epoch(rng)
        self.low_km, self.inclination_deg = float(rng.uniform(180.0, 300.0)), float(rng.uniform(46.5, 60.0))
        self.target: dict[str, Any] = {"altitude_km": self.low_km, "inclination_deg": self.inclination_deg}
        self.payload_kg, self.limits, self.zones = 12e3, dict[str, Any](STANDARD), dict[str, Any]()
        self.upper_stage: dict[str, Any] | None = None
        self.why = ""

    def text(self) -> str:
        return written(self.name, self.epoch, self.target, self.payload_kg, self.limits, zones=self.zones,
                       upper_stage=self.upper_stage)  # fmt: skip

    def plain(self) -> Mission:
        """The mission as it stands, for the bounds."""
        return replace(read(self.text()), payload_kg=self.payload_kg)


def drawn(kind: str, number: int, rng: np.random.Generator) -> Case:
    """One draw of a kind."""
    write, limit = FORBIDDEN[kind]
    draft = Draft(rng, f"case-{number}")
    write(draft)
    return Case(number, kind, INFEASIBLE, draft.text(), draft.why, limit=limit)


def edge(kind: str, number: int, rng: np.random.Generator) -> Case:
    """A payload between 78 and 97 % of what flies without air: it may be possible or not."""
    draft = Draft(rng, f"case-{number}")
    height = 180.0 + 720.0 * float(rng.random()) ** 1.5
    draft.inclination_deg = 46.2 + 52.8 * float(rng.random())
    draft.target = {"altitude_km": height, "inclination_deg": draft.inclination_deg}
    plain = draft.plain()
    radius = float(plain.environment.radius_m) + 1e3 * height
    if kind == "edge-upper":
        draft.upper_stage = {"stage": str(rng.choice(("fregat", "fregat-m", "fregat-mt")))}
        draft.target = {"perigee_altitude_km": 250.0, "apogee_altitude_km": float(rng.uniform(2e3, 4e4)),
                        "inclination_deg": draft.inclination_deg}  # fmt: skip
        draft.payload_kg = 1.0
        most, share = upper_payload_kg(draft.plain()), float(rng.uniform(0.6, 0.95))
    else:
        most = airless_payload_kg(plain, radius, float(np.radians(draft.inclination_deg)))
        share = float(rng.uniform(0.78, 0.97))
    draft.payload_kg = share * most
    return Case(number, kind, UNLABELLED, draft.text(), f"{share:.0%} of what a bound leaves")


# --- the bounds -----------------------------------------------------------------------------------------


def _ideal(draft: Draft) -> None:
    plain = draft.plain()
    radius = float(plain.environment.radius_m) + 1e3 * draft.low_km
    most = ideal_payload_kg(plain, radius, radius)
    draft.payload_kg = float(draft.rng.uniform(1.01, 1.3)) * most
    draft.why = f"ideal velocity falls short beyond {most / 1e3:.2f} t"


def _airless(draft: Draft) -> None:
    height = 180.0 + 720.0 * float(draft.rng.random())
    inclination = float(draft.rng.uniform(46.5, 98.5))
    draft.target = {"altitude_km": height, "inclination_deg": inclination}
    plain = draft.plain()
    most = airless_payload_kg(plain, float(plain.environment.radius_m) + 1e3 * height, float(np.radians(inclination)))
    draft.payload_kg = float(draft.rng.uniform(1.02, 1.15)) * most
    draft.why = f"even without air no more than {most / 1e3:.2f} t"


def _plane(draft: Draft) -> None:
    """The plane's axis near the pad's meridian: the pad is nearly as far from it as it can be."""
    plain = draft.plain()
    away_deg = 90.0 + float(draft.rng.uniform(-4.0, 4.0))
    raan = float(np.degrees(plain.site.longitude_rad + plain.sidereal_angle_rad)) % 360.0 - away_deg
    inclination = 90.0 + float(draft.rng.uniform(-3.0, 3.0))
    draft.target |= {"inclination_deg": inclination, "raan_deg": raan}
    away, most = pad_off_plane_rad(plain, inclination, raan), farthest_rad(plain, draft.payload_kg)
    if away <= most:
        raise Nothing
    draft.why = f"plane {np.degrees(away):.0f} deg from the pad, no flight goes farther than {np.degrees(most):.0f}"


def _near_zone(draft: Draft) -> None:
    draft.payload_kg = float(draft.rng.uniform(14e3, 16e3))
    plain = draft.plain()
    far_km = float(draft.rng.uniform(10.0, 60.0))
    least = least_horizontal_m_s(plain, draft.payload_kg, float(plain.environment.radius_m) + 1e3 * draft.low_km)
    way = 0.5 * least**2 / (4.0 * STANDARD_GRAVITY_M_S2)
    if way <= 1.2 * 1e3 * far_km:
        raise Nothing
    draft.zones = {"stage-1": {"min_km": 0.0, "max_km": far_km}}
    draft.why = f"stage 1 must leave at {least:.0f} m/s, {way / 1e3:.0f} km of way under 4 g, and fall within {far_km:.0f} km"


def _zone_behind(draft: Draft) -> None:
    draft.payload_kg = float(draft.rng.uniform(13e3, 16e3))
    plain = draft.plain()
    lon = float(draft.rng.uniform(55.5, 57.5))
    draft.zones = {"stage-1": {"latitude_deg": 45.9, "longitude_deg": lon, "length_km": 120.0, "width_km": 50.0,
                               "azimuth_deg": 90.0}}  # fmt: skip
    behind = 1e3 * (63.3 - lon) * 111.3 * np.cos(np.radians(45.9)) - 60e3
    least = least_horizontal_m_s(plain, draft.payload_kg, float(plain.environment.radius_m) + 1e3 * draft.low_km)
    ideal = Ideal(plain, draft.payload_kg)
    back, most = 2.0 * behind / ideal.longest_burn_s(0) + least, ideal.gain_m_s(0)
    if back <= most:
        raise Nothing
    draft.why = f"to fall {behind / 1e3:.0f} km behind the pad stage 1 needs {back:.0f} m/s, it has {most:.0f}"


def _acceleration(draft: Draft) -> None:
    plain, most_g = draft.plain(), float(draft.rng.uniform(1.22, 1.4))
    radius = float(plain.environment.radius_m) + 1e3 * draft.low_km
    ideal = Ideal(plain, draft.payload_kg)
    has = ideal.gain_m_s(0) + ideal.gain_m_s(1, ideal.thrust_N[1] / (most_g * STANDARD_GRAVITY_M_S2))
    needs = needed_m_s(plain, radius, radius)
    if has >= needs:
        raise Nothing
    draft.limits["axial_acceleration_g0"] = most_g
    draft.why = f"under {most_g:.2f} g stage 2 cannot burn on: {has:.0f} m/s of {needs:.0f}"


def _no_lift_off(draft: Draft) -> None:
    draft.limits["axial_acceleration_g0"] = float(draft.rng.uniform(0.7, 0.97))
    draft.why = "what stands on the pad feels 1 g already"


def _floor(draft: Draft) -> None:
    """Geodetic altitude exceeds the height above the equatorial radius by 21.4 km at most, at a pole."""
    above = float(draft.rng.uniform(25.0, 80.0))
    draft.limits["insertion_altitude_min_km"] = draft.low_km + above
    draft.why = f"insertion floor {above:.0f} km above a circular orbit"


def _duration(draft: Draft) -> None:
    """The speed of the orbit, less the pad's, under the limit on what thrust gives, takes so long at least."""
    plain = draft.plain()
    radius = float(plain.environment.radius_m) + 1e3 * draft.low_km
    least = needed_m_s(plain, radius, radius) / (STANDARD["axial_acceleration_g0"] * STANDARD_GRAVITY_M_S2)
    draft.limits["duration_max_s"] = float(draft.rng.uniform(0.6, 0.95)) * least
    draft.why = f"under 4 g the energy of the orbit takes {least:.0f} s at least"


def _latitude(draft: Draft) -> None:
    draft.target["inclination_deg"] = float(draft.rng.uniform(10.0, 45.0))
    draft.why = "a plane that does not reach the latitude of the pad, and no leave for a dog-leg"


def _below_ground(draft: Draft) -> None:
    draft.target = {"perigee_altitude_km": float(draft.rng.uniform(0.0, 75.0)), "apogee_altitude_km": 400.0,
                    "inclination_deg": draft.inclination_deg}  # fmt: skip
    draft.why = "a perigee in dense air"


def _upper(draft: Draft) -> None:
    stage = str(draft.rng.choice(("fregat", "fregat-mt", "block-dm-03-light", "briz-m")))
    high = float(draft.rng.uniform(1e4, 3.6e4))
    draft.upper_stage = {"stage": stage, "burns": 2}
    draft.target = {"perigee_altitude_km": 250.0, "apogee_altitude_km": high, "inclination_deg": draft.inclination_deg}
    draft.payload_kg = 1.0
    most = upper_payload_kg(draft.plain())
    draft.payload_kg = float(draft.rng.uniform(1.02, 1.5)) * most
    draft.why = f"ideal velocity of three stages falls short beyond {most / 1e3:.2f} t"


def _upper_thirst(draft: Draft) -> None:
    """Energy from the most that the launcher may leave (50 x 1000 km), won where speed is greatest: at 140 km."""
    draft.upper_stage = {"stage": "fregat", "burns": 3}
    high = float(draft.rng.uniform(1.5e4, 3.5e4))
    draft.target = {"altitude_km": high, "inclination_deg": draft.inclination_deg}
    draft.payload_kg = 1.0
    plain = draft.plain()
    mu, radius, stage = float(plain.environment.mu_m3_s2), float(plain.environment.radius_m), plain.upper_stage
    assert stage is not None
    low = radius + plain.burns.separation_altitude_min_m
    left_on = 2.0 * radius + plain.burns.launcher_perigee_max_m + plain.burns.launcher_apogee_max_m
    before, after = (np.sqrt(2.0 * mu * (1.0 / low - 1.0 / axis2)) for axis2 in (left_on, 2.0 * (radius + 1e3 * high)))
    ratio = float(np.exp((after - before) / (STANDARD_GRAVITY_M_S2 * float(stage.isp_s))))
    most = (float(stage.loaded_kg) - ratio * float(stage.dry_mass_kg)) / (ratio - 1.0)
    draft.payload_kg = float(draft.rng.uniform(1.02, 1.5)) * most
    draft.why = f"from what the launcher may leave it on, Fregat lifts no more than {most:.0f} kg"


def _ignitions(draft: Draft) -> None:
    stage = str(draft.rng.choice(("block-dm-03-light", "block-dm-03-heavy")))
    draft.upper_stage = {"stage": stage, "burns": int(draft.rng.integers(5, 7))}
    draft.target = {"altitude_km": float(draft.rng.uniform(1e4, 3.5e4)), "inclination_deg": draft.inclination_deg}
    draft.payload_kg = 1000.0
    draft.why = "more burns than the engine can be lit: 4 times"


def _weight(draft: Draft) -> None:
    plain = draft.plain()
    engine = plain.vehicle.stages[0].engines[0]
    stage_kg = Ideal(plain, 0.0).start_kg[0]
    most = float(engine.thrust_vac_N) / STANDARD_GRAVITY_M_S2 - stage_kg
    draft.payload_kg = float(draft.rng.uniform(1.02, 1.4)) * most
    draft.why = f"with more than {most / 1e3:.0f} t it outweighs its thrust"


FORBIDDEN: dict[str, tuple[Callable[[Draft], None], str]] = {
    "no-ideal-velocity": (_ideal, "propellant"),
    "no-airless-flight": (_airless, "propellant"),
    "no-such-plane": (_plane, "raan"),
    "no-zone-so-near": (_near_zone, "zone stage-1"),
    "no-zone-behind": (_zone_behind, "zone stage-1"),
    "no-acceleration": (_acceleration, "axial_acceleration"),
    "no-lift-off": (_no_lift_off, "axial_acceleration"),
    "no-thrust": (_weight, "thrust at lift-off"),
    "no-orbit-so-high": (_floor, "insertion_altitude_min"),
    "no-time": (_duration, "duration_max"),
    "no-latitude": (_latitude, "inclination"),
    "no-perigee": (_below_ground, "perigee"),
    "no-upper-velocity": (_upper, "propellant"),
    "no-upper-propellant": (_upper_thirst, "propellant"),
    "no-ignition": (_ignitions, "burns"),
}
"""Kind -> what writes it, and what the refusal must name."""


def pad_off_plane_rad(mission: Mission, inclination_deg: float, raan_deg: float) -> float:
    """Angle between the pad at lift-off and an orbital plane."""
    i, node = np.radians(inclination_deg), np.radians(raan_deg)
    normal = np.array([np.sin(i) * np.sin(node), -np.sin(i) * np.cos(node), np.cos(i)])
    pad = lift_off_state(mission)[:3]
    return float(np.arcsin(abs(normal @ pad) / np.linalg.norm(pad)))
