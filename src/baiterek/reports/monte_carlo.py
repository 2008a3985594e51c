"""What many flights leave as a page and a PDF: the answer first, spreads with their intervals, loads, places, drivers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from baiterek.reports.content import MARKS, Answer, Cell, Column, Content, Figures, Note, Pairs, Section, Table, mark
from baiterek.reports.evidence import GRADE_NAMES
from baiterek.reports.figures.flights import CAPTIONS, draw_flights
from baiterek.reports.garbage import no_collection
from baiterek.reports.language import Words, language, later
from baiterek.reports.naming import DESIGN_NAMES, datum_name, group_name
from baiterek.reports.pdf import as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.study.results import read_json

SHOWN = {
    "insertion.semi_major_axis_m": (later("Semi-major axis"), "km", 1e-3, 2),
    "insertion.eccentricity": (later("Eccentricity"), "", 1.0, 5),
    "insertion.perigee_altitude_m": (later("Perigee altitude"), "km", 1e-3, 2),
    "insertion.apogee_altitude_m": (later("Apogee altitude"), "km", 1e-3, 2),
    "insertion.inclination_deg": (later("Inclination"), "deg", 1.0, 4),
    "insertion.raan_deg": (later("Ascending node"), "deg", 1.0, 4),
    "insertion.margin_kg": (later("Propellant margin"), "kg", 1.0, 0),
    "peak.dynamic_pressure_Pa": (later("Greatest dynamic pressure"), "kPa", 1e-3, 2),
    "peak.q_alpha_Pa_rad": (later("Greatest dynamic pressure × angle of attack"), "Pa rad", 1.0, 0),
    "peak.axial_acceleration_m_s2": (later("Greatest axial acceleration"), "m/s²", 1.0, 2),
}
"""Output -> name, unit shown, factor from SI, decimals."""
STORED_WORDS = (
    later("open loop"), later("closed loop"), later("normal"), later("uniform"), later("triangular"),
    later("log-normal"), later("fit"), later("wind east"), later("wind north"), later("density of the air"), later("gust"),
)  # fmt: skip
"""What a run stores in English and `Words.said` finds."""
OPEN_LOOP = later(
    "Open loop: the optimum's commands by time. Nothing corrects a deviation, so these are not the errors of a guided flight."
)
PERFECT = later(
    "Perfect navigation: the vehicle's file has no errors of its inertial unit, so injection is better than it can be."
)
FAILURES = later(
    "Not among the numbers above, which are of flights without a failure. Happened: before the stage was cut off. What comes "
    "down does so whole, with the drag of the stage that failed."
)
RESERVE = later(
    "Reserve: what dispersions use up of the margin at the target's energy; gravity loss, direction and plane of the "
    "correction are not in it."
)
INTERVALS = later(
    "In brackets: the interval of {confidence} % confidence, for independent flights, quantiles between order statistics. "
    "Elements: osculating, inertial axes of launch."
)
ELLIPSES = later(
    "Ellipses of a normal distribution with the mean and covariance of the points; the last column is what lies within, which "
    "differs where the points are not normal."
)
DRIVERS = later(
    "Linear regression on all inputs; numbers that are drawn together count together. Explained: R² of that, adjusted for the "
    "number of inputs; what is missing is not linear."
)
ASKED = later("{n} flights, seed {seed}, design {design}")
BESIDE = later(
    "Beside this page: flights.parquet (a row a flight, inputs as they were flown), result.json, the steering, the mission "
    "as given."
)


@no_collection()
def render_flights(folder: Path, language_name: str = "en") -> None:
    """Add `figures/*.svg`, `report.html` and, with Typst, `report.pdf` to a folder of many flights."""
    (folder / "figures").mkdir(exist_ok=True)
    for kind, file in composed_flights(folder, language_name, folder / "figures").items():
        (folder / f"report{kind}").write_bytes(file)


def composed_flights(folder: Path, language_name: str, drawings: Path) -> dict[str, bytes]:
    """The report of a stored folder as .html and, with Typst, .pdf; its figures are left in `drawings`."""
    s, words = read_json(folder / "result.json"), language(language_name)
    stamp = read_json(folder / "provenance.json")["computed_utc"]
    figures = draw_flights(s, folder, drawings, words)
    content = compose(s, figures, words, stamp)
    files = {".html": as_page(content, figures).encode()}
    return files | ({".pdf": as_pdf(content, figures)} if pdf_can_be_made() else {})


def compose(s: Mapping[str, Any], figures: Mapping[str, str], words: Words, stamp: str) -> Content:
    """The whole report of `result.json`; `figures` are drawn ones by name."""
    sections = (
        _spread(s, words), _loads(s, words), _impacts(s, words), _failures(s, words), _drivers(s, words),
        Section("figures", words("Figures"), (Figures(tuple(figures), wide=True),)) if figures else None,
        _inputs(s, words), _provenance(s, words),
    )  # fmt: skip
    used = {row["grade"] for row in s["inputs"]}
    meant = ", ".join(f"{sign} {words(GRADE_NAMES[grade])}" for grade, sign in MARKS.items() if grade in used)
    return Content(
        language=words.language,
        title=words("{mission}: {n} flights", mission=words.said(s["title"]), n=words.number(s["flights"])),
        subtitle=" · ".join(words.said(s[key]) for key in ("vehicle", "site", "guidance")),
        answer=_answer(s, words),
        sections=tuple(section for section in sections if section is not None),
        legend=words("Marks: {meant}.", meant=meant) if meant else "",
        footer=words("Baiterek plans flights; it does not clear them. Nothing here is a safety analysis."),
        hash=s["run"],
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions={name: words(CAPTIONS[name]) for name in figures},
        stamp=stamp,
    )


def terminal(s: Mapping[str, Any], words: Words | None = None) -> str:
    """The summary in some lines for a terminal."""
    words = words or language()
    flown = words("{n} of {of} flights flown to their end", n=words.number(s["flown"]), of=words.number(s["flights"]))
    lines = [words.said(s["title"]), f"  {words.said(s['guidance'])}: {flown}"]
    failed = s.get("drawn", s["flights"]) - s["flights"]
    if failed > 0:
        lines.append("  " + words("with a failure, and not among them: {n}", n=words.number(failed)))
    if s["reserve"]:
        reserve_kg = interval(s["reserve"]["reserve_kg"], words, 0) + " " + words("kg")
        lines.append(f"  {_reserve_label(s, words)}: {reserve_kg}")
        reach = words("Reach the energy of the target")
        lines.append(f"  {reach}: {_percent(s['reserve']['reached'], words)}")
    bias_word, sigma_word, beyond_word = words("bias"), words("sigma"), words("beyond the limit")
    for name, off in s["insertion"]["off"].items():
        label, unit, factor, digits = SHOWN[name]
        bias, sigma = (_n(off[key], factor, digits, words) for key in ("bias", "sigma"))
        lines.append(f"  {words(label):<44} {bias_word} {bias:>10}  {sigma_word} {sigma:>10} {_unit(unit, words)}")
    for row in s["loads"]:
        label, unit, factor, digits = SHOWN[row["name"]]
        beyond = f"; {beyond_word}: {_percent(row['beyond'], words)}" if row["beyond"] else ""
        value, percent = interval(row["quantile_0.9973"], words, digits, factor), words.number(99.73, 2)
        lines.append(f"  {words(label):<44} {value} {_unit(unit, words)} ({percent} %){beyond}")
    return "\n".join(lines)


def interval(found: Any, words: Words, digits: int, factor: float = 1.0) -> str:
    """`12.3 (11.8 to 12.9)`; a side that so few flights cannot bound is left open."""
    value, between = _interval(found, words, digits, factor)
    return f"{value} {between}"


def _interval(found: Any, words: Words, digits: int, factor: float = 1.0) -> tuple[str, str]:
    value, low, high = (words.number(None if each is None else each * factor, digits) for each in found)
    return value, words("({low} to {high})", low=low, high=high)


def _n(value: float | None, factor: float, digits: int, words: Words) -> str:
    return words.number(None if value is None else value * factor, digits)


def _unit(unit: str, words: Words) -> str:
    return words(unit) if unit else ""


def _percent(found: Any, words: Words) -> str:
    return interval(found, words, 2, 100.0) + " %"


def _reserve_label(s: Mapping[str, Any], words: Words) -> str:
    return words("Propellant reserve for {part} % of the flights", part=words.number(100 * s["reserve"]["for"], 2))


def _answer(s: Mapping[str, Any], words: Words) -> Answer:
    reserve, whole, open_loop = s["reserve"], s["flown"] == s["flights"], s["guidance"] == "open loop"
    ended = words("{n} of {of} to their end", n=words.number(s["flown"]), of=words.number(s["flights"]))
    facts = [
        (words("Flights"), Cell(ended, tone="good" if whole else "bad")),
        (words("Guidance"), Cell(words.said(s["guidance"]), tone="bad" if open_loop else "")),
    ]
    if reserve:
        facts.append((words("Reach the energy of the target"), Cell(_percent(reserve["reached"], words))))
    for row in s["loads"]:
        load = SHOWN[row["name"]][0]
        if row["beyond"]:
            facts.append((words("{load} beyond its limit", load=words(load)), Cell(_percent(row["beyond"], words))))
    used = {row["grade"] for row in s["inputs"]}
    marks = "".join(sign for grade, sign in MARKS.items() if grade in used)
    if reserve is None:
        value, spread, title = Cell(words.number(s["flights"])), "", words("Flights")
    else:
        title = _reserve_label(s, words)
        reserve_kg, between = _interval(reserve["reserve_kg"], words, 0)
        value = Cell(reserve_kg + " " + words("kg"), marks)
        confidence = words.number(100 * s["confidence"])
        spread = words("{between}, {confidence} % confidence", between=between, confidence=confidence)
    warnings = (words(OPEN_LOOP),) if open_loop else (words(PERFECT),) if s.get("perfect_navigation") else ()
    return Answer(title, value, spread, whole, tuple(facts), warnings, words(RESERVE) if reserve else "")


def _spread(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for name, (label, unit, factor, digits) in SHOWN.items():
        said = s["outputs"].get(name)
        if not said or "sigma" not in said:
            continue
        ends = [_interval(said["quantiles"][p], words, digits, factor) for p in ("0.00135", "0.99865")]
        rows.append(
            (
                Cell(words(label), remark=_unit(unit, words)),
                Cell(_n(said["nominal"], factor, digits, words)),
                Cell(_n(said["mean"][0], factor, digits, words)),
                Cell(_n(said["sigma"][0], factor, digits, words)),
                *(Cell(value, remark=between) for value, between in ends),
            )
        )
    columns = (
        Column(words("Output"), share=4), Column(words("Nominal"), True, 2), Column(words("Mean"), True, 2),
        Column(words("Sigma"), True, 2), Column(f"{words.number(0.135, 3)} %", True, 3),
        Column(f"{words.number(99.865, 3)} %", True, 3),
    )  # fmt: skip
    note = words(INTERVALS, confidence=words.number(100 * s["confidence"]))
    return Section("spread", words("Spread"), (Table(columns, tuple(rows)), Note(note)))


def _loads(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for row in s["loads"]:
        label, unit, factor, digits = SHOWN[row["name"]]
        rows.append(
            (
                Cell(words(label), remark=_unit(unit, words)),
                Cell(_n(row["nominal"], factor, digits, words)),
                Cell(interval(row["quantile_0.9973"], words, digits, factor)),
                Cell(_n(row["greatest"], factor, digits, words)),
                Cell(_n(row["limit"], factor, digits, words)),
                Cell(_percent(row["beyond"], words) if row["beyond"] else "–"),
            )
        )
    columns = (
        Column(words("Load"), share=4), Column(words("Nominal"), True), Column(f"{words.number(99.73, 2)} %", True, 3),
        Column(words("Greatest"), True), Column(words("Limit"), True), Column(words("Flights beyond it"), True, 3),
    )  # fmt: skip
    return Section("loads", words("Worst loads"), (Table(columns, tuple(rows)),))


def _impacts(s: Mapping[str, Any], words: Words) -> Section | None:
    rows = []
    for row in s["impacts"]:
        for drawn in row["ellipses"]:
            axes = " × ".join(words.thousandth(axis) for axis in drawn["half_axes_m"])
            rows.append(
                (
                    Cell(words.said(row["body"])),
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
        Column(words("Body")), Column(words("Came down"), True), Column(words("Middle, deg"), True, 2),
        Column(words("Ellipse of"), True), Column(words("Half axes, km"), True, 2), Column(words("Azimuth, deg"), True),
        Column(words("Points within"), True),
    )  # fmt: skip
    return Section("impacts", words("Impact points"), (Table(columns, tuple(rows)), Note(words(ELLIPSES))))


def _failures(s: Mapping[str, Any], words: Words) -> Section | None:
    rows = []
    for row in s.get("failures", ()):  # runs of before have none
        there = row["middle_deg"][0] is not None
        rows.append(
            (
                Cell(row["name"], mark(row["grade"]), kind="code"),
                Cell(words.number(100 * row["probability"], 2)),
                Cell(words.number(row["flights"])),
                Cell(words.number(row["happened"])),
                Cell(words.number(row["in_orbit"])),
                Cell(words.number(row["came_down"])),
                Cell(", ".join(words.number(each, 2) for each in row["middle_deg"]) if there else "–"),
            )
        )
    if not rows:
        return None
    columns = (
        Column(words("Case"), share=3), Column(words("Probability, %"), True), Column(words("Flights"), True),
        Column(words("Happened"), True), Column(words("In orbit all the same"), True), Column(words("Came down"), True),
        Column(words("Middle, deg"), True, 2),
    )  # fmt: skip
    return Section("failures", words("Failures"), (Table(columns, tuple(rows)), Note(words(FAILURES))))


def _drivers(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for name, (label, _, _, _) in SHOWN.items():
        found = s["drivers"].get(name)
        if found and found["groups"]:
            first = "; ".join(
                f"{group_name(group['name'], words)} {words.number(100 * group['part'], 1)} %" for group in found["groups"][:4]
            )
            rows.append((Cell(words(label)), Cell(words.number(100 * found["r2"], 1)), Cell(first)))
    if not rows:
        too_few = words("Too few flights for a regression on {n} inputs.", n=len(s["inputs"]))
        return Section("drivers", words("What drives each output"), (Note(too_few),))
    columns = (
        Column(words("Output"), share=3), Column(words("Explained, %"), True),
        Column(words("Of its variance, the greatest first"), share=6),
    )  # fmt: skip
    return Section("drivers", words("What drives each output"), (Table(columns, tuple(rows)), Note(words(DRIVERS))))


def _inputs(s: Mapping[str, Any], words: Words) -> Section:
    rows, profiles = [], dict[str, list[Mapping[str, Any]]]()
    for row in s["inputs"]:
        path, at, _ = row["path"].partition(".at_")
        if at:
            profiles.setdefault(path, []).append(row)
            continue
        sigma = words.significant(row["sigma"], 4)
        rows.append(_input(path, row, words.significant(row["value"]), sigma, words))
    for path, listed in profiles.items():
        least, most = (words.significant(end(row["sigma"] for row in listed), 4) for end in (min, max))
        sigma = least if least == most else words("{low} to {high}", low=least, high=most)
        rows.append(_input(f"{path} × {len(listed)}", listed[0], words.significant(listed[0]["value"]), sigma, words))
    columns = (
        Column(words("Number, SI"), share=5),
        Column(words("Value"), True),
        Column(words("Sigma"), True),
        Column(words("Distribution")),
        Column(words("Source")),
    )
    unfelt = ", ".join(datum_name(path, words) for path in s["unfelt"])
    note = words("With a sigma, but not felt by a flight of given steering: {numbers}.", numbers=unfelt)
    return Section("inputs", words("What was dispersed"), (Table(columns, tuple(rows)), *((Note(note),) if unfelt else ())))


def _input(path: str, row: Mapping[str, Any], value: str, sigma: str, words: Words) -> tuple[Cell, ...]:
    name = Cell(path, mark(row["grade"]), kind="code")
    return name, Cell(value), Cell(sigma), Cell(words.said(row["distribution"])), Cell(row["source"], kind="code")


def _provenance(s: Mapping[str, Any], words: Words) -> Section:
    asked = s["asked"]
    n, drawn = words.number(asked["flights"]), DESIGN_NAMES[asked["design"]]
    rows = [
        (words("Run"), Cell(s["run"], kind="code")),
        (words("Asked"), Cell(words(ASKED, n=n, seed=asked["seed"], design=words(drawn)))),
    ]
    if s["stopped"]:
        after = words(
            "after {n} flights, by the rule on {output}", n=words.number(s["stopped"]), output=asked["stop"]["output"]
        )
        rows.append((words("Stopped"), Cell(after)))
    return Section("provenance", words("Provenance"), (Pairs(tuple(rows)), Note(words(BESIDE))))
