"""Pages of the record: what they show, in whose words, as lists and as tables that are taken away."""

import csv
import importlib.util
import io
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from babel.messages.pofile import read_po

import flown
from baiterek import campaign, web
from baiterek.campaign.commission.access import Action
from baiterek.campaign.commission.members import SEEDER, seed
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.commission.records import BodyKind
from baiterek.campaign.complex import register, steps
from baiterek.campaign.complex.example import example
from baiterek.campaign.complex.states import STEPS, State
from baiterek.campaign.rows.entities import ENTITIES
from baiterek.reports.language import LANGUAGES, catalogue, language
from baiterek.web.labels import LABELS
from baiterek.web.templating import LOCALE
from record_cases import MEMBER, ground_object
from web_cases import References, browser, send

PAGES = (
    "/", "/objects", "/objects?q=pump&sort=-name&page=2", "/objects/import", "/objects/new", "/object?id=42-01", "/evidence",
    "/people", "/people?on=2026-03-01", "/audit", "/audit?id=42-01", "/audit/event?seq=1", "/audit/verify", "/role", "/nowhere",
)  # fmt: skip

SEEDS = "commission/seed.toml", "schedule/schedule.toml", "gates/agreements.toml"
SHOWN = "name", "person", "named_by", "source", "note"
"""Fields of a published fact that pages show."""


@pytest.fixture()
def filled(database):
    with database.writing(SEEDER) as change:
        seed(change)
    with database.writing(MEMBER) as change:
        change.create(ground_object("42-01", name="pump <b>", systems=("насосы", "water")))
        change.create(ground_object("42-01/a", name="=HYPERLINK(1)", parent="42-01", example=True))
    return database


def builder():
    spec = importlib.util.spec_from_file_location("texts", flown.PROJECT / "builders" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_no_text_lacks_its_translation(name):
    texts = builder()
    assert not texts.missing(name, texts.WEB), "run: python builders/texts.py, then translate what it prints"
    with texts.path_of(name, texts.WEB).open("rb") as file:
        known = {str(message.id) for message in read_po(file) if message.id and message.context is None}
    assert known == set(texts.texts(texts.WEB))


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_a_translation_has_the_braces_of_its_text(name):
    for texts in catalogue(name, LOCALE):
        for text, translated in texts.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated)), text


def test_every_word_that_the_record_stores_has_its_label():
    assert {*State, *Role, *Part, *BodyKind, *ENTITIES} <= set(LABELS)


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_what_a_rule_says_is_translated(name):
    words = language(name, LOCALE)
    nothing = steps.Situation(
        "", {"42-02": State.MOUNTED}, frozenset(), frozenset({State.INTEGRATED_TESTS}), ("1",), ("1",)
    )  # fmt: skip
    said = {rule(nothing) for step in STEPS for rule in step.rules} | {step.meaning for step in STEPS}
    said |= {"an observer does not draft", "the KZ part does not act for the RU part"}
    for text in said:
        assert not re.findall(r"[A-Za-z]{2,}", words.said(text)), text


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_published_facts_that_a_new_record_has_are_said_in_the_language(name):
    words, found = language(name, LOCALE), set()
    for file in SEEDS:
        document = tomllib.loads((Path(campaign.__file__).parent / file).read_text(encoding="utf-8"))
        rows = [row for rows in document.values() for row in (rows.values() if isinstance(rows, dict) else rows)]
        found |= {row[key] for row in rows if isinstance(row, dict) for key in SHOWN if key in row}
    assert len(found) > 20
    for text in found:
        said = re.sub(r"https://\S+|Lada\.kz|Sputnik", "", words.said(text))
        assert not re.search(r"[A-Za-z]{2}", said), text


def test_a_page_asks_no_other_host_and_may_not(filled):
    visitor = browser(filled, "member:KZ")
    for name in LANGUAGES:
        for path in PAGES:
            asks_nobody(path, name, visitor.get(f"{path}{'&' if '?' in path else '?'}language={name}"))


