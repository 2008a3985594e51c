"""Tanks and engines of a stage or a booster, as a vehicle file states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from baiterek.catalogue.datum import Datum
from baiterek.catalogue.fields import Fields, Place, read_table
from baiterek.catalogue.vehicle import Engine, Tanks
from baiterek.catalogue.vehicle_keys import DIMENSIONS, ENGINE, RESERVED, SHARED, STAGE, TANKS
from baiterek.constants import STANDARD_GRAVITY_M_S2

Data = dict[str, Datum]


def keep(read: Mapping[str, Any], names: Fields, prefix: str, data: Data, published: Data | None = None) -> None:
    """Write the data of a table into the books: what is flown, and what is only a dimension."""
    for name in names:
        datum = read[name]
        if isinstance(datum, Datum):
            if name not in DIMENSIONS:
                data[f"{prefix}.{name}"] = datum
            elif published is not None:
                published[f"{prefix}.{name}"] = datum


def number(datum: Datum | None, default: float = 0.0) -> float:
    """Value of a datum that may be absent."""
    return default if datum is None else datum.value


def read_tanks(read: Mapping[str, Any], place: Place) -> Tanks:
    """Either one propellant, or oxidiser and fuel; residuals stay below loads."""
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
        ("propellant_kg", "residual_kg"),
        ("oxidiser_kg", "oxidiser_residual_kg"),
        ("fuel_kg", "fuel_residual_kg"),
    ):
        if given.get(residual, 0.0) >= given.get(load, float("inf")):
            raise place.bad(residual, given[residual], f"less than {load} ({given[load]:g} kg)")
    return Tanks(**given)


def read_engines(
    read: Mapping[str, Any], tanks: Tanks, part: str, place: Place, sources: Any, data: Data
) -> tuple[Engine, ...]:
    """The engines of a stage or a booster, which share throttle, transients and tanks."""
    tables = read["engines"]
    if not tables:
        raise place.bad("engines", "no engine", "one engine or more")
    for name in tables:
        if "." in name or not name.strip() or name in RESERVED or name in STAGE:
            raise place.bad("engines", name, "names without a dot that are no key of a stage")
    inside = place.inside("engines")
    engines = tuple(_engine(name, table, part, inside.inside(name), sources, data) for name, table in tables.items())
    first = engines[0]
    for engine in engines[1:]:
        for key in SHARED:
            if getattr(engine, key) != getattr(first, key):
                raise inside.bad(
                    f"{engine.name}.{key}",
                    getattr(engine, key),
                    f"that of {first.name}: the engines of a stage share it",
                )
    if tanks.oxidiser_kg is not None and first.mixture_ratio is None:
        raise inside.bad(f"{first.name}.mixture_ratio", "nothing", "oxidiser over fuel, since the tanks hold both")
    if tanks.usable_kg(first.mixture_ratio) <= 0.0:
        raise place.bad("propellant_kg", f"{tanks.usable_kg(first.mixture_ratio):g} kg to burn", "more load than residuals")
    return tuple(_by_burn_time(engine, engines, tanks, part, inside, data) for engine in engines)


def _by_burn_time(engine: Engine, engines: tuple[Engine, ...], tanks: Tanks, part: str, place: Place, data: Data) -> Engine:
    """The engine, with its specific impulse T t_b / (m_p g0) when the file gives the burn time t_b in its place."""
    datum = data.pop(f"{part}.{engine.name}.burn_time_s", None)
    if datum is None:
        return engine
    if len(engines) > 1:
        raise place.bad(f"{engine.name}.burn_time_s", datum.value, "isp_vac_s, since the stage has several engines")
    usable = tanks.usable_kg(engine.mixture_ratio)
    isp = engine.thrust_vac_N * engine.count * datum.value / (usable * STANDARD_GRAVITY_M_S2)
    data[f"{part}.{engine.name}.isp_vac_s"] = Datum(isp, isp * datum.sigma / datum.value, datum.source)
    return replace(engine, isp_vac_s=isp)


def _engine(name: str, table: Any, part: str, place: Place, sources: Any, data: Data) -> Engine:
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
    keep(read, ENGINE, f"{part}.{name}", data)
    return Engine(
        name,
        read["count"],
        thrust_vac.value,
        thrust_sl.value,
        read["isp_vac_s"] and read["isp_vac_s"].value,
        low,
        high,
        read["throttle_steps"],
        number(read["start_s"]),
        number(read["shutdown_s"]),
        read["ignitions"],
        read["mixture_ratio"] and read["mixture_ratio"].value,
    )


def _throttle(read: Mapping[str, Any], place: Place) -> tuple[float, float]:
    steps = read["throttle_steps"]
    low, high = number(read["throttle_min"], 1.0), number(read["throttle_max"], 1.0)
    if steps and read["throttle_min"] is None and read["throttle_max"] is None:
        low, high = min(steps), max(steps)
    if low > high:
        raise place.bad("throttle_min", low, f"at most throttle_max ({high:g})")
    if any(not low <= step <= high for step in steps):
        raise place.bad("throttle_steps", list(steps), f"levels from {low:g} to {high:g}")
    return low, high
