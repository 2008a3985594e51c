"""Mission files: what is asked, read and checked against the vehicle and the site that it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import pi
from pathlib import Path
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.document import CATALOGUE, locate, read_document, read_extended
from baiterek.catalogue.environment import read_environment
from baiterek.catalogue.fields import Field, Fields, Place, finite, read_sources, read_table
from baiterek.catalogue.mission import OBJECTIVES, Limits, Mission, Reserve
from baiterek.catalogue.orbit_file import check_reachable, read_target
from baiterek.catalogue.resolved import resolve
from baiterek.catalogue.site import Site, Zone
from baiterek.catalogue.site_file import check_corridors, read_site, read_zone
from baiterek.catalogue.units import si_key
from baiterek.catalogue.vehicle import Vehicle
from baiterek.catalogue.vehicle_file import read_vehicle

COMPUTE = ("optimise", "fly", "report")

MISSION: Fields = {
    "name": Field("text", "short name; the file's own when absent"),
    "title": Field("text", "name to print"),
    "vehicle": Field("text", "name of the catalogue, or path to a vehicle file", required=True),
    "override": Field("table", "numbers of the vehicle by path: { value, sigma, source }", default={}),
    "sources": Field("table", "tag = { text, grade, url } of the overrides, of an inline site, of inline zones", default={}),
    "site": Field("any", "name of the catalogue, path, or inline table", required=True),
    "epoch": Field("table", "instant of lift-off", required=True),
    "payload": Field("table", "what is carried", required=True),
    "objective": Field("text", "what is sought", required=True, choices=OBJECTIVES),
    "target": Field("table", "orbit to reach; needed for payload and least_propellant"),
    "limits": Field("table", "what the flight must keep", default={}),
    "zones": Field("table", "name of a falling body -> where it must fall", default={}),
    "environment": Field("table", "planet, air and wind", default={}),
    "reserve": Field("table", "propellant held back in the last stage", default={}),
    "compute": Field("texts", "what is done with it", default=COMPUTE, choices=COMPUTE),
    "seed": Field("whole", "seed of everything random", default=0, low=0),
}
EPOCH: Fields = {
    "utc": Field("any", "date and time of lift-off, UTC"),
    "sidereal_angle_rad": Field("number", "from the x axis to Greenwich at lift-off", low=-2 * pi, high=2 * pi),
}
PAYLOAD: Fields = {
    "mass_kg": Field("any", "mass, or \"maximise\"", required=True),
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
    "last_stage_fraction": Field("number", "part of the last stage's ideal velocity gain held back", default=0.0, low=0.0, high=0.2),
    "policy": Field("text", "why", default="none"),
}


def read_mission(path: Path) -> Mission:
    """The mission of a file, with everything that it names."""
    document = read_document(path)
    place = Place(str(path))
    top = read_table(document, MISSION, place)
    sources = read_sources(top["sources"], place.inside("sources"))
    vehicle = _vehicle(top, place, sources)
    site = _site(top["site"], place, sources)
    utc, sidereal_angle = _epoch(top["epoch"], place.inside("epoch"))
    environment, words, environment_keys = read_environment(top["environment"], place.inside("environment"), site, utc)
    limits = _limits(top["limits"], place.inside("limits"))
    payload, adapter = _payload(top, place)
    target = None
    if top["target"] is not None:
        target_place = place.inside("target")
        target = read_target(top["target"], target_place, environment.radius_m)
        check_reachable(target, site, limits, environment.flattening, target_place)
    elif top["objective"] in ("payload", "least_propellant"):
        raise place.bad("target", "nothing", f"a table with the orbit, for objective = {top['objective']!r}")
    _check_rise(vehicle, limits, place)
    reserve = Reserve(**read_table(top["reserve"], RESERVE, place.inside("reserve")))
    zones = _zones(top["zones"], place.inside("zones"), vehicle, sources)
    name = top["name"] or path.stem
    mission = Mission(
        name, top["title"] or name, vehicle, site, utc, sidereal_angle, payload, adapter, top["objective"], target, limits,
        zones, environment, words, top["compute"], reserve, top["seed"], str(path),
    )  # fmt: skip
    return resolve(mission, environment_keys)


def _vehicle(top: Mapping[str, Any], place: Place, sources: Mapping[str, Source]) -> Vehicle:
    path = locate(top["vehicle"], "vehicles", place, "vehicle")
    document = read_extended(path, "vehicles")
    overrides = _flat(top["override"], place.inside("override"))
    if not overrides:
        return read_vehicle(document, path.stem, str(path))
    plain = read_vehicle(document, path.stem, str(path))
    for key, found in overrides.items():
        _override(document, key, found, plain, place.inside("override"))
    return read_vehicle(document, path.stem, f"{place.file} (override of {path.name})", sources)


def _flat(table: Mapping[str, Any], place: Place, prefix: str = "") -> dict[str, Any]:
    """Overrides by dotted path, whether written as "stage-1.dry_mass_kg" or as tables."""
    flat: dict[str, Any] = {}
    for key, found in table.items():
        path = f"{prefix}{key}"
        if isinstance(found, dict) and "value" not in found:
            flat |= _flat(found, place, f"{path}.")
        else:
            flat[path] = found
    return flat


def _override(document: dict[str, Any], path: str, found: Any, plain: Vehicle, place: Place) -> None:
    """Put one number into the vehicle's tables, in place of the old one in whatever unit that was."""
    si_path = si_key(path)[0]
    rule_keys = ("shroud.heat_flux_W_m2", "shroud.altitude_m", "shroud.time_s")
    if si_path not in plain.data and si_path not in rule_keys:
        from difflib import get_close_matches

        close = get_close_matches(si_path, plain.data, n=1)
        hint = f"{close[0]} (did you mean it?); " if close else ""
        raise place.bad(path, "no such number", f"{hint}a path that `baiterek catalogue vehicles {plain.name}` lists")
    *parents, key = path.split(".")
    table = _part(document, parents)
    if si_key(key)[0].endswith("_factor") or key == "threshold":
        raise place.bad(path, found, "a number of the file; change a curve or a rule in a file that extends this one")
    kept = {k: v for k, v in table.items() if si_key(k)[0] != si_key(key)[0]}
    if si_key(key)[0] == "isp_vac_s":  # it may have been given by another number
        kept = {k: v for k, v in kept.items() if si_key(k)[0] not in ("burn_time_s", "exhaust_speed_m_s")}
    table.clear()
    table.update(kept | {key: found})


