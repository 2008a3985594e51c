"""One notice to one target: by SMTP, or as a signed POST. Whatever goes wrong is `Undelivered`, in a line."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import smtplib
import socket
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from baiterek.campaign.notices.settings import Mail, Webhook

TIMEOUT_s = 20.0
SIGNATURE, STAMP, NUMBER = "X-Baiterek-Signature", "X-Baiterek-Timestamp", "X-Baiterek-Delivery"


class Undelivered(Exception):
    """Why a target was not told."""


class Notice(NamedTuple):
    """What is sent."""

    number: str
    """The same when it is sent again."""
    subject: str
    text: str
    body: bytes
    """The same as JSON, for a program."""


def send_mail(mail: Mail, to: str, notice: Notice) -> None:
    """By SMTP, encrypted unless the server is on this machine; the certificate of the server is checked."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, notice.subject
    message["Message-ID"] = f"<{notice.number}@{mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    try:
        with _server(mail) as server:
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException, UnicodeError) as failure:
        raise Undelivered(_line(failure)) from None


def post(webhook: Webhook, url: str, notice: Notice, at: str) -> None:
    """One POST of JSON. HMAC-SHA256 over instant, a full stop and body proves who sends it, and that it is not an old one."""
    parts = urlsplit(url)
    address = _address(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), webhook.allow_private)
    if parts.scheme != "https" and not webhook.allow_private:
        raise Undelivered("not encrypted: https alone goes beyond a private network")
    signed = hmac.new(webhook.secret, at.encode() + b"." + notice.body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "baiterek", STAMP: at, SIGNATURE: f"sha256={signed}",
        NUMBER: notice.number,
    }  # fmt: skip
    connection = _Pinned(parts.hostname or "", address, _context(webhook.certificates) if parts.scheme == "https" else None)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), notice.body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as failure:
        raise Undelivered(_line(failure)) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Undelivered(f"it answered with status {status}")


class _Pinned(http.client.HTTPConnection):
    """To the address that was looked at: a name that is looked up again may lead elsewhere. Follows no redirection."""

    def __init__(self, host: str, address: tuple[str, int], context: ssl.SSLContext | None) -> None:
        super().__init__(host, address[1], timeout=TIMEOUT_s)
        self._at, self._context = address, context

    def connect(self) -> None:
        """Without looking the name up."""
        self.sock = socket.create_connection(self._at, TIMEOUT_s)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


def _server(mail: Mail) -> smtplib.SMTP:
    if mail.tls == "implicit":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_s, context=_context(mail.certificates))
    server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_s)
    if mail.tls == "starttls":
        try:
            server.starttls(context=_context(mail.certificates))
        except BaseException:
            server.close()
            raise
    return server


def _address(host: str, port: int, allow_private: bool) -> tuple[str, int]:
    """The first address of a name, if all of them are public."""
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as failure:
        raise Undelivered(_line(failure)) from None
    private = next((one for one in found if not ip_address(one.partition("%")[0]).is_global), None)
    if private is not None and not allow_private:
        raise Undelivered(f"{host} is {private}, an address of a private network; allow_private lets it pass")
    return found[0], port


def _context(certificates: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificates or None)


def _line(failure: BaseException) -> str:
    text = " ".join(str(failure).split()) or type(failure).__name__
    return text[:300]
