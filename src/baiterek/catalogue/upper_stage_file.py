"""Upper-stage files: tables of a TOML document in, a frozen `UpperStage` out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.catalogue.datum import Datum, Source
from baiterek.catalogue.fields import Field, Fields, Place, read_sources, read_table
from baiterek.catalogue.units import si_key
from baiterek.catalogue.upper_stage import BurnPlan, DropTanks, UpperStage
from baiterek.catalogue.zone_file import ocean_zone

SEPARATION_S = 10.0
"""From separation of the launcher to the first ignition, at least; assumed."""

UPPER_STAGE: Fields = {
    "title": Field("text", "name to print", required=True),
    "notes": Field("texts", "what a reader should know", default=()),
    "sources": Field("table", "tag = { text, grade, url }"),
    "published": Field("table", "numbers that others publish of it; shown, never flown", default={}),
    "dry_mass_kg": Field("datum", "mass without propellant and without drop tanks", required=True, above=0.0),
    "propellant_kg": Field("datum", "load of the main tanks", required=True, above=0.0),
    "residual_kg": Field("datum", "part of it that never burns", required=True, low=0.0),
    "thrust_N": Field("datum", "thrust in vacuum", required=True, above=0.0),
    "low_thrust_N": Field("datum", "second level of thrust", above=0.0),
    "isp_s": Field("datum", "specific impulse in vacuum", required=True, above=0.0, high=500.0),
    "ignitions": Field("datum", "how often the engine can be lit, a whole number", required=True, low=1.0, high=1000.0),
    "burn_min_s": Field("datum", "shortest burn", required=True, low=0.0),
    "coast_min_s": Field("datum", "shortest coast before the next ignition", required=True, low=0.0),
    "life_s": Field("datum", "from separation of the launcher to the end of disposal", required=True, above=0.0),
    "coast_flow_kg_s": Field("datum", "propellant that attitude control takes in a coast", required=True, low=0.0),
    "settling_kg": Field("datum", "propellant that each restart takes to settle the tanks", required=True, low=0.0),
    "disposal_kg": Field("datum", "propellant kept for the disposal burn", required=True, low=0.0),
    "adapter_kg": Field("datum", "between launcher and stage; stays with the launcher", required=True, low=0.0),
    "drop_tanks": Field("table", "tanks that are emptied first and then left"),
    "hazards": Field("text", "how it fails and what it breaks into: a name of the catalogue, or a file"),
}
DROP_TANKS: Fields = {
    "dry_mass_kg": Field("datum", "mass of the empty tanks", required=True, above=0.0),
    "propellant_kg": Field("datum", "their load", required=True, above=0.0),
}


DISPOSALS = ("auto", "deorbit", "lower", "graveyard", "reserve", "none")
BURNS: Fields = {
    "stage": Field("text", "name of the catalogue, or path to an upper-stage file", required=True),
    "burns": Field("any", 'up to insertion, 1 to 6, or "auto": by the target', default="auto"),
    "coast_altitude_min_m": Field("number", "lowest coast between burns", default=180e3, low=150e3, high=2e6),
    "launcher_perigee_max_m": Field(
        "number", "highest perigee that the launcher's last stage is left on", default=50e3, low=-6e6, high=100e3
    ),
    "launcher_apogee_max_m": Field("number", "highest apogee of the same", default=1000e3, low=0.0, high=1e8),
    "separation_altitude_min_m": Field(
        "number",
        "lowest point of burns, and of the coast after the launcher's last stage has gone",
        default=140e3,
        low=100e3,
        high=1e6,
    ),
    "first_coast_max_s": Field("number", "longest coast before the first burn", default=600.0, low=10.0, high=6000.0),
    "disposal": Field("text", "of the spent stage", default="auto", choices=DISPOSALS),
    "deorbit_perigee_m": Field("number", "to which `deorbit` lowers the perigee", default=50e3, low=0.0, high=80e3),
    "disposal_zone": Field(
        "any", "into which `deorbit` aims: a zone by name, file or table; nothing: ocean-south-pacific, assumed"
    ),
}


def read_burns(found: Any, place: Place, sources: Mapping[str, Source]) -> tuple[str, BurnPlan]:
    """Name of an upper stage and what the mission asks of it, from a name alone or a table."""
    if isinstance(found, str):
        return found, BurnPlan()
    if not isinstance(found, Mapping):
        raise place.bad("", found, "a name of the catalogue, a path to a .toml file, or a table with `stage`")
    read = read_table(found, BURNS, place)
    count = read["burns"]
    if count != "auto" and (isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 6):
        raise place.bad("burns", count, '1 to 6, or "auto"')
    own = {key: read[key] for key in BURNS if key not in ("stage", "burns", "first_coast_max_s", "disposal_zone")}
    own["disposal_zone"] = ocean_zone(read["disposal_zone"], place, sources)
    counted = None if count == "auto" else count
    return read["stage"], BurnPlan(count=counted, first_coast_s=(SEPARATION_S, read["first_coast_max_s"]), **own)


def read_upper_stage(document: Mapping[str, Any], name: str, file: str) -> UpperStage:
    """The upper stage of a document; refuses what could not burn, or not light."""
    place = Place(file)
    first = read_table({"sources": document.get("sources")} if "sources" in document else {}, SOURCES, place)
    sources = read_sources(first["sources"], place.inside("sources"))
    read = read_table(document, UPPER_STAGE, place, sources)
    data: dict[str, Datum] = {key: item for key, item in read.items() if isinstance(item, Datum)}
    values: dict[str, Any] = {key: item.value for key, item in data.items()}
    drop_tanks = None
    if read["drop_tanks"] is not None:
        tanks = read_table(read["drop_tanks"], DROP_TANKS, place.inside("drop_tanks"), sources)
        data |= {f"drop_tanks.{key}": item for key, item in tanks.items()}
        drop_tanks = DropTanks(tanks["dry_mass_kg"].value, tanks["propellant_kg"].value)
    if not values["ignitions"].is_integer():
        raise place.bad("ignitions", values["ignitions"], "a whole number")
    values["ignitions"] = int(values["ignitions"])
    if values.get("low_thrust_N", 0.0) > values["thrust_N"]:
        raise place.bad("low_thrust_N", values["low_thrust_N"], f"at most thrust_N ({values['thrust_N']:g} N)")
    fields = {si_key(key)[0]: Field("datum", "a published figure") for key in read["published"]}
    published = read_table(read["published"], fields, place.inside("published"), sources)
    stage = UpperStage(
        name,
        read["title"],
        **values,
        drop_tanks=drop_tanks,
        hazards=read["hazards"],
        published=published,
        data=data,
        sources=sources,
        notes=read["notes"],
        file=file,
    )
    left = stage.usable_kg() - (drop_tanks.propellant_kg if drop_tanks else 0.0)
    if left <= 0.0:
        found = f"{left:g} kg of the main tanks left to burn"
        raise place.bad("propellant_kg", found, "more load than residuals and disposal together")
    return stage


SOURCES: Fields = {"sources": UPPER_STAGE["sources"]}
"""What must be read before the numbers, which name their source."""
