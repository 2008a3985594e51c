"""How a record shows itself in a notebook: small tables, everything escaped, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import pi
from typing import Any

UNITS = {
    "_Pa_rad": ("Pa rad", 1.0),
    "_m_s2": ("m/s2", 1.0),
    "_rad_s": ("deg/s", 180.0 / pi),
    "_rad": ("deg", 180.0 / pi),
    "_m_s": ("m/s", 1.0),
    "_Pa": ("Pa", 1.0),
    "_kg": ("kg", 1.0),
    "_m": ("m", 1.0),
    "_s": ("s", 1.0),
}
"""Suffix of a name, longest first -> unit to show and what one unit of the name is in it."""

CELL = "padding:1px 10px 1px 0;border:0;vertical-align:top"


def card(title: str, *parts: str) -> str:
    """A title with what stands below it."""
    return f'<div style="font-family:sans-serif;font-size:13px"><b>{escape(title)}</b>{"".join(parts)}</div>'


def line(text: str) -> str:
    """A paragraph; nothing for an empty text."""
    return f'<p style="margin:4px 0">{escape(text)}</p>' if text else ""


def table(rows: Iterable[Sequence[Any]], heads: Sequence[str] = ()) -> str:
    """Rows of texts and numbers; numbers stand right, to six digits. Nothing for no rows."""
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    if not body:
        return ""
    cells = "".join(f'<th style="{CELL};text-align:left">{escape(name)}</th>' for name in heads)
    head = f"<thead><tr>{cells}</tr></thead>" if heads else ""
    return f'<table style="margin:4px 0;border-collapse:collapse">{head}<tbody>{body}</tbody></table>'


def natural(name: str, value: Any) -> tuple[str, Any, str]:
    """A name without its unit, the value in the unit that one reads, and that unit; angles in degrees."""
    for suffix, (unit, factor) in UNITS.items():
        if name.endswith(suffix):
            return name.removesuffix(suffix).replace("_", " "), None if value is None else value * factor, unit
    return name.replace("_", " "), value, ""


def _cell(value: Any) -> str:
    figure = isinstance(value, int | float) and not isinstance(value, bool)
    nothing = value is None or value != value  # NaN
    text = "–" if nothing else _digits(value) if figure else str(value)
    return f'<td style="{CELL};text-align:{"right" if figure else "left"}">{escape(text)}</td>'


def _digits(value: float) -> str:
    """Six significant digits, whole numbers whole."""
    if abs(value) >= 1e5 and abs(value) < 1e9:
        return f"{value:.0f}"
    return f"{value:.6g}"
