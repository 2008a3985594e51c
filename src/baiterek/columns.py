"""What each column of a flight is: unit, frame and a name that a reader understands."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """What a column is: unit, name in words, and the frame that it is counted in, if any."""

    unit: str
    title: str
    frame: str = ""


LAUNCH_AXES = "inertial, true equator and equinox at lift-off"
EARTH = "Earth-fixed, WGS 84"
LOCAL = "local horizon of the ellipsoid"

COLUMNS = {
    "t_s": Column("s", "time since lift-off"),
    "x_eci_m": Column("m", "position x", LAUNCH_AXES),
    "y_eci_m": Column("m", "position y", LAUNCH_AXES),
    "z_eci_m": Column("m", "position z", LAUNCH_AXES),
    "vx_eci_m_s": Column("m/s", "velocity x", LAUNCH_AXES),
    "vy_eci_m_s": Column("m/s", "velocity y", LAUNCH_AXES),
    "vz_eci_m_s": Column("m/s", "velocity z", LAUNCH_AXES),
    "mass_kg": Column("kg", "mass"),
    "ux_eci": Column("1", "body axis x", LAUNCH_AXES),
    "uy_eci": Column("1", "body axis y", LAUNCH_AXES),
    "uz_eci": Column("1", "body axis z", LAUNCH_AXES),
    "throttle": Column("1", "throttle"),
    "altitude_m": Column("m", "altitude above the ellipsoid", EARTH),
    "latitude_deg": Column("deg", "geodetic latitude", EARTH),
    "longitude_deg": Column("deg", "longitude", EARTH),
    "ground_range_m": Column("m", "distance from the pad over the ground", EARTH),
    "speed_eci_m_s": Column("m/s", "inertial speed", LAUNCH_AXES),
    "speed_earth_m_s": Column("m/s", "speed over the rotating Earth", EARTH),
    "airspeed_m_s": Column("m/s", "speed through the air"),
    "flight_path_angle_deg": Column("deg", "flight path angle, Earth-relative", LOCAL),
    "azimuth_deg": Column("deg", "azimuth of the Earth-relative velocity", LOCAL),
    "pitch_deg": Column("deg", "pitch of the body axis", LOCAL),
    "heading_deg": Column("deg", "heading of the body axis", LOCAL),
    "mach": Column("1", "Mach number"),
    "dynamic_pressure_Pa": Column("Pa", "dynamic pressure"),
    "angle_of_attack_deg": Column("deg", "angle of attack"),
    "q_alpha_Pa_rad": Column("Pa rad", "dynamic pressure times angle of attack"),
    "axial_acceleration_m_s2": Column("m/s2", "axial acceleration, as an accelerometer feels it"),
    "thrust_N": Column("N", "thrust"),
    "heat_flux_W_m2": Column("W/m2", "free-molecular heat flux"),
    "perigee_altitude_m": Column("m", "osculating perigee above the equatorial radius", LAUNCH_AXES),
    "apogee_altitude_m": Column("m", "osculating apogee above the equatorial radius", LAUNCH_AXES),
    "inclination_deg": Column("deg", "osculating inclination", LAUNCH_AXES),
    "impact_latitude_deg": Column("deg", "latitude of the instantaneous impact point, without air", EARTH),
    "impact_longitude_deg": Column("deg", "longitude of the instantaneous impact point, without air", EARTH),
    "phase": Column("1", "number of the phase"),
}


def describe(name: str) -> Column:
    """The column's entry, or a plain one for a column that this table does not know."""
    return COLUMNS.get(name, Column("", name.replace("_", " ")))
