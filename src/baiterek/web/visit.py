"""Who asks for a page: known from the cookies, before anything that they send is read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from baiterek.campaign.commission.access import Actor, at_machine
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.log.change import Change
from baiterek.campaign.log.database import Database
from baiterek.errors import Denied
from baiterek.reports.language import LANGUAGES, Words, language
from baiterek.web.settings import Settings
from baiterek.web.templating import LOCALE, rendered


class SignInFirst(Exception):
    """There are accounts, and nobody is signed in."""


TOKEN, ACTING, LANGUAGE = "baiterek", "acting", "language"
"""Cookies: the secret of a visit, the role that a single user acts in, the language."""
YEAR_s = 365 * 86400


@dataclass(frozen=True)
class Visit:
    """One request, and who makes it."""

    request: Request
    database: Database
    settings: Settings
    words: Words
    token: str
    """The secret of the browser; the log-in, where there is one, is found by its hash."""
    actor: Actor | None

    @property
    def form_token(self) -> str:
        """What a form must bring back: only pages that we served to this browser know it."""
        return form_token(self.token)

    @property
    def takes_passkeys(self) -> bool:
        """Whether a browser that has asked for us by this name can use a passkey: they know names, no numbers."""
        there = urlsplit(self.settings.origin)
        host = there.hostname or ""
        named = bool(host) and not host.replace(".", "").isdigit() and ":" not in host
        return self.settings.accounts and named and self.request.headers.get("host", "").lower() == there.netloc

    @contextmanager
    def writing(self) -> Iterator[Change]:
        """One change in the visitor's name."""
        with self.database.writing(self.acting) as change:
            yield change

    @property
    def acting(self) -> Actor:
        """Who acts; whoever has chosen no role only reads."""
        if self.actor is None:
            raise Denied("the record", "choose a role to act in first")
        return self.actor

    def page(self, template: str, status: int = 200, **context: Any):  # type: ignore[no-untyped-def]
        """A page for this visitor."""
        return rendered(self, template, status, context)


def form_token(token: str) -> str:
    """Made from the visit's secret, which no other site can read, and useless for finding it."""
    return hashlib.sha256(b"form " + token.encode()).hexdigest()


def cookie_name(settings: Settings, name: str) -> str:
    """As the browser has it: where everything is encrypted, the secret has a name that no neighbouring site can set."""
    return f"__Host-{name}" if settings.secure and name == TOKEN else name


def cookie(settings: Settings, name: str, value: str, seconds: int | None = None) -> tuple[bytes, bytes]:
    """The header of a cookie that no script reads and no form of another site brings."""
    lasting = f"; Max-Age={seconds}" if seconds is not None else ""
    secure = "; Secure" if settings.secure else ""
    text = f"{cookie_name(settings, name)}={value}; Path=/; HttpOnly; SameSite=Lax{lasting}{secure}"
    return b"set-cookie", text.encode("ascii")


def turned(to: str, *cookies: tuple[bytes, bytes]) -> Response:
    """Go on to a page of ours, with cookies."""
    response = RedirectResponse(to, 303)
    response.raw_headers.extend(cookies)
    return response


def offices() -> list[str]:
    """ROLE:PART of everything that one may act as."""
    return [f"{role}:{part}" for part in Part for role in Role if role is not Role.KEEPER] + [str(Role.KEEPER)]


def alone(office: str) -> Actor | None:
    """The single user of this machine in a chosen role."""
    if office not in offices():
        return None
    role, _, part = office.partition(":")
    return at_machine(Role(role), Part(part) if part else None)


def preferred(request: Request) -> Words:
    """The language that was asked for, chosen before, or that the browser prefers."""
    wanted = [request.query_params.get("language", ""), request.cookies.get(LANGUAGE, "")]
    wanted += [word.strip()[:2].lower() for word in request.headers.get("accept-language", "").split(",")]
    return language(next((name for name in wanted if name in LANGUAGES), "en"), LOCALE)


def anyone(request: Request) -> Visit:
    """Whoever asks."""
    state = request.app.state
    return Visit(request, state.database, state.settings, preferred(request), request.state.token, request.state.actor)


def reader(visit: Annotated[Visit, Depends(anyone)]) -> Visit:
    """Whoever may read: everybody who is let in."""
    if visit.settings.accounts and visit.actor is None:
        raise SignInFirst
    return visit


def sender(visit: Annotated[Visit, Depends(anyone)], given: Annotated[str, Form(alias="visit", max_length=200)] = "") -> Visit:
    """Whoever sends a form that we served to their own browser."""
    if not secrets.compare_digest(given.encode(), visit.form_token.encode()):
        raise HTTPException(403, "the form is not from a page of this visit: load the page again")
    return visit


def writer(visit: Annotated[Visit, Depends(reader)], sent: Annotated[Visit, Depends(sender)]) -> Visit:
    """Whoever may read, and sends a form of ours."""
    return visit


Anyone = Annotated[Visit, Depends(anyone)]
Reader = Annotated[Visit, Depends(reader)]
Sender = Annotated[Visit, Depends(sender)]
Writer = Annotated[Visit, Depends(writer)]
