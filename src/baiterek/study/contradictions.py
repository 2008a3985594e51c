"""What the flight says against the optimum: an optimum is not a result until it has been flown."""

from __future__ import annotations

from typing import Any

import numpy as np

from baiterek.catalogue.burns import as_flown
from baiterek.catalogue.mission import Mission
from baiterek.catalogue.sequence import sequence
from baiterek.history import History
from baiterek.safety.zones import inside

GAP_POSITION_m = 20.0
GAP_SPEED_m_s = 0.05
"""Between optimum and flight at insertion: what a converged mesh keeps."""

EXCESS = 5e-3
"""Share by which a flown value may pass a limit that the optimiser holds at its nodes only."""

LIMITED = {
    # limit of the mission -> column of the flight
    "dynamic_pressure_Pa": "dynamic_pressure_Pa",
    "q_alpha_Pa_rad": "q_alpha_Pa_rad",
    "axial_acceleration_m_s2": "axial_acceleration_m_s2",
}


def contradictions(mission: Mission, gap: dict[str, Any], flight: History | None, optimum: History | None) -> list[str]:
    """In words: gaps too wide, limits that the flight passes, bodies outside their zones. Empty when all is well."""
    found = _wide_gaps(gap) + _throttle(mission, optimum)
    if flight is None:
        return found
    for limit, column in LIMITED.items():
        allowed = getattr(mission.limits, limit)
        if allowed is not None and column in flight.columns:
            reached = float(np.nanmax(flight.columns[column]))
            if reached > allowed * (1.0 + EXCESS):
                found.append(f"the flight reaches {reached:.6g} of {limit}, allowed {allowed:.6g}")
    found += _angle_of_attack(mission, flight)
    lowest = mission.limits.insertion_altitude_min_m
    if lowest is not None and flight.columns["altitude_m"][-1] < lowest * (1.0 - EXCESS):
        found.append(f"the flight inserts at {flight.columns['altitude_m'][-1]:.0f} m, allowed from {lowest:.0f} m")
    for fall in flight.falls:
        zone = mission.zones.get(fall.name)
        if zone is not None and not inside(fall, zone, mission):
            where = f"at {fall.latitude_deg:.3f}, {fall.longitude_deg:.3f} deg" if fall.landed else "nowhere in time"
            found.append(f"{fall.name} comes down {where}, outside {zone.name}")
    return found


def _angle_of_attack(mission: Mission, flight: History) -> list[str]:
    """The limit holds wherever the dynamic pressure exceeds the mission's bound, whatever burns."""
    limits = mission.limits
    if limits.angle_of_attack_rad is None:
        return []
    loaded = flight.columns["dynamic_pressure_Pa"] > limits.angle_of_attack_from_Pa
    angles = np.where(loaded, flight.columns["angle_of_attack_deg"], 0.0)
    worst, allowed = int(np.nanargmax(angles)), float(np.degrees(limits.angle_of_attack_rad))
    if angles[worst] <= allowed * (1.0 + EXCESS):
        return []
    place = f"{flight.t_s[worst]:.1f} s under {flight.columns['dynamic_pressure_Pa'][worst]:.0f} Pa"
    return [f"the angle of attack is {angles[worst]:.2f} deg at {place}, allowed {allowed:g} deg"]


def _throttle(mission: Mission, optimum: History | None) -> list[str]:
    """Engines asked for more or less than they give: a steering may swing between the optimiser's nodes."""
    if optimum is None or "throttle" not in optimum.columns:
        return []
    found = []
    throttle = optimum.columns["throttle"]
    for index, phase in enumerate(sequence(as_flown(mission, optimum.steering)).phases):
        rows = optimum.phase == index
        if phase.ramp or not phase.stage or not rows.any():
            continue
        low, high = phase.throttle
        least, most = float(throttle[rows].min()), float(throttle[rows].max())
        if least < low - EXCESS or most > high + EXCESS:
            found.append(f"the throttle of {phase.name} goes from {least:.3f} to {most:.3f}, allowed {low:g} to {high:g}")
    return found


def _wide_gaps(gap: dict[str, Any]) -> list[str]:
    found = []
    for kind in ("reintegration", "flight"):
        position, speed = gap[f"{kind}_position_m"], gap[f"{kind}_speed_m_s"]
        if position is not None and (not position <= GAP_POSITION_m or not speed <= GAP_SPEED_m_s):
            found.append(f"optimum and {kind} differ by {position:.3g} m and {speed:.3g} m/s at insertion")
    return found
