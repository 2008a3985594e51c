"""What was measured in flight: a TOML file or a table, each value with its sigma and its source.

[sources]                                      quantity,value,sigma,source
tm = "telemetry report 12"                     stage-1.separation.t_s,176.4,0.05,telemetry report 12
[[measured]]
quantity = "stage-1.separation.t_s"
value = 176.4
sigma = 0.05
source = "tm"
"""

from __future__ import annotations

import re
import tomllib
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.campaign.sheets import Line, read_table
from baiterek.errors import BadValue, UnknownKey, UnreadableFile

COLUMNS = ("quantity", "value", "sigma", "source")
QUANTITY = re.compile(r"[\w+()-]+(\.[\w+()-]+)+")
MOST = 2_000


class Measured(NamedTuple):
    """A measured value in the unit that ends its quantity's name."""

    quantity: str
    value: float
    sigma: float
    source: str


def read_measured(path: Path) -> list[Measured]:
    """Every measured value, or one line that says what is wrong where."""
    rows = _toml(path) if path.suffix.lower() == ".toml" else _table(path)
    if not rows or len(rows) > MOST:
        raise BadValue(str(path), "", f"{len(rows)} values", f"from 1 to {MOST}")
    found: dict[str, Measured] = {}
    for where, row in rows:
        one = _value(str(path), where, row)
        if one.quantity in found:
            raise BadValue(str(path), where, one.quantity, "each quantity once")
        found[one.quantity] = one
    return list(found.values())


def _toml(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "measured values in TOML, CSV or XLSX") from None
    except ValueError as failure:
        raise UnreadableFile(str(path), "", str(failure).partition("\n")[0], "TOML in UTF-8") from None
    stray = next((key for key in document if key not in ("sources", "measured")), None)
    if stray:
        raise UnknownKey(str(path), stray, stray, "sources, measured")
    sources, rows = document.get("sources", {}), document.get("measured", [])
    if not isinstance(sources, dict) or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadValue(str(path), "measured", type(rows).__name__, "[sources] and [[measured]] tables")
    for k, row in enumerate(rows, 1):
        if row.get("source") not in sources:
            raise BadValue(str(path), f"measured {k}.source", str(row.get("source")), f"one of [sources]: {', '.join(sources)}")
    return [(f"measured {k}", {**row, "source": sources[row["source"]]}) for k, row in enumerate(rows, 1)]


def _table(path: Path) -> list[tuple[str, dict[str, Any]]]:
    lines: list[Line] = read_table(path)
    return [(f"row {line.number}", dict(line.cells)) for line in lines]


def _value(file: str, where: str, row: dict[str, Any]) -> Measured:
    stray = next((key for key in row if key not in COLUMNS), None)
    if stray:
        raise UnknownKey(file, f"{where}.{stray}", stray, ", ".join(COLUMNS))
    name, source = str(row.get("quantity", "")).strip(), str(row.get("source", "")).strip()
    if not QUANTITY.fullmatch(name):
        raise BadValue(file, f"{where}.quantity", name, "a name with its unit, such as stage-1.separation.t_s")
    if not source:
        raise BadValue(file, f"{where}.source", "nothing", "who measured it")
    value, sigma = (_number(file, f"{where}.{key}", row.get(key)) for key in ("value", "sigma"))
    if sigma <= 0.0:
        raise BadValue(file, f"{where}.sigma", str(sigma), "more than 0")
    return Measured(name, value, sigma, source)


def _number(file: str, key: str, value: Any) -> float:
    try:
        found = float(value) if not isinstance(value, bool) else float("nan")
    except (TypeError, ValueError):
        found = float("nan")
    if not isfinite(found):
        raise BadValue(file, key, str(value), "a number")
    return found
