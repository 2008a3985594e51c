"""What many flights leave as a page and a PDF: the answer first, spreads with their intervals, loads, places, drivers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baiterek.reports.content import MARKS, Answer, Cell, Column, Content, Figures, Note, Pairs, Section, Table, mark
from baiterek.reports.figures.flights import CAPTIONS, draw_flights
from baiterek.reports.language import Words, language
from baiterek.reports.pdf import as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.study.results import read_json

SHOWN = {
    "insertion.semi_major_axis_m": ("Semi-major axis", "km", 1e-3, 2),
    "insertion.eccentricity": ("Eccentricity", "", 1.0, 5),
    "insertion.perigee_altitude_m": ("Perigee altitude", "km", 1e-3, 2),
    "insertion.apogee_altitude_m": ("Apogee altitude", "km", 1e-3, 2),
    "insertion.inclination_deg": ("Inclination", "deg", 1.0, 4),
    "insertion.raan_deg": ("Node", "deg", 1.0, 4),
    "insertion.margin_kg": ("Propellant margin", "kg", 1.0, 0),
    "peak.dynamic_pressure_Pa": ("Greatest dynamic pressure", "kPa", 1e-3, 2),
    "peak.q_alpha_Pa_rad": ("Greatest q alpha", "Pa rad", 1.0, 0),
    "peak.axial_acceleration_m_s2": ("Greatest axial acceleration", "m/s2", 1.0, 2),
}
"""Output -> name, unit shown, factor from SI, decimals."""
OPEN_LOOP = (
    "Open loop: the optimum's commands by time. Nothing corrects a deviation, so these are not the errors of a guided flight."
)
RESERVE = (
    "Reserve: what dispersions use up of the margin at the target's energy; gravity loss, direction and plane of the "
    "correction are not in it."
)
INTERVALS = (
    "In brackets: the interval of {confidence:.0%} confidence, for independent flights, quantiles between order statistics. "
    "Elements: osculating, inertial axes of launch."
)
ELLIPSES = (
    "Ellipses of a normal distribution with the mean and covariance of the points; the last column is what lies within, which "
    "differs where the points are not normal."
)
DRIVERS = (
    "Linear regression on all inputs; numbers that are drawn together count together. What is not explained is not linear."
)
BESIDE = (
    "Beside this page: flights.parquet (a row a flight, inputs as they were flown), result.json, the steering, the mission "
    "as given."
)


def render_flights(folder: Path, language_name: str = "en") -> None:
    """Add `figures/*.svg`, `report.html` and, with Typst, `report.pdf` to a folder of many flights."""
    s, words = read_json(folder / "result.json"), language(language_name)
    stamp = read_json(folder / "provenance.json")["computed_utc"]
    figures = draw_flights(s, folder)
    content = compose(s, figures, words, stamp)
    (folder / "report.html").write_text(as_page(content, figures), encoding="utf-8")
    if pdf_can_be_made():
        (folder / "report.pdf").write_bytes(as_pdf(content, figures))


def compose(s: Mapping[str, Any], figures: Mapping[str, str], words: Words, stamp: str) -> Content:
    """The whole report of `result.json`; `figures` are drawn ones by name."""
    sections = (
        _spread(s, words), _loads(s, words), _impacts(s, words), _drivers(s, words),
        Section("figures", "Figures", (Figures(tuple(figures), wide=True),)) if figures else None,
        _inputs(s, words), _provenance(s, words),
    )  # fmt: skip
    used = {row["grade"] for row in s["inputs"]}
    meant = ", ".join(f"{sign} {grade}" for grade, sign in MARKS.items() if grade in used)
    return Content(
        language=words.language,
        title=f"{s['title']}: {words.number(s['flights'])} flights",
        subtitle=f"{s['vehicle']} · {s['site']} · {s['guidance']}",
        answer=_answer(s, words),
        sections=tuple(section for section in sections if section is not None),
        legend=f"Marks: {meant}." if meant else "",
        footer=words("Baiterek plans flights; it does not clear them. Nothing here is a safety analysis."),
        hash=s["run"],
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions={name: CAPTIONS[name] for name in figures},
        stamp=stamp,
    )


def terminal(s: Mapping[str, Any]) -> str:
    """The summary in some lines for a terminal."""
    words = language()
    lines = [f"{s['title']}", f"  {s['guidance']}: {s['flown']} of {s['flights']} flights flown to their end"]
    if s["reserve"]:
        lines.append(f"  {_reserve_label(s)}: {interval(s['reserve']['reserve_kg'], words, 0)} kg")
        lines.append(f"  reach the target's energy: {_percent(s['reserve']['reached'], words)}")
    for name, off in s["insertion"]["off"].items():
        label, unit, factor, digits = SHOWN[name]
        lines.append(
            f"  {label:<28} bias {_n(off['bias'], factor, digits, words):>10}  "
            f"sigma {_n(off['sigma'], factor, digits, words):>10} {unit}"
        )
    for row in s["loads"]:
        label, unit, factor, digits = SHOWN[row["name"]]
        beyond = f"; beyond the limit: {_percent(row['beyond'], words)}" if row["beyond"] else ""
        lines.append(f"  {label:<28} {interval(row['quantile_0.9973'], words, digits, factor)} {unit} (99.73 %){beyond}")
    return "\n".join(lines)


def interval(found: Any, words: Words, digits: int, factor: float = 1.0) -> str:
    """`12.3 (11.8 to 12.9)`; a side that so few flights cannot bound is left open."""
    value, low, high = (None if each is None else each * factor for each in found)
    ends = ("–" if end is None else words.number(end, digits) for end in (low, high))
    return f"{words.number(value, digits)} ({' to '.join(ends)})"


def _n(value: float | None, factor: float, digits: int, words: Words) -> str:
    return words.number(None if value is None else value * factor, digits)


def _percent(found: Any, words: Words) -> str:
    return interval(found, words, 2, 100.0) + " %"


def _reserve_label(s: Mapping[str, Any]) -> str:
    return f"Propellant reserve for {100 * s['reserve']['for']:.2f} % of the flights"


def _answer(s: Mapping[str, Any], words: Words) -> Answer:
    reserve = s["reserve"]
    whole = s["flown"] == s["flights"]
    facts = [
        (
            "Flights",
            Cell(f"{words.number(s['flown'])} of {words.number(s['flights'])} to their end", tone="good" if whole else "bad"),
        )
    ]
    facts.append(("Guidance", Cell(s["guidance"], tone="bad" if s["guidance"] == "open loop" else "")))
    if reserve:
        facts.append(("Reach the target's energy", Cell(_percent(reserve["reached"], words))))
    facts += [
        (f"{SHOWN[row['name']][0]} beyond its limit", Cell(_percent(row["beyond"], words)))
        for row in s["loads"]
        if row["beyond"]
    ]
    used = {row["grade"] for row in s["inputs"]}
    marks = "".join(sign for grade, sign in MARKS.items() if grade in used)
    if reserve is None:
        value, spread, title = Cell(f"{words.number(s['flights'])}"), "", "Flights"
    else:
        title = _reserve_label(s)
        value = Cell(f"{words.number(reserve['reserve_kg'][0])} kg", marks)
        spread = interval(reserve["reserve_kg"], words, 0).partition(" ")[2] + f", {s['confidence']:.0%} confidence"
    warnings = (OPEN_LOOP,) if s["guidance"] == "open loop" else ()
    return Answer(title, value, spread, whole, tuple(facts), warnings, RESERVE if reserve else "")


def _spread(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for name, (label, unit, factor, digits) in SHOWN.items():
        said = s["outputs"].get(name)
        if not said or "sigma" not in said:
            continue
        ends = [interval(said["quantiles"][p], words, digits, factor).partition(" ") for p in ("0.00135", "0.99865")]
        rows.append(
            (
                Cell(label, remark=unit),
                Cell(_n(said["nominal"], factor, digits, words)),
                Cell(_n(said["mean"][0], factor, digits, words)),
                Cell(_n(said["sigma"][0], factor, digits, words)),
                *(Cell(value, remark=between) for value, _, between in ends),
            )
        )
    columns = (
        Column("Output", share=4), Column("Nominal", True, 2), Column("Mean", True, 2), Column("Sigma", True, 2),
        Column("0.135 %", True, 3), Column("99.865 %", True, 3),
    )  # fmt: skip
    note = INTERVALS.format(confidence=s["confidence"])
    return Section("spread", "Spread", (Table(columns, tuple(rows)), Note(note)))


def _loads(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for row in s["loads"]:
        label, unit, factor, digits = SHOWN[row["name"]]
        rows.append(
            (
                Cell(label, remark=unit),
                Cell(_n(row["nominal"], factor, digits, words)),
                Cell(interval(row["quantile_0.9973"], words, digits, factor)),
                Cell(_n(row["greatest"], factor, digits, words)),
                Cell(_n(row["limit"], factor, digits, words)),
                Cell(_percent(row["beyond"], words) if row["beyond"] else "–"),
            )
        )
    columns = (
        Column("Load", share=4), Column("Nominal", True), Column("99.73 %", True, 3), Column("Greatest", True),
        Column("Limit", True), Column("Flights beyond it", True, 3),
    )  # fmt: skip
    return Section("loads", "Worst loads", (Table(columns, tuple(rows)),))


def _impacts(s: Mapping[str, Any], words: Words) -> Section | None:
    rows = []
    for row in s["impacts"]:
        for drawn in row["ellipses"]:
            axes = " x ".join(words.thousandth(axis) for axis in drawn["half_axes_m"])
            rows.append(
                (
                    Cell(row["body"]),
                    Cell(words.number(row["landed"])),
                    Cell(f"{words.number(row['middle_deg'][0], 3)}, {words.number(row['middle_deg'][1], 3)}"),
                    Cell(f"{words.number(100 * drawn['within'], 2)} %"),
                    Cell(axes),
                    Cell(words.number(drawn["azimuth_deg"], 1)),
                    Cell(f"{words.number(100 * drawn['inside'], 2)} %"),
                )
            )
    if not rows:
        return None
    columns = (
        Column("Body"), Column("Landed", True), Column("Middle, deg", True, 2), Column("Ellipse of", True),
        Column("Half axes, km", True, 2), Column("Azimuth, deg", True), Column("Points within", True),
    )  # fmt: skip
    note = ELLIPSES
    return Section("impacts", "Impact points", (Table(columns, tuple(rows)), Note(note)))


def _drivers(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for name, (label, _, _, _) in SHOWN.items():
        found = s["drivers"].get(name)
        if found and found["groups"]:
            first = "; ".join(f"{group['name']} {words.number(100 * group['part'], 1)} %" for group in found["groups"][:4])
            rows.append((Cell(label), Cell(words.number(100 * found["r2"], 1)), Cell(first)))
    if not rows:
        too_few = f"Too few flights for a regression on {len(s['inputs'])} inputs."
        return Section("drivers", "What drives each", (Note(too_few),))
    columns = (Column("Output", share=3), Column("Explained, %", True), Column("Of its variance, the greatest first", share=6))
    note = (
        "Linear regression on all inputs; numbers that are drawn together count together. What is not explained is not linear."
    )
    return Section("drivers", "What drives each", (Table(columns, tuple(rows)), Note(note)))


def _inputs(s: Mapping[str, Any], words: Words) -> Section:
    rows, profiles = [], dict[str, list[Mapping[str, Any]]]()
    for row in s["inputs"]:
        path, at, _ = row["path"].partition(".at_")
        if at:
            profiles.setdefault(path, []).append(row)
            continue
        sigma = words.significant(row["sigma"], 4)
        rows.append(_input(path, row, words.significant(row["value"]), sigma))
    for path, listed in profiles.items():
        least, most = (words.significant(end(row["sigma"] for row in listed), 4) for end in (min, max))
        sigma = least if least == most else f"{least} to {most}"
        rows.append(_input(f"{path} at {len(listed)} heights", listed[0], words.significant(listed[0]["value"]), sigma))
    columns = (
        Column("Number, SI", share=5),
        Column("Value", True),
        Column("Sigma", True),
        Column("Distribution"),
        Column("Source"),
    )
    unfelt = f"With a sigma, but not felt by a flight of given steering: {', '.join(s['unfelt'])}." if s["unfelt"] else ""
    return Section("inputs", "What was dispersed", (Table(columns, tuple(rows)), *((Note(unfelt),) if unfelt else ())))


def _input(path: str, row: Mapping[str, Any], value: str, sigma: str) -> tuple[Cell, ...]:
    name = Cell(path, mark(row["grade"]), kind="code")
    return name, Cell(value), Cell(sigma), Cell(row["distribution"]), Cell(row["source"], kind="code")


def _provenance(s: Mapping[str, Any], words: Words) -> Section:
    asked = s["asked"]
    rows = [
        (words("Run"), Cell(s["run"], kind="code")),
        ("Asked", Cell(f"{asked['flights']} flights, seed {asked['seed']}, design {asked['design']}", kind="code")),
    ]
    if s["stopped"]:
        rows.append(("Stopped", Cell(f"after {s['stopped']} flights, by the rule on {asked['stop']['output']}")))
    beside = BESIDE
    return Section("provenance", words("Provenance"), (Pairs(tuple(rows)), Note(beside)))
