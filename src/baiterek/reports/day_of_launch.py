"""The day of launch on one page: GO or NO-GO first, then every criterion with its reason, drop points, wind and loads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from baiterek.reports.content import Answer, Cell, Column, Content, Figures, Note, Section, Table
from baiterek.reports.figures.day import draw_day
from baiterek.reports.language import Words, language, later
from baiterek.reports.pdf import as_pdf, pdf_can_be_made
from baiterek.reports.report import as_page
from baiterek.study.results import read_json

NAMES = {
    "programme for the measured wind": later("Programme for the measured wind"),
    "dynamic pressure": later("Dynamic pressure"),
    "q alpha with gust": later("Dynamic pressure × angle of attack, with gust"),
    "axial acceleration": later("Axial acceleration"),
    "angle of attack": later("Angle of attack in dense air"),
    "margin": later("Margin"),
    "wind measured where loads peak": later("Wind measured where loads peak"),
}
SHOWN = {
    "Pa": (1e-3, "kPa", 2),
    "Pa rad": (1e-3, "kPa rad", 2),
    "m/s2": (1.0, "m/s²", 2),
    "deg": (1.0, "deg", 2),
    "kg": (1.0, "kg", 1),
}
"""Unit of a criterion -> factor, unit and decimals on the page."""
DECISIONS = {"GO": later("GO"), "NO-GO": later("NO-GO")}
CAPTIONS = {"wind": later("Wind"), "q-alpha": later("q alpha in the measured wind")}
FRESH_h = 24.0
"""An older sounding, or one from after the lift-off, is of another day's weather (assumed)."""
MEANING = later(
    "As planned: the steering for the mission's own wind, open loop, in the measured wind. Biased: planned again for the "
    "measured wind, smoothed, and flown in all of it. GO: the biased programme meets every criterion."
)
GUST = later(
    "Pale area: a gust of {gust} m/s across the flow (NASA's discrete gust of Apollo and the Shuttle is 9 m/s, 60 to 300 m; "
    "Leahy 2008), rigid body. Limits are the mission's."
)


