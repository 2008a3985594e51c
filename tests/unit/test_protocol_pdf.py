"""The protocol on paper: everything in both languages, letters that come out, PDF/A as a validator of another hand sees it."""

import io
import json
import re
from xml.etree import ElementTree

import page as pdfa
import pypdf
import pypdfium2
import pytest

from baiterek.campaign.evidence.store import place
from baiterek.campaign.log.chain import digest
from baiterek.campaign.meetings.records import Protocol
from baiterek.reports.language import language
from baiterek.reports.protocol import ATTACHED, as_protocol, languages

PDFA_ID = "{http://www.aiim.org/pdfa/ns/id/}"
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
TEXT = {"ru": f"Принять {KAZAKH} #evil[x]", "kk": "Қабылдансын", "en": ""}
VOTE = {"seat": "kz-member", "part": "KZ", "word": "against", "dissent": "Испытания не закончены", "at": "2026-03-02T07:00:00Z"}
TALLY = {"members": 2, "cast": 2, "in_favour": 1}
DECISION = {
    "number": "1.1", "item": 1, "basis": "vote", "part": "KZ", "due": "2026-04-01", "text": TEXT, "gate": None,
    "outcome": "adopted", "tallies": {"RU": TALLY, "KZ": TALLY}, "votes": [VOTE],
}  # fmt: skip
GATE = {
    "decision": "D-1", "flight": "F1", "gate": "G2", "valid_to": None, "rule": {}, "evidence": {}, "configuration": {},
    "conditions": [{"id": "C-1", "part": "RU", "due_gate": "G3", "text": {**TEXT, "ru": "Устранить течь"}}],
}  # fmt: skip


@pytest.fixture(scope="module")
def contents():
    """What a protocol may say: everything that there is, once."""
    bench = {"members": 2, "present": 2, "chaired": True}
    return {
        "meeting": {
            "id": "K-1", "body": "Interstate commission for the flight tests of Soyuz-5 and Baiterek", "part": "RU",
            "title": {"ru": "О вывозе", "kk": "Шығару туралы", "en": ""},
            "place": {"ru": "Байконур", "kk": "Байқоңыр", "en": ""},
            "begins_at": "2026-03-02T06:00:00.000000Z", "ends_at": "2026-03-02T08:00:00.000000Z", "example": True,
        },
        "agenda": [{"number": 1, "part": "RU", "text": TEXT, "speaker": "главный конструктор"}],
        "attendance": [
            {"seat": "kz-member", "part": "KZ", "role": "member", "person": "", "organisation": "jv", "presence": "remote"}
        ],
        "quorum": {"RU": bench, "KZ": bench},
        "rule": {"quorum": "1/2", "majority": "1/2", "source": "assumed"},
        "decisions": [DECISION, {**DECISION, "number": "1.2", "basis": "gate", "gate": GATE, "votes": []}],
        "materials": [{"name": "report.txt", "sha256": "ab" * 32, "size": 14, "kind": "file", "note": "", "item": 1}],
        "protocol": {"number": 2, "issued_at": "2026-03-03T06:00:00.000000Z", "before": "cd" * 32},
    }  # fmt: skip


@pytest.fixture(scope="module")
def pdf(contents):
    return as_protocol(contents)


def plain(text):
    return re.sub(r"[\s\u00ad\x02-]+", "", text)


def claimed(root):
    """The claim in the metadata, which XMP lets stand as elements or as attributes."""
    found = {}
    for node in ElementTree.fromstring(root["/Metadata"].get_data()).iter():
        said = {node.tag: (node.text or "").strip()} | node.attrib
        found |= {name.removeprefix(PDFA_ID): value for name, value in said.items() if name.startswith(PDFA_ID)}
    return found


def test_two_readers_find_everything_that_was_decided_in_both_languages(pdf):
    readers = {
        "pypdf": "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages),
        "pdfium": "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)),
    }
    wanted = (
        TEXT["ru"], TEXT["kk"], "О вывозе", "Шығару туралы", "Протокол № K-1, редакция 2", "№ K-1 хаттама, 2-редакция",
        "Особое мнение kz-member (против): «Испытания не закончены»", "главный конструктор", "Устранить течь", "D-1",
        "Межгосударственная комиссия", "мемлекетаралық", "ab" * 32, "11:00", "09:00", "дистанционно", "қашықтан",
        "внутренняя подпись, не квалифицированная", "ішкі қолтаңба", "ПРИМЕР", "cd" * 16,
    )  # fmt: skip
    for reader, text in readers.items():
        assert not [one for one in wanted if plain(one) not in plain(text)], reader


