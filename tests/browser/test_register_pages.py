"""The record in a real browser, in Russian and in Kazakh: the register comes in, tests are shown by the folder of a run."""

from pathlib import Path

import pytest

from baiterek.campaign.commission.members import SEEDER, seed
from baiterek.campaign.complex import register
from baiterek.campaign.complex.example import example
from baiterek.campaign.log.database import create
from baiterek.reports.language import LANGUAGES
from baiterek.web import Settings
from web_cases import serving

pytestmark = pytest.mark.browser

WORDS = {
    "ru": {"office": "член комиссии, Казахстанская часть", "act": "Действовать в этой роли", "table": "Внести таблицу",
           "try": "Проверить", "enter": "Внести", "entered": "Внесено", "tried": "Проверка: ничего не изменено",
           "attach": "Приложить", "step": "Сделать шаг", "whole": "цело", "integrated": "комплексные испытания",
           "not yet": "ещё нельзя", "example": "ПРИМЕР", "ready": "90 из 243"},
    "kk": {"office": "комиссия мүшесі, Қазақстандық бөлік", "act": "Осы рөлде әрекет ету", "table": "Кесте енгізу",
           "try": "Тексеру", "enter": "Енгізу", "entered": "Енгізілді", "tried": "Тексеру: ештеңе өзгертілген жоқ",
           "attach": "Тіркеу", "step": "Қадам жасау", "whole": "бүтін", "integrated": "кешенді сынақтар",
           "not yet": "әзірге болмайды", "example": "МЫСАЛ", "ready": "243 ішінен 90"},
}  # fmt: skip
PAGES = (
    "/", "/objects", "/objects/import", "/objects/new", "/object?id=42-05-1", "/evidence", "/people", "/audit",
    "/audit/event?seq=45", "/audit/verify", "/role",
)  # fmt: skip


@pytest.fixture()
def address(tmp_path):
    """The pages of a new record, served on loopback by a thread."""
    database = create(str(tmp_path / "record.sqlite"))
    with database.writing(SEEDER) as change:
        seed(change)
    with serving(database, Settings()) as origin:
        yield origin
    database.engine.dispose()


@pytest.fixture()
def visitor(chromium, address):
    """A page at `address`; what it asks of any other host is not answered, and what goes wrong in it is kept."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    page = context.new_page()
    page.asked, page.wrong = [], []

    def refuse(route):
        page.asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith((address, "data:", "blob:")), refuse)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()


def run_folder(folder: Path) -> Path:
    """Files as a plan leaves them."""
    (folder / "run" / "exports").mkdir(parents=True)
    (folder / "run" / "result.json").write_text("{}", encoding="utf-8")
    (folder / "run" / "exports" / "orbit.oem").write_text("CCSDS_OEM_VERS = 2.0\n", encoding="utf-8")
    return folder / "run"


@pytest.mark.parametrize("name", WORDS)
def test_the_register_comes_in_and_a_test_is_shown_by_a_run(visitor, tmp_path, name):
    words = WORDS[name]
    register.write_register(tmp_path / "register.xlsx", example())
    visitor.goto(f"/role?language={name}")
    visitor.get_by_label(words["office"], exact=True).check()
    visitor.get_by_role("button", name=words["act"]).click()
    visitor.get_by_role("link", name=words["table"]).click()

    visitor.locator("input[name=file]").set_input_files(tmp_path / "register.xlsx")
    visitor.get_by_role("button", name=words["try"]).click()
    visitor.get_by_role("heading", name=words["tried"]).wait_for()
    assert visitor.locator("#outcome tbody tr").count() == 243
    visitor.get_by_role("button", name=words["enter"], exact=True).click()
    visitor.get_by_role("heading", name=words["entered"], exact=True).wait_for()

    visitor.goto("/")
    assert words["ready"] in visitor.inner_text(".answer") and words["example"] in visitor.inner_text(".example")

    visitor.goto("/object?id=42-05-1")
    assert words["not yet"] in visitor.inner_text("#steps")
    visitor.locator("input[type=file][multiple]").set_input_files(run_folder(tmp_path))
    visitor.locator("select[name=stage]").select_option("autonomous_tests")
    visitor.get_by_role("button", name=words["attach"]).click()
    visitor.locator("#evidence a").first.wait_for()
    assert words["whole"] in visitor.inner_text("#evidence")
    assert words["not yet"] not in visitor.inner_text("#steps")
    visitor.locator("select[name=to]").select_option("out_of_service")
    visitor.get_by_role("button", name=words["step"]).click()
    visitor.locator("#steps .refusal .advice").wait_for()  # no reason was given: the form says so, where it stands
    assert [text for text in visitor.wrong if "409" not in text] == [] and len(visitor.wrong) == 1
    visitor.wrong.clear()
    visitor.locator("select[name=to]").select_option("integrated_tests")
    visitor.get_by_role("button", name=words["step"]).click()
    visitor.locator(".answer", has_text=words["integrated"]).wait_for()
    assert words["integrated"] in visitor.inner_text(".answer")
    visitor.get_by_role("link", name="run", exact=True).click()
    assert "exports/orbit.oem" in visitor.inner_text("main")
    assert not visitor.asked and not visitor.wrong


def test_a_list_is_worked_from_the_keyboard(visitor, address, tmp_path):
    enter_example(visitor, address, tmp_path)
    visitor.goto("/objects?language=ru")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.className") == "skip"
    visitor.keyboard.press("/")
    visitor.keyboard.type("43-02")
    visitor.wait_for_url("**q=43-02**")
    visitor.locator("#list tbody tr").nth(9).wait_for()
    assert visitor.locator("#list tbody tr").count() == 10
    visitor.locator("#list th a").first.click()
    visitor.wait_for_url("**sort=id**")
    visitor.go_back()
    with visitor.expect_download() as taken:
        visitor.get_by_role("link", name="CSV").click()
    assert len(taken.value.path().read_text(encoding="utf-8-sig").splitlines()) == 11
    assert not visitor.asked and not visitor.wrong


def enter_example(visitor, address, tmp_path):
    """The generated register, by the form as it is without scripts."""
    register.write_register(tmp_path / "register.csv", example())
    visitor.context.add_cookies([{"name": "acting", "value": "member:KZ", "url": address}])
    visitor.goto("/objects/import")
    visitor.locator("input[name=file]").set_input_files(tmp_path / "register.csv")
    visitor.locator("button[value=enter]").click()
    visitor.locator("#outcome tbody tr").nth(242).wait_for()


def test_nothing_is_cut_and_print_has_no_forms(visitor, address, tmp_path):
    enter_example(visitor, address, tmp_path)
    for width in (1280, 375):
        visitor.set_viewport_size({"width": width, "height": 800})
        for name in LANGUAGES:
            for path in PAGES:
                visitor.goto(f"{path}{'&' if '?' in path else '?'}language={name}")
                assert visitor.evaluate("document.documentElement.scrollWidth") <= width, (path, name, width)
    visitor.emulate_media(media="print")
    for path in PAGES:
        visitor.goto(path)
        shown = "[...document.querySelectorAll('form, .bar nav')].filter(e => getComputedStyle(e).display !== 'none').length"
        assert visitor.evaluate(shown) == 0, path
    assert not visitor.asked and not visitor.wrong
