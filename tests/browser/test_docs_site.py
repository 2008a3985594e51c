"""The documentation in a browser, opened from disk: nothing sticks out at 1280 and 375 px, and the search finds."""

import pytest

pytestmark = pytest.mark.browser


WIDTHS = (1280, 375)


def test_no_page_is_wider_than_the_window_and_no_picture_is_missing(page, site):
    wrong = []
    for file in sorted(site.rglob("*.html")):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(file.as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{file.relative_to(site)} is wider than {width} px")
        broken = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        wrong += [f"{file.relative_to(site)}: {picture}" for picture in broken]
    assert not wrong
    assert page.asked == []


def test_the_search_finds_without_a_server(page, site):
    page.goto((site / "index.html").as_uri())
    page.click("label[for=__search] >> visible=true") if page.viewport_size["width"] < 960 else page.focus(".md-search__input")
    page.keyboard.type("geostrophic")
    page.wait_for_selector(".md-search-result__item a", timeout=20000)
    assert "physics" in " ".join(a.get_attribute("href") for a in page.query_selector_all(".md-search-result__item a"))
    assert page.asked == []
