"""Two runs side by side: what was asked differently first, then what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from baiterek import notebook
from baiterek.columns import describe
from baiterek.study.results import MissionResult, read_json
from baiterek.study.words import ANSWERS, as_read, phrase

DUST = 1e-12
"""Numbers that differ by a smaller part of their size, or of the greatest of their column, are the same: rounding."""

ROUND = ("longitude_deg", "impact_longitude_deg", "azimuth_deg", "heading_deg")
"""Columns that start again after a whole turn."""
WIDE = 24
"""Texts that are longer get a line of their own."""
ELEMENTS_ROUND = ("raan_deg", "argument_of_perigee_deg", "true_anomaly_deg")


@dataclass(frozen=True)
class Item:
    """One thing that differs; None where a run has no such thing."""

    what: str
    unit: str
    one: Any
    other: Any

    @property
    def change(self) -> float | None:
        """Other less one, where both are numbers; of angles the short way round."""
        numbers = [v for v in (self.one, self.other) if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(numbers) < 2:
            return None
        change = float(numbers[1] - numbers[0])
        turns = self.unit == "deg" and any(name in self.what for name in ("longitude", *ELEMENTS_ROUND))
        return (change + 180.0) % 360.0 - 180.0 if turns else change


@dataclass(frozen=True)
class Gap:
    """The greatest difference of a column over the time that both runs have, and when it is."""

    column: str
    unit: str
    difference: float
    t_s: float


@dataclass(frozen=True, repr=False)
class Difference:
    """What differs between two runs, and nothing that does not."""

    names: tuple[str, str]
    inputs: tuple[Item, ...]
    """Keys of the resolved missions, numbers of the vehicles, code, libraries, verb, seed."""
    results: tuple[Item, ...]
    columns: tuple[Gap, ...]

    @property
    def identical(self) -> bool:
        return not (self.inputs or self.results or self.columns)

    def __repr__(self) -> str:
        if self.identical:
            return f"<Difference of {self.names[0]} and {self.names[1]}: none>"
        counts = f"{len(self.inputs)} inputs, {len(self.results)} results, {len(self.columns)} columns"
        return f"<Difference of {self.names[0]} and {self.names[1]}: {counts}>"

    def _repr_html_(self) -> str:
        facts = [[(x.what, x.unit, x.one, x.other, x.change) for x in items] for items in (self.inputs, self.results)]
        gaps = [(gap.column, gap.unit, gap.difference, gap.t_s) for gap in self.columns]
        return notebook.card(
            repr(self)[1:-1],
            notebook.table(facts[0], ("input", "unit", "1", "2", "change")),
            notebook.table(facts[1], ("result", "unit", "1", "2", "change")),
            notebook.table(gaps, ("column", "unit", "greatest difference", "at, s")),
        )

    def document(self) -> dict[str, Any]:
        """Plain values."""
        lists = {
            "inputs": [asdict(item) | {"change": item.change} for item in self.inputs],
            "results": [asdict(item) | {"change": item.change} for item in self.results],
            "columns": [asdict(gap) for gap in self.columns],
        }
        return {"one": self.names[0], "other": self.names[1], "identical": self.identical, **lists}


def compare(one: MissionResult, other: MissionResult) -> Difference:
    """The differences of two results that were read from their folders."""
    return Difference(
        (one.name, other.name),
        tuple(_differing(_inputs(one), _inputs(other))),
        tuple(_differing(_answers(one.summary), _answers(other.summary))),
        tuple(_gaps(one, other)),
    )


Facts = dict[str, tuple[Any, str]]
"""What -> value and unit."""


def _differing(one: Facts, other: Facts) -> Iterator[Item]:
    for what in dict.fromkeys([*one, *other]):
        (a, unit_a), (b, unit_b) = one.get(what, (None, "")), other.get(what, (None, ""))
        if not _same(a, b):
            yield Item(what, unit_a or unit_b, a, b)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= DUST * max(abs(a), abs(b))
    return bool(a == b)


def _inputs(result: MissionResult) -> Facts:
    assert result.folder is not None
    covered = result.provenance["covered"]
    mission = read_json(result.folder / "mission-resolved.json")
    mission.pop("environment_in_words", None)  # says again what the keys of the environment say
    facts: Facts = {path: (value, "") for path, value in _flat(mission)}
    facts |= {"verb": (covered["verb"], ""), "version": (result.provenance["version"], ""), "code": (covered["code"][:12], "")}
    return facts | {f"library {name}": (version, "") for name, version in covered["libraries"].items()}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Numbers and texts by dotted path; a list of tables by their names, any other list as one."""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) and "name" in item for item in value):
        value = {item["name"]: item for item in value}
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _answers(summary: Mapping[str, Any]) -> Facts:
    """The answer, verdicts, orbit, events and falls of a result."""
    answer = summary["answer"]
    facts: Facts = {"status": (summary["status"], ""), "contradictions": (summary["contradictions"], "")}
    facts[ANSWERS[answer["objective"]].lower()] = (answer["value"], answer["unit"])
    facts |= {phrase(key, "kg"): (answer[key], "kg") for key in answer if key.endswith("_kg")}
    facts["1 sigma"] = (answer["sigma"], answer["unit"])
    for limit in map(as_read, summary["limits"]):
        facts[f"limit {limit['name']}"] = (limit["value"], limit["unit"])
        facts[f"limit {limit['name']}, active"] = (limit["active"], "")
        facts[f"limit {limit['name']}, met"] = (limit["met"], "")
    for key, value in (summary["achieved"] or {}).items():
        facts[f"orbit {key}"] = (value, key.rpartition("_")[2])
    for event in summary["events"]:
        units = {key: describe(key).unit for key in event if key != "name"}
        facts |= {f"{event['name']}: {key}": (event[key], unit) for key, unit in units.items()}
    for fall in summary["impacts"]:
        units = {"latitude_deg": "deg", "longitude_deg": "deg", "t_s": "s", "mass_kg": "kg", "inside": "", "landed": ""}
        facts |= {f"{fall['name']} falls: {key}": (fall[key], unit) for key, unit in units.items()}
    return facts


