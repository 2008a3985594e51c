"""The report stands alone, answers first, hides no failure, and marks what is not known."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import flown
from baiterek.reports.content import MARKS, Marks
from baiterek.reports.figures.draw import drawable
from baiterek.reports.language import language
from baiterek.reports.naming import datum_name
from baiterek.reports.render import render, report
from baiterek.reports.sections import compose
from baiterek.reports.terminal import as_text
from baiterek.study.orbits import at
from baiterek.study.results import read, save
from baiterek.study.summary import events, summary

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """Tags that are open, addresses that a browser would fetch, ids."""

    VOID = frozenset({"meta", "link", "br", "hr", "img"})

    def __init__(self, text):
        super().__init__()
        self.open, self.fetched, self.ids, self.text = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        for key, value in attrs:
            if key == "src" or (key in ("href", "xlink:href") and tag != "a"):
                self.fetched.append(value)
            if key == "id":
                self.ids.append(value)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(flown.result(), flown.mission(), tmp_path_factory.mktemp("runs"), render)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    # The same with nothing against it: a report of a success.
    summary = {**flown.result().summary, "contradictions": []}
    good = replace(flown.result(), summary=summary)
    folder = save(good, flown.mission(), tmp_path_factory.mktemp("good"), render)
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_asks_nobody_for_anything(folder, page):
    assert not page.open
    assert all(address.startswith(("#", "data:")) for address in page.fetched), page.fetched
    assert not re.search(r"@import|url\((?!#)", (folder / "report.html").read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids)), "an id twice: figures would take each other's clip paths"


def test_every_figure_is_drawn_in_text_and_in_the_page(folder, page):
    assert {path.stem for path in (folder / "figures").iterdir()} == set(drawable(flown.result()))
    for path in (folder / "figures").iterdir():
        assert "".join(ElementTree.parse(path).getroot().itertext()).strip(), f"{path.name} has no text that can be found"
    assert page.fetched.count("data:,") == 1  # no icon is looked for


def test_the_answer_is_there_with_its_uncertainty(page):
    text = re.sub(r"[ \n]+", " ", " ".join(page.text))
    sigma = flown.mission().vehicle.data["stage-2.dry_mass_kg"].sigma
    assert "Greatest payload 17,000.0 kg" in text
    assert f"± {sigma:.0f} kg (1σ)" in text  # the hand-made optimum feels that datum alone, kilogram for kilogram
    assert text.index("17,000.0 kg") < text.index("Limits and their prices") < text.index("Sequence of events")
    for heading in ("Orbit", "What makes up the uncertainty", "What falls, and where", "Sources", "Provenance"):
        assert heading in text


def test_a_price_has_its_unit(page):
    # What the hand-made optimum says: a step, and what it gains.
    text = " ".join(page.text)
    assert "+1.20 kg per 100 Pa·rad" in text and "+42.0 kg" in text and "−100.0 kg" in text
    assert "Far edge moved downrange: 10 km" not in text and "far edge moved downrange: 10 km" in text


def test_the_quote_names_value_spread_and_reserve_policy(page):
    sigma = flown.mission().vehicle.data["stage-2.dry_mass_kg"].sigma / 1e3
    text = " ".join(page.text)
    assert f"17.00 ± {sigma:.2f} t (1σ), reserve policy: none" in text
    assert "What matters most of what is not known" in text and "stage 2: dry mass" in text


def test_numbers_without_a_public_source_are_marked_where_they_are_read(folder):
    result = read(folder)
    content = compose(result, {}, "", language())
    marks, rows = Marks(result.summary["data"]), {}
    for section in content.sections:
        rows |= {(section.key, row[0].text): row for block in section.blocks if block.kind == "table" for row in block.rows}
    for datum in result.summary["data"]:
        assert datum["unsure"] == (datum["grade"] in MARKS)
        assert marks.of(datum["path"]) == MARKS.get(datum["grade"], "")
        if datum["unsure"]:
            assert rows["assumptions", datum_name(datum["path"], language())][0].mark == MARKS[datum["grade"]]
    # The masses of the bundled vehicle are fitted: whatever adds them up is marked as fitted.
    assert rows["events", "Lift-off"][-1].mark == MARKS["fit"] == content.answer.value.mark
    assert rows["falls", "fairing"][2].mark == MARKS["fit"] and rows["falls", "fairing"][-1].mark == MARKS["assumed"]
    assert all(sign in content.legend for sign in MARKS.values())


def test_a_failure_is_said_first_and_in_words(tmp_path):
    failed = flown.optimum(status="infeasible", advice="the target needs 312 m/s more than the vehicle has")
    result = replace(flown.result(), summary=summary(flown.mission(), failed, flown.flight()))
    text = (save(result, flown.mission(), tmp_path, render) / "report.html").read_text(encoding="utf-8")
    assert "312 m/s more" in text and 'class="answer bad"' in text
    assert "312 m/s more" in as_text(result.summary, language())


def test_a_body_outside_its_zone_spoils_the_verdict():
    document = flown.result().summary
    outside = [fall["name"] for fall in document["impacts"] if fall["inside"] is False]
    assert outside, "the hand-made flight was meant to miss"
    from baiterek.study.words import verdict_of

    assert not verdict_of(document)["good"] and verdict_of(document)["title"].startswith("No result")
    assert "OUTSIDE" in as_text(document, language())


def test_an_undated_problem_has_no_ephemeris_and_says_why(tmp_path):
    undated = {**flown.result().summary, "lift_off": None}
    folder = save(replace(flown.result(), summary=undated), flown.mission(), tmp_path, render)
    assert folder.name.startswith("undated-")
    assert {path.name for path in (folder / "exports").iterdir()} == {
        "flight.kml", "flight.geojson", "trajectory.csv", "falls.csv", "flight.nc",
    }  # fmt: skip
    assert "No ephemeris: the mission has no date" in (folder / "report.html").read_text(encoding="utf-8")


def test_events_are_in_order_and_the_mass_is_that_after_a_separation():
    history = flown.flight()
    found = {event.name: event.t_s for event in events(history)}
    assert list(found.values()) == sorted(found.values())
    assert {"lift-off", "max q", "insertion", "stage-1 separation", "fairing separation"} <= set(found)
    t = found["stage-1 separation"]
    before, after = at(history, "mass_kg", t - 1e-6), at(history, "mass_kg", t)
    stage = flown.mission().vehicle.stages[0]
    assert before - after > stage.inert_kg  # and what of the propellant was left


def test_the_page_opens_the_files_that_stand_beside_it(tmp_path):
    folder = save(flown.result(), flown.mission(), tmp_path / "runs", render)
    section = (folder / "report.html").read_text(encoding="utf-8").partition('<section id="files">')[2]
    links = re.findall(r'href="([^"]+)"', section)
    assert {"result.json", "mission.toml", "exports/trajectory.oem", "exports/flight.nc"} <= set(links)
    assert all((folder / link).is_file() for link in links)
    elsewhere = report(folder, "en", tmp_path / "alone.html")[0].read_text(encoding="utf-8")
    assert '<section id="files">' not in elsewhere


def test_a_number_that_there_is_not_has_no_unit():
    failed = flown.optimum(status="infeasible", advice="out of reach", history=None)
    found = summary(flown.mission(), failed, None)
    found["answer"] |= dict.fromkeys(("value", "insertion_mass_kg", "lift_off_mass_kg", "propellant_left_kg"))
    content = compose(replace(flown.result(), summary=found), {}, "", language())
    cells = [content.answer.value, *(cell for _, cell in content.sections[0].blocks[0].rows)]
    assert sum(cell.text == "–" for cell in cells) >= 4
    assert not [cell.text for cell in cells if cell.text.startswith("– ")]
