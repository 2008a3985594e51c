"""Figures of the bundled run as a reader meets them: nothing outside the sheet, nothing over another, units, stamp."""

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.text import Text
from typer.testing import CliRunner

import flown
from baiterek.cli import app
from baiterek.reports.figures.draw import FIGURES, draw, drawable, look, paint, shorter
from baiterek.reports.figures.files import FORMATS, figures
from baiterek.reports.figures.linked import MOST_ROWS, link, linked_data
from baiterek.reports.language import language
from baiterek.reports.performance import map_svg
from baiterek.reports.sheet import confidence
from baiterek.study.results import save

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "ru", "kk")
UNITS = {
    "en": ("s", "km", "km/s", "Mach", "kPa", "kPa·rad", "m/s²", "deg", "MN", "%", "t", "W/m²", "deg east"),
    "ru": ("с", "км", "км/с", "число М", "кПа", "кПа·рад", "м/с²", "°", "МН", "%", "т", "Вт/м²", "° в. д."),
    "kk": ("с", "км", "км/с", "М саны", "кПа", "кПа·рад", "м/с²", "°", "МН", "%", "т", "Вт/м²", "° ш. б."),
}


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
                figure, readings = paint(result, name, language(tongue))
                patch.setattr(Text, "draw", Seen.draw)
                figure.draw_without_rendering()
            found[name, tongue] = figure, drawn, readings
    return found


def test_every_figure_is_drawn_of_the_bundled_run():
    # Its stage falls near the pad and its zones lie far off: a map of these alone would show nothing larger.
    assert drawable(flown.result()) == [name for name in FIGURES if name != "drop-zones"]


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_sheet_or_covers_another(painted, name, tongue):
    figure, texts, _ = painted[name, tongue]
    wide, high = figure.bbox.width, figure.bbox.height
    assert len(texts) >= 8, "the numbers of two axes, their labels, the stamp"
    for text, box in texts:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= wide and box.y1 <= high
        assert inside, f"{text!r} at {box.extents} leaves the sheet of {wide:.0f} x {high:.0f}"
    for (one, a), (other, b) in combinations(texts, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # Boxes reach above and below what is inked; a point of common height hides nothing.
        assert across <= 0.5 or up <= 1.5, f"{one!r} over {other!r} by {across:.1f} x {up:.1f} pt"


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_every_axis_says_its_unit_in_the_language(painted, tongue):
    over_time = [name for name in FIGURES if painted[name, tongue][2] is not None]
    assert len(over_time) >= 12
    for name in over_time:
        axes = painted[name, tongue][0].axes[0]
        for label in (axes.get_xlabel(), axes.get_ylabel()):
            assert label.rpartition(", ")[2] in UNITS[tongue], f"{name}: {label!r}"
    assert {"en": ", km;", "ru": ", км;", "kk": ", км;"}[tongue] in painted["profile", tongue][0].axes[0].get_ylabel()


def test_another_language_has_other_labels_and_its_own_decimals(painted):
    for name in FIGURES:
        labels = {tongue: painted[name, tongue][0].axes[0].get_ylabel() for tongue in LANGUAGES}
        assert labels["en"] not in (labels["ru"], labels["kk"]), f"{name}: {labels}"  # a mass is масса in both
    numbers = {tongue: {text for text, _ in painted["q-alpha", tongue][1]} for tongue in LANGUAGES}
    assert "1.5" in numbers["en"] and "1,5" in numbers["ru"] and "1,5" in numbers["kk"]


def test_every_figure_is_stamped(painted):
    result = flown.result()
    unsure = sum(row["unsure"] for row in result.summary["data"])
    assert unsure, "the bundled vehicle has assumed masses"
    for name in FIGURES:
        texts = " ".join(text for text, _ in painted[name, "en"][1])
        for part in (f"run {result.hash[:8]}", "nominal flight", "WGS 84", f"▲ {unsure} of {len(result.summary['data'])}"):
            assert part in texts or ("CONTRADICTED" in texts and part == "nominal flight"), f"{name} lacks {part!r}"
    assert "inertial axes of launch" in " ".join(text for text, _ in painted["speed", "en"][1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"contradictions": []}, "nominal flight"),
        ({"contradictions": ["the flight breaks a limit"]}, "CONTRADICTED"),
        ({"status": "infeasible"}, "NO RESULT"),
        ({"contradictions": [], "gap": {"flight_position_m": None}}, "not flown"),
    ],
)
def test_the_stamp_says_how_sure_the_curves_are(change, said):
    assert said in confidence({**flown.result().summary, **change}, language("en"))


