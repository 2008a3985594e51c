"""Natural steps of a mission's numbers: what each limit, mass, engine and element could be changed by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.mission import Element, Mission, Orbit
from baiterek.catalogue.vehicle import Booster, Stage
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.table import Table, table_matrix, table_value
from baiterek.trajectory.numbers import pad_axes
from baiterek.trajectory.plane import plane_normal
from baiterek.trajectory.step import Change, Step, added, datum_step, natural
from baiterek.trajectory.upper_steps import upper_limit_steps, upper_stage_steps
from baiterek.trajectory.zone_steps import zone_changes

JET_m = (6e3, 16e3)
"""Altitudes between which the fastest wind is the jet."""
JET_HALF_m = 5e3
"""The added headwind fades to nothing over this height on both sides of the jet."""


def steps(mission: Mission) -> tuple[Step, ...]:
    """Every step that the mission has a number for: limits in the order of their verdicts, then the rest by part."""
    return (
        *_limits(mission), *_zones(mission), *upper_limit_steps(mission),
        *_vehicle(mission), *upper_stage_steps(mission), *_flight(mission),
    )  # fmt: skip


def limit_name(rule: str) -> str:
    """The verdict's name of the rule that throws off the shroud."""
    return {"heat_flux": "shroud heat_flux_W_m2", "altitude": "shroud altitude_m", "time": "shroud time_s"}[rule]


LIMITS = (
    # field of `Limits`, its step in SI, the step and its unit as read
    ("dynamic_pressure_Pa", 1e3, 1.0, "kPa"),
    ("q_alpha_Pa_rad", 100.0, 100.0, "Pa rad"),
    ("axial_acceleration_m_s2", 0.1 * STANDARD_GRAVITY_M_S2, 0.1, "g0"),
    ("angle_of_attack_rad", np.radians(1.0), 1.0, "deg"),
    ("turn_rate_rad_s", np.radians(1.0), 1.0, "deg/s"),
    ("rise_altitude_m", 10.0, 10.0, "m"),
    ("insertion_altitude_min_m", 1e3, 1.0, "km"),
    ("duration_max_s", 10.0, 10.0, "s"),
)
THRESHOLDS = {"heat_flux": (100.0, 100.0, "W/m2"), "altitude": (1e3, 1.0, "km"), "time": (1.0, 1.0, "s")}


def _limits(mission: Mission) -> Iterator[Step]:
    for field, step, amount, unit in LIMITS:
        if getattr(mission.limits, field) is not None:
            yield Step(field, "more", amount, unit, added((f"limits.{field}", float(step))), True)
    shroud = mission.vehicle.shroud
    if shroud is not None:
        step, amount, unit = THRESHOLDS[shroud.rule]
        yield Step(limit_name(shroud.rule), "more", amount, unit, added(("shroud.threshold", step)), True)
    if mission.limits.corridors_rad:
        for side, what in enumerate(("first edge moved out", "second edge moved out")):
            yield Step("corridors_rad", what, 1.0, "deg", _corridor(side), True)


def _corridor(side: int) -> Change:
    outwards = np.radians(1.0) * (-1.0, 1.0)[side]

    def change(mission: Mission, count: float) -> Mission:
        edges = list(mission.limits.corridors_rad[0])
        edges[side] += count * outwards
        return replace(mission, limits=replace(mission.limits, corridors_rad=((edges[0], edges[1]),)))

    return change


def _zones(mission: Mission) -> Iterator[Step]:
    for body in mission.zones:
        for what, amount, unit, change in zone_changes(mission, body):
            yield Step(f"zone {body}", what, amount, unit, change, True)


# --- the vehicle --------------------------------------------------------------------------------------


