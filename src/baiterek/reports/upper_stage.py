"""How often the upper stage burns and where it is left, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.language import Words, later

PLANS = {
    "deorbit": later("brought down: perigee lowered to {perigee} km; {speed} m/s, {mass} kg"),
    "lower": later("left on {perigee} x {apogee} km, its apogee lowered; {speed} m/s, {mass} kg"),
    "graveyard": later("raised to {perigee} km; {speed} m/s, {mass} kg"),
    "reserve": later("no burn planned, {mass} kg kept: left on {perigee} x {apogee} km"),
    "none": later("no burn planned, {mass} kg kept: left on {perigee} x {apogee} km"),
}
AWAY = later("it leaves the Earth with the payload")
RULES = {
    (True, True): later("clear of the protected regions (low orbits, geostationary shell)"),
    (False, True): later("NOT met: stays in the low orbits, and that it comes down within 25 years is not shown"),
    (True, False): later("NOT met: passes through the protected geostationary shell"),
    (False, False): later("NOT met: stays in the low orbits and passes through the protected geostationary shell"),
}


def in_words(found: Mapping[str, Any], words: Words) -> tuple[str, str]:
    """What is planned, and whether the guidelines on debris are met; of `summary["disposal"]`."""
    if "perigee_altitude_km" not in found:
        return words(AWAY), words(RULES[True, True])
    how, clear = PLANS[found["kind"]], (found["low_orbits"] != "inside", found["geostationary"] != "inside")
    numbers = {
        "perigee": words.number(found["perigee_altitude_km"]),
        "apogee": words.number(found["apogee_altitude_km"]),
        "speed": words.number(found["speed_m_s"], 1),
        "mass": words.number(found["propellant_kg"], 1),
    }
    return words(how, **numbers), words(RULES[clear])


def tried_in_words(s: Mapping[str, Any], words: Words) -> str:
    """Each number of burns with what it brings: `3: 2,239.4 kg; 4: 2,330.0 kg`; of a way that failed, that it did."""
    unit, digits = s["answer"]["unit"], 1 if s["answer"]["objective"] == "payload" else 3
    shown = []
    for way in s["tried"]:
        found = way["objective"]
        brings = words.said(way["status"]) if found is None else f"{words.number(found, digits)} {words(unit)}"
        shown.append(f"{way['burns']}: {brings}")
    return "; ".join(shown)
