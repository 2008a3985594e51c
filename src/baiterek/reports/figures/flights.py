"""Figures of many flights: histograms, impact points with their ellipses, what drives the outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator

from baiterek.reports.language import Words, later
from baiterek.reports.naming import DESIGN_NAMES, group_name
from baiterek.reports.sheet import Numbers, numbered_clips
from baiterek.reports.style import BLUE, GREEN, GREY, INK, LIMIT, ORANGE, RC, SOFT
from baiterek.study.monte_carlo_summary import Flights, Globe, points_about

CAPTIONS = {
    "histograms": later("Spread of the flights"),
    "correlations": later("Elements at insertion against each other"),
    "impacts": later("Impact points"),
    "drivers": later("What drives each output"),
}
PANELS = {
    "insertion.perigee_altitude_m": (later("perigee altitude, km"), 1e-3),
    "insertion.apogee_altitude_m": (later("apogee altitude, km"), 1e-3),
    "insertion.inclination_deg": (later("inclination, deg"), 1.0),
    "insertion.raan_deg": (later("ascending node, deg"), 1.0),
    "insertion.margin_kg": (later("propellant margin, kg"), 1.0),
    "peak.dynamic_pressure_Pa": (later("greatest dynamic pressure, kPa"), 1e-3),
    "peak.q_alpha_Pa_rad": (later("greatest dynamic pressure × angle of attack, Pa rad"), 1.0),
    "peak.axial_acceleration_m_s2": (later("greatest axial acceleration, m/s²"), 1.0),
}
ELEMENTS = (
    later("semi-major axis"), later("eccentricity"), later("perigee"), later("apogee"), later("inclination"),
    later("ascending node"),
)  # fmt: skip
"""In the order of the summary's covariance."""
MOST_POINTS = 4000
"""Of a body in a figure; ellipses are of all."""
BARS = 6
NUMBERED = 0.9
"""Part of a panel's width that has numbers below it."""


def draw_flights(s: Mapping[str, Any], folder: Path, drawings: Path, words: Words) -> dict[str, str]:
    """Write `drawings/<name>.svg` for what there is in `folder`; returns the drawings by name."""
    drawn: dict[str, str] = {}
    painters: dict[str, Callable[[Mapping[str, Any], Flights, Words], Figure | None]]
    painters = {"histograms": _histograms, "correlations": _correlations, "impacts": _impacts, "drivers": _drivers}
    table = Flights(folder / "flights.parquet")
    with mpl.rc_context({**RC, "svg.hashsalt": s["run"]}):
        for name, paint in painters.items():
            figure = paint(s, table, words)
            if figure is None:
                continue
            design, seed = DESIGN_NAMES[s["asked"]["design"]], s["asked"]["seed"]
            number = words.number(s["flights"])
            asked = words("{n} flights, {design}, seed {seed}", n=number, design=words(design), seed=seed)
            stamp = " · ".join((words("run") + " " + s["run"][:8], words.said(s["guidance"]), asked))
            figure.text(0.01, 0.008, stamp, fontsize=6.5, color=GREY)
            FigureCanvasSVG(figure)
            _lay_out(figure)
            text = StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None})
            drawn[name] = numbered_clips(text.getvalue())
            (drawings / f"{name}.svg").write_text(drawn[name], encoding="utf-8")
    return drawn


