"""Templates of campaigns: TOML in, resources and operations out. Every number says where it is from; assumed ones say so."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.operations.network import Work, in_order
from baiterek.campaign.operations.records import LIFT_OFF, Hazard, Operation, Resource, ResourceKind
from baiterek.errors import BadValue, UnknownKey, UnreadableFile

SHIPPED = Path(__file__).parent / "templates"
E = TypeVar("E", bound=StrEnum)
MINUTES = {"minutes": 1, "hours": 60, "days": 1440}
LONGEST_min = 3650 * 1440
MOST_OPERATIONS = 10_000
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAMES = ("en", "ru", "kk")
RESOURCE_KEYS = {"id", "kind", "part", "capacity", "shift_h", "rest_h", "teams", *NAMES}
OPERATION_KEYS = {
    "key", "part", "organisation", "before", "lasts", "resources", "excludes", "after", "hazards", "procedure", *NAMES,
}  # fmt: skip


class Template(NamedTuple):
    """What a campaign is made of; `operations` belong to a campaign without a name."""

    name: str
    sha256: str
    names: dict[str, str]
    resources: list[Resource]
    operations: list[Operation]


def shipped() -> list[str]:
    """Names of the templates that come with the program."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def find_template(word: str) -> Path:
    """A shipped template by its name, or a file of one's own."""
    return SHIPPED / f"{word}.toml" if word in shipped() else Path(word)


def read_template(path: Path) -> Template:
    """A template, whole, or one line that says what is wrong where."""
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8"))
    except OSError as failure:
        allowed = f"a template: {', '.join(shipped())}, or a TOML file"
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), allowed) from None
    except ValueError as failure:
        raise UnreadableFile(str(path), "", str(failure).partition("\n")[0], "TOML in UTF-8") from None
    file = str(path)
    _known(file, "", document, {"name", "sources", "resource", "operation", *NAMES})
    sources = document.get("sources", {})
    resources = [_resource(file, k, row, sources) for k, row in enumerate(_tables(file, document, "resource"), 1)]
    operations = [_operation(file, k, row, sources) for k, row in enumerate(_tables(file, document, "operation"), 1)]
    _consistent(file, resources, operations)
    names = {one: _text(file, one, document.get(one)) for one in NAMES}
    return Template(
        _text(file, "name", document.get("name")), hashlib.sha256(content).hexdigest(), names, resources, operations
    )


def _resource(file: str, number: int, row: dict[str, Any], sources: dict[str, str]) -> Resource:
    where = f"resource {row.get('id', number)}"
    _known(file, where, row, RESOURCE_KEYS)
    stated: dict[str, int] = {}
    said = []
    for key, default, factor in (("capacity", 1, 1), ("shift_h", 0, 60), ("rest_h", 0, 60), ("teams", 1, 1)):
        if key not in row:
            stated[key] = default * factor
            continue
        value, source = _sourced(file, f"{where}.{key}", row[key], ("value",), sources)
        least = 1 if key in ("capacity", "teams") else 0
        stated[key] = _whole(file, f"{where}.{key}", value[1] * factor, least)
        said.append(f"{key}: {source}")
    ru, kk, en = _names(file, f"{where}.", row)
    kind = _word(file, f"{where}.kind", row.get("kind"), ResourceKind)
    part = _word(file, f"{where}.part", row.get("part"), Part)
    id = _key(file, f"{where}.id", row.get("id"))
    return Resource(
        id, kind, ru, kk, en, part, stated["capacity"], stated["shift_h"], stated["rest_h"], stated["teams"], "; ".join(said)
    )


def _operation(file: str, number: int, row: dict[str, Any], sources: dict[str, str]) -> Operation:
    key = _key(file, f"operation {number}.key", row.get("key"))
    where = f"operation {key}"
    _known(file, where, row, OPERATION_KEYS)
    before, first = _minutes(file, f"{where}.before", row.get("before"), sources)
    lasts, second = _minutes(file, f"{where}.lasts", row.get("lasts"), sources)
    if lasts < 0:
        raise BadValue(file, f"{where}.lasts", str(lasts), "no less than 0")
    ru, kk, en = _names(file, f"{where}.", row)
    part = _word(file, f"{where}.part", row.get("part"), Part)
    hazards = tuple(_word(file, f"{where}.hazards", one, Hazard) for one in _list(file, where, row, "hazards"))
    return Operation(
        key, "", number, ru, kk, en, part, _text(file, f"{where}.organisation", row.get("organisation")), before, lasts,
        _list(file, where, row, "resources"), _list(file, where, row, "excludes"), _list(file, where, row, "after"), hazards,
        str(row.get("procedure", "")), f"begins: {first}; lasts: {second}",
    )  # fmt: skip


