"""A safety case as a page and a PDF: verdicts first, footprints beside published zones, risk, what it rests on, method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from baiterek.catalogue.hazard_file import CAUSES
from baiterek.reports.content import MARKS, Answer, Bullets, Cell, Column, Content, Figures, Note, Pairs, Section, Table, mark
from baiterek.reports.evidence import GRADE_NAMES
from baiterek.reports.exports.safety import write_safety
from baiterek.reports.figures.safety import CAPTIONS, class_in_words, draw_safety
from baiterek.reports.garbage import no_collection
from baiterek.reports.language import Words, language, later
from baiterek.reports.naming import district_in_words, sentence, zone_in_words
from baiterek.reports.pdf import as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.reports.safety_craft import craft, where
from baiterek.reports.safety_driving import disposed, driving, in_orbit, limits
from baiterek.reports.safety_method import method
from baiterek.study.results import read_json

WHAT = {
    "collective": later("Casualties to be expected among the public, in a flight"),
    "collective_neighbouring": later("The same among neighbouring operations personnel"),
    "individual": later("Greatest individual risk of the public, in a flight"),
    "individual_neighbouring": later("The same of neighbouring operations personnel"),
    "conditional": later("Casualties to be expected if a failure happens, worst phase and cause"),
    "planned_stage": later("Casualties to be expected from one planned fall"),
    "aircraft": later("Probability that an aircraft is hit, if it is there, outside closed areas"),
    "vessel": later("Probability that a ship is hit, if it is there, outside closed areas"),
    "containment": later("Part of planned debris inside its zone, the least of all kinds"),
}
PARTS = ("containment",)
"""Read in %."""
STORED_WORDS = (
    later("shutdown"), later("explosion"), later("turn"), later("nominal"), later("vehicle"), later("engine"), later("payload"),
    later("tank sections"), later("frames and lines"), later("skin"), later("sea and islands without a district"),
    later("tanks"), later("units"), later("structure"), later("panels"),
    later("launch area"), later("stage 1 zone"), later("fairing zone"),
    later("Baykonur Cosmodrome"), later("pad"),
)  # fmt: skip
"""What a case stores in English and `Words.said` finds."""
KINDS = {
    "vehicle": later("Vehicle"), "upper stage": later("Upper stage"),
    "site": later("Site"), "hazards": later("How it fails and what it becomes"),
    "failures": later("Record of failures"), "exposure": later("Exposure of people"), "criteria": later("Rule"),
    "closures": later("Closed areas"), "zones": later("Zones"), "population": later("Population"),
}  # fmt: skip
TABLES = (
    ("by_phase", later("By phase of flight; “nominal” falls on every flight"), later("Phase")),
    ("by_cause", later("By cause"), later("Cause")),
    ("by_district", later("By district"), later("District")),
)
MOST_ROWS = 12
TINY = 1e-9
"""Of a probability: what is left of a difference."""
ELLIPSES = later(
    "Ellipses in two dimensions, full axes, as zone sizes are published: 3 sigma hold 98.89 % of a normal distribution, 97 % "
    "need 2.648 sigma. Brackets: interval of {confidence} % confidence (Clopper and Pearson)."
)
STREWN = later(
    "Without numbers: bodies that fall from nearly orbital speed. Their impact points are strewn over thousands of kilometres, "
    "which no ellipse and no mean point tells; they are counted one by one in the sums, and in footprints.geojson."
)
LAID = later(
    "What a zone of a published size would hold of each kind of piece, laid on its mean point along its longer axis: "
    "reported, "
    "not tuned. No zone of this vehicle is published."
)
MARGIN = later(
    "Margin: how many times what was found the limit allows; below one it is not met. Probabilities and expectations "
    "are for "
    "one flight."
)
SAMPLING = later(
    "Sampling error: standard deviation from the number of draws alone; what is assumed, and the division of the flight "
    "into moments, "
    "are not in it."
)
READING = later(
    "Contours: risk of a person who stays in the open, in one flight. They are as coarse as the moments of failure are "
    "few: between two "
    "moments their islands would run together. Curves: a step an interval of the burns, without what falls on every flight."
)
BESIDE = later(
    "Beside this page: result.json, footprints, contours, closed areas and the corridor (GeoJSON, KML, CZML), impacts.parquet "
    "(sampled impact points), tables as CSV (footprints, risk, risk over time, population, verdicts, driving assumptions, "
    "cut-off lines), the files that it was computed from."
)
ASKED = later("{flights} flights, {moments} moments of failure with {samples} draws for each cause, seed {seed}")


@no_collection()
def render_safety(folder: Path, language_name: str = "en") -> None:
    """Add `figures/*.svg`, KML, CZML, `report.html` and, with Typst, `report.pdf` to the folder of a safety case."""
    write_safety(folder)
    (folder / "figures").mkdir(exist_ok=True)
    for kind, file in composed_safety(folder, language_name, folder / "figures").items():
        (folder / f"report{kind}").write_bytes(file)


def composed_safety(folder: Path, language_name: str, drawings: Path) -> dict[str, bytes]:
    """The report of a stored case as .html and, with Typst, .pdf; its figures are left in `drawings`."""
    s, words = read_json(folder / "result.json"), language(language_name)
    figures = draw_safety(s, folder, words)
    for name, svg in figures.items():
        (drawings / f"{name}.svg").write_text(svg, encoding="utf-8")
    content = compose(s, figures, words, read_json(folder / "provenance.json")["computed_utc"])
    files = {".html": as_page(content, figures).encode()}
    return files | ({".pdf": as_pdf(content, figures)} if pdf_can_be_made() else {})


def rendering(language_name: str) -> Any:
    """`render_safety` in a language, which is checked at once."""
    language(language_name)
    return partial(render_safety, language_name=language_name)


def compose(s: Mapping[str, Any], figures: Mapping[str, str], words: Words, stamp: str) -> Content:
    """The whole report of `result.json`; `figures` are drawn ones by name."""
    sections = (
        _verdicts(s, words), _maps(figures, words), _footprints(s, words), _sizes(s, words), _risk(s, words),
        _conditional(s, words), craft(s, words), driving(s, words), limits(s, words), in_orbit(s, words), disposed(s, words),
        _assumptions(s, words), method(s, words), _provenance(s, words),
    )  # fmt: skip
    used = {grade for file in s["read"] for grade in file["grades"]}
    meant = ", ".join(f"{sign} {words(GRADE_NAMES[grade])}" for grade, sign in MARKS.items() if grade in used)
    lift_off = words.date(s["lift_off"]) if s["lift_off"] else words("no date")
    return Content(
        language=words.language,
        title=words("Safety case: {mission}", mission=words.said(s["title"])),
        subtitle=f"{words.said(s['vehicle'])} · {words.said(s['site']['title'])} · {lift_off}",
        answer=_answer(s, words),
        sections=tuple(section for section in sections if section is not None),
        legend=words("Marks: {meant}; every risk of this page rests on such numbers.", meant=meant) if meant else "",
        footer=words(
            "Baiterek computes; it does not clear a flight. A hearing needs the designer's data in place of what is assumed."
        ),
        hash=s["run"],
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions={name: words(CAPTIONS[name]) for name in figures},
        stamp=stamp,
    )


def _answer(s: Mapping[str, Any], words: Words) -> Answer:
    risk = s["risk"]
    judged = [row for row in s["verdicts"] if row["holds"] is not None]
    exceeded = [row for row in judged if not row["holds"]]
    short = words("{held} of {n} hold; not assessed: {rest}", held=len(judged) - len(exceeded), n=len(judged),
                  rest=len(s["verdicts"]) - len(judged))  # fmt: skip
    facts = (
        (
            words("Limits of the rule"),
            Cell(short, tone="bad" if exceeded else "good", remark=words.said(s["criteria"]["title"])),
        ),
        (words("Of it, what falls on every flight"), Cell(words.significant(risk["planned"], 2))),
        (
            words("Probability that a flight fails"),
            Cell(words.significant(s["failures"]["probability"], 2), _unsure(s, "failures")),
        ),
        (words("Greatest individual risk"), Cell(words.significant(risk["highest_individual"], 2))),
    )
    if (aloft := s["failures"].get("in_orbit", 0.0)) > TINY:
        remark = words("of it {part} with the upper stage in orbit, when nothing comes down", part=words.significant(aloft, 2))
        facts = (*facts[:2], (facts[2][0], replace(facts[2][1], remark=remark)), facts[3])
    warnings = (
        [words("Not met: {criteria}.", criteria="; ".join(_limit(row["what"], words) for row in exceeded))] if exceeded else []
    )
    if s["risk"]["outside"] > 0.01:
        part = words.number(100 * s["risk"]["outside"], 1)
        warnings.append(words("Of one kind of wreckage {part} % falls beside the ground whose people were counted.", part=part))
    return Answer(
        title=_limit("collective", words),
        value=Cell(words.significant(risk["collective"], 2), _unsure(s, "hazards", "failures", "exposure")),
        spread="± " + words("{error} by sampling", error=words.significant(risk["sampling_error"], 1)),
        good=not exceeded,
        facts=facts,
        warnings=tuple(warnings),
        remark="",
    )


def _limit(what: str, words: Words) -> str:
    """What a limit of the rule is about."""
    said = WHAT[what]
    return words(said)


def _kind(file: Mapping[str, Any], words: Words) -> str:
    said = KINDS[file["kind"]]
    return words(said)


def _unsure(s: Mapping[str, Any], *kinds: str) -> str:
    """The marks of what these files hold."""
    grades = {grade for file in s["read"] if file["kind"] in kinds for grade in file["grades"]}
    return "".join(sign for grade, sign in MARKS.items() if grade in grades)


def _verdicts(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for row in s["verdicts"]:
        if row["holds"] is None:
            verdict = Cell(words("not assessed"), tone="soft")
        else:
            verdict = Cell(words("holds") if row["holds"] else words("NOT MET"), tone="good" if row["holds"] else "bad")
        rows.append(
            (
                Cell(_limit(row["what"], words)),
                Cell(_value(row, "found", words), remark=where(s, row["what"], words)),
                Cell(_value(row, "limit", words), MARKS["assumed"] if row["marked"] else ""),
                Cell(_margin(row, words)),
                verdict,
                Cell(sentence(words.said(row["source"]), stop="")),
            )
        )
    columns = (
        Column(words("Limit of the rule"), share=6), Column(words("Found"), True), Column(words("Allowed"), True),
        Column(words("Margin, times"), True), Column(words("Verdict"), share=2), Column(words("Source"), share=4),
    )  # fmt: skip
    note = words(MARGIN)
    notes = tuple(Note(words.said(text)) for text in s["criteria"]["notes"])
    return Section("verdicts", words("Verdicts"), (Table(columns, tuple(rows)), Note(note), *notes))


def _value(row: Mapping[str, Any], key: str, words: Words) -> str:
    if row[key] is None:
        return "–"
    return f"{words.significant(100 * row[key], 3)} %" if row["what"] in PARTS else words.significant(row[key], 2)


def _margin(row: Mapping[str, Any], words: Words) -> str:
    if row["margin"] is None:
        return "–" if row["holds"] is None else words("none is expected")
    return words.significant(row["margin"], 2)


def _maps(figures: Mapping[str, str], words: Words) -> Section | None:
    """Every drawing, and how it is to be read."""
    return (
        Section("maps", words("Maps, and risk over the flight"), (Figures(tuple(figures)), Note(words(READING))))
        if figures
        else None
    )


def _footprints(s: Mapping[str, Any], words: Words) -> Section | None:
    if not s["footprints"]:
        return None
    rows = []
    for row in s["footprints"]:
        if row.get("scattered"):
            none = Cell("–")
            rows.append((Cell(class_in_words(row["body"], words)), Cell(words.number(row["points"])), *(none,) * 6))
            continue
        three, most = (_ellipse(row, least, words) for least in (3.0, 2.6))
        rows.append(
            (
                Cell(class_in_words(row["body"], words)),
                Cell(words.number(row["points"])),
                Cell(f"{words.number(row['latitude_deg'], 3)}, {words.number(row['longitude_deg'], 3)}"),
                Cell(f"{words.number(row['sigma_major_km'], 1)} × {words.number(row['sigma_minor_km'], 1)}"),
                Cell(words.number(row["azimuth_deg"], 1)),
                Cell(three),
                Cell(most),
                _zone(row, words),
            )
        )
    columns = (
        Column(words("Body and pieces"), share=5), Column(words("Points"), True), Column(words("Mean point, deg"), True, 4),
        Column(words("1 sigma, km"), True, 3), Column(words("Azimuth, deg"), True, 2),
        Column(words("3 sigma, full axes, km"), True, 4), Column(words("97 %, full axes, km"), True, 4),
        Column(words("In its zone, %"), True, 4),
    )  # fmt: skip
    zones = tuple(
        (words.said(body), Cell(zone_in_words(zone, words), mark(zone["grade"]))) for body, zone in s["zones"].items()
    )
    note = words(ELLIPSES, confidence=words.number(_confidence(s)))
    strewn = (Note(words(STREWN)),) if any(row.get("scattered") for row in s["footprints"]) else ()
    blocks = (Table(columns, tuple(rows)), Note(note), *strewn, *((Pairs(zones),) if zones else ()))
    return Section("footprints", words("What falls on every flight"), blocks)


def _ellipse(row: Mapping[str, Any], sigmas: float, words: Words) -> str:
    """Full axes of the ellipse of nearly so many sigmas."""
    found = min(row["ellipses"], key=lambda each: abs(each["sigmas"] - sigmas))
    return f"{words.number(found['length_km'], 1)} × {words.number(found['width_km'], 1)}"


def _zone(row: Mapping[str, Any], words: Words) -> Cell:
    zone = row["zone"]
    return Cell("–") if zone is None else Cell(_part(zone, words), MARKS["assumed"] if zone["assumed"] else "")


def _part(found: Mapping[str, Any], words: Words) -> str:
    part, low, high = (words.number(100 * found[key], 1) for key in ("part", "low", "high"))
    return f"{part} " + words("({low} to {high})", low=low, high=high)


def _confidence(s: Mapping[str, Any]) -> float:
    return 100 * float(s["footprints"][0]["sizes"][0]["confidence"])


def _sizes(s: Mapping[str, Any], words: Words) -> Section | None:
    """The published sizes, and what each would hold."""
    if not s["footprints"]:
        return None
    columns = [Column(words("Body and pieces"), share=4), Column(words("1 sigma, km"), True)]
    for size in s["sizes"]:
        axes = words("{length} × {width} km", length=words.number(size["length_km"]), width=words.number(size["width_km"]))
        named = "" if "×" in size["name"] else f"{words.said(size['name'])} "
        columns.append(Column(f"{named}{axes}, %", True, 3))
    rows = tuple(
        (
            Cell(class_in_words(row["body"], words)),
            Cell(f"{words.number(row['sigma_major_km'], 1)} × {words.number(row['sigma_minor_km'], 1)}"),
            *(Cell(_part(found, words)) for found in row["sizes"]),
        )
        for row in s["footprints"]
        if not row.get("scattered")
    )
    told = Bullets(tuple(sentence(words.said(size["source"])) for size in s["sizes"]))
    return Section("sizes", words("Beside published zones"), (Table(tuple(columns), rows), Note(words(LAID)), told))


def _risk(s: Mapping[str, Any], words: Words) -> Section:
    blocks: list[Table | Note] = []
    total = s["risk"]["collective"]
    for kind, title, of in TABLES:
        listed = list(s["risk"][kind].items())
        errors = s["sampling_error"].get(kind, {})
        rows = tuple(
            (
                Cell(_sum_in_words(s, kind, name, words)),
                Cell(words.significant(value, 2)),
                Cell(words.significant(errors[name], 1) if name in errors else "–"),
                Cell(words.number(100 * value / total, 1) if total else "–"),
            )
            for name, value in listed[:MOST_ROWS]
        )
        columns = (
            Column(words(of), share=5), Column(words("Casualties to be expected"), True, 3),
            Column(words("Sampling error"), True, 3), Column(words("Part, %"), True, 2),
        )  # fmt: skip
        blocks += [Note(words(title), tone=""), Table(columns, rows)]
        if len(listed) > MOST_ROWS:
            rest = words.significant(sum(value for _, value in listed[MOST_ROWS:]), 2)
            blocks.append(Note(words("{n} more, {sum} together.", n=len(listed) - MOST_ROWS, sum=rest)))
    when = words("night") if s["night"] else words("day")
    counted = words.number(s["risk"]["people"])
    people = words("People in the rectangle of ground that was counted: {n}, as by {when}.", n=counted, when=when)
    return Section("risk", words("Risk to people"), (*blocks, Note(f"{words(SAMPLING)} {people}")))


def _sum_in_words(s: Mapping[str, Any], kind: str, name: str, words: Words) -> str:
    """A row of the sums: what falls on every flight has the body's name for its cause."""
    if kind == "by_district":
        of = s["districts"][name]
        own = district_in_words(of["name"], of["name_ru"], words)
        return f"{words.territory(of['country'])}: {own}" if of["code"] else words.said(own)
    if kind == "by_cause" and name not in CAUSES:
        return words("planned fall: {body}", body=words.said(name))
    return words.said(name)


