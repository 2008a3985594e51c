"""The main curves of two runs, one over the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from baiterek.reports.style import RC, SERIES
from baiterek.study.results import MissionResult

PANELS = (
    ("altitude_m", "altitude, km", 1e-3),
    ("speed_earth_m_s", "speed over the rotating Earth, km/s", 1e-3),
    ("dynamic_pressure_Pa", "dynamic pressure, kPa", 1e-3),
    ("axial_acceleration_m_s2", "axial acceleration, m/s²", 1.0),
    ("pitch_deg", "pitch of the body axis, deg", 1.0),
    ("mass_kg", "mass, t", 1e-3),
)


def draw_overlay(one: MissionResult, other: MissionResult, path: Path) -> list[Path]:
    """Write the figure as SVG; returns where."""
    with mpl.rc_context({**RC, "svg.hashsalt": one.hash + other.hash}):
        figure = Figure(figsize=(8.0, 8.4))
        FigureCanvasSVG(figure)
        for place, (name, label, scale) in enumerate(PANELS):
            axes = figure.add_axes(_place(place))
            axes.set_title(label, loc="left", fontsize=8.5)
            for result, series, title in zip((one, other), SERIES, ("1", "2")):
                if name in result.trajectory:
                    axes.plot(
                        result.trajectory["t_s"], result.trajectory[name] * scale, **series, label=f"{title}  {result.name}"
                    )
            if place >= len(PANELS) - 2:
                axes.set_xlabel("time since lift-off, s")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="upper left", bbox_to_anchor=(0.05, 1.0))
        figure.savefig(path, format="svg", metadata={"Date": None})
    return [path]


def _place(place: int) -> Any:
    """Two columns, three rows: left, bottom, width, height as parts of the figure."""
    row, column = divmod(place, 2)
    return (0.06 + 0.49 * column, 0.66 - 0.302 * row, 0.43, 0.245)
