"""Vehicle files: tables of a TOML document in, a frozen `Vehicle` out.

Parts are tables by name (`[stages.stage-1.engines.RD-171MV]`), in the order of flight, so that a file can extend another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.catalogue.coefficients import read_coefficients
from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table, source_of
from baiterek.catalogue.units import si_key
from baiterek.catalogue.vehicle import (
    Booster,
    Correlation,
    Engine,
    FallingBody,
    Shroud,
    Stage,
    Tanks,
    Vehicle,
)
from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.physics.aerodynamics import Body

Data = dict[str, Datum]

VEHICLE: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }"),
    "published": Field("table", "numbers that others publish of the whole; shown, never flown", default={}),
    "aerodynamics": Field("table", "reference area and coefficients", required=True),
    "stages": Field("table", "serial stages by name, first to last", required=True),
    "boosters": Field("table", "kinds of parallel boosters by name", default={}),
    "shroud": Field("table", "fairing or escape tower"),
    "correlations": Field("table", "covariances of several numbers, by name", default={}),
}
AERODYNAMICS: Fields = {
    "reference_area_m2": Field("datum", "area to which the coefficients refer", required=True, above=0.0),
    "coefficients": Field("table", "axial and normal_slope over mach", required=True),
}
TANKS: Fields = {
    "propellant_kg": Field("datum", "load of a solid, or of both liquids together", above=0.0),
    "residual_kg": Field("datum", "part of it that never burns", low=0.0),
    "oxidiser_kg": Field("datum", "load of oxidiser", above=0.0),
    "fuel_kg": Field("datum", "load of fuel", above=0.0),
    "oxidiser_residual_kg": Field("datum", "oxidiser that never burns", low=0.0),
    "fuel_residual_kg": Field("datum", "fuel that never burns", low=0.0),
}
PIECE: Fields = {
    "dry_mass_kg": Field("datum", "mass without propellant", required=True, above=0.0),
    **TANKS,
    "engines": Field("table", "engines by name", required=True),
    "body": Field("table", "how it falls"),
}
STAGE: Fields = {
    **PIECE,
    "interstage_kg": Field("datum", "interstage that leaves with it", low=0.0),
    "separation": Field("text", "how the next stage lights", default="cold", choices=("cold", "hot")),
    "coast_min_s": Field("datum", "shortest coast before the next ignition", low=0.0),
    "coast_max_s": Field("datum", "longest coast before the next ignition", low=0.0),
    "shutdown": Field("text", "how the burn ends", default="command", choices=("command", "depletion")),
    "length_m": Field("datum", "length", above=0.0),
    "diameter_m": Field("datum", "diameter", above=0.0),
}
BOOSTER: Fields = {
    **PIECE,
    "count": Field("whole", "how many of this kind", required=True, low=1),
    "lights_after": Field("text", "kind of booster at whose burnout it lights; at lift-off when absent"),
}
ENGINE: Fields = {
    "count": Field("whole", "how many in the stage", default=1, low=1),
    "thrust_N": Field("datum", "constant thrust, without back pressure", above=0.0),
    "thrust_vac_N": Field("datum", "thrust in vacuum", above=0.0),
    "thrust_sl_N": Field("datum", "thrust at sea level", above=0.0),
    "isp_vac_s": Field("datum", "specific impulse in vacuum", above=0.0),
    "exhaust_speed_m_s": Field("datum", "thrust over mass flow, in place of isp_vac_s", above=0.0),
    "burn_time_s": Field("datum", "time to burn the usable propellant, in place of isp_vac_s", above=0.0),
    "mixture_ratio": Field("datum", "oxidiser over fuel by mass", above=0.0),
    "throttle_min": Field("datum", "lowest throttle", low=0.0, high=1.2),
    "throttle_max": Field("datum", "highest throttle", above=0.0, high=1.2),
    "throttle_steps": Field("numbers", "levels in the order of use", default=(), above=0.0, high=1.2),
    "start_s": Field("datum", "rise of thrust from ignition to full", low=0.0),
    "shutdown_s": Field("datum", "fall of thrust after cut-off", low=0.0),
    "ignitions": Field("whole", "how often it can be lit", default=1, low=1),
}
SHROUD: Fields = {
    "kind": Field("text", "what it is", required=True, choices=("fairing", "escape-tower")),
    "mass_kg": Field("datum", "mass of all its pieces", required=True, above=0.0),
    "stage": Field("text", "stage during whose burn it goes", required=True),
    "heat_flux_W_m2": Field("datum", "goes when the free-molecular heat flux has fallen to this", above=0.0),
    "altitude_m": Field("datum", "goes above this altitude", above=0.0),
    "time_s": Field("datum", "goes at this time since lift-off", above=0.0),
    "body": Field("table", "how its pieces fall"),
    "length_m": Field("datum", "length", above=0.0),
    "diameter_m": Field("datum", "diameter", above=0.0),
}
RULES = {"heat_flux_W_m2": "heat_flux", "altitude_m": "altitude", "time_s": "time"}
BODY: Fields = {
    "pieces": Field("whole", "how many pieces", default=1, low=1),
    "mass_kg": Field("datum", "mass of one piece, when it is not what the separation leaves", above=0.0),
    "area_m2": Field("datum", "mean area across the flow of one piece", required=True, above=0.0),
    "coefficients": Field("table", "drag over mach", required=True),
}
CORRELATION: Fields = {
    "paths": Field("texts", "numbers of this vehicle, as paths", required=True),
    "covariance": Field("any", "their covariance, SI units, a list of rows", required=True),
    "source": Field("text", "tag of the [sources] table", required=True),
}
DIMENSIONS = ("length_m", "diameter_m")
RESERVED = ("shroud", "aerodynamics", "published", "body")


def read_vehicle(document: Mapping[str, Any], name: str, file: str, more: Mapping[str, Source] | None = None) -> Vehicle:
    """The vehicle of a merged document; `more` holds the sources of a mission's overrides."""
    place = Place(file)
    top = read_table(document, VEHICLE, place)
    sources = read_sources(top["sources"], place.inside("sources")) | dict(more or {})
    data: Data = {}
    published = _published(top["published"], place.inside("published"), sources)
    aerodynamics = _aerodynamics(top["aerodynamics"], place.inside("aerodynamics"), sources, data)
    if not top["stages"]:
        raise place.bad("stages", "no stage", "one stage or more")
    parts = [*top["stages"], *top["boosters"]]
    for part in parts:
        if part in RESERVED or "." in part or not part.strip() or parts.count(part) > 1:
            raise place.bad("stages", part, "distinct names of stages and boosters without a dot, none of " + ", ".join(RESERVED))
    stages = tuple(
        _stage(part, table, place.inside(f"stages.{part}"), sources, data, published)
        for part, table in top["stages"].items()
    )
    boosters = _boosters(top["boosters"], place.inside("boosters"), sources, data)
    shroud = None
    if top["shroud"] is not None:
        shroud = _shroud(top["shroud"], place.inside("shroud"), sources, data, published, stages)
    correlations = tuple(
        _correlation(table, place.inside(f"correlations.{key}"), sources, data)
        for key, table in top["correlations"].items()
    )
    return Vehicle(
        name, top["title"], stages, boosters, shroud, aerodynamics, published, data, sources, correlations,
        top["notes"], file,
    )  # fmt: skip


