"""When and where a spent upper stage is brought down, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import MARKS, Cell, Column, Note, Pairs, Section, Table, mark
from baiterek.reports.language import Words, later

WHY = {"life": later("its life"), "propellant": later("propellant for attitude control and the burn")}
NOTE = later(
    "One impulse against the horizontal velocity, as large as the plan keeps propellant for; attitude control until then "
    "is taken from it. Nothing burns up: the stage falls whole to the altitude at which it breaks up, then each class of "
    "pieces with its mean ballistic coefficient in the mean wind. The burn comes on the first pass on which the zone holds "
    "every piece."
)
TIGHT = later("No pass leaves the zone 300 km to spare at both ends.")
MISSED = later(
    "No burn brings its pieces into {zone} within {hours} h after the release, as long as {why} lasts; it would meet the air "
    "between {south}° and {north}° of latitude. Another zone can be named: upper_stage.disposal_zone."
)


def deorbit(s: Mapping[str, Any], words: Words) -> Section | None:
    """The burn, the entry and the pieces of a stage that is deorbited; or why no zone is reached."""
    found = s.get("deorbit")
    if found is None:
        return None
    title = words("Deorbit of the upper stage")
    if not found["reached"]:
        return Section("disposal", title, (Note(missed(found, words)),))
    return Section("disposal", title, (Pairs(burn_and_entry(found, words)), _pieces(found, words), Note(_note(found, words))))


def burn_and_entry(found: Mapping[str, Any], words: Words) -> tuple[tuple[str, Cell], ...]:
    """When and how it is lit, where it meets the air, into which zone."""
    assumed = MARKS["assumed"]
    entry = found["entry"]
    wait = words("{hours} h after the last release", hours=words.number(found["wait_h"], 2))
    burn = words("{speed} m/s, {mass} kg, {time} s", speed=words.number(found["impulse_m_s"], 1),
                 mass=words.number(found["propellant_kg"], 1), time=words.number(found["lasts_s"], 1))  # fmt: skip
    met = words("{time} s, at {descent}° below the horizontal", time=words.number(entry["t_s"]),
                descent=words.number(entry["descent_deg"], 2))  # fmt: skip
    return (
        (words("Deorbit burn, time of flight"), Cell(f"{words.number(found['burn_s'])} {words('s')}", remark=wait)),
        (words("Burn"), Cell(burn, assumed)),
        (words("Attitude control until then, kg"), Cell(words.number(found["control_kg"], 1), assumed)),
        (words("Meets the air, 120 km"), Cell(_place(entry, words), remark=met)),
        (words("Zone"), Cell(words.said(found["zone"]["name"]), mark(found["zone"]["grade"]))),
    )  # fmt: skip


def _pieces(found: Mapping[str, Any], words: Words) -> Table:
    rows = tuple(
        (
            Cell(words.said(piece["name"])), Cell(words.number(piece["number"])), Cell(words.number(piece["latitude_deg"], 2)),
            Cell(words.number(piece["longitude_deg"], 2)), Cell(words.number(piece["t_s"])),
        )
        for piece in found["pieces"]
    )  # fmt: skip
    columns = (
        Column(words("Pieces"), share=4), Column(words("Number"), True), Column(words("Latitude, deg"), True),
        Column(words("Longitude, deg"), True), Column(words("Lands at, s"), True),
    )  # fmt: skip
    return Table(columns, rows)


def _note(found: Mapping[str, Any], words: Words) -> str:
    return words(NOTE) if found["room"] else f"{words(NOTE)} {words(TIGHT)}"


def missed(found: Mapping[str, Any], words: Words) -> str:
    """Why no zone is reached, in a line."""
    said = WHY[found["why"]]
    return words(MISSED, zone=words.said(found["zone"]["name"]), hours=words.number(found["until_h"], 1), why=words(said),
                 south=words.number(found["south_deg"], 1), north=words.number(found["north_deg"], 1))  # fmt: skip


def in_lines(s: Mapping[str, Any], words: Words) -> list[str]:
    """For the terminal."""
    found = s.get("deorbit")
    if found is None:
        return []
    head = ["", f"  {words('Deorbit of the upper stage')}"]
    if not found["reached"]:
        return [*head, f"  {missed(found, words)}"]
    ends = found["pieces"][0], found["pieces"][-1]
    rows = [(title, cell.text, cell.remark) for title, cell in burn_and_entry(found, words)]
    rows += [(words("Pieces come down"), words("{first} to {last}", first=_place(ends[0], words), last=_place(ends[1], words)),
              words("{first} to {last} s", first=words.number(ends[0]["t_s"]), last=words.number(ends[1]["t_s"])))]  # fmt: skip
    width, wide = (max(len(row[k]) for row in rows) for k in (0, 1))
    return [*head, *(f"  {title:<{width}}  {text:<{wide}}  {remark}".rstrip() for title, text, remark in rows)]


def _place(at: Mapping[str, Any], words: Words) -> str:
    return f"{words.number(at['latitude_deg'], 2)}°, {words.number(at['longitude_deg'], 2)}°"