def _lay_out(figure: Figure) -> None:
    """Once: a figure that is saved with a layout engine is drawn twice, the first time for the layout alone."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)


def _histograms(s: Mapping[str, Any], table: Flights, words: Words) -> Figure | None:
    shown = {name: about for name, about in PANELS.items() if s["outputs"][name].get("sigma", [0.0])[0]}
    if not shown:
        return None
    rows = -(-len(shown) // 2)
    figure = Figure(figsize=(7.2, 0.4 + 1.75 * rows), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.045, 1, 0.955))  # type: ignore[union-attr]
    limits = {row["name"]: row["limit"] for row in s["loads"]}
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for panel, (name, (label, factor)) in zip(panels, shown.items(), strict=False):
        values = table.column(name) * factor
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, (0.0005, 0.9995))
        panel.stairs(*np.histogram(values, bins=60, range=(low, high)), fill=True, color=BLUE, alpha=0.75)
        nominal, limit = s["outputs"][name]["nominal"] * factor, limits.get(name)
        edges = [s["outputs"][name]["quantiles"][p][0] * factor for p in ("0.00135", "0.99865")]
        panel.axvline(nominal, color=INK, lw=1.0)
        for edge in edges:
            panel.axvline(edge, color=ORANGE, lw=1.0, ls="--")
        if limit is not None:
            panel.axvline(limit * factor, **LIMIT)
        panel.set_xlabel(words(label))
        panel.set_yticks([])
        _number_inside(panel, words)
    for panel in panels[len(shown) :]:
        panel.set_visible(False)
    key = words("black: without dispersions · orange: 0.135 % and 99.865 % of the flights · red: limit")
    figure.text(0.01, 0.026, key, fontsize=6.5, color=SOFT)
    return figure


def _number_inside(panel: Axes, words: Words) -> None:
    """Numbers along the horizontal axis, none so near an end that it would reach into the panel beside it."""
    low, high = panel.get_xlim()
    ticks = MaxNLocator(nbins=5).tick_values(low, high)
    panel.set_xticks(ticks[np.abs(ticks - 0.5 * (low + high)) < NUMBERED * 0.5 * (high - low)])
    panel.xaxis.set_major_formatter(Numbers(words))


def _correlations(s: Mapping[str, Any], table: Flights, words: Words) -> Figure | None:
    """Of the elements at insertion, two by two, from their covariance."""
    covariance = np.array(s["insertion"]["covariance"], dtype=float)
    sigma = np.sqrt(np.diag(covariance))
    if not np.isfinite(covariance).all() or not (sigma > 0.0).all():
        return None
    correlation = covariance / np.outer(sigma, sigma)
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    panel = figure.subplots()
    panel.imshow(correlation, cmap="RdBu_r", vmin=-1.0, vmax=1.0, alpha=0.75, aspect="auto")
    for (row, column), value in np.ndenumerate(correlation):
        panel.text(
            column,
            row,
            words.number(value, 2),
            ha="center",
            va="center",
            fontsize=8,
            color=INK if abs(value) < 0.6 else "white",
        )
    names = [words(name) for name in ELEMENTS]
    panel.set_xticks(range(len(names)), names, fontsize=7.5)
    panel.set_yticks(range(len(names)), names, fontsize=7.5)
    panel.grid(visible=False)
    return figure


def _impacts(s: Mapping[str, Any], table: Flights, words: Words) -> Figure | None:
    bodies = [row for row in s["impacts"] if row["ellipses"]]
    if not bodies:
        return None
    figure = Figure(figsize=(7.2, 0.3 + 2.3 * len(bodies)), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    for panel, row in zip(figure.subplots(len(bodies), 1, squeeze=False).ravel(), bodies, strict=True):
        names = [f"{row['body']}.impact.{word}_deg" for word in ("latitude", "longitude")]
        latitude, longitude = table.columns(names).values()
        points = points_about(latitude, longitude, row["middle_deg"], Globe(**s["globe"])) / 1e3
        some = points[:: max(1, len(points) // MOST_POINTS)]
        long = np.radians(row["ellipses"][0]["azimuth_deg"])
        along = some @ np.array([[np.sin(long), np.cos(long)], [np.cos(long), -np.sin(long)]]).T
        panel.scatter(*along.T, s=2.0, color=BLUE, alpha=0.35, lw=0, rasterized=True)
        for drawn, color in zip(row["ellipses"], (GREEN, ORANGE), strict=False):
            center = np.array(drawn["center_m"]) / 1e3
            middle = (np.sin(long) * center[0] + np.cos(long) * center[1], np.cos(long) * center[0] - np.sin(long) * center[1])
            wide, high = (2e-3 * axis for axis in drawn["half_axes_m"])
            label = words(
                "ellipse of {of} %, {inside} % within",
                of=words.significant(100 * drawn["within"], 4),
                inside=words.number(100 * drawn["inside"], 1),
            )
            panel.add_patch(Ellipse(middle, wide, high, fill=False, ec=color, lw=1.3, label=label))
        panel.margins(0.03, 0.1)
        panel.autoscale_view()
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(Numbers(words))
        lat, lon = row["middle_deg"]
        place = f"{words.number(lat, 3)}°, {words.number(lon, 3)}°"
        came = words(
            "{body}: {n} came down, about {place}", body=words.said(row["body"]), n=words.number(row["landed"]), place=place
        )
        panel.set_title(came, loc="left", fontsize=8.5)
        azimuth = words.number(row["ellipses"][0]["azimuth_deg"], 1)
        panel.set_xlabel(words("along azimuth {azimuth} deg, km", azimuth=azimuth))
        panel.set_ylabel(words("to the right, km"))
        panel.legend(loc="upper right", fontsize=6.5)
    return figure


def _drivers(s: Mapping[str, Any], table: Flights, words: Words) -> Figure | None:
    shown = {name: label for name, (label, _) in PANELS.items() if s["drivers"].get(name, {}).get("groups")}
    if not shown:
        return None
    figure = Figure(figsize=(7.2, 0.3 + 1.45 * len(shown)), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))  # type: ignore[union-attr]
    panels = figure.subplots(len(shown), 1, squeeze=False, sharex=True).ravel()
    for panel, (name, label) in zip(panels, shown.items(), strict=True):
        groups = s["drivers"][name]["groups"][:BARS][::-1]
        panel.barh(
            [group_name(group["name"], words) for group in groups],
            [100.0 * group["part"] for group in groups],
            color=BLUE,
            height=0.65,
        )
        panel.tick_params(axis="y", labelsize=6.5)
        r2 = s["drivers"][name]["r2"]
        of = words(label).partition(",")[0]
        explained = words("{of}: {percent} % explained", of=of, percent=words.number(100 * r2))
        panel.set_title(explained, loc="left", fontsize=8)
        panel.grid(axis="y", visible=False)
    panels[-1].xaxis.set_major_formatter(Numbers(words))
    panels[-1].set_xlabel(words("part of the variance, %"))
    return figure
