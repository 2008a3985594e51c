"""Run the pages: on this machine for its user, for others only with accounts."""

from __future__ import annotations

from ipaddress import ip_address

import uvicorn

from baiterek.campaign.database import Database
from baiterek.errors import BadValue
from baiterek.web.app import application
from baiterek.web.settings import MEBIBYTE, Settings

GRACE_s = 3
LOOPBACK = ("localhost",)


def serve(database: Database, host: str, port: int, largest_upload_MiB: int) -> None:
    """Serve until interrupted."""
    if not is_loopback(host):
        raise BadValue("command line", "--host", host, "127.0.0.1: there are no accounts, and whoever asks would be let in")
    settings = Settings(largest_upload_bytes=largest_upload_MiB * MEBIBYTE)
    uvicorn.run(
        application(database, settings), host=host, port=port, log_level="warning", server_header=False,
        timeout_graceful_shutdown=GRACE_s,
    )  # fmt: skip


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in LOOPBACK
