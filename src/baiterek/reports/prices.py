"""What each limit and each number is worth: prices with units, the quote, and which unknown matters most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from baiterek.reports.content import Cell, Column, Marks, Note, Section, Table
from baiterek.reports.language import Words, later
from baiterek.reports.naming import datum_name, sentence

Record = Mapping[str, Any]

UNIT_AT_END = re.compile(r"_(Pa_rad|Pa|m_s2|rad_s|rad|W_m2|m|s)$")
OWNERS = {
    "aerodynamics": later("aerodynamics"),
    "target": later("target"),
    "payload": later("Payload"),
    "reserve": later("reserve"),
    "wind": later("wind"),
}
CHANGES = (
    later("dry mass"), later("interstage"), later("mass"), later("drag"), later("normal force"), later("altitude"),
    later("perigee altitude"), later("apogee altitude"), later("inclination"), later("node"), later("thrust"),
    later("energy C3"), later("declination"), later("residual speed"),
    later("specific impulse"), later("load of propellant"), later("residual made usable"), later("headwind in the jet"),
    later("of the last stage's usable propellant"), later("moved downrange"), later("moved to the right"),
    later("far edge moved downrange"), later("near edge moved uprange"), later("wider"), later("wider in every direction"),
    later("first edge moved out"), later("second edge moved out"), later("thrust of {engine}"),
    later("specific impulse of {engine}"), later("adapter"), later("settling of a restart"), later("reserve for disposal"),
    later("dry mass of the drop tanks"), later("load of the drop tanks"),
)  # fmt: skip
"""What the optimiser's steps are called (`trajectory.steps`)."""


def owner_name(of: str, words: Words) -> str:
    """A limit or a part as one reads it."""
    return words(OWNERS[of]) if of in OWNERS else words.said(UNIT_AT_END.sub("", of).replace("_", " "))


def change_name(row: Record, words: Words) -> str:
    """By how much a number is changed: `1 kPa more`, `far edge moved downrange: 10 km`, `dry mass: +100 kg`."""
    amount = f"{words.significant(row['amount'])} {words(row['unit'])}"
    if row["what"] == "more":
        return words("{amount} more", amount=amount)
    moved = any(word in row["what"] for word in ("moved", "wider", "made"))
    return f"{words.said(row['what'])}: {amount if moved else f'+{amount}'}"


def gain(value: float | None, unit: str, words: Words) -> str:
    """With its sign; 0 of what is not felt."""
    if value is None:
        return "–"
    if value == 0.0:
        return "0"
    size = abs(value)
    text = words.number(value, 3 if size < 1.0 else 2 if size < 10.0 else 1 if size < 1e4 else 0)
    return f"{'+' if value > 0.0 else ''}{text} {words(unit)}"


def price_of_limit(name: str, s: Record, words: Words) -> str:
    """The price that a limit is known by: of several ways to ease it the one that is worth most."""
    rows = [row for row in s.get("prices", ()) if row["of"] == name]
    if not rows:
        return "–"
    row = max(rows, key=lambda row: abs(row["gain"]))
    if row["gain"] == 0.0:
        return "0"
    worth = gain(row["gain"], s["answer"]["unit"], words)
    if row["what"] in ("more", "residual made usable"):
        one = words(row["unit"]) if row["amount"] == 1.0 else f"{words.significant(row['amount'])} {words(row['unit'])}"
        return words("{gain} per {step}", gain=worth, step=one)
    return words("{gain} ({step})", gain=worth, step=change_name(row, words))


def quote(s: Record, words: Words) -> str:
    """The answer as a quote says it: value, 1 sigma, reserve policy."""
    answer = s["answer"]
    value, sigma, unit = answer["value"], answer["sigma"], answer["unit"]
    if unit == "kg" and value is not None and value >= 1e4:
        value, sigma, unit = value / 1e3, None if sigma is None else sigma / 1e3, "t"
    digits = 2 if unit == "t" else 1
    spread = "" if sigma is None else f" ± {words.number(sigma, digits)}"
    said = f"{words.number(value, digits)}{spread} {words(unit)}"
    if sigma is not None:
        said += " (1σ)"
    return words("{answer}, reserve policy: {policy}", answer=said, policy=words.said(s["reserve"]["policy"]))


def matters_most(s: Record, words: Words) -> str:
    """The one or two unknowns that make up most of the uncertainty; empty without sigmas."""
    unknowns = s["answer"].get("unknowns", ())[:2]
    if not unknowns:
        return ""
    unit = s["answer"]["unit"]
    said = [
        words(
            "{what} (±{sigma} alone, {share} % of the variance)",
            what=_unknown(item, words),
            sigma=f"{words.number(item['sigma'], 0 if item['sigma'] >= 10.0 else 2)} {words(unit)}",
            share=words.number(100.0 * item["share"]),
        )
        for item in unknowns
    ]
    if len(said) == 1:
        return words("What matters most of what is not known: {first}.", first=said[0])
    return words("What matters most of what is not known: {first}; then {second}.", first=said[0], second=said[1])


def _unknown(item: Record, words: Words) -> str:
    first = datum_name(item["paths"][0], words)
    if len(item["paths"]) == 1:
        return first
    return words("{n} numbers that are known together only, first of all {first}", n=len(item["paths"]), first=first)


def prices(s: Record, marks: Marks, words: Words) -> Section | None:
    """The section of a report: limits that are felt, then every number by part; None where nothing has a price."""
    rows = s.get("prices", ())
    felt = [row for row in rows if row["limit"] and row["gain"] != 0.0]
    numbers = [row for row in rows if not row["limit"]]
    if not felt and not numbers:
        return None
    unit = s["answer"]["unit"]
    blocks: list[Table | Note] = [Note(text, tone="") for text in (sentence(quote(s, words)), matters_most(s, words)) if text]
    if felt:
        blocks.append(_limits_table(felt, unit, marks, words))
    if numbers:
        blocks.append(_numbers_table(numbers, unit, marks, words))
    blocks.append(Note(words(
        "To first order, for small changes: what the objective gains when one number is changed and the flight is optimised "
        "again. A limit that is not felt costs nothing and is left out. Downrange: along the axis of the zone, away from the "
        "pad."
    )))  # fmt: skip
    return Section("prices", words("What each limit and each number is worth"), tuple(blocks))


def _limits_table(rows: list[Record], unit: str, marks: Marks, words: Words) -> Table:
    columns = Column(words("Limit"), share=4), Column(words("Eased or moved"), share=5), Column(words("Gain"), True, 3)
    return Table(columns, tuple((owner, change, gained) for owner, change, gained, _ in _cells(rows, unit, marks, words)))


def _numbers_table(rows: list[Record], unit: str, marks: Marks, words: Words) -> Table:
    columns = (
        Column(words("Part"), share=4), Column(words("Changed by"), share=5), Column(words("Gain"), True, 3),
        Column(words("1σ of the answer by this alone"), True, 4),
    )  # fmt: skip
    return Table(columns, tuple(_cells(rows, unit, marks, words)))


def _cells(rows: list[Record], unit: str, marks: Marks, words: Words) -> Iterator[tuple[Cell, ...]]:
    """Limit or part, change, gain, spread."""
    for row in rows:
        owner = sentence(owner_name(row["of"], words), stop="")
        spread = f"{words.number(row['sigma'], 0 if row['sigma'] >= 10.0 else 1)} {words(unit)}" if row["sigma"] else "–"
        change = Cell(change_name(row, words), marks.of(*row["paths"]))
        yield Cell(owner), change, Cell(gain(row["gain"], unit, words)), Cell(spread)
