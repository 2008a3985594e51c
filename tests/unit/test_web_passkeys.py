"""Passkeys: a key made in software answers as WebAuthn says, and everything else that could answer is refused."""

import hashlib
import json
import struct
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from baiterek.campaign.commission import accounts, passkeys, questions, sessions
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.questions import LASTS_s, answered, ask
from baiterek.campaign.commission.records import Passkey
from baiterek.campaign.commission.tables import SIGN_IN_QUESTION
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, Refused
from baiterek.web import passkeys as webauthn
from record_cases import KEEPER
from web_cases import BASE, LOCKED, PASSWORD, account, browser, send, sign_in

pytestmark = pytest.mark.usefixtures("cheap_hashes")
KEYED = LOCKED._replace(origin=BASE)
UP, UV, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """A key in software, after WebAuthn Level 3, 6.1 and 6.5: ES256, no attestation."""

    def __init__(self, origin=BASE, rp="localhost", counts=True):
        self.private, self.id = ec.generate_private_key(ec.SECP256R1()), bytes(range(64))
        self.origin, self.rp, self.counts, self.count, self.flags = origin, rp, counts, 0, UP | UV
        self.user = b""

    def data(self, more=b"", flags=0):
        self.count += self.counts
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", self.flags | flags, self.count) + more

    def client(self, kind, asked):
        said = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def make(self, asked):
        self.user = base64url_to_bytes(asked["user"]["id"])
        x, y = (n.to_bytes(32, "big") for n in vars_of(self.private.public_key()))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self.data(bytes(16) + struct.pack(">H", len(self.id)) + self.id + public, ATTESTED)
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self.said(clientDataJSON=self.client("webauthn.create", asked), attestationObject=attestation)

    def sign(self, asked):
        data, client = self.data(), self.client("webauthn.get", asked)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self.said(clientDataJSON=client, authenticatorData=data, signature=signed, userHandle=self.user)

    def said(self, **response):
        own = bytes_to_base64url(self.id)
        texts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": texts, "clientExtensionResults": {}})


def vars_of(public):
    numbers = public.public_numbers()
    return numbers.x, numbers.y


def asked(visitor, path, page, **more):
    return send(visitor, path, more, page=page)


def added(visitor, key, password=PASSWORD):
    options = asked(visitor, "/account/passkey/ask", "/account", password=password)
    assert options.status_code == 200, options.text
    form = {"label": "phone", "credential": key.make(options.json())}
    return send(visitor, "/account/passkey", form, page="/account")


def signed_by(visitor, key, answer=None):
    options = asked(visitor, "/sign-in/passkey/ask", "/sign-in").json()
    form = {"credential": answer or key.sign(options), "after": "/objects"}
    return send(visitor, "/sign-in/passkey", form, page="/sign-in")


@pytest.fixture()
def owned(database):
    """An account with one passkey; somebody is signed in to it."""
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor, key = browser(database, settings=KEYED), Authenticator()
    sign_in(visitor, "aigul")
    assert added(visitor, key).headers["location"] == "/account"
    return SimpleNamespace(database=database, visitor=visitor, key=key)


