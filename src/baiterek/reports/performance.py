"""The pictures of a payload map: contours of payload with the limits that bind as regions, or a curve with its spread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from baiterek.reports.style import BLUE, GREY, RC, RED

AXIS_LABELS = {
    "altitude_km": "altitude of the circular orbit, km",
    "perigee_altitude_km": "perigee altitude, km",
    "apogee_altitude_km": "apogee altitude, km",
    "inclination_deg": "inclination, deg",
}
HATCHES = ("////", "\\\\\\\\", "....", "xx", "++", "oo", "--", "||")
ALWAYS = 0.97
"""A limit that binds in more of the cells than this is named below the picture and not drawn."""


def draw_map(document: dict[str, Any], run: str, path: Path) -> None:
    """One SVG from the map's `result.json`."""
    varied = {name: values for name, values in document["axes"].items() if len(values) > 1}
    with mpl.rc_context({**RC, "svg.hashsalt": run, "hatch.linewidth": 0.5}):
        figure = Figure(figsize=(7.2, 5.2))
        FigureCanvasSVG(figure)
        panel = figure.add_axes((0.1, 0.2, 0.86, 0.7))
        if len(varied) > 1:
            _contours(document, panel)
        else:
            _curve(document, panel, varied or document["axes"])
        panel.set_title(f"{document['vehicle']}: greatest payload, kg", loc="left", fontsize=10)
        stamp = f"run {run[:8]} · {document['site']} · osculating, true equator and equinox of date · fitted and assumed data"
        figure.text(0.1, 0.025, stamp, fontsize=6.5, color=GREY)
        figure.text(0.1, 0.06, _binding_everywhere(document), fontsize=7.5, color="black")
        figure.savefig(path, format="svg", metadata={"Date": None})


def _grid(document: dict[str, Any], key: str) -> np.ndarray:
    shape = tuple(len(values) for values in document["axes"].values())
    return np.array([np.nan if cell[key] is None else cell[key] for cell in document["cells"]], dtype=float).reshape(shape)


def _limits(document: dict[str, Any]) -> dict[str, np.ndarray]:
    """Limit -> where it binds, among the cells that converged."""
    shape = tuple(len(values) for values in document["axes"].values())
    flown = np.array([cell["status"] == "converged" for cell in document["cells"]])
    named = [set(cell["active"].split("; ")) if cell["active"] else set() for cell in document["cells"]]
    limits = dict.fromkeys(name for names in named for name in sorted(names))
    return {name: (np.array([name in names for names in named]) & flown).reshape(shape) for name in limits}


def _binding_everywhere(document: dict[str, Any]) -> str:
    flown = sum(cell["status"] == "converged" for cell in document["cells"])
    names = [name for name, where in _limits(document).items() if flown and where.sum() > ALWAYS * flown]
    return "binding everywhere: " + ", ".join(_words(name) for name in names) if names else ""


def _words(limit: str) -> str:
    for unit in ("_Pa_rad", "_m_s2", "_rad_s", "_W_m2", "_rad", "_Pa", "_m", "_s"):
        limit = limit.removesuffix(unit)
    return limit.replace("_", " ")


def _contours(document: dict[str, Any], panel: Any) -> None:
    (first, rows), (second, columns) = document["axes"].items()
    payload = _grid(document, "payload_kg")
    x, y = np.array(columns), np.array(rows)
    levels = MaxNLocator(14).tick_values(np.nanmin(payload), np.nanmax(payload))
    filled = panel.contourf(x, y, payload, levels=levels, cmap="viridis", alpha=0.85)
    lines = panel.contour(x, y, payload, levels=filled.levels, colors="black", linewidths=0.6)
    panel.clabel(lines, fontsize=7, fmt=lambda kg: f"{kg:.0f}")
    flown = sum(cell["status"] == "converged" for cell in document["cells"])
    handles = []
    for hatch, (name, where) in zip(HATCHES, _limits(document).items(), strict=False):
        if 0 < where.sum() <= ALWAYS * flown:
            drawn = panel.contourf(x, y, where.astype(float), levels=[0.5, 1.5], colors="none", hatches=[hatch])
            drawn.set_edgecolor("#00000055")
            drawn.set_linewidth(0.0)
            handles.append(mpl.patches.Patch(facecolor="white", edgecolor=GREY, hatch=hatch, label=_words(name)))
    beyond = np.array([cell["status"] == "infeasible" for cell in document["cells"]]).reshape(payload.shape)
    if beyond.any():
        panel.pcolormesh(x, y, np.where(beyond, 1.0, np.nan), cmap=mpl.colors.ListedColormap(["#ECECEC"]), zorder=0)
        handles.append(mpl.patches.Patch(facecolor="#ECECEC", label="out of reach"))
    failed = [cell for cell in document["cells"] if cell["status"] == "failed"]
    if failed:
        handles += panel.plot([c[second] for c in failed], [c[first] for c in failed], "x", color=RED, ms=4, label="not solved")
    if handles:
        panel.legend(handles=handles, loc="upper right", title="limits that bind here", title_fontsize=7.5)
    panel.set_xlabel(AXIS_LABELS[second])
    panel.set_ylabel(AXIS_LABELS[first])
    panel.grid(False)


def _curve(document: dict[str, Any], panel: Any, varied: dict[str, list[float]]) -> None:
    name, values = next(iter(varied.items()))
    payload, sigma = _grid(document, "payload_kg").ravel(), _grid(document, "payload_sigma_kg").ravel()
    panel.fill_between(values, payload - sigma, payload + sigma, color=BLUE, alpha=0.2, lw=0, label="1 sigma")
    panel.plot(values, payload, color=BLUE, marker=".", label="greatest payload")
    panel.set_xlabel(AXIS_LABELS[name])
    panel.set_ylabel("payload, kg")
    panel.legend()
