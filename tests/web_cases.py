"""What the tests of the pages share: a browser without a window, forms with their token, everything that a page refers to."""

import re
import socket
import threading
from contextlib import contextmanager
from html.parser import HTMLParser

import httpx
import uvicorn
from starlette.testclient import TestClient

from baiterek.campaign.commission import accounts
from baiterek.campaign.commission.records import Account
from baiterek.web import Settings, application
from record_cases import KEEPER

BASE = "http://localhost"
TOKEN = re.compile(r'name="visit" value="(\w+)"')
LOADING = {"src", "srcset", "action", "formaction", "data", "poster", "hx-get", "hx-post", "background"}
LOCKED = Settings(accounts=True)
PASSWORD = "correct horse battery"


def account(database, name, role, part, membership=None, password=PASSWORD):
    """An account that a keeper has made."""
    with database.writing(KEEPER) as change:
        return accounts.add(change, Account(name, role, part, membership), password)


def sign_in(client, name, password=PASSWORD, after="/"):
    """As the page has it."""
    return send(client, "/sign-in", {"name": name, "password": password, "after": after}, page="/sign-in")


def browser(database, office="", settings=None):
    """Somebody in front of the pages, alone on this machine in an office such as member:KZ."""
    client = TestClient(application(database, settings or Settings()), base_url=BASE, follow_redirects=False)
    if office:
        client.cookies.set("acting", office)
    return client


@contextmanager
def serving(database, settings=LOCKED):
    """The pages, for accounts unless it is said otherwise, on a free port of this machine, which is their origin."""
    ear = socket.create_server(("127.0.0.1", 0))
    origin = f"http://localhost:{ear.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(application(database, settings._replace(origin=origin)), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]}, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        assert thread.is_alive()
    try:
        yield origin
    finally:
        server.should_exit = True
        thread.join()


def send(client, path, data=None, page="/role", **more) -> httpx.Response:
    """A form as a page of this visit has it."""
    token = TOKEN.search(client.get(page).text).group(1)
    return client.post(path, data={"visit": token, **(data or {})}, **more)


class References(HTMLParser):
    """What a page has a browser ask for, and where its links lead."""

    def __init__(self, html):
        super().__init__()
        self.loaded, self.links = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in LOADING or (name == "href" and tag in ("link", "use", "image", "base")):
                self.loaded.append(value)
            elif name == "href":
                self.links.append(value)
