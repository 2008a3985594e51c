"""Figures of many flights: histograms, impact points with their ellipses, what drives the outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from baiterek.reports.style import BLUE, GREEN, GREY, INK, LIMIT, ORANGE, RC, SOFT
from baiterek.study.flights_file import read_columns
from baiterek.study.monte_carlo_summary import Globe, points_about

CAPTIONS = {
    "histograms": "Spread of the flights",
    "impacts": "Impact points",
    "drivers": "What drives each output",
}
PANELS = {
    "insertion.perigee_altitude_m": ("perigee altitude, km", 1e-3),
    "insertion.apogee_altitude_m": ("apogee altitude, km", 1e-3),
    "insertion.inclination_deg": ("inclination, deg", 1.0),
    "insertion.margin_kg": ("propellant margin, kg", 1.0),
    "peak.dynamic_pressure_Pa": ("greatest dynamic pressure, kPa", 1e-3),
    "peak.q_alpha_Pa_rad": ("greatest q alpha, Pa rad", 1.0),
}
MOST_POINTS = 4000
"""Of a body in a figure; ellipses are of all."""
BARS = 6


def draw_flights(s: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """Write `folder/figures/<name>.svg` for what there is; returns the drawings by name."""
    drawn: dict[str, str] = {}
    painters: dict[str, Callable[[Mapping[str, Any], Path], Figure | None]]
    painters = {"histograms": _histograms, "impacts": _impacts, "drivers": _drivers}
    (folder / "figures").mkdir(exist_ok=True)
    with mpl.rc_context({**RC, "svg.hashsalt": s["run"]}):
        for name, paint in painters.items():
            figure = paint(s, folder / "flights.parquet")
            if figure is None:
                continue
            asked = f"{s['flights']} flights, {s['asked']['design']}, seed {s['asked']['seed']}"
            figure.text(0.01, 0.008, f"run {s['run'][:8]} · {s['guidance']} · {asked}", fontsize=6.5, color=GREY)
            FigureCanvasSVG(figure)
            text = StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None})
            drawn[name] = text.getvalue()
            (folder / "figures" / f"{name}.svg").write_text(drawn[name], encoding="utf-8")
    return drawn


def _histograms(s: Mapping[str, Any], table: Path) -> Figure | None:
    shown = {name: about for name, about in PANELS.items() if s["outputs"][name].get("sigma", [0.0])[0]}
    if not shown:
        return None
    rows = -(-len(shown) // 2)
    figure = Figure(figsize=(7.2, 0.4 + 1.75 * rows), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    limits = {row["name"]: row["limit"] for row in s["loads"]}
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for panel, (name, (label, factor)) in zip(panels, shown.items(), strict=False):
        values = read_columns(table, [name])[name] * factor
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, (0.0005, 0.9995))
        panel.hist(values, bins=60, range=(low, high), color=BLUE, alpha=0.75)
        panel.axvline(s["outputs"][name]["nominal"] * factor, color=INK, lw=1.0)
        for p in ("0.00135", "0.99865"):
            panel.axvline(s["outputs"][name]["quantiles"][p][0] * factor, color=ORANGE, lw=1.0, ls="--")
        if limits.get(name) is not None:
            panel.axvline(limits[name] * factor, **LIMIT)
        panel.set_xlabel(label)
        panel.set_yticks([])
    for panel in panels[len(shown) :]:
        panel.set_visible(False)
    key = "black: without dispersions · orange: 0.135 % and 99.865 % of the flights · red: limit"
    figure.text(0.99, 0.008, key, fontsize=6.5, color=SOFT, ha="right")
    return figure


def _impacts(s: Mapping[str, Any], table: Path) -> Figure | None:
    bodies = [row for row in s["impacts"] if row["ellipses"]]
    if not bodies:
        return None
    figure = Figure(figsize=(7.2, 0.3 + 2.3 * len(bodies)), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    for panel, row in zip(figure.subplots(len(bodies), 1, squeeze=False).ravel(), bodies, strict=True):
        names = [f"{row['body']}.impact.{word}_deg" for word in ("latitude", "longitude")]
        latitude, longitude = read_columns(table, names).values()
        points = points_about(latitude, longitude, row["middle_deg"], Globe(**s["globe"])) / 1e3
        some = points[:: max(1, len(points) // MOST_POINTS)]
        long = np.radians(row["ellipses"][0]["azimuth_deg"])
        along = some @ np.array([[np.sin(long), np.cos(long)], [np.cos(long), -np.sin(long)]]).T
        panel.scatter(*along.T, s=2.0, color=BLUE, alpha=0.35, lw=0, rasterized=True)
        for drawn, color in zip(row["ellipses"], (GREEN, ORANGE), strict=False):
            center = np.array(drawn["center_m"]) / 1e3
            middle = (np.sin(long) * center[0] + np.cos(long) * center[1], np.cos(long) * center[0] - np.sin(long) * center[1])
            wide, high = (2e-3 * axis for axis in drawn["half_axes_m"])
            label = f"{100 * drawn['within']:g} % ellipse, {100 * drawn['inside']:.1f} % within"
            panel.add_patch(Ellipse(middle, wide, high, fill=False, ec=color, lw=1.3, label=label))
        panel.margins(0.03, 0.1)
        panel.autoscale_view()
        lat, lon = row["middle_deg"]
        panel.set_title(f"{row['body']}: {row['landed']} down, about {lat:.3f}, {lon:.3f} deg", loc="left", fontsize=8.5)
        panel.set_xlabel(f"along azimuth {row['ellipses'][0]['azimuth_deg']:.1f} deg, km")
        panel.set_ylabel("to the right, km")
        panel.legend(loc="lower right", bbox_to_anchor=(1.0, 0.99), fontsize=6.5, ncols=2, borderaxespad=0.0)
    return figure


def _drivers(s: Mapping[str, Any], table: Path) -> Figure | None:
    shown = {name: label for name, (label, _) in PANELS.items() if s["drivers"].get(name, {}).get("groups")}
    if not shown:
        return None
    rows = -(-len(shown) // 2)
    figure = Figure(figsize=(7.2, 0.3 + 1.6 * rows), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for panel, (name, label) in zip(panels, shown.items(), strict=False):
        groups = s["drivers"][name]["groups"][:BARS][::-1]
        panel.barh([group["name"] for group in groups], [100.0 * group["part"] for group in groups], color=BLUE, height=0.65)
        panel.tick_params(axis="y", labelsize=6.5)
        r2 = s["drivers"][name]["r2"]
        panel.set_title(f"{label.partition(',')[0]}: {100 * r2:.0f} % explained", loc="left", fontsize=8)
        panel.set_xlabel("part of the variance, %")
        panel.grid(axis="y", visible=False)
    for panel in panels[len(shown) :]:
        panel.set_visible(False)
    return figure
