"""Vehicle files: tables of a TOML document in, a frozen `Vehicle` out.

Parts are tables by name (`[stages.stage-1.engines.RD-171MV]`), in the order of flight, so that a file can extend
another. `vehicle_keys` lists the keys; `engine_file` reads tanks and engines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.catalogue.case_file import read_failures, with_failures
from baiterek.catalogue.coefficients import read_coefficients, read_covariance
from baiterek.catalogue.datum import Source
from baiterek.catalogue.engine_file import Data, keep, number, read_engines, read_tanks
from baiterek.catalogue.fields import Field, Place, read_sources, read_table, source_of
from baiterek.catalogue.navigation_file import read_navigation
from baiterek.catalogue.units import si_key
from baiterek.catalogue.vehicle import Booster, Correlation, FallingBody, Shroud, Stage, Vehicle
from baiterek.catalogue.vehicle_keys import (
    AERODYNAMICS,
    BODY,
    BOOSTER,
    CORRELATION,
    DIMENSIONS,
    FREE_BURNING,
    RESERVED,
    RULES,
    SHROUD,
    STAGE,
    VEHICLE,
)
from baiterek.physics.aerodynamics import Body


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
            raise place.bad(
                "stages", part, "distinct names of stages and boosters without a dot, none of " + ", ".join(RESERVED)
            )
    stages = tuple(
        _stage(part, table, place.inside(f"stages.{part}"), sources, data, published) for part, table in top["stages"].items()
    )
    boosters = _boosters(top["boosters"], place.inside("boosters"), sources, data, published)
    shroud = None
    if top["shroud"] is not None:
        shroud = _shroud(top["shroud"], place.inside("shroud"), sources, data, published, stages)
    correlations = tuple(
        _correlation(table, place.inside(f"correlations.{key}"), sources, data) for key, table in top["correlations"].items()
    )
    inside = place.inside("failures")
    return Vehicle(
        name,
        top["title"],
        stages,
        boosters,
        shroud,
        aerodynamics,
        published,
        data,
        sources,
        correlations,
        top["notes"],
        file,
        read_navigation(top["navigation"], place.inside("navigation"), sources),
        with_failures((), read_failures(top["failures"], inside, sources, stages), inside),
    )


def _published(table: Mapping[str, Any], place: Place, sources: Mapping[str, Source]) -> Data:
    fields = {si_key(key)[0]: Field("datum", "a published figure") for key in table}
    return read_table(table, fields, place, sources)


def _aerodynamics(table: Any, place: Place, sources: Mapping[str, Source], data: Data) -> Body:
    read = read_table(table, AERODYNAMICS, place, sources)
    keep(read, AERODYNAMICS, "aerodynamics", data)
    inside = place.inside("coefficients")
    tables, factor = read_coefficients(read["coefficients"], ("axial", "normal_slope"), inside, sources)
    data["aerodynamics.axial_factor"] = factor
    data["aerodynamics.normal_factor"] = factor
    return Body(read["reference_area_m2"].value, tables["axial"], tables["normal_slope"])


def _body(table: Any, part: str, path: str, place: Place, sources: Any, data: Data) -> FallingBody | None:
    if table is None:
        return None
    read = read_table(table, BODY, place, sources)
    keep(read, BODY, f"{path}.body", data)
    tables, factor = read_coefficients(read["coefficients"], ("drag",), place.inside("coefficients"), sources)
    data[f"{path}.body.drag_factor"] = factor
    mass = read["mass_kg"] and read["mass_kg"].value
    return FallingBody(part, read["pieces"], mass, read["area_m2"].value, tables["drag"])


def _stage(part: str, table: Any, place: Place, sources: Any, data: Data, published: Data) -> Stage:
    read = read_table(table, STAGE, place, sources)
    keep(read, STAGE, part, data, published)
    tanks = read_tanks(read, place)
    low, high = number(read["coast_min_s"]), number(read["coast_max_s"])
    if read["coast_max_s"] is None:
        high = low
    if low > high:
        raise place.bad("coast_min_s", low, f"at most coast_max_s ({high:g} s)")
    if read["separation"] == "hot" and high > 0.0:
        raise place.bad("coast_max_s", high, 'no coast with separation = "hot"')
    engines = read_engines(read, tanks, part, place, sources, data)
    body = _body(read["body"], part, part, place.inside("body"), sources, data)
    return Stage(
        part,
        read["dry_mass_kg"].value,
        tanks,
        engines,
        number(read["interstage_kg"]),
        read["separation"],
        (low, high),
        read["shutdown"],
        body,
    )


def _boosters(tables: Mapping[str, Any], place: Place, sources: Any, data: Data, published: Data) -> tuple[Booster, ...]:
    boosters: list[Booster] = []
    for part, table in tables.items():
        inside = place.inside(part)
        read = read_table(table, BOOSTER, inside, sources)
        keep(read, BOOSTER, part, data, published)
        after = read["lights_after"]
        earlier = [booster.name for booster in boosters]
        if after is not None and after not in earlier:
            raise inside.bad(
                "lights_after",
                after,
                "a kind of booster above it in the file: " + (", ".join(earlier) or "there is none"),
            )
        tanks = read_tanks(read, inside)
        engines = read_engines(read, tanks, part, inside, sources, data)
        for name, engine in read["engines"].items():
            for key in engine:
                if si_key(key)[0] in FREE_BURNING:
                    raise inside.bad(
                        f"engines.{name}.{key}",
                        engine[key],
                        "no such key: boosters burn at full thrust, without transients",
                    )
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
        if read.get(name) is not None:
            published[f"shroud.{name}"] = read[name]
    body = _body(read["body"], read["kind"], "shroud", place.inside("body"), sources, data)
    return Shroud(
        read["kind"],
        read["mass_kg"].value,
        RULES[given[0]],
        threshold.value,
        read["stage"],
        body,
    )


def _correlation(table: Any, place: Place, sources: Mapping[str, Source], data: Data) -> Correlation:
    """A covariance; a number that an extension or an override has given another source leaves it, row and column."""
    read = read_table(table, CORRELATION, place, sources)
    source = source_of(read["source"], place, "source", sources)
    paths = read["paths"]
    for path in paths:
        if path not in data or paths.count(path) > 1:
            raise place.bad("paths", path, "distinct paths of numbers of this vehicle, in SI units")
    kept = [k for k, path in enumerate(paths) if data[path].source == source]
    rows = read_covariance(read["covariance"], [data[path] for path in paths], kept, place)
    return Correlation(tuple(paths[k] for k in kept), rows, source)
