"""Every figure by its name, and how one comes to paper."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from baiterek.reports.figures import curves
from baiterek.reports.figures.drawing import Drawing, Reading
from baiterek.reports.figures.linked import Link, link
from baiterek.reports.figures.profile import along_the_profile, profile
from baiterek.reports.figures.vehicle import can_be_drawn, vehicle
from baiterek.reports.language import Words
from baiterek.reports.map import along_the_drop_zones, along_the_track, drop_zones, ground_track, zones_are_small
from baiterek.reports.sheet import HEIGHT_in, WIDTH_in, stamp
from baiterek.reports.style import RC
from baiterek.study.results import MissionResult

FIGURES = {
    "altitude": Drawing(curves.altitude, ("altitude_m",)),
    "speed": Drawing(curves.speed, ("speed_eci_m_s",)),
    "mach": Drawing(curves.mach, ("mach", "dynamic_pressure_Pa"), 0.01),
    "dynamic-pressure": Drawing(curves.dynamic_pressure, ("dynamic_pressure_Pa",)),
    "q-alpha": Drawing(curves.q_alpha, ("q_alpha_Pa_rad",), 1.0),
    "acceleration": Drawing(curves.acceleration, ("axial_acceleration_m_s2",)),
    "attitude": Drawing(curves.attitude, ("pitch_deg",)),
    "angle-of-attack": Drawing(curves.angle_of_attack, ("angle_of_attack_deg", "dynamic_pressure_Pa"), 0.01),
    "thrust": Drawing(curves.thrust, ("thrust_N",)),
    "throttle": Drawing(curves.throttle, ("throttle",)),
    "mass": Drawing(curves.mass, ("mass_kg",)),
    "heat-flux": Drawing(curves.heat_flux, ("altitude_m", "heat_flux_W_m2"), curves.THIN_AIR_m),
    "profile": Drawing(profile, ("ground_range_m", "altitude_m"), 1000.0, along_the_profile),
    "ground-track": Drawing(ground_track, ("ground_range_m", "latitude_deg", "longitude_deg"), 1000.0, along_the_track),
    "drop-zones": Drawing(
        drop_zones, ("ground_range_m", "latitude_deg", "longitude_deg"), 1000.0, along_the_drop_zones, zones_are_small
    ),
    "vehicle": Drawing(vehicle, ("mass_kg",), worth=can_be_drawn),
}


class Drawn(NamedTuple):
    """A figure on paper, and how a pointer on it is read."""

    svg: str
    link: Link | None


PATH, DECIMALS = re.compile(r' d="[^"]*"'), re.compile(r"-?\d+\.\d{3,}")
CURVED = re.compile("[A-KN-Ya-cf-y]")


def draw(result: MissionResult, folder: Path, words: Words) -> dict[str, Drawn]:
    """Write `folder/<name>.svg` for each figure that the columns allow; returns them by name, in order."""
    drawn: dict[str, Drawn] = {}
    names = drawable(result)
    if names:
        folder.mkdir(exist_ok=True)
    with look(result):
        for name in names:
            figure, readings = paint(result, name, words)
            path = folder / f"{name}.svg"
            figure.savefig(path, format="svg", metadata={"Date": None})
            path.write_text(shorter(path.read_text(encoding="utf-8")), encoding="utf-8")
            drawn[name] = Drawn(path.read_text(encoding="utf-8"), link(result, figure, readings, FIGURES[name].track))
    return drawn


def shorter(svg: str) -> str:
    """The same picture with its paths to a hundredth of a point: coasts of half the Earth fill megabytes otherwise."""
    return PATH.sub(_shorter_path, svg)


def _shorter_path(path: re.Match[str]) -> str:
    """Hundredths; and of straight lines alone, without saying at each point that it is one."""
    text = DECIMALS.sub(_hundredths, path[0])
    return text if CURVED.search(text) else text.replace(" \nL ", " ")


def _hundredths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def drawable(result: MissionResult) -> list[str]:
    """The figures whose columns are there, and whose first column holds something to be seen."""
    return [name for name, drawing in FIGURES.items() if result.trajectory and _worth_it(result, drawing)]


def _worth_it(result: MissionResult, drawing: Drawing) -> bool:
    columns = [result.trajectory.get(name) for name in drawing.needs]
    if not all(c is not None and np.isfinite(c).any() for c in columns):
        return False
    enough = bool(np.nanmax(np.abs(result.trajectory[drawing.needs[0]])) > drawing.least)
    return enough and (drawing.worth is None or drawing.worth(result))


def look(result: MissionResult) -> Any:
    """A context: the house's look, and ids in an SVG that depend on the run alone."""
    return mpl.rc_context({**RC, "svg.hashsalt": result.hash})


def paint(result: MissionResult, name: str, words: Words) -> tuple[Figure, list[Reading] | None]:
    """A figure as matplotlib has it, stamped, within `look`; and its curves over time."""
    figure = Figure(figsize=(WIDTH_in, HEIGHT_in))
    FigureCanvasSVG(figure)
    drawing = FIGURES[name]
    readings = drawing.painter(result, figure.add_axes((0.1, 0.1, 0.8, 0.8)), words)
    stamp(figure, result, words, drawing.needs[0])
    return figure, readings