def asks_nobody(path, name, answer):
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    refers = References(answer.text)
    assert all(loaded.startswith("/") and not loaded.startswith("//") for loaded in refers.loaded), refers.loaded
    assert f'<html lang="{name}">' in answer.text
    # Sources of published facts are links to follow; nothing else leads away.
    away = [link for link in refers.links if "//" in link]
    assert all(path.startswith("/people") and link.startswith("https://") for link in away)
    assert "<script>" not in answer.text and "style=" not in answer.text and " on" + "click" not in answer.text


def test_what_is_generated_is_marked_in_every_view(filled):
    visitor = browser(filled)
    assert all("EXAMPLE" in visitor.get(path).text for path in PAGES[:-1])


def test_a_real_record_is_not_marked(database):
    with database.writing(MEMBER) as change:
        change.create(ground_object())
    assert all("EXAMPLE" not in browser(database).get(path).text for path in ("/", "/objects", "/object?id=42-01", "/audit"))


def test_a_page_shows_text_as_text(filled):
    text = browser(filled).get("/object?id=42-01").text
    assert "pump &lt;b&gt;" in text and "pump <b>" not in text


def test_a_filter_finds_letters_of_any_case(filled):
    visitor = browser(filled)
    for asked in ("насосы", "НАСОСЫ", "Насосы"):
        rows = table(visitor.get("/objects", params={"q": asked, "form": "csv"}))
        assert [row["id"] for row in rows] == ["42-01"]


