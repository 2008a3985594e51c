"""The vehicle to scale, lying as it is carried to the pad; a person beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

from baiterek.reports.labels import size_of
from baiterek.reports.language import Words
from baiterek.reports.sheet import LEFT_in, RIGHT_in, WIDTH_in, lay_out
from baiterek.reports.style import INK, MARK, SOFT
from baiterek.study.results import MissionResult

PERSON_m = 1.75
"""Height of the figure beside the vehicle: that of a person, for comparison only."""
TEXT_pt = 6.5
WIDTH_pt = 72.0 * (WIDTH_in - LEFT_in - RIGHT_in)
FILL = {"stage": "#F2F4F6", "interstage": "#D9DEE3", "booster": "#F2F4F6", "fairing": "#E6EEF5", "escape-tower": "#E6EEF5"}
NOZZLE, NOSE = 0.35, 1.2
"""Length of a nozzle and of a nose in diameters: signs, not dimensions; both lie within the length of their part.

The nozzles of upper stages are inside the interstage."""

Part = Mapping[str, Any]


class Placed(NamedTuple):
    """A part on the drawing: metres from the nozzles of the first stage, and from the axis."""

    part: Part
    kind: str
    start_m: float
    end_m: float
    axis_m: float
    radius_m: float


def can_be_drawn(result: MissionResult) -> bool:
    """Whether the vehicle's file gives length and diameter of every part."""
    parts = result.summary["vehicle"].get("parts", [])
    return bool(parts) and all(part["length_m"] and part["diameter_m"] for part in parts)


def vehicle(result: MissionResult, axes: Axes, words: Words) -> None:
    """Every part at its length and diameter; below it, what it is called, weighs and measures."""
    placed = places(result.summary["vehicle"]["parts"])
    length = max(one.end_m for one in placed)
    half = max(abs(one.axis_m) + one.radius_m for one in placed)
    side = max(0.02 * length, 1.2 * PERSON_m)
    per_pt = (length + 2.0 * side) / WIDTH_pt
    for one in placed:
        _draw(axes, one)
    rows = _names(axes, placed, half, per_pt, words)
    top = half + 16.0 * per_pt
    bottom = -half - rows * per_pt
    _whole(axes, placed, length, half, per_pt, words)
    _scale(axes, length, bottom, per_pt, words)
    _person(axes, length, -half)
    bottom -= 22.0 * per_pt
    axes.set_xlim(-side, length + side)
    axes.set_ylim(bottom, top)
    axes.set_aspect("auto")
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    text = words("to scale; ▲ dimension assumed or weakly sourced")
    axes.set_ylabel(text, rotation=0, ha="left", va="top")
    lay_out(axes, height_in=WIDTH_pt / 72.0 * (top - bottom) / (length + 2.0 * side))


def places(parts: list[Part]) -> list[Placed]:
    """Stages and fairing end to end, interstages between them; of each kind of booster two beside the first stage."""
    stages = [part for part in parts if part["kind"] != "booster"]
    placed, at = [], 0.0
    for index, part in enumerate(stages):
        radius = 0.5 * part["diameter_m"]
        placed.append(Placed(part, part["kind"], at, at + part["length_m"], 0.0, radius))
        at += part["length_m"]
        between = part.get("interstage_length_m")
        if between and index + 1 < len(stages):
            placed.append(Placed(part, "interstage", at, at + between, 0.0, radius))
            at += between
    off = 0.5 * stages[0]["diameter_m"]
    for part in (part for part in parts if part["kind"] == "booster"):
        radius = 0.5 * part["diameter_m"]
        for side in (1.0, -1.0)[: part["count"]]:
            placed.append(Placed(part, "booster", 0.0, part["length_m"], side * (off + radius), radius))
        off += part["diameter_m"]
    return placed


def _draw(axes: Axes, one: Placed) -> None:
    """The outline of a part: a cylinder with a nozzle or a nose where it has one."""
    low, high = one.axis_m - one.radius_m, one.axis_m + one.radius_m
    start, end = one.start_m, one.end_m
    style: dict[str, Any] = {"facecolor": FILL[one.kind], "edgecolor": INK, "lw": 0.7, "zorder": 2}
    nozzle = min(NOZZLE * 2.0 * one.radius_m, 0.3 * (end - start)) if start == 0.0 else 0.0
    nose = min(NOSE * 2.0 * one.radius_m, 0.6 * (end - start)) if one.kind not in ("stage", "interstage") else 0.0
    if nozzle:
        throat, mouth = 0.25 * one.radius_m, 0.55 * one.radius_m
        edge = [(start + nozzle, one.axis_m + throat), (start, one.axis_m + mouth), (start, one.axis_m - mouth),
                (start + nozzle, one.axis_m - throat)]  # fmt: skip
        axes.add_patch(Polygon(edge, closed=True, **style | {"facecolor": "#B9C0C7"}))
    along = np.linspace(0.0, 1.0, 25)
    # A parabola of half the radius at a quarter of the way back from the tip: a sign of a nose.
    upper = np.column_stack((end - nose + nose * along, one.axis_m + one.radius_m * np.sqrt(1.0 - along)))
    lower = np.column_stack((end - nose + nose * along, one.axis_m - one.radius_m * np.sqrt(1.0 - along)))[::-1]
    tip = np.concatenate((upper, lower)) if nose else np.array([(end, high), (end, low)])
    outline = np.concatenate(([(start + nozzle, low), (start + nozzle, high)], tip))
    axes.add_patch(Polygon(outline, closed=True, label=f"_{one.kind}", **style))


