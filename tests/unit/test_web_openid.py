"""Signing in by a provider, against a real one on loopback: it vouches, a keeper has bound whom; nothing else gets in."""

import time
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from baiterek.campaign.commission import accounts, identities
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Account
from baiterek.campaign.rows import reading
from baiterek.errors import BadValue, Refused, UnreadableFile
from baiterek.web import openid
from baiterek.web.provider import Provider, is_guarded, read_provider
from baiterek.web.serve import Listening, settled
from oidc_provider import CLIENT, SECRET, another_key, rsa_key, running, shared_key
from record_cases import KEEPER, calling
from web_cases import BASE, LOCKED, PASSWORD, account, browser

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture()
def world(database, monkeypatch):
    """An account to which the provider's s-1 is bound, and somebody in front of the pages."""
    monkeypatch.setenv("no_proxy", "*")
    account(database, "aigul", Role.MEMBER, Part.KZ)
    with running() as provider:
        with database.writing(KEEPER) as change:
            identities.bind(change, "aigul", provider.issuer, "s-1", "shown in person")
        own = Provider(provider.issuer, CLIENT, SECRET, "Ministry")
        settings = LOCKED._replace(origin=BASE, provider=own)
        yield SimpleNamespace(
            database=database, provider=provider, settings=settings, visitor=browser(database, settings=settings)
        )


def sent(visitor, after="/objects"):
    """Where the pages send a browser, which has no other part in it."""
    answer = visitor.get("/sign-in/openid", params={"after": after})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def vouched(address):
    """What the provider sends a browser back with."""
    return httpx.get(address, trust_env=False).headers["location"]


def signed_in(world, visitor=None):
    visitor = visitor or world.visitor
    return visitor.get(vouched(sent(visitor)))


def refused(world, answer, status):
    assert answer.status_code == status, answer.text
    assert world.visitor.get("/objects").status_code == 303


def test_whom_the_provider_vouches_for_is_signed_in_under_a_new_secret(world):
    assert "Ministry" in world.visitor.get("/sign-in").text
    planted = world.visitor.cookies["baiterek"]
    answer = signed_in(world)
    assert (answer.status_code, answer.headers["location"]) == (303, "/objects")
    assert answer.cookies["baiterek"] != planted and "aigul" in world.visitor.get("/objects").text
    assert world.provider.issuer in world.visitor.get("/account").text
    assert world.provider.asked == ["/.well-known/openid-configuration", "/authorize", "/token", "/keys"]


