"""What a mission file means, in words and derived numbers, before anything is computed: for `baiterek check`."""

from __future__ import annotations

from math import asin, atan2, cos, degrees, pi, sin, sqrt
from typing import Any

from baiterek.catalogue.flyable import FLOWN, beyond_the_optimiser
from baiterek.catalogue.mission import Element, Limits, Mission, Orbit
from baiterek.catalogue.orbit_file import geocentric_latitude
from baiterek.catalogue.ring import convex
from baiterek.catalogue.site import Ellipse, Polygon, Zone
from baiterek.catalogue.upper_stage import UpperStage
from baiterek.catalogue.vehicle import Stage, Vehicle
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.propulsion import ideal_delta_v

UNSURE = ("assumed", "fit", "L")


def explanation(mission: Mission) -> dict[str, Any]:
    """Derived quantities, in SI: masses, thrust to weight, ideal velocity gains, azimuths, doubtful numbers."""
    vehicle = mission.vehicle
    payload = (mission.payload_kg or 0.0) + mission.adapter_kg
    if mission.upper_stage is not None:
        payload += mission.upper_stage.loaded_kg + mission.upper_stage.adapter_kg
    lift_off = lift_off_mass(vehicle) + payload
    lit = [(1, stage.engines) for stage in vehicle.stages[:1]]
    lit += [(booster.count, booster.engines) for booster in vehicle.boosters if booster.lights_after is None]
    thrust = sum(n * e.count * e.thrust_sl_N for n, engines in lit for e in engines)
    return {
        "payload_kg": mission.payload_kg,
        "lift_off_mass_kg": float(lift_off),
        "thrust_to_weight": float(thrust / (lift_off * STANDARD_GRAVITY_M_S2)),
        "ideal_delta_v_m_s": {k: float(v) for k, v in _gains(vehicle, payload).items()},
        "azimuth_deg": azimuths(mission),
        "unsure": {
            grade: [path for path, d in vehicle.data.items() if vehicle.sources[d.source].grade == grade] for grade in UNSURE
        },
    }


def lift_off_mass(vehicle: Vehicle) -> float:
    """Mass in kg of the vehicle as loaded, without payload and adapter."""
    mass = sum(stage.inert_kg + stage.tanks.loaded_kg for stage in vehicle.stages)
    mass += sum(booster.count * (booster.dry_mass_kg + booster.tanks.loaded_kg) for booster in vehicle.boosters)
    return float(mass + (vehicle.shroud.mass_kg if vehicle.shroud is not None else 0.0))


def _gains(vehicle: Vehicle, payload_kg: float) -> dict[str, float]:
    """Ideal velocity gain of each serial stage, shroud carried until its stage starts; boosters are left out."""
    gains = {}
    above = payload_kg + (vehicle.shroud.mass_kg if vehicle.shroud is not None else 0.0)
    for stage in reversed(vehicle.stages):
        start = above + stage.inert_kg + stage.tanks.loaded_kg
        flow = sum(e.count * e.mass_flow_kg_s for e in stage.engines)
        isp = sum(e.count * e.thrust_vac_N for e in stage.engines) / (flow * STANDARD_GRAVITY_M_S2)
        gains[stage.name] = ideal_delta_v(start, start - stage.usable_kg, isp)
        above = start
    return dict(reversed(gains.items()))


def azimuths(mission: Mission) -> dict[str, float]:
    """Launch azimuths from the site to the target's inclination, northbound, for a spherical planet.

    sin(A) = cos(i) / cos(geocentric latitude); the second takes off the velocity of the ground from the circular
    velocity at perigee (e.g. Vallado, Fundamentals of Astrodynamics, 4th ed., section 6.4).
    """
    if mission.target is None or mission.target.inclination_rad.free or mission.target.perigee_radius_m.free:
        return {}
    environment, site = mission.environment, mission.site
    latitude = geocentric_latitude(site.latitude_rad, site.altitude_m, environment.flattening)
    inclination = _middle(mission.target.inclination_rad)
    ratio = cos(inclination) / max(cos(latitude), 1e-12)
    inertial = asin(max(-1.0, min(1.0, ratio)))
    speed = sqrt(environment.mu_m3_s2 / _middle(mission.target.perigee_radius_m))
    east = speed * sin(inertial) - environment.rotation_rad_s * environment.radius_m * cos(latitude)
    turning = atan2(east, speed * cos(inertial))
    return {"inertial": degrees(inertial) % 360.0, "over_ground": degrees(turning) % 360.0}