def _published(table: Mapping[str, Any], place: Place, sources: Mapping[str, Source]) -> Data:
    fields = {si_key(key)[0]: Field("datum", "a published figure") for key in table}
    return read_table(table, fields, place, sources)


def _keep(read: Mapping[str, Any], names: Fields, prefix: str, data: Data, published: Data | None = None) -> None:
    """Write the data of a table into the books: what is flown, and what is only a dimension."""
    for name in names:
        datum = read[name]
        if isinstance(datum, Datum):
            if name not in DIMENSIONS:
                data[f"{prefix}.{name}"] = datum
            elif published is not None:
                published[f"{prefix}.{name}"] = datum


def _number(datum: Datum | None, default: float = 0.0) -> float:
    return default if datum is None else datum.value


def _aerodynamics(table: Any, place: Place, sources: Mapping[str, Source], data: Data) -> Body:
    read = read_table(table, AERODYNAMICS, place, sources)
    _keep(read, AERODYNAMICS, "aerodynamics", data)
    inside = place.inside("coefficients")
    tables, factor = read_coefficients(read["coefficients"], ("axial", "normal_slope"), inside, sources)
    data["aerodynamics.axial_factor"] = factor
    data["aerodynamics.normal_factor"] = factor
    return Body(read["reference_area_m2"].value, tables["axial"], tables["normal_slope"])


