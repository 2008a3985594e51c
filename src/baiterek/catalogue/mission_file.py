"""Mission files: what is asked, read and checked against the vehicle and the site that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import pi
from pathlib import Path
from typing import Any

from baiterek.catalogue.burns import burns_of, disposal_burns, storage_apogee_m
from baiterek.catalogue.case_file import read_failures, with_failures
from baiterek.catalogue.changes import changed
from baiterek.catalogue.datum import Source
from baiterek.catalogue.dispersions import read_dispersions
from baiterek.catalogue.document import locate, read_document, read_extended
from baiterek.catalogue.environment import read_environment
from baiterek.catalogue.fields import Field, Fields, Place, finite, read_sources, read_table
from baiterek.catalogue.mission import OBJECTIVES, Limits, Mission, Orbit, Release, Reserve
from baiterek.catalogue.orbit_file import check_reachable, read_target
from baiterek.catalogue.release_file import read_releases
from baiterek.catalogue.resolved import resolve
from baiterek.catalogue.site import Site
from baiterek.catalogue.site_file import check_corridors, read_site
from baiterek.catalogue.units import si_key
from baiterek.catalogue.upper_stage import BurnPlan, UpperStage
from baiterek.catalogue.upper_stage_file import read_burns, read_upper_stage
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_file import read_vehicle
from baiterek.catalogue.vehicle_override import overridden
from baiterek.catalogue.zone_file import read_zones
from baiterek.constants import PROTECTED_LEO_ALTITUDE_M

COMPUTE = ("optimise", "fly", "report")

MISSION: Fields = {
    "name": Field("text", "short name; the file's own when absent"),
    "title": Field("text", "name to print"),
    "vehicle": Field("text", "name of the catalogue, or path to a vehicle file", required=True),
    "upper_stage": Field(
        "any", "name of the catalogue, or path to an upper-stage file, or a table with `stage` and how it burns"
    ),
    "override": Field("table", "numbers of the vehicle by path: { value, sigma, source }", default={}),
    "sources": Field("table", "tag = { text, grade, url } of overrides, failures, an inline site, inline zones", default={}),
    "site": Field("any", "name of the catalogue, path, or inline table", required=True),
    "epoch": Field("table", "instant of lift-off", required=True),
    "payload": Field("table", "what is carried; in its place, releases"),
    "releases": Field("any", "tables [[releases]]: payloads let go on orbits of their own, in this order"),
    "objective": Field("text", "what is sought", required=True, choices=OBJECTIVES),
    "target": Field("table", "orbit to reach; needed for payload and least_propellant"),
    "limits": Field("table", "what the flight must keep", default={}),
    "zones": Field("table", "name of a falling body -> where it must fall", default={}),
    "environment": Field("table", "planet, air and wind", default={}),
    "dispersions": Field("table", "how far air, wind and payload may be off", default={}),
    "failures": Field("table", "what may go wrong with an engine, by name; beside or in place of those of the vehicle"),
    "reserve": Field("table", "propellant held back in the last stage", default={}),
    "compute": Field("texts", "what is done with it", default=COMPUTE, choices=COMPUTE),
    "seed": Field("whole", "seed of everything random", default=0, low=0),
}
EPOCH: Fields = {
    "utc": Field("any", "date and time of lift-off, UTC"),
    "sidereal_angle_rad": Field("number", "from the x axis to Greenwich at lift-off", low=-2 * pi, high=2 * pi),
}
PAYLOAD: Fields = {
    "mass_kg": Field("any", 'mass, or "maximise"', required=True),
    "adapter_kg": Field("number", "what carries it and stays with it", default=0.0, low=0.0, high=1e6),
}
LIMITS: Fields = {
    "dynamic_pressure_Pa": Field("number", "greatest dynamic pressure", above=0.0),
    "q_alpha_Pa_rad": Field("number", "greatest product of dynamic pressure and angle of attack", above=0.0),
    "axial_acceleration_m_s2": Field("number", "greatest axial acceleration felt", above=0.0),
    "angle_of_attack_rad": Field("number", "greatest angle of attack in dense air", above=0.0, high=pi),
    "angle_of_attack_from_Pa": Field("number", "dynamic pressure above which it holds", default=1000.0, low=0.0),
    "turn_rate_rad_s": Field("number", "greatest rate of turn of the axis", above=0.0),
    "rise_altitude_m": Field("number", "vertical rise until this height above the pad", above=0.0, high=20e3),
    "corridors_rad": Field("pairs", "launch azimuths, pad to the point below the first separation", default=()),
    "insertion_altitude_min_m": Field("number", "lowest altitude of insertion", low=0.0, high=1e8),
    "duration_max_s": Field("number", "longest flight", above=0.0, high=1e5),
    "dog_leg": Field("flag", "permits an inclination below the site's geocentric latitude", default=False),
}
RESERVE: Fields = {
    "last_stage_fraction": Field(
        "number", "part of the last stage's usable propellant held back", default=0.0, low=0.0, high=0.2
    ),
    "policy": Field("text", "why", default="none"),
}


def read_mission(path: Path, changes: Mapping[str, Any] | None = None) -> Mission:
    """The mission of a file with everything that it names; `changes` are values by path, read as if they stood there."""
    document = changed(read_document(path), changes or {})
    place = Place(str(path))
    top = read_table(document, MISSION, place)
    sources = read_sources(top["sources"], place.inside("sources"))
    vehicle = _vehicle(top, place, sources)
    upper_stage, burns = _upper_stage(top["upper_stage"], place, sources)
    site = _site(top["site"], place, sources)
    utc, sidereal_angle = _epoch(top["epoch"], place.inside("epoch"))
    environment, words, environment_keys = read_environment(top["environment"], place.inside("environment"), site, utc)
    limits = _limits(top["limits"], place.inside("limits"), site)

    def orbit(table: Any, inside: Place) -> Orbit:
        read = read_target(table, inside, environment.radius_m, utc)
        if upper_stage is None:  # which may turn the plane after the ascent
            check_reachable(read, site, limits, environment.flattening, inside)
        return read

    target: Orbit | None = None
    releases: tuple[Release, ...] = ()
    payload: float | None
    if top["releases"] is not None:
        releases = _releases(top, orbit, upper_stage, place)
        masses = [release.mass_kg for release in releases]
        target, payload = releases[-1].target, None if None in masses else sum(masses)
        adapter = sum((release.adapter_kg for release in releases), 0.0)
        if burns.count is not None:
            raise place.bad("upper_stage.burns", burns.count, "nothing beside releases: each may say its own `burns`")
    else:
        payload, adapter = _payload(top, place)
    if top["target"] is not None:
        target = orbit(top["target"], place.inside("target"))
    elif target is None and top["objective"] in ("payload", "least_propellant"):
        raise place.bad("target", "nothing", f"a table with the orbit, for objective = {top['objective']!r}")
    reserve = Reserve(**read_table(top["reserve"], RESERVE, place.inside("reserve")))
    zones = read_zones(top["zones"], place.inside("zones"), vehicle, sources, upper_stage is not None)
    if top["failures"] is not None:
        inside = place.inside("failures")
        cases = read_failures(top["failures"], inside, sources, vehicle.stages, upper_stage.name if upper_stage else "")
        cases = with_failures(vehicle.failures, cases, inside)
        vehicle = replace(vehicle, failures=cases, sources={**sources, **vehicle.sources})
    name = _name(top["name"], path, place)
    mission = Mission(
        name,
        top["title"] or name,
        vehicle,
        site,
        utc,
        sidereal_angle,
        payload,
        adapter,
        top["objective"],
        target,
        limits,
        zones,
        environment,
        words,
        top["compute"],
        reserve,
        top["seed"],
        str(path),
        upper_stage=upper_stage,
        burns=burns,
        releases=releases,
        changes=dict(changes or {}),
        dispersions=read_dispersions(top["dispersions"], place.inside("dispersions")),
    )
    if upper_stage is not None:
        if target is not None and target.escape is not None and burns_of(mission) < 2:
            raise place.bad("upper_stage.burns", burns_of(mission), "at least 2 to an escape: to a low orbit, and from there")
        if target is not None and burns.disposal == "lower":
            _check_lowered(target, mission.environment.radius_m, place)
        lit = burns_of(mission) + disposal_burns(mission)
        if lit > upper_stage.ignitions:
            found = f"{lit} burns with those of its disposal"
            key = "releases" if releases else "upper_stage.burns"
            raise place.bad(key, found, f"at most {upper_stage.ignitions} burns, the ignitions of {upper_stage.name}")
    return resolve(mission, environment_keys)


def _check_lowered(target: Orbit, radius_m: float, place: Place) -> None:
    """An apogee can be lowered out of the protected shell where it is above it, on to an orbit above the low ones."""
    apogee, perigee, top = target.apogee_radius_m, target.perigee_radius_m, storage_apogee_m()
    fits = target.escape is None and apogee.low is not None and apogee.low >= top
    if not fits or (perigee.high is not None and perigee.high - radius_m < PROTECTED_LEO_ALTITUDE_M):
        low_km, high_km = PROTECTED_LEO_ALTITUDE_M / 1e3, (top - radius_m) / 1e3
        allowed = f"an apogee from {high_km:.0f} km and a perigee from {low_km:.0f} km up"
        raise place.bad("upper_stage.disposal", "lower", f"{allowed}; or another disposal")


def _name(found: str | None, path: Path, place: Place) -> str:
    """Short name of the mission, fit for the name of a folder."""
    if found is None:
        return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.") or "mission"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", found):
        raise place.bad("name", found, "up to 64 letters, digits, dots, dashes and underscores, a letter or digit first")
    return found


def _vehicle(top: Mapping[str, Any], place: Place, sources: Mapping[str, Source]) -> Vehicle:
    path = locate(top["vehicle"], "vehicles", place, "vehicle")
    document = read_extended(path, "vehicles")
    vehicle = read_vehicle(document, path.stem, str(path))
    if not top["override"]:
        return vehicle
    return overridden(document, vehicle, top["override"], place.inside("override"), sources)


def _upper_stage(found: Any, place: Place, sources: Mapping[str, Source]) -> tuple[UpperStage | None, BurnPlan]:
    if found is None:
        return None, BurnPlan()
    name, burns = read_burns(found, place.inside("upper_stage"), sources)
    path = locate(name, "upper_stages", place, "upper_stage")
    return read_upper_stage(read_extended(path, "upper_stages"), path.stem, str(path)), burns


def _site(found: Any, place: Place, sources: Mapping[str, Source]) -> Site:
    if isinstance(found, dict):
        inside = place.inside("site")
        return read_site(found, str(found.get("title", "site")), place.file, inside, sources)
    if not isinstance(found, str):
        raise place.bad("site", found, "a name of the catalogue, a path to a .toml file, or an inline table")
    path = locate(found, "sites", place, "site")
    return read_site(read_document(path), path.stem, str(path), Place(str(path)), {})


def _epoch(table: Any, place: Place) -> tuple[datetime | None, float]:
    read = read_table(table, EPOCH, place)
    if read["utc"] is None:
        if read["sidereal_angle_rad"] is None:
            raise place.bad("utc", "nothing", "a date and time such as 2026-12-15T09:00:00Z, or sidereal_angle_deg")
        return None, read["sidereal_angle_rad"]
    utc = _utc(read["utc"], place)
    from baiterek.physics.frames import earth_orientation_range, greenwich_angle

    first, last = earth_orientation_range()
    if not first <= utc <= last:
        raise place.bad("utc", f"{utc:%Y-%m-%d}", f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, the table of Earth orientation")
    given = read["sidereal_angle_rad"]
    return utc, greenwich_angle(utc) if given is None else given


def _utc(found: Any, place: Place) -> datetime:
    allowed = "a date and time with its offset, such as 2026-12-15T09:00:00Z"
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            raise place.bad("utc", found, allowed) from None
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise place.bad("utc", str(found), allowed)
    try:
        return found.astimezone(UTC)
    except (OverflowError, ValueError):
        raise place.bad("utc", str(found), allowed) from None


def _releases(
    top: Mapping[str, Any], orbit: Callable[[Any, Place], Orbit], upper_stage: UpperStage | None, place: Place
) -> tuple[Release, ...]:
    for key in ("payload", "target"):
        if top[key] is not None:
            raise place.bad(key, "a table beside releases", "one of the two: each release has its mass and its target")
    releases = read_releases(top["releases"], orbit, upper_stage, place)
    free = any(release.mass_kg is None for release in releases)
    allowed = "payload" if free else "least_propellant"
    if top["objective"] != allowed:
        why = "a release is to be maximised" if free else "every release has its mass"
        raise place.bad("objective", top["objective"], f"{allowed}, since {why}")
    return releases


def _payload(top: Mapping[str, Any], place: Place) -> tuple[float | None, float]:
    inside = place.inside("payload")
    if top["payload"] is None:
        raise inside.bad("", "nothing", "a table with mass_kg, or [[releases]]")
    read = read_table(top["payload"], PAYLOAD, inside)
    mass, factor = read["mass_kg"], 1.0
    for key in top["payload"]:
        factor = si_key(key)[1] if key != "mass_kg" and si_key(key)[0] == "mass_kg" else factor
    if mass == "maximise":
        if top["objective"] != "payload":
            raise inside.bad("mass_kg", mass, f"a mass, since objective = {top['objective']!r}; or objective = 'payload'")
        return None, read["adapter_kg"]
    value = finite(mass)
    if value is None or value < 0.0 or value * factor > 1e7:
        raise inside.bad("mass_kg", mass, 'a mass of 0 or more, or "maximise"')
    if top["objective"] == "payload":
        raise inside.bad("mass_kg", mass, "\"maximise\", since objective = 'payload'; or another objective")
    return value * factor, read["adapter_kg"]


def _limits(table: Any, place: Place, site: Site) -> Limits:
    """The limits of the file; without corridors of its own the mission keeps those that the site permits."""
    read = read_table(table, LIMITS, place)
    read["corridors_rad"] = check_corridors(read["corridors_rad"], place) or site.corridors_rad
    return Limits(**read)