def explain(mission: Mission) -> str:
    """The mission in lines for people."""
    found = explanation(mission)
    lines = [f"{mission.title} ({mission.name})", f"  file         {mission.file}"]
    when = f"{mission.lift_off:%Y-%m-%d %H:%M:%S} UTC" if mission.lift_off else "no date"
    lines.append(f"  lift-off     {when}, Greenwich at {degrees(mission.sidereal_angle_rad):.6f} deg")
    site = mission.site
    lines.append(
        f"  site         {site.title}: {degrees(site.latitude_rad):.6f} N, {degrees(site.longitude_rad):.6f} E, "
        f"{site.altitude_m:g} m"
    )
    goal = {
        "payload": "most payload",
        "least_propellant": "least propellant (most mass left in orbit)",
        "altitude": "greatest altitude",
        "time": "least time",
    }[mission.objective]
    lines.append(f"  sought       {goal}")
    if mission.payload_kg is not None:
        lines.append(f"  payload      {mission.payload_kg:g} kg, adapter {mission.adapter_kg:g} kg")
    for release in mission.releases:
        mass = "mass to be maximised" if release.mass_kg is None else f"{release.mass_kg:g} kg"
        lines.append(f"  release      {release.name}: {mass}, adapter {release.adapter_kg:g} kg")
        lines += _orbit(release.target, mission.environment.radius_m)
    if mission.target is not None and not mission.releases:
        lines += _orbit(mission.target, mission.environment.radius_m)
    lines += _vehicle(mission.vehicle, found)
    if mission.upper_stage is not None:
        lines += _upper_stage(mission.upper_stage, mission.payload_kg)
    if found["azimuth_deg"]:
        a = found["azimuth_deg"]
        lines.append(f"  azimuth      about {a['inertial']:.2f} deg inertial, {a['over_ground']:.2f} deg over the ground")
    lines += ["  limits       " + ", ".join(_limits(mission.limits))]
    lines += [f"  zone         {body}: {_zone(zone)}" for body, zone in mission.zones.items()] or ["  zones        none"]
    lines += [f"  {note.split(':', 1)[0].lower():<12} {note.split(':', 1)[1].strip()}" for note in mission.environment_notes]
    reserve = mission.reserve
    lines.append(f"  reserve      {reserve.last_stage_fraction:.2%} of the last stage's usable propellant ({reserve.policy})")
    lines.append(f"  then         {', '.join(mission.compute)}; seed {mission.seed}")
    lines += [f"  NOT FLOWN    {key} ({what}): {FLOWN}" for key, what in beyond_the_optimiser(mission).items()]
    return "\n".join(lines + _doubts(mission.vehicle, found))


def _vehicle(vehicle: Vehicle, found: dict[str, Any]) -> list[str]:
    lines = [f"  vehicle      {vehicle.title}"]
    without = " without payload" if found["payload_kg"] is None else ""
    lines.append(
        f"               {found['lift_off_mass_kg']:.7g} kg at lift-off{without}, thrust over weight "
        f"{found['thrust_to_weight']:.3f}"
    )
    for booster in vehicle.boosters:
        after = f"after {booster.lights_after}" if booster.lights_after else "at lift-off"
        lines.append(f"    {booster.name}: {booster.count}, lit {after}, {booster.usable_kg:.0f} kg to burn each")
    gains = found["ideal_delta_v_m_s"]
    lines += [f"    {stage.name}: {_stage(stage)}, ideal gain {gains[stage.name]:.0f} m/s{without}" for stage in vehicle.stages]
    if vehicle.shroud is not None:
        shroud = vehicle.shroud
        unit = {"heat_flux": "W/m2 of free-molecular heat flux", "altitude": "m", "time": "s"}[shroud.rule]
        lines.append(f"    {shroud.kind}: {shroud.mass_kg:.0f} kg, goes at {shroud.threshold:g} {unit} during {shroud.stage}")
    return lines


def _upper_stage(stage: UpperStage, payload_kg: float | None) -> list[str]:
    unsure = [key for key, datum in stage.data.items() if stage.sources[datum.source].grade in UNSURE]
    tanks = f", {stage.drop_tanks.propellant_kg:g} kg of it in drop tanks" if stage.drop_tanks else ""
    carried = "without payload" if payload_kg is None else f"with {payload_kg:g} kg"
    return [
        f"  upper stage  {stage.title}: {stage.loaded_kg:.6g} kg, {stage.usable_kg():.6g} kg to burn{tanks}",
        f"               {stage.thrust_N / 1e3:.5g} kN, {stage.isp_s:g} s, ideal gain "
        f"{stage.delta_v_m_s(payload_kg or 0.0):.0f} m/s {carried} in one burn",
        f"               {stage.ignitions} ignitions, burns from {stage.burn_min_s:g} s, coasts from "
        f"{stage.coast_min_s:g} s, life {stage.life_s / 3600:g} h",
        f"               doubtful: {', '.join(unsure) or 'nothing'}",
    ]


