"""What must hold for a launch: each criterion with what is allowed, what is found, and the reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from baiterek.catalogue.burns import burns_of
from baiterek.catalogue.mission import Mission
from baiterek.history import Array, Fall, History
from baiterek.physics.earth import fixed_from_geodetic
from baiterek.physics.impact import east_north_of
from baiterek.safety.zones import inside
from baiterek.study.summary import propellant_left

if TYPE_CHECKING:
    from baiterek.study.day_of_launch import Day

UNBIASED, BIASED = "unbiased", "biased"
ROUNDING = 1e-3
"""Share by which a flown load may pass its limit: the throttle that holds the acceleration is set between nodes."""
NO_PROGRAMME = "no programme keeps the limits in the measured wind"


def criteria(day: Day, gusts: Mapping[str, Array]) -> list[dict[str, Any]]:
    """A row a criterion: numbers of both programmes in the measured wind, whether each meets it, and why."""
    rows = [_replanned(day)]
    rows += [_load(day, name, unit, limit, peak) for name, unit, limit, peak in _loads(day, gusts)]
    rows += [_drop(day, body) for body in day.mission.zones]
    found = margin(day)
    if found is not None:
        rows.append(_margin(found))
    rows.append(_measured(day, gusts))
    return rows


def _row(name: str, unit: str, limit: Any, values: Mapping[str, Any], met: Mapping[str, bool], reason: str) -> dict[str, Any]:
    return {
        "name": name, "unit": unit, "limit": limit, UNBIASED: values.get(UNBIASED), BIASED: values.get(BIASED),
        "met_unbiased": met.get(UNBIASED, False), "met": met.get(BIASED, False), "reason": reason,
    }  # fmt: skip


def _replanned(day: Day) -> dict[str, Any]:
    good = bool(day.biased.converged)
    reason = "planned with room for the gust" if good else f"{NO_PROGRAMME}: {day.biased.advice}"
    return _row("programme for the measured wind", "", None, {}, {UNBIASED: True, BIASED: good}, reason)


def _loads(day: Day, gusts: Mapping[str, Array]) -> list[tuple[str, str, float, dict[str, float]]]:
    """Loads that the mission limits: name, unit, limit, greatest value by programme."""
    limits, flights = day.mission.limits, day.flights
    found: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("dynamic pressure", "Pa", limits.dynamic_pressure_Pa, {n: f["dynamic_pressure_Pa"] for n, f in flights.items()}),
        ("q alpha with gust", "Pa rad", limits.q_alpha_Pa_rad, {n: f["q_alpha_Pa_rad"] + gusts[n] for n, f in flights.items()}),
        (
            "axial acceleration", "m/s2", limits.axial_acceleration_m_s2,
            {n: f["axial_acceleration_m_s2"] for n, f in flights.items()},
        ),
    ]  # fmt: skip
    if limits.angle_of_attack_rad is not None:
        angles = {n: _attack_deg(f, limits.angle_of_attack_from_Pa) for n, f in flights.items()}
        found.append(("angle of attack", "deg", np.degrees(limits.angle_of_attack_rad), angles))
    return [
        (name, unit, float(limit), {n: float(np.nanmax(column)) for n, column in columns.items()})
        for name, unit, limit, columns in found
        if limit is not None
    ]


def _attack_deg(flight: History, from_Pa: float) -> Array:
    return np.where(flight["dynamic_pressure_Pa"] > from_Pa, flight["angle_of_attack_deg"], 0.0)


def _load(day: Day, name: str, unit: str, limit: float, peak: Mapping[str, float]) -> dict[str, Any]:
    met = {programme: value <= limit * (1.0 + ROUNDING) for programme, value in peak.items()}
    if BIASED not in peak:
        return _row(name, unit, limit, peak, met, NO_PROGRAMME)
    share = 100.0 * (1.0 - peak[BIASED] / limit)
    reason = f"{abs(share):.1f} % to spare" if share >= 0.05 else "at its limit" if met[BIASED] else f"{-share:.1f} % too much"
    return _row(name, unit, limit, peak, met, reason)


def _falls(flight: History | None, body: str) -> list[Fall]:
    return [fall for fall in flight.falls if fall.name == body] if flight is not None else []


def _drop(day: Day, body: str) -> dict[str, Any]:
    """Whether every piece of a body comes down within the zone that is asked of it."""
    zone, met = day.mission.zones[body], {}
    for programme, flight in day.flights.items():
        falls = _falls(flight, body)
        met[programme] = bool(falls) and all(inside(fall, zone, day.mission) for fall in falls)
    reason = NO_PROGRAMME if BIASED not in met else f"inside {zone.name}" if met[BIASED] else f"outside {zone.name}"
    words = {programme: "inside" if good else "outside" for programme, good in met.items()}
    return _row(f"drop zone of {body}", "", None, words, met, reason)


def margin(day: Day) -> dict[str, Any] | None:
    """What the biased programme has left over, kg; None for a mission that asks for no mass.

    With the payload to be maximised: its payload above the planned one, and the reserve of the last stage, which is as much
    payload, kilogram for kilogram at insertion. With a payload that is given: the propellant left above the reserve.
    """
    mission, reserve = day.mission, _reserve_kg(day.mission)
    if mission.objective not in ("payload", "least_propellant"):
        return None
    found: dict[str, Any] = {"reserve_kg": reserve, "planned_payload_kg": float(day.planned.payload_kg), "margin_kg": None}
    if not day.biased.converged:
        return found | {"kind": mission.objective, "biased_payload_kg": None}
    found |= {"kind": mission.objective, "biased_payload_kg": float(day.biased.payload_kg)}
    if mission.objective == "payload":
        return found | {"margin_kg": found["biased_payload_kg"] - found["planned_payload_kg"] + reserve}
    left = propellant_left(mission, day.biased, day.biased.history["mass_kg"])
    return found | {"margin_kg": None if left is None else left - reserve}


def _reserve_kg(mission: Mission) -> float:
    """Propellant that the mission holds back in its last stage."""
    upper = mission.upper_stage
    usable = mission.vehicle.stages[-1].usable_kg if upper is None else upper.usable_kg(burns_of(mission))
    return float(mission.reserve.last_stage_fraction) * float(usable)


def _margin(found: Mapping[str, Any]) -> dict[str, Any]:
    left = found["margin_kg"]
    good = left is not None and left >= 0.0
    reason = NO_PROGRAMME if left is None else f"{left:.1f} kg to spare" if good else f"{-left:.1f} kg short"
    return _row("margin", "kg", 0.0, {BIASED: left}, {UNBIASED: True, BIASED: good}, reason)


def _measured(day: Day, gusts: Mapping[str, Array]) -> dict[str, Any]:
    """Whether the balloon was where the loads peak."""
    low, high = day.sounding.altitude_m[0], day.sounding.altitude_m[-1]
    peaks = {}
    for programme, flight in day.flights.items():
        loads = (flight["dynamic_pressure_Pa"], flight["q_alpha_Pa_rad"] + gusts[programme])
        peaks[programme] = [float(flight["altitude_m"][int(np.nanargmax(load))]) for load in loads]
    met = {programme: all(low <= peak <= high for peak in found) for programme, found in peaks.items()}
    seen = peaks.get(BIASED, peaks[UNBIASED])
    reason = (
        f"loads peak at {min(seen) / 1e3:.1f} to {max(seen) / 1e3:.1f} km, "
        f"the wind was measured from {low / 1e3:.1f} to {high / 1e3:.1f} km"
    )
    return _row("wind measured where loads peak", "", None, {}, met | {BIASED: met.get(BIASED, met[UNBIASED])}, reason)


def drops(day: Day) -> list[dict[str, Any]]:
    """Where each body comes down as planned, and how far and whither the measured wind and the biased programme move it."""
    rows = []
    for fall in day.nominal.falls:
        zone = day.mission.zones.get(fall.name)
        row: dict[str, Any] = {"body": fall.name, "zone": zone.name if zone else None, "planned": _place(fall)}
        for programme, flight in day.flights.items():
            found = _falls(flight, fall.name)
            if found and found[0].landed and fall.landed:
                within = inside(found[0], zone, day.mission) if zone else None
                row[programme] = {**_place(found[0]), **_moved(fall, found[0], day.mission), "inside": within}
            else:
                row[programme] = None
        rows.append(row)
    return rows


def _place(fall: Fall) -> dict[str, float]:
    return {"latitude_deg": fall.latitude_deg, "longitude_deg": fall.longitude_deg}


def _moved(one: Fall, other: Fall, mission: Mission) -> dict[str, float]:
    """Distance in m and azimuth in deg from one point to the other, in the plane that touches the Earth at the first."""
    globe = mission.environment
    fixed = fixed_from_geodetic(np.radians(other.latitude_deg), np.radians(other.longitude_deg), 0.0, globe)
    east, north = east_north_of(*fixed, np.radians(one.latitude_deg), np.radians(one.longitude_deg), globe)
    return {"moved_m": float(np.hypot(east, north)), "moved_azimuth_deg": float(np.degrees(np.arctan2(east, north)) % 360.0)}
