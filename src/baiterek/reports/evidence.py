"""The second half of a report: how sure the answer is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from baiterek.catalogue.datum import GRADES
from baiterek.reports.content import MARKS, Bullets, Cell, Column, Marks, Note, Pairs, Section, Table, mark
from baiterek.reports.language import Words, later
from baiterek.reports.naming import datum_name, sentence, with_unit
from baiterek.study.results import MissionResult

GRADE_NAMES = {
    "H": later("primary"),
    "M": later("secondary"),
    "L": later("weak"),
    "derived": later("derived"),
    "fit": later("fitted"),
    "assumed": later("assumed"),
    "definition": later("definition"),
}
MOST_CONTRIBUTIONS = 12


def uncertainty(s: Mapping[str, Any], marks: Marks, words: Words) -> Section | None:
    """The largest contributions to the spread of the answer; None for a vehicle without sigmas."""
    answer = s["answer"]
    if not answer["contributions"]:
        return None
    tags = {source["tag"]: source for source in s["sources"]}
    rows = tuple(
        (
            Cell(datum_name(item["path"], words), marks.of(item["path"])),
            Cell(with_unit(item["sigma"], item["path"], s, words, 4)),
            Cell(words.number(item["effect"], 1)),
            Cell(_grade(tags.get(item["source"], {}).get("grade", ""), words)),
            Cell(words("with its family") if item["correlated"] else words("alone"), tone="soft"),
        )
        for item in answer["contributions"][:MOST_CONTRIBUTIONS]
    )
    columns = (
        Column(words("Number"), share=6), Column(words("Its sigma"), True),
        Column(words("Effect alone, {unit}", unit=words(answer["unit"])), True), Column(words("Grade")),
        Column(words("Varies")),
    )  # fmt: skip
    note = words(
        "First order: sensitivities of the optimum times the sigmas of the data. Numbers that were fitted together go in "
        "with their covariance, so effects do not add up to the total."
    )
    rest = len(answer["contributions"]) - MOST_CONTRIBUTIONS
    blocks: list[Table | Note] = [Table(columns, rows), Note(note)]
    if rest > 0:
        least = answer["contributions"][MOST_CONTRIBUTIONS]["effect"]
        text = words("Smaller contributions not shown: {n}, none above {most}.", n=rest,
                     most=f"{words.number(least, 1)} {words(answer['unit'])}")  # fmt: skip
        blocks.append(Note(text))
    if answer["without_sensitivity"]:
        names = "; ".join(datum_name(path, words) for path in answer["without_sensitivity"])
        blocks.append(Note(words("Without a sensitivity, and so left out: {names}.", names=names)))
    return Section("uncertainty", words("What makes up the uncertainty"), tuple(blocks))


def assumptions(s: Mapping[str, Any], words: Words) -> Section:
    """The environment, what the catalogue's files say of themselves, and every number that nobody published."""
    unsure = [row for row in s["data"] if row["unsure"]]
    notes = (*s["environment"], *s["notes"])
    blocks: list[Bullets | Note | Table] = [Bullets(tuple(sentence(words.said(note)) for note in notes))]
    if unsure:
        text = words(
            "Numbers that were flown: {all}. Fitted, assumed or weakly sourced: {n}, marked here and wherever they are read.",
            all=len(s["data"]),
            n=len(unsure),
        )
        blocks.append(Note(text, tone=""))
        rows = tuple(
            (
                Cell(datum_name(row["path"], words), mark(row["grade"])),
                Cell(with_unit(row["value"], row["path"], s, words)),
                Cell(with_unit(row["sigma"], row["path"], s, words, 4)),
                Cell(_grade(row["grade"], words)),
                Cell(row["source"], kind="code"),
            )
            for row in unsure
        )
        columns = (
            Column(words("Number"), share=6), Column(words("Value"), True), Column(words("Sigma"), True),
            Column(words("Grade")), Column(words("Source")),
        )  # fmt: skip
        blocks.append(Table(columns, rows))
    return Section("assumptions", words("What the flight assumes"), tuple(blocks))


def sources(s: Mapping[str, Any], words: Words) -> Section | None:
    """Every source that a number rests on, with its grade."""
    if not s["sources"]:
        return None
    rows = tuple(
        (
            Cell(source["tag"], kind="code"),
            Cell(_grade(source["grade"], words), mark(source["grade"])),
            Cell(words.number(source["numbers"])),
            Cell(sentence(words.said(source["text"]), stop=""), url=source["url"], remark=_host(source["url"])),
        )
        for source in s["sources"]
    )
    columns = (
        Column(words("Tag")), Column(words("Grade")), Column(words("Numbers"), True), Column(words("Source"), share=1),
    )  # fmt: skip
    used = {source["grade"] for source in s["sources"]}
    meant = "; ".join(f"{words(GRADE_NAMES[g])} – {words.said(meaning)}" for g, meaning in GRADES.items() if g in used)
    return Section("sources", words("Sources"), (Table(columns, rows), Note(words("Grades: {meant}.", meant=meant))))


def provenance(result: MissionResult, words: Words) -> Section:
    """What the run's hash covers, and what it was computed with."""
    s, p = result.summary, result.provenance
    covered = p["covered"]
    libraries = ", ".join(f"{name} {version}" for name, version in covered["libraries"].items())
    inputs = ", ".join(f"{name} {digest[:16]}" for name, digest in p["inputs"].items())
    code = f"Baiterek {p['version']}" + (f", git {p['git']}" if p["git"] else "") + f", {covered['code'][:16]}"
    rows = [
        (words("Run"), Cell(p["hash"], kind="code")),
        (words("Code"), Cell(code, kind="code")),
        (words("Libraries"), Cell(f"{libraries}, Python {p['python']}, {p['machine']}", kind="code")),
        (words("Inputs"), Cell(f"{inputs}, seed {covered['seed']}", kind="code")),
        (words("Optimiser"), Cell(words.said(_effort(s["solver"])))),
        (words("Computed"), Cell(words.date(p["computed_utc"]))),
    ]
    return Section("provenance", words("Provenance"), (Pairs(tuple(rows)),))


def files(beside: Iterable[tuple[str, str]], words: Words) -> Section | None:
    """What stands beside the report, to be opened from it; None for a report that stands elsewhere."""
    rows = tuple((words(holds), Cell("", url=path, remark=path)) for holds, path in beside)
    return Section("files", words("Files of this run"), (Pairs(rows),)) if rows else None


def _effort(solver: Mapping[str, Any]) -> str:
    steps = f"{solver['iterations']} iterations"
    return f"{steps}, {solver['mesh']}" if solver["mesh"] else steps


def legend(s: Mapping[str, Any], words: Words) -> str:
    """What the marks mean, of those that occur."""
    used = {row["grade"] for row in s["data"]} | {zone.get("grade", "") for zone in s["zones"].values()}
    meant = [f"{sign} {words(GRADE_NAMES[grade])}" for grade, sign in MARKS.items() if grade in used]
    return (
        words("Marks: {meant}; a computed number carries the marks of what it rests on.", meant=", ".join(meant))
        if meant
        else ""
    )


def _grade(grade: str, words: Words) -> str:
    return words(GRADE_NAMES[grade]) if grade in GRADE_NAMES else grade


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
