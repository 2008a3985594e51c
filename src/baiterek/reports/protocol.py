"""The protocol of a meeting as PDF/A-3b: Russian and Kazakh side by side, English too where everything is written in it.

What it says comes from the record (`campaign/meetings/protocol.py`) as plain JSON, and lies in the file as an attachment, so
that a program need not read the pages. The record never calls this: whoever issues a protocol hands it over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from baiterek.campaign.clocks import CLOCKS
from baiterek.campaign.log.chain import canonical, digest
from baiterek.campaign.meetings.protocol import SECTIONS, Contents
from baiterek.errors import Refused
from baiterek.reports.language import NOTHING, Words, language, later
from baiterek.reports.pdf import ABSENT, fonts, pdf_can_be_made

TEMPLATE = Path(__file__).parent / "templates" / "protocol.typ"
STANDARD: Literal["a-3b"] = "a-3b"
ATTACHED = "protocol.json"
PLACES = {"baikonur": later("Baikonur"), "astana": later("Astana"), "moscow": later("Moscow")}
SAID = {
    "RU": later("Russian part"), "KZ": later("Kazakh part"),
    "co_chair": later("co-chair"), "deputy": later("deputy"), "member": later("member"), "secretary": later("secretary"),
    "observer": later("observer"),
    "present": later("present"), "remote": later("remotely"), "absent": later("absent"),
    "noted": later("taken note of"), "consensus": later("by consensus"), "vote": later("by vote"),
    "gate": later("by the vote on the gate"),
    "adopted": later("adopted"), "rejected": later("rejected"), "open": later("not decided"),
    "for": later("for"), "against": later("against"), "abstain": later("abstained"),
    "meeting": later("the meeting"), "agenda": later("agenda"), "attendance": later("attendance"), "quorum": later("quorum"),
    "rule": later("voting rule"), "decisions": later("decisions"), "materials": later("materials"),
}  # fmt: skip
"""Words of the record -> what a reader is told."""
BODIES = (later("Interstate commission for the flight tests of Soyuz-5 and Baiterek"),)
"""Names of bodies that are published, and entered, in English alone."""
SIGNED = later(
    "Signed electronically: in this file, or in a file of its own over these bytes. A signature by a certificate that the "
    "system itself has issued is an internal signature, not a qualified one."
)
Texts = list[str]
"""The same thing in each language."""


def as_protocol(contents: Contents) -> bytes:
    """The PDF of a protocol; the same contents give the same bytes."""
    if not pdf_can_be_made():
        raise Refused("protocol", ABSENT)
    import typst

    pdf: Any = typst.compile(
        str(TEMPLATE),
        sys_inputs={"page": json.dumps(composed(contents), ensure_ascii=False), "contents": canonical(contents)},
        timestamp=int(datetime.fromisoformat(contents["protocol"]["issued_at"]).timestamp()),
        pdf_standards=[STANDARD],
        **fonts(),
    )
    return bytes(pdf)


def languages(contents: Contents) -> list[str]:
    """Russian and Kazakh; English if nothing lacks it."""
    meeting = contents["meeting"]
    texts = [meeting["title"], meeting["place"], *(one["text"] for one in (*contents["agenda"], *contents["decisions"]))]
    return ["ru", "kk", "en"] if all(text["en"].strip() for text in texts) else ["ru", "kk"]


class Voices(NamedTuple):
    """The languages of a protocol, in their order."""

    all: list[Words]

    def told(self, text: str, *words: str, **values: Any) -> Texts:
        """A text in each language; `words` are the values that are words of the record, and are told in it too."""
        return [
            voice(text, **{name: voice(SAID[value]) if name in words else value for name, value in values.items()})
            for voice in self.all
        ]  # fmt: skip

    def written(self, texts: Mapping[str, str]) -> Texts:
        """What people wrote in each language."""
        return [texts[voice.language] for voice in self.all]

    def at(self, instant: str) -> Texts:
        """UTC, and what the clocks of the three places say."""
        utc = datetime.fromisoformat(instant).astimezone(UTC).replace(microsecond=0)
        clocks = {name: f"{utc.astimezone(ZoneInfo(CLOCKS[place])):%H:%M}" for place, name in PLACES.items()}
        return [
            f"{voice.date(utc)}; " + ", ".join(f"{voice(place)}\N{NO-BREAK SPACE}{time}" for place, time in clocks.items())
            for voice in self.all
        ]  # fmt: skip

    def both(self, text: str) -> str:
        """A word of a table in every language, once where they agree."""
        return " / ".join(dict.fromkeys(self.told(text)))


def composed(contents: Contents) -> dict[str, Any]:
    """What the template lays out: every text in each language, in the order in which it is read."""
    voices = Voices([language(name) for name in languages(contents)])
    meeting, head = contents["meeting"], contents["protocol"]
    title = later("Protocol No. {number}, revision {revision}")
    return {
        "languages": [voice.language for voice in voices.all],
        "mark": voices.told(later("EXAMPLE: generated, none of it real")) if meeting["example"] else [],
        "title": voices.told(title, number=meeting["id"], revision=head["number"]),
        "body": voices.told(meeting["body"]),
        "subject": voices.written(meeting["title"]),
        "facts": [{"label": label, "value": value} for label, value in _facts(contents, voices)],
        "sections": [
            _attendance(contents, voices), _agenda(contents, voices), _decisions(contents, voices),
            *_roll_call(contents, voices), _materials(contents, voices), _hashes(contents, voices),
        ],
        "signatures": {
            "heading": voices.told(later("Signatures")),
            "places": [voices.both(SAID[part]) + ": " + voices.both(SAID["co_chair"]) for part in ("RU", "KZ")],
            "note": voices.told(SIGNED),
        },
        "footer": f"{meeting['id']} · {head['number']} · SHA-256 {digest(contents)[:32]}",
    }  # fmt: skip


def _facts(contents: Contents, voices: Voices) -> Iterable[tuple[Texts, Texts]]:
    meeting, head = contents["meeting"], contents["protocol"]
    yield voices.told(later("Began")), voices.at(meeting["begins_at"])
    if meeting["ends_at"]:
        yield voices.told(later("Ended")), voices.at(meeting["ends_at"])
    yield voices.told(later("Place")), voices.written(meeting["place"])
    yield voices.told(later("Called by")), voices.told(SAID[meeting["part"]])
    yield voices.told(later("Issued")), voices.at(head["issued_at"])
    if head["before"]:
        yield voices.told(later("In place of the revision before")), [f"SHA-256 {head['before'][:32]}…"] * len(voices.all)


def _section(heading: Texts, **more: Any) -> dict[str, Any]:
    return {"heading": heading, "rows": [], "table": None, "notes": []} | more


def _table(voices: Voices, shares: list[int], columns: Iterable[str], rows: list[Any]) -> dict[str, Any] | None:
    heads = [voices.both(column) for column in columns]
    return {"columns": heads, "rows": rows, "shares": shares} if rows else None


def _attendance(contents: Contents, voices: Voices) -> dict[str, Any]:
    rows = [
        [
            one["seat"], voices.both(SAID[one["part"]]), voices.both(SAID[one["role"]]),
            "; ".join(filter(None, (one["person"], one["organisation"]))), voices.both(SAID[one["presence"]]),
        ]
        for one in contents["attendance"]
    ]  # fmt: skip
    columns = (later("Seat"), later("Part"), later("Role"), later("Named"), later("Presence"))
    there = later("{part}: {present} of {members} seats with a vote were there")
    notes = [voices.told(there, "part", part=part, **bench) for part, bench in contents["quorum"].items()]
    if contents["rule"]:
        rule = later("Voting rule: quorum {quorum} of the members of each part, majority above {majority} of its votes")
        notes.append(voices.told(rule, **contents["rule"]))
    return _section(
        voices.told(later("Attendance")), table=_table(voices, [4, 4, 4, 3, 4], columns, rows), notes=notes
    )  # fmt: skip


def _agenda(contents: Contents, voices: Voices) -> dict[str, Any]:
    rows = [
        {
            "mark": str(one["number"]), "texts": voices.written(one["text"]),
            "below": [[", ".join(filter(None, (part, one["speaker"]))) for part in voices.told(SAID[one["part"]])]],
        }
        for one in contents["agenda"]
    ]  # fmt: skip
    return _section(voices.told(later("Agenda")), rows=rows)


def _decisions(contents: Contents, voices: Voices) -> dict[str, Any]:
    rows = [
        {"mark": one["number"], "texts": voices.written(one["text"]), "below": list(_below(one, voices))}
        for one in contents["decisions"]
    ]  # fmt: skip
    return _section(voices.told(later("Decisions")), rows=rows)


def _below(one: Mapping[str, Any], voices: Voices) -> Iterable[Texts]:
    """How it came about, under which conditions, who does it, who said otherwise."""
    if one["basis"] == "noted":
        yield voices.told(SAID["noted"])
    else:
        yield voices.told(later("{basis}: {outcome}"), "basis", "outcome", basis=one["basis"], outcome=one["outcome"])
    gate = one["gate"]
    if gate:
        text = later("Decision {decision} on gate {gate} of flight {flight}, valid to {day}")
        named = {name: gate[name] for name in ("decision", "gate", "flight")}
        yield voices.told(text, **named, day=gate["valid_to"] or NOTHING)
    for part, found in one["tallies"].items() if one["votes"] else ():
        yield voices.told(later("{part}: {in_favour} of {cast} votes for"), "part", part=part, **found)
    for condition in gate["conditions"] if gate else ():
        leads = voices.told(
            later("Condition {id}, due at {gate}, {part}"), "part", id=condition["id"], gate=condition["due_gate"],
            part=condition["part"],
        )  # fmt: skip
        yield [f"{lead}: {text}" for lead, text in zip(leads, voices.written(condition["text"]))]
    if one["outcome"] == "rejected":
        pass  # nobody does what was not decided
    elif one["part"]:
        text = later("To be done by: {part}; until {day}")
        yield voices.told(text, "part", part=one["part"], day=one["due"] or NOTHING)
    elif one["due"]:
        yield voices.told(later("To be done by both parts; until {day}"), day=one["due"])
    for vote in one["votes"]:
        if vote["dissent"]:
            text = later("Own opinion of {seat} ({word}): «{opinion}»")
            yield voices.told(text, "word", seat=vote["seat"], word=vote["word"], opinion=vote["dissent"])


def _roll_call(contents: Contents, voices: Voices) -> list[dict[str, Any]]:
    """Every vote by seat; nothing where nobody voted."""
    rows = [
        [one["number"], vote["seat"], voices.both(SAID[vote["part"]]), voices.both(SAID[vote["word"]]), f"{vote['at'][:19]}Z"]
        for one in contents["decisions"]
        for vote in one["votes"]
    ]
    columns = (later("On decision"), later("Seat"), later("Part"), later("Vote"), later("Put down, UTC"))
    table = _table(voices, [3, 4, 4, 3, 4], columns, rows)
    return [_section(voices.told(later("Votes by seat")), table=table)] if table else []


def _materials(contents: Contents, voices: Voices) -> dict[str, Any]:
    rows = [
        [one["name"], str(one["item"] or NOTHING), str(one["size"]), {"code": one["sha256"]}] for one in contents["materials"]
    ]  # fmt: skip
    table = _table(voices, [5, 2, 2, 8], (later("Material"), later("Item"), later("Bytes"), "SHA-256"), rows)
    notes = [] if rows else [voices.told(later("None was laid before it."))]
    return _section(voices.told(later("Materials")), table=table, notes=notes)


def _hashes(contents: Contents, voices: Voices) -> dict[str, Any]:
    rows = [[voices.both(SAID[name]), {"code": digest(contents[name])}] for name in SECTIONS]
    notes = [voices.told(later("SHA-256 of each section, as it lies in this file as {name}."), name=ATTACHED)]
    table = _table(voices, [5, 8], (later("Section"), "SHA-256"), rows)
    return _section(voices.told(later("What is signed")), table=table, notes=notes)