def render_day(folder: Path, language_name: str = "en") -> None:
    """Add `report.html`, with Typst `report.pdf`, and `figures/*.svg` to the folder of a day of launch."""
    s, words = read_json(folder / "result.json"), language(language_name)
    figures = draw_day(s, words)
    (folder / "figures").mkdir(exist_ok=True)
    for name, svg in figures.items():
        (folder / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    content = compose(s, words, read_json(folder / "provenance.json")["computed_utc"])
    (folder / "report.html").write_text(as_page(content, figures), encoding="utf-8")
    if pdf_can_be_made():
        (folder / "report.pdf").write_bytes(as_pdf(content, figures))


def compose(s: Mapping[str, Any], words: Words, stamp: str) -> Content:
    """The whole page of `result.json`."""
    lift_off = words.date(s["lift_off"]) if s["lift_off"] else words("no date")
    return Content(
        language=words.language,
        title=f"{words('Day of launch')}: {words.said(s['vehicle'])}",
        subtitle=f"{words.said(s['title'])} · {words.said(s['site'])} · {lift_off}",
        answer=_answer(s, words),
        sections=(_criteria(s, words), _drops(s, words), _figures(s, words)),
        legend="",
        footer=words("Baiterek plans flights; it does not clear them. Nothing here is a safety analysis."),
        hash=s["run"],
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions={name: words(text) for name, text in CAPTIONS.items()},
        stamp=stamp,
    )


def _unsure(inputs: Mapping[str, int], words: Words) -> str:
    text = words("▲ {unsure} of {all} inputs are fitted, assumed or weakly sourced", **inputs)
    return f"{text}." if inputs["unsure"] else ""


def terminal(s: Mapping[str, Any], words: Words) -> str:
    """The decision and every reason, in a fixed-width font."""
    decision, alone = (words(DECISIONS[s[key]]) for key in ("decision", "unbiased_alone"))
    lines = [f"{decision}: {words.said(s['title'])}", f"  {sounding_in_words(s, words)}"]
    width = max(len(_name(row, words)) for row in s["criteria"])
    for row in s["criteria"]:
        verdict = words("met") if row["met"] else words("NOT MET")
        numbers = f"{_value(row, 'biased', words)} / {_value(row, 'limit', words)}" if row["limit"] is not None else ""
        lines.append(f"  {_name(row, words):<{width}}  {verdict:<8} {numbers:>20}  {words.said(row['reason'])}")
    lines.append(f"  {words('As planned, without a new programme')}: {alone}")
    lines += [f"  {warning}" for warning in _warnings(s, words)]
    return "\n".join(lines)


def sounding_in_words(s: Mapping[str, Any], words: Words) -> str:
    """Station, hour, strongest wind."""
    of = s["sounding"]
    taken = words.date(of["utc"]) if of["utc"] else words("no date")
    return f"{of['station'] or of['file']}, {taken}; {words('strongest')} {_strongest(of, words)}"


def _strongest(of: Mapping[str, Any], words: Words) -> str:
    return words(
        "{speed} m/s from {direction}° at {altitude} km",
        speed=words.number(of["strongest_m_s"], 1),
        direction=words.number(of["strongest_from_deg"]),
        altitude=words.thousandth(of["strongest_at_m"]),
    )


def _name(row: Mapping[str, Any], words: Words) -> str:
    body = row["name"].removeprefix("drop zone of ")
    name = row["name"] if body == row["name"] else None
    return words(NAMES[name]) if name else words("Drop zone of {body}", body=words.said(body))


def _value(row: Mapping[str, Any], key: str, words: Words) -> str:
    found = row[key]
    if found is None or isinstance(found, str):
        return words.said(found) if found else "–"
    factor, unit, digits = SHOWN[row["unit"]]
    return f"{words.number(found * factor, digits)} {words(unit)}"


def _answer(s: Mapping[str, Any], words: Words) -> Answer:
    go, of = s["decision"] == "GO", s["sounding"]
    decision, alone = (words(DECISIONS[s[key]]) for key in ("decision", "unbiased_alone"))
    facts = (
        (words("As planned alone"), Cell(alone, tone="good" if s["unbiased_alone"] == "GO" else "bad")),
        (words("Strongest wind"), Cell(_strongest(of, words))),
        (words("Sounding"), Cell(of["station"] or of["file"], remark=words.date(of["utc"]) if of["utc"] else "")),
    )
    unmet = "; ".join(_name(row, words) for row in s["criteria"] if not row["met"])
    said = [words("Not met: {criteria}.", criteria=unmet)] if unmet else []
    spread = words("with the biased programme")
    return Answer(words("Decision"), Cell(decision), spread, go, facts, (*said, *_warnings(s, words)), "")


def _warnings(s: Mapping[str, Any], words: Words) -> list[str]:
    """What keeps the decision from being one: a balloon of another day, or of no known hour."""
    before = s["sounding"]["hours_before_lift_off"]
    if before is None:
        return [words("The sounding does not say when it was taken.")]
    if 0.0 <= before <= FRESH_h:
        return []
    days = words.number(before / 24.0, 1)
    return [words("The sounding was taken {days} days before lift-off: this is an exercise, no decision.", days=days)]


def _criteria(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for row in s["criteria"]:
        tones = ("" if row[key] is None else "good" if met else "bad" for key, met in
                 (("unbiased", row["met_unbiased"]), ("biased", row["met"])))  # fmt: skip
        rows.append(
            (
                Cell(_name(row, words)),
                Cell(_value(row, "limit", words)),
                *(Cell(_value(row, key, words), tone=tone) for key, tone in zip(("unbiased", "biased"), tones, strict=True)),
                Cell(
                    f"{words('met') if row['met'] else words('not met')}: {words.said(row['reason'])}",
                    tone="good" if row["met"] else "bad",
                ),
            )
        )
    columns = (
        Column(words("Criterion"), share=9), Column(words("Allowed"), True, 4), Column(words("As planned"), True, 4),
        Column(words("Biased"), True, 4), Column(words("Reason"), share=10),
    )  # fmt: skip
    return Section(
        "criteria", words("Criteria"), (Table(columns, tuple(rows)), Note(f"{words(MEANING)} {_unsure(s['inputs'], words)}"))
    )


def _drops(s: Mapping[str, Any], words: Words) -> Section:
    rows = []
    for row in s["drops"]:
        cells = [_moved(row[name], words) if row.get(name) else Cell("–") for name in ("unbiased", "biased")]
        rows.append((Cell(words.said(row["body"])), Cell(_place(row["planned"], words)), *cells, Cell(row["zone"] or "–")))
    columns = (
        Column(words("Body"), share=4), Column(words("Planned, deg"), True, 3), Column(words("As planned, moved by"), True, 6),
        Column(words("Biased, moved by"), True, 6), Column(words("Zone"), share=4),
    )  # fmt: skip
    return Section("drops", words("Drop points"), (Table(columns, tuple(rows)),))


def _place(place: Mapping[str, float], words: Words) -> str:
    return f"{words.number(place['latitude_deg'], 3)}, {words.number(place['longitude_deg'], 3)}"


def _moved(found: Mapping[str, Any], words: Words) -> Cell:
    tone = "" if found["inside"] is None else "good" if found["inside"] else "bad"
    far = words(
        "{km} km to {azimuth}°", km=words.thousandth(found["moved_m"]), azimuth=words.number(found["moved_azimuth_deg"])
    )
    within = "" if found["inside"] is None else f", {words('inside') if found['inside'] else words('outside')}"
    return Cell(far + within, tone=tone)


def _figures(s: Mapping[str, Any], words: Words) -> Section:
    gust = words(GUST, gust=words.number(s["gust"]["amplitude_m_s"], 1))
    return Section("figures", words("Wind and loads"), (Figures(tuple(CAPTIONS)), Note(gust)))


def rendering(language_name: str) -> Any:
    """`render_day` in a language, which is checked at once."""
    language(language_name)
    return partial(render_day, language_name=language_name)
