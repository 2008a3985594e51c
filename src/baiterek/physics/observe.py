"""What a flight looks like: from states and commands to the columns that plots, checks and reports read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from baiterek.physics.aerodynamics import Body, angle_of_attack, dynamic_pressure, q_alpha_squared
from baiterek.physics.ascent import Command, State, air_data, forces
from baiterek.physics.earth import Environment, fixed_from_geodetic, geodetic, rotate_z
from baiterek.physics.heating import free_molecular_heat_flux
from baiterek.physics.impact import impact_point
from baiterek.physics.orbit import elements_from_state
from baiterek.physics.propulsion import Propulsion

Array = NDArray[np.float64]

NO_ENGINES = Propulsion(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of a coast or a falling body."""

AT_REST_M_S = 0.5
"""Below this speed relative to the Earth, path angle and azimuth are those of the body axis."""


def observe(
    t_s: Array,
    states: Array,
    commands: Array | None,
    propulsion: Propulsion,
    body: Body,
    environment: Environment,
    greenwich_rad: float,
    pad: tuple[float, ...],
) -> dict[str, Array]:
    """Columns of `History` for rows of `State` (n, 7) and `Command` (n, 4) that share engines and body.

    `greenwich_rad` is the angle from the inertial x axis to Greenwich at t_s = 0; `pad` is the geodetic latitude and
    longitude in rad and (if given) the altitude in m of the pad. Without commands (a falling body) the axis lies along
    the velocity through the air.
    Altitudes of perigee and apogee are above the equatorial radius; the impact point is that of a vacuum (`impact`).
    """
    t_s = np.asarray(t_s, dtype=float)
    state = State(*np.asarray(states, dtype=float).T)
    flow = air_data(*state[:6], environment)
    if commands is None:
        still = flow.airspeed_m_s < AT_REST_M_S
        axis = np.where(still, state[:3], (flow.vx_air_m_s, flow.vy_air_m_s, flow.vz_air_m_s))
        ux, uy, uz = axis / np.linalg.norm(axis, axis=0)
        command = Command(ux, uy, uz, np.zeros_like(t_s))
    else:
        command = Command(*np.asarray(commands, dtype=float).T)
    greenwich = greenwich_rad + environment.rotation_rad_s * t_s
    columns: dict[str, Any] = {"t_s": t_s}
    columns.update(zip(State._fields, state, strict=True))
    columns.update(zip(Command._fields, command, strict=True))
    columns.update(_place(state, greenwich, environment, pad))
    columns.update(_motion(state, command, flow, environment))
    columns.update(_loads(state, command, flow, propulsion, body))
    columns.update(_prospect(state, greenwich, environment))
    return {name: np.asarray(np.broadcast_to(column, t_s.shape), dtype=float).copy() for name, column in columns.items()}


def _place(state: State, greenwich: Array, environment: Environment, pad: tuple[float, ...]) -> dict[str, Any]:
    """Over which point of the Earth, and how far from the pad: geocentric central angle times the equatorial radius."""
    x, y, z = state[:3]
    place = geodetic(x, y, z, environment)
    px, py, pz = fixed_from_geodetic(pad[0], pad[1], pad[2] if len(pad) > 2 else 0.0, environment)
    fx, fy = rotate_z(x, y, greenwich)
    cross = np.sqrt((fy * pz - z * py) ** 2 + (z * px - fx * pz) ** 2 + (fx * py - fy * px) ** 2)
    return {
        "altitude_m": place.altitude_m,
        "latitude_deg": np.degrees(np.arctan2(place.sin_latitude, place.cos_latitude)),
        "longitude_deg": _half_turn_deg(np.arctan2(y, x) - greenwich),
        "ground_range_m": environment.radius_m * np.arctan2(cross, fx * px + fy * py + z * pz),
    }


def _motion(state: State, command: Command, flow: Any, environment: Environment) -> dict[str, Any]:
    """Speeds and directions; directions are counted from the local geodetic horizon and from north, clockwise."""
    x, y, _, vx, vy, vz = state[:6]
    wx, wy = vx + environment.rotation_rad_s * y, vy - environment.rotation_rad_s * x
    speed_earth = np.sqrt(wx * wx + wy * wy + vz * vz)
    p = np.sqrt(x * x + y * y + 1e-12)
    frame = (x / p, y / p, flow.sin_latitude, flow.cos_latitude)
    path, azimuth = _over_horizon(wx, wy, vz, *frame)
    pitch, heading = _over_horizon(*command[:3], *frame)
    at_rest = speed_earth < AT_REST_M_S
    return {
        "speed_eci_m_s": np.sqrt(vx * vx + vy * vy + vz * vz),
        "speed_earth_m_s": speed_earth,
        "airspeed_m_s": flow.airspeed_m_s,
        "flight_path_angle_deg": np.where(at_rest, pitch, path),
        "azimuth_deg": np.where(at_rest, heading, azimuth),
        "pitch_deg": pitch,
        "heading_deg": heading,
    }


def _loads(state: State, command: Command, flow: Any, propulsion: Propulsion, body: Body) -> dict[str, Any]:
    """What the structure feels."""
    force = forces(flow, command, propulsion, body)
    velocity = (flow.vx_air_m_s, flow.vy_air_m_s, flow.vz_air_m_s)
    return {
        "mach": flow.mach,
        "dynamic_pressure_Pa": dynamic_pressure(flow.density_kg_m3, flow.airspeed_m_s),
        "angle_of_attack_deg": np.degrees(angle_of_attack(*velocity, *command[:3])),
        "q_alpha_Pa_rad": np.sqrt(np.fmax(q_alpha_squared(*velocity, *command[:3], flow.density_kg_m3), 0.0)),
        "axial_acceleration_m_s2": force.axial_N / state.mass_kg,
        "thrust_N": force.thrust_N,
        "heat_flux_W_m2": free_molecular_heat_flux(flow.density_kg_m3, flow.airspeed_m_s),
    }


def _prospect(state: State, greenwich: Array, environment: Environment) -> dict[str, Any]:
    """Where it would go from here without thrust and air."""
    elements = elements_from_state(*state[:6], environment.mu_m3_s2)
    impact = impact_point(*state[:6], environment)
    misses = impact.exists <= 0.0
    return {
        "perigee_altitude_m": elements.perigee_radius_m - environment.radius_m,
        "apogee_altitude_m": elements.apogee_radius_m - environment.radius_m,
        "inclination_deg": np.degrees(elements.inclination_rad),
        "impact_latitude_deg": np.where(misses, np.nan, np.degrees(impact.latitude_rad)),
        "impact_longitude_deg": np.where(misses, np.nan, _half_turn_deg(impact.longitude_rad - greenwich)),
    }


def _over_horizon(x: Any, y: Any, z: Any, cos_l: Any, sin_l: Any, sin_lat: Any, cos_lat: Any) -> tuple[Any, Any]:
    """Elevation over the horizon and azimuth from north, deg, of an inertial vector at a place."""
    east = y * cos_l - x * sin_l
    outward = x * cos_l + y * sin_l
    north = z * cos_lat - outward * sin_lat
    up = z * sin_lat + outward * cos_lat
    return np.degrees(np.arctan2(up, np.hypot(east, north))), np.degrees(np.arctan2(east, north)) % 360.0


def _half_turn_deg(angle_rad: Any) -> Any:
    """An angle in deg within -180..180."""
    return np.degrees((angle_rad + np.pi) % (2.0 * np.pi) - np.pi)
