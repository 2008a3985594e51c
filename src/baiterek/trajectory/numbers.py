"""The numbers of a mission as one vector: values to solve with, symbols to write the problem in.

Every number that a user may change without changing the structure of the problem (vehicle data, limits, wind, zones,
weights of the objective) is a parameter of the optimisation. So one written problem serves many missions, and the
multipliers give the derivative of the optimum with respect to each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import casadi as ca
import numpy as np

from baiterek.catalogue.fields import Place
from baiterek.catalogue.mission import OBJECTIVES, Element, Mission, Release
from baiterek.catalogue.override import with_values
from baiterek.catalogue.ring import convex
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand, Zone
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.physics.earth import Environment, fixed_from_geodetic, geodetic
from baiterek.physics.table import Table

LIMITS = (
    "dynamic_pressure_Pa",
    "q_alpha_Pa_rad",
    "axial_acceleration_m_s2",
    "angle_of_attack_rad",
    "turn_rate_rad_s",
    "rise_altitude_m",
    "insertion_altitude_min_m",
    "duration_max_s",
)


STRUCTURE = ("ignitions", "burn_min_s", "coast_min_s", "low_thrust_N")
"""Of an upper stage: structure, and bounds of variables; not parameters."""
BURNS = ("launcher_perigee_max_m", "launcher_apogee_max_m", "separation_altitude_min_m", "coast_altitude_min_m")
"""Limits of a flight with an upper stage."""


MOST_SIDES = 60
"""Of a polygon to aim at."""


@dataclass(frozen=True)
class Numbers:
    """Names, values and places of the parameters."""

    names: tuple[str, ...]
    values: np.ndarray
    place: dict[str, slice]

    def of(self, symbols, name: str):
        """The part of a vector of symbols that belongs to `name`."""
        return symbols[self.place[name]]


def collect(mission: Mission) -> Numbers:
    """The parameter vector of a mission."""
    parts: dict[str, np.ndarray] = {}
    for path, datum in mission.vehicle.data.items():
        parts[path] = np.array([datum.value])
    if mission.upper_stage is not None:
        data = mission.upper_stage.data
        parts |= {f"upper_stage.{key}": np.array([data[key].value]) for key in data if key not in STRUCTURE}
        parts |= {f"burns.{name}": np.array([float(getattr(mission.burns, name))]) for name in BURNS}
    parts["adapter_kg"] = np.array([mission.adapter_kg])
    for release in mission.releases:
        if release.mass_kg is not None:
            parts[release_path(release)] = np.array([release.mass_kg])
    parts["reserve"] = np.array([mission.reserve.last_stage_fraction])
    for name in LIMITS:
        value = getattr(mission.limits, name)
        parts[f"limits.{name}"] = np.array([1.0 if value is None else float(value)])
    for name in ("wind_east", "wind_north"):
        table = getattr(mission.environment, name)
        parts[name] = np.concatenate(([table.base], table.coefficients))
    parts["pad"] = pad_state(mission)
    parts["pad_axes"] = pad_axes(mission).ravel()
    parts["corridor"] = np.array(mission.limits.corridors_rad[0] if mission.limits.corridors_rad else (0.0, 1.0))
    for name, zone in mission.zones.items():
        _check_aimable(name, zone, mission)
        parts[f"zone.{name}"] = zone_numbers(zone, mission)
    parts |= {f"target.{name}": np.array([element.low, element.high], dtype=float) for name, element in ends(mission)}
    parts["weights"] = objective_weights(mission.objective)
    place, start = {}, 0
    for name, value in parts.items():
        place[name] = slice(start, start + len(value))
        start += len(value)
    return Numbers(tuple(parts), np.concatenate(list(parts.values())).astype(float), place)


def ends(mission: Mission) -> Iterator[tuple[str, Element]]:
    """What a target asks for beside its elements, where it does: rows of the problem, not bounds of variables."""
    target = mission.target
    if target is None:
        return
    if target.escape is not None and target.escape.declination_rad.low is not None:
        yield "declination_rad", target.escape.declination_rad
    if target.speed_to_geo_m_s is not None:
        yield "speed_to_geo_m_s", target.speed_to_geo_m_s


def objective_weights(objective: str) -> np.ndarray:
    """One at the objective's place in `OBJECTIVES`."""
    return np.array([float(objective == name) for name in OBJECTIVES])


