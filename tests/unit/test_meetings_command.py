"""Meetings from the command line: held by both parts, issued, signed inside and outside, verified, refused in one line."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from baiterek.cli import app
from record_cases import calling

WHY = ("--reason", "shown in person")


@pytest.fixture()
def run(tmp_path, monkeypatch):
    call = calling(tmp_path, monkeypatch)
    call("record", "init", who="keeper")
    return lambda *words, **more: call("record", *words, **more)


def test_an_example_is_held_by_both_parts_signed_and_verified(run, tmp_path):
    assert run("meeting", "example", who="member:RU")["state"] == "convened"
    assert run("meeting", "example", who="member:KZ")["state"] == "held"
    issued = run("meeting", "issue", "EX-K-1", who="member:RU")
    assert issued["number"] == 1 and issued["sha256"] == issued["signed_sha256"]
    run("certificate", "authority", "ca.pem", *WHY, who="keeper")
    assert (tmp_path / "ca.pem").stat().st_mode & 0o777 == 0o600
    for part in ("ru", "kz"):
        seat = f"{part}-co-chair"
        run("certificate", "issue", f"{part}.pem", "--seat", seat, "--authority", "ca.pem", *WHY, who="keeper")
        made = run("meeting", "sign", "EX-K-1", "--seat", seat, "--signing-key", f"{part}.pem", who=f"co-chair:{part.upper()}")
        assert made["form"] == "pdf"
    text = run("meeting", "show", "EX-K-1", plain=True)
    assert "EXAMPLE" in text and text.count("internal signature, not a qualified one: good") == 2
    shown = run("meeting", "show", "EX-K-1")
    assert shown["protocol"]["whole"] and not any(one["person"] for one in shown["contents"]["attendance"])
    assert run("meeting", "take", "EX-K-1", "protocol.pdf")["sha256"] != issued["sha256"]
    assert "a new file" in run("meeting", "take", "EX-K-1", "protocol.pdf", status=2)
    assert [one["internal"] for one in run("certificate", "list")] == [True] * 3
    top = next(one for one in run("certificate", "list") if one["use"] == "authority")
    taken = run("certificate", "take", top["id"][:16], "authority.crt")
    assert taken["certificate"] == top["id"] and (tmp_path / "authority.crt").read_text() == top["pem"]
    assert "a new file" in run("certificate", "take", top["id"], "authority.crt", status=2)
    assert "of one certificate" in run("certificate", "take", "none", "other.crt", status=2)
    check = [sys.executable, "-m", "pyhanko", "sign", "validate", "--pretty-print", "--no-revocation-check", "--trust"]
    told = subprocess.run([*check, "authority.crt", "protocol.pdf"], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0 and told.stdout.count("The signature is judged VALID.") == 2
    assert "11:00:00 Baikonur" in run("meeting", "list", "--clock", "baikonur", plain=True)

    (stored,) = [p for p in (tmp_path / "record.sqlite.evidence").rglob("*") if p.is_file() and p.name in issued["sha256"]]
    stored.chmod(0o644)
    stored.write_bytes(stored.read_bytes()[:-1])
    answer = CliRunner().invoke(app, ["record", "meeting", "show", "EX-K-1", "--language", "kk", "--json"])
    assert answer.exit_code == 1 and "өзгертілген" in str(json.loads(answer.stdout)["signatures"])


def test_what_cannot_be_is_refused_in_one_line(run, tmp_path):
    place = ("--place-ru", "Байконур", "--place-kk", "Байқоңыр")
    said = ("--ru", "О вывозе", "--kk", "Шығару туралы", *place)
    assert "offset" in run("meeting", "draft", "K-1", *said, "--at", "2026-03-02T11:00", who="secretary:RU", status=2)
    made = run("meeting", "draft", "K-1", *said, "--at", "2026-03-02T11:00+05:00", who="secretary:RU")
    assert made["begins_at"] == "2026-03-02T06:00:00.000000Z"
    assert "no agenda" in run("meeting", "step", "K-1", "convened", who="member:RU", status=1)
    texts = ("--ru", "Вопрос", "--kk", "Мәселе")
    assert "1 to 99" in run("meeting", "agenda", "K-1", "--number", "x", *texts, who="secretary:RU", status=2)
    run("meeting", "agenda", "K-1", "--number", "1", *texts, who="secretary:RU")
    run("meeting", "step", "K-1", "convened", who="member:RU")
    assert "is not issued" in run("meeting", "take", "K-1", "p.pdf", status=1)
    resolved = ("meeting", "resolve", "K-1", "--item", "1", "--basis", "vote", *texts)
    assert run(*resolved, "--part", "KZ", "--due", "2026-04-01", who="secretary:RU")["number"] == 1
    for seat in ("ru-co-chair", "ru-member-01"):
        run("meeting", "attend", "K-1", "remote", "--seat", seat, who="secretary:RU")
    voted = ("meeting", "vote", "K-1:1.1", "against", "--seat", "ru-member-01", "--dissent", "Рано.")
    assert run(*voted, who="secretary:RU")["dissent"] == "Рано."
    assert "the KZ part was there" in run("meeting", "step", "K-1", "held", who="member:KZ", status=1)
    assert "a signed PDF, or a signature" in run("meeting", "bring", "K-1", "absent.p7s", who="member:KZ", status=2)
    (tmp_path / "none.pem").write_text("nothing")
    assert "no certificate that can be read" in run(
        "certificate", "trust", "none.pem", "--part", "KZ", *WHY, who="keeper", status=2
    )


@pytest.mark.openssl
def test_a_certificate_from_outside_is_trusted_admitted_and_revoked(run, tmp_path):
    words = "openssl req -x509 -newkey ed25519 -keyout k.pem -out c.pem -nodes -subj /CN=outside -days 30"
    subprocess.run(words.split(), cwd=tmp_path, capture_output=True, check=True)
    assert run("certificate", "trust", "c.pem", "--part", "KZ", *WHY, who="keeper")["part"] == "KZ"
    assert "of that name already" in run("certificate", "admit", "c.pem", "--seat", "kz-co-chair", *WHY, who="keeper", status=1)
    assert "does not keep" in run("certificate", "trust", "c.pem", "--part", "KZ", *WHY, who="member:KZ", status=1)
    (there,) = run("certificate", "list")
    assert run("certificate", "revoke", there["id"], "--reason", "lost", who="keeper")["revoked_at"]