def table(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_is_filtered_sorted_and_cut_into_pages(database):
    with database.writing(MEMBER) as change:
        for record in example():
            change.create(record)
    visitor = browser(database)
    assert len(table(visitor.get("/objects?form=csv"))) == 243
    # 3 sites, on each 8 structures of 9 units that have one system each.
    assert len(table(visitor.get("/objects?form=csv&systems=water supply"))) == 24
    found = table(visitor.get("/objects?form=csv&site=45&sort=-id&q=supply of structure 1"))
    assert found == table(visitor.get("/objects?form=csv&site=45&sort=-id&q=Supply OF structure 1"))
    assert [row["id"] for row in found] == sorted((row["id"] for row in found), reverse=True) and len(found) == 3
    first, last = (re.findall(r'href="/object\?id=([\w%-]+)"', visitor.get(f"/objects?page={n}").text)[::2] for n in (1, 5))
    assert len(first) == 50 and len(last) == 43 and not set(first) & set(last)
    assert visitor.get("/objects?site=99").status_code == 400


LISTS = ("/objects", "/evidence", "/people", "/audit")


def test_every_list_is_taken_away_as_csv_and_xlsx(filled):
    visitor = browser(filled)
    for path in LISTS:
        same_as_csv_and_xlsx(visitor, path)


def same_as_csv_and_xlsx(visitor, path):
    rows = table(visitor.get(f"{path}?form=csv"))
    answer = visitor.get(f"{path}?form=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    found = [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found == [list(row.values()) for row in rows]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_formula_leaves_as_text_and_comes_back(filled, tmp_path):
    for form in ("csv", "xlsx"):
        answer = browser(filled).get(f"/objects?form={form}")
        file = tmp_path / f"objects.{form}"
        file.write_bytes(answer.content)
        assert b"=HYPERLINK" not in answer.content or form == "xlsx" or b"'=HYPERLINK" in answer.content
        lines = register.read_table(file)
        assert lines[1].cells["name"] == "=HYPERLINK(1)"


def test_an_object_enters_takes_a_step_and_is_corrected(database):
    visitor = browser(database, "member:KZ")
    values = {"id": "42-07", "site": "42", "kind": "unit", "name": "valve", "part": "KZ", "systems": "water; gas"}
    assert send(visitor, "/objects/new", values).status_code == 303
    step = {"id": "42-07", "revision": "1", "to": "autonomous_tests", "reason": "order 1"}
    assert send(visitor, "/object/step", step).status_code == 303
    correct = {"id": "42-07", "revision": "2", "kind": "unit", "name": "gate valve", "systems": "water", "reason": "typo"}
    assert send(visitor, "/object/change", correct).status_code == 303
    row = table(visitor.get("/objects?form=csv"))[0]
    assert (row["name"], row["systems"], row["state"], row["revision"]) == ("gate valve", "water", "autonomous_tests", "3")
    assert [event["action"] for event in table(visitor.get("/audit?form=csv"))] == ["import", "step", "import"]
    assert "whole" in send(visitor, "/audit/verify").text


def test_every_form_keeps_its_refusal_beside_it():
    templates = Path(web.__file__).parent / "templates"
    plain = {
        file.name
        for file in templates.glob("*.html")
        for form in re.findall(r"<form [^>]*>", file.read_text(encoding="utf-8"))
        if 'method="post"' in form and "hx-post" not in form
    }
    # The first three show their refusal in the page that they are; the others offer what is there, and nothing to get wrong.
    assert plain == {"sign_in.html", "password.html", "account.html", "role.html", "who.html"}
    for file in templates.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        if file.name != "macros.html":
            assert text.count("m.sent(") == text.count("m.closing(") + text.count('<div class="refusal"'), file.name


def test_a_form_of_the_register_or_of_people_stays_where_it_is_when_refused(database):
    with database.writing(MEMBER) as change:
        change.create(ground_object())
    visitor, asked = browser(database, "member:KZ"), {"headers": {"HX-Request": "true"}}
    forms = (
        ("/object/step", {"id": "42-01", "revision": "7", "to": "autonomous_tests"}, 409),
        ("/object/change", {"id": "42-01", "revision": "7", "kind": "unit", "name": "other"}, 409),
        ("/objects/new", {"id": "x y", "site": "42", "kind": "unit", "name": "valve", "part": "KZ"}, 409),
        ("/people/appoint", {"id": "K-1", "body": "none", "part": "KZ", "role": "member", "start": "2026-01-01"}, 403),
        ("/people/relieve", {"id": "K-1", "revision": "1", "end": "2026-01-01", "reason": "order"}, 403),
    )  # fmt: skip
    for path, values, status in forms:
        refused = send(visitor, path, values, **asked)
        assert (refused.status_code, refused.text.count('class="advice"')) == (status, 1), path
    went = send(visitor, "/object/step", {**forms[0][1], "revision": "1"}, **asked)
    assert (went.status_code, went.headers["hx-redirect"]) == (204, "/object?id=42-01")


def test_of_two_who_change_one_object_the_second_is_told(database):
    with database.writing(MEMBER) as change:
        change.create(ground_object())
    one, other = browser(database, "member:KZ"), browser(database, "deputy:KZ")
    step = {"id": "42-01", "revision": "1", "to": "autonomous_tests"}
    assert send(one, "/object/step", step).status_code == 303
    told = send(other, "/object/step", {**step, "to": "out_of_service", "reason": "fire"})
    assert told.status_code == 409 and "changed meanwhile: revision 2, not 1" in told.text
    told = send(other, "/object/change", {"id": "42-01", "revision": "1", "kind": "unit", "name": "other"})
    assert told.status_code == 409
    assert table(one.get("/objects?form=csv"))[0]["state"] == "autonomous_tests"


def test_a_table_is_tried_then_entered(database, tmp_path):
    made = example()
    register.write_register(tmp_path / "register.xlsx", made)
    register.write_register(tmp_path / "bad.csv", [replace(made[0], id="x y"), made[1]])
    visitor = browser(database, "member:KZ")

    def give(name, **data):
        with (tmp_path / name).open("rb") as file:
            return send(visitor, "/objects/import", data, files={"file": (name, file)})

    assert "243 new" in give("register.xlsx").text and not table(visitor.get("/objects?form=csv"))
    refused = give("bad.csv", do="enter")
    assert refused.status_code == 409 and "letters, digits" in refused.text and not table(visitor.get("/objects?form=csv"))
    assert give("register.xlsx", do="enter").status_code == 200
    assert len(table(visitor.get("/objects?form=csv"))) == 243
    # The same table again changes nothing.
    assert "243 unchanged" in give("register.xlsx", do="enter").text
    assert len(table(visitor.get("/audit?form=csv"))) == 243


def test_the_actions_of_an_access_rule_have_their_words():
    for name in ("ru", "kk"):
        assert all(language(name, LOCALE).said(action) != action for action in Action)
