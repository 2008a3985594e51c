"""A page: its template, and what every template may use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from baiterek import __version__
from baiterek.campaign.dates import span
from baiterek.campaign.rows.listing import has_example
from baiterek.reports.language import LANGUAGES, Words, later
from baiterek.web import times
from baiterek.web.labels import explained, named

if TYPE_CHECKING:
    from baiterek.web.visit import Visit

LOCALE = Path(__file__).parent / "locale"
NAV = (
    ("/", later("Complex")),
    ("/objects", later("Objects")),
    ("/programmes", later("Programme")),
    ("/matrix", later("Matrix")),
    ("/remarks", later("Remarks")),
    ("/gates", later("Gates")),
    ("/agreements", later("Agreements")),
    ("/schedule", later("Schedule")),
    ("/owed", later("Owed")),
    ("/campaigns", later("Campaigns")),
    ("/meetings", later("Meetings")),
    ("/evidence", later("Evidence")),
    ("/people", later("People")),
    ("/audit", later("Audit")),
)
"""What stands at the top of every page: a line a family."""
OF_FAMILY = {"/operation": "/campaigns", "/result": "/campaigns"}
"""How an address begins whose family is called otherwise."""
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
TIME = re.compile(r"T([\d:]+)Z$")
SHORT, LONG_WORD = 12, 30
"""Letters: a name of no more is not broken at its hyphens; a word of more, an address or a hash, is broken anywhere."""


def rendered(visit: Visit, template: str, status: int, context: Mapping[str, Any]) -> HTMLResponse:
    """The page of a template; `example` is whether it must say that what it shows is generated."""
    may_read = visit.actor is not None or not visit.settings.accounts
    with visit.database.reading() as look:
        example = may_read and has_example(look)
    path = visit.request.url.path
    shared = {
        "visit": visit,
        "words": visit.words,
        "named": partial(named, visit.words),
        "explained": partial(explained, visit.words),
        "instant": partial(instant, visit.words),
        "nav": [(href, visit.words(title), _here(href, path)) for href, title in NAV if may_read],
        "languages": [(name, title, in_language(visit, name)) for name, title in LANGUAGES.items()],
        "example": example,
        "version": __version__,
        "record_name": visit.database.name.rpartition("/")[2].partition("?")[0] if may_read else "",
        "now": times.now(),
    }
    return HTMLResponse(environment().get_template(template).render(**shared, **context), status)


@cache
def environment() -> Environment:
    """Templates of this room; every value is escaped, a name that nobody gave is an error."""
    made = Environment(
        loader=PackageLoader("baiterek.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["zip"] = zip
    made.tests["whole"] = lambda text: isinstance(text, str) and (_brief(text) or (len(text) <= 17 and span(text) is not None))
    made.tests["long"] = lambda text: isinstance(text, str) and any(len(word) > LONG_WORD for word in text.split())
    made.filters["moment"] = lambda text: TIME.sub(r" \g<1> UTC", text)
    made.filters["days"] = lambda text: Markup(DAY.sub(r'<span class="day">\g<0></span>', str(escape(text))))
    made.filters["query"] = lambda values: urlencode({k: v for k, v in values.items() if v not in ("", None)})
    return made


def instant(words: Words, at: datetime | str, whole: bool = True) -> Markup:
    """An instant in UTC, and what the clocks of the three places say."""
    utc = datetime.fromisoformat(at) if isinstance(at, str) else at
    there = " · ".join(f"{words(place)}\N{NO-BREAK SPACE}{time}" for place, time in times.clocks(utc))
    text = words.date(utc.replace(microsecond=0)) if whole else utc.strftime("%Y-%m-%d %H:%M:%S UTC")
    return Markup('<time datetime="{}">{} <span class="clocks">{}</span></time>').format(utc.isoformat(), text, there)


def _brief(text: str) -> bool:
    """A short name with hyphens: F1-G2-01."""
    return "-" in text and len(text) <= SHORT and not any(map(str.isspace, text))


def in_language(visit: Visit, name: str) -> str:
    """This page in a language."""
    query = {**visit.request.query_params, "language": name}
    path = visit.request.url.path if visit.request.method == "GET" else "/"
    # Two slashes would begin the name of another host, and browsers take \ for one and leave out a tab between them.
    return f"/{quote(path.lstrip('/'))}?{urlencode(query)}"


def _here(href: str, path: str) -> bool:
    """Whether a page belongs to a family: /object to /objects."""
    path = next((family for start, family in OF_FAMILY.items() if path.startswith(start)), path)
    return path == href if href == "/" else path.startswith(href.rstrip("s"))
