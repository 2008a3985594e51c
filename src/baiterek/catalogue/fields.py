"""What a table of a file may hold, as data, and the one function that reads a table by it.

A `Field` says what a key is; `read_table` converts units, refuses what is unknown, missing, of a wrong type or out of
range, and always in one line with file, key, what was found and what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Any, NamedTuple

from baiterek.catalogue.datum import DISTRIBUTIONS, GRADES, Datum, Source
from baiterek.catalogue.units import edge_key, si_key
from baiterek.errors import BadValue, UnknownKey


class Place(NamedTuple):
    """A table inside a file, for messages."""

    file: str
    path: str = ""

    def key(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def inside(self, key: str) -> Place:
        return Place(self.file, self.key(key))

    def bad(self, key: str, found: object, allowed: str) -> BadValue:
        return BadValue(self.file, self.key(key) if key else self.path, found, allowed)


@dataclass(frozen=True)
class Field:
    """One key: its kind, whether it must be there, and its range in SI."""

    kind: str
    """`datum` {value, sigma, source}, `number`, `whole`, `text`, `flag`, `numbers`, `texts`, `pairs`, `table` or `any`:
    what `_KINDS` says of it."""
    meaning: str
    required: bool = False
    default: Any = None
    low: float | None = None
    high: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        return f"{_KINDS[self.kind]}{self.range}"

    @property
    def range(self) -> str:
        """Its bounds or choices in words, with a space before; empty when there are none."""
        if self.choices:
            return " out of " + ", ".join(self.choices)
        parts = []
        if self.above is not None:
            parts.append(f"above {self.above:g}")
        if self.low is not None:
            parts.append(f"at least {self.low:g}")
        if self.high is not None:
            parts.append(f"at most {self.high:g}")
        return (" " + " and ".join(parts) + " in SI") if parts else ""


Fields = Mapping[str, Field]

_KINDS = {
    "datum": "{ value, sigma, source } with a value",
    "number": "a finite number",
    "whole": "a whole number",
    "text": "a text",
    "flag": "true or false",
    "numbers": "a list of finite numbers",
    "texts": "a list of texts",
    "pairs": "a list of [a, b] pairs of finite numbers",
    "table": "a table",
    "any": "any value",
}


def read_table(table: object, fields: Fields, place: Place, sources: Mapping[str, Source] | None = None) -> dict[str, Any]:
    """Values of `table` in SI by field name; absent optional keys come with their default."""
    if not isinstance(table, dict):
        raise place.bad("", table, "a table")
    values: dict[str, Any] = {name: field.default for name, field in fields.items()}
    seen: dict[str, str] = {}
    for key, found in table.items():
        name, factor = (key, 1.0) if key in fields else si_key(key)
        if name not in fields:
            raise UnknownKey(place.file, place.key(key), "an unknown key", _known(key, fields))
        if name in seen:
            raise place.bad(key, f"the same number as {seen[name]}", "one of the two")
        seen[name] = key
        values[name] = _value(found, fields[name], factor, place, key, sources)
    for name, field in fields.items():
        if field.required and name not in seen:
            raise place.bad(name, "nothing", field.allowed)
    return values


def read_sources(table: object, place: Place) -> dict[str, Source]:
    """The `[sources]` table of a file: tag -> text, grade, url."""
    if table is None:
        return {}
    if not isinstance(table, dict):
        raise place.bad("", table, "a table of sources: tag = { text, grade, url }")
    sources = {}
    for tag, entry in table.items():
        read = read_table(entry, SOURCE, place.inside(tag))
        sources[tag] = Source(tag, read["text"], read["grade"], read["url"])
    return sources


SOURCE: Fields = {
    "text": Field("text", "where the number comes from", required=True),
    "grade": Field("text", "how good the source is", required=True, choices=tuple(GRADES)),
    "url": Field("text", "address", default=""),
}


def finite(found: object) -> float | None:
    """The number as a finite float, or None when it is not one."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        value = float(found)
    except OverflowError:
        return None
    return value if isfinite(value) else None