def _vehicle(mission: Mission) -> Iterator[Step]:
    data, vehicle = mission.vehicle.data, mission.vehicle
    parts: tuple[Booster | Stage, ...] = (*vehicle.boosters, *vehicle.stages)
    for part in parts:
        yield from _part(part, data)
    if vehicle.shroud is not None and "shroud.mass_kg" in data:
        mass = natural(float(vehicle.shroud.mass_kg))
        yield datum_step(vehicle.shroud.kind, "mass", mass, "kg", (("shroud.mass_kg", mass),))
    for key, what in (("axial_factor", "drag"), ("normal_factor", "normal force")):
        path = f"aerodynamics.{key}"
        if path in data:
            yield datum_step("aerodynamics", what, 10.0, "%", ((path, 0.1 * float(data[path].value)),))


def _part(part: Booster | Stage, data: Mapping[str, Datum]) -> Iterator[Step]:
    """A stage, or a kind of booster: each of its kind is changed. Oxidiser and fuel go in their mixture ratio."""
    own = {path.removeprefix(f"{part.name}."): path for path in data if path.startswith(f"{part.name}.")}
    mass, ratio = natural(float(part.dry_mass_kg)), part.engines[0].mixture_ratio
    share = 1.0 if ratio is None else float(ratio / (1.0 + ratio))
    loads = {"propellant_kg": 1.0} if ratio is None else {"oxidiser_kg": share, "fuel_kg": 1.0 - share}
    rest = {"residual_kg": 1.0} if ratio is None else {"oxidiser_residual_kg": share, "fuel_residual_kg": 1.0 - share}
    if own.keys() >= rest.keys():
        left = tuple((own[key], -mass * kept) for key, kept in rest.items())
        yield datum_step(f"propellant {part.name}", "residual made usable", mass, "kg", left, limit=True)
    for key, what in (("dry_mass_kg", "dry mass"), ("interstage_kg", "interstage")):
        if key in own and data[own[key]].value > 0.0:
            yield datum_step(part.name, what, mass, "kg", ((own[key], mass),))
    if own.keys() >= loads.keys():
        yield datum_step(
            part.name, "load of propellant", mass, "kg", tuple((own[key], mass * kept) for key, kept in loads.items())
        )
    for engine in part.engines:
        yield from _engine(part.name, engine.name, own, data)


def _engine(part: str, engine: str, own: Mapping[str, str], data: Mapping[str, Datum]) -> Iterator[Step]:
    name = "" if sum(key.endswith(".isp_vac_s") for key in own) == 1 else f" of {engine}"
    isp = own.get(f"{engine}.isp_vac_s")
    if isp is not None:
        yield datum_step(part, f"specific impulse{name}", 1.0, "s", ((isp, 1.0),))
    thrusts = [own[f"{engine}.{key}"] for key in ("thrust_N", "thrust_vac_N", "thrust_sl_N") if f"{engine}.{key}" in own]
    if thrusts:
        changes = tuple((path, 0.01 * float(data[path].value)) for path in thrusts)
        yield datum_step(part, f"thrust{name}", 1.0, "%", changes)


# --- what is asked of the flight --------------------------------------------------------------------------


def _flight(mission: Mission) -> Iterator[Step]:
    orbit = mission.target
    if orbit is not None:
        radii = [name for name in ("perigee_radius_m", "apogee_radius_m") if not getattr(orbit, name).free]
        circular = len(radii) == 2 and orbit.perigee_radius_m == orbit.apogee_radius_m
        if circular:
            yield Step("target", "altitude", 10.0, "km", _elements(dict.fromkeys(radii, 10e3)))
        else:
            for name in radii:
                what = name.replace("_radius_m", " altitude")
                yield Step("target", what, 10.0, "km", _elements({name: 10e3}))
        yield from _departure(orbit)
        for name, what in (("inclination_rad", "inclination"), ("raan_rad", "node")):
            if not getattr(orbit, name).free and not (name == "inclination_rad" and _on_the_equator(orbit)):
                yield Step("target", what, 0.1, "deg", _elements({name: float(np.radians(0.1))}))
    if mission.payload_kg is not None:
        mass = natural(float(mission.payload_kg))
        yield Step("payload", "mass", mass, "kg", added(("payload_kg", mass)))
    yield Step("reserve", "of the last stage's usable propellant", 1.0, "%", added(("reserve.last_stage_fraction", 0.01)))
    blown = _headwind(mission)
    if blown is not None:
        yield Step("wind", "headwind in the jet", 10.0, "m/s", blown)


