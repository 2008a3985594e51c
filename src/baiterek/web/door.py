"""The door: ASGI around all pages. Who comes, how much they may bring, and the headers under which everything leaves."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baiterek.campaign.commission.access import MAY, Action, Actor
from baiterek.campaign.commission.accounts import actor_of
from baiterek.campaign.commission.sessions import account_of, new_secret
from baiterek.campaign.log.database import Database
from baiterek.reports.language import LANGUAGES
from baiterek.web.settings import FORM_bytes, Settings
from baiterek.web.visit import ACTING, LANGUAGE, TOKEN, YEAR_s, alone, cookie, cookie_name

POLICY = "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
PRIVATE = (b"cache-control", b"no-store")
ENCRYPTED = (b"strict-transport-security", b"max-age=31536000")
"""Where everything is encrypted, a browser that was here once asks in no other way (RFC 6797)."""
STATIC = "/static/"


class Door:
    """Wraps the pages. What is said to be too long is refused before it is read, anything else as soon as it is."""

    def __init__(self, app: ASGIApp, database: Database, settings: Settings, uploads: frozenset[str]) -> None:
        self.app, self.database, self.settings, self.uploads = app, database, settings, uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not self._is_ours(headers.get(b"host", b"").decode("latin-1")):
            await PlainTextResponse("this server does not go by that name", 421)(scope, receive, send)
            return
        cookies = cookie_parser(headers.get(b"cookie", b"").decode("latin-1"))
        given = cookies.get(cookie_name(self.settings, TOKEN), "")
        static = scope["path"].startswith(STATIC)
        state = scope.setdefault("state", {})
        state["token"] = given or new_secret()
        state["actor"] = None if static else await run_in_threadpool(self._actor, given, cookies)
        most = self.settings.largest_upload_bytes if self._may_upload(scope["path"], state["actor"]) else FORM_bytes
        replies: list[tuple[bytes, bytes]] = [*HEADERS, *([ENCRYPTED] if self.settings.secure else [])]
        if not static:
            replies.append(PRIVATE)
            if not given:
                replies.append(cookie(self.settings, TOKEN, state["token"]))
            language = parse_qs(scope["query_string"].decode("latin-1")).get("language", [""])[0]
            if language in LANGUAGES:
                replies.append(cookie(self.settings, LANGUAGE, language, YEAR_s))
        await self._through(scope, receive, send, most, replies)

    async def _through(self, scope: Scope, receive: Receive, send: Send, most: int, replies: list[tuple[bytes, bytes]]) -> None:
        """Let the request in, counting, and the response out, with our headers."""
        length = dict(scope["headers"]).get(b"content-length", b"0")
        declared = int(length) if length.isdigit() else 0
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if max(came, declared) > most:
                raise HTTPException(413, f"more than {most} bytes: that is the most that is taken here")
            return message

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]} - {b"set-cookie"}
                message["headers"] = [*message["headers"], *(pair for pair in replies if pair[0] not in own)]
            await send(message)

        await self.app(scope, counted, marked)

    def _actor(self, token: str, cookies: dict[str, str]) -> Actor | None:
        """Who asks: whoever is signed in; without accounts the user of this machine."""
        if not self.settings.accounts:
            return alone(cookies.get(ACTING, ""))
        account = account_of(self.database, token) if token else None
        return actor_of(account) if account else None

    def _may_upload(self, path: str, actor: Actor | None) -> bool:
        """Files come only from whoever may draft: nobody else fills the disk with what is refused in the end."""
        return path in self.uploads and actor is not None and Action.DRAFT in MAY[actor.role]

    def _is_ours(self, host: str) -> bool:
        """Without its port, a name under which we are known."""
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return not self.settings.hosts or name.lower() in self.settings.hosts