def source_of(found: object, place: Place, key: str, sources: Mapping[str, Source] | None) -> str:
    """A declared source tag."""
    if not isinstance(found, str) or found not in (sources or {}):
        tags = ", ".join(sources or {}) or "none is declared"
        raise place.bad(key, found, f"a tag of the [sources] table ({tags})")
    return found


def _known(key: str, fields: Fields) -> str:
    close = get_close_matches(si_key(key)[0], fields, n=1)
    listed = ", ".join(map(edge_key, fields))
    return f"{edge_key(close[0])} (did you mean it?), or any of {listed}" if close else listed


def _in_range(value: float, field: Field, place: Place, key: str, found: object) -> float:
    if (
        (field.low is not None and value < field.low)
        or (field.high is not None and value > field.high)
        or (field.above is not None and value <= field.above)
    ):
        raise place.bad(key, found, field.allowed)
    return value


def _value(found: Any, field: Field, factor: float, place: Place, key: str, sources: Mapping[str, Source] | None) -> Any:
    kind = field.kind
    if kind == "datum":
        return _datum(found, field, factor, place, key, sources)
    if kind == "number":
        value = finite(found)
        if value is None:
            raise place.bad(key, found, field.allowed)
        return _in_range(value * factor, field, place, key, found)
    if kind == "whole":
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > 2**53:
            raise place.bad(key, found, field.allowed)
        return int(_in_range(found, field, place, key, found))
    if kind == "text":
        if not isinstance(found, str) or not found.strip() or (field.choices and found not in field.choices):
            raise place.bad(key, found, field.allowed)
        return found
    if kind == "flag":
        if not isinstance(found, bool):
            raise place.bad(key, found, field.allowed)
        return found
    if kind in ("numbers", "texts", "pairs"):
        return _list(found, field, factor, place, key)
    if kind == "table" and not isinstance(found, dict):
        raise place.bad(key, found, field.allowed)
    return found


def _list(found: Any, field: Field, factor: float, place: Place, key: str) -> tuple[Any, ...]:
    if not isinstance(found, list):
        raise place.bad(key, found, field.allowed)
    if field.kind == "texts":
        if any(not isinstance(item, str) or (field.choices and item not in field.choices) for item in found):
            raise place.bad(key, found, field.allowed)
        return tuple(found)
    if field.kind == "pairs":
        if any(not isinstance(item, list) or len(item) != 2 or None in map(finite, item) for item in found):
            raise place.bad(key, found, field.allowed)
        return tuple((float(a) * factor, float(b) * factor) for a, b in found)
    numbers = [finite(item) for item in found]
    if None in numbers:
        raise place.bad(key, found, field.allowed)
    return tuple(_in_range(value * factor, field, place, key, found) for value in numbers if value is not None)


def _datum(found: Any, field: Field, factor: float, place: Place, key: str, sources: Mapping[str, Source] | None) -> Datum:
    if finite(found) is not None:
        raise place.bad(key, f"a bare number {found!r}", "{ value, sigma, source }: every number says where it comes from")
    if not isinstance(found, dict):
        raise place.bad(key, found, field.allowed)
    inside = place.inside(key)
    read = read_table(found, DATUM, inside)
    _in_range(read["value"] * factor, field, inside, "value", read["value"])
    source_of(read["source"], inside, "source", sources)
    if read["distribution"] == "log-normal" and read["value"] <= 0.0:
        raise inside.bad("value", read["value"], "a number above 0, since it is distributed log-normally")
    return Datum(read["value"] * factor, read["sigma"] * factor, read["source"], read["distribution"])


DATUM: Fields = {
    "value": Field("number", "the number, in the unit of its key", required=True),
    "sigma": Field("number", "standard deviation in the same unit", required=True, low=0.0),
    "source": Field("text", "tag of the [sources] table", required=True),
    "distribution": Field("text", "shape of its uncertainty", default="normal", choices=DISTRIBUTIONS),
}
