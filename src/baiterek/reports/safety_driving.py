"""Of a safety case: the assumptions that drive its sum, the corridor with its cut-off lines, what stays in orbit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import MARKS, Cell, Column, Note, Pairs, Section, Table
from baiterek.reports.deorbit import burn_and_entry, deorbit
from baiterek.reports.figures.safety import class_in_words
from baiterek.reports.language import Words, later

STORED_WORDS = (
    later("open"), later("light roof"), later("concrete"), later("day"), later("night"), later("inert"), later("blast"),
)  # fmt: skip
"""What names of assumptions are made of, as `Words.said` finds it."""
MOST_ROWS, MOST_LIMITS = 16, 12
DRIVING = later(
    "The sum with one assumption at a time a sigma lower and higher, all others as they are; the probability of a failure "
    "between its limits of 60 % confidence. The first drives the sum. How the vehicle breaks up, in what pieces, and where it "
    "flies, is not varied here."
)
LIMITS = later(
    "The corridor is that of 14 CFR 420, Appendix A, of its widest class, along the bearing of the impact point at 100 "
    "nautical miles. Beyond a cut-off line the impact point must not go: half of the corridor's width there less how far to "
    "the side {part} % of the pieces come down when a turn from the nominal flight ends with the engines' cut-off. Where "
    "nothing is left of it, pieces of such a failure themselves reach the corridor's edge. All moments are in cut_off.csv."
)
ORBIT = later(
    "The last stage stays in orbit and comes down by itself: at any longitude, at each latitude as often as its orbit is "
    "there. Its pieces are those of a break-up, none of them burns up, nobody is sheltered: a bound from above. It is not "
    "part of the sum above, which ends with insertion."
)
DISPOSED = later("The stage is disposed of after insertion: it counts with the probability that this fails.")
WORKS = later("Where it comes down if it works is told below.")
BURN_ERRORS = later(
    "Each dispersed flight that reached its orbit coasts on from its own insertion to the time of the plan, which is not "
    "chosen anew. The burn is wrong by {impulse} % of its size, {pointing}° about each of two axes and {timing} s (1 sigma, "
    "assumed); pieces, air and wind vary as in every other fall. {people} live in the rectangle round every impact point."
)
TANKS = later("Drop tanks are left on an orbit before the last: they come down by themselves in any case.")


def driving(s: Mapping[str, Any], words: Words) -> Section | None:
    """A row an assumption, the one with the widest reach first."""
    total = s["risk"]["collective"]
    moving = [row for row in s.get("drivers", ()) if row["low"] != row["high"]]
    if not (moving and total):
        return None
    rows = tuple(
        (
            Cell(words.said(row["name"].replace("_", " ")), MARKS.get(row["grade"], "")),
            Cell(words.significant(row["low"], 3)),
            Cell(words.significant(row["high"], 3)),
            Cell(words.number(100 * abs(row["high"] - row["low"]) / total, 1)),
        )
        for row in moving[:MOST_ROWS]
    )
    columns = (
        Column(words("Assumption"), share=5), Column(words("Sum, assumption low"), True, 2),
        Column(words("Sum, assumption high"), True, 2), Column(words("Between them, % of the sum"), True, 2),
    )  # fmt: skip
    return Section("driving", words("Driving assumptions"), (Table(columns, rows), Note(words(DRIVING))))


def limits(s: Mapping[str, Any], words: Words) -> Section | None:
    """The corridor's azimuth, and at some moments how far to its side the impact point may go."""
    found = s.get("corridor")
    if found is None:
        return None
    rows = found["cut_off"]
    some = (
        [rows[k] for k in sorted({round(j * (len(rows) - 1) / (MOST_LIMITS - 1)) for j in range(MOST_LIMITS)})] if rows else []
    )
    table = tuple(
        (
            Cell(words.number(row["t_s"], 1)),
            Cell(words.number(row["range_km"], 1)),
            Cell(words.number(row["half_width_km"], 1)),
            Cell(words.number(row["debris_km"], 1)),
            Cell(words.number(row["allowed_km"], 1)),
        )
        for row in some
    )
    columns = (
        Column(words("Time of flight, s"), True), Column(words("Impact point from the pad, km"), True),
        Column(words("Half width, km"), True), Column(words("Pieces to the side, km"), True),
        Column(words("Cut-off line, km"), True),
    )  # fmt: skip
    azimuth = Pairs(((words("Flight azimuth"), Cell(f"{words.number(found['azimuth_deg'], 2)}°")),))
    note = Note(words(LIMITS, part=words.number(100 * found["within"])))
    return Section("limits", words("Corridor and cut-off lines"), (azimuth, *((Table(columns, table),) if table else ()), note))


