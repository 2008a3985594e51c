"""Where each payload of a shared flight was let go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import Cell, Column, Note, Section, Table
from baiterek.reports.language import NOTHING, Words, later

ORBIT = (
    (later("Perigee, km"), "perigee_altitude_km", 3),
    (later("Apogee, km"), "apogee_altitude_km", 3),
    (later("Inclination, deg"), "inclination_deg", 4),
    (later("Node, deg"), "raan_deg", 4),
)


def releases(s: Mapping[str, Any], words: Words) -> Section | None:
    """Each payload with its mass, its time, and its orbit: as asked in one row, as flown in the next."""
    if not s.get("releases"):
        return None
    rows: list[tuple[Cell, ...]] = []
    for release in s["releases"]:
        asked = (wanted(release["target"][key], digits, words) for _, key, digits in ORBIT)
        found = release["achieved"] or {}
        flown = (Cell(words.number(found.get(key), digits)) for _, key, digits in ORBIT)
        remark = words("maximised") if release["maximised"] else ""
        kind = words.said(release["target"]["kind"])
        rows.append((
            Cell(release["name"], remark=remark), Cell(words.number(release["mass_kg"], 1)),
            Cell(words.number(release["t_s"], 1)), Cell(words("asked: {kind}", kind=kind), tone="soft"), *asked,
        ))  # fmt: skip
        rows.append((Cell(""), Cell(""), Cell(""), Cell(words("flown: osculating"), tone="soft"), *flown))
    columns = (
        Column(words("Payload"), share=4), Column(words("Mass, kg"), True), Column(words("Time, s"), True),
        Column(words("Orbit"), share=4), *(Column(words(title), True) for title, _, _ in ORBIT),
    )  # fmt: skip
    note = words(
        "In the order in which they are let go; an adapter stays on the stage. Altitudes are above the equatorial radius."
    )
    return Section("releases", words("Releases"), (Table(columns, tuple(rows)), Note(note)))


def wanted(bounds: tuple[float | None, float | None], digits: int, words: Words) -> Cell:
    """What a target asks of an element: a number, a range, or nothing."""
    low, high = bounds
    if low is None or high is None:
        return Cell(words("free"), tone="soft")
    if low == high:
        return Cell(words.number(low, digits))
    return Cell(words("{low} to {high}", low=words.number(low, digits), high=words.number(high, digits)))


def in_a_line(release: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """Name, mass, time and orbit of one release, for the terminal."""
    found = release["achieved"] or {}
    perigee, apogee = (words.number(found.get(key), 1) for key in ("perigee_altitude_km", "apogee_altitude_km"))
    inclination = words.number(found.get("inclination_deg"), 3)
    orbit = words("{perigee} x {apogee} km, {inclination}°", perigee=perigee, apogee=apogee, inclination=inclination)
    return (
        release["name"], f"{words.number(release['mass_kg'], 1)} {words('kg')}",
        f"{words.number(release['t_s'], 1)} {words('s')}", orbit if found else NOTHING,
    )  # fmt: skip