def _conditional(s: Mapping[str, Any], words: Words) -> Section | None:
    errors = s["sampling_error"]["conditional"]
    rows = tuple(
        (
            Cell(", ".join(words.said(part) for part in name.split(", "))),
            Cell(words.significant(value, 2)),
            Cell(words.significant(errors.get(name), 1)),
        )
        for name, value in s["risk"]["conditional"].items()
    )
    columns = (
        Column(words("Phase and cause"), share=5), Column(words("Casualties, if it happens"), True, 3),
        Column(words("Sampling error"), True, 3),
    )  # fmt: skip
    return Section("conditional", words("If a failure happens"), (Table(columns, rows),)) if rows else None


def _assumptions(s: Mapping[str, Any], words: Words) -> Section:
    rows = tuple(
        (
            Cell(_kind(file, words), "".join(mark(grade) for grade in file["grades"])),
            Cell(words.said(file["title"])),
            Cell(", ".join(words(GRADE_NAMES[grade]) for grade in file["grades"]) or "–"),
        )
        for file in s["read"]
    )
    columns = (
        Column(words("What was read"), share=3),
        Column(words("Title"), share=6),
        Column(words("Grades of its numbers"), share=3),
    )
    notes = tuple(dict.fromkeys(sentence(words.said(text)) for text in s["assumptions"]))
    return Section("assumptions", words("What it rests on"), (Table(columns, rows), Bullets(notes)))


def _provenance(s: Mapping[str, Any], words: Words) -> Section:
    asked = {key: words.number(s["asked"][key]) for key in ("flights", "moments", "samples", "seed")}
    rows = (
        (words("Run"), Cell(s["run"], kind="code")),
        (words("Asked"), Cell(words(ASKED, **asked))),
        (words("Payload"), Cell(f"{words.number(s['payload_kg'], 1)} {words('kg')}")),
    )
    return Section("provenance", words("Provenance"), (Pairs(rows), Note(words(BESIDE))))
