"""A passkey in a real browser, with an authenticator that Chromium has in software (CDP, domain WebAuthn)."""

import pytest

from baiterek.campaign.commission import passkeys
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.log.database import create
from web_cases import PASSWORD, account, serving

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cheap_hashes")]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture()
def database(tmp_path):
    made = create(str(tmp_path / "record.sqlite"))
    account(made, "aigul", Role.MEMBER, Part.KZ)
    yield made
    made.engine.dispose()


@pytest.fixture()
def served(database):
    with serving(database) as origin:
        yield origin


@pytest.fixture()
def key(page, served):
    """The browser's key, as commands to it; any host but ours stays unanswered."""
    page.route(f"{served}/**", lambda route: route.continue_())
    commands = page.context.new_cdp_session(page)
    commands.send("WebAuthn.enable")
    id = commands.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def told(what, **values):
        return commands.send(f"WebAuthn.{what}", {"authenticatorId": id, **values})

    return told


def sign_in(page, served):
    page.goto(f"{served}/sign-in")
    page.fill("[name=name]", "aigul")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/sign-in'] button")
    page.wait_for_url(f"{served}/")


def add_key(page, served, password=PASSWORD):
    page.goto(f"{served}/account")
    form = page.locator("[data-passkey=create]")
    form.locator("[name=label]").fill("ноутбук")
    form.locator("[name=password]").fill(password)
    form.locator("button").click()


def test_a_key_of_the_browser_is_added_signs_in_and_is_removed(page, served, key, database):
    sign_in(page, served)
    add_key(page, served)
    page.wait_for_selector("#passkeys summary:has-text('ноутбук')")
    (kept,) = key("getCredentials")["credentials"]
    assert kept["isResidentCredential"] and kept["rpId"] == "localhost"
    page.click(".who button")
    page.wait_for_url(f"{served}/sign-in")
    page.goto(f"{served}/objects")
    page.click("[data-passkey=get] button")
    page.wait_for_url(f"{served}/objects")
    assert "aigul" in page.inner_text(".who")
    with database.reading() as look:
        (found,) = passkeys.of(look, "aigul")
        assert passkeys.last_used(look, "aigul")[found.id]
    page.goto(f"{served}/account")
    page.click("#passkeys summary")
    page.fill("#passkeys details [name=password]", PASSWORD)
    page.click("#passkeys details button")
    page.wait_for_url(f"{served}/sign-in")
    page.click("[data-passkey=get] button")
    page.wait_for_selector("main > .advice")
    assert "opens no account" in page.inner_text("main") and page.asked == []


def test_a_key_that_does_not_know_its_owner_or_a_wrong_password_adds_nothing(page, served, key, database):
    sign_in(page, served)
    add_key(page, served, "wrong")
    page.wait_for_selector("[data-failed]:visible")
    assert "password is wrong" in page.inner_text("[data-failed]")
    key("setUserVerified", isUserVerified=False)
    add_key(page, served)
    page.wait_for_selector("[data-failed]:visible")
    assert "No key has answered" in page.inner_text("[data-failed]")
    with database.reading() as look:
        assert passkeys.of(look, "aigul") == []


def test_a_copied_key_is_found_by_its_count(page, served, key):
    sign_in(page, served)
    add_key(page, served)
    page.wait_for_selector("#passkeys summary")
    (kept,) = key("getCredentials")["credentials"]

    def use():
        page.context.clear_cookies()
        page.goto(f"{served}/sign-in?after=/objects")
        page.click("[data-passkey=get] button")

    use()
    page.wait_for_url(f"{served}/objects")
    # What a thief has, who had copied the key before it was used: the same key at the count of then.
    key("clearCredentials")
    key("addCredential", credential=kept)
    use()
    page.wait_for_selector("main > .advice")
    assert page.url == f"{served}/sign-in/passkey"
