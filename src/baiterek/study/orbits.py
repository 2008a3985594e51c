"""Orbits as a result tells them: what was asked, what was reached, and where each payload was let go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from baiterek.catalogue.mission import Element, Mission, Orbit
from baiterek.history import History
from baiterek.physics.escape import asymptote
from baiterek.physics.orbit import elements_from_state

STATE = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")


def asked(orbit: Orbit, mission: Mission) -> dict[str, Any]:
    """Bounds of each element in km and deg; both null where it is free. Altitudes above the equatorial radius.

    An escape has no apogee, but its energy and its asymptote under `escape`.
    """
    radius = float(mission.environment.radius_m)

    def bounds(element: Element, angle: bool) -> list[float | None]:
        ends = (element.low, element.high)
        return [None if end is None else float(np.degrees(end)) if angle else (float(end) - radius) / 1e3 for end in ends]

    found = {
        "name": orbit.name,
        "kind": orbit.kind,
        "frame": orbit.frame,
        "epoch": orbit.epoch,
        "note": orbit.note,
        "perigee_altitude_km": bounds(orbit.perigee_radius_m, False),
        "apogee_altitude_km": bounds(orbit.apogee_radius_m, False),
        "inclination_deg": bounds(orbit.inclination_rad, True),
        "raan_deg": bounds(orbit.raan_rad, True),
        "argument_of_perigee_deg": bounds(orbit.argument_of_perigee_rad, True),
        "true_anomaly_deg": bounds(orbit.true_anomaly_rad, True),
    }
    if orbit.escape is None:
        return found
    energy = (orbit.escape.c3_m2_s2.low, orbit.escape.c3_m2_s2.high)
    escape = {
        "c3_km2_s2": [None if end is None else float(end) / 1e6 for end in energy],
        "declination_deg": bounds(orbit.escape.declination_rad, True),
        "right_ascension_deg": bounds(orbit.escape.right_ascension_rad, True),
    }
    return found | {"apogee_altitude_km": [None, None], "escape": escape}


def achieved(mission: Mission, history: History | None, t_s: float | None = None) -> dict[str, Any] | None:
    """Osculating elements of the state at an instant, of the last one without, in the axes of launch (true equator and
    equinox of the epoch). A hyperbola has energy and asymptote in place of an apogee."""
    if history is None or "x_eci_m" not in history.columns or mission.target is None:
        return None
    when = float(history.t_s[-1]) if t_s is None else t_s
    state = [at(history, name, when) for name in STATE]
    orbit = elements_from_state(*state, float(mission.environment.mu_m3_s2))
    radius = float(mission.environment.radius_m)
    found: dict[str, Any] = {
        "perigee_altitude_km": (float(orbit.perigee_radius_m) - radius) / 1e3,
        "apogee_altitude_km": (float(orbit.apogee_radius_m) - radius) / 1e3,
        "inclination_deg": float(np.degrees(orbit.inclination_rad)),
        "raan_deg": float(np.degrees(orbit.raan_rad)) % 360.0,
        "argument_of_perigee_deg": float(np.degrees(orbit.argument_of_perigee_rad)) % 360.0,
        "true_anomaly_deg": float(np.degrees(orbit.true_anomaly_rad)) % 360.0,
    }
    if float(orbit.inverse_semi_major_axis_1_m) > 0.0:
        return found
    c3, x, y, z = (float(each) for each in asymptote(*state, float(mission.environment.mu_m3_s2)))
    escape = {
        "c3_km2_s2": c3 / 1e6,
        "declination_deg": float(np.degrees(np.arctan2(z, np.hypot(x, y)))),
        "right_ascension_deg": float(np.degrees(np.arctan2(y, x))) % 360.0,
    }
    return found | {"apogee_altitude_km": None, "escape": escape}


def releases(mission: Mission, payload_kg: float, history: History | None) -> list[dict[str, Any]]:
    """Each payload with its mass, when it was let go, its orbit as asked and as flown, and its state (m, m/s)."""
    loaded = replace(mission, payload_kg=payload_kg)
    rows = []
    for release in mission.releases:
        t_s = _when(release.name, history)
        flown = history is not None and t_s is not None
        rows.append({
            "name": release.name,
            "mass_kg": float(loaded.release_kg(release)),
            "maximised": release.mass_kg is None,
            "adapter_kg": release.adapter_kg,
            "t_s": t_s,
            "target": asked(release.target, mission),
            "achieved": achieved(mission, history, t_s) if flown else None,
            "state_eci": [at(history, name, t_s) for name in STATE] if history and t_s is not None else None,
        })  # fmt: skip
    return rows


def _when(name: str, history: History | None) -> float | None:
    events = history.events if history else ()
    return next((event.t_s for event in events if event.name == f"{name} separation"), None)


def at(history: History, name: str, t_s: float) -> float:
    """A column at an instant; where two rows share it (a separation), the later one."""
    t, column = history.t_s, history.columns[name]
    row = int(np.searchsorted(t, t_s, side="right")) - 1
    if row < 0:
        return float(column[0])
    if row >= len(t) - 1 or t[row] == t_s:
        return float(column[min(row, len(t) - 1)])
    fraction = (t_s - t[row]) / (t[row + 1] - t[row])
    return float(column[row] + fraction * (column[row + 1] - column[row]))
