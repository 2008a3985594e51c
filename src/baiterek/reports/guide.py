"""A payload planner's guide, page and PDF: every number read from maps, a reference flight and the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from baiterek.reports.content import Content, Figures, Marks, Note, Section
from baiterek.reports.evidence import assumptions, legend, sources, uncertainty
from baiterek.reports.figures import draw, linked_script
from baiterek.reports.guide_accuracy import accuracy
from baiterek.reports.guide_performance import CAPTIONS, FIGURES, circular, ellipses, with_upper_stage
from baiterek.reports.guide_rules import ground_rules, loads, revision
from baiterek.reports.guide_vehicle import fairing, upper_stages, vehicle
from baiterek.reports.language import Words, language
from baiterek.reports.pdf import pdf_can_be_made
from baiterek.reports.performance import map_svg
from baiterek.reports.prices import prices
from baiterek.reports.render import KINDS, Composed
from baiterek.reports.sections import TITLES, answer, events, falls, marks_of_answer, orbit
from baiterek.study.folder import written_whole
from baiterek.study.guide import Guide

PROFILE = ("altitude", "speed", "mass", "throttle")
MAPS = ("profile", "ground-track", "drop-zones")
LOADS = ("acceleration", "dynamic-pressure", "q-alpha", "heat-flux")


def write_guide(guide: Guide, language_name: str = "en") -> list[Path]:
    """`guide.html` and, with Typst, `guide.pdf` in the guide's folder; `guide-ru.*` in Russian. Returns the files."""
    composed = compose_guide(guide, language(language_name))
    name = "guide" if language_name == "en" else f"guide-{language_name}"
    files = [guide.folder / f"{name}{kind}" for kind in (KINDS if pdf_can_be_made() else KINDS[:1])]
    for file in files:
        written_whole(file, partial(_write, composed))
    return files


def _write(composed: Composed, file: Path) -> list[Path]:
    file.write_bytes(composed.as_file(file.suffix))
    return [file]


def compose_guide(guide: Guide, words: Words) -> Composed:
    """The guide before it is a page or a PDF, its figures drawn."""
    with TemporaryDirectory() as scratch:
        drawn = draw(guide.reference, Path(scratch), words)
    shown = {name: drawn[name] for name in ("vehicle", *PROFILE, *MAPS, *LOADS) if name in drawn}
    script = linked_script(guide.reference, words, {name: figure.link for name, figure in shown.items()})
    figures = {name: figure.svg for name, figure in shown.items()}
    for name, document in guide.maps.items():
        if any(cell["payload_kg"] is not None for cell in document["cells"]):
            figures[FIGURES[name]] = map_svg(document, guide.facts["maps"][name], words)
    captions = {name: words((TITLES | CAPTIONS)[name]) for name in figures}
    return Composed(_content(guide, captions, words), figures, script)


def _content(guide: Guide, captions: Mapping[str, str], words: Words) -> Content:
    s = guide.reference.summary
    marks = Marks(s["data"])
    first = answer(s, marks, words)
    title = words("Greatest payload of the reference mission") if first.good else first.title
    made = words("generated from the model; nothing in it is written by hand")
    return Content(
        language=words.language,
        title=words("{vehicle}: payload planner's guide", vehicle=words.said(s["vehicle"]["title"])),
        subtitle=f"{words.said(s['site']['title'])} · {made}",
        answer=replace(first, title=title),
        sections=tuple(section for section in _sections(guide, marks, captions, words) if section is not None),
        legend=legend(s, words),
        footer=words(
            "No document of the launcher's maker: a model of it from public and assumed data. Baiterek plans flights; it does "
            "not clear them. Nothing here is a safety analysis."
        ),
        hash=guide.facts["hash"],
        run_label=words("guide"),
        page_label=words("page {n} of {of}"),
        captions=captions,
        stamp=guide.reference.provenance["computed_utc"],
        contents=words("Contents"),
    )


def _sections(guide: Guide, marks: Marks, captions: Mapping[str, str], words: Words) -> Iterable[Section | None]:
    s = guide.reference.summary
    felt = marks_of_answer(s, marks)

    def there(*names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in captions)

    yield vehicle(guide, there("vehicle"), words)
    yield circular(guide, felt, there("payload-map"), words)
    yield ellipses(guide, felt, there("payload-apogee"), words)
    yield with_upper_stage(guide, felt, captions, words)
    yield _reference(guide, there(*PROFILE), words)
    yield events(s, marks, words)
    if there(*MAPS):
        yield Section("map", words("Where it flies"), (Figures(there(*MAPS), wide=True),))
    yield orbit(s, "", words)
    yield falls(s, marks, words)
    yield accuracy(guide, words)
    yield loads(guide, there(*LOADS), words)
    yield fairing(guide, words)
    yield ground_rules(guide, words)
    yield upper_stages(guide, words)
    yield prices(s, marks, words)
    yield uncertainty(s, marks, words)
    yield assumptions(s, words)
    yield sources(s, words)
    yield revision(guide, words)


def _reference(guide: Guide, figures: tuple[str, ...], words: Words) -> Section:
    """The mission that the profile, the environments and the spread are of."""
    s = guide.reference.summary
    text = words(
        "{mission}. Profile, environments and accuracy below are of this flight; the maps above keep its limits.",
        mission=words.said(s["title"]),
    )
    return Section(
        "mission",
        words("The reference mission"),
        (Note(text, tone=""), Figures(figures)) if figures else (Note(text, tone=""),),
    )