def _part(document: dict[str, Any], parents: list[str]) -> dict[str, Any]:
    first, rest = parents[0], parents[1:]
    table = document[first] if first in ("shroud", "aerodynamics") else (
        document["stages"].get(first) or document["boosters"][first]
    )  # fmt: skip
    for name in rest:
        table = table["body"] if name == "body" else table["engines"][name]
    result: dict[str, Any] = table
    return result


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
    if read["sidereal_angle_rad"] is not None:
        return utc, read["sidereal_angle_rad"]
    try:
        from baiterek.physics.frames import earth_orientation_range, greenwich_angle
    except ImportError:  # until physics.frames lands
        days = (utc - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400.0
        return utc, (2 * pi * (0.7790572732640 + 1.00273781191135448 * days)) % (2 * pi)

    first, last = earth_orientation_range()
    if not first <= utc <= last:
        raise place.bad("utc", f"{utc:%Y-%m-%d}", f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, the table of Earth orientation")
    return utc, float(greenwich_angle(utc))


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


def _payload(top: Mapping[str, Any], place: Place) -> tuple[float | None, float]:
    inside = place.inside("payload")
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
        raise inside.bad("mass_kg", mass, "a mass of 0 or more, or \"maximise\"")
    if top["objective"] == "payload":
        raise inside.bad("mass_kg", mass, "\"maximise\", since objective = 'payload'; or another objective")
    return value * factor, read["adapter_kg"]


def _limits(table: Any, place: Place) -> Limits:
    read = read_table(table, LIMITS, place)
    check_corridors(read["corridors_rad"], place)
    return Limits(**read)


def _check_rise(vehicle: Vehicle, limits: Limits, place: Place) -> None:
    thrust = sum(e.count * e.thrust_sl_N for e in vehicle.stages[0].engines)
    thrust += sum(b.count * e.count * e.thrust_sl_N for b in vehicle.boosters if b.lights_after is None for e in b.engines)
    if thrust <= 0.0:
        raise place.bad("vehicle", vehicle.name, "a vehicle whose first stage has thrust")


def _zones(table: Mapping[str, Any], place: Place, vehicle: Vehicle, sources: Mapping[str, Source]) -> dict[str, Zone]:
    bodies = falling_bodies(vehicle)
    zones: dict[str, Zone] = {}
    shipped: dict[str, Zone] | None = None
    for body, found in table.items():
        if body not in bodies:
            raise place.bad(body, "a body that does not fall", "a falling body of the vehicle: " + (", ".join(bodies) or "there is none"))
        if isinstance(found, str):
            shipped = shipped if shipped is not None else named_zones()
            if found not in shipped:
                raise place.bad(body, found, "a zone of the catalogue (" + ", ".join(shipped) + ") or a table with its shape")
            zones[body] = shipped[found]
        else:
            zones[body] = read_zone(found, body, place.inside(body), sources)
    return zones


def falling_bodies(vehicle: Vehicle) -> list[str]:
    """Names of what falls, in order: boosters, stages, shroud; those whose fall the file describes."""
    parts = [*vehicle.boosters, *vehicle.stages]
    names = [part.name for part in parts if part.body is not None]
    if vehicle.shroud is not None and vehicle.shroud.body is not None:
        names.append(vehicle.shroud.kind)
    return names


def named_zones() -> dict[str, Zone]:
    """The shipped zones by name."""
    path = CATALOGUE / "zones.toml"
    document = read_document(path)
    place = Place(str(path))
    sources = read_sources(document.pop("sources", None), place.inside("sources"))
    return {name: read_zone(table, name, place.inside(name), sources) for name, table in document.items()}


__all__ = ["Datum", "falling_bodies", "named_zones", "read_mission"]
