"""Parts of a guide that are asked for: payload with an upper stage, and the spread of injection of a stored run."""

import json
import re
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

import flown
from baiterek.cli import app
from baiterek.errors import InputError
from baiterek.reports.guide import compose_guide
from baiterek.reports.language import language
from baiterek.study import guide as guides
from baiterek.study import monte_carlo as flights
from baiterek.study.guide import answer
from baiterek.study.guide_question import Question
from baiterek.study.performance_map import Cell, PerformanceMap
from baiterek.study.steering_file import read_steering, write_steering
from drawn import NAMES

pytestmark = pytest.mark.slow

STAGE = "block-dm-03-light"
UPPER = {"upper-apogee": "500,2000", "upper-sun-synchronous": "600,800", "upper-c3": "1,10"}
MARS = flown.PROJECT / "missions" / "soyuz5-dm03-mars.toml"


def by_hand(base, axes, workers=1, journal=None, progress=None):
    """A map without its optimiser; the last cell over energies was not solved."""
    cells = {}
    for k, index in enumerate(np.ndindex(*(len(axis.values) for axis in axes))):
        burn_s = {"stage-1": 150.0, STAGE: 600.5 + k}
        cells[index] = Cell(index, "converged", "", 9012.4 - 731.7 * k, 124.2 + k, ("propellant stage-2",), burn_s)
    if axes[0].name == "c3_km2_s2":
        cells[index] = Cell(index, "failed", "no flight found")
    return PerformanceMap(base, tuple(axes), cells)


@pytest.fixture(scope="module")
def spread(tmp_path_factory):
    """Folder of sixty flights of a pitch programme by hand, open loop."""

    def keep(of, journal, say):
        write_steering(journal / flights.STEERING, flown.by_hand(flown.mission()))
        return read_steering(journal / flights.STEERING)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flights, "_steering", keep)
        _, folder = flights.monte_carlo(flown.BUNDLED, flights.Asked(60, 5, guidance="open"), tmp_path_factory.mktemp("runs"))
    return folder


@pytest.fixture(scope="module")
def guide(tmp_path_factory, spread):
    question = Question(flown.BUNDLED, None, "200", "51.6,98", "300,1000", STAGE, UPPER, spread)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guides, "performance", by_hand)
        patch.setattr(guides, "run", lambda mission, *rest: (flown.result(), None))
        return answer(question, 1, tmp_path_factory.mktemp("guide"), lambda text: None)


def chapter(guide, key, name="en"):
    found = next(section for section in compose_guide(guide, language(name)).content.sections if section.key == key)
    return [block for block in found.blocks if block.kind == "table"], found


def test_every_payload_with_an_upper_stage_is_the_map_s_with_its_unit(guide):
    """Authority: result.json of the three maps, read back from the folder."""
    tables, section = chapter(guide, "with-upper-stage")
    heads = {"upper-apogee": "apogee_altitude_km", "upper-sun-synchronous": "sun_synchronous_km", "upper-c3": "c3_km2_s2"}
    for table, (name, axis) in zip(tables, heads.items(), strict=True):
        cells = json.loads((guide.folder / name / "result.json").read_text(encoding="utf-8"))["cells"]
        unit = "km²/s²" if axis.startswith("c3") else "km"
        expected = [
            [f"{cell[axis]:g} {unit}".replace("2000", "2,000"),
             "–" if cell["payload_kg"] is None else f"{cell['payload_kg']:,.0f} ± {cell['payload_sigma_kg']:,.0f}",
             "–" if cell["payload_kg"] is None else f"{cell[f'burn_{STAGE}_s']:.0f}"]
            for cell in cells
        ]  # fmt: skip
        assert [[cell.text for cell in row] for row in table.rows] == expected
    assert "‡" in tables[0].rows[0][1].mark or "†" in tables[0].rows[0][1].mark
    said = [item for block in section.blocks if block.kind == "bullets" for item in block.items]
    assert said == ["10 km²/s²: No flight found."] and not guide.good
    assert "Block DM-03" in section.title and [b.names for b in section.blocks if b.kind == "figures"]


def test_the_spread_of_injection_is_the_run_s_with_its_confidence(guide, spread):
    """Authority: result.json of the run as it was stored, in the trade's units."""
    (reached, table), section = chapter(guide, "accuracy")
    stored = json.loads((spread / "result.json").read_text(encoding="utf-8"))
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}
    value, low, high = (x / 1e3 for x in stored["outputs"]["insertion.perigee_altitude_m"]["sigma"])
    assert rows["Perigee altitude, km"][1] == f"{value:,.2f} ({low:,.2f} to {high:,.2f})"
    bias = stored["insertion"]["off"]["insertion.inclination_deg"]["bias"]
    assert rows["Inclination, deg"][0] == f"{bias:,.4f}"
    assert rows["Inclination, deg"][2].endswith("to –)"), "sixty flights do not bound what 99.73 % keep to"
    assert len(reached.columns) == 3, "no column says that the spread is unknown"
    notes = {block.tone: block.text for block in section.blocks if block.kind == "note"}
    assert notes["advice"].startswith("Open loop") and stored["run"][:16] in notes["soft"]
    assert f"{stored['flown']} of {stored['flights']} flights to their end, open loop" in notes["soft"]
    assert stored["drawn"] == 60
    without = 60 - stored["flights"]
    assert (f"With a failure, and not among them: {without}." in notes["soft"]) is (without > 0)


