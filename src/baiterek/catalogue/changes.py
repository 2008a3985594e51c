"""A file's tables with other values, and tables as TOML again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from baiterek.catalogue.document import merge
from baiterek.catalogue.units import si_key


def changed(document: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The document with other values by dotted path, such as "limits.dynamic_pressure_kPa"; None takes a key away.

    A number may come in another unit than the one that it replaces.
    """
    for path, value in changes.items():
        *tables, key = path.split(".")
        if value is None:
            document = _without(document, tables, key)
            continue
        nested: dict[str, Any] = {key: _plain(value)}
        for table in reversed(tables):
            nested = {table: nested}
        document = merge(document, nested)
    return document


def _without(document: dict[str, Any], tables: list[str], key: str) -> dict[str, Any]:
    if not tables:
        return {name: value for name, value in document.items() if si_key(name)[0] != si_key(key)[0]}
    inner = document.get(tables[0])
    return {**document, tables[0]: _without(inner, tables[1:], key)} if isinstance(inner, dict) else document


def _plain(value: Any) -> Any:
    """What a TOML reader would have given: numbers of NumPy as numbers, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def toml_text(document: Mapping[str, Any], path: str = "") -> str:
    """Plain tables as TOML: values first, then a heading a table."""
    plain = [f"{_key(key)} = {_value(value)}" for key, value in document.items() if not isinstance(value, Mapping)]
    tables = [(f"{path}{_key(key)}", value) for key, value in document.items() if isinstance(value, Mapping)]
    return "\n".join(plain) + "\n" + "".join(f"\n[{name}]\n{toml_text(table, name + '.')}" for name, table in tables)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)  # texts, whole numbers and flags are written alike in JSON and TOML
