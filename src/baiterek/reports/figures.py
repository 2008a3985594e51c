"""Figures of a flight, drawn from the results folder and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from baiterek.reports.style import BLUE, GREEN, GREY, ORANGE, RC, RED
from baiterek.reports.track import ground_track, range_km
from baiterek.study.results import MissionResult

WIDTH_in, HEIGHT_in = 5.6, 3.4
PLACE = (0.115, 0.14, 0.865, 0.82)
"""Left, bottom, width, height of the axes as parts of the figure: fixed, which halves the time of drawing."""

DOTTED = (0, (2, 3))
FLOWN: dict[str, Any] = {"color": RED, "label": "flown"}
OPTIMUM: dict[str, Any] = {"color": "black", "lw": 0.8, "ls": DOTTED, "label": "optimum"}
DENSE_AIR_Pa = 1000.0
"""Below this dynamic pressure the angle of attack loads nothing and is drawn pale."""
THIN_AIR_m = 80e3
"""Below this altitude the flow is not free-molecular, and its heat flux means nothing."""
SLOW_Pa = 100.0
"""On the pad the wind blows across the axis: until the vehicle moves through the air the angle means nothing."""


def draw(result: MissionResult, folder: Path) -> dict[str, str]:
    """Write each figure of `FIGURES` that the columns allow; returns name -> SVG text, in order."""
    drawn: dict[str, str] = {}
    if not result.trajectory:
        return drawn
    folder.mkdir(exist_ok=True)
    with mpl.rc_context({**RC, "svg.hashsalt": result.hash}):
        for name, drawing in FIGURES.items():
            if not _drawable(result, drawing):
                continue
            figure = Figure(figsize=(WIDTH_in, HEIGHT_in))
            FigureCanvasSVG(figure)
            drawing.painter(result, figure.add_axes(PLACE))
            path = folder / f"{name}.svg"
            figure.savefig(path, format="svg", metadata={"Date": None, "Title": name.replace("-", " ")})
            drawn[name] = path.read_text(encoding="utf-8")
    return drawn


def _drawable(result: MissionResult, drawing: Drawing) -> bool:
    """Whether the columns are there and the first of them holds something to be seen."""
    columns = [result.trajectory.get(name) for name in drawing.needs]
    if not all(c is not None and np.isfinite(c).any() for c in columns):
        return False
    return bool(np.nanmax(np.abs(result.trajectory[drawing.needs[0]])) > drawing.least)


def _lines(result: MissionResult, axes: Axes, series: list[tuple[str, str, str]], scale: float, unit: str) -> None:
    """Columns over time: as flown in full, as optimised dashed underneath."""
    for name, label, colour in series:
        axes.plot(result.trajectory["t_s"], result.trajectory[name] * scale, color=colour, label=label)
    for name in [name for name, _, _ in series if name in result.optimum]:
        t, values = result.optimum["t_s"], result.optimum[name] * scale
        axes.plot(t, values, **{**OPTIMUM, "label": "optimum" if name == series[-1][0] else None})
    _finish(result, axes, unit)


def _finish(result: MissionResult, axes: Axes, unit: str) -> None:
    """Labels, separations as fine lines, a legend where there is more than one line."""
    t = result.trajectory["t_s"]
    axes.set_xlabel("time since lift-off, s")
    axes.set_ylabel(unit)
    axes.set_xlim(float(t[0]), float(t[-1]))
    phase = result.trajectory.get("phase")
    if phase is not None:
        for start in t[1:][np.diff(phase) != 0]:
            axes.axvline(float(start), color=GREY, lw=0.5, zorder=0)
    if len(axes.get_legend_handles_labels()[1]) > 1:
        axes.legend()


def _limit(result: MissionResult, axes: Axes, words: tuple[str, ...], scale: float) -> None:
    """The limit whose name contains one of the words, as a red line with its value."""
    for verdict in result.summary["limits"]:
        if verdict["limit"] is not None and any(word in verdict["name"] for word in words):
            value = verdict["limit"] * scale
            axes.axhline(value, color=RED, lw=0.9, ls="--", label=f"limit {value:.4g}")
            return


def _fitting(result: MissionResult, name: str, units: tuple[tuple[float, str], ...]) -> tuple[float, str]:
    """The first of the units (largest first) in which the column exceeds 1."""
    largest = float(np.nanmax(np.abs(result.trajectory[name])))
    return next(((scale, unit) for scale, unit in units if largest * scale >= 1.0), units[-1])


def _while_felt(result: MissionResult, axes: Axes, name: str) -> None:
    """End the axis of time a little after the column has died away."""
    t, values = result.trajectory["t_s"], np.nan_to_num(result.trajectory[name])
    felt = t[values > 3e-3 * values.max()]
    axes.set_xlim(float(t[0]), float(min(t[-1], 1.1 * felt[-1])))


def altitude(result: MissionResult, axes: Axes) -> None:
    _lines(result, axes, [("altitude_m", "flown", BLUE)], 1e-3, "altitude above the ellipsoid, km")
    axes.set_ylim(bottom=0.0)


def speed(result: MissionResult, axes: Axes) -> None:
    series = [("speed_eci_m_s", "inertial", BLUE), ("speed_earth_m_s", "over the rotating Earth", GREEN)]
    _lines(result, axes, [s for s in series if s[0] in result.trajectory], 1e-3, "speed, km/s")
    axes.set_ylim(bottom=0.0)


def dynamic_pressure(result: MissionResult, axes: Axes) -> None:
    _limit(result, axes, ("dynamic_pressure", "dynamic pressure"), 1e-3)
    _lines(result, axes, [("dynamic_pressure_Pa", "flown", BLUE)], 1e-3, "dynamic pressure, kPa")
    _while_felt(result, axes, "dynamic_pressure_Pa")
    axes.set_ylim(bottom=0.0)


def q_alpha(result: MissionResult, axes: Axes) -> None:
    _limit(result, axes, ("q_alpha", "q alpha", "q-alpha"), 1e-3)
    _lines(result, axes, [("q_alpha_Pa_rad", "flown", BLUE)], 1e-3, "dynamic pressure x angle of attack, kPa rad")
    _while_felt(result, axes, "q_alpha_Pa_rad")
    axes.set_ylim(bottom=0.0)


def acceleration(result: MissionResult, axes: Axes) -> None:
    _limit(result, axes, ("axial_acceleration", "acceleration"), 1.0)
    _lines(result, axes, [("axial_acceleration_m_s2", "flown", BLUE)], 1.0, "axial acceleration, m/s²")


def attitude(result: MissionResult, axes: Axes) -> None:
    series = [("pitch_deg", "pitch of the body axis", BLUE), ("flight_path_angle_deg", "flight path angle", GREEN)]
    _lines(result, axes, [s for s in series if s[0] in result.trajectory], 1.0, "over the local horizon, deg")


def angle_of_attack(result: MissionResult, axes: Axes) -> None:
    """In full where the air loads the vehicle, pale where it does not."""
    t, air = result.trajectory["t_s"], result.trajectory["dynamic_pressure_Pa"]
    moving = (air > SLOW_Pa) | (t > t[int(np.argmax(air))])
    alpha = np.where(moving, result.trajectory["angle_of_attack_deg"], np.nan)
    axes.plot(t, alpha, color=BLUE, lw=0.8, alpha=0.45, label="thin air: no load")
    loaded = np.where(air > DENSE_AIR_Pa, alpha, np.nan)
    axes.plot(t, loaded, color=BLUE, label=f"dynamic pressure above {DENSE_AIR_Pa / 1e3:g} kPa")
    _finish(result, axes, "angle of attack, deg")
    axes.set_ylim(bottom=0.0)


def thrust(result: MissionResult, axes: Axes) -> None:
    scale, unit = _fitting(result, "thrust_N", ((1e-6, "MN"), (1e-3, "kN"), (1.0, "N")))
    _lines(result, axes, [("thrust_N", "flown", ORANGE)], scale, f"thrust, {unit}")
    axes.set_ylim(bottom=0.0)


def mass(result: MissionResult, axes: Axes) -> None:
    scale, unit = _fitting(result, "mass_kg", ((1e-3, "t"), (1.0, "kg")))
    _lines(result, axes, [("mass_kg", "flown", BLUE)], scale, f"mass, {unit}")
    axes.set_ylim(bottom=0.0)


def heat_flux(result: MissionResult, axes: Axes) -> None:
    """Where the air is thin enough for it to mean something."""
    _limit(result, axes, ("heat_flux", "heat flux"), 1.0)
    for columns, line in ((result.trajectory, FLOWN), (result.optimum, OPTIMUM)):
        if columns:
            thin = np.where(columns["altitude_m"] > THIN_AIR_m, columns["heat_flux_W_m2"], np.nan)
            axes.plot(columns["t_s"], thin, **line)
    _finish(result, axes, "free-molecular heat flux, W/m²")
    axes.set_yscale("log")
    axes.set_ylim(bottom=1.0)


def profile(result: MissionResult, axes: Axes) -> None:
    """Altitude over the distance flown, with the falling bodies."""
    flown = result.trajectory
    axes.plot(flown["ground_range_m"] / 1e3, flown["altitude_m"] / 1e3, color=BLUE, label="ascent")
    colours = (ORANGE, GREEN, RED, GREY)
    for (body, columns), colour in zip(result.falls.items(), colours):
        distance = range_km(columns["latitude_deg"], columns["longitude_deg"], result.summary["site"])
        axes.plot(distance, columns["altitude_m"] / 1e3, color=colour, lw=1.0, label=body)
    axes.set_xlabel("distance from the pad over the ground, km")
    axes.set_ylabel("altitude, km")
    axes.set_xlim(left=0.0)
    axes.set_ylim(bottom=0.0)
    if result.falls:
        axes.legend()


class Drawing(NamedTuple):
    """Who draws a figure, from which columns, and how far the first of them must reach to be worth it."""

    painter: Callable[[MissionResult, Any], None]
    needs: tuple[str, ...]
    least: float = 0.0


FIGURES = {
    "altitude": Drawing(altitude, ("altitude_m",)),
    "speed": Drawing(speed, ("speed_eci_m_s",)),
    "dynamic-pressure": Drawing(dynamic_pressure, ("dynamic_pressure_Pa",)),
    "q-alpha": Drawing(q_alpha, ("q_alpha_Pa_rad",), 1.0),
    "acceleration": Drawing(acceleration, ("axial_acceleration_m_s2",)),
    "attitude": Drawing(attitude, ("pitch_deg",)),
    "angle-of-attack": Drawing(angle_of_attack, ("angle_of_attack_deg", "dynamic_pressure_Pa"), 0.01),
    "thrust": Drawing(thrust, ("thrust_N",)),
    "mass": Drawing(mass, ("mass_kg",)),
    "heat-flux": Drawing(heat_flux, ("altitude_m", "heat_flux_W_m2"), THIN_AIR_m),
    "profile": Drawing(profile, ("ground_range_m", "altitude_m"), 1000.0),
    "ground-track": Drawing(ground_track, ("ground_range_m", "latitude_deg", "longitude_deg"), 1000.0),
}
