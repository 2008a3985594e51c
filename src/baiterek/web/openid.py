"""Signing in by a provider (OpenID Connect Core 1.0): the code flow with PKCE (RFC 7636), state and nonce.

    discover(provider) -> Endpoints      where it is asked, as it says itself
    journey(...) -> address              where a browser goes, and comes back from with a code
    subject(...) -> str                  whom the provider vouches for, out of a token that it has signed

No host but the issuer's and those that its own document names is asked for anything; no redirect is followed.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64encode
from http.client import HTTPException
from threading import BoundedSemaphore
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from baiterek.web.provider import Provider, is_guarded

SIGNED_BY = ["RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "PS384", "PS512", "ES512", "EdDSA", "Ed25519"]
"""Of keys with a public half alone: "none", and a secret that both sides know, sign nothing here."""
LEEWAY_s = 60
"""By which clocks may differ."""
PATIENCE_s = 10
MOST_bytes = 2**20
KEPT_s = 3600
AT_ONCE = BoundedSemaphore(4)
"""Questions to the provider at a time: while it is silent, others are served."""


class Untold(Exception):
    """The provider does not vouch, or what came is not its word."""


class Endpoints(NamedTuple):
    """Where a provider is asked for what."""

    authorization: str
    token: str
    keys: str
    sends_secret: bool
    """The secret goes in the form, not in the header."""


class Journey(NamedTuple):
    """What a browser was sent with: random each time, and where it goes on to."""

    state: str
    nonce: str
    verifier: str
    after: str


def set_out(after: str) -> Journey:
    """Each of 256 random bits."""
    return Journey(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), after)


_DISCOVERED: dict[str, tuple[float, Endpoints]] = {}


def discover(provider: Provider) -> Endpoints:
    """What the provider says of itself (OpenID Connect Discovery 1.0), kept for an hour; it must speak for this very issuer."""
    at, known = _DISCOVERED.get(provider.issuer, (0.0, None))
    if known is not None and time.monotonic() - at < KEPT_s:
        return known
    said = _asked(Request(provider.issuer.rstrip("/") + "/.well-known/openid-configuration"))
    if said.get("issuer") != provider.issuer:
        raise Untold(f"it calls itself {said.get('issuer')!r}")
    places = [str(said.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if not all(is_guarded(place.partition("?")[0]) for place in places):
        raise Untold("an address of it is not encrypted, or missing")
    found = Endpoints(places[0], places[1], places[2], "client_secret_basic" not in methods and "client_secret_post" in methods)
    _DISCOVERED[provider.issuer] = (time.monotonic(), found)
    return found


def journey(provider: Provider, there: Endpoints, back: str, sent: Journey) -> str:
    """Where a browser goes to be asked who it is."""
    query = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": back, "scope": "openid",
        "state": sent.state, "nonce": sent.nonce,
        "code_challenge": create_s256_code_challenge(sent.verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{there.authorization}{'&' if '?' in there.authorization else '?'}{urlencode(query)}"


def subject(provider: Provider, there: Endpoints, back: str, sent: Journey, code: str) -> str:
    """Whom the provider means by a code, which it takes once, from us, from whom it sent there."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": sent.verifier}
    headers = {"accept": "application/json"}
    if not provider.client_secret or there.sends_secret:
        form |= {"client_id": provider.client_id}
    if provider.client_secret and there.sends_secret:
        form |= {"client_secret": provider.client_secret}
    elif provider.client_secret:  # RFC 6749, 2.3.1
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
        headers |= {"authorization": "Basic " + b64encode(pair.encode()).decode()}
    given = _asked(Request(there.token, urlencode(form).encode(), headers))
    return _vouched(provider, _asked(Request(there.keys)), given, sent.nonce)


def _vouched(provider: Provider, keys: Any, given: dict[str, Any], nonce: str) -> str:
    """The subject of an ID token, checked as OpenID Connect Core 3.1.3.7 says."""
    wanted = {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}}
    known = {"nonce": nonce, "client_id": provider.client_id, "access_token": given.get("access_token")}
    try:
        token = jwt.decode(str(given["id_token"]), KeySet.import_key_set(keys), algorithms=SIGNED_BY)
        claims = CodeIDToken(token.claims, token.header, wanted, known)
        claims.validate(leeway=LEEWAY_s)
        found = claims["sub"]
    except Exception as failure:  # whatever a strange token can do to a reader
        raise Untold(f"{type(failure).__name__}: {failure}") from failure
    if not isinstance(found, str) or not 0 < len(found) <= 255 or not found.isprintable():
        raise Untold("a subject that is no text of 1 to 255 characters")
    return found


class _Here(HTTPRedirectHandler):
    """Nobody is followed elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        """None: what redirects is an error."""


def _asked(request: Request) -> dict[str, Any]:
    """The provider's answer in JSON."""
    if not AT_ONCE.acquire(blocking=False):
        raise Untold("too many ask at once")
    try:
        with build_opener(_Here).open(request, timeout=PATIENCE_s) as answer:
            said = json.loads(answer.read(MOST_bytes))
    except (URLError, OSError, HTTPException, ValueError, RecursionError) as failure:
        raise Untold(f"{request.host}: {failure}") from failure
    finally:
        AT_ONCE.release()
    if not isinstance(said, dict):
        raise Untold(f"{request.host}: no document")
    return said
