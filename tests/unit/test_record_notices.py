"""Notices against real servers on loopback: SMTP in clear and encrypted, a web server that checks the signature; failures."""

import hashlib
import hmac
import json
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.notices.deliver import accounts, deliver
from baiterek.campaign.notices.records import Channel, Subscription
from baiterek.campaign.notices.settings import Mail, Settings, Webhook, read_settings
from baiterek.campaign.notices.subscribe import end, subscribe
from baiterek.campaign.schedule.milestones import enter_milestone
from baiterek.campaign.schedule.records import Milestone
from baiterek.errors import Denied, InputError, Refused
from baiterek.reports.notice import say
from baiterek.web.notices import telling
from record_cases import KEEPER, MEMBER, RUSSIAN, SECRETARY
from web_cases import browser, send

SECRET = b"a secret of some length"
T0 = "2999-01-01T00:00:00.000000Z"
"""After every subscription of a test was made: rounds are told the time."""


class Box:
    """What a server of mail was given."""

    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, envelope):
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default), session.ssl))
        return "250 OK"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Of localhost, signed by itself: its file, and a context that serves with it."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    file, private = folder / "cert.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, private)
    return str(file), context


def serving(box, **more):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port, **more)
    server.start()
    return server


def in_clear(server):
    return Settings(Mail("127.0.0.1", server.port, "none", "b@example.org"))


def mail_to(database, id="S-1", **values):
    usual = {"role": Role.SECRETARY, "part": Part.KZ, "channel": Channel.MAIL, "target": "kz@example.org",
             "topics": ("milestone",), "language": "kk"}  # fmt: skip
    with database.writing(KEEPER) as change:
        return subscribe(change, Subscription(id, **usual | values))


def happened(database, id="M-1", part=Part.KZ, actor=SECRETARY):
    with database.writing(actor) as change:
        enter_milestone(change, Milestone(id, "Пуск", "Ұшыру", "Launch", "2026-Q1", "2026-Q1", part=part), "хаттама №9")


def test_mail_in_kazakh_encrypted_and_with_its_password(database, certificate):
    file, context = certificate
    box = Box()

    def known(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"baiterek", b"pass word"), handled=False)

    server = serving(box, tls_context=context, require_starttls=True, authenticator=known, auth_required=True)
    try:
        settings = Settings(Mail("localhost", server.port, "starttls", "b@example.org", "baiterek", "pass word", file))
        mail_to(database)
        happened(database)
        (told,) = deliver(database, settings, say, T0)
        assert told.failure == "" and told.events == 1
        ((to, message, encrypted),) = box.received
        assert to == ["kz@example.org"] and encrypted
        text = message.get_content()
        assert "M-1" in message["Subject"] and "хаттама №9" in text and "Ұшыру" in text
        assert deliver(database, settings, say, T0) == []  # told once
        wrong = Settings(settings.mail._replace(password="wrong"))
        happened(database, "M-2")
        (refused,) = deliver(database, wrong, say, T0)
        assert "535" in refused.failure and "wrong" not in refused.failure
        stranger = Settings(settings.mail._replace(certificates=""))
        (unknown,) = deliver(database, stranger, say, "2999-01-02T00:00:00.000000Z")
        assert "certificate" in unknown.failure.lower()
    finally:
        server.stop()


def test_a_target_that_fails_is_shown_and_tried_again_later_and_loses_nothing(database):
    mail_to(database)
    happened(database)
    nobody = Settings(Mail("127.0.0.1", 1, "none", "b@example.org"))
    (told,) = deliver(database, nobody, say, T0)
    assert "refused" in told.failure.lower()
    with database.reading() as look:
        (account,) = accounts(look)
    assert (account.attempts, account.next_at) == (1, "2999-01-01T00:01:00.000000Z") and account.failure == told.failure
    assert deliver(database, nobody, say, "2999-01-01T00:00:59.000000Z") == []  # not yet
    deliver(database, nobody, say, "2999-01-01T00:01:00.000000Z")
    with database.reading() as look:
        assert accounts(look)[0].next_at == "2999-01-01T00:03:00.000000Z"
    happened(database, "M-2")  # no change waits for a target
    box = Box()
    server = serving(box)
    try:
        (told,) = deliver(database, in_clear(server), say, "2999-02-01T00:00:00.0Z")
        assert told.events == 2 and not told.failure and "M-1" in box.received[0][1].get_content()
    finally:
        server.stop()
    with database.reading() as look:
        assert verify(look, read_public_key(database.key)).whole
        assert accounts(look)[0].attempts == 0


