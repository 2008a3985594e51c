"""Signing in and out, and one's own password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from baiterek.campaign.commission import tries
from baiterek.campaign.commission.accounts import LONGEST, SHORTEST, set_password, verified
from baiterek.campaign.commission.records import Account
from baiterek.campaign.commission.sessions import close_session, new_secret, open_session
from baiterek.errors import Denied
from baiterek.web.forms import PRINTABLE, Short
from baiterek.web.visit import TOKEN, Anyone, Reader, Sender, Visit, Writer, cookie, turned

router = APIRouter()
Password = Annotated[str, Form(max_length=LONGEST)]
LONGEST_ADDRESS = 2000
After = Annotated[str, Form(max_length=LONGEST_ADDRESS, pattern=PRINTABLE)]
WRONG = "name or password is wrong, or the account is closed"
TOO_OFTEN = "too many have failed: try again later"


@router.get("/sign-in")
def sign_in_page(visit: Anyone, after: Annotated[str, Query(max_length=LONGEST_ADDRESS, pattern=PRINTABLE)] = "/") -> Response:
    """The form."""
    return visit.page("sign_in.html", after=ours(after), why="", name="")


@router.post("/sign-in")
def sign_in(request: Request, visit: Sender, name: Short, password: Password, after: After = "/") -> Response:
    """Under a new secret, so that nobody who knew the old one comes in too."""
    wait_s = tries.wait_s(visit.database, address_of(request), name)
    if wait_s:
        return again(visit, after, wait_s, name)
    with visit.database.reading() as look:
        account = verified(look, name, password)
    if account is None:
        return visit.page("sign_in.html", 401, after=ours(after), why=WRONG, name=name)
    tries.forget(visit.database, address_of(request), name)
    return signed_in(visit, account, after)


def signed_in(visit: Visit, account: Account, after: str) -> Response:
    """On to the page that was asked for, as that account, under a secret that nobody had before."""
    close_session(visit.database, visit.token)
    return turned(ours(after), cookie(visit.settings, TOKEN, open_session(visit.database, account)))


def again(visit: Visit, after: str, wait_s: int, name: str = "") -> Response:
    """Later: too many have failed."""
    page = visit.page("sign_in.html", 429, after=ours(after), why=TOO_OFTEN, name=name)
    page.headers["retry-after"] = str(wait_s)
    return page


def address_of(request: Request) -> str:
    """From where somebody asks; behind a proxy, what it says."""
    return request.client.host if request.client else ""


@router.post("/sign-out")
def sign_out(visit: Sender) -> Response:
    """End the session: its secret opens nothing any more."""
    close_session(visit.database, visit.token)
    return turned("/sign-in", cookie(visit.settings, TOKEN, new_secret()))


@router.get("/password")
def password_page(visit: Reader) -> Response:
    """The form."""
    with_account(visit)
    return visit.page("password.html", why="", shortest=SHORTEST)


@router.post("/password")
def change_password(request: Request, visit: Writer, old: Password, new: Password) -> Response:
    """One's own password; everybody signed in with the old one is signed out, oneself too."""
    with_account(visit)
    if not knows(request, visit, old):
        return visit.page("password.html", 403, why="the old password is wrong", shortest=SHORTEST)
    with visit.writing() as change:
        set_password(change, visit.acting.name, new)
    return turned("/sign-in", cookie(visit.settings, TOKEN, new_secret()))


def in_person(request: Request, visit: Visit, password: str) -> None:
    """Refuses a signature of whoever does not know the password again; who is alone on this machine has none."""
    if visit.settings.accounts and not knows(request, visit, password):
        raise Denied("password", "it is wrong: nothing was signed")


def knows(request: Request, visit: Visit, password: str) -> bool:
    """Whether who is signed in knows the password too: a browser that was left open does not open more. Wrong ones count."""
    address, name = address_of(request), visit.acting.name
    if tries.wait_s(visit.database, address, name):
        raise HTTPException(429, TOO_OFTEN)
    with visit.database.reading() as look:
        right = verified(look, name, password) is not None
    if right:
        tries.forget(visit.database, address, name)
    return right


def with_account(visit: Visit) -> None:
    """Refuses what only accounts have."""
    if not visit.settings.accounts:
        raise Denied("account", "there are no accounts on this server")


def ours(after: str) -> str:
    """A page of ours to go on to: an address that names another host is none."""
    return after if after.startswith("/") and not after.startswith(("//", "/\\")) else "/"
