"""Of a safety case: aircraft and ships outside what notices would close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import MARKS, Cell, Column, Note, Section, Table
from baiterek.reports.language import Words, later

CRAFT = {"aircraft": later("Aircraft"), "vessel": later("Ship")}
MEANT = later(
    "Hits to be expected in a flight on one aircraft or one ship that stays at its place from lift-off to the last piece: over "
    "what falls on every flight and all failures, probability × pieces × density of impacts × area of the craft. The "
    "probability of a hit is no more than that. How dense traffic is, is not known: of craft that nobody places there nothing "
    "is said. The verdict is that of the worst cell outside the areas that baiterek notices closes for the same pieces by "
    "the same rules: the circle round the pad and, for each body that falls on every flight, its area. Failures come down "
    "between these areas as well: what lies within a contour and is not closed must be closed too, or be accepted."
)
PIECES = later(
    "Pieces count with their terminal speed at sea level, the slowest. For an aircraft every piece counts; for a ship of "
    "{area} m² those of 15 J and more, without the blast of what lands loaded beside it."
)
NOISE = later("Sampling error: each impact point for itself. The worst of many cells is more often too high than too low.")
NO_SEA = later("no sea below")


def craft(s: Mapping[str, Any], words: Words) -> Section | None:
    """A row a kind of craft: worst places outside the closed areas and anywhere, and how much lies open above the limit."""
    found = s.get("craft")
    if found is None:
        return None
    rows = tuple(
        (
            Cell(words(title), MARKS["assumed"] if found["rules"]["unsure"] else ""),
            Cell(words.significant(found[kind]["limit"], 1)),
            *_worst(found[kind]["outside"], words),
            Cell(words.number(found[kind]["open_km2"])),
            Cell(words.significant((found[kind]["anywhere"] or {"expected": 0.0})["expected"], 2)),
            Cell(_closed(found, kind, words)),
        )
        for kind, title in CRAFT.items()
    )
    columns = (
        Column(words("Craft"), share=2), Column(words("Limit"), True, 1),
        Column(words("Greatest outside closed areas"), True, 2), Column(words("Sampling error"), True, 2),
        Column(words("Where, deg"), True, 2), Column(words("Above the limit, not closed, km²"), True, 2),
        Column(words("Greatest anywhere"), True, 2), Column(words("Closed areas"), share=3),
    )  # fmt: skip
    pieces = words(PIECES, area=words.number(found["ship_m2"]))
    return Section(
        "craft", words("Aircraft and ships"), (Table(columns, rows), Note(words(MEANT)), Note(f"{pieces} {words(NOISE)}"))
    )


def where(s: Mapping[str, Any], what: str, words: Words) -> str:
    """What a verdict on a craft says beside its number: the place, or why there is none."""
    found = (s.get("craft") or {}).get(what)
    if found is None:
        return ""
    if found["outside"] is not None:
        return words("at {place}", place=_place(found["outside"], words))
    return words("nothing outside closed areas") if s["craft"]["sea"] or what != "vessel" else words(NO_SEA)


def _worst(place: Mapping[str, Any] | None, words: Words) -> tuple[Cell, Cell, Cell]:
    if place is None:
        return Cell(words.number(0)), Cell("–"), Cell("–")
    worst, error = words.significant(place["expected"], 2), words.significant(place["error"], 1)
    return Cell(worst), Cell(error), Cell(_place(place, words))


def _place(place: Mapping[str, Any], words: Words) -> str:
    return f"{words.number(place['latitude_deg'], 2)}, {words.number(place['longitude_deg'], 2)}"


def _closed(found: Mapping[str, Any], kind: str, words: Words) -> str:
    if kind == "vessel" and not found["sea"]:
        return words(NO_SEA)
    return ", ".join(words.said(name) for name in found[kind]["closed"]) or "–"
