"""What stands on a figure, with the room that it takes."""

import re

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


NAMES = re.compile(
    # What stays in Latin letters: names, file names, symbols of physics, and the project's own.
    r"Baiterek|JSON|Parquet|NRLMSIS|EGM96|WGS|UTC|GCRF|TOD|J[24]|Flug Revue|SpaceBallistics|RealismOverhaul|RD170_Config\.cfg"
    r"|lpre\.de|engine\.space|studies/soyuz5_fit\.py|«fit»|soyuz5-[\w.-]+|[\w.-]+\.(?:ru|de|com)\b"
)