class Site(BaseHTTPRequestHandler):
    """A web server that keeps what it is sent, and answers as it is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((dict(self.headers), body, self.path))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture()
def site():
    server = HTTPServer(("127.0.0.1", 0), Site)
    server.seen, server.status = [], 204
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_webhook_is_signed_and_may_lead_into_no_private_network_unless_it_is_allowed(database, site):
    url = f"http://127.0.0.1:{site.server_port}/hook?x=1"
    mail_to(database, channel=Channel.WEBHOOK, target=url)
    happened(database)
    (refused,) = deliver(database, Settings(None, Webhook(SECRET)), say, T0)
    assert "127.0.0.1, an address of a private network" in refused.failure and not site.seen
    allowed = Settings(None, Webhook(SECRET, True))
    (told,) = deliver(database, allowed, say, "2999-01-02T00:00:00.000000Z")
    assert not told.failure
    ((headers, body, path),) = site.seen
    at = headers["X-Baiterek-Timestamp"]
    expected = hmac.new(SECRET, at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Baiterek-Signature"] == f"sha256={expected}" and path == "/hook?x=1"
    (event,) = json.loads(body)["events"]
    assert (event["entity"], event["entity_id"], event["reason"]) == ("milestone", "M-1", "хаттама №9")
    assert hmac.new(b"another secret!!", at.encode() + b"." + body, hashlib.sha256).hexdigest() != expected
    for status in (302, 500):
        site.status = status
        happened(database, f"M-{status}")
        (told,) = deliver(database, allowed, say, f"2999-02-{status % 28 + 1:02}T00:00:00.000000Z")
        assert str(status) in told.failure


def test_who_is_told_what(database):
    box = Box()
    server = serving(box)
    try:
        settings = in_clear(server)
        mail_to(database, "own", own=True)
        mail_to(database, "all", target="all@example.org", role=Role.CO_CHAIR, part=Part.RU, language="ru")
        mail_to(database, "other", target="other@example.org", topics=("operation",))
        happened(database, "M-1")
        happened(database, "M-2", Part.RU, RUSSIAN)
        told = {one.subscription: one.events for one in deliver(database, settings, say, T0)}
        assert told == {"own": 1, "all": 2}
        with database.writing(KEEPER) as change:
            end(change, "all", "left")
        happened(database, "M-3")
        assert [one.subscription for one in deliver(database, settings, say, T0)] == ["own"]
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("why", "values"),
    [
        ("no address of e-mail", {"target": "nobody"}),
        ("no address of e-mail", {"target": "a@b.org\nBcc: c@d.org"}),
        ("no address of the web", {"channel": Channel.WEBHOOK, "target": "file:///etc/passwd"}),
        ("no address of the web", {"channel": Channel.WEBHOOK, "target": "https://user:word@example.org/"}),
        ("no kind of record", {"topics": ("gossip",)}),
        ("no kind of record", {"topics": ()}),
        ("none of en, ru, kk", {"language": "xx"}),
        ("belongs to no part", {"part": None}),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(database, why, values):
    with pytest.raises(Refused, match=why):
        mail_to(database, **values)


def test_a_keeper_alone_subscribes_and_ends(database):
    mail_to(database)
    for actor in (MEMBER, SECRETARY, RUSSIAN):
        with pytest.raises(Denied), database.writing(actor) as change:
            subscribe(change, Subscription("S-2", Role.MEMBER, Part.KZ, Channel.MAIL, "a@b.org", ("milestone",)))
        with pytest.raises(Denied), database.writing(actor) as change:
            end(change, "S-1", "x")


def test_a_keeper_subscribes_and_ends_on_the_page_and_everybody_sees_how_it_stands(database):
    keeper, member = browser(database, "keeper"), browser(database, "member:KZ")
    form = {
        "id": "pad",
        "office": "secretary:KZ",
        "channel": "mail",
        "target": "pad@example.org",
        "language": "kk",
        "own": "true",
    }
    topics = {"topics": ["operation", "milestone"]}
    assert send(member, "/people/notices/subscribe", {**form, **topics}).status_code == 403
    for wrong in ({"target": "pad"}, {"topics": []}, {"topics": ["weather"]}, {"office": "secretary:XX"}, {"language": "de"}):
        assert send(keeper, "/people/notices/subscribe", {**form, **topics, **wrong}).status_code in (400, 409), wrong
    assert send(keeper, "/people/notices/subscribe", {**form, **topics}).status_code == 303
    with database.reading() as look:
        (one,) = [each.subscription for each in accounts(look)]
    assert (one.role, one.part, one.channel, one.topics, one.own, one.language) == (
        Role.SECRETARY, Part.KZ, Channel.MAIL, ("operation", "milestone"), True, "kk",
    )  # fmt: skip
    for name, said in (("en", "nothing was told yet"), ("ru", "ещё ничего не сообщено"), ("kk", "әлі ештеңе хабарланған жоқ")):
        shown = member.get(f"/people/notices?language={name}").text
        assert said in shown and "pad@example.org" in shown and "/people/notices/end" not in shown and "style=" not in shown
    assert "pad@example.org" in member.get("/people/notices?form=csv").text
    over = {"id": "pad", "revision": "1"}
    assert send(keeper, "/people/notices/end", over).status_code == 409  # no reason
    assert send(keeper, "/people/notices/end", {**over, "reason": "moved"}).status_code == 303
    assert ">ended<" in member.get("/people/notices?language=en").text


def test_the_server_tells_in_the_background(database):
    box = Box()
    server = serving(box)
    try:
        mail_to(database)
        with telling(database, in_clear(server), 0.05):
            happened(database)
            waited = threading.Event()
            for _ in range(100):
                if box.received:
                    break
                waited.wait(0.05)
        assert len(box.received) == 1
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[mail]\nhost = "smtp.example.org"\nsender = "b@example.org"\ntls = "none"', "on this machine alone"),
        ('[mail]\nsender = "b@example.org"', "mail.host"),
        ('[mail]\nhost = "localhost"\nsender = "b"\npassword = "x"', "mail.password"),
        ('[mail]\nhost = "localhost"\nsender = "b@c.org"\npassword_file = "kazakh"', "ASCII"),
        ('[webhook]\nsecret_file = "short"', "at least 16"),
        ('[webhook]\nsecret_file = "absent"', "a file that can be read"),
        ('[post]\nhost = "x"', "mail, webhook"),
    ],
)
def test_settings_that_would_betray_a_password_or_say_nothing_are_refused(tmp_path, text, said):
    (tmp_path / "short").write_text("short")
    (tmp_path / "kazakh").write_text("құпия", encoding="utf-8")
    (tmp_path / "n.toml").write_text(text)
    with pytest.raises(InputError, match=said):
        read_settings(tmp_path / "n.toml")
