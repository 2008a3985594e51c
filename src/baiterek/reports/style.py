"""One look for every figure: colours that stay apart to the colour-blind (Okabe & Ito 2008), line styles that stay apart
in grey print, text as text.

Text is not drawn as outlines: it stays searchable, is read aloud, comes out of a PDF in any of the three languages, and
makes a figure half as long. It is laid out with DejaVu Sans, which comes with matplotlib, has every Kazakh letter and is
the widest of the family below: where another font stands in for it, labels become shorter and nothing overlaps.
"""

from __future__ import annotations

from typing import Any

BLUE, GREEN, ORANGE, RED, GREY = "#0072B2", "#009E73", "#D55E00", "#B3261E", "#8A8F98"
INK, SOFT, MARK, RULE = "#16202B", "#5A6673", "#8A4B00", "#E4E7EB"

SERIES: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "ls": "-"},
    {"color": ORANGE, "ls": (0, (6, 2))},
    {"color": GREEN, "ls": (0, (6, 2, 1.5, 2))},
)
"""What was flown: each line of a figure by its place."""
OPTIMUM: dict[str, Any] = {"color": "black", "lw": 0.9, "ls": (0, (1, 4)), "zorder": 3}
LIMIT: dict[str, Any] = {"color": RED, "lw": 1.0, "ls": (0, (10, 3))}

RC: dict[str, Any] = {
    "figure.dpi": 72.0,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Noto Sans", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"],
    "font.size": 8.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.xmargin": 0.0,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "lines.linewidth": 1.5,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
