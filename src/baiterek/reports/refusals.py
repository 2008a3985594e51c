"""Why the record refuses something, in a reader's language. The catalogues stand beside the rules, in the campaign's room."""

from __future__ import annotations

from functools import cache
from typing import Any

from baiterek.campaign.reason import LOCALE, Reason
from baiterek.errors import Refused
from baiterek.reports.language import Words, language


@cache
def refusals(name: str = "en") -> Words:
    """The words of refusals in a language."""
    return language(name, LOCALE)


def told(why: str, name: str = "en") -> str:
    """A reason in a language. What is no reason, because a database or a person wrote it, stays as it is."""
    words = refusals(name)
    if name == "en" or not isinstance(why, Reason):
        return str(why)
    values = {key: _value(value, name) for key, value in why.values.items()}
    return words(why.text).format(**values) if values else words(why.text)


def refusal(error: Refused, name: str = "en") -> str:
    """A whole refusal, with what was asked of: `remark R-1: ...`."""
    entity, _, id = error.subject.partition(" ")
    return f"{word(entity, name)} {id}".strip() + f": {told(error.why, name)}"


def word(text: str, name: str = "en") -> str:
    """A word of the record, a list of them, or a name, which stays."""
    if name == "en":
        return text
    return ", ".join(refusals(name)(one) for one in text.split(", "))


def _value(value: Any, name: str) -> str:
    return told(value, name) if isinstance(value, Reason) else word(str(value), name)
