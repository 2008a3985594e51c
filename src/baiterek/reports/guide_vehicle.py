"""The guide's chapters on what the vehicle is: stages, fairing, upper stages of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from baiterek.reports.content import Block, Bullets, Cell, Column, Figures, Note, Pairs, Section, Table, mark
from baiterek.reports.evidence import GRADE_NAMES
from baiterek.reports.language import Words, later
from baiterek.reports.naming import quantity, sentence, with_unit
from baiterek.study.guide import Guide

OF_A_STAGE = (
    "dry_mass_kg", "interstage_kg", "propellant_kg", "oxidiser_kg", "fuel_kg", "residual_kg", "oxidiser_residual_kg",
    "fuel_residual_kg", "thrust_vac_N", "thrust_sl_N", "thrust_N", "isp_vac_s", "exhaust_speed_m_s", "burn_time_s",
    "mixture_ratio", "throttle_min", "throttle_max",
)  # fmt: skip
"""What a planner asks of a stage or a booster, in this order; all other numbers stand among the assumptions."""
WHOLE = {
    "lift_off_mass_kg": later("Mass at lift-off"),
    "payload_leo_200_kg": later("Payload to 200 km"),
    "payload_crewed_kg": later("Payload, crewed variant"),
    "length_m": later("Length of the whole vehicle"),
    "stage_firing_s": later("Firing of the first stage on the stand"),
}
UPPER = (
    # key, heading, factor, digits
    ("dry_mass_kg", later("Dry mass, kg"), 1.0, 0),
    ("propellant_kg", later("Propellant, kg"), 1.0, 0),
    ("thrust_N", later("Thrust, kN"), 1e-3, 1),
    ("isp_s", later("Specific impulse, s"), 1.0, 0),
    ("ignitions", later("Ignitions"), 1.0, 0),
    ("life_s", later("Life, h"), 1.0 / 3600.0, 1),
    ("adapter_kg", later("Adapter, kg"), 1.0, 0),
)
GAIN_WITH = "2000 kg"
UNKNOWN = later("unknown")


def vehicle(guide: Guide, figures: tuple[str, ...], words: Words) -> Section:
    """The drawing, every number of the stages with its sigma and mark, and what others publish of the whole."""
    s = guide.reference.summary
    drawn: list[Block] = [Figures(figures, wide=True)] if figures else []
    note = words("Value ± one standard deviation; thrust is that of one engine, masses are of one stage or booster.")
    return Section("vehicle", words("The vehicle"), (*drawn, _stages(guide, words), Note(note), *_published(s, words)))


def fairing(guide: Guide, words: Words) -> Section:
    """What is known of the room for the payload, and what is not."""
    s = guide.reference.summary
    part = next((part for part in s["vehicle"]["parts"] if part["name"] == "fairing"), None)
    if part is None:
        return Section("fairing", words("Fairing"), (Note(words("This vehicle flies without a fairing."), tone=""),))
    grades = {source["tag"]: source["grade"] for source in s["sources"]}
    rows = []
    for key, title in (("length_m", words("Length outside")), ("diameter_m", words("Diameter outside"))):
        datum = s["published"].get(f"shroud.{key}")
        said = Cell(words(UNKNOWN), tone="soft")
        if datum:
            sure = _spread(datum["value"], datum["sigma"], words("m"), words)
            said = Cell(sure, mark(grades.get(datum["source"], "")))
        rows.append((title, said))
    rows += [
        (words("Mass"), _of(s, "shroud.mass_kg", words)),
        (words("Released when"), _of(s, "shroud.threshold", words)),
        (words("Released at"), _released(s, words)),
    ]
    unknown = (words("Usable volume and diameter"), words("Adapters and separation systems"), words("Doors and cleanliness"))
    rows += [(title, Cell(words(UNKNOWN), tone="soft")) for title in unknown]
    note = words(
        "The outside dimensions say nothing of the usable volume: walls, dynamic clearance and adapter are not public."
    )
    return Section("fairing", words("Fairing"), (Pairs(tuple(rows)), Note(note)))


def upper_stages(guide: Guide, words: Words) -> Section | None:
    """The catalogue's upper stages side by side, with the gain that each has by itself."""
    stages = guide.facts["upper_stages"]
    if not stages:
        return None
    rows, remarks = [], []
    for stage in stages:
        numbers = {row["number"]: row for row in stage["numbers"]}
        cells = [
            Cell(words.number(row["value"] * factor, digits), mark(row["grade"])) if (row := numbers.get(key)) else Cell("–")
            for key, _, factor, digits in UPPER
        ]
        marks = "".join(sorted({mark(row["grade"]) for row in stage["numbers"]}))
        rows.append((Cell(words.said(stage["title"])), *cells, Cell(words.number(stage["gain_m_s"][GAIN_WITH]), marks)))
        remarks.append(f"{words.said(stage['title'])}: {' '.join(words.said(note) for note in stage['notes'])}")
    columns = (
        Column(words("Upper stage"), share=4), *(Column(words(title), True, 3) for _, title, _, _ in UPPER),
        Column(words("Gain with 2 t, m/s"), True, 3),
    )  # fmt: skip
    note = words(
        "Gain: ideal velocity of one burn with 2 t of payload, drop tanks emptied and left first, residuals and disposal "
        "reserve held back."
    )
    if guide.facts["upper_stage"] is None:
        note += " " + words("Payload with an upper stage is not in this guide: its maps are of direct injection.")
    blocks = (Table(columns, tuple(rows)), Note(note), Bullets(tuple(remarks)), _upper_sources(stages, words))
    return Section("upper-stages", words("Upper stages of the catalogue"), blocks)


