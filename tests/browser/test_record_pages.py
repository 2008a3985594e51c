"""The record in a real browser, in Russian and in Kazakh: register, test with its run folder, major remark, matrix."""

import csv
from pathlib import Path

import pytest

import programme_cases
from baiterek.campaign.complex import register
from baiterek.campaign.evidence.records import Evidence
from baiterek.campaign.log.database import create
from baiterek.campaign.remarks.records import Remark
from baiterek.campaign.rows import reading
from baiterek.web import Settings
from record_cases import ground_object
from web_cases import serving

pytestmark = pytest.mark.browser
SAID = {
    "ru": {"entered": "Внесено", "no gate": "рубеж", "major": "значительное", "blocks": "препятствует", "whole": "цел"},
    "kk": {"entered": "Енгізілді", "no gate": "шеп", "major": "елеулі", "blocks": "кедергі", "whole": "бүтін"},
}
"""What a reader must find on the way, in each language."""


@pytest.fixture()
def database(tmp_path):
    made = create(str(tmp_path / "record.sqlite"))
    programme_cases.programme(made, approve=True)
    yield made
    made.engine.dispose()


@pytest.fixture()
def served(database):
    """The pages for one user of this machine."""
    with serving(database, Settings()) as origin:
        yield origin


@pytest.fixture()
def visitor(page, served):
    """Somebody in front of the served pages, for the Kazakh part; any other host stays unanswered."""
    page.route(f"{served}/**", lambda route: route.continue_())
    page.goto(f"{served}/role")
    page.check("input[value='member:KZ']")
    page.click("main button")
    return page


def said(page, name, what):
    text = page.inner_text("main").casefold()
    assert SAID[name][what].casefold() in text, text


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_from_a_register_to_a_remark_that_stands_against_its_gate(visitor, served, database, tmp_path, name):
    page = visitor
    page.goto(f"{served}/?language={name}")
    assert page.get_attribute("html", "lang") == name
    import_register(page, served, tmp_path, name)
    record_a_run(page, served, tmp_path, name)
    raise_a_major_remark(page, name)
    page.click("a[href='/remarks/against?gate=G2']")
    row = page.locator("#list tbody tr", has_text="M-1").inner_text()
    assert SAID[name]["major"] in row.casefold() and SAID[name]["blocks"] in row.casefold()
    take_the_matrix(page, served)
    with database.reading() as look:
        (piece,) = reading.every(look, Evidence, entity="test_run")
        assert (piece.kind, piece.name, piece.entity_id) == ("folder", "2026-03-01-run", "T-1")
        assert reading.get(look, Remark, "M-1").due_gate == "G2"
    assert page.asked == []


def import_register(page, served, folder, name):
    register.write_register(
        folder / "register.csv", [ground_object(f"43-0{k}", site="43", name=f"насос {k}") for k in range(3)]
    )
    page.goto(f"{served}/objects/import")
    page.set_input_files("input[name=file]", folder / "register.csv")
    page.click("button[value=enter]")
    page.wait_for_selector("#outcome table")
    said(page, name, "entered")
    page.goto(f"{served}/objects?site=43")
    assert page.locator("#list tbody tr").count() == 3


def record_a_run(page, served, folder, name):
    run = folder / "2026-03-01-run"
    (run / "figures").mkdir(parents=True)
    (run / "history.csv").write_text("t_s,pressure_MPa\n0,2.5\n")
    (run / "figures" / "pressure.svg").write_text("<svg/>")
    page.goto(f"{served}/programme/case?id=C-1")
    page.click("a[href^='/programme/run/new']")
    for field, value in {
        "id": "T-1", "procedure": "PR-7 rev. 3", "configuration": "line 7 s/n 12; mock-up 2", "operators": "test conductor",
        "started": "2026-03-01T10:00", "value": "2.5",
    }.items():  # fmt: skip
        page.fill(f"[name={field}]", value)
    page.select_option("[name=clock]", "baikonur")
    page.set_input_files("input[webkitdirectory]", run)
    page.click("form.form button.strong")
    page.wait_for_url("**/programme/run?id=T-1")
    assert "2026-03-01-run" in page.inner_text("#evidence")
    said(page, name, "whole")
    assert "05:00" in page.inner_text("main")


def raise_a_major_remark(page, name):
    page.click("a[href^='/remarks/new']")
    page.fill("[name=id]", "M-1")
    page.fill("[name=text]", "течь")
    page.click("form.form button.strong")
    page.wait_for_url("**/remark?id=M-1")
    form = page.locator("form", has=page.locator("input[value=classified]"))
    form.locator("input[value=safety]").check()
    form.locator("[name=reason]").fill("протокол 3")
    form.locator("button").click()
    # No gate was chosen: one line at the form says so, and nothing that was typed is lost.
    form.locator(".refusal .advice").wait_for()
    assert SAID[name]["no gate"] in form.locator(".refusal").inner_text()
    assert form.locator("[name=reason]").input_value() == "протокол 3" and page.url.endswith("/remark?id=M-1")
    form.locator("[name=due_gate]").select_option("G2")
    form.locator("button").click()
    page.wait_for_selector("a[href='/remarks/against?gate=G2']")
    said(page, name, "major")


def take_the_matrix(page, served):
    page.goto(f"{served}/matrix?stage=integrated")
    with page.expect_download() as taken:
        page.click(".take a[href*='form=csv']")
    with Path(taken.value.path()).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["requirement"], row["runs"], row["due_gate"]) == ("R-1", "T-1 not judged", "G2")
    assert "2026-03-01-run" in row["evidence"]


def test_everything_is_reached_without_a_mouse(visitor, served):
    page = visitor
    page.goto(f"{served}/remarks/new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    names = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        names.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert {"id", "part", "entity", "entity_id", "text", "organisation", "BUTTON"} <= names
    page.goto(f"{served}/matrix")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_form_is_sent_by_the_keyboard_and_its_page_shows_the_change(visitor, served):
    page = visitor
    page.goto(f"{served}/programme/requirement?id=R-1")
    page.focus("#rows select[name=method]")
    page.keyboard.press("End")
    for _ in range(4):  # past the part and the organisation that answer for it
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/matrix/row?id=R-1%3Aautonomous%3Ainspection")
    assert page.inner_text("h1") == "R-1 autonomous, inspection"
