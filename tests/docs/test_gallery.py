"""The scripts of the gallery run, and print the numbers that their pages show.

The captured numbers are our own: this is no check of them (the ledger is), but of the pages being what the code does.
"""

import re

import pytest

import gallery

RELATIVE, ABSOLUTE = 2e-3, 2.0
"""Libraries of another version end an optimisation elsewhere within its tolerances: a kilogram or two of payload."""
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?![\w.]*\d)")


@pytest.mark.parametrize("script", gallery.SCRIPTS, ids=lambda script: script.stem)
def test_a_script_prints_what_its_page_shows(script, tmp_path):
    printed, figure = gallery.run(script, tmp_path)
    kept = script.with_suffix(".txt").read_text(encoding="utf-8")
    assert NUMBER.sub("#", printed).split() == NUMBER.sub("#", kept).split(), "run: python builders/gallery.py"
    for ours, shown in zip(NUMBER.findall(printed), NUMBER.findall(kept), strict=True):
        assert float(ours) == pytest.approx(float(shown), rel=RELATIVE, abs=ABSOLUTE), "run: python builders/gallery.py"
    assert figure.read_text(encoding="utf-8").rstrip().endswith("</svg>")
