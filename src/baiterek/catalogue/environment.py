"""The `[environment]` of a mission: which planet, which air, which wind, and the record that every formula takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import pi
from pathlib import Path
from typing import Any

from baiterek.catalogue.fields import Field, Fields, Place, read_table
from baiterek.catalogue.site import Site
from baiterek.constants import (
    EARTH_J2,
    EARTH_J3,
    EARTH_J4,
    EARTH_MU_M3_S2,
    EARTH_ROTATION_RAD_S,
    STANDARD_GRAVITY_M_S2,
    US76_TEMPERATURE_K,
    WGS84_FLATTENING,
    WGS84_RADIUS_M,
)
from baiterek.physics.earth import (
    AIR_EXPONENTIAL,
    AIR_NONE,
    AIR_TABLE,
    AIR_US76,
    GRAVITY_J2,
    GRAVITY_J4,
    GRAVITY_POINT,
    GRAVITY_UNIFORM,
    WIND_NONE,
    WIND_TABLE,
    Environment,
)
from baiterek.physics.table import Table, constant_table

GRAVITIES = {"uniform": GRAVITY_UNIFORM, "point": GRAVITY_POINT, "J2": GRAVITY_J2, "J4": GRAVITY_J4}
AIRS = {"none": AIR_NONE, "exponential": AIR_EXPONENTIAL, "us76": AIR_US76, "nrlmsis": AIR_TABLE}

ENVIRONMENT: Fields = {
    "earth": Field("text", "shape of the planet", default="wgs84", choices=("wgs84", "sphere")),
    "gravity": Field("text", "field of gravity", default="J4", choices=tuple(GRAVITIES)),
    "atmosphere": Field("text", "model of the air", default="us76", choices=tuple(AIRS)),
    "wind": Field("text", "model of the wind", default="none", choices=("none", "climatology", "file", "sounding")),
    "wind_month": Field("whole", "month of the climatology; that of the epoch when absent", low=1, high=12),
    "wind_file": Field("text", "CSV with altitude_m, east_m_s, north_m_s; for `sounding` a sounding in one of its formats"),
    "rotation": Field("flag", "whether the Earth turns", default=True),
    "f107": Field("number", "solar flux F10.7 of the day before", default=150.0, low=60.0, high=400.0),
    "f107a": Field("number", "81-day mean of F10.7", default=150.0, low=60.0, high=400.0),
    "ap": Field("number", "daily geomagnetic index Ap", default=4.0, low=0.0, high=400.0),
    "mu_m3_s2": Field("number", "gravitational constant of a published problem", default=EARTH_MU_M3_S2, above=0.0),
    "radius_m": Field("number", "equatorial radius of a published problem", default=WGS84_RADIUS_M, above=1e5, high=1e8),
    "rotation_rad_s": Field("number", "rate of a published problem", default=EARTH_ROTATION_RAD_S, low=0.0, high=1e-3),
    "uniform_gravity_m_s2": Field(
        "number", "gravity of the uniform field", default=STANDARD_GRAVITY_M_S2, above=0.0, high=100.0
    ),
    "reference_density_kg_m3": Field("number", "exponential air at altitude 0", default=1.225, low=0.0, high=100.0),
    "scale_height_m": Field("number", "of the exponential air", default=7200.0, above=0.0, high=1e5),
}


def read_environment(
    table: Mapping[str, Any], place: Place, site: Site, utc: datetime | None
) -> tuple[Environment, tuple[str, ...], dict[str, Any]]:
    """The environment, what it is in words, and its resolved keys."""
    read = read_table(table, ENVIRONMENT, place)
    sphere = read["earth"] == "sphere"
    air, air_words = _air(read, place, site, utc)
    wind, wind_words = _wind(read, place, site, utc)
    environment = Environment(
        GRAVITIES[read["gravity"]],
        AIRS[read["atmosphere"]],
        WIND_NONE if read["wind"] == "none" else WIND_TABLE,
        read["mu_m3_s2"],
        read["radius_m"],
        0.0 if sphere else WGS84_FLATTENING,
        read["rotation_rad_s"] if read["rotation"] else 0.0,
        EARTH_J2,
        EARTH_J3,
        EARTH_J4,
        read["uniform_gravity_m_s2"],
        read["reference_density_kg_m3"],
        read["scale_height_m"],
        *air,
        *wind,
    )
    shape = f"sphere of {read['radius_m'] / 1e3:.3f} km" if sphere else "WGS 84 ellipsoid"
    turning = f"turning at {read['rotation_rad_s']:.8e} rad/s" if read["rotation"] else "not turning"
    gravity = {
        "uniform": f"uniform, {read['uniform_gravity_m_s2']:g} m/s2",
        "point": f"point mass, mu {read['mu_m3_s2']:.9e} m3/s2",
        "J2": "zonal to J2 (EGM96)",
        "J4": "zonal to J4 (EGM96)",
    }[read["gravity"]]
    words = (f"Earth: {shape}, {turning}", f"Gravity: {gravity}", f"Air: {air_words}", f"Wind: {wind_words}")
    return environment, words, {key: value for key, value in read.items() if value is not None}


def _air(read: Mapping[str, Any], place: Place, site: Site, utc: datetime | None) -> tuple[tuple[Table, Table], str]:
    if read["atmosphere"] == "none":
        return (constant_table(0.0), constant_table(US76_TEMPERATURE_K)), "none"
    if read["atmosphere"] == "exponential":
        density, height = read["reference_density_kg_m3"], read["scale_height_m"]
        words = f"exponential, {density:g} kg/m3 at altitude 0, scale height {height:g} m"
        return (constant_table(0.0), constant_table(US76_TEMPERATURE_K)), words
    if read["atmosphere"] == "us76":
        from baiterek.physics.climate import standard_upper_air

        return standard_upper_air(), "US Standard Atmosphere 1976, joined to NRLMSIS 2.1 from 86 to 92 km"
    from baiterek.physics.climate import nrlmsis_air

    when = _date(utc, place, "atmosphere", read["atmosphere"])
    indices = (read["f107"], read["f107a"], read["ap"])
    words = f"NRLMSIS 2.1 above the pad at {when:%Y-%m-%d %H:%M} UTC, F10.7 {indices[0]:g}"
    words += f", mean {indices[1]:g}, Ap {indices[2]:g}"
    return nrlmsis_air(site.latitude_rad, site.longitude_rad, when, *indices), words


def _wind(read: Mapping[str, Any], place: Place, site: Site, utc: datetime | None) -> tuple[tuple[Table, Table], str]:
    if (read["wind_file"] is not None) != (read["wind"] in ("file", "sounding")):
        raise place.bad("wind_file", read["wind_file"] or "nothing", 'a file together with wind = "file" or "sounding"')
    if read["wind"] == "none":
        return (constant_table(0.0), constant_table(0.0)), "none"
    if read["wind"] == "file":
        from baiterek.catalogue.wind_file import read_wind

        return read_wind(Path(place.file).parent / read["wind_file"]), f"profile of {read['wind_file']}"
    if read["wind"] == "sounding":
        return _sounding(read, place, site, utc)
    return _climatology(read, place, site, utc)


def _climatology(read: Mapping[str, Any], place: Place, site: Site, utc: datetime | None) -> tuple[tuple[Table, Table], str]:
    from baiterek.physics.climate import GEOSTROPHIC_LATITUDES_DEG, geostrophic_wind

    month = read["wind_month"]
    if month is None:
        month = _date(utc, place, "wind_month", "nothing").month
    year = utc.year if utc is not None else 2026
    when = datetime(year, month, 15, 12, tzinfo=UTC)
    low, high = GEOSTROPHIC_LATITUDES_DEG
    if not low <= abs(site.latitude_rad) * 180.0 / pi <= high:
        raise place.bad(
            "wind", read["wind"], f"none or file at this latitude: geostrophic balance needs {low:g} to {high:g} deg"
        )
    words = f"climatology of {when:%B}: geostrophic balance of NRLMSIS 2.1 above the pad, a monthly mean without weather"
    return geostrophic_wind(site.latitude_rad, site.longitude_rad, when, read["f107"], read["f107a"], read["ap"]), words


def _sounding(read: Mapping[str, Any], place: Place, site: Site, utc: datetime | None) -> tuple[tuple[Table, Table], str]:
    """What a balloon measured, joined to the climatology of the month outside its range."""
    from baiterek.catalogue.soundings import measured_wind, read_sounding

    found = read_sounding(Path(place.file).parent / read["wind_file"], site.latitude_rad, utc)
    climatology, mean = _climatology(read, place, site, utc)
    east, north, miss = measured_wind(found, climatology, site.altitude_m)
    measured = f"{found.altitude_m[0] / 1e3:.1f} to {found.altitude_m[-1] / 1e3:.1f} km"
    taken = f", {found.utc:%Y-%m-%d %H:%M} UTC" if found.utc else ""
    words = f"sounding {found.station or Path(found.file).name}{taken}, {found.form}, {len(found.altitude_m)} levels from "
    return (east, north), f"{words}{measured}, curves {miss:.2f} m/s r.m.s. from the levels; beyond them {mean}"


def _date(utc: datetime | None, place: Place, key: str, found: str) -> datetime:
    if utc is None:
        raise place.bad(key, found, "an [epoch] with utc, since the model needs a date")
    return utc