def test_each_journey_has_secrets_of_its_own(world):
    there = [{name: values[0] for name, values in parse_qs(urlsplit(sent(world.visitor)).query).items()} for _ in range(2)]
    assert there[0]["redirect_uri"] == f"{BASE}/sign-in/openid/back" and there[0]["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert there[0][name] != there[1][name] and len(there[0][name]) >= 43


@pytest.mark.parametrize("method", ["client_secret_post", "none"])
def test_the_client_shows_itself_as_the_provider_wants(world, method):
    world.provider.auth = [method]
    own = world.settings.provider._replace(client_secret="" if method == "none" else SECRET)
    assert signed_in(world, browser(world.database, settings=world.settings._replace(provider=own))).status_code == 303


def test_a_key_of_another_kind_signs_too(world):
    world.provider.key, world.provider.alg = rsa_key(), "RS256"
    world.provider.published = [
        another_key().as_dict(private=False) | {"kid": "old"},
        world.provider.key.as_dict(private=False),
    ]
    assert signed_in(world).status_code == 303


def test_nobody_who_is_not_bound_gets_in_and_no_account_is_made(world):
    world.provider.subject, world.provider.claims = "s-2", {"email": "aigul@example", "email_verified": True}
    answer = signed_in(world)
    refused(world, answer, 403)
    # The keeper is told what to bind.
    assert "s-2" in answer.text and world.provider.issuer in answer.text
    with world.database.reading() as look:
        assert [one.id for one in reading.every(look, Account)] == ["aigul"]


def test_who_is_unbound_or_closed_gets_in_no_more(world):
    assert signed_in(world).status_code == 303
    with world.database.writing(KEEPER) as change:
        identities.unbind(change, identities.fingerprint(world.provider.issuer, "s-1"), "left")
    assert world.visitor.get("/objects").status_code == 303
    refused(world, signed_in(world), 403)
    with world.database.writing(KEEPER) as change:
        identities.bind(change, "aigul", world.provider.issuer, "s-1", "back")
        accounts.activate(change, "aigul", False, "closed")
    refused(world, signed_in(world), 403)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(world):
    back = vouched(sent(browser(world.database, settings=world.settings)))
    refused(world, world.visitor.get(back), 400)  # it was asked for nothing
    sent(world.visitor)
    refused(world, world.visitor.get(back), 400)  # it was asked for something else
    sent(world.visitor)
    for state in ("", "x", "é"):
        refused(world, world.visitor.get("/sign-in/openid/back", params={"state": state, "code": "x"}), 400)
    assert "/token" not in world.provider.asked


def test_an_answer_is_taken_once(world):
    back = vouched(sent(world.visitor))
    assert world.visitor.get(back).status_code == 303
    assert world.visitor.get(back).status_code == 400
    thief = browser(world.database, settings=world.settings)
    assert thief.get(back).status_code == 400 and thief.get("/objects").status_code == 303


def test_a_code_for_another_question_is_refused(world):
    # A thief's own code in the victim's answer: the proof of possession (PKCE) is not the thief's.
    stolen = parse_qs(urlsplit(vouched(sent(browser(world.database, settings=world.settings)))).query)["code"][0]
    state = parse_qs(urlsplit(sent(world.visitor)).query)["state"][0]
    refused(world, world.visitor.get("/sign-in/openid/back", params={"state": state, "code": stolen}), 401)
    assert world.provider.asked[-1] == "/token"


FALSE = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another client": {"aud": "another"},
    "another client's too, for it": {"aud": [CLIENT, "another"], "azp": "another"},
    "no client": {"aud": None},
    "expired": {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "without end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 36000},
    "not yet": {"nbf": int(time.time()) + 36000},
    "nobody": {"sub": None},
    "an empty name": {"sub": ""},
    "a number": {"sub": 1},
    "a line too many": {"sub": "s-1\n"},
    "of other tokens": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("what", FALSE)
def test_a_token_that_does_not_hold_is_refused(world, what):
    world.provider.claims = FALSE[what]
    refused(world, signed_in(world), 401)


@pytest.mark.parametrize("what", ["foreign", "none", "shared secret", "public key as secret", "no token", "two dots"])
def test_a_token_that_the_provider_has_not_signed_is_refused(world, what):
    provider = world.provider
    if what == "foreign":
        provider.key = another_key()
    elif what == "none":
        provider.alg = "none"
    elif what == "shared secret":
        provider.key, provider.alg = shared_key(), "HS256"
    elif what == "public key as secret":
        provider.key, provider.alg = shared_key(provider.published[0]["x"]), "HS256"
        provider.published.append(provider.key.as_dict())
    else:
        provider.more = {"id_token": None if what == "no token" else ".."}
    refused(world, signed_in(world), 401)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example"}, {"issuer": None}, {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": ""}, {"authorization_endpoint": "https://a@b.example/"},
    ],
    ids=str,
)  # fmt: skip
def test_a_provider_that_names_strange_places_is_not_followed(world, document):
    world.provider.document = document
    refused(world, world.visitor.get("/sign-in/openid"), 502)
    assert world.provider.asked == ["/.well-known/openid-configuration"]


def test_a_provider_that_sends_us_elsewhere_is_not_followed(world):
    world.provider.document = {"jwks_uri": f"{world.provider.issuer}/elsewhere"}
    refused(world, signed_in(world), 401)
    assert world.provider.asked[-1] == "/elsewhere"


def test_a_provider_that_is_silent_is_a_page_and_no_error(world):
    gone = world.settings.provider._replace(issuer="http://127.0.0.1:9")
    visitor = browser(world.database, settings=world.settings._replace(provider=gone))
    assert visitor.get("/sign-in/openid").status_code == 502
    assert openid.AT_ONCE.acquire(blocking=False) and not openid.AT_ONCE.release()


def test_who_declines_or_answers_for_another_is_refused(world):
    for more in ({"error": "access_denied"}, {"code": ""}, {"code": "x", "iss": "https://elsewhere.example"}):
        state = parse_qs(urlsplit(sent(world.visitor)).query)["state"][0]
        refused(world, world.visitor.get("/sign-in/openid/back", params={"state": state, **more}), 401)
    assert "/token" not in world.provider.asked


def test_where_a_sign_in_leads_is_here(world):
    for after in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        visitor = browser(world.database, settings=world.settings)
        assert visitor.get(vouched(sent(visitor, after))).headers["location"] == "/"


