"""The report as a browser shows it: offline, whole at 1280 and at 375 px, in three languages."""

import pytest

import flown
from baiterek.reports.language import LANGUAGES
from baiterek.reports.render import render, report
from baiterek.study.results import save

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = save(flown.result(), flown.mission(), tmp_path_factory.mktemp("runs"), render)
    return {name: report(folder, name, folder / f"{name}.html")[0] for name in LANGUAGES}


@pytest.mark.parametrize("name", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_is_asked_for_and_nothing_is_cut(page, pages, name, width):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(pages[name].as_uri())
    assert not page.asked and not errors
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, p, td, th, dt, dd, li, figcaption')]
            .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && e.offsetWidth > 2)
            .map(e => e.tagName + ': ' + e.textContent)"""
    )
    assert not cut


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_page_weighs_no_more_than_3_MB(pages, name):
    assert pages[name].stat().st_size <= 3_000_000


def test_on_paper_the_page_keeps_its_order_and_loses_nothing(page, pages):
    page.goto(pages["en"].as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth + 1)")


def test_pointing_at_one_plot_of_the_page_marks_all(page, pages):
    page.goto(pages["ru"].as_uri())
    plot = page.locator("#figure-altitude")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"])
    marked = page.evaluate("[...document.querySelectorAll('#flight figure')].map(f => f.querySelector('g.linked').textContent)")
    assert len(marked) > 8 and sum("," in text for text in marked) >= len(marked) - 1, marked
