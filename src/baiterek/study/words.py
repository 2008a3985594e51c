"""The same result in words: for the terminal and for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

TITLES = {
    "altitude": "Altitude",
    "speed": "Speed",
    "mach": "Mach number",
    "dynamic-pressure": "Dynamic pressure",
    "q-alpha": "Dynamic pressure times angle of attack",
    "acceleration": "Axial acceleration",
    "attitude": "Attitude",
    "angle-of-attack": "Angle of attack",
    "thrust": "Thrust",
    "throttle": "Throttle",
    "mass": "Mass",
    "heat-flux": "Free-molecular heat flux",
    "profile": "Altitude over distance, to scale",
    "ground-track": "Ground track",
    "drop-zones": "Where stages and fairing fall",
}

ANSWERS = {
    "payload": "Greatest payload",
    "least_propellant": "Mass at insertion",
    "altitude": "Greatest altitude",
    "time": "Least time",
}


GROUPED = 1e4
DEGREES = {"rad": (180.0 / np.pi, "deg"), "rad/s": (180.0 / np.pi, "deg/s")}


def number(value: Any, digits: int = 0) -> str:
    """Fixed decimals, grouped by narrow spaces from five digits on; a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.{digits}f}" if abs(value) >= GROUPED else f"{value:.{digits}f}"
    return text.replace(",", "\u202f").replace("-", "−")


def significant(value: Any, digits: int = 6) -> str:
    """Significant digits where the size of a number is not known beforehand."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return number(value)
    if value and not 1e-3 <= abs(value) < 1e9:
        return f"{value:.3g}".replace("-", "−")
    text = f"{value:.{digits}g}"
    return number(float(text)) if "e" in text else text.replace("-", "−")


def kilograms(value: Any) -> str:
    """Whole kilograms of a launcher, hundredths of a sounding rocket."""
    return number(value, 0 if value is None or abs(value) >= 1e3 else 2)


def thousandth(value: Any, digits: int = 1) -> str:
    """Kilometres of metres."""
    return number(None if value is None else value / 1e3, digits)


def phrase(name: str, unit: str = "") -> str:
    """A limit's name as one reads it, without the unit that ends it."""
    return name.removesuffix("_" + unit.replace("/", "_").replace(" ", "_")).replace("_", " ")


def as_read(limit: Mapping[str, Any]) -> dict[str, Any]:
    """A verdict at the edge: its name in words, angles in degrees."""
    factor, unit = DEGREES.get(limit["unit"], (1.0, limit["unit"]))
    numbers = {key: None if limit[key] is None else limit[key] * factor for key in ("value", "limit")}
    price = None if limit["multiplier"] is None else limit["multiplier"] / factor
    return {**limit, **numbers, "multiplier": price, "unit": unit, "name": phrase(limit["name"], limit["unit"])}


def geometry(zone: Mapping[str, Any]) -> str:
    """A zone in words."""
    if zone["shape"] == "ellipse":
        return (
            f"ellipse {number(zone['length_km'], 1)} by {number(zone['width_km'], 1)} km around "
            f"{number(zone['latitude_deg'], 3)}°, {number(zone['longitude_deg'], 3)}°, long axis at "
            f"{number(zone['azimuth_deg'], 1)}° from north"
        )
    if zone["shape"] == "polygon":
        return f"polygon of {len(zone['vertices_deg'])} corners"
    return f"{number(zone['min_km'], 0)} to {number(zone['max_km'], 0)} km from the pad"


def verdict_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The answer: its name, value, unit and spread, and whether everything was kept."""
    answer = summary["answer"]
    objective = answer["objective"]
    unmet = [limit["name"] for limit in summary["limits"] if not limit["met"]]
    good = summary["status"] == "converged" and not unmet and not summary["contradictions"]
    return {
        "title": ANSWERS[objective] if good else f"No result; last attempt at: {ANSWERS[objective].lower()}",
        "value": answer["value"],
        "unit": answer["unit"],
        "digits": 1 if objective == "payload" else 3,
        "sigma": answer["sigma"],
        "good": good,
        "unmet": unmet,
        "active": [limit["name"] for limit in summary["limits"] if limit["active"]],
    }


def gap(summary: Mapping[str, Any]) -> tuple[float, float] | None:
    """Position in m and speed in m/s between the optimum and its flight (its re-integration, when it was not flown)."""
    found = summary["gap"]
    for kind in ("flight", "reintegration"):
        position, speed = found[f"{kind}_position_m"], found[f"{kind}_speed_m_s"]
        if position is not None and speed is not None:
            return position, speed
    return None


def as_text(summary: Mapping[str, Any]) -> str:
    """What a terminal shows of a run."""
    verdict, between = verdict_of(summary), gap(summary)
    spread = f" ± {number(verdict['sigma'])} (1 sigma)" if verdict["sigma"] is not None else ""
    asked, value = ANSWERS[summary["answer"]["objective"]].lower(), number(verdict["value"], verdict["digits"])
    lines = [
        summary["title"],
        f"  {summary['status']}" + (f": {summary['advice']}" if summary["advice"] else ""),
        *(f"  BUT {contradiction}" for contradiction in summary["contradictions"]),
        f"  {asked:<22} {value}{spread} {verdict['unit']}",
    ]
    if summary["answer"]["propellant_left_kg"] is not None:
        left = number(summary["answer"]["propellant_left_kg"], 1)
        lines.append(f"  {'propellant left':<22} {left} kg (reserve: {summary['reserve']['policy']})")
    if between is not None:
        lines.append(f"  {'gap at insertion':<22} {between[0]:.3g} m, {between[1]:.3g} m/s")
    lines += _limit_lines(summary["limits"]) + _event_lines(summary["events"]) + _impact_lines(summary["impacts"])
    return "\n".join(lines)


def _limit_lines(limits: list[Mapping[str, Any]]) -> list[str]:
    lines = ["", "  limits"] if limits else []
    for limit in map(as_read, limits):
        verdict = "NOT MET" if not limit["met"] else "active" if limit["active"] else "met"
        lines.append(
            f"    {limit['name']:<34} {significant(limit['value']):>12} of {significant(limit['limit']):>10} "
            f"{limit['unit']:<8} {verdict}"
        )
    return lines


def _event_lines(events: list[Mapping[str, Any]]) -> list[str]:
    if not events:
        return []
    lines = ["", f"  {'event':<30} {'t, s':>8} {'alt, km':>9} {'v, m/s':>8} {'range, km':>10} {'mass, kg':>10}"]
    for event in events:
        lines.append(
            f"  {event['name'][:30]:<30} {number(event['t_s'], 2):>8} {thousandth(event.get('altitude_m'), 2):>9} "
            f"{number(event.get('speed_eci_m_s'), 1):>8} {thousandth(event.get('ground_range_m'), 1):>10} "
            f"{kilograms(event.get('mass_kg')):>10}"
        )
    return lines


def _impact_lines(impacts: list[Mapping[str, Any]]) -> list[str]:
    lines = [""] if impacts else []
    for fall in impacts:
        place = f"{number(fall['latitude_deg'], 3)}°, {number(fall['longitude_deg'], 3)}°"
        zone = f"  {fall['zone']}: {'inside' if fall['inside'] else 'OUTSIDE'}" if fall["zone"] else ""
        lines.append(f"  {fall['name'] + ' falls at':<30} {place if fall['landed'] else 'stays up'}{zone}")
    return lines
