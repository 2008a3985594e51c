"""Flights made by hand, so that the simulator is tested without a catalogue file and without the optimiser.

The numbers are of the size of a two-stage launch vehicle; they are no vehicle's.
"""

from __future__ import annotations

import numpy as np

from baiterek.catalogue.mission import Element, Limits, Mission, Orbit
from baiterek.catalogue.sequence import sequence
from baiterek.catalogue.site import Site
from baiterek.catalogue.vehicle import Engine, FallingBody, Shroud, Stage, Tanks, Vehicle
from baiterek.history import Steering, SteeringPhase
from baiterek.physics.aerodynamics import Body
from baiterek.physics.earth import (
    AIR_NONE,
    AIR_US76,
    GRAVITY_J2,
    GRAVITY_J4,
    GRAVITY_POINT,
    WIND_NONE,
    WIND_TABLE,
    Environment,
    fixed_from_geodetic,
)
from baiterek.physics.table import constant_table, smooth_table
from worlds import WINDY


def environment(
    gravity: int = GRAVITY_J4, air: int = AIR_US76, wind: int = WIND_NONE, earth: Environment = WINDY
) -> Environment:
    """The Earth of `worlds` with these models."""
    return earth._replace(gravity_model=gravity, air_model=air, wind_model=wind)


MACH = np.array([0.0, 0.6, 0.9, 1.1, 1.4, 2.0, 3.0, 5.0, 10.0])
STAGE_DRAG = smooth_table(MACH, np.array([0.8, 0.82, 1.0, 1.3, 1.35, 1.3, 1.25, 1.2, 1.15]))
FAIRING_DRAG = smooth_table(MACH[::2], np.array([1.0, 1.2, 1.4, 1.3, 1.25]))


def vehicle() -> Vehicle:
    first = Engine("first", 1, 7.9e6, 7.26e6, 337.0, throttle_min=0.5, mixture_ratio=2.63, start_s=2.0, shutdown_s=1.0)
    upper = Engine("upper", 2, 3.0e5, 2.9e5, 359.0, mixture_ratio=2.6, start_s=1.5, shutdown_s=0.5)
    return Vehicle(
        "by-hand", "Made by hand",
        (
            Stage("one", 27e3,
                  Tanks(oxidiser_kg=285e3, fuel_kg=108.5e3, oxidiser_residual_kg=2e3, fuel_residual_kg=1e3),
                  (first,), separation="cold", coast_s=(2.0, 8.0),
                  body=FallingBody("stage one", 1, None, 70.0, STAGE_DRAG)),
            Stage("two", 6.5e3,
                  Tanks(oxidiser_kg=43e3, fuel_kg=16.6e3, oxidiser_residual_kg=300.0, fuel_residual_kg=200.0),
                  (upper,)),
        ),
        (),
        Shroud("fairing", 3.0e3, "time", 200.0, "two", FallingBody("fairing half", 2, None, 25.0, FAIRING_DRAG)),
        Body(13.2, smooth_table(MACH, np.array([0.30, 0.31, 0.42, 0.55, 0.50, 0.40, 0.33, 0.27, 0.24])),
             constant_table(2.5)),
        {}, {}, {},
    )  # fmt: skip


def site(latitude_deg: float = 45.943, longitude_deg: float = 63.653) -> Site:
    return Site("pad", "Pad", np.radians(latitude_deg), np.radians(longitude_deg), 100.0, (), {}, {})


def mission(surroundings: Environment | None = None) -> Mission:
    free = Element()
    return Mission(
        "by-hand", "A flight by hand", vehicle(), site(), None, 0.7, 15e3, 300.0, "payload",
        Orbit("any", free, free, free, free, free, free), Limits(rise_altitude_m=150.0), {},
        surroundings if surroundings is not None else environment(), (),
    )  # fmt: skip


def local_axes(where: Mission) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit vectors east, north and up of the pad at lift-off, in inertial axes."""
    angle = where.site.longitude_rad + where.sidereal_angle_rad
    lat = where.site.latitude_rad
    east = np.array([-np.sin(angle), np.cos(angle), 0.0])
    up = np.array([np.cos(lat) * np.cos(angle), np.cos(lat) * np.sin(angle), np.sin(lat)])
    return east, np.cross(up, east), up


def steering(where: Mission, payload_kg: float = 15e3) -> Steering:
    """Vertical, then a pitch programme in the plane of azimuth 62 deg: linear in time, the rates by hand."""
    durations = {
        "rise": 9.0, "one": 146.0, "one shutdown": 1.0, "one separation": 4.0, "two start": 1.5,
        "two with fairing": 44.0, "two": 290.0, "two shutdown": 0.5,
    }  # fmt: skip
    east, north, up = local_axes(where)
    forward = np.sin(np.radians(62.0)) * east + np.cos(np.radians(62.0)) * north
    nodes = np.array([0.155, 0.645, 1.0])
    phases, start = [], 0.0
    for phase in sequence(where).phases:
        duration = durations[phase.name]
        n = max(1, int(duration / 15.0))
        breaks = np.linspace(0.0, 1.0, n + 1)
        t = start + duration * (breaks[:-1, None] + np.diff(breaks)[:, None] * nodes)
        pitch = np.radians(np.interp(t, [0.0, 9.0, 60.0, 160.0, 500.0], [90.0, 89.5, 66.0, 34.0, -6.0]))
        values = np.empty((*t.shape, 4))
        values[..., :3] = np.sin(pitch)[..., None] * up + np.cos(pitch)[..., None] * forward
        values[..., 3] = np.interp(t, [0.0, 50.0, 60.0, 75.0, 120.0, 155.0], [1.0, 1.0, 0.85, 1.0, 1.0, 0.55])
        phases.append(
            SteeringPhase(
                phase.name,
                "up" if phase.steering == "up" else "free",
                start,
                duration,
                breaks,
                nodes,
                values,
                np.zeros(len(phase.drops)),
            )
        )
        start += duration
    return Steering(tuple(phases), payload_kg)


def state_from_geodetic(
    latitude_deg: float,
    longitude_deg: float,
    altitude_m: float,
    enu_m_s: tuple[float, float, float],
    earth: Environment,
) -> np.ndarray:
    """Inertial position and velocity (Greenwich along x) of a place with a velocity east, north, up over the Earth."""
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    r = np.array(fixed_from_geodetic(lat, lon, altitude_m, earth))
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    v = enu_m_s[0] * east + enu_m_s[1] * np.cross(up, east) + enu_m_s[2] * up
    return np.concatenate((r, v + np.cross([0.0, 0.0, earth.rotation_rad_s], r)))


NO_AIR, WIND, POINT, J2 = AIR_NONE, WIND_TABLE, GRAVITY_POINT, GRAVITY_J2
