"""The equation of motion of powered flight and of fall, and what a vehicle feels: one source for all machines."""

from __future__ import annotations

from typing import Any, NamedTuple

from baiterek.physics.aerodynamics import air_force_of, fall_drag_of
from baiterek.physics.atmosphere import air
from baiterek.physics.earth import geodetic
from baiterek.physics.formula import formula
from baiterek.physics.gravity import gravity
from baiterek.physics.propulsion import thrust_and_flow
from baiterek.physics.table import table_value
from baiterek.physics.wind import blown_air, speed, wind


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


class AirColumn(NamedTuple):
    """The air at an altitude, wind included."""

    density_kg_m3: Any
    pressure_Pa: Any
    sound_speed_m_s: Any
    wind_east_m_s: Any
    wind_north_m_s: Any


class Forces(NamedTuple):
    """Non-gravitational force on the vehicle: inertial components, its part along the body axis, and the flow."""

    x_eci_N: Any
    y_eci_N: Any
    z_eci_N: Any
    axial_N: Any
    mass_flow_kg_s: Any
    thrust_N: Any


@formula
def air_column(altitude_m, environment):
    """The `AirColumn` at a geodetic altitude: all of the air that depends on nothing else."""
    state = air(altitude_m, environment)
    east, north = wind(altitude_m, environment)
    return AirColumn(state.density_kg_m3, state.pressure_Pa, state.sound_speed_m_s, east, north)


@formula
def flow_past(state, place, column, environment):
    """`AirData` of a point in a `State` (its mass is not looked at), whose `Geodetic` and `AirColumn` are known."""
    wx, wy, wz = blown_air(state.x_eci_m, state.y_eci_m, place, column.wind_east_m_s, column.wind_north_m_s, environment)
    vx = state.vx_eci_m_s - wx
    vy = state.vy_eci_m_s - wy
    vz = state.vz_eci_m_s - wz
    airspeed = speed(vx, vy, vz)
    return AirData(
        place.altitude_m,
        vx,
        vy,
        vz,
        airspeed,
        column.density_kg_m3,
        column.pressure_Pa,
        airspeed / column.sound_speed_m_s,
        place.sin_latitude,
        place.cos_latitude,
    )


@formula
def air_data(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, environment):
    """`AirData` of a point that moves at an inertial velocity."""
    state = State(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, 0.0 * x_eci_m)
    place = geodetic(x_eci_m, y_eci_m, z_eci_m, environment)
    return flow_past(state, place, air_column(place.altitude_m, environment), environment)


@formula
def forces_of(flow, command, propulsion, area_m2, axial, normal_slope):
    """`Forces` of thrust along the body axis and of the air, for `AirData` flow and known coefficients."""
    thrust, mass_flow = thrust_and_flow(command.throttle, flow.pressure_Pa, propulsion)
    drag = air_force_of(
        flow.vx_air_m_s,
        flow.vy_air_m_s,
        flow.vz_air_m_s,
        command.ux_eci,
        command.uy_eci,
        command.uz_eci,
        flow.density_kg_m3,
        flow.airspeed_m_s,
        area_m2,
        axial,
        normal_slope,
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
def forces(flow, command, propulsion, body):
    """`forces_of` with the coefficients of a `Body` at the Mach number of the flow."""
    axial = table_value(flow.mach, body.axial)
    normal = table_value(flow.mach, body.normal_slope)
    return forces_of(flow, command, propulsion, body.reference_area_m2, axial, normal)


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
def fall_rate_of(state, flow, area_m2, drag_coefficient, environment):
    """Time derivative of position and velocity of a dropped body in a `State`: gravity and the drag of a mass point."""
    fx, fy, fz = fall_drag_of(
        flow.vx_air_m_s,
        flow.vy_air_m_s,
        flow.vz_air_m_s,
        flow.density_kg_m3,
        flow.airspeed_m_s,
        area_m2,
        drag_coefficient,
    )
    gx, gy, gz = gravity(state.x_eci_m, state.y_eci_m, state.z_eci_m, environment)
    return (
        state.vx_eci_m_s,
        state.vy_eci_m_s,
        state.vz_eci_m_s,
        gx + fx / state.mass_kg,
        gy + fy / state.mass_kg,
        gz + fz / state.mass_kg,
    )


@formula
def fall_rate(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, mass_kg, area_m2, drag, environment):
    """`fall_rate_of` with the drag coefficient of a tumbling body from its table over Mach number."""
    state = State(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, mass_kg)
    flow = air_data(x_eci_m, y_eci_m, z_eci_m, vx_eci_m_s, vy_eci_m_s, vz_eci_m_s, environment)
    return fall_rate_of(state, flow, area_m2, table_value(flow.mach, drag), environment)
