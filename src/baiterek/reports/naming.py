"""Names that a run stores, as people read them: limits with their units, data by path, zones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from baiterek.reports.language import Words, later
from baiterek.study.words import phrase

DEG = 180.0 / np.pi

READ_IN = {
    # unit of a stored limit -> factor and unit in which it is read
    "rad": (DEG, "deg"),
    "rad/s": (DEG, "deg/s"),
    "Pa": (1e-3, "kPa"),
    "Pa rad": (1e-3, "kPa rad"),
    "of the zone": (100.0, "%"),
}
FAR_m = 1e4
"""From here on a length is read in km."""
KAZAKH_DISTRICTS = {
    "Актюбинская область": "Ақтөбе облысы", "Костанайская область": "Қостанай облысы",
    "Кызылординская область": "Қызылорда облысы", "Атырауская область": "Атырау облысы",
    "Западно-Казахстанская область": "Батыс Қазақстан облысы", "Акмолинская область": "Ақмола облысы",
    "Карагандинская область": "Қарағанды облысы", "Северо-Казахстанская область": "Солтүстік Қазақстан облысы",
    "Павлодарская область": "Павлодар облысы", "Восточно-Казахстанская область": "Шығыс Қазақстан облысы",
    "Алматинская область": "Алматы облысы", "Мангистауская область": "Маңғыстау облысы",
    "Туркестанская область": "Түркістан облысы", "Жамбылская область": "Жамбыл облысы",
    "Алма-Ата": "Алматы", "Астана": "Астана", "Байконур": "Байқоңыр",
}  # fmt: skip
"""Districts of Kazakhstan, of the map with Russian names, in Kazakh: written by hand, as no table with them is free to copy."""


class Limit(NamedTuple):
    """A limit at the edge, its numbers in `unit`."""

    name: str
    unit: str
    value: float | None
    limit: float | None


def limit_as_read(limit: Mapping[str, Any], words: Words) -> Limit:
    """Name in words, numbers in the unit of the trade."""
    factor, unit = READ_IN.get(limit["unit"], (1.0, limit["unit"]))
    if unit == "m" and (limit["limit"] or 0.0) >= FAR_m:
        factor, unit = 1e-3, "km"
    value, bound = (None if limit[key] is None else limit[key] * factor for key in ("value", "limit"))
    return Limit(words.said(phrase(limit["name"], limit["unit"])), words(unit), value, bound)


class Quantity(NamedTuple):
    """What a number of a vehicle or a site is, and the unit in which it is read: `factor` times the stored value."""

    title: str
    unit: str = ""
    factor: float = 1.0


QUANTITIES = {
    "reference_area_m2": Quantity(later("reference area"), "m²"),
    "axial_factor": Quantity(later("factor on the axial force")),
    "normal_factor": Quantity(later("factor on the normal force")),
    "payload_kg": Quantity(later("payload"), "kg"),
    "dry_mass_kg": Quantity(later("dry mass"), "kg"),
    "propellant_kg": Quantity(later("propellant"), "kg"),
    "residual_kg": Quantity(later("propellant left unburnt"), "kg"),
    "oxidiser_kg": Quantity(later("oxidiser"), "kg"),
    "fuel_kg": Quantity(later("fuel"), "kg"),
    "oxidiser_residual_kg": Quantity(later("oxidiser left unburnt"), "kg"),
    "fuel_residual_kg": Quantity(later("fuel left unburnt"), "kg"),
    "interstage_kg": Quantity(later("interstage"), "kg"),
    "coast_min_s": Quantity(later("shortest coast"), "s"),
    "coast_max_s": Quantity(later("longest coast"), "s"),
    "thrust_N": Quantity(later("thrust"), "kN", 1e-3),
    "thrust_vac_N": Quantity(later("thrust in vacuum"), "kN", 1e-3),
    "thrust_sl_N": Quantity(later("thrust at sea level"), "kN", 1e-3),
    "isp_vac_s": Quantity(later("specific impulse in vacuum"), "s"),
    "isp_s": Quantity(later("specific impulse in vacuum"), "s"),
    "low_thrust_N": Quantity(later("thrust at the lower level"), "kN", 1e-3),
    "ignitions": Quantity(later("ignitions of the main engine")),
    "burn_min_s": Quantity(later("shortest burn"), "s"),
    "life_s": Quantity(later("life from separation"), "h", 1 / 3600.0),
    "coast_flow_kg_s": Quantity(later("attitude control while coasting"), "kg/h", 3600.0),
    "settling_kg": Quantity(later("settling of a restart"), "kg"),
    "disposal_kg": Quantity(later("reserve for disposal"), "kg"),
    "adapter_kg": Quantity(later("adapter"), "kg"),
    "exhaust_speed_m_s": Quantity(later("exhaust speed"), "m/s"),
    "burn_time_s": Quantity(later("burn time"), "s"),
    "mixture_ratio": Quantity(later("oxidiser to fuel by mass")),
    "throttle_min": Quantity(later("lowest throttle")),
    "throttle_max": Quantity(later("highest throttle")),
    "start_s": Quantity(later("rise of thrust"), "s"),
    "shutdown_s": Quantity(later("fall of thrust"), "s"),
    "mass_kg": Quantity(later("mass"), "kg"),
    "threshold": Quantity(later("threshold of release")),
    "area_m2": Quantity(later("area across the flow"), "m²"),
    "drag_factor": Quantity(later("factor on the drag")),
    "length_m": Quantity(later("length"), "m"),
    "diameter_m": Quantity(later("diameter"), "m"),
    "latitude_rad": Quantity(later("latitude of the pad"), "deg", DEG),
    "longitude_rad": Quantity(later("longitude of the pad"), "deg", DEG),
    "altitude_m": Quantity(later("altitude of the pad"), "m"),
    "accelerometer_bias": Quantity(later("bias of the accelerometer"), "m/s²"),
    "accelerometer_scale": Quantity(later("scale error of the accelerometer")),
    "misalignment": Quantity(later("misalignment at lift-off"), "deg", DEG),
    "gyro_drift": Quantity(later("drift of the gyro"), "deg/s", DEG),
}
DESIGN_NAMES = {"random": later("random"), "lhs": later("Latin hypercube"), "sobol": later("Sobol sequence")}
"""How many flights are drawn, by the word of `--design`."""
OF_AN_AXIS = re.compile(r"(\w+)_([xyz])(?:_|$)")
"""Key of an error of the inertial unit: what it is, and along which axis."""
OWNERS = {
    "aerodynamics": later("aerodynamics"),
    "navigation": later("navigation"),
    "shroud": later("shroud"),
    "body": later("falling body"),
    "upper_stage": later("upper stage"),
    "drop_tanks": later("drop tanks"),
}


def quantity(path: str) -> Quantity:
    """What the number at a path is; its key in plain words where the table has none."""
    key = path.rpartition(".")[2]
    of_an_axis = OF_AN_AXIS.match(key) if path.startswith("navigation.") else None
    if of_an_axis:
        key = of_an_axis[1]
    return QUANTITIES.get(key) or Quantity(key.replace("_", " "))


def datum_name(path: str, words: Words) -> str:
    """`stage-2.dry_mass_kg` as `stage 2: dry mass`."""
    *owners, _ = path.split(".")
    found = quantity(path)
    shown = [words(OWNERS[owner]) if owner in OWNERS else words.said(owner) for owner in owners]
    axis = OF_AN_AXIS.match(path.rpartition(".")[2]) if owners == ["navigation"] else None
    if axis:
        shown.append(words("axis {name}", name=axis[2]))
    return ": ".join(filter(None, (", ".join(shown), words(found.title))))


def group_name(name: str, words: Words) -> str:
    """Of numbers that are drawn together, or of one: `fit: 9 numbers`, `wind east`, or the path of a number."""
    source, _, count = name.removesuffix(" numbers").rpartition(": ")
    if count.isdigit() and source:
        return words("{n} numbers of {source}", n=count, source=words.said(source))
    return datum_name(name, words) if "." in name or name == "payload_kg" else words.said(name)


def with_unit(value: Any, path: str, summary: Mapping[str, Any], words: Words, digits: int = 6) -> str:
    """A datum or its sigma, with the unit of its key; a threshold has that of the limit which it sets."""
    found = quantity(path)
    text = words.significant(None if value is None else value * found.factor, digits)
    unit = found.unit
    if path == "shroud.threshold":
        unit = next((limit["unit"] for limit in summary["limits"] if limit["name"].startswith("shroud ")), "")
    return f"{text} {words.said(unit)}" if unit and value is not None else text


def zone_in_words(zone: Mapping[str, Any], words: Words) -> str:
    """Shape, size and place of a zone."""
    if zone["shape"] == "ellipse":
        return words(
            "ellipse of {length} by {width} km around {latitude}°, {longitude}°, its long axis at {azimuth}° from north",
            length=words.number(zone["length_km"], 1),
            width=words.number(zone["width_km"], 1),
            latitude=words.number(zone["latitude_deg"], 3),
            longitude=words.number(zone["longitude_deg"], 3),
            azimuth=words.number(zone["azimuth_deg"], 1),
        )
    if zone["shape"] == "polygon":
        return words("polygon of {n} corners", n=len(zone["vertices_deg"]))
    return words("{low} to {high} km from the pad", low=words.number(zone["min_km"]), high=words.number(zone["max_km"]))


def sentence(text: str, stop: str = ".") -> str:
    """With a capital at its beginning, and a full stop at its end unless it has one."""
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else stop)


def district_in_words(name: str, name_ru: str, words: Words) -> str:
    """A first-order division; in Kazakh those of other states have their Russian names."""
    if words.language == "en":
        return name
    return (KAZAKH_DISTRICTS.get(name_ru) if words.language == "kk" else None) or name_ru or name
