"""The guide's chapter on accuracy of injection: the nominal flight, and what a stored Monte Carlo run says of its spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.reports.content import Block, Cell, Column, Note, Section, Table, mark
from baiterek.reports.guide_vehicle import UNKNOWN
from baiterek.reports.language import Words
from baiterek.reports.monte_carlo import INTERVALS, OPEN_LOOP, PERFECT, SHOWN, interval
from baiterek.reports.naming import sentence
from baiterek.reports.releases import wanted
from baiterek.reports.sections import ELEMENTS
from baiterek.study.guide import Guide

ELEMENT_COUNT = 3
"""Perigee, apogee, inclination: what an injection into a circular orbit is judged by."""
WITHIN = "within_0.9973"


def accuracy(guide: Guide, words: Words) -> Section:
    """Asked, reached by the nominal flight, and the spread of many flights as far as it is known."""
    s, known = guide.reference.summary, guide.accuracy is not None
    reached, rows = s["achieved"] or {}, []
    for title, key, digits in ELEMENTS[:ELEMENT_COUNT]:
        now = Cell(words.number(reached.get(key), digits))
        unknown = () if known else (Cell(words(UNKNOWN), tone="soft"),)
        rows.append((Cell(words(title)), wanted(s["target"][key], digits, words), now, *unknown))
    columns = [
        Column(words("At insertion"), share=4), Column(words("Asked"), True, 3), Column(words("Nominal flight"), True, 3),
        Column(words("Dispersion, 1σ"), True, 3),
    ]  # fmt: skip
    by_construction = words(
        "The nominal flight meets its target by construction: the difference shows the numerics, not the launcher."
    )
    blocks: list[Block] = [Table(tuple(columns[: 3 if known else 4]), tuple(rows)), Note(by_construction)]
    if guide.accuracy is None:
        unknown_spread = words(
            "The spread of injection over many flights is unknown here: no dispersed flights go into this guide, and none is "
            "published."
        )
        blocks.append(Note(unknown_spread))
    else:
        blocks += _spread(guide.accuracy, s, words)
    return Section("accuracy", words("Accuracy of injection"), tuple(blocks))


def _spread(run: Mapping[str, Any], s: Mapping[str, Any], words: Words) -> list[Block]:
    """The spread with its confidence, how the flights were steered, and what is not in it."""
    marks = "".join(sorted({mark(row["grade"]) for row in run["inputs"]}))
    rows = []
    for name, off in run["insertion"]["off"].items():
        said, (label, unit, factor, digits) = run["outputs"][name], SHOWN[name]
        if "sigma" not in said:
            continue
        shown = f"{words(label)}, {words(unit)}" if unit else words(label)
        bias = words.number(None if off["bias"] is None else off["bias"] * factor, digits)
        sigma, within = (interval(found, words, digits, factor) for found in (said["sigma"], off[WITHIN]))
        rows.append((Cell(shown), Cell(bias), Cell(sigma, marks), Cell(within, marks)))
    columns = (
        Column(words("Off the nominal flight"), share=4), Column(words("Mean"), True, 2),
        Column(words("Dispersion, 1σ"), True, 4),
        Column(words("{part} % of the flights lie within ±", part=words.number(99.73, 2)), True, 4),
    )  # fmt: skip
    flights = words(
        "{mission}: {n} of {of} flights to their end, {guidance}; run {hash}.",
        mission=words.said(run["title"]), n=words.number(run["flown"]), of=words.number(run["flights"]),
        guidance=words.said(run["guidance"]), hash=run["run"][:16],
    )  # fmt: skip
    failed = run.get("drawn", run["flights"]) - run["flights"]
    if failed > 0:
        flights += " " + sentence(words("with a failure, and not among them: {n}", n=words.number(failed)))
    notes = [flights, words(INTERVALS, confidence=words.number(100 * run["confidence"]))]
    if run["title"] != s["title"]:
        notes.append(words("These flights are of another mission than the reference of this guide."))
    steered = OPEN_LOOP if run["guidance"] == "open loop" else PERFECT if run.get("perfect_navigation") else ""
    warned = [Note(words(steered), tone="advice")] if steered else []
    return [Table(columns, tuple(rows)), *warned, Note(" ".join(notes))]
