"""The application: the pages behind their door, and what becomes of errors."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from baiterek import __version__, reports
from baiterek.campaign.log.database import Database
from baiterek.errors import Absent, BaiterekError, Denied, InputError
from baiterek.reports.language import later
from baiterek.web.door import Door
from baiterek.web.pages import (
    account,
    agreement,
    agreements,
    audit,
    calendar,
    campaigns,
    cases,
    complex,
    conditions,
    decision,
    evidence,
    gate,
    gates,
    keys,
    matrix,
    meeting,
    meetings,
    notices,
    object,
    objects,
    openid,
    operations,
    owed,
    passkeys,
    people,
    programme,
    remarks,
    requirements,
    results,
    role,
    runs,
    schedule,
    sign_in,
    waivers,
)
from baiterek.web.settings import Settings
from baiterek.web.visit import SignInFirst, anyone, turned

ROUTERS = (
    complex.router,
    objects.router,
    object.router,
    campaigns.router,
    operations.router,
    results.router,
    programme.router,
    requirements.router,
    cases.router,
    runs.router,
    matrix.router,
    remarks.router,
    waivers.router,
    gates.router,
    gate.router,
    decision.router,
    conditions.router,
    keys.router,
    agreements.router,
    agreement.router,
    schedule.router,
    owed.router,
    meetings.router,
    meeting.router,
    evidence.router,
    people.router,
    notices.router,
    audit.router,
    role.router,
    sign_in.router,
    account.router,
    calendar.router,
    passkeys.router,
    openid.router,
)
PAGES = APIRouter()
"""All of them. What each takes is worked out when it is first asked for: half a second in all, once a process."""
for router in ROUTERS:
    PAGES.include_router(router)
UPLOADS = object.UPLOADS | evidence.UPLOADS | runs.UPLOADS | meeting.UPLOADS | results.UPLOADS
STATIC = Path(__file__).parent / "static"
REPORT_STYLE = Path(reports.__file__).parent / "templates" / "report.css"
MEANING = {
    400: later("That was not understood"),
    401: later("Sign in"),
    403: later("Not allowed"),
    404: later("Not there"),
    405: later("Not there"),
    409: later("Refused"),
    413: later("Too much"),
    422: later("That was not understood"),
    429: later("Too often"),
}


def application(database: Database, settings: Settings | None = None) -> FastAPI:
    """Pages over an open record."""
    # An address with a slash too many is not there: sent on, it would be to whatever host the request has named.
    app = FastAPI(title="Baiterek", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.database, app.state.settings = database, settings or Settings()
    app.state.plans, app.state.owed = {}, {}
    app.router.routes.extend(PAGES.routes)
    app.add_api_route("/static/report.css", _report_style, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(BaiterekError, _refused)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_middleware(Door, database=database, settings=app.state.settings, uploads=UPLOADS)
    return app


def _report_style() -> FileResponse:
    """The look of the reports."""
    return FileResponse(REPORT_STYLE)


def _refused(request: Request, failure: Exception) -> Response:
    known = ((Denied, 403), (Absent, 404), (InputError, 400))
    status = next((status for kind, status in known if isinstance(failure, kind)), 409)
    subject, why = getattr(failure, "subject", ""), getattr(failure, "why", str(failure))
    return _error(request, status, why, subject)


def _sign_in_first(request: Request, failure: Exception) -> Response:
    """A page that is asked for waits behind the sign-in; what is sent is refused."""
    if request.method != "GET":
        return _error(request, 401, "sign in first")
    after = f"{request.url.path}?{request.url.query}".rstrip("?")
    return turned(f"/sign-in?{urlencode({'after': after})}")


def _http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    return _error(request, failure.status_code, failure.detail)


def _malformed(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)
    first = failure.errors()[0]
    return _error(request, 422, first["msg"], " ".join(str(part) for part in first["loc"][1:]))


def _error(request: Request, status: int, why: str, subject: str = "") -> Response:
    title = MEANING.get(status, HTTPStatus(status).phrase)
    return anyone(request).page("error.html", status, title=title, subject=subject, why=why, status_code=status)