def _tanks(read: Mapping[str, Any], place: Place) -> Tanks:
    given = {name: read[name].value for name in TANKS if read[name] is not None}
    liquid = [name for name in given if name.startswith(("oxidiser", "fuel"))]
    if ("propellant_kg" in given) == bool(liquid):
        raise place.bad("propellant_kg", sorted(given) or "nothing", "either propellant_kg or oxidiser_kg and fuel_kg")
    if liquid:
        for name in ("oxidiser_kg", "fuel_kg"):
            if name not in given:
                raise place.bad(name, "nothing", TANKS[name].allowed)
        if "residual_kg" in given:
            raise place.bad("residual_kg", given["residual_kg"], "oxidiser_residual_kg and fuel_residual_kg instead")
    for load, residual in (
        ("propellant_kg", "residual_kg"), ("oxidiser_kg", "oxidiser_residual_kg"), ("fuel_kg", "fuel_residual_kg"),
    ):  # fmt: skip
        if given.get(residual, 0.0) >= given.get(load, float("inf")):
            raise place.bad(residual, given[residual], f"less than {load} ({given[load]:g} kg)")
    return Tanks(**given)


def _engines(read: Mapping[str, Any], tanks: Tanks, part: str, place: Place, sources: Any, data: Data) -> tuple[Engine, ...]:
    tables = read["engines"]
    if not tables:
        raise place.bad("engines", "no engine", "one engine or more")
    for name in tables:
        if "." in name or name in {**STAGE, **BOOSTER} or not name.strip():
            raise place.bad("engines", name, "a name without a dot that is no key of a stage")
    engines = [_engine(name, table, tanks, part, place.inside(f"engines.{name}"), sources, data) for name, table in tables.items()]
    if tanks.oxidiser_kg is not None and engines[0].mixture_ratio is None:
        raise place.bad(f"engines.{engines[0].name}.mixture_ratio", "nothing", "oxidiser over fuel, since the tanks hold both")
    usable = tanks.usable_kg(engines[0].mixture_ratio)
    for index, engine in enumerate(engines):
        if engine.isp_vac_s is None:
            path = f"{part}.{engine.name}.burn_time_s"
            datum = data.pop(path)
            isp = len(engines) == 1 and usable and engine.thrust_vac_N * engine.count * datum.value / (usable * STANDARD_GRAVITY_M_S2)
            if not isp:
                raise place.bad(f"engines.{engine.name}.burn_time_s", datum.value, "isp_vac_s: the stage has several engines")
            data[f"{part}.{engine.name}.isp_vac_s"] = Datum(isp, isp * datum.sigma / datum.value, datum.source)
            engines[index] = Engine(**{**vars(engine), "isp_vac_s": isp})
    return tuple(engines)


def _engine(name: str, table: Any, tanks: Tanks, part: str, place: Place, sources: Any, data: Data) -> Engine:
    read = read_table(table, ENGINE, place, sources)
    thrust_vac, thrust_sl = read["thrust_vac_N"], read["thrust_sl_N"]
    if read["thrust_N"] is not None:
        if thrust_vac is not None or thrust_sl is not None:
            raise place.bad("thrust_N", "thrust_vac or thrust_sl beside it", "constant thrust_N alone, or the other two")
        thrust_vac = thrust_sl = read["thrust_N"]
    if thrust_vac is None:
        raise place.bad("thrust_vac_N", "nothing", f"thrust_vac_N with thrust_sl_N, or thrust_N ({ENGINE['thrust_N'].allowed})")
    if thrust_sl is None:
        raise place.bad("thrust_sl_N", "nothing", "thrust at sea level, or thrust_N in place of both")
    if thrust_sl.value > thrust_vac.value:
        raise place.bad("thrust_sl_N", f"{thrust_sl.value:g} N", f"at most the thrust in vacuum, {thrust_vac.value:g} N")
    speeds = [key for key in ("isp_vac_s", "exhaust_speed_m_s", "burn_time_s") if read[key] is not None]
    if len(speeds) != 1:
        raise place.bad("isp_vac_s", speeds or "nothing", "one of isp_vac_s, exhaust_speed_m_s, burn_time_s")
    if read["exhaust_speed_m_s"] is not None:
        speed = read["exhaust_speed_m_s"]
        read["isp_vac_s"] = Datum(speed.value / STANDARD_GRAVITY_M_S2, speed.sigma / STANDARD_GRAVITY_M_S2, speed.source)
        read["exhaust_speed_m_s"] = None
    low, high = _throttle(read, place)
    _keep(read, ENGINE, f"{part}.{name}", data)
    return Engine(
        name, read["count"], thrust_vac.value, thrust_sl.value, read["isp_vac_s"] and read["isp_vac_s"].value, low, high,
        read["throttle_steps"], _number(read["start_s"]), _number(read["shutdown_s"]), read["ignitions"],
        read["mixture_ratio"] and read["mixture_ratio"].value,
    )  # fmt: skip