def with_symbols(mission: Mission, numbers: Numbers, symbols: ca.SX, payload_kg: ca.SX) -> Mission:
    """The mission with its parameters replaced by symbols."""
    vehicle = {path: numbers.of(symbols, path) for path in mission.vehicle.data}
    limits = {name: numbers.of(symbols, f"limits.{name}") for name in LIMITS if getattr(mission.limits, name) is not None}
    symbolic = with_masses(with_values(mission, vehicle), numbers, symbols, payload_kg)
    return replace(
        symbolic,
        adapter_kg=numbers.of(symbols, "adapter_kg"),
        upper_stage=_upper_stage(mission.upper_stage, numbers, symbols),
        reserve=replace(mission.reserve, last_stage_fraction=numbers.of(symbols, "reserve")),
        limits=replace(mission.limits, **limits),
        environment=_environment(mission.environment, numbers, symbols),
    )


def release_path(release: Release) -> str:
    """Name of the parameter that is the mass of a release."""
    return f"releases.{release.name}.mass_kg"


def with_masses(mission: Mission, numbers: Numbers, symbols, payload_kg) -> Mission:
    """The mission with symbols for its payload and for the given masses of its releases."""
    releases = tuple(
        release if release.mass_kg is None else replace(release, mass_kg=numbers.of(symbols, release_path(release)))
        for release in mission.releases
    )
    return replace(mission, payload_kg=payload_kg, releases=releases)


def _upper_stage(stage: UpperStage | None, numbers: Numbers, symbols: ca.SX) -> UpperStage | None:
    if stage is None:
        return None
    values = {key: numbers.of(symbols, f"upper_stage.{key}") for key in stage.data if key not in STRUCTURE}
    own = {key: value for key, value in values.items() if "." not in key}
    tanks = {key.partition(".")[2]: value for key, value in values.items() if "." in key}
    return replace(stage, **own, drop_tanks=replace(stage.drop_tanks, **tanks) if stage.drop_tanks else None)


def _environment(environment: Environment, numbers: Numbers, symbols: ca.SX) -> Environment:
    def table(name: str) -> Table:
        part = numbers.of(symbols, name)
        return Table(getattr(environment, name).knots, part[1:], part[0])

    return environment._replace(wind_east=table("wind_east"), wind_north=table("wind_north"))


def pad_state(mission: Mission) -> np.ndarray:
    """Inertial position and velocity of the pad at lift-off, at rest on the turning Earth, shape (6,)."""
    site, environment = mission.site, mission.environment
    angle = site.longitude_rad + mission.sidereal_angle_rad
    x, y, z = fixed_from_geodetic(site.latitude_rad, angle, site.altitude_m, environment)
    rate = environment.rotation_rad_s
    return np.array([x, y, z, -rate * y, rate * x, 0.0], dtype=float)


def pad_axes(mission: Mission) -> np.ndarray:
    """East, north and up at the pad at lift-off, rows of a 3 x 3 matrix, in inertial axes."""
    site = mission.site
    return local_axes(site.latitude_rad, site.longitude_rad + mission.sidereal_angle_rad)


def local_axes(latitude_rad: float, longitude_rad: float) -> np.ndarray:
    """East, north and up (rows) at geodetic coordinates."""
    s, c = np.sin(latitude_rad), np.cos(latitude_rad)
    sl, cl = np.sin(longitude_rad), np.cos(longitude_rad)
    return np.array([[-sl, cl, 0.0], [-s * cl, -s * sl, c], [c * cl, c * sl, s]])


