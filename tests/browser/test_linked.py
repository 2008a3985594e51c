"""Pointing at an instant in one figure marks it in all, by mouse, keys and finger."""

import re

import numpy as np
import pytest

import flown
from baiterek.reports.figures import draw, linked_data, linked_script
from baiterek.reports.language import language

pytestmark = pytest.mark.browser

T_s = 120.0


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return page_in("en", tmp_path_factory.mktemp("page"))


def page_in(tongue, folder):
    """A page with every figure of the bundled flight, and what is linked in it."""
    result, words = flown.result(), language(tongue)
    drawn = draw(result, folder / "figures", words)
    links = {name: figure.link for name, figure in drawn.items()}
    figures = "".join(
        f'<figure id="figure-{name}" style="margin:0;width:600px">{figure.svg[figure.svg.index("<svg") :]}</figure>'
        for name, figure in drawn.items()
    )
    path = folder / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8>{figures}{linked_script(result, words, links)}", encoding="utf-8")
    return path, linked_data(result, words, links)


@pytest.fixture()
def shown(page, sheet):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(sheet[0].as_uri())
    yield page, sheet[1]
    assert not errors and not page.asked


def point(page, name, x, y):
    """Move the mouse to a point of a figure's viewBox."""
    page.locator(f"#figure-{name}").scroll_into_view_if_needed()
    at = page.evaluate(
        "([name, x, y]) => { const p = new DOMPoint(x, y).matrixTransform("
        "document.querySelector(`#figure-${name} svg`).getScreenCTM()); return [p.x, p.y]; }",
        [name, x, y],
    )
    page.mouse.move(*at)


def place(page, name, shape):
    """Where the mark of a figure stands, in its viewBox; None where it is hidden."""
    return page.evaluate(
        """([name, shape]) => {
            const group = document.querySelector(`#figure-${name} g.linked`), mark = group.querySelector(shape);
            if (group.getAttribute("visibility") === "hidden") return null;
            return (shape === "line" ? ["x1", "x2"] : ["cx", "cy"]).map(key => +mark.getAttribute(key));
        }""",
        [name, shape],
    )


def along(data, name, t_s):
    x = data["figures"][name]["x"]
    return x["start"] + x["step"] * t_s


def test_the_mouse_in_one_figure_marks_the_instant_in_all(shown):
    page, data = shown
    top, bottom = (data["figures"]["altitude"]["box"][i] for i in (1, 3))
    point(page, "altitude", along(data, "altitude", T_s), 0.5 * (top + bottom))
    flight = flown.result().trajectory
    for name, figure in data["figures"].items():
        if figure["track"] is None:
            assert place(page, name, "line") == pytest.approx([along(data, name, T_s)] * 2, abs=0.8), name
        else:
            expected = [np.interp(T_s, data["t"], coordinate) for coordinate in figure["track"]]
            assert place(page, name, "circle") == pytest.approx(expected, abs=1.0), name
    altitude_km = np.interp(T_s, flight["t_s"], flight["altitude_m"]) / 1e3
    said = page.text_content("#figure-altitude g.linked text")
    assert float(said.removesuffix(" km")) == pytest.approx(altitude_km, abs=0.6)
    assert all(unit in page.inner_text("#linked-readout") for unit in (" s", " km", " m/s", " kPa", " kg"))


def test_the_map_and_the_profile_point_too(shown):
    page, data = shown
    for name in (name for name, figure in data["figures"].items() if figure["track"]):
        middle = len(data["t"]) // 2
        x, y = (coordinate[middle] for coordinate in data["figures"][name]["track"])
        point(page, name, x, y)
        assert place(page, "altitude", "line")[0] == pytest.approx(along(data, "altitude", data["t"][middle]), abs=3.0), name


def test_a_figure_that_ends_earlier_shows_no_mark_after_its_end(shown):
    page, data = shown
    _, top, right, bottom = data["figures"]["altitude"]["box"]
    point(page, "altitude", right, 0.5 * (top + bottom))
    assert place(page, "mass", "line") is not None and place(page, "dynamic-pressure", "line") is None


def test_where_a_curve_has_no_value_it_gets_no_dot(shown):
    page, data = shown
    _, top, _, bottom = data["figures"]["heat-flux"]["box"]
    # On the way through dense air the flux means nothing and is not drawn.
    point(page, "heat-flux", along(data, "heat-flux", 20.0), 0.5 * (top + bottom))
    assert place(page, "heat-flux", "line") is not None and page.locator("#figure-heat-flux g.linked circle").is_hidden()
    assert page.locator("#figure-mass g.linked circle").is_visible()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.49, 0.51, 0.8, 1.0])
def test_values_at_the_mark_stay_inside_the_axes(shown, share):
    page, data = shown
    left, top, right, bottom = data["figures"]["altitude"]["box"]
    point(page, "altitude", left + share * (right - left), 0.5 * (top + bottom))
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("g.linked")].filter(g => g.getAttribute("visibility") === "visible")
            .flatMap(g => [...g.querySelectorAll("text")].filter(t => t.textContent).map(t => {
                const b = t.getBBox(); return [g.parentNode.parentNode.id, b.x, b.x + b.width]; }))"""
    )
    assert len(boxes) > 5
    for name, start, end in boxes:
        box = data["figures"][name.removeprefix("figure-")]["box"]
        assert box[0] - 0.5 <= start and end <= box[2] + 0.5, (name, start, end, box)


def test_numbers_have_the_form_of_the_language_even_where_the_browser_lacks_it(page, tmp_path):
    page.goto(page_in("kk", tmp_path)[0].as_uri())
    page.locator("svg[tabindex='0']").focus()
    page.keyboard.press("Home")
    mass_kg = flown.result().trajectory["mass_kg"][0]
    assert page.inner_text("#linked-readout").endswith(f"{language('kk').number(float(mass_kg))} кг")
    page.keyboard.press("ArrowRight")
    assert re.search(r"\d,\d с\b", page.inner_text("#linked-readout"))


def test_arrow_keys_step_and_escape_ends(shown):
    page, data = shown
    page.locator("svg[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    first = place(page, "mass", "line")[0]
    page.keyboard.press("Shift+ArrowRight")
    assert place(page, "mass", "line")[0] > first > along(data, "mass", 0.0)
    page.keyboard.press("End")
    assert place(page, "mass", "line")[0] == pytest.approx(data["figures"]["mass"]["box"][2], abs=0.1)
    page.keyboard.press("Escape")
    assert place(page, "mass", "line") is None and page.locator("#linked-readout").is_hidden()


def test_a_finger_marks_too_and_paper_shows_nothing(chromium, sheet):
    context = chromium.new_context(viewport={"width": 375, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(sheet[0].as_uri())
    box = page.locator("#figure-altitude").bounding_box()
    page.touchscreen.tap(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    assert place(page, "mass", "line") is not None
    page.emulate_media(media="print")
    assert page.locator("#figure-mass g.linked").is_hidden() and page.locator("#linked-readout").is_hidden()
    context.close()
