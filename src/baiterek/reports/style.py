"""One look for every figure: colours that stay apart to the colour-blind (Okabe & Ito 2008), text as text."""

from __future__ import annotations

from typing import Any

BLUE, GREEN, ORANGE, RED, GREY = "#0072B2", "#009E73", "#D55E00", "#B3261E", "#8A8F98"

RC: dict[str, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.linewidth": 0.7,
    "grid.color": "#E4E7EB",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.5,
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "none",
    "legend.fontsize": 8.0,
    "axes.axisbelow": True,
}
