"""The equation of motion of powered flight and of fall, and what a vehicle feels: one source for all machines."""

from __future__ import annotations

from typing import Any, NamedTuple

from baiterek.physics.aerodynamics import air_force, fall_drag
from baiterek.physics.atmosphere import air
from baiterek.physics.earth import geodetic
from baiterek.physics.formula import formula
from baiterek.physics.gravity import gravity
from baiterek.physics.propulsion import thrust_and_flow
from baiterek.physics.wind import air_velocity, speed


class State(NamedTuple):
    """Position and velocity in the inertial axes of launch (see `frames`), and mass."""

    x_eci_m: Any
    y_eci_m: Any
    z_eci_m: Any
    vx_eci_m_s: Any
    vy_eci_m_s: Any
    vz_eci_m_s: Any
    mass_kg: Any


class Command(NamedTuple):
    """Where the body axis (and the thrust) points, a unit vector in the same axes, and the throttle."""

    ux_eci: Any
    uy_eci: Any
    uz_eci: Any
    throttle: Any


class AirData(NamedTuple):
    """What the air does to a moving point: everything that limits are stated in."""

    altitude_m: Any
    vx_air_m_s: Any
    """Inertial components of the velocity relative to the air (wind included)."""
    vy_air_m_s: Any
    vz_air_m_s: Any
    airspeed_m_s: Any
    density_kg_m3: Any
    pressure_Pa: Any
    mach: Any
    sin_latitude: Any
    cos_latitude: Any


class Forces(NamedTuple):
    """Non-gravitational force on the vehicle: inertial components, its part along the body axis, and the flow."""

    x_eci_N: Any
    y_eci_N: Any
    z_eci_N: Any
    axial_N: Any
    mass_flow_kg_s: Any
    thrust_N: Any


@formula
def air_data(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, environment):
    """`AirData` of a point that moves at an inertial velocity."""
    place = geodetic(x_eci_m, y_eci_m, z_eci_m, environment)
    state = air(place.altitude_m, environment)
    wx, wy, wz = air_velocity(x_eci_m, y_eci_m, place, environment)
    vx = vx_eci_m_s - wx
    vy = vy_eci_m_s - wy
    vz = vz_eci_m_s - wz
    airspeed = speed(vx, vy, vz)
    return AirData(
        place.altitude_m,
        vx,
        vy,
        vz,
        airspeed,
        state.density_kg_m3,
        state.pressure_Pa,
        airspeed / state.sound_speed_m_s,
        place.sin_latitude,
        place.cos_latitude,
    )


@formula
def forces(flow, command, propulsion, body):
    """`Forces` of thrust along the body axis and of the air, for `AirData` flow."""
    thrust, mass_flow = thrust_and_flow(command.throttle, flow.pressure_Pa, propulsion)
    drag = air_force(
        flow.vx_air_m_s,
        flow.vy_air_m_s,
        flow.vz_air_m_s,
        command.ux_eci,
        command.uy_eci,
        command.uz_eci,
        flow.mach,
        flow.density_kg_m3,
        flow.airspeed_m_s,
        body,
    )
    return Forces(
        thrust * command.ux_eci + drag.x_eci_N,
        thrust * command.uy_eci + drag.y_eci_N,
        thrust * command.uz_eci + drag.z_eci_N,
        thrust + drag.axial_N,
        mass_flow,
        thrust,
    )


@formula
def ascent_rate(state, force, environment):
    """Time derivative of `State` under `Forces`: Newton's law in inertial axes, m dv/dt = F + m g, dm/dt = -flow."""
    gx, gy, gz = gravity(state.x_eci_m, state.y_eci_m, state.z_eci_m, environment)
    return State(
        state.vx_eci_m_s,
        state.vy_eci_m_s,
        state.vz_eci_m_s,
        gx + force.x_eci_N / state.mass_kg,
        gy + force.y_eci_N / state.mass_kg,
        gz + force.z_eci_N / state.mass_kg,
        -force.mass_flow_kg_s + 0.0 * state.mass_kg,
    )


@formula
def fall_rate(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, mass_kg, area_m2, drag, environment):
    """Time derivative of position and velocity of a dropped body: gravity and the drag of a tumbling mass point."""
    flow = air_data(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, environment)
    fx, fy, fz = fall_drag(
        flow.vx_air_m_s,
        flow.vy_air_m_s,
        flow.vz_air_m_s,
        flow.mach,
        flow.density_kg_m3,
        flow.airspeed_m_s,
        area_m2,
        drag,
    )
    gx, gy, gz = gravity(x_eci_m, y_eci_m, z_eci_m, environment)
    return vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, gx + fx / mass_kg, gy + fy / mass_kg, gz + fz / mass_kg