def _gaps(one: MissionResult, other: MissionResult) -> Iterator[Gap]:
    """Columns at the instants of the first, those of the second in between taken along straight lines.

    At a separation it is the row after it that counts.
    """
    if not (one.trajectory and other.trajectory):
        return
    t, t_other = one.trajectory["t_s"], other.trajectory["t_s"]
    common = (t >= t_other[0]) & (t <= t_other[-1]) & np.append(np.diff(t) > 0.0, True)
    same = len(t) == len(t_other) and bool(np.all(t == t_other))
    for name in [name for name in one.trajectory if name in other.trajectory and name not in ("t_s", "phase")]:
        values = other.trajectory[name] if same else np.interp(t, t_other, _unwound(name, other.trajectory[name]))
        step = np.asarray(values - one.trajectory[name])[common]
        if name in ROUND:
            step = (step + 180.0) % 360.0 - 180.0
        known = np.abs(np.where(np.isfinite(step), step, 0.0))
        if known.size and known.max() > DUST * np.nanmax(np.abs(one.trajectory[name])):
            row = int(known.argmax())
            yield Gap(name, describe(name).unit, float(step[row]), float(t[common][row]))


def _unwound(name: str, values: Any) -> Any:
    return np.unwrap(values, period=360.0) if name in ROUND and np.isfinite(values).all() else values


def as_text(difference: Difference) -> str:
    """What a terminal shows."""
    lines = [f"1  {difference.names[0]}", f"2  {difference.names[1]}", ""]
    if difference.identical:
        return "\n".join([*lines, "identical: the same inputs, code, libraries and results"])
    for title, items in (("inputs", difference.inputs), ("results", difference.results)):
        lines += [f"{title} that differ" if items else f"{title}: the same"]
        lines += [_line(item) for item in items] + [""]
    lines += ["columns, greatest difference" if difference.columns else "columns: the same"]
    lines += [f"  {gap.column:<44} {gap.difference:>+12.6g} {gap.unit:<6} at {gap.t_s:.1f} s" for gap in difference.columns]
    return "\n".join(lines)


def _line(item: Item) -> str:
    one, other = _said(item.one), _said(item.other)
    if max(len(one), len(other)) > WIDE:
        return f"  {item.what}\n    1: {one}\n    2: {other}"
    change = "" if item.change is None else f"  ({item.change:+.6g})"
    return f"  {item.what:<52} {one:>14} -> {other:<14} {item.unit}{change}".rstrip()


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_said, value)) or "none"
    return "none" if value is None else f"{value:.8g}" if isinstance(value, float) else str(value)
