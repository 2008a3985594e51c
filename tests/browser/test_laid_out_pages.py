"""Pages of gates, meetings, schedule and campaigns as they are read: on a screen of 1280 px in Kazakh, and on paper."""

import pytest

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.gates import decisions
from baiterek.campaign.gates.records import Condition
from baiterek.campaign.operations import example as campaigns
from baiterek.campaign.programme import example as programmes
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.schedule import milestones
from baiterek.campaign.schedule.records import Initiator
from baiterek.web import Settings
from gate_cases import MEMBER_OF, SECRETARY_OF, adopt, decide_up_to, drafted, meet_checklist, sign
from meeting_cases import commission, held
from record_cases import KEEPER, Mould
from web_cases import serving

pytestmark = pytest.mark.browser
PAGES = (
    "/", "/gates", "/gate?id=F1:G1", "/gate/decision?id=D-G1", "/gates/keys", "/meetings", "/meeting?id=K-1", "/schedule",
    "/schedule/slips", "/schedule/milestone?id=first-flight", "/agreements", "/campaigns", "/campaign?id=EX-CAMPAIGN",
    "/remarks", "/owed", "/programme/runs", "/programme/run?id=EX-KZ-T1.1", "/matrix/row?id=EX-KZ-R1:autonomous:test",
    "/remark?id=EX-KZ-M3", "/operation?id=EX-CAMPAIGN/propellant-receipt", "/programme?id=EX-KZ",
)  # fmt: skip
A4_px = 794 - 2 * 57
"""Between margins of 15 mm, at 96 px an inch."""
CUT = """() => [...document.querySelectorAll('.scroll')]
  .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.innerText.slice(0, 80))"""
"""Tables that have more columns than room."""
BROKEN = r"""() => {
  const broken = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    if (node.parentElement.closest('.long, code, option, .address')) continue;
    for (const word of node.data.matchAll(/(?:EX|F1|D|CD|K)-[\w.-]+|\d{4}-\d\d-\d\d|\d{4}-Q\d|[\p{L}]{2,}/gu)) {
      if (/^[A-Z]/.test(word[0]) && word[0].includes('-') && (word[0].length > 12 || word[0] !== node.data.trim())) continue;
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter(box => box.width > 1);
      if (lines.some(box => box.top > lines[0].bottom - 2)) broken.push(word[0]);
    }
  }
  return broken;
}"""
"""Words, dates and short names in a cell of their own that stand on two lines; addresses and hashes may."""
BARE = """() => [...document.querySelectorAll('main section > h2')]
  .filter(each => each.offsetParent && each.parentElement.innerText.trim() === each.innerText.trim())
  .map(each => each.innerText)"""
"""Headings with nothing below."""


def with_everything(folder):
    """Fills a record: a decided gate with a condition, a meeting, moved dates, a campaign, remarks."""

    def fill(database):
        world = commission(database, folder)
        decide_up_to(world, Gate.G0)
        meet_checklist(world, Gate.G1)
        texts = "Проверить герметичность фланца насоса.", "Сорғы фланецінің саңылаусыздығы тексерілсін."
        drafted(world, Gate.G1, "D-G1")
        world.act(SECRETARY_OF[Part.RU], decisions.draft_condition, Condition("CD-1", "D-G1", Part.KZ, Gate.G3, *texts))
        adopt(world, "D-G1")
        for part in Part:
            sign(world, "D-G1", part)
            world.act(MEMBER_OF[part], programmes.enter_example, world.store)
        held(world)
        world.act(KEEPER, milestones.seed)
        moved = "2027-Q1", Initiator.JOINT, "2026-11-20", "протокол K-1", "Дополнительные испытания на стенде."
        world.act(MEMBER_OF[Part.RU], milestones.move, "first-flight", *moved)
        world.act(MEMBER_OF[Part.KZ], campaigns.enter_example)

    return fill


@pytest.fixture(scope="module")
def mould(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laid-out")
    return Mould("sqlite", folder / "record", with_everything(folder / "files"))


@pytest.fixture()
def served(mould, tmp_path):
    database, remove = mould.copy(tmp_path / "record")
    with serving(database, Settings()) as origin:
        yield origin
    remove()


@pytest.fixture()
def visitor(page, served):
    page.route(f"{served}/**", lambda route: route.continue_())
    page.context.add_cookies([{"name": "acting", "value": "co_chair:KZ", "url": served}])
    return page


def faults(page, served, name, **asked):
    found = {}
    for path in PAGES:
        page.goto(f"{served}{path}{'&' if '?' in path else '?'}language={name}")
        found |= {(path, kind): said for kind, script in asked.items() if (said := page.evaluate(script))}
    return found


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_no_table_is_cut_and_no_word_is_broken_on_a_screen(visitor, served, name):
    assert faults(visitor, served, name, cut=CUT, broken=BROKEN) == {}


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_on_paper_no_table_is_cut_no_word_is_broken_and_every_heading_has_its_text(visitor, served, name):
    visitor.emulate_media(media="print")
    visitor.set_viewport_size({"width": A4_px, "height": 1000})
    assert faults(visitor, served, name, cut=CUT, broken=BROKEN, bare=BARE) == {}
    visitor.goto(f"{served}/meeting?id=K-1")
    assert visitor.locator("#attendance table").is_visible() and not visitor.locator("#steps").is_visible()
    visitor.goto(f"{served}/gate?id=F1:G1")
    assert visitor.locator("table.bound").is_visible()
