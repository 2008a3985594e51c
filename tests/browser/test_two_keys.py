"""Two keys in two real browsers at once: one co-chair reads Russian, the other Kazakh, from a remark to a gate that is void."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.evidence.store import place
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.records import Decision
from baiterek.campaign.gates.states import Word
from baiterek.campaign.log.database import create
from baiterek.campaign.meetings.records import Certificate, Use
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.rows import reading
from baiterek.campaign.schedule import milestones
from baiterek.campaign.schedule.records import Slip
from gate_cases import KEYS, LATER, MEMBER_OF, SEATS, decide_up_to, meet_checklist
from meeting_cases import commission, get, held
from record_cases import KEEPER
from web_cases import PASSWORD, account, serving

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cheap_hashes")]
RU, KZ = Part.RU, Part.KZ
GATE = "/gate?id=F1:G2"
LANGUAGE = {RU: "ru", KZ: "kk"}
SAID = {
    "ru": {
        "awaited": "ждёт решения или подписи", "blocked": "не открыт", "holds": "открыт", "void": "недействителен",
        "passes": "проходит по", "active": "действует", "changed": "ИЗМЕНЕНО", "verifies": "проверена, верна",
        "signed": "подписан обеими частями", "internal": "внутренняя подпись, не квалифицированная",
    },
    "kk": {
        "awaited": "шешім немесе қолтаңба күтуде", "blocked": "бөгелген", "holds": "күшінде", "void": "жарамсыз",
        "passes": "негізінде өтеді", "active": "күшінде", "changed": "ӨЗГЕРТІЛДІ", "verifies": "тексерілді, дұрыс",
        "signed": "екі бөлік те қол қойды", "internal": "ішкі қолтаңба, білікті емес",
    },
}  # fmt: skip
"""What each of the two must find on the way, in their language."""
OUTSIDE = """
import io, json, sys
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
trust = ValidationContext(trust_roots=[load_cert_from_pemder(sys.argv[2])], allow_fetching=False)
usage = KeyUsageConstraints(key_usage={"digital_signature"})
with open(sys.argv[1], "rb") as file:
    found = PdfFileReader(io.BytesIO(file.read())).embedded_signatures
said = [validate_pdf_signature(one, trust, key_usage_settings=usage) for one in found]
print(json.dumps([[one.signing_cert.subject.native["common_name"], one.bottom_line] for one in said]))
"""
"""A program with pyhanko alone: signers of a PDF, and whether their signatures are good under one authority."""


@pytest.fixture()
def made(tmp_path):
    """A flight before its roll-out: all that goes before is decided, its checklist is met; both co-chairs have accounts."""
    database = create(str(tmp_path / "record.sqlite"))
    world = commission(database, tmp_path / "files")
    decide_up_to(world, Gate.G1)
    meet_checklist(world, Gate.G2)
    world.act(KEEPER, milestones.seed)
    for part in Part:
        seat = SEATS[part][Role.CO_CHAIR]
        account(database, seat, Role.CO_CHAIR, part, seat)
    yield world
    database.engine.dispose()


class Chair:
    """A co-chair at their own browser."""

    def __init__(self, part, page, served, folder):
        self.part, self.page, self.served, self.folder = part, page, served, folder
        self.language, self.seat = LANGUAGE[part], SEATS[part][Role.CO_CHAIR]
        page.route(f"{served}/**", lambda route: route.continue_())
        page.goto(f"{served}/sign-in?language={self.language}")
        page.fill("[name=name]", self.seat)
        page.fill("[name=password]", PASSWORD)
        page.click("form[action='/sign-in'] button")
        page.wait_for_url(f"{served}/")

    def see(self, path):
        self.page.goto(f"{self.served}{path}")

    def form(self, action, **hidden):
        """A form by what it is sent to and its hidden fields, within what a click on its summary opens."""
        found = self.page.locator(f"form[action='{action}']")
        for name, value in hidden.items():
            found = found.filter(has=self.page.locator(f"input[name={name}][value='{value}']"))
        folded = self.page.locator("details:not([open])", has=found)
        if folded.count():
            folded.locator("> summary").click()
        return found

    def send(self, form, **fields):
        """Fill a form in and press its button, which leads to a page."""
        self.fill(form, fields)
        with self.page.expect_navigation():
            form.locator("button").click()

    def refused(self, form, **fields):
        """The same, and the line that the form says instead."""
        self.fill(form, fields)
        form.locator("button").click()
        form.locator(".refusal .advice").wait_for()
        self.pictured("refused")
        return form.locator(".refusal").inner_text()

    def fill(self, form, fields):
        for name, value in fields.items():
            field = form.locator(f"[name={name}]").first
            kind = field.evaluate("field => field.type")
            if kind == "file":
                field.set_input_files(value)
            elif kind in ("checkbox", "radio"):
                form.locator(f"[name={name}][value='{value}']").check()
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)

    def stands(self, word):
        """The gate stands so, in a word of their language."""
        self.see(GATE)
        assert self.page.inner_text("#stands .value").casefold() == SAID[self.language][word].casefold()
        self.pictured(word)

    def said(self, word, where="main"):
        return self.page.inner_text(where).casefold().count(SAID[self.language][word].casefold())

    def pictured(self, name):
        number = len(list(self.folder.iterdir())) + 1
        self.page.screenshot(path=self.folder / f"{number:02}-{self.part}-{name}.png", full_page=True)

    def keyed(self, part=None, password=PASSWORD):
        """What a form for a signature takes."""
        pem = KEYS[part or self.part].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return {"key": {"name": "key.pem", "mimeType": "application/x-pem-file", "buffer": pem}, "password": password}


@pytest.fixture()
def chairs(made, new_page, tmp_path):
    """The two of them, signed in at the same time."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    with serving(made.database) as served:
        yield {part: Chair(part, new_page(), served, folder) for part in Part}


