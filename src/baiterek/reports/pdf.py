"""`report.pdf`: the same content set by Typst on A4, in fonts that it carries itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib

from baiterek.reports.content import Content

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
ABSENT = "no PDF: the package typst is absent; pip install 'baiterek[pdf]'"


def pdf_can_be_made() -> bool:
    """Whether Typst is installed: it comes with the extra `pdf`."""
    return find_spec("typst") is not None


def as_pdf(content: Content, figures: Mapping[str, str]) -> bytes:
    """The report as a PDF; the same run gives the same bytes."""
    import typst

    inputs = {
        "content": json.dumps(asdict(content), ensure_ascii=False),
        "figures": json.dumps(dict(figures), ensure_ascii=False),
    }
    return typst.compile(
        str(TEMPLATE),
        sys_inputs=inputs,
        timestamp=int(datetime.fromisoformat(content.stamp).timestamp()),
        **fonts(),
    )


@cache
def fonts() -> dict[str, Any]:
    """Typst's own fonts and the DejaVu that the figures are measured with: never those of the machine."""
    return {"font_paths": [str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")], "ignore_system_fonts": True}
