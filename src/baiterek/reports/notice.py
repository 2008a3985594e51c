"""What somebody is told of events of the record, in their language."""

from __future__ import annotations

import json
from collections.abc import Sequence

from baiterek.campaign.log.chain import Event, changed
from baiterek.campaign.notices.records import Subscription
from baiterek.reports.language import Words, language
from baiterek.reports.refusals import word

SHOWN = 4
"""Fields of a change that a line names."""
LONGEST = 120


def say(to: Subscription, events: Sequence[Event]) -> tuple[str, str]:
    """Subject and text of a notice."""
    words = language(to.language)
    first = events[0]
    about = f"{word(first.entity, to.language)} {first.entity_id}"
    more = words("and {n} more", n=len(events) - 1) if len(events) > 1 else ""
    text = "\n".join(_line(words, to.language, event) for event in events)
    ending = words("The record of the commission; subscription {id}.", id=to.id)
    return f"Baiterek: {about} {more}".rstrip(), f"{text}\n\n{ending}\n"


def _line(words: Words, name: str, event: Event) -> str:
    fields = [f"{field}: {_short(old)} → {_short(new)}" for field, (old, new) in list(changed(event).items())[:SHOWN]]
    who = f"{word(event.role, name)}, {word(event.part, name)}" if event.part else word(event.role, name)
    parts = [f"{words.date(event.at)}: {word(event.entity, name)} {event.entity_id}", _title(event, name), who, *fields]
    return "; ".join(filter(None, [*parts, event.reason]))


def _title(event: Event, name: str) -> str:
    """What the thing is called, in the reader's language where the record has it."""
    row = json.loads(event.after)
    titles = (row.get(key) for key in (f"name_{name}", f"text_{name}", "name", "title", "text"))
    return _short(next(filter(None, titles), ""))


def _short(value: object) -> str:
    text = "–" if value in (None, []) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
