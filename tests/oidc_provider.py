"""A small real provider of OpenID Connect on loopback, strict as Core 1.0 and RFC 7636 say; and what a false one would do."""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "baiterek", "a secret: of both & no other"


class IdentityProvider:
    """Asks nobody who they are: whoever comes is `subject`. `claims` and the fields below make it lie."""

    def __init__(self, issuer):
        self.issuer, self.subject, self.claims = issuer, "s-1", {}
        self.key, self.alg = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}), "ES256"
        self.published = [self.key.as_dict(private=False)]
        self.auth = ["client_secret_basic"]
        self.document, self.iss, self.more = {}, True, {}
        self.asked, self.codes = [], {}

    def configuration(self):
        own = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", "response_types_supported": ["code"],
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": self.auth,
        }  # fmt: skip
        return {**own, **self.document}

    def authorize(self, query):
        """A code for what was asked; None where it is not asked as it should be."""
        right = query["response_type"] == "code" and query["client_id"] == CLIENT and query["code_challenge_method"] == "S256"
        if not right or "openid" not in query["scope"].split():
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return code

    def token(self, form, basic):
        """The tokens of a code, once, for the client to whom it was given and who had asked for it."""
        if "client_secret_basic" in self.auth and SECRET:
            name, _, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
            name, secret = unquote(name), unquote(secret)
        else:
            name, secret = form.get("client_id"), form.get("client_secret", "")
        query = self.codes.pop(form["code"], None)
        if query is None or (name, secret) != (CLIENT, "" if self.auth == ["none"] else SECRET):
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proof != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"],
            **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self.signed(claims), **self.more}

    def signed(self, claims):
        if self.alg == "none":
            parts = ({"alg": "none"}, claims)
            text = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
            return ".".join(text) + "."
        return jwt.encode({"alg": self.alg, "kid": "one"}, claims, self.key, algorithms=[self.alg])


def another_key():
    """One of the same name that the provider does not publish."""
    return ECKey.generate_key("P-256", {"kid": "one"})


def rsa_key():
    return RSAKey.generate_key(2048, {"kid": "one"})


def shared_key(secret=SECRET):
    """What client and provider both know, as a key."""
    return OctKey.import_key(secret.ljust(32), {"kid": "one"})


@contextmanager
def running():
    """A provider on a free port of this machine."""

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self):
            there = urlsplit(self.path)
            made.asked.append(there.path)
            if there.path == "/.well-known/openid-configuration":
                self.say(made.configuration())
            elif there.path == "/keys":
                self.say({"keys": made.published})
            elif there.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(there.query).items()}
                code = made.authorize(query)
                answer = {"code": code, "iss": made.issuer} if code else {"error": "invalid_request"}
                self.send_response(302)
                self.send_header("location", f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}")
                self.send_header("content-length", "0")
                self.end_headers()
            elif there.path == "/elsewhere":
                self.send_response(302)
                self.send_header("location", f"{made.issuer}/keys")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self):
            made.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            answer = made.token(form, self.headers.get("authorization", ""))
            self.say(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def say(self, document, status=200):
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    made = IdentityProvider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
