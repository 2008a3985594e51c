"""The payload planner's guide says what its maps, its reference run and the catalogue say, in words that its reader has."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pypdf
import pytest
from typer.testing import CliRunner

import flown
from baiterek.cli import app
from baiterek.reports.guide import compose_guide, write_guide
from baiterek.reports.language import language
from baiterek.study import guide as guides
from baiterek.study.environments import environments, released_s
from baiterek.study.guide import answer, read_guide
from baiterek.study.guide_question import Question
from baiterek.study.performance_map import Cell, PerformanceMap
from drawn import NAMES

pytestmark = pytest.mark.slow

ALTITUDES, INCLINATIONS, APOGEES = "200,300", "51.6,64.8,98", "300,1000"
QUESTION = Question(flown.BUNDLED, None, ALTITUDES, INCLINATIONS, APOGEES)
WORDS = ("guide", str(flown.BUNDLED), "--altitude", ALTITUDES, "--inclination", INCLINATIONS, "--apogee", APOGEES)
REFUSED = ("by the smallest violation that a local search found, which is no proof, the target needs 22 m/s more than "
           "stage-1 has (783 kg of propellant): lower the payload or the orbit")  # fmt: skip


def by_hand(base, axes, workers=1, journal=None, progress=None):
    """A map without its optimiser: numbers that differ from cell to cell, the last cell out of reach."""
    shape = tuple(len(axis.values) for axis in axes)
    cells = {}
    for k, index in enumerate(np.ndindex(*shape)):
        active = ("dynamic_pressure_Pa", "propellant stage-2") if k % 2 else ("propellant stage-2",)
        cells[index] = Cell(index, "converged", "", 17012.4 - 731.7 * k, 424.2 + 3.1 * k, active)
    cells[index] = Cell(index, "infeasible", REFUSED)
    return PerformanceMap(base, tuple(axes), cells)


@pytest.fixture()
def solved(monkeypatch):
    """What would be computed, without optimiser; says what was asked for."""
    calls = []

    def performance(base, axes, *rest):
        calls.append("map")
        return by_hand(base, axes)

    def run(mission, *rest):
        calls.append("run")
        return flown.result(), None

    monkeypatch.setattr(guides, "performance", performance)
    monkeypatch.setattr(guides, "run", run)
    return calls


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guides, "performance", by_hand)
        patch.setattr(guides, "run", lambda mission, *rest: (flown.result(), None))
        return answer(QUESTION, 1, tmp_path_factory.mktemp("guide"), lambda text: None)


@pytest.fixture(scope="module")
def content(guide):
    """In English."""
    return compose_guide(guide, language()).content


def section(content, key):
    return next(section for section in content.sections if section.key == key)


def tables(content, key):
    return [block for block in section(content, key).blocks if block.kind == "table"]


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_every_payload_of_a_table_is_the_map_s(guide, content):
    """Authority: result.json of the maps, read back from the folder; rounded to the kilogram that the guide prints."""
    for key, name, cells in (("performance", "payload", 6), ("ellipses", "apogee", 2)):
        stored = json.loads((guide.folder / name / "result.json").read_text(encoding="utf-8"))["cells"]
        written = [
            cell.text for row in tables(content, key)[0].rows for cell in row[1:] if "±" in cell.text or cell.text == "–"
        ]
        expected = [
            f"{cell['payload_kg']:,.0f} ± {cell['payload_sigma_kg']:,.0f}" if cell["payload_kg"] is not None else "–"
            for cell in stored
        ]
        assert written == expected and len(expected) == cells


def test_every_number_of_a_stage_is_the_catalogue_s_with_its_mark(content):
    rows = {row[0].text: row[1:] for row in tables(content, "vehicle")[0].rows}
    datum = flown.mission().vehicle.data["stage-1.dry_mass_kg"]
    assert rows["Dry mass"][0].text == f"{datum.value:,.0f} ± {datum.sigma:,.0f} kg" and rows["Dry mass"][0].mark == "‡"
    assert rows["Engines"][0].text == "1 × RD-171MV" and rows["Thrust at sea level"][0].mark == ""


def test_a_cell_without_payload_says_why(content):
    [bullets] = [block for block in section(content, "performance").blocks if block.kind == "bullets"]
    why = REFUSED.replace("stage-1", "stage 1").removeprefix("b")
    assert list(bullets.items) == [f"300 km, 98 deg: B{why}."]


def test_what_is_unknown_is_said_to_be(content):
    assert [row[-1].text for row in tables(content, "accuracy")[0].rows] == ["unknown"] * 3
    fairing = dict(section(content, "fairing").blocks[0].rows)
    assert fairing["Usable volume and diameter"].text == "unknown" and fairing["Length outside"].mark == "†"
    rules = dict(section(content, "rules").blocks[0].rows)
    assert rules["Azimuths that the pad permits"].text == "unknown" and rules["Launch azimuths of the maps"].mark == "†"


@pytest.mark.parametrize("name", ["en", "ru"])
def test_the_pdf_says_what_the_page_says(guide, name):
    files = {file.suffix: file for file in write_guide(guide, name)}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files[".pdf"].read_bytes())).pages)
    found = re.sub(r"[\s\u00ad\x02-]+", "", text)
    content = compose_guide(guide, language(name)).content
    said = [content.title, content.contents, *(each.title for each in content.sections)]
    said += [cell.text for each in content.sections for block in each.blocks if block.kind == "table" for row in block.rows
             for cell in row]  # fmt: skip
    assert not [each for each in said if re.sub(r"[\s-]+", "", each) not in found]
    page = files[".html"].read_text(encoding="utf-8")
    assert all(f'id="{each.key}"' in page and f'href="#{each.key}"' in page for each in content.sections)


def test_a_russian_guide_has_no_english_left_in_it(guide):
    composed = compose_guide(guide, language("ru"))
    page = composed.as_file(".html").decode()
    text = re.sub(r"<(style|script|code).*?</\1>|<span class=\"hash\">.*?</span>|<svg.*?</svg>", " ", page, flags=re.S)
    own = r"Spaceflight 101|DISCOSweb|ДМ-SLB|block-dm-[\w-]+|RD58_Config\.cfg|S5_92_Config\.cfg|CCN|[Dd]espace|db/lv\.md"
    text = re.sub(own, " ", NAMES.sub(" ", re.sub(r"<[^>]+>", " ", text)))
    assert not re.findall(r"[A-Za-z]{2,}[^<\n]*", text)
    for name in ("payload-map", "payload-apogee"):
        drawn = re.sub(r"<style.*?</style>|<metadata>.*?</metadata>", " ", composed.figures[name], flags=re.S)
        drawn = re.sub(r"run|[0-9a-f]{8}|WGS", " ", re.sub(r"<[^>]+>", " ", drawn))
        assert not re.findall(r"[A-Za-z]{3,}[^<\n]*", drawn), name


def test_another_language_computes_nothing(tmp_path, solved):
    assert run(*WORDS, "--out", tmp_path)[0] == 1, "the hand-made flight misses its zones: that is no success"
    [folder] = tmp_path.iterdir()
    assert solved == ["run", "map", "map"]
    _, out, _ = run(*WORDS, "--out", tmp_path, "--language", "ru", "--json")
    assert solved == ["run", "map", "map"] and list(tmp_path.iterdir()) == [folder]
    document = json.loads(out)
    assert document["folder"] == str(folder) and [file[-11:] for file in document["files"]] == ["ide-ru.html", "uide-ru.pdf"]
    assert document["payload"]["cells"][0]["payload_kg"] == 17012.4


def test_an_interrupted_guide_goes_on_with_the_parts_it_has(tmp_path, solved, monkeypatch):
    whole = guides.performance

    def interrupt(base, axes, *rest):
        raise KeyboardInterrupt

    monkeypatch.setattr(guides, "performance", interrupt)
    with pytest.raises(KeyboardInterrupt):
        answer(QUESTION, 1, tmp_path, lambda text: None)
    assert solved == ["run"]
    monkeypatch.setattr(guides, "performance", whole)
    found = answer(QUESTION, 1, tmp_path, lambda text: None)
    assert solved == ["run", "map", "map"] and [path.name for path in tmp_path.iterdir()] == [found.folder.name]


def test_without_typst_there_is_a_page_and_one_line(tmp_path, solved, monkeypatch):
    monkeypatch.setattr("baiterek.reports.guide.pdf_can_be_made", lambda: False)
    _, out, err = run(*WORDS, "--out", tmp_path)
    assert out.strip().endswith("guide.html") and len(out.splitlines()) == 1
    assert len([line for line in err.splitlines() if "no PDF: the package typst is absent" in line]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("guide", "--altitude", "high"), "altitude_km: found high"),
        (("guide", "--vehicle", "saturn"), "saturn"),
        (("guide", "--language", "fr"), "found fr"),
        (("guide", flown.PROJECT / "missions" / "published" / "goddard.toml"), "objective"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(tmp_path, words, said):
    code, out, err = run(*words, "--out", tmp_path / "runs")
    assert (code, out) == (2, "") and said in err and len(err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_no_guide_is_one_line(tmp_path):
    from baiterek.errors import InputError

    with pytest.raises(InputError, match=r"guide\.json"):
        read_guide(tmp_path)


def test_the_heat_on_the_payload_counts_from_the_release_of_the_fairing():
    result = flown.result()
    released = released_s(result)
    rows = {row["name"]: row for row in environments(result)}
    heat = rows["free-molecular heat flux, payload uncovered"]
    later = result.trajectory["t_s"] >= released
    assert heat["t_s"] >= released and heat["value"] == np.nanmax(result.trajectory["heat_flux_W_m2"][later])
    assert rows["dynamic pressure"]["limit"] == 50e3 and rows["dynamic pressure"]["t_s"] < released
    covered = replace(result, summary={**result.summary, "events": []})
    assert "free-molecular heat flux, payload uncovered" not in {row["name"] for row in environments(covered)}
