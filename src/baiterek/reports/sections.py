"""Each section of a report, from a stored result: nothing here computes a number of the flight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from baiterek.reports.content import (
    Answer,
    Bullets,
    Cell,
    Column,
    Content,
    Figures,
    Marks,
    Note,
    Pairs,
    Section,
    Table,
    mark,
)  # fmt: skip
from baiterek.reports.deorbit import deorbit
from baiterek.reports.evidence import assumptions, files, legend, provenance, sources, uncertainty
from baiterek.reports.language import NOTHING, Words, later
from baiterek.reports.naming import limit_as_read, sentence, zone_in_words
from baiterek.reports.prices import price_of_limit, prices
from baiterek.reports.releases import releases, wanted
from baiterek.reports.upper_stage import in_words, tried_in_words
from baiterek.study.results import MissionResult
from baiterek.study.words import ANSWERS, gap, verdict_of

TITLES = {
    "altitude": later("Altitude"),
    "speed": later("Speed"),
    "mach": later("Mach number"),
    "dynamic-pressure": later("Dynamic pressure"),
    "q-alpha": later("Dynamic pressure times angle of attack"),
    "acceleration": later("Axial acceleration"),
    "attitude": later("Attitude"),
    "angle-of-attack": later("Angle of attack"),
    "thrust": later("Thrust"),
    "throttle": later("Throttle"),
    "mass": later("Mass"),
    "heat-flux": later("Free-molecular heat flux"),
    "profile": later("Altitude over distance, to scale"),
    "ground-track": later("Ground track"),
    "drop-zones": later("Where stages and fairing fall"),
    "vehicle": later("The vehicle, to scale"),
}
MASSES = ("_kg",)
PLACE = ("latitude_rad", "longitude_rad")
ELEMENTS = (
    (later("Perigee altitude, km"), "perigee_altitude_km", 3),
    (later("Apogee altitude, km"), "apogee_altitude_km", 3),
    (later("Inclination, deg"), "inclination_deg", 4),
    (later("Right ascension of the ascending node, deg"), "raan_deg", 4),
    (later("Argument of perigee, deg"), "argument_of_perigee_deg", 3),
    (later("True anomaly at insertion, deg"), "true_anomaly_deg", 3),
)
ESCAPE = (
    (later("C3 of the escape, km²/s²"), "c3_km2_s2", 4),
    (later("Declination of the asymptote, deg"), "declination_deg", 3),
    (later("Right ascension of the asymptote, deg"), "right_ascension_deg", 3),
)


def compose(
    result: MissionResult,
    figures: Mapping[str, str],
    ephemeris: str,
    words: Words,
    beside: Iterable[tuple[str, str]] = (),
) -> Content:
    """The whole report; `figures` are the drawn ones with their titles, `ephemeris` says why there is none, or nothing.

    `beside` are what the files that stand beside the report hold, and their paths from it.
    """
    s, marks = result.summary, Marks(result.summary["data"])
    sections = (
        _answer_in_detail(s, marks, words),
        _limits(s, marks, words),
        events(s, marks, words),
        *_drawn(s, figures, words),
        orbit(s, ephemeris, words),
        releases(s, words),
        prices(s, marks, words),
        uncertainty(s, marks, words),
        falls(s, marks, words),
        deorbit(s, words),
        assumptions(s, words),
        sources(s, words),
        provenance(result, words),
        files(beside, words),
    )
    site = words.said(s["site"]["title"])
    date = words.date(s["lift_off"]) if s["lift_off"] else None
    when = words("lift-off {date}", date=date) if date else words("a published problem, without a date")
    return Content(
        language=words.language,
        title=words.said(s["title"]),
        subtitle=f"{words.said(s['vehicle']['title'])} · {site} · {when}",
        answer=answer(s, marks, words),
        sections=tuple(section for section in sections if section is not None),
        legend=legend(s, words),
        footer=words("Baiterek plans flights; it does not clear them. Nothing here is a safety analysis."),
        hash=result.hash,
        run_label=words("run"),
        page_label=words("page {n} of {of}"),
        captions=dict(figures),
        stamp=result.provenance["computed_utc"],
    )


def answer(s: Mapping[str, Any], marks: Marks, words: Words) -> Answer:
    """The first thing that is read: the value asked for, how sure it is, and whether every limit was met."""
    verdict, between = verdict_of(s), gap(s)
    title, unit = words.said(ANSWERS[s["answer"]["objective"]]), words(verdict["unit"])
    felt = marks_of_answer(s, marks)
    facts = [(words("Status"), Cell(words.said(s["status"]), tone="good" if verdict["good"] else "bad"))]
    facts.append((words("Limits"), _limits_in_short(s, verdict, words)))
    if between is not None:
        facts.append((words("Optimum and its flight differ by"), Cell(_apart(*between, words))))
    if s["answer"]["objective"] != "payload" and s["answer"]["propellant_left_kg"] is not None:
        left = f"{words.number(s['answer']['propellant_left_kg'], 1)} {words('kg')}"
        facts.append((words("Margin: propellant left"), Cell(left, marks.ending(*MASSES))))
    sigma = verdict["sigma"]
    return Answer(
        title=title if verdict["good"] else words("No result; last attempt at: {asked}", asked=title.lower()),
        value=_amount(words.number(verdict["value"], verdict["digits"]), unit, felt),
        spread="" if sigma is None else f"± {words.number(sigma, 0 if sigma >= 10 else 2)} {unit} (1σ)",
        good=verdict["good"],
        facts=tuple(facts),
        warnings=tuple(words("The flight contradicts the optimum: {what}.", what=words.said(c)) for c in s["contradictions"]),
        remark=sentence(words.said(s["advice"])),
    )


def marks_of_answer(s: Mapping[str, Any], marks: Marks) -> str:
    """The marks of every number that the answer was found to depend on."""
    return marks.of(*(item["path"] for item in s["answer"]["contributions"]))


def _amount(number: str, unit: str, marks: str, remark: str = "") -> Cell:
    """A number with its unit and marks; of a number that there is not, the dash alone."""
    return Cell(number) if number == NOTHING else Cell(f"{number} {unit}", marks, remark=remark)


def _limits_in_short(s: Mapping[str, Any], verdict: Mapping[str, Any], words: Words) -> Cell:
    if verdict["unmet"]:
        return Cell(words("not met: {n}", n=len(verdict["unmet"])), tone="bad")
    if s["status"] != "converged":
        return Cell(words("not all looked at"))
    if not s["limits"]:
        return Cell(words("none set"))
    return Cell(words("all {n} met, active: {active}", n=len(s["limits"]), active=len(verdict["active"])), tone="good")


def _answer_in_detail(s: Mapping[str, Any], marks: Marks, words: Words) -> Section:
    answer, reserve = s["answer"], s["reserve"]
    masses, felt, kg = marks.ending(*MASSES), marks_of_answer(s, marks), words("kg")
    asked = answer["objective"] == "payload"
    remark = words("the greatest that the limits permit") if asked else words("as the mission asks")
    if answer["adapter_kg"]:
        remark += "; " + words("adapter {mass} kg besides", mass=words.number(answer["adapter_kg"], 1))
    held = reserve["last_stage_fraction"]
    rows = [
        (words("Payload"), _amount(words.number(answer["payload_kg"], 1), kg, felt if asked else "", remark)),
        (words("Mass at lift-off"), _amount(words.kilograms(answer["lift_off_mass_kg"]), kg, masses)),
        (words("Mass at insertion"), _amount(words.number(answer["insertion_mass_kg"], 1), kg, masses)),
        (
            words("Propellant left in the last stage"),
            _amount(words.number(answer["propellant_left_kg"], 1), kg, masses, words("usable, the reserve included")),
        ),
        (
            words("Reserve policy"),
            Cell(
                words.said(reserve["policy"]),
                remark=words(
                    "{share} % of the usable propellant of the last stage held back", share=words.number(100 * held, 2)
                )
                if held
                else words("nothing held back for dispersions"),
            ),
        ),
        (words("Optimum against its flight"), Cell(_gaps(s["gap"], words), remark=words("at insertion"))),
    ]
    if s.get("tried"):
        rows.append((words("Burns of the upper stage that were tried"), Cell(tried_in_words(s, words))))
    if s.get("disposal"):
        plan, rule = in_words(s["disposal"], words)
        tone = "good" if s["disposal"]["meets"] else "bad"
        rows.append((words("Disposal of the upper stage"), Cell(plan, remark=rule, tone=tone)))
    return Section("answer", words("The answer"), (Pairs(tuple(rows)),))


def _gaps(found: Mapping[str, Any], words: Words) -> str:
    said = []
    for kind, name in (("reintegration", words("re-integrated")), ("flight", words("in the simulator"))):
        position, speed = found[f"{kind}_position_m"], found[f"{kind}_speed_m_s"]
        if position is not None and speed is not None:
            said.append(f"{name}: {_apart(position, speed, words)}")
    return "; ".join(said) or "–"


def _apart(position_m: float, speed_m_s: float, words: Words) -> str:
    return f"{words.significant(position_m, 2)} {words('m')}, {words.significant(speed_m_s, 2)} {words('m/s')}"


def _limits(s: Mapping[str, Any], marks: Marks, words: Words) -> Section | None:
    if not s["limits"]:
        return None
    rows = []
    for stored in s["limits"]:
        limit = limit_as_read(stored, words)
        verdict = words("not met") if not stored["met"] else words("met, active") if stored["active"] else words("met")
        rows.append((
            Cell(limit.name),
            Cell(words.significant(limit.value)),
            Cell(words.significant(limit.limit), _mark_of_limit(stored["name"], s, marks)),
            Cell(limit.unit),
            Cell(verdict, tone="bad" if not stored["met"] else "good"),
            Cell(price_of_limit(stored["name"], s, words)),
        ))  # fmt: skip
    columns = (
        Column(words("Limit"), share=5), Column(words("Reached"), True), Column(words("Allowed"), True), Column(words("Unit")),
        Column(words("Verdict")), Column(words("Price of the limit"), True, 3),
    )  # fmt: skip
    note = words(
        "The price is what the objective would gain if the limit gave by so much, to first order; 0 where the limit is not "
        "felt. Active: the limit is felt."
    )
    return Section("limits", words("Limits and their prices"), (Table(columns, tuple(rows)), Note(note)))


def _mark_of_limit(name: str, s: Mapping[str, Any], marks: Marks) -> str:
    """Where the bound itself is a number of the vehicle or of a zone: the mark of that number."""
    kind, _, owner = name.partition(" ")
    if kind == "zone":
        return mark(s["zones"].get(owner, {}).get("grade", ""))
    if kind == "propellant":
        return marks.ending(*MASSES, within=f"{owner}.")
    return marks.of("shroud.threshold") if kind == "shroud" else ""


def events(s: Mapping[str, Any], marks: Marks, words: Words) -> Section | None:
    """The sequence of events with the state at each."""
    if not s["events"]:
        return None
    rows = tuple(
        (
            Cell(sentence(words.said(event["name"]), stop="")),
            Cell(words.number(event["t_s"], 2)),
            Cell(words.thousandth(event.get("altitude_m"), 2)),
            Cell(words.number(event.get("speed_eci_m_s"), 1)),
            Cell(words.number(event.get("speed_earth_m_s"), 1)),
            Cell(words.thousandth(event.get("ground_range_m"), 1)),
            Cell(words.kilograms(event.get("mass_kg")), marks.ending(*MASSES)),
        )
        for event in s["events"]
    )
    columns = (
        Column(words("Event"), share=11), Column(words("Time, s"), True, 3), Column(words("Altitude, km"), True, 3),
        Column(words("Inertial speed, m/s"), True, 6), Column(words("Speed over the Earth, m/s"), True, 5),
        Column(words("Range, km"), True, 4), Column(words("Mass, kg"), True, 4),
    )  # fmt: skip
    note = words(
        "Time since lift-off; altitude above the ellipsoid; range over the ground from the pad; where a body separates, "
        "the mass after it has gone."
    )
    return Section("events", words("Sequence of events"), (Table(columns, rows), Note(note)))


PLACES = (
    ("map", later("Where it flies"), ("ground-track", "drop-zones")),
    ("profile", later("The profile to scale"), ("profile",)),
    ("vehicle", later("The vehicle"), ("vehicle",)),
)
"""Sections of one drawing each; every other figure stands among the plots of the flight."""


def _drawn(s: Mapping[str, Any], figures: Mapping[str, str], words: Words) -> Iterable[Section]:
    placed = {name for _, _, names in PLACES for name in names}
    plots = tuple(name for name in figures if name not in placed)
    if plots:
        flown = words("Full lines: the flight in the simulator. Dotted black: the optimum, re-integrated.")
        alone = words("The optimum, re-integrated from its own steering.")
        upright = words("Fine upright lines: changes of phase.")
        note = f"{alone if s['gap']['flight_position_m'] is None else flown} {upright}"
        yield Section("flight", words("The flight"), (Note(note), Figures(plots)))
    for key, title, names in PLACES:
        drawn = tuple(name for name in names if name in figures)
        if drawn:
            yield Section(key, words(title), (Figures(drawn, wide=True),))


def orbit(s: Mapping[str, Any], ephemeris: str, words: Words) -> Section | None:
    """Elements asked for and reached; `ephemeris` is a sentence about the file of states, or nothing."""
    target = s["target"]
    if not target:
        return None
    rows = []
    escape, reached = target.get("escape"), s["achieved"] or {}
    for title, key, digits in ELEMENTS:
        if escape is None or key != "apogee_altitude_km":
            rows.append((Cell(words(title)), wanted(target[key], digits, words), Cell(words.number(reached.get(key), digits))))
    for title, key, digits in ESCAPE if escape else ():
        left = reached.get("escape", {}).get(key)
        rows.append((Cell(words(title)), wanted(escape[key], digits, words), Cell(words.number(left, digits))))
    epoch = words.said(target["epoch"])
    columns = (
        Column(words("At {epoch}", epoch=epoch), share=4),
        Column(words("Target: {kind}, {frame}", kind=words.said(target["kind"]), frame=target["frame"]), True),
        Column(words("Achieved: osculating, TOD"), True),
    )
    notes = [words("Altitudes of perigee and apogee are above the equatorial radius; TOD: true equator and equinox of date.")]
    notes += [words.said(note) for note in (target["note"], ephemeris) if note]
    return Section("orbit", words("Orbit"), (Table(columns, tuple(rows)), Note(" ".join(notes))))


def falls(s: Mapping[str, Any], marks: Marks, words: Words) -> Section | None:
    """Where each body lands, and the zone that was asked of it."""
    if not s["impacts"]:
        return None
    rows = []
    for fall in s["impacts"]:
        landed = fall["landed"]
        zone = s["zones"].get(fall["name"], {})
        verdict = "" if fall["inside"] is None else words("inside") if fall["inside"] else words("outside")
        rows.append((
            Cell(words.said(fall["name"])),
            Cell(words.number(fall["pieces"])),
            Cell(words.kilograms(fall["mass_kg"]), marks.ending(*MASSES)),
            Cell(words.number(fall["latitude_deg"], 3) if landed else "–"),
            Cell(words.number(fall["longitude_deg"], 3) if landed else "–"),
            Cell(words.number(fall["t_s"]) if landed else "–"),
            Cell(verdict, mark(zone.get("grade", "")), "" if not verdict else "good" if fall["inside"] else "bad")
            if fall["zone"]
            else Cell(words("none asked"), tone="soft"),
        ))  # fmt: skip
    columns = (
        Column(words("Body"), share=4), Column(words("Pieces"), True), Column(words("Mass of one, kg"), True),
        Column(words("Latitude, deg"), True), Column(words("Longitude, deg"), True), Column(words("Lands at, s"), True),
        Column(words("Zone")),
    )  # fmt: skip
    zones = tuple(
        f"{words.said(body)}: {zone['name']}{mark(zone['grade'])}, {zone_in_words(zone, words)}"
        for body, zone in s["zones"].items()
    )
    up = [words.said(fall["name"]) for fall in s["impacts"] if not fall["landed"]]
    blocks: list[Table | Note | Bullets] = [Table(columns, tuple(rows))]
    if up:
        blocks.append(Note(words("Does not come down within the time computed: {bodies}.", bodies=", ".join(up))))
    if zones:
        blocks.append(Bullets(zones))
    return Section("falls", words("What falls, and where"), tuple(blocks))