def test_a_key_is_added_signs_in_and_is_removed(owned):
    page = owned.visitor.get("/account").text
    assert "phone" in page and "aigul" in page
    stranger = browser(owned.database, settings=KEYED)
    answer = signed_by(stranger, owned.key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/objects")
    assert "aigul" in stranger.get("/objects").text and "last used" in stranger.get("/account").text
    with owned.database.reading() as look:
        (kept,) = passkeys.of(look, "aigul")
        events = [(event.action, event.actor) for event in reading.events(look, "passkey", kept.id)]
        assert events == [("register", "aigul")] and verify(look, read_public_key(owned.database.key)).whole
    wrong = send(stranger, "/account/passkey/remove", {"id": kept.id, "password": "x"}, page="/account")
    assert wrong.status_code == 403
    gone = send(stranger, "/account/passkey/remove", {"id": kept.id, "password": PASSWORD}, page="/account")
    assert gone.status_code == 303
    # Everybody who was signed in to it is out, and the key opens nothing.
    assert stranger.get("/objects").status_code == 303 and owned.visitor.get("/objects").status_code == 303
    assert signed_by(browser(owned.database, settings=KEYED), owned.key).status_code == 401


def test_a_sign_in_with_a_key_is_under_a_new_secret(owned):
    visitor, planted = browser(owned.database, settings=KEYED), "planted-by-somebody-else"
    visitor.cookies.set("baiterek", planted)
    assert signed_by(visitor, owned.key).cookies["baiterek"] != planted
    thief = browser(owned.database, settings=KEYED)
    thief.cookies.set("baiterek", planted)
    assert thief.get("/objects").status_code == 303


def test_an_answer_is_taken_once_and_by_the_browser_that_was_asked(owned):
    visitor, other = (browser(owned.database, settings=KEYED) for _ in range(2))
    key = owned.key
    options = asked(visitor, "/sign-in/passkey/ask", "/sign-in").json()
    answer = key.sign(options)
    # Somebody else's browser was asked nothing, or something else.
    form = {"credential": answer}
    assert send(other, "/sign-in/passkey", form, page="/sign-in").status_code == 401
    assert signed_by(other, key, answer).status_code == 401
    assert send(visitor, "/sign-in/passkey", form, page="/sign-in").status_code == 303
    # The same again, from the same browser: asked nothing, and asked anew.
    visitor.cookies.delete("baiterek")
    assert send(visitor, "/sign-in/passkey", form, page="/sign-in").status_code == 401
    assert signed_by(visitor, key, answer).status_code == 401


def test_a_question_is_void_after_a_wrong_answer_and_after_a_while(owned, monkeypatch):
    visitor, key = browser(owned.database, settings=KEYED), owned.key
    options = asked(visitor, "/sign-in/passkey/ask", "/sign-in").json()
    for answer in ("{}", key.sign(options)):
        assert send(visitor, "/sign-in/passkey", {"credential": answer}, page="/sign-in").status_code == 401
    ours = owned.database
    ask(ours, "a", "secret", "1", at=0)
    ask(ours, "b", "secret", "2", at=0)
    assert answered(ours, "a", "other", at=1) is None and answered(ours, "a", "secret", at=LASTS_s) == "1"
    assert answered(ours, "a", "secret", at=1) is None and answered(ours, "b", "secret", at=LASTS_s + 1) is None
    monkeypatch.setattr(questions, "MOST", 5)
    for n in range(9):
        ask(ours, "a", str(n), str(n), at=2)
    assert [answered(ours, "a", str(n), at=3) for n in range(9)] == [None] * 4 + ["4", "5", "6", "7", "8"]
    ask(ours, "a", "new", "old", at=2)
    ask(ours, "a", "new", "new", at=2 + LASTS_s + 1)
    with ours.reading() as look:
        assert [row.question for row in look.execute(select(SIGN_IN_QUESTION))] == ["new"]


def test_any_server_of_the_record_takes_an_answer_and_all_of_them_once(owned):
    # Two applications on one database, as two processes, or one after a restart; one browser, and one that has copied it.
    servers = [browser(owned.database, settings=KEYED) for _ in range(3)]
    options = asked(servers[0], "/sign-in/passkey/ask", "/sign-in").json()
    form, secret = {"credential": owned.key.sign(options)}, servers[0].cookies["baiterek"]
    for server in servers[1:]:
        server.cookies.set("baiterek", secret)
    assert send(servers[1], "/sign-in/passkey", form, page="/sign-in").status_code == 303
    replayed = send(servers[2], "/sign-in/passkey", form, page="/sign-in")
    assert replayed.status_code == 401 and send(servers[0], "/sign-in/passkey", form, page="/sign-in").status_code == 401
    assert servers[2].get("/objects").status_code == 303


def test_of_two_servers_that_take_one_answer_at_once_one_has_it(database):
    ask(database, "a", "secret", "1")
    with ThreadPoolExecutor(8) as crowd:
        found = list(crowd.map(lambda _: answered(database, "a", "secret"), range(8)))
    assert sorted(found, key=str) == ["1", *[None] * 7]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://elsewhere.example"}, {"origin": "http://localhost:81"}, {"origin": "https://localhost"},
        {"rp": "elsewhere.example"}, {"flags": UP}, {"flags": UV}, {"user": bytes(32)}, {"user": b""},
        {"private": ec.generate_private_key(ec.SECP256R1())}, {"id": bytes(64)},
    ],
    ids=lambda one: "-".join(one),
)  # fmt: skip
def test_what_is_not_the_owners_answer_to_this_page_signs_nobody_in(owned, wrong):
    visitor = browser(owned.database, settings=KEYED)
    for name, value in wrong.items():
        setattr(owned.key, name, value)
    assert signed_by(visitor, owned.key).status_code == 401
    assert visitor.get("/objects").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://elsewhere.example"}, {"rp": "elsewhere.example"}, {"flags": UP}], ids=str
)
def test_a_key_made_for_another_page_or_without_its_owner_is_not_added(owned, wrong):
    key = Authenticator()
    key.id = bytes(32)
    for name, value in wrong.items():
        setattr(key, name, value)
    assert added(owned.visitor, key).status_code == 400
    with owned.database.reading() as look:
        assert len(passkeys.of(look, "aigul")) == 1


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id": 1}', '{"id": "x", "response": []}', "[" * 20000, '"\\ud800"']
)
def test_what_is_no_answer_at_all_is_refused(owned, answer):
    assert signed_by(browser(owned.database, settings=KEYED), owned.key, answer or " ").status_code == 401
    asked(owned.visitor, "/account/passkey/ask", "/account", password=PASSWORD)
    form = {"credential": answer}
    assert send(owned.visitor, "/account/passkey", form, page="/account").status_code == 400