def test_without_a_provider_there_is_nowhere_to_go(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    for settings in (LOCKED, LOCKED._replace(accounts=False)):
        visitor = browser(database, settings=settings)
        assert [visitor.get(path).status_code for path in ("/sign-in/openid", "/sign-in/openid/back")] == [404, 404]


def test_an_identity_opens_one_account(world):
    account(world.database, "other", Role.OBSERVER, Part.RU)
    with pytest.raises(Refused, match="bound to account aigul already"), world.database.writing(KEEPER) as change:
        identities.bind(change, "other", world.provider.issuer, "s-1")
    for issuer, subject in (("", "x"), ("x", ""), ("x", "a\nb"), ("x", "a" * 256)):
        with pytest.raises(Refused, match="lines of 1 to 255"), world.database.writing(KEEPER) as change:
            identities.bind(change, "other", issuer, subject)


def test_the_file_of_a_provider_is_read_or_refused_in_a_line(tmp_path):
    path = tmp_path / "provider.toml"
    right = f'issuer = "https://id.example/realm"\nclient_id = "{CLIENT}"\nclient_secret = "x"\ntitle = "Ministry"\n'
    path.write_text(right)
    path.chmod(0o600)
    assert read_provider(path) == Provider("https://id.example/realm", CLIENT, "x", "Ministry")
    for text, key in (
        ('client_id = "x"', "issuer"), ('issuer = "http://id.example"\nclient_id = "x"', "issuer"), ("x", ""),
        ('issuer = "https://id.example"', "client_id"), (right + "more = 1", "more"),
        (right.replace('"Ministry"', "1"), "title"),
        (right.replace("Ministry", "a\\nb"), "title"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises((BadValue, UnreadableFile)) as told:
            read_provider(path)
        assert key in str(told.value) and "\n" not in str(told.value)
    path.write_text(right)
    path.chmod(0o644)
    with pytest.raises(BadValue, match="mode 644"):
        read_provider(path)
    with pytest.raises(UnreadableFile):
        read_provider(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("url", "guarded"),
    [
        ("https://a.example", True), ("https://a.example:8443/x", True), ("http://127.0.0.1:80", True), ("http://[::1]", True),
        ("http://a.example", False), ("file:///x", False), ("https://", False), ("https://u@a.example", False),
        ("https://a.example?x", False), ("https://a.example:x", False), ("http://127.0.0.1.a.example", False), ("", False),
    ],
)  # fmt: skip
def test_what_goes_through_the_net_is_encrypted(url, guarded):
    assert is_guarded(url) is guarded


def test_a_provider_needs_accounts_and_an_origin(database):
    own, pem = Provider("https://id.example", CLIENT), Listening("127.0.0.1", 8000, behind_proxy=True)
    with pytest.raises(BadValue, match="no account"):
        settled(database, Listening("127.0.0.1", 8000, provider=own), 1)
    account(database, "aigul", Role.MEMBER, Part.KZ)
    with pytest.raises(BadValue, match="no origin"):
        settled(database, pem._replace(provider=own), 1)
    for strange in (
        "record.example",
        "http://record.example",
        "https://record.example/x",
        "https://a:x",
        "ftp://a",
        "https://a@b",
    ):
        with pytest.raises(BadValue, match="--origin"):
            settled(database, pem._replace(origin=strange), 1)
    found = settled(database, pem._replace(origin="https://Record.example:443/", provider=own), 1)
    assert (found.origin, found.provider) == ("https://record.example", own)
    # Asked for by its own name and by the proxy's for this machine, and by no other.
    assert found.hosts == ("record.example", "127.0.0.1", "localhost", "[::1]")
    visitor = browser(database, settings=found)
    assert visitor.get("/sign-in", headers={"host": "Record.example"}).status_code == 200
    assert visitor.get("/sign-in", headers={"host": "elsewhere.example"}).status_code == 421


def test_a_keeper_binds_lists_and_unbinds_at_the_command_line(tmp_path, monkeypatch):
    call = calling(tmp_path, monkeypatch)
    call("record", "init", who="keeper")
    call("account", "add", "aigul", "--to", "member:KZ", who="keeper", input=PASSWORD)
    bound = ("account", "bind", "aigul", "--issuer", "https://id.example", "--subject", "s-1")
    assert "a member does not keep" in call(*bound, status=1)
    made = call(*bound, who="keeper")
    assert [one["id"] for one in call("account", "keys", "aigul")] == [made["id"]]
    assert made["id"][:12] in call("account", "unbind", "aigul", "zz", who="keeper", status=2)
    assert call("account", "unbind", "aigul", made["id"][:6], "--reason", "left", who="keeper")["removed_at"]
    assert call("account", "keys", "aigul") == []
