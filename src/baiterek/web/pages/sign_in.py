"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from baiterek.campaign.commission.accounts import LONGEST, SHORTEST, set_password, verified
from baiterek.campaign.commission.sessions import close_session, new_secret, open_session
from baiterek.errors import Denied
from baiterek.web.forms import PRINTABLE, Short
from baiterek.web.visit import TOKEN, Anyone, Reader, Sender, Visit, Writer, cookie, turned

router = APIRouter()
Password = Annotated[str, Form(max_length=LONGEST)]
LONGEST_ADDRESS = 2000
After = Annotated[str, Form(max_length=LONGEST_ADDRESS, pattern=PRINTABLE)]
WRONG = "name or password is wrong, or the account is closed"


@router.get("/sign-in")
def sign_in_page(visit: Anyone, after: Annotated[str, Query(max_length=LONGEST_ADDRESS, pattern=PRINTABLE)] = "/") -> Response:
    """The form."""
    return visit.page("sign_in.html", after=_ours(after), why="", name="")


@router.post("/sign-in")
def sign_in(request: Request, visit: Sender, name: Short, password: Password, after: After = "/") -> Response:
    """Under a new secret, so that nobody who knew the old one comes in too."""
    address, failures = request.client.host if request.client else "", request.app.state.failures
    wait_s = failures.wait_s(name, address)
    if wait_s:
        page = visit.page("sign_in.html", 429, after=_ours(after), why="too many have failed: try again later", name=name)
        page.headers["retry-after"] = str(wait_s)
        return page
    with visit.database.reading() as look:
        account = verified(look, name, password)
    if account is None:
        failures.note(name, address)
        return visit.page("sign_in.html", 401, after=_ours(after), why=WRONG, name=name)
    failures.forget(name)
    close_session(visit.database, visit.token)
    return turned(_ours(after), cookie(visit.settings, TOKEN, open_session(visit.database, account)))


@router.post("/sign-out")
def sign_out(visit: Sender) -> Response:
    """End the session: its secret opens nothing any more."""
    close_session(visit.database, visit.token)
    return turned("/sign-in", cookie(visit.settings, TOKEN, new_secret()))


@router.get("/password")
def password_page(visit: Reader) -> Response:
    """The form."""
    _with_account(visit)
    return visit.page("password.html", why="", shortest=SHORTEST)


@router.post("/password")
def change_password(request: Request, visit: Writer, old: Password, new: Password) -> Response:
    """One's own password; everybody signed in with the old one is signed out, oneself too."""
    _with_account(visit)
    if not _is_known(request, visit, old):
        return visit.page("password.html", 403, why="the old password is wrong", shortest=SHORTEST)
    with visit.writing() as change:
        set_password(change, visit.acting.name, new)
    return turned("/sign-in", cookie(visit.settings, TOKEN, new_secret()))


def in_person(request: Request, visit: Visit, password: str) -> None:
    """Refuses a signature of whoever does not know the password again; who is alone on this machine has none."""
    if visit.settings.accounts and not _is_known(request, visit, password):
        raise Denied("password", "it is wrong: nothing was signed")


def _is_known(request: Request, visit: Visit, password: str) -> bool:
    """Whether that is the visitor's own password; failures count as those of a sign-in."""
    name, address = visit.acting.name, request.client.host if request.client else ""
    failures = request.app.state.failures
    with visit.database.reading() as look:
        known = not failures.wait_s(name, address) and verified(look, name, password) is not None
    if not known:
        failures.note(name, address)
    return known


def _with_account(visit: Visit) -> None:
    if not visit.settings.accounts:
        raise Denied("password", "there are no accounts on this server")


def _ours(after: str) -> str:
    """A page of ours to go on to: an address that names another host is none."""
    return after if after.startswith("/") and not after.startswith(("//", "/\\")) else "/"