def _departure(orbit: Orbit) -> Iterator[Step]:
    """Energy and asymptote of an escape, and what a transfer orbit leaves to the spacecraft."""
    if orbit.escape is not None:
        yield Step("target", "energy C3", 1.0, "km²/s²", _escape("c3_m2_s2", 1e6))
        if not orbit.escape.declination_rad.free:
            yield Step("target", "declination", 1.0, "deg", _escape("declination_rad", float(np.radians(1.0))))
    if orbit.speed_to_geo_m_s is not None:
        yield Step("target", "residual speed", 10.0, "m/s", _elements({"speed_to_geo_m_s": 10.0}))


def _escape(name: str, step: float) -> Change:
    """Both bounds of a number of an escape."""

    def change(mission: Mission, count: float) -> Mission:
        assert mission.target is not None and mission.target.escape is not None
        moved: dict[str, Any] = {name: _moved(getattr(mission.target.escape, name), count * step)}
        escape = replace(mission.target.escape, **moved)
        return replace(mission, target=replace(mission.target, escape=escape))

    return change


def _moved(element: Element, way: float) -> Element:
    low, high = (None if end is None else float(end) + way for end in (element.low, element.high))
    return replace(element, low=low, high=high)


def _on_the_equator(orbit: Orbit) -> bool:
    """Whether the inclination can be changed one way only."""
    return float(np.sin(orbit.inclination_rad.low)) < np.sin(np.radians(0.1))


def _elements(changes: dict[str, float]) -> Change:
    """Both bounds of elements of the target."""

    def change(mission: Mission, count: float) -> Mission:
        orbit = mission.target
        assert orbit is not None
        moved: dict[str, Any] = {name: _moved(getattr(orbit, name), count * step) for name, step in changes.items()}
        return replace(mission, target=replace(orbit, **moved))

    return change


def _headwind(mission: Mission) -> Change | None:
    """10 m/s against the flight at the altitude of the jet, fading above and below; None without a profile of wind."""
    environment = mission.environment
    table = environment.wind_east
    heights = np.asarray(table.knots, dtype=float)[1:-1]
    dense = heights[(heights >= JET_m[0] - JET_HALF_m) & (heights <= JET_m[1] + JET_HALF_m)]
    if mission.target is None or len(dense) < 4:
        return None
    axes = pad_axes(mission)
    ahead = np.cross(plane_normal(mission, axes), axes[2])
    at = np.linspace(*JET_m, 101)
    speed = np.hypot(*(np.array([table_value(h, t) for h in at]) for t in (table, environment.wind_north)))
    share = np.clip(np.abs(heights - at[int(np.argmax(speed))]) / JET_HALF_m, 0.0, 1.0)
    shape = 0.5 * (1.0 + np.cos(np.pi * share))

    def blown(table: Table, speed_m_s: float) -> Table:
        _, matrix = table_matrix(np.asarray(table.knots)[1:-1], np.asarray(table.knots)[1:-1])
        added = matrix @ (speed_m_s * shape)
        return Table(table.knots, table.coefficients + added[1:], table.base + added[0])

    def change(mission: Mission, count: float) -> Mission:
        air = mission.environment
        east, north = (blown(t, -10.0 * count * float(ahead @ axis)) for t, axis in
                       ((air.wind_east, axes[0]), (air.wind_north, axes[1])))  # fmt: skip
        return replace(mission, environment=air._replace(wind_east=east, wind_north=north))

    return change if np.array_equal(environment.wind_north.knots, table.knots) else None