def _throttle(read: Mapping[str, Any], place: Place) -> tuple[float, float]:
    steps = read["throttle_steps"]
    low, high = _number(read["throttle_min"], 1.0), _number(read["throttle_max"], 1.0)
    if steps and read["throttle_min"] is None and read["throttle_max"] is None:
        low, high = min(steps), max(steps)
    if low > high:
        raise place.bad("throttle_min", low, f"at most throttle_max ({high:g})")
    if any(not low <= step <= high for step in steps):
        raise place.bad("throttle_steps", list(steps), f"levels from {low:g} to {high:g}")
    return low, high


def _body(table: Any, part: str, path: str, place: Place, sources: Any, data: Data) -> FallingBody | None:
    if table is None:
        return None
    read = read_table(table, BODY, place, sources)
    _keep(read, BODY, f"{path}.body", data)
    tables, factor = read_coefficients(read["coefficients"], ("drag",), place.inside("coefficients"), sources)
    data[f"{path}.body.drag_factor"] = factor
    mass = read["mass_kg"] and read["mass_kg"].value
    return FallingBody(part, read["pieces"], mass, read["area_m2"].value, tables["drag"])


def _stage(part: str, table: Any, place: Place, sources: Any, data: Data, published: Data) -> Stage:
    read = read_table(table, STAGE, place, sources)
    _keep(read, STAGE, part, data, published)
    tanks = _tanks(read, place)
    low, high = _number(read["coast_min_s"]), _number(read["coast_max_s"])
    if read["coast_max_s"] is None:
        high = low
    if low > high:
        raise place.bad("coast_min_s", low, f"at most coast_max_s ({high:g} s)")
    if read["separation"] == "hot" and high > 0.0:
        raise place.bad("coast_max_s", high, "no coast with separation = \"hot\"")
    engines = _engines(read, tanks, part, place, sources, data)
    body = _body(read["body"], part, part, place.inside("body"), sources, data)
    return Stage(
        part, read["dry_mass_kg"].value, tanks, engines, _number(read["interstage_kg"]), read["separation"], (low, high),
        read["shutdown"], body, read["length_m"] and read["length_m"].value, read["diameter_m"] and read["diameter_m"].value,
    )  # fmt: skip


def _boosters(tables: Mapping[str, Any], place: Place, sources: Any, data: Data) -> tuple[Booster, ...]:
    boosters: list[Booster] = []
    for part, table in tables.items():
        inside = place.inside(part)
        read = read_table(table, BOOSTER, inside, sources)
        _keep(read, BOOSTER, part, data)
        after = read["lights_after"]
        earlier = [booster.name for booster in boosters]
        if after is not None and after not in earlier:
            raise inside.bad("lights_after", after, "a kind of booster above it in the file: " + (", ".join(earlier) or "there is none"))
        tanks = _tanks(read, inside)
        engines = _engines(read, tanks, part, inside, sources, data)
        body = _body(read["body"], part, part, inside.inside("body"), sources, data)
        boosters.append(Booster(part, read["count"], read["dry_mass_kg"].value, tanks, engines, after, body))
    return tuple(boosters)


def _shroud(table: Any, place: Place, sources: Any, data: Data, published: Data, stages: tuple[Stage, ...]) -> Shroud:
    read = read_table(table, SHROUD, place, sources)
    given = [key for key in RULES if read[key] is not None]
    if len(given) != 1:
        raise place.bad("heat_flux_W_m2", given or "nothing", "one rule out of " + ", ".join(RULES))
    if read["stage"] not in [stage.name for stage in stages]:
        raise place.bad("stage", read["stage"], "a stage: " + ", ".join(stage.name for stage in stages))
    threshold = read[given[0]]
    data["shroud.mass_kg"] = read["mass_kg"]
    data["shroud.threshold"] = threshold
    for name in DIMENSIONS:
        if read[name] is not None:
            published[f"shroud.{name}"] = read[name]
    body = _body(read["body"], read["kind"], "shroud", place.inside("body"), sources, data)
    return Shroud(
        read["kind"], read["mass_kg"].value, RULES[given[0]], threshold.value, read["stage"], body,
        read["length_m"] and read["length_m"].value, read["diameter_m"] and read["diameter_m"].value,
    )  # fmt: skip


def _correlation(table: Any, place: Place, sources: Mapping[str, Source], data: Data) -> Correlation:
    from baiterek.catalogue.coefficients import read_covariance

    read = read_table(table, CORRELATION, place, sources)
    for path in read["paths"]:
        if path not in data:
            raise place.bad("paths", path, "paths of numbers of this vehicle, in SI units")
    source_of(read["source"], place, "source", sources)
    rows = read_covariance(read["covariance"], [data[path] for path in read["paths"]], place)
    return Correlation(read["paths"], rows, read["source"])
