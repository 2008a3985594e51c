"""Figures of a day of launch: the wind over the height, and q alpha over the time, of both programmes."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from baiterek.reports.language import Words
from baiterek.reports.sheet import lay_out, measured
from baiterek.reports.style import BLUE, GREY, LIMIT, ORANGE, RC

SIZE_in = (5.0, 2.3)


def draw_day(s: Mapping[str, Any], words: Words) -> dict[str, str]:
    """The drawings by name, as SVG."""
    drawn = {}
    with mpl.rc_context({**RC, "svg.hashsalt": s["run"]}):
        for name, paint in (("wind", _wind), ("q-alpha", _q_alpha)):
            figure = Figure(figsize=SIZE_in)
            FigureCanvasSVG(figure)
            axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
            paint(s, axes, words)
            lay_out(axes)
            text = StringIO()
            figure.savefig(text, format="svg", metadata={"Date": None})
            drawn[name] = text.getvalue()
    return drawn


def _wind(s: Mapping[str, Any], axes: Axes, words: Words) -> None:
    """Both components, as measured in full, as planned with in grey."""
    wind = s["curves"]["wind"]
    high = np.array(wind["altitude_m"]) / 1e3
    measured(axes, words, words("wind towards the east and the north, m/s"), words("altitude, km"))
    for side, color, name in (("east", BLUE, words("east, measured")), ("north", ORANGE, words("north, measured"))):
        axes.plot(wind[f"measured_{side}_m_s"], high, color=color, label=name)
    for side, dashes, name in (("east", "-", words("east, as planned")), ("north", (0, (4, 2)), words("north, as planned"))):
        axes.plot(wind[f"own_{side}_m_s"], high, color=GREY, lw=1.0, ls=dashes, label=name)
    axes.set_ylim(0.0, high[-1])
    axes.margins(x=0.03)


def _q_alpha(s: Mapping[str, Any], axes: Axes, words: Words) -> None:
    """Flown in the measured wind; the area above each line is what the gust adds."""
    measured(axes, words, words("time since lift-off, s"), words("dynamic pressure × angle of attack, kPa·rad"))
    styles = {"unbiased": (ORANGE, words("as planned")), "biased": (BLUE, words("biased to the measured wind"))}
    for name, loads in s["curves"]["loads"].items():
        t, steady, gusty = (np.array(loads[key]) for key in ("t_s", "q_alpha_Pa_rad", "with_gust_Pa_rad"))
        color, label = styles[name]
        axes.plot(t, steady / 1e3, color=color, label=label)
        axes.fill_between(t, steady / 1e3, gusty / 1e3, color=color, alpha=0.18, lw=0)
    if s["curves"]["limit_Pa_rad"] is not None:
        axes.axhline(s["curves"]["limit_Pa_rad"] / 1e3, label=words("limit"), **LIMIT)
    axes.set_ylim(bottom=0.0)
