"""The guide's first question, what goes where: tables of payload with their spread, and which limit binds in which cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import Block, Bullets, Cell, Column, Figures, Note, Section, Table, mark
from baiterek.reports.language import Words, later
from baiterek.reports.naming import sentence
from baiterek.reports.performance import AXIS_LABELS, always, binding, limit_name
from baiterek.study.guide import Guide

FIGURES = {
    "payload": "payload-map", "apogee": "payload-apogee", "upper-apogee": "payload-upper-apogee",
    "upper-sun-synchronous": "payload-upper-sun-synchronous", "upper-c3": "payload-upper-c3",
}  # fmt: skip
"""Map -> its figure."""
CAPTIONS = {
    "payload-map": later("Greatest payload to circular orbits, kg"),
    "payload-apogee": later("Greatest payload to ellipses, kg"),
    "payload-upper-apogee": later("Greatest payload to ellipses with the upper stage, kg"),
    "payload-upper-sun-synchronous": later("Greatest payload to sun-synchronous circles with the upper stage, kg"),
    "payload-upper-c3": later("Greatest payload to escapes with the upper stage, kg"),
}
UNITS = {"c3_km2_s2": later("km²/s²")}
"""Of axes whose names do not end in their unit."""
ALTITUDE = AXIS_LABELS["altitude_km"]
MOST_COLUMNS = 6
"""Of a table on paper; more inclinations go into another table below."""


def circular(guide: Guide, felt: str, figures: tuple[str, ...], words: Words) -> Section:
    """Payload over altitude and inclination, 1 sigma, and what binds."""
    document = guide.maps["payload"]
    (_, altitudes), (_, inclinations) = document["axes"].items()
    cells = {(cell["altitude_km"], cell["inclination_deg"]): cell for cell in document["cells"]}
    blocks: list[Block] = [Figures(figures, wide=True)] if figures else []
    for start in range(0, len(inclinations), MOST_COLUMNS):
        some = inclinations[start : start + MOST_COLUMNS]
        heads = (words("{n}°, kg", n=words.significant(deg)) for deg in some)
        columns = (Column(_without_unit(words(ALTITUDE)), share=3), *(Column(head, True, 3) for head in heads))
        rows = tuple(
            (Cell(_at("altitude_km", km, words)), *(_payload(cells[km, deg], felt, words) for deg in some)) for km in altitudes
        )
        blocks.append(Table(columns, rows))
    blocks += [Note(_what_it_is(guide, "payload", words)), *_limits(document, words), *_refusals(document, words)]
    return Section("performance", words("Payload to circular orbits"), tuple(blocks))


def ellipses(guide: Guide, felt: str, figures: tuple[str, ...], words: Words) -> Section:
    """Payload over the apogee, at the perigee and inclination of the reference orbit."""
    target = guide.facts["targets"]["apogee"]
    where = words(
        "Perigee at {perigee} km, inclination {inclination}°; injection is direct, in one burn of the last stage, and the "
        "argument of perigee is what the ascent gives.",
        perigee=_either(target["perigee_altitude_km"], words),
        inclination=_either(target["inclination_deg"], words),
    )
    drawn: list[Block] = [Figures(figures, wide=True)] if figures else []
    blocks = _curve(guide.maps["apogee"], felt, f"{where} {_what_it_is(guide, 'apogee', words)}", words)
    return Section("ellipses", words("Payload to ellipses"), (*drawn, *blocks))


def with_upper_stage(guide: Guide, felt: str, captions: Mapping[str, str], words: Words) -> Section | None:
    """Payload with an upper stage: over the apogee, over sun-synchronous circles, over the energy of escapes."""
    stage = guide.facts["upper_stage"]
    if stage is None:
        return None
    marks = "".join(sorted({*felt, *map(mark, stage["grades"])}))
    burns = words("Burns, coasts and the drop of the launcher's last stage are optimised with the ascent.")
    blocks: list[Block] = [Note(f"{burns} {_what_it_is(guide, 'upper-apogee', words)}")]
    for name, document in guide.maps.items():
        if not name.startswith("upper-"):
            continue
        blocks += [Figures((FIGURES[name],), wide=True)] if FIGURES[name] in captions else []
        blocks += _curve(document, marks, _where(name, guide.facts["targets"][name], words), words, stage["name"])
    title = words("Payload with {stage}", stage=words.said(stage["title"]))
    return Section("with-upper-stage", title, tuple(blocks))


def _where(name: str, target: Mapping[str, Any], words: Words) -> str:
    """What the orbits of a curve have in common."""
    perigee, inclination = _either(target["perigee_altitude_km"], words), _either(target["inclination_deg"], words)
    if name == "upper-apogee":
        return words("Perigee at {perigee} km, inclination {inclination}°.", perigee=perigee, inclination=inclination)
    if name == "upper-c3":
        return words("Inclination {inclination}°; perigee and asymptote are what serves best.", inclination=inclination)
    return words("Inclination by the altitude, so that the node turns with the Sun; mean elements.")


def _curve(document: Mapping[str, Any], felt: str, note: str, words: Words, stage: str = "") -> list[Block]:
    """A row an orbit: payload, how long `stage` burns, and limits that do not bind everywhere."""
    [axis] = document["axes"]
    rows = []
    for cell in document["cells"]:
        burn = (Cell(words.number(cell[f"burn_{stage}_s"])),) if stage else ()
        rows.append((Cell(_at(axis, cell[axis], words)), _payload(cell, felt, words), *burn, _others(cell, document, words)))
    columns = [
        Column(_without_unit(words(AXIS_LABELS[axis]))), Column(words("Payload, kg"), True),
        *((Column(words("Burn time of the upper stage, s"), True),) if stage else ()),
        Column(words("Limits that do not bind everywhere")),
    ]  # fmt: skip
    width = len(columns) if any(row[-1].text for row in rows) else len(columns) - 1
    return [Table(tuple(columns[:width]), tuple(row[:width] for row in rows)), Note(note), *_refusals(document, words)]


def _at(axis: str, value: float, words: Words) -> str:
    """A value of an axis with its unit: on a phone the first cell of a row is its heading."""
    return f"{words.significant(value)} {words(UNITS.get(axis, axis.rpartition('_')[2]))}"


def _without_unit(label: str) -> str:
    return label.rpartition(",")[0]


def _others(cell: Mapping[str, Any], document: Mapping[str, Any], words: Words) -> Cell:
    """Limits that bind in this cell and not in all."""
    active = cell["active"].split("; ") if cell["active"] and cell["payload_kg"] is not None else []
    everywhere = always(document)
    return Cell(", ".join(limit_name(name, words) for name in active if name not in everywhere), tone="soft")


def _payload(cell: Mapping[str, Any], felt: str, words: Words) -> Cell:
    """Kilograms with their standard deviation; a dash where none was found, which a sentence below explains."""
    if cell["payload_kg"] is None:
        return Cell("–", tone="soft")
    spread = f" ± {words.number(cell['payload_sigma_kg'])}" if cell["payload_sigma_kg"] is not None else ""
    return Cell(f"{words.number(cell['payload_kg'])}{spread}", felt)


def _what_it_is(guide: Guide, name: str, words: Words) -> str:
    text = words(
        "Each number is the optimum of the whole ascent with all limits in force, flown in the simulator; ± is one standard "
        "deviation from the sigmas of the data, to first order. Between the computed orbits the figure interpolates."
    )
    if guide.facts["without_zones"][name] and guide.reference.summary["zones"]:
        text += " " + words("No drop zones: they belong to one azimuth, and the reference mission alone keeps to them.")
    return text


def _limits(document: Mapping[str, Any], words: Words) -> list[Block]:
    """A row a limit: in how many of the computed orbits it binds, and in which."""
    flown = sum(cell["status"] == "converged" for cell in document["cells"])
    (_, altitudes), (_, inclinations) = document["axes"].items()
    rows = []
    for name, where in sorted(binding(document).items(), key=lambda item: -int(item[1].sum())):
        count = int(where.sum())
        if not count:
            continue
        columns = [
            words("{deg}°: {km} km", deg=words.significant(deg), km=", ".join(words.significant(altitudes[k]) for k in places))
            for deg, places in ((deg, where[:, column].nonzero()[0]) for column, deg in enumerate(inclinations))
            if len(places)
        ]
        place = words("everywhere") if count == flown else "; ".join(columns)
        rows.append((Cell(sentence(limit_name(name, words), stop="")), Cell(f"{count} / {flown}"), Cell(place)))
    heads = (Column(words("Limit that binds"), share=3), Column(words("Orbits"), True, 1), Column(words("Where"), share=5))
    return [Table(heads, tuple(rows))] if rows else []


def _refusals(document: Mapping[str, Any], words: Words) -> list[Block]:
    """Why a cell is empty, a line a reason."""
    reasons: dict[str, list[str]] = {}
    for cell in document["cells"]:
        if cell["payload_kg"] is None or cell["status"] != "converged":
            at = ", ".join(_at(axis, cell[axis], words) for axis in document["axes"])
            reasons.setdefault(cell["why"], []).append(at)
    if not reasons:
        return []
    found = tuple(f"{'; '.join(places)}: {sentence(words.said(why))}" for why, places in reasons.items())
    return [Note(words("No payload was found for these orbits:"), tone=""), Bullets(found)]


def _either(bounds: list[float | None], words: Words) -> str:
    low, high = bounds
    if low is None and high is None:
        return words("free")
    return words.significant(low) if low == high else words("{low} to {high}", low=words.number(low), high=words.number(high))