def _names(axes: Axes, placed: list[Placed], half_m: float, per_pt: float, words: Words) -> float:
    """Name, mass and dimensions below each part, lower where two would touch; the points that this takes."""
    taken: list[tuple[float, float, int]] = []
    deepest = 0.0
    named = {one.part["name"]: one for one in reversed(placed) if one.kind != "interstage"}
    for one in sorted(named.values(), key=lambda one: (one.kind == "booster", one.start_m)):
        text = _text(one.part, words)
        wide = max(size_of(line, TEXT_pt)[0] for line in text.split("\n")) * per_pt
        middle = 0.5 * (one.start_m + one.end_m)
        row = 0
        while any(r == row and left < middle + 0.5 * wide and middle - 0.5 * wide < right for left, right, r in taken):
            row += 1
        taken.append((middle - 0.5 * wide, middle + 0.5 * wide, row))
        high = size_of("x", TEXT_pt)[1] * (text.count("\n") + 1)
        down = 8.0 + row * 42.0
        if row == 0:
            foot = -half_m - (down - 1.5) * per_pt
            axes.plot([middle, middle], [one.axis_m - one.radius_m, foot], color=SOFT, lw=0.4, zorder=1)
        axes.annotate(text, (middle, -half_m - down * per_pt), ha="center", va="top", fontsize=TEXT_pt, annotation_clip=False)
        deepest = max(deepest, down + high)
    return deepest + 6.0


def _text(part: Part, words: Words) -> str:
    """`stage-1`, `442 t, dry 36.9 t`, `37 ▲ × 4.1 m`."""
    name = words.said(part["name"])
    mass = words("{n} t", n=words.significant(part["mass_kg"] / 1e3, 3))
    dry = words("empty {n} t", n=words.significant(part["dry_mass_kg"] / 1e3, 3)) if part["dry_mass_kg"] else ""
    size = words("{length} × {diameter} m", length=_sized(part, "length_m", words), diameter=_sized(part, "diameter_m", words))
    lines = [f"{part['count']} × {name}" if part["count"] > 1 else name, mass, dry, size]
    if part.get("interstage_length_m"):
        lines.append(words("interstage {length} m", length=_sized(part, "interstage_length_m", words)))
    return "\n".join(line for line in lines if line)


def _sized(part: Part, name: str, words: Words) -> str:
    return words.significant(part[name], 3) + (" ▲" if name in part["marked"] else "")


def _whole(axes: Axes, placed: list[Placed], length_m: float, half_m: float, per_pt: float, words: Words) -> None:
    """The whole length over the vehicle, marked when any length in it is."""
    y = half_m + 6.0 * per_pt
    mark = any({"length_m", "interstage_length_m"} & set(one.part["marked"]) for one in placed if one.kind != "booster")
    ends = {"arrowstyle": "<->", "lw": 0.6, "color": INK, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (0.0, y), (length_m, y), arrowprops=ends)
    text = words("{n} m", n=words.significant(length_m, 3)) + (" ▲" if mark else "")
    axes.annotate(text, (0.5 * length_m, y), (0, 1.5), textcoords="offset points", ha="center", va="bottom", fontsize=TEXT_pt,
                  color=MARK if mark else INK)  # fmt: skip


def _scale(axes: Axes, length_m: float, y: float, per_pt: float, words: Words) -> None:
    """A bar of round length in the lower left corner."""
    long = next(n for n in (50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if n < 0.3 * length_m or n == 0.1)
    low, high = y - 14.0 * per_pt, y - 11.0 * per_pt
    for half, colour in ((0, "black"), (1, "white")):
        left = 0.5 * half * long
        axes.fill_between([left, left + 0.5 * long], low, high, facecolor=colour, edgecolor="black", lw=0.5, zorder=7)
    text = words("{n} m; a person of {height} m for comparison", n=words.significant(long, 2), height=words.number(PERSON_m, 2))
    axes.annotate(text, (0.0, high), (0, 2), textcoords="offset points", fontsize=TEXT_pt)


def _person(axes: Axes, length_m: float, ground_m: float) -> None:
    """Head, body and legs, standing before the nose, on the level of the vehicle's lowest line."""
    x, head = length_m + 0.5 * PERSON_m, 0.13 * PERSON_m
    half = [(0.0, 0.42), (0.02, 0.0), (0.13, 0.0), (0.13, 0.45), (0.16, 0.84)]
    body = half + [(-a, b) for a, b in reversed(half)]
    outline = [(x + a * PERSON_m, ground_m + b * PERSON_m) for a, b in body]
    axes.add_patch(Polygon(outline, closed=True, facecolor=INK, lw=0.0, zorder=3))
    middle = (x, ground_m + PERSON_m - 0.5 * head)
    axes.add_patch(Circle(middle, 0.5 * head, facecolor=INK, lw=0.0, zorder=3))
