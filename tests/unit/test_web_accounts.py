"""Signing in: who gets in where, what a secret of the browser is good for, and when no longer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from baiterek.campaign.commission import accounts, sessions
from baiterek.campaign.commission.members import SEEDER, seed
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import Account
from baiterek.campaign.commission.tables import SIGN_IN_TRY
from baiterek.campaign.commission.tries import FROM_AN_ADDRESS, OF_A_NAME, WITHIN_s, forget, network, wait_s
from baiterek.errors import BadValue, Denied, Refused
from baiterek.web import Settings
from baiterek.web.pages import sign_in as sign_in_page
from baiterek.web.serve import Listening, settled
from record_cases import KEEPER, MEMBER, ground_object
from web_cases import LOCKED, PASSWORD, TOKEN, account, browser, send, sign_in

pytestmark = pytest.mark.usefixtures("cheap_hashes")


def test_a_hash_costs_what_rfc_9106_recommends():
    # Section 4, second recommended option: Argon2id, 3 passes, 4 lanes, 64 MiB, salt of 128 bits, tag of 256 bits.
    hasher = accounts._hasher()
    assert (hasher.type.name, hasher.time_cost, hasher.parallelism, hasher.memory_cost) == ("ID", 3, 4, 65536)
    assert (hasher.salt_len, hasher.hash_len) == (16, 32)


def test_a_name_and_its_password_sign_in(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    assert visitor.get("/objects").headers["location"] == "/sign-in?after=%2Fobjects"
    answer = sign_in(visitor, "aigul", after="/objects?site=42")
    assert answer.status_code == 303 and answer.headers["location"] == "/objects?site=42"
    assert "aigul" in visitor.get("/objects").text


@pytest.mark.parametrize(("name", "password"), [("aigul", PASSWORD + "x"), ("nobody", PASSWORD), ("aigul", "")])
def test_anything_else_does_not_and_says_no_more(database, name, password):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    answer = sign_in(visitor, name, password)
    assert answer.status_code in (401, 422) and "aigul" not in answer.text.replace(f'value="{name}"', "")
    assert visitor.get("/objects").status_code == 303


def test_where_a_sign_in_leads_is_here(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    for after in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        assert sign_in(browser(database, settings=LOCKED), "aigul", after=after).headers["location"] == "/"


def test_a_long_address_is_waited_for_too(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    asked = browser(database, settings=LOCKED).get("/audit?find=" + "x" * 190 + "&site=42").headers["location"]
    after = "/audit?find=" + "x" * 190 + "&site=42"
    assert len(asked) > 200 and sign_in(browser(database, settings=LOCKED), "aigul", after=after).headers["location"] == after


def test_a_cookie_that_is_not_ours_changes_nothing(database):
    # Cookies of other programs on this machine come too, whatever they are called: a port is no border for them.
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    secret = sign_in(visitor, "aigul").cookies["baiterek"]
    for foreign in ("a@b=1", "{x}=1", "expires=1", "=", "x", '"', "a/b"):
        stranger = browser(database, settings=LOCKED)
        assert stranger.get("/objects", headers={"cookie": f"{foreign}; baiterek={secret}"}).status_code == 200, foreign
        assert stranger.get("/sign-in", headers={"cookie": foreign}).status_code == 200, foreign


def test_a_sign_in_is_under_a_new_secret(database):
    # Session fixation: whoever planted the secret, or saw it before, is not signed in with it.
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor, planted = browser(database, settings=LOCKED), "planted-by-somebody-else"
    visitor.cookies.set("baiterek", planted)
    sign_in(visitor, "aigul")
    assert visitor.cookies.get("baiterek", domain="localhost.local", default=None) != planted
    thief = browser(database, settings=LOCKED)
    thief.cookies.set("baiterek", planted)
    assert thief.get("/objects").status_code == 303


def test_a_secret_that_was_signed_out_opens_nothing(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    secret = sign_in(visitor, "aigul").cookies["baiterek"]
    replay = browser(database, settings=LOCKED)
    replay.cookies.set("baiterek", secret)
    assert replay.get("/objects").status_code == 200
    assert send(visitor, "/sign-out", page="/objects").status_code == 303
    assert replay.get("/objects").status_code == 303 and visitor.get("/objects").status_code == 303


def test_a_session_ends_when_idle_and_at_the_end_of_the_day(database):
    made = account(database, "aigul", Role.MEMBER, Part.KZ)
    secret = sessions.open_session(database, made, at=0.0 + 1_000_000)
    start = 1_000_000
    assert sessions.account_of(database, secret, start + sessions.IDLE_s - 1) == made
    assert sessions.account_of(database, secret, start + 2 * sessions.IDLE_s) is None
    last = start
    while last < start + sessions.LONGEST_s - sessions.IDLE_s:
        last += sessions.IDLE_s - 60
        found = sessions.account_of(database, secret, last)
    assert found == made
    assert sessions.account_of(database, secret, start + sessions.LONGEST_s + 1) is None


def test_a_database_that_is_read_signs_in_nobody(database):
    made = account(database, "aigul", Role.MEMBER, Part.KZ)
    secret = sessions.open_session(database, made)
    with database.reading() as look:
        stored = [str(row) for table in ("session", "credential") for row in look.exec_driver_sql(f"SELECT * FROM {table}")]
    assert len(stored) == 2 and not any(secret in row or PASSWORD in row for row in stored)
    assert "$argon2id$" in stored[1]
    visitor = browser(database, settings=LOCKED)
    log = browser(database).get("/audit?form=csv").text
    assert "argon2" not in log and PASSWORD not in log and visitor.get("/audit").status_code == 303


def test_a_closed_account_and_a_changed_password_end_every_session(database):
    made = account(database, "aigul", Role.MEMBER, Part.KZ)
    for end in (
        lambda change: accounts.set_password(change, "aigul", PASSWORD + PASSWORD, "lost"),
        lambda change: accounts.activate(change, "aigul", False, "left"),
    ):
        secret = sessions.open_session(database, made)
        with database.writing(KEEPER) as change:
            end(change)
        assert sessions.account_of(database, secret) is None
    with database.reading() as look:
        assert accounts.verified(look, "aigul", PASSWORD + PASSWORD) is None and not accounts.any_serving(look)


def test_an_account_serves_while_its_membership_is_in_force(database):
    with database.writing(SEEDER) as change:
        seed(change)
    made = account(database, "co-chair", Role.CO_CHAIR, Part.RU, "ru-co-chair")
    secret = sessions.open_session(database, made)
    assert sessions.account_of(database, secret) == made and accounts.actor_of(made).membership == "ru-co-chair"
    with database.writing(KEEPER) as change:
        from baiterek.campaign.commission.members import relieve

        relieve(change, "ru-co-chair", "2026-01-01", "new order")
    assert sessions.account_of(database, secret) is None
    with pytest.raises(Refused, match="is co_chair:RU"):
        account(database, "other", Role.MEMBER, Part.RU, "ru-co-chair")


def test_only_a_keeper_makes_accounts(database):
    with pytest.raises(Denied), database.writing(MEMBER) as change:
        accounts.add(change, Account("x", Role.MEMBER, Part.KZ), PASSWORD)


@pytest.mark.parametrize("name", ["login:root", "two words", "", "a" * 65, "a\u202eb", "-a"])
def test_an_account_is_one_word_and_never_the_user_of_the_machine(database, name):
    with pytest.raises(Refused, match="one word"):
        account(database, name, Role.MEMBER, Part.KZ)


@pytest.mark.parametrize("password", ["", "short", "a" * 1001, "Aigul-Of-The-KZ-Part"])
def test_a_weak_password_is_refused_and_not_told(database, password):
    with pytest.raises(BadValue) as told:
        account(database, "aigul-of-the-kz-part", Role.MEMBER, Part.KZ, password=password)
    assert not password or password not in str(told.value)
    with database.reading() as look:
        assert not accounts.any_serving(look)


def test_one_changes_ones_own_password(database):
    account(database, "aigul", Role.OBSERVER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    sign_in(visitor, "aigul")
    wrong = send(visitor, "/password", {"old": "x" * 12, "new": PASSWORD + "2"}, page="/password")
    assert wrong.status_code == 403
    assert send(visitor, "/password", {"old": PASSWORD, "new": PASSWORD + "2"}, page="/password").status_code == 303
    assert sign_in(visitor, "aigul").status_code == 401 and sign_in(visitor, "aigul", PASSWORD + "2").status_code == 303


def test_after_failures_everybody_waits(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    token = TOKEN.search(visitor.get("/sign-in").text).group(1)

    def tried(name, password):
        return visitor.post("/sign-in", data={"visit": token, "name": name, "password": password})

    assert [tried("aigul", "wrong wrong wrong").status_code for _ in range(8)] == [401] * 8
    answer = tried("AIGUL", PASSWORD)
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 901
    assert tried("another", "wrong wrong wrong").status_code == 401


def test_of_many_tries_at_once_no_more_are_looked_at_than_of_as_many_in_a_row(database, monkeypatch):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    visitor, looked = browser(database, settings=LOCKED), []
    token, together = TOKEN.search(visitor.get("/sign-in").text).group(1), Barrier(OF_A_NAME, timeout=60)

    def slow(look, name, password):
        looked.append(password)
        together.wait()  # nobody is told before as many as may are in
        return None

    monkeypatch.setattr(sign_in_page, "verified", slow)
    with ThreadPoolExecutor(24) as crowd:
        form = {"visit": token, "name": "aigul"}
        answers = list(crowd.map(lambda n: visitor.post("/sign-in", data={**form, "password": str(n)}).status_code, range(24)))
    assert len(looked) == OF_A_NAME and sorted(answers) == [401] * OF_A_NAME + [429] * (24 - OF_A_NAME)


def test_whoever_has_a_network_of_addresses_has_one(database):
    assert network("2001:db8:1:2:3::4") == network("2001:db8:1:2:ffff::1%eth0") != network("2001:db8:1:3::1")
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") != network("192.0.2.2")
    tried = [wait_s(database, f"2001:db8::{n:x}", f"name {n}") for n in range(FROM_AN_ADDRESS + 1)]
    assert tried[:-1] == [0] * FROM_AN_ADDRESS and tried[-1] > 0
    assert wait_s(database, "2001:db8:0:1::1", "name") == 0


def test_who_was_right_is_not_counted_and_a_wrong_name_not_forgotten(database):
    for n in range(OF_A_NAME + 1):
        assert wait_s(database, "192.0.2.1", "aigul") == 0, n
        forget(database, "192.0.2.1", "aigul")
    for _ in range(OF_A_NAME):
        assert wait_s(database, "192.0.2.1", "aigul") == 0
    assert wait_s(database, "192.0.2.2", "AIGUL") > 0 and wait_s(database, "192.0.2.1") == 0


def test_failures_end_after_a_while_and_leave_nothing(database):
    for n in range(OF_A_NAME):
        assert wait_s(database, "192.0.2.1", "aigul", at=1000 + n) == 0
    assert wait_s(database, "192.0.2.1", "aigul", at=1100) == WITHIN_s - 100
    assert wait_s(database, "192.0.2.1", "aigul", at=1000 + WITHIN_s - 1) == 1
    # The oldest has ended, and one more is taken; a day later none of them stands anywhere.
    assert [wait_s(database, "192.0.2.1", "aigul", at=1000 + WITHIN_s) for _ in range(2)] == [0, 1]
    assert wait_s(database, "192.0.2.9", at=100_000) == 0
    with database.reading() as look:
        assert [row.at for row in look.execute(select(SIGN_IN_TRY))] == [100_000]


def test_servers_of_one_record_count_failures_together(database):
    # And one that was started again counts on: two applications know nothing of each other but the database.
    account(database, "aigul", Role.MEMBER, Part.KZ)
    servers = [browser(database, settings=LOCKED) for _ in range(2)]
    assert [sign_in(servers[n % 2], "aigul", "wrong wrong wrong").status_code for n in range(OF_A_NAME)] == [401] * OF_A_NAME
    assert [sign_in(server, "aigul").status_code for server in (*servers, browser(database, settings=LOCKED))] == [429] * 3


def test_wrong_old_passwords_count_too(database):
    account(database, "aigul", Role.OBSERVER, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    sign_in(visitor, "aigul")
    form = {"old": "x" * 12, "new": PASSWORD + "2"}
    assert [send(visitor, "/password", form, page="/password").status_code for _ in range(8)] == [403] * 8
    assert send(visitor, "/password", {**form, "old": PASSWORD}, page="/password").status_code == 429


def test_cookies_are_for_this_server_alone(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    plain = browser(database, settings=LOCKED).get("/sign-in").headers["set-cookie"]
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Path=/" in plain and "Secure" not in plain
    encrypted = browser(database, settings=LOCKED._replace(secure=True)).get("/sign-in").headers["set-cookie"]
    assert encrypted.startswith("__Host-baiterek=") and "Secure" in encrypted and "HttpOnly" in encrypted


def test_a_public_address_needs_accounts_and_encryption(database, tmp_path):
    public, pem = Listening("0.0.0.0", 8000), tmp_path / "a.pem"
    pem.touch()
    for at in (public, Listening("127.0.0.1", 8000, behind_proxy=True), Listening("192.0.2.1", 443, pem, pem)):
        with pytest.raises(BadValue, match="no account") as told:
            settled(database, at, 1)
        assert "\n" not in str(told.value)
    assert settled(database, Listening("::1", 8000), 1).accounts is False
    account(database, "aigul", Role.MEMBER, Part.KZ)
    with pytest.raises(BadValue, match="no encryption"):
        settled(database, public, 1)
    # The proxy is on this machine: what others reach directly would be in clear beside it.
    with pytest.raises(BadValue, match="no encryption"):
        settled(database, public._replace(behind_proxy=True), 1)
    assert settled(database, Listening("127.0.0.1", 8000, behind_proxy=True), 1) == Settings((), True, True, 2**20)
    assert settled(database, Listening("0.0.0.0", 443, pem, pem), 1) == Settings((), True, True, 2**20)
    # Where there are accounts, this machine asks for them too.
    assert settled(database, Listening("localhost", 8000), 1) == Settings(
        accounts=True, largest_upload_bytes=2**20, origin="http://localhost:8000"
    )


def test_a_log_without_accounts_is_whole_with_them(database):
    account(database, "aigul", Role.MEMBER, Part.KZ)
    with database.writing(MEMBER) as change:
        change.create(ground_object())
    visitor = browser(database, settings=LOCKED)
    sign_in(visitor, "aigul")
    assert ">whole<" in send(visitor, "/audit/verify", page="/audit/verify").text
