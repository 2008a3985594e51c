"""What a flown witness keeps of its mission: nothing may be broken, or the label is void."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from pyproj import Geod, Transformer

from baiterek.catalogue.mission import Element, Mission
from baiterek.catalogue.site import Ellipse, RangeBand
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.history import Fall, History
from thousand import launcher, upper
from thousand.ascents import Goal, propellant_left_kg, worst
from thousand.cases import Case, read

Hold = Callable[[str, float, float], None]
ON_TARGET_m, ON_TARGET_m_s, ON_TARGET_rad = 5.0, 0.01, 2e-6


def broken(case: Case) -> list[str]:
    """What the witness of a case, flown anew, does not keep."""
    mission = read(case.mission)
    assert case.witness is not None
    faults: list[str] = []

    def hold(name: str, value: float, most: float) -> None:
        if not value <= most:
            faults.append(f"{name}: {value:.6g} beyond {most:.6g}")

    if mission.upper_stage is None:
        history = launcher.flown(mission, case.witness)
    else:
        history = upper.flown(mission, case.witness)
        upper.held(mission, history, hold)
    _loads(mission, history, hold)
    _target(mission, history, hold)
    for name, zone in mission.zones.items():
        fall = next(f for f in history.falls if f.name == name)
        hold(f"zone {name}", _share(mission, zone, fall), 1.0)
    return faults


def _loads(mission: Mission, history: History, hold: Hold) -> None:
    limits, shroud, peak = mission.limits, mission.vehicle.shroud, worst(history)
    assert shroud is not None
    hold("dynamic pressure", 1e3 * peak["dynamic_pressure_kPa"], float(limits.dynamic_pressure_Pa))
    hold("q alpha", peak["q_alpha_Pa_rad"], float(limits.q_alpha_Pa_rad))
    hold("axial", peak["axial_acceleration_g0"] * STANDARD_GRAVITY_M_S2, float(limits.axial_acceleration_m_s2))
    hold("attack", np.radians(peak["angle_of_attack_deg"]), float(limits.angle_of_attack_rad))
    hold("turn rate", np.radians(peak["turn_rate_deg_s"]), float(limits.turn_rate_rad_s))
    if shroud.rule == "altitude":
        hold("height at release", float(shroud.threshold), peak["release_m"])
    else:
        hold("heat flux at release", peak["release_W_m2"], float(shroud.threshold))
    rise = history["altitude_m"][history.phase == 0][-1] - mission.site.altitude_m - limits.rise_altitude_m
    hold("rise", float(abs(rise)), 0.01)
    loaded = replace(mission, payload_kg=history.steering.payload_kg)
    hold("propellant beyond the load", -min(propellant_left_kg(loaded, history)[:2]), 0.0)
    if mission.upper_stage is None:
        hold("propellant beyond the load", -min(propellant_left_kg(loaded, history)), 0.0)
    if limits.insertion_altitude_min_m is not None:
        hold("floor", float(limits.insertion_altitude_min_m), float(history["altitude_m"][-1]))
    if limits.duration_max_s is not None:
        hold("duration", float(history.t_s[-1]), float(limits.duration_max_s))
    if limits.corridors_rad:
        azimuth = np.radians(launcher.separation_azimuth_deg(mission, history))
        low, high = limits.corridors_rad[0]
        hold("corridor", float(abs((azimuth - 0.5 * (low + high) + np.pi) % (2.0 * np.pi) - np.pi)), 0.5 * (high - low))


def _target(mission: Mission, history: History, hold: Hold) -> None:
    target, at = mission.target, launcher.reached(mission, history)
    assert target is not None
    if target.kind == "mean":
        columns = ("x_eci_m", "y_eci_m", "z_eci_m", "vx_eci_m_s", "vy_eci_m_s", "vz_eci_m_s")
        end = np.array([float(history[c][-1]) for c in columns])
        radius = float(np.linalg.norm(end[:3]))
        a, i = float(target.perigee_radius_m.low), float(target.inclination_rad.low)
        wanted = Goal(a, a, i, mean=True).at(end, mission.environment)
        got = [radius, end[:3] @ end[3:] / radius, np.linalg.norm(end[3:]), float(at.inclination_rad)]
        near = (ON_TARGET_m, ON_TARGET_m_s, ON_TARGET_m_s, ON_TARGET_rad)
        for name, one, other, most in zip(("radius", "radial speed", "speed", "inclination"), got, wanted, near, strict=True):
            hold(name, float(abs(one - other)), most)
        _angle("node", target.raan_rad, launcher.mean_node(mission, history), hold)
        return
    _within("perigee", target.perigee_radius_m, float(at.perigee_radius_m), ON_TARGET_m, hold)
    if target.escape is None:
        _within("apogee", target.apogee_radius_m, float(at.apogee_radius_m), ON_TARGET_m, hold)
    _within("inclination", target.inclination_rad, float(at.inclination_rad), ON_TARGET_rad, hold)
    _angle("node", target.raan_rad, float(at.raan_rad), hold)
    _angle("argument of perigee", target.argument_of_perigee_rad, float(at.argument_of_perigee_rad), hold)


def _within(name: str, element: Element, value: float, slack: float, hold: Hold) -> None:
    if element.low is not None:
        hold(f"least {name}", float(element.low) - value, slack)
    if element.high is not None:
        hold(f"greatest {name}", value - float(element.high), slack)


def _angle(name: str, element: Element, value: float, hold: Hold) -> None:
    if not element.free:
        middle, half = 0.5 * float(element.low + element.high), 0.5 * float(element.high - element.low)
        hold(name, float(abs((value - middle + np.pi) % (2.0 * np.pi) - np.pi)), half + ON_TARGET_rad)


def _share(mission: Mission, zone: object, fall: Fall) -> float:
    """At most 1 inside a zone."""
    if isinstance(zone, RangeBand):
        middle, half = 0.5 * float(zone.min_m + zone.max_m), 0.5 * float(zone.max_m - zone.min_m)
        return abs(launcher.range_m(mission, fall) - middle) / half
    if isinstance(zone, Ellipse):
        azimuth, _, way = Geod(ellps="WGS84").inv(
            *np.degrees([zone.longitude_rad, zone.latitude_rad]), fall.longitude_deg, fall.latitude_deg
        )
        turned = np.radians(azimuth) - zone.azimuth_rad
        return float(np.hypot(2.0 * way * np.cos(turned) / zone.length_m, 2.0 * way * np.sin(turned) / zone.width_m))
    flat = Transformer.from_pipeline(f"+proj=gnom +lat_0={fall.latitude_deg} +lon_0={fall.longitude_deg} +ellps=WGS84")
    corners = np.array([flat.transform(*np.degrees([lon, lat])) for lat, lon in zone.vertices_rad])  # type: ignore[attr-defined]
    sides = np.roll(corners, -1, axis=0) - corners
    turns = corners[:, 0] * sides[:, 1] - corners[:, 1] * sides[:, 0]
    return 0.0 if (turns > 0.0).all() or (turns < 0.0).all() else 2.0