def _consistent(file: str, resources: list[Resource], operations: list[Operation]) -> None:
    """Names once each, what is named is there, no circle, one lift-off of no duration at no time before itself."""
    for kind, ids in (("resource", [one.id for one in resources]), ("operation", [one.id for one in operations])):
        twice = next((id for id in ids if ids.count(id) > 1), None) if len(set(ids)) < len(ids) else None
        if twice:
            raise BadValue(file, kind, twice, "each name once")
    known = {one.id for one in resources}
    for one in operations:
        stray = next((name for name in (*one.resources, *one.excludes) if name not in known), None)
        if stray:
            raise BadValue(file, f"operation {one.id}", stray, "a resource of this template")
    try:
        in_order(Work(one.id, one.duration_min, one.after) for one in operations)
    except BadValue as failure:
        raise BadValue(file, f"operation {failure.key}", failure.found, failure.allowed) from None
    lift_off = next((one for one in operations if one.id == LIFT_OFF), None)
    if lift_off is None or lift_off.before_min or lift_off.duration_min:
        raise BadValue(file, f"operation {LIFT_OFF}", "none" if lift_off is None else "a duration", "one at 0, lasting 0")


def _minutes(file: str, key: str, value: Any, sources: dict[str, str]) -> tuple[int, str]:
    (unit, number), source = _sourced(file, key, value, tuple(MINUTES), sources)
    minutes = number * MINUTES[unit]
    return _whole(file, key, minutes, -LONGEST_min), source


def _sourced(file: str, key: str, value: Any, units: tuple[str, ...], sources: dict[str, str]) -> tuple[tuple[str, float], str]:
    allowed = f"{{ {' or '.join(units)} = number, source = one of [sources] }}"
    unit = next((one for one in units if isinstance(value, dict) and one in value), None)
    if unit is None or set(value) != {unit, "source"}:
        raise BadValue(file, key, str(value), allowed)
    number = value[unit]
    if isinstance(number, bool) or not isinstance(number, int | float) or value["source"] not in sources:
        raise BadValue(file, key, str(value), allowed)
    return (unit, number), sources[value["source"]]


def _names(file: str, where: str, row: dict[str, Any]) -> tuple[str, str, str]:
    ru, kk, en = (_text(file, f"{where}{one}", row.get(one)) for one in ("ru", "kk", "en"))
    return ru, kk, en


def _whole(file: str, key: str, value: float, least: int) -> int:
    if value != int(value) or not least <= value <= LONGEST_min:
        raise BadValue(file, key, str(value), f"a whole number of minutes, from {least} to {LONGEST_min}")
    return int(value)


def _tables(file: str, document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = document.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadValue(file, key, type(rows).__name__, f"[[{key}]] tables")
    if len(rows) > MOST_OPERATIONS:
        raise BadValue(file, key, str(len(rows)), f"at most {MOST_OPERATIONS}")
    return rows


def _list(file: str, where: str, row: dict[str, Any], key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadValue(file, f"{where}.{key}", str(value), "a list of names")
    return tuple(dict.fromkeys(value))


def _word(file: str, key: str, value: Any, kind: type[E]) -> E:
    if value not in tuple(kind):
        raise BadValue(file, key, str(value), ", ".join(kind))
    return kind(value)


def _text(file: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadValue(file, key, str(value), "a text")
    return value


def _key(file: str, key: str, value: Any) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise BadValue(file, key, str(value), "small letters, digits and hyphens, at most 40")
    return value


def _known(file: str, where: str, table: dict[str, Any], keys: Iterable[str]) -> None:
    stray = next((key for key in table if key not in keys), None)
    if stray is not None:
        raise UnknownKey(file, f"{where}.{stray}".lstrip("."), stray, ", ".join(sorted(keys)))
