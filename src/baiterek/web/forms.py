"""What a form may bring: texts that can be stored everywhere, no control characters among them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Form, Query
from starlette.responses import RedirectResponse, Response

from baiterek.errors import BadValue
from baiterek.web.visit import Visit

E = TypeVar("E", bound=StrEnum)
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Short = Annotated[str, Form(max_length=200, pattern=PRINTABLE)]
"""A line."""
Long = Annotated[str, Form(max_length=2000, pattern=LINES)]
"""A few lines."""
Id = Annotated[str, Query(max_length=200, pattern=PRINTABLE)]
"""The name of a record, in an address."""
Revision = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""Which revision the page showed: whoever comes second is told."""

Several = Annotated[list[str], Form(max_length=200)]
"""Fields of one name; the rules of what they fill say what each may be."""


def went(visit: Visit, to: str) -> Response:
    """On to a page. What htmx has sent stays on its own page if it is refused, so it is told where to go if it is not."""
    if "hx-request" in visit.request.headers:
        return Response(status_code=204, headers={"hx-redirect": to})
    return RedirectResponse(to, 303)


def picked(text: str, kind: type[E], key: str) -> E | None:
    """A word out of those that there are; nothing where nothing was chosen."""
    if text and text not in tuple(kind):
        raise BadValue(key, "", text, ", ".join(kind))
    return kind(text) if text else None