def _check_aimable(name: str, zone: Zone, mission: Mission) -> None:
    """Whether the optimiser can hold a fall inside: each side of a polygon is a limit that holds everywhere."""
    if not isinstance(zone, Polygon):
        return
    place, count = Place(mission.file or mission.name, "zones"), len(zone.vertices_rad)
    if not convex(zone.vertices_rad):
        allowed = "a convex polygon or an ellipse inside it: the optimiser aims at no other"
        raise place.bad(name, f"a polygon of {count} vertices that is not convex", allowed)
    if count > MOST_SIDES:
        raise place.bad(name, f"{count} vertices", f"at most {MOST_SIDES}: each is a limit to the optimiser")


def zone_numbers(zone: Zone, mission: Mission) -> np.ndarray:
    """What the optimiser needs of a zone, in Earth-fixed axes; its length depends only on the kind (and corners)."""
    environment = mission.environment
    if isinstance(zone, RangeBand):
        return np.array([zone.min_m, zone.max_m], dtype=float)
    if isinstance(zone, Ellipse):
        centre = np.array(fixed_from_geodetic(zone.latitude_rad, zone.longitude_rad, 0.0, environment))
        east, north, _ = local_axes(zone.latitude_rad, zone.longitude_rad)
        s, c = np.sin(zone.azimuth_rad), np.cos(zone.azimuth_rad)
        along = (s * east + c * north) / (0.5 * zone.length_m)
        across = (c * east - s * north) / (0.5 * zone.width_m)
        return np.concatenate((centre, along, across))
    corners = np.array([fixed_from_geodetic(lat, lon, 0.0, environment) for lat, lon in zone.vertices_rad])
    centre = corners.mean(axis=0)
    place = geodetic(*centre, environment)
    up_latitude = np.arctan2(place.sin_latitude, place.cos_latitude)
    east, north, _ = local_axes(up_latitude, np.arctan2(centre[1], centre[0]))
    flat = np.stack(((corners - centre) @ east, (corners - centre) @ north), axis=1)
    if np.cross(flat[1] - flat[0], flat[2] - flat[1]) < 0:
        flat = flat[::-1]
    edges = np.roll(flat, -1, axis=0) - flat
    normals = np.stack((edges[:, 1], -edges[:, 0]), axis=1) / np.linalg.norm(edges, axis=1)[:, None]
    offsets = (normals * flat).sum(axis=1)
    size = np.abs(offsets).max()
    rows = (normals[:, :1] * east + normals[:, 1:] * north) / size
    return np.concatenate((centre, rows.ravel(), offsets / size))


def zone_value(zone: Zone, part, x_fixed, y_fixed, z_fixed, pad_direction, radius_m):
    """Constraint values of an impact point, each at most 1 inside the zone (NumPy or CasADi); see `zone_numbers`."""
    if isinstance(zone, RangeBand):
        distance = radius_m * central_angle((x_fixed, y_fixed, z_fixed), pad_direction)
        middle, half = 0.5 * (part[0] + part[1]), 0.5 * (part[1] - part[0])
        return [(distance - middle) / half, (middle - distance) / half]
    d = (x_fixed - part[0], y_fixed - part[1], z_fixed - part[2])

    def dot(first: int):
        return part[first] * d[0] + part[first + 1] * d[1] + part[first + 2] * d[2]

    if isinstance(zone, Ellipse):
        return [dot(3) ** 2 + dot(6) ** 2]
    assert isinstance(zone, Polygon)
    n = len(zone.vertices_rad)
    return [dot(3 + 3 * k) - part[3 + 3 * n + k] + 1.0 for k in range(n)]


def central_angle(a, b):
    """Angle in rad between two directions, from cross and dot product."""
    cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    sine = np.sqrt(cross[0] ** 2 + cross[1] ** 2 + cross[2] ** 2 + 1e-12)
    return np.arctan2(sine, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])
