"""The address of the calendar: its secret alone opens it, it opens nothing else, and it ends."""

import html
import re

import pytest
from icalendar import Calendar
from sqlalchemy import select

from baiterek.campaign.commission import accounts
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.log.tables import EVENT
from baiterek.campaign.notices import feeds
from baiterek.campaign.notices.tables import FEED
from baiterek.campaign.schedule import milestones
from record_cases import KEEPER
from web_cases import LOCKED, account, browser, send, sign_in

pytestmark = pytest.mark.usefixtures("cheap_hashes")
ADDRESS = re.compile(r'class="address" value="([^"]+)"')


def opened(client, language="kk"):
    """The path of a new address, as the page of the account shows it this once."""
    answer = send(client, "/account/calendar", {"language": language}, page="/account")
    assert answer.status_code == 200, answer.text
    where = html.unescape(ADDRESS.search(answer.text).group(1))
    assert where.startswith("http://localhost/calendar.ics?key=") and not ADDRESS.search(client.get("/account").text)
    return where.removeprefix("http://localhost")


@pytest.fixture()
def client(database):
    with database.writing(KEEPER) as change:
        milestones.seed(change)
    for name, role in (("pad", Role.OBSERVER), ("other", Role.MEMBER)):
        account(database, name, role, Part.KZ)
    visitor = browser(database, settings=LOCKED)
    assert sign_in(visitor, "pad").status_code == 303
    return visitor


def test_the_secret_alone_opens_the_calendar_and_nothing_else(database, client):
    path, program = opened(client), browser(database, settings=LOCKED)
    answer = program.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    titles = [str(one["SUMMARY"]) for one in Calendar.from_ical(answer.text).walk("VEVENT")]
    assert "Алғашқы ұшыру: ұшу сынақтарының басталуы (2026-Q1)" in titles
    key = path.partition("?")[2]
    for strange in ("/calendar.ics", "/calendar.ics?key=", f"/calendar.ics?{key[:-1]}", "/calendar.ics?key=pad"):
        assert program.get(strange).status_code == 403, strange
    assert program.get(f"/schedule?{key}").status_code == 303 and program.post(path).status_code == 405
    assert browser(database).get("/calendar.ics").status_code == 403  # nor where one works alone
    secret = key.removeprefix("key=")
    with database.reading() as look:  # the record has its hash alone
        stored = [*look.execute(select(FEED)), *look.execute(select(EVENT.c.before, EVENT.c.after, EVENT.c.reason))]
    assert stored and secret not in str(stored)


def test_an_address_ends_by_another_by_its_owner_by_a_keeper_and_with_its_account(database, client):
    first, program = opened(client), browser(database, settings=LOCKED)
    path = opened(client, "ru")
    assert (program.get(first).status_code, program.get(path).status_code) == (403, 200)
    with database.reading() as look:
        feed = feeds.of(look, "pad")
    other = browser(database, settings=LOCKED)
    sign_in(other, "other")
    assert send(other, "/account/calendar/end", {"id": feed.id}, page="/account").status_code == 403
    for active, status in ((False, 403), (True, 200)):
        with database.writing(KEEPER) as change:
            accounts.activate(change, "pad", active, "leave")
        assert program.get(path).status_code == status
    sign_in(client, "pad")  # closing an account has signed it out
    assert send(client, "/account/calendar/end", {"id": feed.id}, page="/account").status_code == 303
    assert program.get(path).status_code == 403
    path = opened(client)
    with database.writing(KEEPER) as change:
        feeds.end(change, feeds.of(change.connection, "pad").id, "lost")
    assert program.get(path).status_code == 403
    assert send(client, "/account/calendar", {"language": "de"}, page="/account").status_code == 409
