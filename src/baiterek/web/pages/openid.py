"""Signing in by a provider: there, and back."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from baiterek.campaign.commission import identities, questions, tries
from baiterek.errors import Absent
from baiterek.reports.language import later
from baiterek.web import openid
from baiterek.web.forms import PRINTABLE
from baiterek.web.pages.sign_in import LONGEST_ADDRESS, address_of, again, ours, signed_in
from baiterek.web.provider import Provider
from baiterek.web.visit import Anyone, Visit, turned

router = APIRouter()
BACK = "/sign-in/openid/back"
JOURNEY = "sign in by a provider"
SILENT = later("The provider of sign-ins does not answer as it should. Try again later, or sign in with your password.")
NOT_ASKED = later("That sign-in was not begun in this browser, or too long ago. Begin again.")
DECLINED = later("The provider of sign-ins did not say who you are.")
UNBOUND = later("No account is bound to this identity. The keeper of this record binds it: issuer {issuer}, subject {subject}.")
Line = Annotated[str, Query(max_length=LONGEST_ADDRESS, pattern=PRINTABLE)]
log = logging.getLogger(__name__)


@router.get("/sign-in/openid")
def go(request: Request, visit: Anyone, after: Line = "/") -> Response:
    """To the provider, with a question that only this browser can bring back."""
    provider = _provider(visit)
    sent = openid.set_out(ours(after))
    try:
        there = openid.journey(provider, openid.discover(provider), visit.settings.origin + BACK, sent)
    except openid.Untold as failure:
        return _refused(visit, 502, SILENT, failure)
    questions.ask(visit.database, JOURNEY, visit.token, json.dumps(sent))
    return turned(there)


@router.get("/sign-in/openid/back")
def come_back(request: Request, visit: Anyone, state: Line = "", code: Line = "", iss: Line = "", error: Line = "") -> Response:
    """As the account to which a keeper has bound whom the provider vouches for; nobody else gets in, and no account is made."""
    provider = _provider(visit)
    wait_s = tries.wait_s(visit.database, address_of(request))
    if wait_s:
        return again(visit, "/", wait_s)
    asked = questions.answered(visit.database, JOURNEY, visit.token)
    sent = openid.Journey(*json.loads(asked)) if asked else None
    if sent is None or not secrets.compare_digest(state.encode(), sent.state.encode()):
        return _refused(visit, 400, NOT_ASKED)
    if error or not code or iss not in ("", provider.issuer):  # RFC 9207: who answers is whom we asked
        return _refused(visit, 401, DECLINED, error or iss)
    try:
        subject = openid.subject(provider, openid.discover(provider), visit.settings.origin + BACK, sent, code)
    except openid.Untold as failure:
        return _refused(visit, 401, DECLINED, failure)
    with visit.database.reading() as look:
        account = identities.opened_by(look, provider.issuer, subject)
    if account is None:
        return _refused(visit, 403, visit.words(UNBOUND, issuer=provider.issuer, subject=subject))
    tries.forget(visit.database, address_of(request))
    return signed_in(visit, account, sent.after)


def _provider(visit: Visit) -> Provider:
    if visit.settings.provider is None or not visit.settings.accounts:
        raise Absent("provider", later("this server has no provider of sign-ins"))
    return visit.settings.provider


def _refused(visit: Visit, status: int, why: str, failure: object = "") -> Response:
    """The form again; what an administrator needs to know goes to the server's own log."""
    if failure:
        log.warning("sign-in by a provider: %r", str(failure)[:500])
    return visit.page("sign_in.html", status, after="/", why=why, name="")
