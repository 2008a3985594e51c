"""Through which server mail goes, and where webhooks may: a file of whoever runs the record, outside it.

[mail]
host = "smtp.example.org"
port = 587
tls = "starttls"                 # starttls, implicit, or none (on this machine alone)
sender = "baiterek@example.org"
user = "baiterek"
password_file = "smtp-password"  # beside this file
[webhook]
secret_file = "webhook-secret"
allow_private = false
"""

from __future__ import annotations

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from baiterek.errors import BadValue, UnknownKey, UnreadableFile

TLS = ("starttls", "implicit", "none")
SHORTEST_SECRET = 16
MAIL_KEYS = {"host": str, "port": int, "tls": str, "sender": str, "user": str, "password_file": str, "certificates": str}
WEBHOOK_KEYS = {"secret_file": str, "allow_private": bool, "certificates": str}
ALLOWED = "[mail] and [webhook] tables as the documentation shows them"


class Mail(NamedTuple):
    """A server that takes mail."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    password: str = ""
    certificates: str = ""
    """Of authorities, PEM, where those of the machine do not know the server's."""


class Webhook(NamedTuple):
    """How webhooks are signed, and whether one may lead into a private network."""

    secret: bytes
    allow_private: bool = False
    certificates: str = ""


class Settings(NamedTuple):
    """What there is to send with."""

    mail: Mail | None = None
    webhook: Webhook | None = None


def read_settings(path: Path) -> Settings:
    """The settings of a file; a password in clear over a network is refused."""
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), ALLOWED) from None
    except ValueError as failure:
        raise UnreadableFile(str(path), "", str(failure).partition("\n")[0], ALLOWED) from None
    stray = next((key for key in document if key not in ("mail", "webhook")), None)
    if stray:
        raise UnknownKey(str(path), stray, stray, "mail, webhook")
    return Settings(_mail(path, document), _webhook(path, document))


def _mail(path: Path, document: dict[str, Any]) -> Mail | None:
    table = _checked(path, "mail", document, MAIL_KEYS)
    if table is None:
        return None
    for key in ("host", "sender"):
        if not table.get(key):
            raise BadValue(str(path), f"mail.{key}", "nothing", "a text")
    tls = table.get("tls", "starttls")
    if tls not in TLS or (tls == "none" and not _is_here(table["host"])):
        raise BadValue(str(path), "mail.tls", tls, "starttls or implicit; none for a server on this machine alone")
    password = _secret(path, "mail.password_file", table["password_file"]) if "password_file" in table else ""
    if not (password + table.get("user", "")).isascii():
        raise BadValue(
            str(path), "mail.password_file", "other letters", "letters of ASCII: SMTP's usual log-in knows no others"
        )
    port = table.get("port", 465 if tls == "implicit" else 587)
    return Mail(
        table["host"], port, tls, table["sender"], table.get("user", ""), password, _beside(path, table.get("certificates", ""))
    )


def _webhook(path: Path, document: dict[str, Any]) -> Webhook | None:
    table = _checked(path, "webhook", document, WEBHOOK_KEYS)
    if table is None:
        return None
    secret = _secret(path, "webhook.secret_file", table.get("secret_file", "")).encode()
    if len(secret) < SHORTEST_SECRET:
        raise BadValue(str(path), "webhook.secret_file", f"{len(secret)} bytes", f"at least {SHORTEST_SECRET}")
    return Webhook(secret, table.get("allow_private", False), _beside(path, table.get("certificates", "")))


def _checked(path: Path, name: str, document: dict[str, Any], keys: dict[str, type]) -> dict[str, Any] | None:
    table = document.get(name)
    if table is None:
        return None
    for key, value in table.items() if isinstance(table, dict) else ((name, table),):
        if key not in keys:
            raise UnknownKey(str(path), f"{name}.{key}", key, ", ".join(keys))
        if type(value) is not keys[key]:
            raise BadValue(str(path), f"{name}.{key}", str(value), keys[key].__name__)
    return dict(table)


def _secret(path: Path, key: str, name: str) -> str:
    try:
        return (path.parent / name).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise BadValue(str(path), key, failure.strerror or str(failure), "a file that can be read") from None


def _beside(path: Path, name: str) -> str:
    return str(path.parent / name) if name else ""


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
