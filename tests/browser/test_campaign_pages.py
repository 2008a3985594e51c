"""A campaign and a result in a real browser, in Russian and in Kazakh: an operation that failed is planned anew."""

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import agreements, decisions
from baiterek.campaign.gates.records import Flight
from baiterek.campaign.operations.example import enter_example
from baiterek.campaign.operations.records import Operation, OperationState
from baiterek.campaign.results.compare import compare
from baiterek.campaign.results.measured import Measured
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.rows import reading
from baiterek.study.planned import Planned
from baiterek.web import Settings
from record_cases import KEEPER, MEMBER, Mould
from web_cases import serving

pytestmark = pytest.mark.browser
SAID = {
    "ru": {
        "failed": "не пройдено",
        "planned": "запланировано",
        "beyond": "вне пределов",
        "assumed": "принято",
        "campaigns": "Кампании",
    },
    "kk": {"failed": "өтпеді", "planned": "жоспарланды", "beyond": "шектен тыс", "assumed": "болжам", "campaigns": "Науқандар"},
}
ROWS = compare(
    [Planned("cutoff_1.t_s", 150.0), Planned("insertion.perigee_km", 200.0)],
    [Measured("cutoff_1.t_s", 156.0, 0.5, "telemetry"), Measured("insertion.perigee_km", 200.4, 1.0, "radar")],
)


def with_campaign(database):
    """The generated campaign, and a result with one quantity twelve sigma off and one within."""
    with database.writing(KEEPER) as change:
        agreements.seed(change)
    with database.writing(MEMBER) as change:
        enter_example(change)
        decisions.plan_flight(change, Flight("F1", "first", Part.KZ))
        change.create(FlightResult("RES-1", "F1", Part.KZ, "F1-G5-01", "run", "0" * 64, "0" * 64, tuple(ROWS)))


@pytest.fixture(scope="module")
def mould(tmp_path_factory):
    return Mould("sqlite", tmp_path_factory.mktemp("campaign") / "record", with_campaign)


@pytest.fixture()
def database(mould, tmp_path):
    made, remove = mould.copy(tmp_path / "record")
    yield made
    remove()


@pytest.fixture()
def served(database):
    """The pages for one user of this machine."""
    with serving(database, Settings()) as origin:
        yield origin


@pytest.mark.parametrize("name", SAID)
def test_an_operation_that_failed_is_planned_anew_and_a_result_says_what_is_off(page, served, database, tmp_path, name):
    words = SAID[name]
    page.route(f"{served}/**", lambda route: route.continue_())
    page.context.add_cookies([{"name": "acting", "value": "member:KZ", "url": served}])
    with database.reading() as look:
        failed = next(one for one in reading.every(look, Operation) if one.state is OperationState.FAILED)

    page.goto(f"{served}/campaigns?language={name}")
    assert words["campaigns"] in page.inner_text("main")
    page.click("main a[href='/campaign?id=EX-CAMPAIGN']")
    assert "generated example" not in page.inner_text("main")
    page.screenshot(path=tmp_path / f"campaign-{name}.png", full_page=True)
    page.click(f"main a[href='/operation?id={failed.id.replace('/', '%2F')}'] >> nth=0")
    assert words["failed"] in page.inner_text("section.answer .first")
    form = page.locator("#steps details", has=page.locator("input[name=to][value=planned]"))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator("input[name=reason]").fill("причина устранена")
    form.locator("button.strong").click()
    page.wait_for_function(
        "word => document.querySelector('section.answer .first').innerText.includes(word)", arg=words["planned"]
    )
    assert "assumed" not in page.inner_text("main") and words["assumed"] in page.inner_text("main")
    page.screenshot(path=tmp_path / f"operation-{name}.png", full_page=True)
    with database.reading() as look:
        now = reading.get(look, Operation, failed.id)
    assert now.state is OperationState.PLANNED and now.revision == failed.revision + 1

    page.goto(f"{served}/results")
    page.click("main a[href='/result?id=RES-1']")
    assert words["beyond"] in page.inner_text("section.answer")
    (off,) = [row for row in page.locator("main tbody tr").all_inner_texts() if words["beyond"] in row]
    assert "156" in off and "150" in off
    page.screenshot(path=tmp_path / f"result-{name}.png", full_page=True)

    page.set_viewport_size({"width": 375, "height": 800})
    for path in ("/campaigns", "/campaign?id=EX-CAMPAIGN", f"/operation?id={failed.id}", "/results", "/result?id=RES-1"):
        page.goto(served + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, (path, name)
    page.screenshot(path=tmp_path / f"result-narrow-{name}.png", full_page=True)
    assert not page.asked
