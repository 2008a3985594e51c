"""What whoever starts the server decides."""

from __future__ import annotations

from typing import NamedTuple

from baiterek.web.provider import Provider

MEBIBYTE = 2**20
FORM_bytes = MEBIBYTE
"""Of a form without files."""


class Settings(NamedTuple):
    """How the pages are served."""

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    """Names under which the server may be asked for; empty: any. A strange name on loopback is another site's trick."""
    accounts: bool = False
    """Whoever asks must sign in; else they are the user of this machine, in a role of their choice."""
    secure: bool = False
    """Cookies travel encrypted alone."""
    largest_upload_bytes: int = 256 * MEBIBYTE
    origin: str = ""
    """Where browsers find us, as https://record.example: passkeys belong to it, a provider sends back to it. Empty: neither."""
    provider: Provider | None = None
    """Who vouches for people beside their passwords."""
