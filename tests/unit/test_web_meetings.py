"""Pages of meetings: one held by two people in their browsers, its protocol issued, signed, taken away, found changed."""

import io
import re

import pypdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from baiterek.campaign.evidence.store import place
from baiterek.campaign.meetings import seals
from baiterek.campaign.meetings.records import Meeting, Protocol
from baiterek.web.ahead import verify_ahead
from gate_cases import KEYS, PARTS
from meeting_cases import SEAT, bring, commission, get, held, sign, signed
from web_cases import browser, send

RU, KZ = PARTS
PLACES = {"place_ru": "Байконур", "place_kk": "Байқоңыр", "begins": "2026-03-02T11:00", "clock": "baikonur"}
TEXTS = {"text_ru": "Готовность", "text_kk": "Дайындық"}


@pytest.fixture()
def made(database, tmp_path):
    return commission(database, tmp_path / "files")


def sent(visitor, path, form, **more):
    answer = send(visitor, path, form, **more)
    assert answer.status_code == 303, (path, answer.text)
    return answer


def key_of(part):
    return {"key": ("key.pem", KEYS[part].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))}


def test_a_meeting_of_two_parts_in_their_browsers(made):
    office = {
        part: {role: browser(made.database, f"{role}:{part}") for role in ("secretary", "member", "co_chair")} for part in PARTS
    }
    ru, kz = office[RU], office[KZ]
    about = {"id": "K-1", "revision": "0", "body": "commission", "title_ru": "О вывозе", "title_kk": "Шығару туралы", **PLACES}
    sent(ru["secretary"], "/meetings/draft", about)
    for number, part in enumerate(PARTS, 1):
        sent(office[part]["secretary"], "/meeting/agenda", {"id": "K-1", "number": str(number), **TEXTS})
    form = {"entity": "agenda_item", "id": "K-1:2", "note": "report"}
    answer = sent(kz["secretary"], "/evidence/attach", form, files={"files": ("report.txt", b"report")})
    assert kz["member"].get(answer.headers["location"]).status_code == 200  # of the item: the page of its meeting
    sent(ru["member"], "/meeting/step", {"id": "K-1", "revision": "1", "to": "convened"})
    for part in PARTS:
        seats = [f"{part.lower()}-chair", f"{part.lower()}-member"]
        sent(office[part]["secretary"], "/meeting/attend", {"id": "K-1", "seat": seats, "presence": ["present", ""]})
    sent(kz["member"], "/meeting/step", {"id": "K-1", "revision": "2", "to": "held"})
    decided = {"id": "K-1", "item": "K-1:1", "number": "1", "basis": "vote", "part": "RU", "due": "2026-04-01", **TEXTS}
    sent(ru["secretary"], "/meeting/resolve", decided)
    sent(kz["secretary"], "/meeting/resolve", {"id": "K-1", "item": "K-1:2", "number": "1", "basis": "noted", **TEXTS})
    early = send(ru["member"], "/meeting/issue", {"id": "K-1", "revision": "3"})
    assert early.status_code == 409 and "not voted on to its end" in early.text
    for part, word in zip(PARTS, ("for", "against")):
        sent(
            office[part]["secretary"], "/meeting/vote",
            {"id": "K-1:1.1", "seat": SEAT[part], "word": word, "dissent": "Рано" if word == "against" else ""},
        )  # fmt: skip
    sent(ru["member"], "/meeting/issue", {"id": "K-1", "revision": "3"})
    for part in PARTS:
        sent(office[part]["co_chair"], "/meeting/sign", {"id": "K-1", "seat": SEAT[part]}, files=key_of(part))
    page = ru["member"].get("/meeting?id=K-1&language=ru").text
    assert "подписан обеими частями" in page and page.count("внутренняя подпись, не квалифицированная") == 2
    assert "Рано" in page and "11:00" in page and "отклонено" in page
    taken = kz["member"].get("/meeting/protocol?id=K-1")
    assert (
        taken.headers["content-disposition"].endswith("protocol-K-1-1.pdf")
        and "sandbox" in taken.headers["content-security-policy"]
    )
    fields = pypdf.PdfReader(io.BytesIO(taken.content)).trailer["/Root"]["/AcroForm"]["/Fields"]
    issued = kz["member"].get("/meeting/protocol?id=K-1&issued=true").content
    assert len(fields) == 2 and taken.content.startswith(issued) and get(made, Meeting, "K-1").state == "signed"


def test_the_page_says_what_is_wrong_in_the_reader_s_language(made):
    signed(made)
    path = place(made.store, get(made, Protocol, "K-1:1").signed_sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    visitor = browser(made.database, "member:KZ")
    for language, told in (("ru", "подписанный файл: изменено"), ("kk", "қол қойылған файл: өзгертілген")):
        page = visitor.get(f"/meeting?id=K-1&language={language}").text
        assert page.count(told) == 2 and 'class="answer bad"' in page
    assert visitor.get("/meeting/protocol?id=K-1").status_code == 409


def test_signatures_are_verified_ahead_of_the_first_reader_and_what_changes_afterwards_is_still_told(made):
    signed(made)
    seals.in_pdf.cache_clear()
    verify_ahead(made.database).join(60)
    known = seals.in_pdf.cache_info().misses
    visitor = browser(made.database, "member:KZ")
    assert known == 1 and 'class="answer bad"' not in visitor.get("/meeting?id=K-1").text
    assert seals.in_pdf.cache_info().misses == known
    path = place(made.store, get(made, Protocol, "K-1:1").signed_sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    assert 'class="answer bad"' in visitor.get("/meeting?id=K-1").text


def test_a_signature_from_outside_is_brought_in_or_refused_where_it_was_sent(made):
    held(made)
    member = browser(made.database, "member:RU")
    sent(member, "/meeting/issue", {"id": "K-1", "revision": "3"})
    answer = send(member, "/meeting/bring", {"id": "K-1"}, files={"file": ("a.p7s", b"none")})
    assert answer.status_code == 409 and "no signature that can be read" in answer.text
    wrong = send(browser(made.database, "co_chair:KZ"), "/meeting/sign", {"id": "K-1", "seat": SEAT[KZ]}, files=key_of(RU))
    assert wrong.status_code == 409 and "for that key" in wrong.text
    sign(made, RU)
    with pytest.raises(Exception, match="signed already"):
        bring(made, RU, b"%PDF")


def test_the_list_is_filtered_and_taken_away(made):
    held(made)
    visitor = browser(made.database, "member:KZ")
    assert "K-1" in visitor.get("/meetings?state=held&q=седани").text
    assert not re.search(r'id=K-1"', visitor.get("/meetings?state=signed").text)
    assert "Заседание" in visitor.get("/meetings?form=csv").text
    assert visitor.get("/meetings?form=xlsx").content[:2] == b"PK"
    assert visitor.get("/meetings/new?language=kk").status_code == 200
