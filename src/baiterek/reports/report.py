"""`report.html`: one self-contained file that asks no other host for anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from baiterek.reports.content import Content


def as_page(content: Content, figures: Mapping[str, str], script: str = "") -> str:
    """The report as a page, its drawings inside it; `script` is markup that links them."""
    drawn = {name: _inline(name, svg, content.captions[name]) for name, svg in figures.items()}
    environment = _environment()
    style = environment.get_template("report.css").render()
    return environment.get_template("report.html").render(content=content, figures=drawn, style=style, script=script)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("baiterek.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inline(name: str, svg: str, title: str) -> str:
    """An SVG to stand inside a page: no prologue, its ids its own, its size that of its box."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", body)
    box = re.search(r'viewBox="[^"]*"', body)
    opening = f'<svg role="img" aria-label="{title}" {box.group(0) if box else ""} ' \
              'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'  # fmt: skip
    return re.sub(r"<svg [^>]*>", opening, body, count=1)
