"""Run the pages: on this machine for its user; for others only with accounts, and only encrypted."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import uvicorn

from baiterek.campaign.commission.accounts import any_serving
from baiterek.campaign.log.database import Database
from baiterek.errors import BadValue, UnreadableFile
from baiterek.web.app import application
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


def serve(database: Database, at: Listening, largest_upload_MiB: int) -> None:
    """Serve until interrupted."""
    settings = settled(database, at, largest_upload_MiB)
    uvicorn.run(
        application(database, settings), host=at.host, port=at.port, log_level="warning", server_header=False,
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
    hosts = () if public else Settings().hosts
    return Settings(hosts, accounts, secure, largest_upload_MiB * MEBIBYTE)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
