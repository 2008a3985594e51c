"""Why something is refused, as a text with values: English for the log and for programs, any language where people read it.

An English text is its own key, as everywhere: `because("remark {id} is open", id="R-1")` is the English sentence, and knows
what it was made from. The catalogues lie in `locale/`; whoever shows a reason looks it up there (`reports/refusals.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"


class Reason(str):
    """An English sentence that can be said in other languages."""

    __slots__ = ("text", "values")
    text: str
    values: Mapping[str, Any]

    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]:
        """So that one process can raise what another has found."""
        return _made, (self.text, dict(self.values))


def because(text: str, /, **values: Any) -> Reason:
    """The reason `text`, its braces filled with `values`; a value may be a reason, a word of the record or a name."""
    return _made(text, values)


def mixed(id: str, example: bool) -> Reason:
    """Why what refers to `id` cannot: what is generated and what is real do not mix."""
    if example:
        return because("{id} is generated, and this is not", id=id)
    return because("{id} is not generated, and this is", id=id)


def _made(text: str, values: Mapping[str, Any]) -> Reason:
    reason = Reason(text.format(**values) if values else text)
    reason.text, reason.values = text, values
    return reason
