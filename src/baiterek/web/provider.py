"""The file that names a provider of sign-ins (OpenID Connect): who vouches, and as whom it knows this server."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from baiterek.errors import BadValue, UnreadableFile

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Provider(NamedTuple):
    """Who vouches for people; `title` is what its button says."""

    issuer: str
    client_id: str
    client_secret: str = ""
    """Empty: a public client, whom the code's proof of possession alone (PKCE) stands for."""
    title: str = "OpenID Connect"


def read_provider(path: Path) -> Provider:
    """The provider in a TOML file of the keys of `Provider`. One with a secret is nobody else's to read."""
    try:
        with path.open("rb") as file:
            document = tomllib.load(file)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as failure:
        raise UnreadableFile(str(path), "", failure.strerror or str(failure), "a file of issuer, client_id, title") from None
    except ValueError as failure:
        raise UnreadableFile(str(path), "", str(failure).splitlines()[0], "TOML") from None
    for key, value in document.items():
        if key not in Provider._fields:
            raise BadValue(str(path), key, "a key that means nothing", ", ".join(Provider._fields))
        if not isinstance(value, str) or not value.isprintable() or not value.strip():
            raise BadValue(str(path), key, "no text", "one line of text")
    for key in ("issuer", "client_id"):
        if key not in document:
            raise BadValue(str(path), key, "nothing", "a text")
    if not is_guarded(document["issuer"]):
        raise BadValue(str(path), "issuer", document["issuer"], "https://..., without ? and #; http:// on this machine alone")
    if "client_secret" in document and mode & stat.S_IROTH:
        raise BadValue(str(path), "client_secret", f"in a file of mode {stat.S_IMODE(mode):o}", "chmod 600: it is a secret")
    return Provider(**document)


def is_guarded(url: str) -> bool:
    """Whether nobody on the way can read or change what is asked there: encrypted, or this machine itself."""
    try:
        there = urlsplit(url)
        there.port  # noqa: B018  asked for, it is read
    except ValueError:
        return False
    plain = there.username is None and not there.query and not there.fragment and bool(there.hostname)
    return plain and (there.scheme == "https" or (there.scheme == "http" and there.hostname in LOOPBACK))