def faults(data):
    """The rules of PDF/A-3b (ISO 19005-3) that are broken, each with the number of its object."""
    report = pdfa.validate_pdf_bytes(data, profile=pdfa.ValidationProfile.PDF_A_3B)
    assert report.rules.total > 100
    return [(one.rule_id, one.object_id and one.object_id.object_number) for one in report.failures]


def test_a_validator_finds_the_file_to_be_pdf_a_3b_and_finds_what_is_broken(pdf):
    assert faults(pdf) == []
    assert [rule for rule, _ in faults(pdf.replace(b"/FontFile", b"/FontFilx"))]
    assert [rule for rule, _ in faults(pdf + b"331 0 obj")]


def test_the_file_has_the_marks_of_pdf_a_3b_and_its_contents_attached(pdf, contents):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert claimed(root) == {"part": "3", "conformance": "B"}
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1" and intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"  # an ICC profile
    assert "/Encrypt" not in reader.trailer and len(reader.trailer["/ID"]) == 2
    assert "/AA" not in root and "/OpenAction" not in root and "/JavaScript" not in root.get("/Names", {})
    for page in reader.pages:
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values()):
            described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(described) and "/ToUnicode" in font
    (attached,) = root["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Data"
    assert json.loads(reader.attachments[ATTACHED][0]) == json.loads(json.dumps(contents))


def test_the_same_contents_give_the_same_bytes_and_the_footer_their_hash(pdf, contents):
    assert as_protocol(contents) == pdf
    assert digest(contents)[:32] in pypdf.PdfReader(io.BytesIO(pdf)).pages[-1].extract_text()


def test_english_stands_beside_them_where_nothing_lacks_it(contents):
    spoken = {**TEXT, "en": "Accept"}
    full = {**contents, "agenda": [{**contents["agenda"][0], "text": spoken}]}
    assert languages(full) == ["ru", "kk"]
    meeting = {**contents["meeting"], "title": {**TEXT, "en": "On roll-out"}, "place": {**TEXT, "en": "Baikonur"}}
    full |= {"meeting": meeting, "decisions": [{**DECISION, "text": spoken}]}
    assert languages(full) == ["ru", "kk", "en"] and language("en")
    text = plain("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(as_protocol(full))).pages))
    assert plain("Protocol No. K-1, revision 2") in text and plain("On roll-out") in text


@pytest.fixture(scope="module")
def signed_pdf(tmp_path_factory):
    from baiterek.campaign.log.database import create
    from meeting_cases import commission, get, signed

    folder = tmp_path_factory.mktemp("signed")
    made = commission(create(str(folder / "record.sqlite")), folder / "files")
    signed(made, render=as_protocol)
    return place(made.store, get(made, Protocol, "K-1:1").signed_sha256).read_bytes()


def test_a_signed_protocol_is_pdf_a_3b_at_each_of_its_signatures(signed_pdf):
    """The first one covers what was there when it was made, which the validator sees as less than the whole of two."""
    issued, first, second = (signed_pdf[: found.end()] for found in re.finditer(rb"%%EOF\n", signed_pdf))
    assert second == signed_pdf
    assert faults(issued) == [] and faults(first) == []
    fields = pypdf.PdfReader(io.BytesIO(first)).trailer["/Root"]["/AcroForm"]["/Fields"]
    earlier = fields[0].get_object().raw_get("/V").idnum
    assert faults(signed_pdf) == [("PDFA3B-SIGNATURE-BYTERANGE-001", earlier)]


def test_signatures_leave_the_marks_of_pdf_a_where_they_were(signed_pdf):
    reader = pypdf.PdfReader(io.BytesIO(signed_pdf))
    root = reader.trailer["/Root"]
    assert claimed(root) == {"part": "3", "conformance": "B"} and "/OutputIntents" in root
    fields = [one.get_object() for one in root["/AcroForm"]["/Fields"]]
    assert [one["/FT"] for one in fields] == ["/Sig", "/Sig"] and "/NeedAppearances" not in root["/AcroForm"]
    for field in fields:  # ISO 19005-2, 6.3: printed, not hidden, of no size where it has no appearance
        assert field["/F"] & 4 and not field["/F"] & (1 | 2 | 32) and ("/AP" in field or field["/Rect"] == [0, 0, 0, 0])
