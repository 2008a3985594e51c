"""The server as a process: killed amid a thousand writes over HTTP, and sent more than it takes.

The kill is SIGKILL, on both databases, while four writers wait for their answers. Each knows what was acknowledged: a redirect
came back. A gibibyte is sent from a socket; what the server's memory grows by is what the kernel says (VmHWM).
"""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from baiterek.campaign.complex.records import GroundObject
from baiterek.campaign.log.audit import verify
from baiterek.campaign.log.database import open_database
from baiterek.campaign.log.signing import read_public_key
from baiterek.campaign.rows import reading
from record_cases import MEMBER, ground_object
from web_cases import TOKEN

WRITERS, EACH = 4, 250
ACT = {"acting": "member:KZ"}
MEBIBYTE = 2**20


def where_is(database):
    where = database.engine.url.render_as_string(hide_password=False)
    return database.name if where.startswith("sqlite") else where.replace("postgresql+psycopg", "postgresql")


def start(database, *more):
    """`baiterek serve` as a process of its own, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [
        "--database",
        where_is(database),
        "--evidence",
        database.evidence,
        "--key",
        database.key,
        "--port",
        port,
        *more,
    ]
    command = [sys.executable, "-m", "baiterek.cli", "serve", *map(str, arguments)]
    server, address = subprocess.Popen(command, stderr=subprocess.DEVNULL), f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            httpx.get(address, timeout=30)
            return server, address
        except httpx.TransportError:
            assert server.poll() is None
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def write(address, writer, acknowledged, first):
    """Enter objects one by one; what a redirect answers is acknowledged."""
    with httpx.Client(base_url=address, cookies=ACT, timeout=60) as client:
        token = TOKEN.search(client.get("/role").text).group(1)
        for k in range(first, EACH):
            form = {"visit": token, "id": f"{writer}-{k:03}", "site": "42", "kind": "unit", "name": "valve", "part": "KZ"}
            try:
                answer = client.post("/objects/new", data=form)
            except httpx.TransportError:
                return
            assert answer.status_code == 303, answer.text
            acknowledged.append(form["id"])


@pytest.mark.parametrize("after", [5, 100])
def test_a_killed_server_keeps_what_it_acknowledged_and_nothing_half(database, after):
    acknowledged = [[] for _ in range(WRITERS)]
    for round_ in range(2):
        server, address = start(database)
        first = [len(done) if round_ == 0 else EACH - 20 for done in acknowledged]
        threads = [threading.Thread(target=write, args=(address, k, acknowledged[k], first[k])) for k in range(WRITERS)]
        for thread in threads:
            thread.start()
        if round_ == 0:
            while sum(map(len, acknowledged)) < after and any(thread.is_alive() for thread in threads):
                time.sleep(0.002)
            server.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
        server.kill()
        server.wait()
        check(database, [id for done in acknowledged for id in done])
    assert all(done[-1].endswith(f"{EACH - 1:03}") for done in acknowledged)


def check(database, acknowledged):
    """Every acknowledged object with its event; at most one more of each writer, whose answer did not come back; all whole."""
    again = open_database(where_is(database), database.evidence, database.key)
    with again.reading() as look:
        found = {record.id for record in reading.every(look, GroundObject)}
        logged = [event.entity_id for event in reading.events(look)]
        verdict = verify(look, read_public_key(again.key))
    again.engine.dispose()
    assert verdict.whole, verdict.faults
    assert set(acknowledged) <= found and len(found) <= len(acknowledged) + WRITERS
    assert sorted(logged) == sorted(found)  # none lost, none doubled


def high_water_bytes(pid):
    """The most memory that a process ever had."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()).group(1)) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux how much memory a process has")
def test_a_gibibyte_is_refused_and_much_is_taken_in_little_memory(database):
    if database.engine.dialect.name != "sqlite":
        return  # contents are files: which database cites them changes nothing
    with database.writing(MEMBER) as change:
        change.create(ground_object())
    server, address = start(database, "--largest-upload", "300")
    try:
        before = high_water_bytes(server.pid)
        with httpx.Client(base_url=address, cookies=ACT, timeout=300) as client:
            token = TOKEN.search(client.get("/role").text).group(1)
            assert send(client, token, 1024, declared=True) in (413, None)
            assert send(client, token, 1024, declared=False) in (413, None)
            assert not list(database.evidence.rglob("*"))
            assert send(client, token, 200, declared=True) == 303
            kept = [path for path in database.evidence.rglob("*") if path.is_file()]
            assert [path.stat().st_size for path in kept] == [200 * MEBIBYTE]
        assert high_water_bytes(server.pid) - before < 48 * MEBIBYTE
    finally:
        server.kill()
        server.wait()


def send(client, token, mebibytes, declared):
    """A file of zeros of that size; None where the server closed before all was sent, as it may after its refusal."""
    fields = {"visit": token, "id": "42-01", "stage": "", "note": ""}
    text = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    text += '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    head, tail, block = text.encode(), b"\r\n--b--\r\n", bytes(MEBIBYTE)

    def content():
        yield head
        for _ in range(mebibytes):
            yield block
        yield tail

    headers = {"content-type": "multipart/form-data; boundary=b"}
    if declared:
        headers["content-length"] = str(len(head) + mebibytes * MEBIBYTE + len(tail))
    try:
        return client.post("/object/attach", content=content(), headers=headers).status_code
    except httpx.TransportError:
        return None