def test_a_key_that_counts_must_count_up(owned):
    assert signed_by(browser(owned.database, settings=KEYED), owned.key).status_code == 303
    for count in (owned.key.count - 1, 0, -1):
        owned.key.count = count
        assert signed_by(browser(owned.database, settings=KEYED), owned.key).status_code == 401
    owned.key.count = 100
    assert signed_by(browser(owned.database, settings=KEYED), owned.key).status_code == 303
    # Each of the three is an event that says so, on the page of the log too, and the audit still finds the record whole.
    with owned.database.reading() as look:
        (kept,) = passkeys.of(look, "aigul")
        told = [event for event in reading.events(look, "passkey", kept.id) if event.action == "suspect"]
        assert [event.reason.partition(":")[0] for event in told] == [
            f"the counter of the key says {count} after 2" for count in (2, 1, 0)
        ]
        assert {event.actor for event in told} == {"baiterek sign-in"} and verify(
            look, read_public_key(owned.database.key)
        ).whole
    owned.visitor.cookies.set("language", "ru")
    assert "счётчик ключа показывает 1 после 2" in owned.visitor.get(f"/audit/event?seq={told[1].seq}").text


def test_a_key_that_counts_nothing_always_says_nothing(database):
    made = account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor, key = browser(database, settings=KEYED), Authenticator(counts=False)
    sign_in(visitor, "aigul")
    assert added(visitor, key).status_code == 303
    assert [signed_by(browser(database, settings=KEYED), key).status_code for _ in range(2)] == [303, 303]
    with database.reading() as look:
        (kept,) = passkeys.of(look, "aigul")
    assert passkeys.opened_by(database, kept, 7) == made and passkeys.opened_by(database, kept, 0) is None


def test_of_two_that_use_one_count_at_once_one_gets_in(owned):
    with owned.database.reading() as look:
        (kept,) = passkeys.of(look, "aigul")
    found, start = [], Barrier(4)

    def use():
        start.wait()
        found.append(passkeys.opened_by(owned.database, kept, 50))

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in found) == 1


