"""The complex at a glance: how ready each site and each system is."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.complex.states import Readiness, State, readiness
from baiterek.campaign.rows.listing import Alike, alike
from baiterek.web.visit import Reader

router = APIRouter()

WITHOUT = "(none)"
"""Objects that name no system."""
WIDTH = 100.0


class Share(NamedTuple):
    """The piece of a bar that stands for objects in one state."""

    state: State
    number: int
    start: float
    width: float
    href: str


class Bar(NamedTuple):
    """A row of the picture."""

    group: str
    total: int
    ready: int
    generated: int
    shares: list[Share]
    href: str


@router.get("/")
def complex_page(visit: Reader) -> Response:
    """Readiness by site and by system."""
    with visit.database.reading() as look:
        found = alike(look)
    ready = readiness(("all", State(kind.state), kind.number) for kind in found)
    return visit.page(
        "complex.html", ready=ready[0] if ready else None, states=list(State),
        pictures=[("site", _bars("site", found)), ("system", _bars("systems", found))],
    )  # fmt: skip


def _bars(key: str, found: list[Alike]) -> list[Bar]:
    """A bar a site, or a system: an object of two systems counts in both."""
    counts: list[tuple[str, State, int]] = []
    generated = Counter[str]()
    for kind in found:
        for group in (kind.site,) if key == "site" else kind.systems or (WITHOUT,):
            counts.append((group, State(kind.state), kind.number))
            generated[group] += kind.number if kind.example else 0
    return [Bar(r.group, r.total, r.ready, generated[r.group], _shares(key, r), _link(key, r.group)) for r in readiness(counts)]


def _shares(key: str, counts: Readiness) -> list[Share]:
    shares, start = [], 0.0
    for state in reversed(list(State)[:-1]):
        count = counts.states[state]
        width = WIDTH * count / counts.total
        shares.append(Share(state, count, start, width, _link(key, counts.group, state=state)))
        start += width
    out = counts.states[State.OUT_OF_SERVICE]
    return [*shares, Share(State.OUT_OF_SERVICE, out, start, WIDTH - start, _link(key, counts.group, state="out_of_service"))]


def _link(key: str, group: str, **more: Any) -> str:
    """The list of those objects; there is none of those without a system."""
    return "" if group == WITHOUT else f"/objects?{urlencode({key: group, **more})}"