def test_perfect_navigation_is_said_to_be_assumed(guide, tmp_path):
    copied = tmp_path / guide.folder.name
    shutil.copytree(guide.folder, copied)
    file = copied / "accuracy" / "result.json"
    stored = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(
        json.dumps({**stored, "guidance": "closed loop", "perfect_navigation": True, "title": "Another"}), encoding="utf-8"
    )
    _, section = chapter(guides.read_guide(copied), "accuracy")
    said = " ".join(block.text for block in section.blocks if block.kind == "note")
    assert "Perfect navigation" in said and "another mission" in said and "Open loop" not in said


def test_these_chapters_are_russian_in_a_russian_guide(guide):
    composed = compose_guide(guide, language("ru"))
    figures = [figure for name, figure in composed.figures.items() if name.startswith("payload-upper")]
    for key in ("with-upper-stage", "accuracy"):
        section = next(section for section in composed.content.sections if section.key == key)
        said = [section.title]
        for block in section.blocks:
            said += [block.text] if block.kind == "note" else []
            said += [cell.text for row in block.rows for cell in row] if block.kind == "table" else []
            said += [column.title for column in block.columns] if block.kind == "table" else []
        text = re.sub(r"[0-9a-f]{16}|DISCOSweb", " ", NAMES.sub(" ", "\n".join(said)))
        assert not re.findall(r"[A-Za-z]{3,}[^\n]*", text)
    assert len(figures) == 3
    for figure in figures:
        drawn = re.sub(r"<style.*?</style>|<metadata>.*?</metadata>", " ", figure, flags=re.S)
        drawn = re.sub(r"run|[0-9a-f]{8}|WGS|DISCOSweb", " ", re.sub(r"<[^>]+>", " ", drawn))
        assert not re.findall(r"[A-Za-z]{3,}[^<\n]*", drawn)


def test_beside_an_escape_the_maps_start_from_a_low_orbit_with_the_mission_s_limits():
    question = Question(MARS, altitudes="200", inclinations="51.6")
    reference = question.reference()
    maps = question.maps(reference)
    assert list(maps) == ["payload", "apogee", "upper-apogee", "upper-sun-synchronous", "upper-c3"]
    for name, (base, _) in maps.items():
        upper = name.startswith("upper-")
        assert (base.upper_stage.name if base.upper_stage else None) == (STAGE if upper else None)
        assert base.burns.count is None, "which burns serve best depends on the orbit"
        assert base.target.escape is None and base.target.name == "leo-200-51.6"
        assert base.limits.dynamic_pressure_Pa == reference.limits.dynamic_pressure_Pa and not base.zones
        assert base.lift_off == reference.lift_off


def test_without_an_upper_stage_there_are_two_maps():
    question = Question(flown.BUNDLED)
    assert list(question.maps(question.reference())) == ["payload", "apogee"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--c3", "1,10"), "--c3: found 1,10; allowed: with --upper-stage"),
        (("--upper-stage", "saturn"), "saturn"),
        (("--upper-stage", "fregat", "--upper-apogee", "high"), "apogee_altitude_km: found high"),
        (("--upper-stage", "fregat", "--c3", "-3"), "c3_km2_s2: found -3"),
        (("--accuracy", "nowhere"), "nowhere/result.json"),
        (("--accuracy", "{a plan}"), "the folder of a `baiterek monte-carlo` run"),
        (("--vehicle", "delta-iii", "--accuracy", "{flights}"), "which the guide is about"),
    ],
)
def test_what_cannot_be_in_a_guide_is_one_line_and_writes_nothing(tmp_path, guide, spread, words, said):
    there = {"{a plan}": str(guide.folder / "reference"), "{flights}": str(spread)}
    result = CliRunner().invoke(app, ["guide", *(there.get(word, word) for word in words), "--out", str(tmp_path / "runs")])
    assert (result.exit_code, result.stdout) == (2, "") and said in result.stderr, result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 and not list(tmp_path.iterdir())


def test_another_run_makes_another_guide(guide, tmp_path, monkeypatch):
    monkeypatch.setattr(guides, "performance", by_hand)
    monkeypatch.setattr(guides, "run", lambda mission, *rest: (flown.result(), None))
    bare = answer(Question(flown.BUNDLED, None, "200", "51.6,98", "300,1000", STAGE, UPPER), 1, tmp_path, lambda text: None)
    assert bare.accuracy is None and bare.facts["hash"] != guide.facts["hash"]
    facts = json.loads((bare.folder / "guide.json").read_text(encoding="utf-8"))
    (bare.folder / "guide.json").write_text(json.dumps({**facts, "schema": 1}), encoding="utf-8")
    with pytest.raises(InputError, match=r"guide\.json: schema: found 1"):
        guides.read_guide(bare.folder)
