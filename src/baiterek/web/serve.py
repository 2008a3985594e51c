"""Run the pages: on this machine for its user; for others only with accounts, and only encrypted."""

from __future__ import annotations

import gc
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import uvicorn

from baiterek.campaign.commission.accounts import any_serving
from baiterek.campaign.log.database import Database
from baiterek.errors import BadValue, UnreadableFile
from baiterek.web.ahead import plan_ahead, verify_ahead
from baiterek.web.app import application
from baiterek.web.provider import Provider, is_guarded
from baiterek.web.settings import MEBIBYTE, Settings

GRACE_s = 3


class Listening(NamedTuple):
    """Where, and how the way there is kept."""

    host: str
    port: int
    certificate: Path | None = None
    certificate_key: Path | None = None
    behind_proxy: bool = False
    """A proxy on this machine speaks with the world, encrypted, and passes it on."""
    origin: str = ""
    """Where browsers find us, if not at localhost."""
    provider: Provider | None = None


def serve(database: Database, at: Listening, largest_upload_MiB: int) -> None:
    """Serve until interrupted."""
    settings = settled(database, at, largest_upload_MiB)
    pages = application(database, settings)
    verify_ahead(database)
    gc.freeze()  # what the libraries made stays: collections of garbage, in which a reader waits, need not go through it
    plan_ahead(database, pages.state.plans)
    uvicorn.run(
        pages, host=at.host, port=at.port, log_level="warning", server_header=False,
        timeout_graceful_shutdown=GRACE_s, proxy_headers=at.behind_proxy,
        ssl_certfile=at.certificate, ssl_keyfile=at.certificate_key,
    )  # fmt: skip


def settled(database: Database, at: Listening, largest_upload_MiB: int) -> Settings:
    """The settings for an address; refuses one that would let in whoever asks, or passwords in clear."""
    with database.reading() as look:
        accounts = any_serving(look)
    public = at.behind_proxy or not is_loopback(at.host)
    for option, file in (("--certificate", at.certificate), ("--certificate-key", at.certificate_key)):
        if file is not None and not file.is_file():
            raise UnreadableFile(str(file), "", "no such file", f"{option} in PEM")
    if public and not accounts:
        allowed = "127.0.0.1; for others an account first: baiterek account add NAME --to ROLE:PART --as keeper"
        raise BadValue("command line", "--host", f"{at.host} and no account", allowed)
    if not is_loopback(at.host) and (at.certificate is None or at.certificate_key is None):
        allowed = "--certificate and --certificate-key, or 127.0.0.1 --behind-proxy: passwords do not travel in clear"
        raise BadValue("command line", "--host", f"{at.host} and no encryption", allowed)
    secure = at.behind_proxy or at.certificate is not None
    origin = _origin(at, secure)
    if at.provider is not None and not (origin and accounts):
        allowed = "accounts, and --origin, to which the provider sends back"
        raise BadValue("command line", "--provider", "no account" if not accounts else "no origin", allowed)
    own = Settings().hosts if is_loopback(at.host) else ()
    hosts = (origin_host(origin), *own) if at.origin else () if public else own
    return Settings(hosts, accounts, secure, largest_upload_MiB * MEBIBYTE, origin if accounts else "", at.provider)


def _origin(at: Listening, secure: bool) -> str:
    """As browsers write it: small letters, no port where it is the usual one."""
    if not at.origin:
        return "" if at.behind_proxy or not is_loopback(at.host) else f"http{'s' if secure else ''}://localhost:{at.port}"
    given = at.origin.lower().removesuffix("/")
    there = urlsplit(given)
    if not is_guarded(given) or there.path or (secure and there.scheme != "https"):
        raise BadValue(
            "command line", "--origin", at.origin, "https://NAME or https://NAME:PORT; http:// on this machine alone"
        )
    return given.removesuffix({"https": ":443", "http": ":80"}[there.scheme])


def origin_host(origin: str) -> str:
    """The name in an origin, as a Host header has it without its port."""
    name = urlsplit(origin.lower()).hostname or ""
    return f"[{name}]" if ":" in name else name


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
