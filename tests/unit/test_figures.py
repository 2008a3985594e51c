"""Figures of the bundled run as a reader meets them: nothing outside the sheet, nothing over another, units, stamp."""

from itertools import combinations

import pytest
from matplotlib.text import Text

import flown
from baiterek.reports.figures.draw import FIGURES, drawable, look, paint
from baiterek.reports.language import language

LANGUAGES = ("en", "ru", "kk")
UNITS = {"en": ("s", "km", "km/s", "Mach", "kPa", "kPa·rad", "m/s²", "deg", "MN", "%", "t", "W/m²", "deg east")}
UNITS["ru"] = ("с", "км", "км/с", "число М", "кПа", "кПа·рад", "м/с²", "°", "МН", "%", "т", "Вт/м²", "° в. д.")


@pytest.fixture(scope="module")
def painted():
    """Each figure in each language, and every text that was drawn on it with its box in points."""
    result, found = flown.result(), {}
    for tongue in LANGUAGES:
        for name in FIGURES:
            drawn = []

            class Seen(Text):
                def draw(self, renderer, drawn=drawn):
                    if self.get_visible() and self.get_text().strip():
                        drawn.append((self.get_text(), self.get_window_extent(renderer)))

            with look(result), pytest.MonkeyPatch.context() as patch:
                figure, _ = paint(result, name, language(tongue))
                patch.setattr(Text, "draw", Seen.draw)
                figure.draw_without_rendering()
            found[name, tongue] = figure, drawn
    return found


def test_every_figure_is_drawn_of_the_bundled_run():
    assert drawable(flown.result()) == list(FIGURES)


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_sheet_or_covers_another(painted, name, tongue):
    figure, texts = painted[name, tongue]
    wide, high = figure.bbox.width, figure.bbox.height
    assert len(texts) >= 8, "the numbers of two axes, their labels, the stamp"
    for text, box in texts:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= wide and box.y1 <= high
        assert inside, f"{text!r} at {box.extents} leaves the sheet of {wide:.0f} x {high:.0f}"
    for (one, a), (other, b) in combinations(texts, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # Boxes reach above and below what is inked; a point of common height hides nothing.
        assert across <= 0.5 or up <= 1.5, f"{one!r} over {other!r} by {across:.1f} x {up:.1f} pt"
