"""The browser that the other tests of this folder look through."""

import pytest

pytestmark = pytest.mark.browser


def test_a_page_that_asks_another_host_is_caught_and_not_answered(page, tmp_path):
    (tmp_path / "page.html").write_text('<p>қазақша</p><img src="https://example.org/picture.png">', encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    assert page.inner_text("p") == "қазақша"
    assert page.asked == ["https://example.org/picture.png"]