def test_limits_are_named_with_their_unit_and_do_not_flatten_the_curve():
    words, result = language("en"), flown.result()
    verdicts = [{**limit, "limit": 5e6} if limit["name"] == "dynamic_pressure" else limit for limit in result.summary["limits"]]
    with look(result):
        near, _ = paint(result, "dynamic-pressure", words)
        far, _ = paint(replace(result, summary={**result.summary, "limits": verdicts}), "dynamic-pressure", words)
    assert "limit 50 kPa" in near.axes[0].get_legend_handles_labels()[1]
    assert "limit 5,000 kPa, above the axis" in far.axes[0].get_legend_handles_labels()[1]
    assert far.axes[0].get_ylim()[1] < 100.0


def test_links_put_the_ends_of_an_axis_on_the_box_and_a_value_where_it_is_drawn():
    words, result = language("en"), flown.result()
    for name in FIGURES:
        with look(result):
            figure, readings = paint(result, name, words)
        axes, place = figure.axes[0], link(result, figure, readings, FIGURES[name].track)
        if place is None:
            assert name == "vehicle", "a drawing in which time is nowhere"
            continue
        frame = axes.get_window_extent()  # in points: a figure has 72 dots an inch
        high = figure.get_figheight() * 72.0
        assert place.box == pytest.approx((frame.x0, high - frame.y1, frame.x1, high - frame.y0), abs=1e-6), name
        assert (place.x(axes.get_xlim()[0]), place.x(axes.get_xlim()[1])) == pytest.approx((frame.x0, frame.x1), abs=1e-6)
        assert place.y(axes.get_ylim()[0]) == pytest.approx(high - frame.y0, abs=1e-6)
        inside = 0.3 * axes.get_xlim()[0] + 0.7 * axes.get_xlim()[1], 0.3 * axes.get_ylim()[0] + 0.7 * axes.get_ylim()[1]
        drawn = axes.transData.transform(inside)
        assert (place.x(inside[0]), place.y(inside[1])) == pytest.approx((drawn[0], high - drawn[1]), abs=1e-6), name


def test_the_rows_of_a_page_follow_every_curve(tmp_path):
    words, result = language("ru"), flown.result()
    drawn = draw(result, tmp_path / "figures", words)
    links = {name: figure.link for name, figure in drawn.items()}
    data = linked_data(result, words, links)
    assert len(data["t"]) <= MOST_ROWS and data["number"] == "1\u00a0234,5"
    assert set(data["figures"]) == set(FIGURES) - {"drop-zones", "vehicle"}
    assert len(json.dumps(data)) < 200_000 and sum(len(figure.svg) for figure in drawn.values()) < 2_000_000
    t, rows = result.trajectory["t_s"], np.array(data["t"])
    apart = np.r_[True, np.diff(t) > 0] & np.r_[np.diff(t) > 0, True]  # between the two rows of a separation anything is right
    for name, place in ((name, place) for name, place in links.items() if place is not None):
        for reading, kept in zip(place.readings, data["figures"][name]["readings"]):
            values = np.array([np.nan if value is None else value for value in kept["values"]])
            # On an axis of decades the script reads between two rows in decades, too.
            follows = np.exp(np.interp(t, rows, np.log(values))) if place.y.log else np.interp(t, rows, values)
            error = np.abs(place.y(follows) - place.y(reading.values))[apart]
            assert np.nanmax(error) <= 1.5, f"{name}: {np.nanmax(error):.2f} pt, more than the width of its line"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(flown.result(), flown.mission(), tmp_path_factory.mktemp("runs"), None)


