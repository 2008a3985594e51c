"""The guide's chapters on what may be counted on: environments, ground rules and reserves, revision of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.constants import STANDARD_GRAVITY_M_S2
from baiterek.reports.content import Block, Cell, Column, Figures, Marks, Note, Pairs, Section, Table, mark
from baiterek.reports.guide_vehicle import UNKNOWN
from baiterek.reports.language import Words, later
from baiterek.reports.naming import READ_IN, sentence
from baiterek.study.environments import environments, loads_by_phase
from baiterek.study.guide import Guide

LOAD_NAMES = {
    "axial acceleration": later("Axial acceleration, greatest"),
    "dynamic pressure": later("Dynamic pressure, greatest"),
    "dynamic pressure × angle of attack": later("Dynamic pressure times angle of attack, greatest"),
    "free-molecular heat flux, payload uncovered": later("Free-molecular heat flux on the uncovered payload, greatest"),
    "dynamic pressure, payload uncovered": later("Dynamic pressure on the uncovered payload, greatest"),
}
NOT_COMPUTED = (
    later("Sine and random vibration"), later("Acoustics"), later("Shock of separations"), later("Quasi-static lateral loads"),
    later("Temperature and pressure under the fairing"), later("Radio environment and cleanliness"),
)  # fmt: skip
SMALL_Pa = 10.0
"""Below this a pressure is read in pascals."""


def loads(guide: Guide, figures: tuple[str, ...], words: Words) -> Section:
    """Greatest loads of the reference flight with the limit on each, phase by phase, and what is not computed."""
    s = guide.reference.summary
    marks = Marks(s["data"])
    felt, rows = marks.ending("_kg", "_N"), []
    for load in environments(guide.reference):
        title = LOAD_NAMES[load["name"]]
        value, unit = _read_in(load["value"], load["unit"], words)
        limit, _ = _read_in(load["limit"], load["unit"], words)
        remark = ""
        if load["unit"] == "m/s2":
            remark = words("{n} g₀", n=words.number(load["value"] / STANDARD_GRAVITY_M_S2, 2))
        grade = marks.of("shroud.threshold") if (load["limit_name"] or "").startswith("shroud ") else mark("assumed")
        rows.append((
            Cell(words(title)),
            Cell(f"{value} {unit}", felt, remark=remark),
            Cell(words.number(load["t_s"], 1)),
            Cell(f"{limit} {unit}", grade) if load["limit"] is not None else Cell(words("none set"), tone="soft"),
        ))  # fmt: skip
    columns = (
        Column(words("Load"), share=7), Column(words("Reference flight"), True, 5), Column(words("Time, s"), True, 2),
        Column(words("Limit used"), True, 4),
    )  # fmt: skip
    note = words(
        "One nominal flight in the climatological wind, without gusts or dispersions. Limits are those of the mission file; no "
        "published limit of this launcher stands behind them unless its mark is missing."
    )
    unknown = tuple((words(title), Cell(words(UNKNOWN), tone="soft")) for title in NOT_COMPUTED)
    blocks: list[Block] = [Table(columns, tuple(rows)), Note(note)]
    blocks += [Figures(figures)] if figures else []
    blocks += [_by_phase(guide, words), Note(words("Neither computed nor published:"), tone=""), Pairs(unknown)]
    return Section("environments", words("Environments"), tuple(blocks))


def ground_rules(guide: Guide, words: Words) -> Section:
    """What every number of the guide takes for granted: reserves, azimuths, altitudes, frames, pads."""
    s = guide.reference.summary
    reserve = s["reserve"]
    share = words.number(100 * reserve["last_stage_fraction"], 2)
    held = words("nothing held back for dispersions")
    if reserve["last_stage_fraction"]:
        held = words("{share} % of the usable propellant of the last stage held back", share=share)
    adapter = words("{n} kg, not part of the payload", n=words.number(s["answer"]["adapter_kg"], 1))
    when = Cell(words.date(s["lift_off"])) if s["lift_off"] else Cell(words(UNKNOWN), tone="soft")
    also = words("with an upper stage: in its own burns") if guide.facts["upper_stage"] else ""
    rows = [
        (words("Payload"), Cell(words("mass of the spacecraft; what it is mounted on does not count"))),
        (words("Adapter"), Cell(adapter)),
        (words("Reserve policy"), Cell(words.said(reserve["policy"]), remark=held)),
        (words("Injection"), Cell(words("direct, in one burn of the last stage"), remark=also)),
        (words("Altitudes"), Cell(words("above the equatorial radius for orbits, above the ellipsoid for the flight"))),
        (words("Elements"), Cell(words("osculating at insertion, true equator and equinox of date"))),
        (words("Figure of the Earth"), Cell(words.said(s["datum"]))),
        (words("Day of the reference mission"), when),
        (words("Launch azimuths of the maps"), _azimuths(guide, words)),
        (words("Azimuths that the pad permits"), Cell(words(UNKNOWN), tone="soft") if guide.facts["corridors_assumed"]
         else _azimuths(guide, words)),
    ]  # fmt: skip
    return Section("rules", words("Ground rules and reserves"), (Pairs(tuple(rows)), _pads(guide, words)))


def revision(guide: Guide, words: Words) -> Section:
    """Which code and which inputs said all this, and when."""
    p = guide.facts["provenance"]
    inputs = ", ".join(f"{name} {digest[:16]}" for name, digest in p["inputs"].items())
    maps = ", ".join(f"{name} {digest[:16]}" for name, digest in guide.facts["maps"].items())
    rows = (
        (words("Model"), Cell(f"Baiterek {p['version']}" + (f", git {p['git']}" if p["git"] else ""), kind="code")),
        (words("Code"), Cell(p["covered"]["code"][:16], kind="code")),
        (words("Guide"), Cell(guide.facts["hash"], kind="code")),
        (words("Run of the reference mission"), Cell(guide.reference.hash[:16], kind="code")),
        (words("Payload maps"), Cell(maps, kind="code")),
        (words("Inputs"), Cell(inputs, kind="code")),
        (words("Date of the inputs"), Cell(words("not recorded in the files; the hashes above say which they are"))),
        (words("Computed"), Cell(words.date(p["computed_utc"]))),
    )
    note = words("The same inputs and code give the same hash and the same numbers; any change of either gives another guide.")
    return Section("revision", words("Revision of the model"), (Pairs(rows), Note(note)))


def _read_in(value: float | None, unit: str, words: Words) -> tuple[str, str]:
    """A number and its unit as the trade reads them."""
    factor, name = READ_IN.get(unit, (1.0, unit))
    if unit == "Pa" and value is not None and abs(value) < SMALL_Pa:
        factor, name = 1.0, unit
    return words.significant(_times(value, factor), 4), words(name)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


PHASES = (("axial acceleration", 1.0, 2), ("dynamic pressure", 1e-3, 3), ("dynamic pressure × angle of attack", 1e-3, 3))
"""Load, factor to the unit of its column, decimals."""


def _by_phase(guide: Guide, words: Words) -> Table:
    rows = []
    for phase in loads_by_phase(guide.reference):
        figures = [words.number(_times(phase[name], factor), digits) for name, factor, digits in PHASES]
        rows.append((Cell(sentence(words.said(phase["name"]), stop="")), Cell(words.number(phase["start_s"], 1)),
                     Cell(words.number(phase["end_s"], 1)), *(Cell(figure) for figure in figures)))  # fmt: skip
    columns = (
        Column(words("Phase"), share=6), Column(words("From, s"), True, 2), Column(words("To, s"), True, 2),
        Column(words("Axial acceleration, m/s²"), True, 4), Column(words("Dynamic pressure, kPa"), True, 4),
        Column(words("Dynamic pressure × angle of attack, kPa·rad"), True, 5),
    )  # fmt: skip
    return Table(columns, tuple(rows))


def _azimuths(guide: Guide, words: Words) -> Cell:
    said = "; ".join(
        words("{low}° to {high}°", low=words.significant(low), high=words.significant(high))
        for low, high in guide.facts["corridors_deg"]
    )
    if guide.facts["corridors_assumed"]:
        return Cell(said, mark("assumed"), remark=words("northbound launches; no corridor is given by mission or site"))
    return Cell(said, remark=words("of the mission or the site"))


def _pads(guide: Guide, words: Words) -> Table:
    """The catalogue's launch sites, and which of them is meant here."""
    here = guide.reference.summary["site"]["name"]
    rows = []
    for site in guide.facts["sites"]:
        numbers: Mapping[str, Any] = {row["number"]: row for row in site["numbers"]}
        cells = []
        for key, factor, digits in (
            ("latitude_rad", READ_IN["rad"][0], 4),
            ("longitude_rad", READ_IN["rad"][0], 4),
            ("altitude_m", 1.0, 0),
        ):
            row = numbers[key]
            cells.append(Cell(words.number(row["value"] * factor, digits), mark(row["grade"])))
        used = Cell(words("this guide")) if site["name"] == here else Cell("")
        rows.append((Cell(words.said(site["title"])), *cells, used))
    columns = (
        Column(words("Launch site"), share=6), Column(words("Latitude, deg"), True, 3),
        Column(words("Longitude, deg"), True, 3),
        Column(words("Altitude, m"), True, 2), Column(words("Used by"), share=3),
    )  # fmt: skip
    return Table(columns, tuple(rows))