def _upper_sources(stages: list[Mapping[str, Any]], words: Words) -> Table:
    cited: dict[tuple[str, str, str], list[str]] = {}
    for stage in stages:
        for source in stage["sources"]:
            key = (source["grade"], source["text"], source.get("url", ""))
            cited.setdefault(key, []).append(words.said(stage["title"]))
    rows = tuple(
        (Cell(", ".join(of)), Cell(words(GRADE_NAMES[grade]), mark(grade)), Cell(sentence(words.said(text), stop=""), url=url,
         remark=words("link") if url else ""))
        for (grade, text, url), of in cited.items()
    )  # fmt: skip
    return Table((Column(words("Upper stage"), share=3), Column(words("Grade")), Column(words("Source"), share=4)), rows)


def _stages(guide: Guide, words: Words) -> Table:
    """A column a stage or booster, a row a number."""
    s = guide.reference.summary
    owners = [part for part in s["vehicle"]["parts"] if part["kind"] in ("stage", "booster")]
    found = {(row["path"].partition(".")[0], row["path"].rpartition(".")[2]): row for row in s["data"]}
    rows = [(Cell(words("Engines")), *(_engines(guide.facts["engines"][part["name"]], words) for part in owners))]
    for key in OF_A_STAGE:
        cells = [found.get((part["name"], key)) for part in owners]
        if any(cells):
            title = sentence(words(quantity(key).title), stop="")
            rows.append((Cell(title), *(_datum(row, s, words) if row else Cell("–", tone="soft") for row in cells)))
    heads = (
        words.said(part["name"]) if part["count"] == 1 else f"{part['count']} × {words.said(part['name'])}" for part in owners
    )
    columns = (Column(words("Number"), share=4), *(Column(sentence(head, stop=""), True, 4) for head in heads))
    return Table(columns, tuple(rows))


def _engines(counts: Mapping[str, int], words: Words) -> Cell:
    return Cell(", ".join(f"{count} × {words.said(name)}" for name, count in counts.items()))


def _published(s: Mapping[str, Any], words: Words) -> list[Block]:
    """What others say of the whole vehicle; the model's own numbers stand beside them where it has them."""
    tags = {source["tag"]: source for source in s["sources"]}
    flown = {"lift_off_mass_kg": s["answer"]["lift_off_mass_kg"]}
    target = s["target"] or {}
    if target.get("name") == "leo-200-51.6":
        flown["payload_leo_200_kg"] = s["answer"]["payload_kg"]
    rows = []
    for key, datum in s["published"].items():
        if "." in key:
            continue
        source = tags.get(datum["source"], {"grade": "", "text": ""})
        unit = words(key.rpartition("_")[2])
        ours = words.number(flown[key]) + f" {unit}" if flown.get(key) is not None else "–"
        rows.append((
            Cell(words(WHOLE[key]) if key in WHOLE else key.replace("_", " ")),
            Cell(_spread(datum["value"], datum["sigma"], unit, words), mark(source["grade"])),
            Cell(ours, tone="" if ours != "–" else "soft"),
            Cell(datum["source"], kind="code"),
        ))  # fmt: skip
    columns = (
        Column(words("Of the whole vehicle"), share=4), Column(words("Published"), True),
        Column(words("Reference mission"), True), Column(words("Source")),
    )  # fmt: skip
    return [Table(columns, tuple(rows))] if rows else []


def _datum(row: Mapping[str, Any], s: Mapping[str, Any], words: Words) -> Cell:
    """A number of the vehicle with its spread, unit and mark."""
    found = quantity(row["path"])
    if not row["sigma"]:
        return Cell(with_unit(row["value"], row["path"], s, words), mark(row["grade"]))
    unit = words(found.unit) if found.unit else ""
    return Cell(_spread(row["value"] * found.factor, row["sigma"] * found.factor, unit, words), mark(row["grade"]))


def _of(s: Mapping[str, Any], path: str, words: Words) -> Cell:
    row = next((row for row in s["data"] if row["path"] == path), None)
    return _datum(row, s, words) if row else Cell(words(UNKNOWN), tone="soft")


def _released(s: Mapping[str, Any], words: Words) -> Cell:
    event = next((event for event in s["events"] if event["name"] == "fairing separation"), None)
    if event is None:
        return Cell(words(UNKNOWN), tone="soft")
    when = words("{n} s", n=words.number(event["t_s"], 1))
    where = words("{n} km", n=words.thousandth(event.get("altitude_m")))
    return Cell(f"{when}, {where}", remark=words("reference mission"))


def _spread(value: float, sigma: float, unit: str, words: Words) -> str:
    """Value ± sigma, to the decimals that two digits of sigma have."""
    digits = max(0, 1 - int(np.floor(np.log10(sigma)))) if sigma > 0.0 else 0
    return f"{words.number(value, digits)} ± {words.number(sigma, digits)} {unit}".rstrip()
