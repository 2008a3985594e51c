"""Where the upper stage is left, what takes it there, and what the guidelines on debris (IADC-02-01) say of that orbit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from baiterek.catalogue.burns import disposal_of, leaving_kg, storage_apogee_m
from baiterek.catalogue.mission import Mission
from baiterek.constants import EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S
from baiterek.history import History
from baiterek.physics.disposal import graveyard_raise, low_orbit_clearance, stationary_clearance
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.propulsion import ideal_delta_v
from baiterek.study.orbits import STATE


def disposal(mission: Mission, payload_kg: float, history: History | None) -> dict[str, Any] | None:
    """The orbit on which the stage is left after what is planned for it, and whether it is clear of either region.

    Of a region: `down` (it re-enters at once), `clear`, `inside`, or `away` from the Earth. Inside the low orbits a stage
    may still come down within 25 years, which is not looked at. The shell about the geostationary circle ends at 15 deg
    of latitude, which an orbit that turns within its plane does not respect: it counts all round. None without an upper stage.
    """
    stage = mission.upper_stage
    if stage is None or mission.target is None or history is None or STATE[0] not in history.columns:
        return None
    from baiterek.trajectory.upper_limits import REFLECTIVITY, AREA_OVER_MASS_m2_kg, disposal_kg

    kind, end = disposal_of(mission), [float(history[name][-1]) for name in STATE]
    found = elements_from_state(*end, float(mission.environment.mu_m3_s2))
    if float(found.inverse_semi_major_axis_1_m) <= 0.0:
        return {"kind": kind, "low_orbits": "away", "geostationary": "away", "meets": True}
    perigee, apogee = float(found.perigee_radius_m), float(found.apogee_radius_m)
    left = float(history["mass_kg"][-1]) - float(leaving_kg(replace(mission, payload_kg=payload_kg)))
    burned = float(disposal_kg(mission, {"isp_s": float(stage.isp_s)}, left, np.array([perigee, apogee])))
    radius = float(mission.environment.radius_m)
    if kind == "deorbit":
        perigee = radius + float(mission.burns.deorbit_perigee_m)
    elif kind == "lower":
        apogee = storage_apogee_m()
    elif kind == "graveyard":
        perigee = apogee = perigee + float(graveyard_raise(AREA_OVER_MASS_m2_kg, REFLECTIVITY))
    shell = float(stationary_clearance(perigee, apogee, EARTH_MU_M3_S2, EARTH_ROTATION_RAD_S))
    low = "clear" if float(low_orbit_clearance(perigee, radius)) >= 0.0 else "inside"
    states = ("down", "down") if kind == "deorbit" else (low, "clear" if shell >= 0.0 else "inside")
    return {
        "kind": kind,
        "propellant_kg": burned if burned > 0.0 else float(stage.disposal_kg) if kind in ("reserve", "none") else 0.0,
        "speed_m_s": float(ideal_delta_v(left, left - burned, float(stage.isp_s))),
        "perigee_altitude_km": (perigee - radius) / 1e3,
        "apogee_altitude_km": (apogee - radius) / 1e3,
        "low_orbits": states[0],
        "geostationary": states[1],
        "meets": "inside" not in states,
    }
