"""The guide's first question, what goes where: tables of payload with their spread, and which limit binds in which cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import Block, Bullets, Cell, Column, Figures, Note, Section, Table
from baiterek.reports.language import Words, later
from baiterek.reports.naming import sentence
from baiterek.reports.performance import AXIS_LABELS, always, binding, limit_name
from baiterek.study.guide import Guide

CAPTIONS = {
    "payload-map": later("Greatest payload to circular orbits, kg"),
    "payload-apogee": later("Greatest payload to ellipses, kg"),
}
ALTITUDE, APOGEE = AXIS_LABELS["altitude_km"], AXIS_LABELS["apogee_altitude_km"]
MOST_COLUMNS = 6
"""Of a table on paper; more inclinations go into another table below."""


def circular(guide: Guide, felt: str, figures: tuple[str, ...], words: Words) -> Section:
    """Payload over altitude and inclination, 1 sigma, and what binds."""
    document = guide.payload
    (_, altitudes), (_, inclinations) = document["axes"].items()
    cells = {(cell["altitude_km"], cell["inclination_deg"]): cell for cell in document["cells"]}
    blocks: list[Block] = [Figures(figures, wide=True)] if figures else []
    for start in range(0, len(inclinations), MOST_COLUMNS):
        some = inclinations[start : start + MOST_COLUMNS]
        heads = (words("{n}°, kg", n=words.significant(deg)) for deg in some)
        columns = (Column(_without_unit(words(ALTITUDE)), share=3), *(Column(head, True, 3) for head in heads))
        rows = tuple((_km(km, words), *(_payload(cells[km, deg], felt, words) for deg in some)) for km in altitudes)
        blocks.append(Table(columns, rows))
    blocks += [Note(_what_it_is(guide, "payload", words)), *_limits(document, words), *_refusals(document, words)]
    return Section("performance", words("Payload to circular orbits"), tuple(blocks))


def ellipses(guide: Guide, felt: str, figures: tuple[str, ...], words: Words) -> Section:
    """Payload over the apogee, at the perigee and inclination of the reference orbit."""
    document, target = guide.apogee, guide.reference.summary["target"]
    others = [_others(cell, document, words) for cell in document["cells"]]
    rows = [
        (_km(cell["apogee_altitude_km"], words), _payload(cell, felt, words), other)
        for cell, other in zip(document["cells"], others, strict=True)
    ]
    columns = (
        Column(_without_unit(words(APOGEE))),
        Column(words("Payload, kg"), True),
        Column(words("Limits that do not bind everywhere")),
    )
    width = 3 if any(other.text for other in others) else 2
    table = Table(columns[:width], tuple(row[:width] for row in rows))
    where = words(
        "Perigee at {perigee} km, inclination {inclination}°; injection is direct, in one burn of the last stage, and the "
        "argument of perigee is what the ascent gives.",
        perigee=_either(target["perigee_altitude_km"], words),
        inclination=_either(target["inclination_deg"], words),
    )
    drawn: list[Block] = [Figures(figures, wide=True)] if figures else []
    notes = (Note(f"{where} {_what_it_is(guide, 'apogee', words)}"), *_refusals(document, words))
    return Section("ellipses", words("Payload to ellipses"), (*drawn, table, *notes))


def _km(km: float, words: Words) -> Cell:
    """With its unit: on a phone the first cell of a row is its heading."""
    return Cell(words("{n} km", n=words.significant(km)))


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
            at = ", ".join(
                f"{words.significant(cell[axis])} {words(axis.rpartition('_')[2])}" for axis in document["axes"]
            )  # fmt: skip
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
