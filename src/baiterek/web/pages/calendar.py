"""The calendar for programs: by the secret in its address alone, read-only; opened and ended on the page of one's account."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from baiterek.campaign.log.change import now
from baiterek.campaign.notices import feeds
from baiterek.reports.calendar import of_record
from baiterek.reports.language import language
from baiterek.web.forms import PRINTABLE, Short
from baiterek.web.pages.account import shown
from baiterek.web.pages.sign_in import with_account
from baiterek.web.visit import Anyone, Writer, turned

router = APIRouter()
TYPE = "text/calendar; charset=utf-8"
Secret = Annotated[str, Query(max_length=100, pattern=PRINTABLE)]


@router.get("/calendar.ics")
def calendar(visit: Anyone, key: Secret = "") -> Response:
    """Milestones, meetings and operations (iCalendar), in the language of the address."""
    with visit.database.reading() as look:
        feed = feeds.read_with(look, key)
        text = of_record(look, language(feed.language), now())
    headers = {"content-disposition": 'inline; filename="baiterek.ics"'}
    return Response(text, media_type=TYPE, headers=headers)


@router.post("/account/calendar")
def open_calendar(visit: Writer, language: Short) -> Response:
    """A new address, shown this once; the one before ends."""
    with_account(visit)
    with visit.writing() as change:
        opened = feeds.open_feed(change, language)
    where: Any = visit.settings.origin or str(visit.request.base_url).rstrip("/")
    return shown(visit, address=f"{where}/calendar.ics?{urlencode({'key': opened.secret})}")


@router.post("/account/calendar/end")
def end_calendar(visit: Writer, id: Short) -> Response:
    """It gives nothing any more."""
    with_account(visit)
    with visit.writing() as change:
        feeds.end(change, id)
    return turned("/account")