def test_a_gate_is_opened_with_two_keys_and_void_when_its_evidence_changes(chairs, made, tmp_path):
    ru, kz = chairs[RU], chairs[KZ]
    each(chairs, "awaited")
    a_remark_blocks(ru, kz)
    both_approve_a_waiver(ru, kz)
    vote(ru, kz, made)
    both_sign(ru, kz)
    the_protocol_is_signed(ru, kz, made, tmp_path)
    the_evidence_is_changed(chairs, made)
    a_date_is_moved(ru, kz, made)
    assert [one.page.asked for one in (ru, kz)] == [[], []]


def each(chairs, word):
    for one in chairs.values():
        one.stands(word)


def a_remark_blocks(ru, kz):
    ru.see("/remarks/new?about=ground_object:42-01")
    ru.send(ru.form("/remarks/raise"), id="M-1", part="KZ", text="Течь у фланца насоса.")
    kz.see("/remark?id=M-1")
    kz.send(kz.form("/remark/step", to="classified"), grounds="safety", due_gate="G2", reason="хаттама 3")
    for one in (ru, kz):
        one.stands("blocked")
        assert "M-1" in one.page.inner_text("#open li.blocks") and "M-1" in one.page.inner_text("#why")


def both_approve_a_waiver(ru, kz):
    kz.page.click("#open a[href^='/remark/waiver/new']")
    kz.send(kz.form("/remark/waiver/request"), id="W-1", text="Ағу рұқсат етілгеннен аз.", flights="F1", last_gate="G2")
    kz.send(kz.form("/remark/waiver/step", to="submitted"))
    kz.pictured("waiver")
    ru.see("/remark/waiver?id=W-1")
    ru.send(ru.form("/remark/waiver/step", to="approved_ru"))
    ru.pictured("waiver")
    ru.stands("blocked")
    # The other page was opened before that: what it shows is old, and its button takes no step.
    assert "1" in kz.refused(kz.form("/remark/waiver/step", to="approved_kz"))
    kz.see("/remark/waiver?id=W-1")
    kz.send(kz.form("/remark/waiver/step", to="active"))
    assert kz.page.inner_text(".answer .value").casefold() == SAID["kk"]["active"]
    for one in (ru, kz):
        one.stands("awaited")
        assert one.said("passes", "#open") == 1


