"""What a terminal shows of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baiterek.reports.deorbit import in_lines as deorbit_lines
from baiterek.reports.language import Words
from baiterek.reports.naming import limit_as_read
from baiterek.reports.prices import change_name, gain, matters_most, owner_name, price_of_limit, quote
from baiterek.reports.releases import in_a_line
from baiterek.reports.upper_stage import in_words, tried_in_words
from baiterek.study.words import ANSWERS, gap, verdict_of

Record = Mapping[str, Any]


def as_text(summary: Record, words: Words) -> str:
    """The answer, limits, events and falls, in a fixed-width font."""
    verdict, between, answer = verdict_of(summary), gap(summary), summary["answer"]
    spread = f" ± {words.number(verdict['sigma'])} (1σ)" if verdict["sigma"] is not None else ""
    asked = words.said(ANSWERS[answer["objective"]])
    value = f"{words.number(verdict['value'], verdict['digits'])}{spread} {words(verdict['unit'])}"
    facts = [(asked if verdict["good"] else words("No result; last attempt at: {asked}", asked=asked.lower()), value)]
    if answer["propellant_left_kg"] is not None:
        left = f"{words.number(answer['propellant_left_kg'], 1)} {words('kg')}"
        reserve = words("Reserve policy").lower()
        facts.append(
            (words("Propellant left in the last stage"), f"{left} ({reserve}: {words.said(summary['reserve']['policy'])})")
        )
    if summary.get("tried"):
        facts.append((words("Burns of the upper stage that were tried"), tried_in_words(summary, words)))
    if summary.get("disposal"):
        plan, rule = in_words(summary["disposal"], words)
        facts += [(words("Disposal of the upper stage"), plan), ("", rule)]
    if answer["sigma"] is not None and verdict["good"]:
        facts.append((words("To quote"), quote(summary, words)))
    if between is not None:
        text = f"{words.significant(between[0], 3)} {words('m')}, {words.significant(between[1], 3)} {words('m/s')}"
        facts.append((words("Optimum and its flight differ by"), text))
    status, advice = words.said(summary["status"]), words.said(summary["advice"])
    lines = [
        words.said(summary["title"]),
        f"  {status}: {advice}" if advice else f"  {status}",
        *("  " + words("BUT {what}", what=words.said(contradiction)) for contradiction in summary["contradictions"]),
        *_aligned(facts, "<<"),
        *_limits(summary, words),
        *_events(summary["events"], words),
        *_releases(summary, words),
        *_falls(summary["impacts"], words),
        *deorbit_lines(summary, words),
    ]
    return "\n".join(lines)


def prices_as_text(document: Record, words: Words) -> str:
    """What `baiterek prices` shows: the quote, a line a price with its check, and what limits cost in all."""
    unit = document["answer"]["unit"]
    lines = [words.said(document["title"]), "  " + quote(document, words), "  " + matters_most(document, words)]
    for limit, title in ((True, words("Limit")), (False, words("Part"))):
        kept = [row for row in document["prices"] if row["limit"] == limit]
        if kept:
            lines += ["", *_priced(kept, title, unit, words)]
    if document.get("totals"):
        rows = [(words("Limit"), words("Costs in all"), "")]
        for row in document["totals"]:
            cost = gain(row["cost"], unit, words).lstrip("+")
            rows.append((owner_name(row["of"], words), cost, words.said(row["advice"])))
        lines += ["", *_aligned(rows, "<><")]
    return "\n".join(line.rstrip() for line in lines)


def _priced(rows: Sequence[Record], title: str, unit: str, words: Words) -> list[str]:
    """Prices of limits or of parts; the spread belongs to the latter, the last two columns to a check."""
    table = [(title, words("Changed by"), words("Gain"), words("1σ alone"), words("Solved again"), words("Ratio"))]
    for row in rows:
        sigma = f"{words.number(row['sigma'], 1)} {words(unit)}" if row["sigma"] else ""
        again, ratio = "", ""
        if row.get("difference") is not None:
            again = " | ".join(gain(each, unit, words) for each in row.get("sides") or [row["difference"]])
            ratio = words.number(row["ratio"], 4)
        elif "difference" in row and row["gain"] != 0.0:
            again = words("not solved")
        ratio += "" if row.get("agrees") is not False else " !"
        table.append(
            (owner_name(row["of"], words), change_name(row, words), gain(row["gain"], unit, words), sigma, again, ratio)
        )
    kept = [0, 1, 2, *([] if rows[0]["limit"] else [3]), *([4, 5] if "difference" in rows[0] else [])]
    return _aligned([tuple(line[k] for k in kept) for line in table], "<<>>>>")


def _limits(summary: Record, words: Words) -> list[str]:
    if not summary["limits"]:
        return []
    rows = []
    for stored in summary["limits"]:
        limit = limit_as_read(stored, words)
        verdict = words("NOT MET") if not stored["met"] else words("active") if stored["active"] else words("met")
        rows.append(
            (
                limit.name,
                words.significant(limit.value),
                words.significant(limit.limit),
                limit.unit,
                verdict,
                price_of_limit(stored["name"], summary, words),
            )
        )
    head = (words("Limit"), words("Reached"), words("Allowed"), words("Unit"), words("Verdict"), words("Price of the limit"))
    return ["", *_aligned([head, *rows], "<>><<>")]


def _events(events: list[Record], words: Words) -> list[str]:
    if not events:
        return []
    head = (
        words("Event"), words("Time, s"), words("Altitude, km"), words("Inertial speed, m/s"), words("Range, km"),
        words("Mass, kg"),
    )  # fmt: skip
    rows = [
        (
            words.said(event["name"]), words.number(event["t_s"], 2), words.thousandth(event.get("altitude_m"), 2),
            words.number(event.get("speed_eci_m_s"), 1), words.thousandth(event.get("ground_range_m"), 1),
            words.kilograms(event.get("mass_kg")),
        )
        for event in events
    ]  # fmt: skip
    return ["", *_aligned([head, *rows], "<>>>>>")]


def _releases(summary: Record, words: Words) -> list[str]:
    if not summary.get("releases"):
        return []
    head = (words("Releases"), words("Mass, kg").partition(",")[0], words("Time, s").partition(",")[0], words("Orbit"))
    return ["", *_aligned([head, *(in_a_line(release, words) for release in summary["releases"])], "<>><")]


def _falls(falls: list[Record], words: Words) -> list[str]:
    if not falls:
        return []
    rows = []
    for fall in falls:
        place = f"{words.number(fall['latitude_deg'], 3)}°, {words.number(fall['longitude_deg'], 3)}°"
        zone = f"{fall['zone']}: {words('inside') if fall['inside'] else words('OUTSIDE')}" if fall["zone"] else ""
        rows.append((words.said(fall["name"]), place if fall["landed"] else words("stays up"), zone))
    return ["", *_aligned([(words("What falls, and where"), "", ""), *rows], "<<<")]


def _aligned(rows: Sequence[tuple[str, ...]], sides: str) -> list[str]:
    """Columns as wide as their widest cell, to the left (<) or to the right (>)."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  " + "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths)).rstrip() for row in rows]