def _stage(stage: Stage) -> str:
    engines = ", ".join(f"{e.count} {e.name}" for e in stage.engines)
    thrust = sum(e.count * e.thrust_vac_N for e in stage.engines)
    low, high = stage.engines[0].throttle_min, stage.engines[0].throttle_max
    throttle = f", throttle {low:.0%} to {high:.0%}" if high > low else ""
    return (
        f"{engines}, {thrust / 1e3:.6g} kN in vacuum{throttle}, {stage.usable_kg:.6g} kg to burn of "
        f"{stage.tanks.loaded_kg:.6g} kg, {stage.inert_kg:.6g} kg inert"
    )


def _orbit(orbit: Orbit, radius_m: float) -> list[str]:
    def shown(element: Element, scale: float, offset: float = 0.0) -> str:
        if element.free:
            return "free"
        low, high = (element.low - offset) * scale, (element.high - offset) * scale
        return f"{low:.6g}" if element.fixed else f"{low:.6g} to {high:.6g}"

    turn = 180.0 / pi
    altitudes = (shown(e, 1e-3, radius_m) for e in (orbit.perigee_radius_m, orbit.apogee_radius_m))
    angles = [
        f"{name} {shown(element, turn)} deg"
        for name, element in (
            ("node", orbit.raan_rad),
            ("argument of perigee", orbit.argument_of_perigee_rad),
            ("true anomaly", orbit.true_anomaly_rad),
        )
        if not element.free
    ]
    first = " x ".join(altitudes) + f" km above the equatorial radius, inclination {shown(orbit.inclination_rad, turn)} deg"
    lines = [f"  orbit        {orbit.name}: {first}"]
    lines += [f"               {', '.join(angles)}"] if angles else []
    if orbit.speed_to_geo_m_s is not None:
        lines.append(f"               {shown(orbit.speed_to_geo_m_s, 1.0)} m/s left to geostationary orbit")
    if orbit.escape is not None:
        escape = orbit.escape
        lines.append(
            f"               escape with C3 {shown(escape.c3_m2_s2, 1e-6)} km2/s2, asymptote at declination "
            f"{shown(escape.declination_rad, turn)} deg, right ascension {shown(escape.right_ascension_rad, turn)} deg"
        )
    return [*lines, f"               {orbit.kind} elements at {orbit.epoch}, {orbit.frame}"]


def _limits(limits: Limits) -> list[str]:
    said = []
    for name, scale, unit in (
        ("dynamic_pressure_Pa", 1e-3, "kPa"),
        ("q_alpha_Pa_rad", 1.0, "Pa rad"),
        ("axial_acceleration_m_s2", 1.0 / STANDARD_GRAVITY_M_S2, "g0"),
        ("angle_of_attack_rad", 180.0 / pi, "deg"),
        ("turn_rate_rad_s", 180.0 / pi, "deg/s"),
        ("rise_altitude_m", 1.0, "m"),
        ("insertion_altitude_min_m", 1e-3, "km"),
        ("duration_max_s", 1.0, "s"),
    ):
        value = getattr(limits, name)
        if value is not None:
            said.append(f"{WORDS[name]} {value * scale:g} {unit}")
    said += [f"azimuth {degrees(a):g} to {degrees(b):g} deg" for a, b in limits.corridors_rad]
    return [*said, *(["dog-leg allowed"] if limits.dog_leg else [])] or ["none"]


WORDS = {
    "dynamic_pressure_Pa": "dynamic pressure",
    "q_alpha_Pa_rad": "q alpha",
    "axial_acceleration_m_s2": "axial acceleration",
    "angle_of_attack_rad": "angle of attack",
    "turn_rate_rad_s": "turn rate",
    "rise_altitude_m": "vertical rise to",
    "insertion_altitude_min_m": "insertion above",
    "duration_max_s": "flight of at most",
}


def _zone(zone: Zone) -> str:
    if isinstance(zone, Ellipse):
        return (
            f"{zone.name}, ellipse {zone.length_m / 1e3:g} x {zone.width_m / 1e3:g} km (full axes) at "
            f"{degrees(zone.latitude_rad):.4f} N, {degrees(zone.longitude_rad):.4f} E, long axis "
            f"{degrees(zone.azimuth_rad):g} deg"
        )
    if isinstance(zone, Polygon):
        bent = "" if convex(zone.vertices_rad) else ", not convex: judged, but the optimiser does not aim at it"
        return f"{zone.name}, polygon of {len(zone.vertices_rad)} vertices{bent}"
    return f"{zone.min_m / 1e3:g} to {zone.max_m / 1e3:g} km over the ground from the pad"


def _doubts(vehicle: Vehicle, found: dict[str, Any]) -> list[str]:
    words = {"assumed": "assumed", "fit": "fitted", "L": "weakly sourced"}
    lines = [
        f"  {words[grade]:<12} {len(paths)} of {len(vehicle.data)} numbers: {', '.join(paths)}"
        for grade, paths in found["unsure"].items()
        if paths
    ]
    return [*lines, *(f"  note         {note}" for note in vehicle.notes)]


def _middle(element: Element) -> float:
    return float(0.5 * (element.low + element.high))