def vote(ru, kz, made):
    """The co-chairs on their pages; a member of each part at the record itself."""
    texts = {"ru": "Разрешить вывоз.", "kk": "Шығаруға рұқсат берілсін."}
    ru.send(ru.form("/gate/decision/draft", revision="0"), id="D-2", valid_to=LATER, **texts)
    ru.send(ru.form("/gate/decision/step", to="voting"))
    kz.see(GATE)
    for one in (ru, kz):
        one.send(one.form("/gate/vote"), word="for")
        made.act(MEMBER_OF[one.part], decisions.vote, "D-2", SEATS[one.part][Role.MEMBER], Word.FOR)
    kz.see(GATE)
    kz.pictured("voted")
    kz.send(kz.form("/gate/decision/step", to="adopted"))


def both_sign(ru, kz):
    for one in (ru, kz):
        one.stands("awaited")
    ru.send(ru.form("/gate/sign"), **ru.keyed())
    ru.stands("awaited")
    assert kz.refused(kz.form("/gate/sign"), **kz.keyed(password="wrong"))
    assert kz.refused(kz.form("/gate/sign"), **kz.keyed(part=RU))
    kz.send(kz.form("/gate/sign"), **kz.keyed())
    for one in (ru, kz):
        one.stands("holds")
        assert one.said("internal", ".signatures") == 2


def the_protocol_is_signed(ru, kz, made, folder):
    """A meeting that was held puts down the decision on the gate; its PDF is good for others too."""
    held(made)
    ru.see("/meeting?id=K-1")
    ru.send(ru.form("/meeting/resolve", item="K-1:1"), basis="gate", decision="D-2")
    ru.send(ru.form("/meeting/issue"))
    kz.see("/meeting?id=K-1")
    for one in (ru, kz):
        one.see("/meeting?id=K-1")
        one.send(one.form("/meeting/sign"), **one.keyed())
    for one in (ru, kz):
        one.see("/meeting?id=K-1")
        one.pictured("protocol")
        assert one.said("signed", ".answer") == 1 and one.said("verifies", "#protocol") == 2
    with kz.page.expect_download() as taken:
        kz.page.click("#protocol a[download]")
    pdf, authority = folder / "protocol.pdf", folder / "authority.pem"
    taken.value.save_as(pdf)
    with made.database.reading() as look:
        (root,) = reading.every(look, Certificate, use=Use.AUTHORITY)
        authority.write_text(root.pem)
    assert checked_outside(pdf, authority) == [[ru.seat, True], [kz.seat, True]]
    content = bytearray(pdf.read_bytes())
    content[len("%PDF-1.7\n%")] ^= 1  # a byte of the comment that says that the file is no text: nothing but a signature minds
    pdf.write_bytes(content)
    assert checked_outside(pdf, authority) == [[ru.seat, False], [kz.seat, False]]


def checked_outside(pdf, authority):
    ran = subprocess.run([sys.executable, "-I", "-c", OUTSIDE, pdf, authority], capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def the_evidence_is_changed(chairs, made):
    name, sha256 = next(
        (name, sha256) for name, sha256 in get(made, Decision, "D-2").evidence.items() if name.startswith("criterion:F1-G2")
    )
    path = Path(place(made.store, sha256))
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b".")
    for one in chairs.values():
        one.stands("void")
        assert name in one.page.inner_text("#void") and one.page.inner_text("#why").count(name) == 1
        assert one.said("changed", ".bound") == 2
        one.see("/gates?flight=F1")
        one.pictured("gates")
        assert one.said("void", "#list") == 1


def a_date_is_moved(ru, kz, made):
    ru.see("/schedule")
    kz.see("/schedule/milestone?id=three-test-flights")
    assert not kz.page.locator("form[action='/schedule/move']").count()  # the Russian part answers for it
    ru.page.click("#list a[href='/schedule/milestone?id=three-test-flights']")
    moved = {"new": "2028-H1", "initiator": "RU", "announced_on": "2026-11-20", "source": "протокол K-1"}
    ru.send(ru.form("/schedule/move"), **moved, reason="Течь у фланца насоса.")
    ru.pictured("milestone")
    kz.see("/schedule")
    kz.pictured("schedule")
    kz.see("/schedule/slips?milestone=three-test-flights")
    kz.pictured("slips")
    row = kz.page.locator("#list tbody tr").inner_text()
    assert all(word in row for word in ("2027", "2028-H1", "182", "Течь"))
    with made.database.reading() as look:
        (slip,) = reading.every(look, Slip, milestone="three-test-flights")
    assert (slip.old, slip.new, slip.initiator) == ("2027", "2028-H1", "RU")
