"""The vehicle is drawn to scale, measured on paper, and not drawn where its file has no dimensions."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.patches import Polygon

import flown
from baiterek.catalogue.read import load_mission
from baiterek.reports.figures.draw import drawable
from baiterek.reports.figures.vehicle import PERSON_m, places
from baiterek.study.parts import parts, undrawn
from baiterek.study.summary import UNSURE
from drawn import texts_of

DELTA = flown.PROJECT / "missions" / "published" / "delta-iii.toml"


def dressed():
    """Delta III's stages and boosters with dimensions of round numbers: no drawing of the real one."""
    vehicle = load_mission(DELTA).vehicle
    sizes = {"stage-1": (20.0, 2.4), "stage-2": (9.0, 4.0), "srb-lit-on-ground": (15.0, 1.2), "srb-lit-in-flight": (15.0, 1.2)}
    found = parts(vehicle, UNSURE)
    return [part | {"length_m": sizes[part["name"]][0], "diameter_m": sizes[part["name"]][1]} for part in found]


def with_parts(found):
    result = flown.result()
    return replace(result, summary={**result.summary, "vehicle": {**result.summary["vehicle"], "parts": found}})


def test_a_metre_is_as_long_across_as_along():
    figure, _ = texts_of(flown.result(), "vehicle")
    axes = figure.axes[0]
    body = next(p for p in axes.patches if isinstance(p, Polygon) and p.get_label() == "_stage")
    inches = axes.transData.transform(body.get_xy()) / figure.dpi
    bar = [c.get_datalim(axes.transData) for c in axes.collections]
    metre = (axes.transData.transform((10.0, 0.0)) - axes.transData.transform((0.0, 0.0)))[0] / figure.dpi / 10.0
    # Flug Revue: 4.1 m in diameter. Measured on the sheet, in inches, against the bar's metre.
    assert np.ptp(inches[:, 1]) / metre == pytest.approx(4.1, rel=1e-6)
    assert max(b.x1 for b in bar) - min(b.x0 for b in bar) == pytest.approx(10.0, abs=1e-9)


def test_the_parts_add_up_to_the_published_length():
    vehicle = flown.mission().vehicle
    whole = vehicle.published["length_m"]
    drawn = max(one.end_m for one in places(parts(vehicle, UNSURE)))
    assert drawn == pytest.approx(whole.value, abs=whole.sigma)


def test_what_is_assumed_is_marked():
    _, found = texts_of(flown.result(), "vehicle")
    text = "\n".join(t for t, _ in found)
    assert "37 ▲ × 4.1 m" in text, "the length is assumed, the diameter is published"
    assert "65.3 m ▲" in text and f"{PERSON_m}" in text


@pytest.mark.parametrize("tongue", ["en", "ru", "kk"])
def test_strap_ons_stand_beside_the_first_stage_and_no_text_covers_another(tongue):
    placed = places(dressed())
    boosters = [one for one in placed if one.kind == "booster"]
    assert len(boosters) == 4, "two of each kind are seen from the side"
    assert sorted(one.axis_m for one in boosters) == pytest.approx([-3.0, -1.8, 1.8, 3.0])
    assert max(one.end_m for one in placed) == 29.0
    figure, found = texts_of(with_parts(dressed()), "vehicle", tongue)
    for (one, a), (other, b) in combinations(found, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0.5 or up <= 1.5, f"{one!r} over {other!r}"
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y0 >= 0 for _, box in found)
    assert any("6 ×" in text for text, _ in found) and any("3 ×" in text for text, _ in found)


def test_a_vehicle_without_dimensions_is_not_drawn_and_says_why():
    vehicle = load_mission(DELTA).vehicle
    assert "vehicle" not in drawable(with_parts(parts(vehicle, UNSURE)))
    (sentence,) = undrawn(vehicle)
    assert "stage-1.length_m" in sentence and "srb-lit-on-ground.diameter_m" in sentence
    assert undrawn(flown.mission().vehicle) == []
    assert "vehicle" in drawable(flown.result())