def test_a_closed_account_is_opened_by_no_key(owned):
    with owned.database.writing(KEEPER) as change:
        accounts.activate(change, "aigul", False, "left")
    assert signed_by(browser(owned.database, settings=KEYED), owned.key).status_code == 401


def test_a_key_is_added_by_whoever_knows_the_password_and_wrong_ones_count(owned):
    for _ in range(8):
        assert asked(owned.visitor, "/account/passkey/ask", "/account", password="x").status_code == 403
    assert asked(owned.visitor, "/account/passkey/ask", "/account", password=PASSWORD).status_code == 429
    # A key that nobody asked for, because the password was never right.
    form = {"credential": Authenticator().make({"challenge": "AA", "user": {"id": "AA"}})}
    assert send(owned.visitor, "/account/passkey", form, page="/account").status_code == 400


def test_nobody_adds_a_key_to_anothers_account_and_a_keeper_takes_one_away(owned):
    with owned.database.reading() as look:
        (kept,) = passkeys.of(look, "aigul")
    for name, role in (("other", Role.MEMBER), ("keeper", Role.KEEPER)):
        made = account(owned.database, name, role, None if role is Role.KEEPER else Part.KZ)
        with pytest.raises(Denied, match="only its owner"), owned.database.writing(accounts.actor_of(made)) as change:
            passkeys.add(change, Passkey("x", "aigul", "", "x", "x"), 0)
        remove = owned.database.writing(accounts.actor_of(made))
        if role is Role.KEEPER:
            with remove as change:
                passkeys.remove(change, kept.id, "lost")
        else:
            with pytest.raises(Denied), remove as change:
                passkeys.remove(change, kept.id)
    assert owned.visitor.get("/objects").status_code == 303
    with pytest.raises(Refused, match="already"), owned.database.writing(KEEPER) as change:
        passkeys.remove(change, kept.id, "again")


def test_one_key_belongs_to_one_account_and_an_account_has_a_number_of_them(owned, monkeypatch):
    account(owned.database, "other", Role.MEMBER, Part.RU)
    thief = browser(owned.database, settings=KEYED)
    sign_in(thief, "other")
    assert added(thief, owned.key).status_code == 409
    second = Authenticator()
    second.id = bytes(32)
    monkeypatch.setattr(passkeys, "MOST", 1)
    assert added(owned.visitor, second).status_code == 409
    with owned.database.reading() as look:
        assert [len(passkeys.of(look, name)) for name in ("aigul", "other")] == [1, 0]


def test_whoever_asks_learns_no_names(owned):
    options = asked(browser(owned.database, settings=KEYED), "/sign-in/passkey/ask", "/sign-in").json()
    assert options["allowCredentials"] == [] and options["userVerification"] == "required"
    assert (options["rpId"], len(base64url_to_bytes(options["challenge"]))) == ("localhost", 32)
    asked_again = asked(owned.visitor, "/account/passkey/ask", "/account", password=PASSWORD).json()
    assert [base64url_to_bytes(one["id"]) for one in asked_again["excludeCredentials"]] == [owned.key.id]
    assert asked_again["attestation"] == "none" and asked_again["authenticatorSelection"]["userVerification"] == "required"
    assert b"aigul" not in webauthn.user_handle("aigul")


@pytest.mark.parametrize("origin", ["", "http://127.0.0.1", "https://record.example"])
def test_keys_are_offered_at_their_own_address_alone(database, origin):
    made = account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED._replace(origin=origin))
    assert "passkey" not in visitor.get("/sign-in").text
    for path, page in (("/sign-in/passkey/ask", "/sign-in"), ("/sign-in/passkey", "/sign-in")):
        assert send(visitor, path, {"credential": "{}"}, page=page).status_code == 404
    visitor.cookies.set("baiterek", sessions.open_session(database, made))
    for path in ("/account/passkey/ask", "/account/passkey"):
        assert send(visitor, path, {"password": PASSWORD}, page="/account").status_code == 404