@pytest.mark.parametrize("form", FORMATS)
def test_the_command_writes_a_figure_in_each_format(folder, tmp_path, form):
    words = ["figures", folder, "--format", form, "--only", "mass", "--only", "altitude", "--language", "kk", "--out", tmp_path]
    answer = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert answer.exit_code == 0, answer.output
    files = [Path(file) for file in json.loads(answer.stdout)["files"]]
    assert files == [tmp_path / f"altitude-kk.{form}", tmp_path / f"mass-kk.{form}"]
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert all(file.read_bytes().startswith(starts[form]) for file in files)
    assert sorted(tmp_path.iterdir()) == files
    if form == "svg":
        text = "".join(ElementTree.parse(files[1]).getroot().itertext())
        assert language("kk")("time since lift-off, s") in text, "text is text, not outlines"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "tiff"], "svg, pdf, png"),
        (["--only", "pressure"], "dynamic-pressure"),
        (["--language", "fr"], "en, ru, kk"),
    ],
)
def test_a_wrong_word_is_one_line_with_what_is_allowed(folder, tmp_path, words, said):
    answer = CliRunner().invoke(app, ["figures", str(folder), "--out", str(tmp_path / "new"), *words])
    assert answer.exit_code == 2 and said in answer.stderr and answer.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_results_folder_is_one_line(tmp_path):
    answer = CliRunner().invoke(app, ["figures", str(tmp_path)])
    assert answer.exit_code == 2 and "a results folder" in answer.stderr and answer.stderr.count("\n") == 1


def test_the_same_run_gives_the_same_bytes(folder, tmp_path):
    for form in FORMATS:
        files = [figures(folder, form, ["speed"], language("en"), tmp_path / name)[0] for name in ("one", "two")]
        assert files[0].read_bytes() == files[1].read_bytes(), form


def test_the_page_of_the_documentation_names_every_figure():
    text = (flown.PROJECT / "docs" / "results-folder.md").read_text(encoding="utf-8")
    assert not [name for name in FIGURES if name not in text]


def test_a_shorter_picture_has_the_same_paths_to_a_hundredth_of_a_point():
    straight = "M 12.345678 -3.999999 \nL 0.000123 45.5 \nL 7 8.126001 \nz\n"
    curved = "M 0 3.123456 \nC 0.795609 3 1.55874 2.683901 2.12132 2.12132 \nL 1.111111 2 \nz\n"
    svg = f'<g id="x 1.234567"><path d="{straight}" style="width: 0.123456"/><path d="{curved}"/></g>'
    short = shorter(svg)
    assert short.startswith('<g id="x 1.234567">') and 'style="width: 0.123456"' in short, "only paths change"
    for before, after in zip((straight, curved), re.findall(r' d="([^"]*)"', short), strict=True):
        numbers = [[float(n) for n in re.findall(r"-?\d+\.?\d*", text)] for text in (before, after)]
        assert numbers[1] == pytest.approx(numbers[0], abs=0.005) and len(numbers[0]) == len(numbers[1])
        assert after.count("M") == 1 and after.count("z") == 1
    assert "C 0.8 3" in short and "\nL 1.11 2" in short, "after a curve a straight line has to say that it is one"


def test_a_payload_map_of_four_orbits_has_kilograms_on_its_contours():
    """Two rows and two columns: each contour is one straight line, whose number stands in its middle."""
    cells = [
        {"altitude_km": high, "inclination_deg": i, "status": "converged", "payload_kg": 20e3 - 15.0 * high - 80.0 * i,
         "active": "", "why": ""}
        for high in (200.0, 300.0) for i in (46.0, 60.0)
    ]  # fmt: skip
    axes = {"altitude_km": [200.0, 300.0], "inclination_deg": [46.0, 60.0]}
    document = {"vehicle": "Soyuz-5", "site": "Baikonur", "axes": axes, "cells": cells}
    assert len(re.findall(r">1[123],\d{3}<", map_svg(document, "run", language()))) >= 5
