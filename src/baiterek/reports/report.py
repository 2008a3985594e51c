"""`report.html`: one self-contained file, the answer first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from baiterek.catalogue.datum import GRADES
from baiterek.study.results import MissionResult
from baiterek.study.words import TITLES, as_read, gap, geometry, kilograms, number, significant, thousandth, verdict_of

LOADER = PackageLoader("baiterek.reports")


def write_report(result: MissionResult, figures: Mapping[str, str], ephemeris: str, path: Path) -> None:
    """Write the report of a result whose figures are drawn; `ephemeris` says why there is none, or nothing."""
    page = _environment().get_template("report.html")
    data = result.summary["data"]
    text = page.render(
        s=result.summary,
        p=result.provenance,
        verdict=verdict_of(result.summary),
        gap=gap(result.summary),
        figures={name: _inline(name, svg) for name, svg in figures.items()},
        titles=TITLES,
        ephemeris=ephemeris,
        style=LOADER.get_source(_environment(), "report.css")[0],
        unsure=[row for row in data if row["unsure"]],
        marked={row["path"] for row in data if row["unsure"]},
        grades="; ".join(f"{grade}: {meaning}" for grade, meaning in GRADES.items()),
    )
    path.write_text(text, encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(loader=LOADER, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "number": number,
        "kilograms": kilograms,
        "significant": significant,
        "thousandth": thousandth,
        "as_read": as_read,
        "geometry": geometry,
        "instant": _instant,
        "short": _short,
    }
    return environment


def _inline(name: str, svg: str) -> str:
    """An SVG to stand inside a page: no prologue, its ids its own, its size that of its box."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", body)
    box = re.search(r'viewBox="[^"]*"', body)
    opening = f'<svg role="img" aria-label="{TITLES[name]}" {box.group(0) if box else ""} ' \
              'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'  # fmt: skip
    return re.sub(r"<svg [^>]*>", opening, body, count=1)


def _instant(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M:%S UTC")


def _short(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