def in_orbit(s: Mapping[str, Any], words: Words) -> Section | None:
    """The latitude-band rule for the stage that reached the target."""
    found = s.get("reentry")
    if found is None:
        return None
    verdict = words("holds") if found["holds"] else words("NOT MET")
    sign, disposed, tanks_m2 = MARKS["assumed"], found["chance"] < 1.0, found.get("tanks_area_m2", 0.0)
    tanks = ((words("Of it, drop tanks, m²"), Cell(words.significant(tanks_m2, 3), sign)),) if tanks_m2 else ()
    chance = (
        ((words("Probability that the disposal fails"), Cell(words.significant(found["chance"], 2), sign)),) if disposed else ()
    )
    works = (
        ((words("Of the casualties, where it works"), Cell(words.significant(found["works"], 2), sign)),)
        if "works" in found
        else ()
    )
    rows = (
        (words("Body"), Cell(words.said(found["body"]))),
        (words("Inclination"), Cell(f"{words.number(found['inclination_deg'], 2)}°")),
        (words("Casualty area, m²"), Cell(words.significant(found["casualty_area_m2"], 3), sign)),
        *tanks,
        (words("People per km² under the orbit"), Cell(words.significant(found["people_1_km2"], 3))),
        *chance,
        *works,
        (words("Casualties to be expected"), Cell(words.significant(found["casualties"], 2), sign)),
        (
            words("Limit of the rule"),
            Cell(f"{words.significant(found['limit'], 1)}: {verdict}", tone="good" if found["holds"] else "bad",
                 remark=words.said(found["limit_source"])),
        ),
    )  # fmt: skip
    notes = [words(ORBIT)] + ([words(DISPOSED)] if disposed else []) + ([words(WORKS)] if works else [])
    notes += [words(TANKS)] if tanks_m2 else []
    return Section("orbit", words("What stays in orbit"), (Pairs(rows), Note(" ".join(notes))))


def disposed(s: Mapping[str, Any], words: Words) -> Section | None:
    """A planned disposal: its burn and its entry, and the footprint of each class of pieces."""
    found = s.get("deorbit")
    if found is None or "footprints" not in found:
        return deorbit(s, words)
    title, errors = words("Deorbit of the upper stage"), found["errors"]
    chance = words("Probability that it works"), Cell(words.significant(found["probability"], 2), MARKS["assumed"])
    counts = " / ".join(words.number(found[key]) for key in ("reached_flights", "flights"))
    followed = words("Dispersed flights that reached their orbit"), Cell(counts)
    rows = tuple(_footprint(row, words) for row in found["footprints"])
    columns = (
        Column(words("Pieces"), share=5), Column(words("Points"), True), Column(words("Mean point, deg"), True, 4),
        Column(words("1 sigma, km"), True, 3), Column(words("3 sigma, full axes, km"), True, 4),
        Column(words("In its zone, %"), True, 4),
    )  # fmt: skip
    note = words(
        BURN_ERRORS, impulse=words.number(100 * errors["impulse"], 1), pointing=words.number(errors["pointing_deg"], 1),
        timing=words.number(errors["timing_s"], 1), people=words.number(found["people"]),
    )  # fmt: skip
    return Section(
        "disposal", title, (Pairs((*burn_and_entry(found, words), chance, followed)), Table(columns, rows), Note(note))
    )


def _footprint(row: Mapping[str, Any], words: Words) -> tuple[Cell, ...]:
    name, points = Cell(class_in_words(row["body"], words)), Cell(words.number(row["points"]))
    part, low, high = (words.number(100 * row["zone"][key], 1) for key in ("part", "low", "high"))
    held = Cell(f"{part} " + words("({low} to {high})", low=low, high=high), MARKS["assumed"] if row["zone"]["assumed"] else "")
    if row["scattered"]:
        return name, points, *(Cell("–"),) * 3, held
    three = min(row["ellipses"], key=lambda each: abs(each["sigmas"] - 3.0))
    return (
        name, points, Cell(f"{words.number(row['latitude_deg'], 2)}, {words.number(row['longitude_deg'], 2)}"),
        Cell(f"{words.number(row['sigma_major_km'], 1)} × {words.number(row['sigma_minor_km'], 1)}"),
        Cell(f"{words.number(three['length_km'], 1)} × {words.number(three['width_km'], 1)}"), held,
    )  # fmt: skip
