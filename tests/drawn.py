"""What stands on a figure, with the room that it takes."""

import pytest
from matplotlib.text import Text

from baiterek.reports.figures.draw import look, paint
from baiterek.reports.language import language


def texts_of(result, name="ground-track", tongue="en"):
    """The figure and every text on it with its box."""
    found, draw = [], Text.draw

    def seen(self, renderer):
        if self.get_visible() and self.get_text().strip():
            found.append((self.get_text(), self.get_window_extent(renderer)))
        return draw(self, renderer)

    with look(result), pytest.MonkeyPatch.context() as patch:
        figure, _ = paint(result, name, language(tongue))
        patch.setattr(Text, "draw", seen)
        figure.draw_without_rendering()
    return figure, found
