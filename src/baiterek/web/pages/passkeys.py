"""Passkeys: signing in with one, adding one to one's own account, removing it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from baiterek.campaign.commission import passkeys, questions, tries
from baiterek.campaign.commission.records import Passkey
from baiterek.campaign.commission.sessions import new_secret
from baiterek.errors import Absent, Refused
from baiterek.reports.language import later
from baiterek.web.forms import Short
from baiterek.web.labels import explained
from baiterek.web.pages.account import shown
from baiterek.web.pages.sign_in import TOO_OFTEN, After, Password, address_of, again, knows, ours, signed_in, with_account
from baiterek.web.passkeys import Untrue, made, name_in, new_challenge, signed, to_make, to_sign
from baiterek.web.visit import TOKEN, Sender, Visit, Writer, cookie, turned

router = APIRouter()
Answer = Annotated[str, Form(max_length=64 * 1024)]
"""What a browser says for a key, in JSON."""
SIGNING, MAKING = "sign in with a passkey", "make a passkey"
NOT_TRUE = later("The key was not taken: it did not answer what this page asked it. Try again.")
UNKNOWN = later("This key opens no account here.")
WRONG = later("the password is wrong")


@router.post("/sign-in/passkey/ask")
def ask_to_sign(request: Request, visit: Sender) -> Response:
    """What the browser of whoever signs in asks a key."""
    if not visit.takes_passkeys:
        return _said(visit, 404, UNKNOWN)
    challenge = new_challenge()
    questions.ask(visit.database, SIGNING, visit.token, challenge.hex())
    return JSONResponse(to_sign(visit.settings.origin, challenge))


@router.post("/sign-in/passkey")
def sign_in(request: Request, visit: Sender, credential: Answer = "", after: After = "/") -> Response:
    """As the account whose key has answered."""
    _offered(visit)
    wait_s = tries.wait_s(visit.database, address_of(request))
    if wait_s:
        return again(visit, after, wait_s)
    challenge = questions.answered(visit.database, SIGNING, visit.token)
    try:
        with visit.database.reading() as look:
            passkey = passkeys.known(look, name_in(credential))
        if challenge is None or passkey is None:
            raise Untrue("no such question, or no such key")
        counted = signed(visit.settings.origin, bytes.fromhex(challenge), credential, passkey)
        account = passkeys.opened_by(visit.database, passkey, counted)
    except Untrue:
        account = None
    if account is None:
        return visit.page("sign_in.html", 401, after=ours(after), why=UNKNOWN if challenge else NOT_TRUE, name="")
    tries.forget(visit.database, address_of(request))
    return signed_in(visit, account, after)


@router.post("/account/passkey/ask")
def ask_to_make(request: Request, visit: Writer, password: Password = "") -> Response:
    """What the browser of whoever is signed in, and knows the password, asks for a new key."""
    if not visit.takes_passkeys:
        return _said(visit, 404, UNKNOWN)
    try:
        if not knows(request, visit, password):
            return _said(visit, 403, WRONG)
    except HTTPException as failure:
        return _said(visit, failure.status_code, TOO_OFTEN)
    name, challenge = visit.acting.name, new_challenge()
    with visit.database.reading() as look:
        known = passkeys.of(look, name)
    questions.ask(visit.database, MAKING, visit.token, challenge.hex())
    return JSONResponse(to_make(visit.settings.origin, name, known, challenge))


@router.post("/account/passkey")
def add(request: Request, visit: Writer, label: Short = "", credential: Answer = "") -> Response:
    """The key that the browser has made becomes one of the account."""
    _offered(visit)
    challenge = questions.answered(visit.database, MAKING, visit.token)
    try:
        if challenge is None:
            raise Untrue("no such question")
        new = made(visit.settings.origin, bytes.fromhex(challenge), credential)
        key = Passkey(passkeys.fingerprint(new.credential), visit.acting.name, label, new.credential, new.public)
        with visit.writing() as change:
            passkeys.add(change, key, new.sign_count)
    except Untrue:
        return shown(visit, 400, NOT_TRUE)
    except Refused as refused:
        return shown(visit, 409, explained(visit.words, refused.why))
    return turned("/account")


@router.post("/account/passkey/remove")
def remove(request: Request, visit: Writer, id: Short, password: Password = "") -> Response:
    """It opens nothing any more; everybody signed in to the account is signed out, oneself too."""
    with_account(visit)
    if not knows(request, visit, password):
        return shown(visit, 403, WRONG)
    with visit.writing() as change:
        passkeys.remove(change, id)
    return turned("/sign-in", cookie(visit.settings, TOKEN, new_secret()))


def _offered(visit: Visit) -> None:
    if not visit.takes_passkeys:
        raise Absent("passkey", later("this server takes no passkeys at this address"))


def _said(visit: Visit, status: int, why: str) -> Response:
    """Why not, for the script that has asked."""
    said: dict[str, Any] = {"why": visit.words.said(why)}
    return JSONResponse(said, status)
