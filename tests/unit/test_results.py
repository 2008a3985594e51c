"""Planned against measured: differences by hand, distances by geodesics of PROJ, evidence of the results gate."""

import csv
import hashlib
import json
from math import sqrt
from typing import NamedTuple

import openpyxl
import pytest
from pyproj import Geod

from baiterek.campaign.commission.parts import Part
from baiterek.campaign.evidence.store import broken, cited, keep_path
from baiterek.campaign.gates.binding import rests_on
from baiterek.campaign.gates.records import Criterion
from baiterek.campaign.gates.sight import sight
from baiterek.campaign.programme.verification import Gate
from baiterek.campaign.results.compare import COLUMNS, compare, counts, unit_of
from baiterek.campaign.results.enter import enter, entry_for, write_rows
from baiterek.campaign.results.measured import Measured, read_measured
from baiterek.campaign.results.records import FlightResult
from baiterek.campaign.rows import reading
from baiterek.errors import Denied, InputError, Refused
from baiterek.study.planned import planned
from baiterek.study.results import SCHEMA, MissionResult
from gate_cases import FLIGHT, SECRETARY_OF, world
from record_cases import OBSERVER
from web_cases import browser, send

TOML = """
[sources]
tm = "telemetry report 12"
[[measured]]
quantity = "stage-1.separation.t_s"
value = 176.9
sigma = 0.05
source = "tm"
"""


class Plan(NamedTuple):
    name: str
    value: float
    sigma: float | None = None


def row_of(plan, measured):
    (row,) = compare(plan, measured)
    return row


def test_a_difference_in_its_unit_and_in_sigmas_of_both():
    # 176.9 - 176.4 = 0.5 s; sqrt(0.3^2 + 0.4^2) = 0.5 s: one sigma.
    row = row_of([Plan("stage-1.separation.t_s", 176.4, 0.4)], [Measured("stage-1.separation.t_s", 176.9, 0.3, "tm")])
    assert float(row["difference"]) == pytest.approx(0.5, abs=1e-9) and float(row["in_sigmas"]) == pytest.approx(1.0, abs=1e-9)
    assert (row["unit"], row["standing"], row["source"]) == ("s", "within", "tm")
    alone = row_of([Plan("stage-1.separation.t_s", 176.4)], [Measured("stage-1.separation.t_s", 176.9, 0.1, "tm")])
    assert float(alone["in_sigmas"]) == pytest.approx(5.0, abs=1e-6) and alone["standing"] == "beyond"
    assert alone["sigma_planned"] == ""


def test_what_is_missing_is_shown_as_missing():
    rows = compare([Plan("insertion.inclination_deg", 51.6)], [Measured("tank.pressure_Pa", 3e5, 1e3, "tm")])
    assert [(row["quantity"], row["standing"]) for row in rows] == [
        ("insertion.inclination_deg", "not_measured"), ("tank.pressure_Pa", "not_planned"),
    ]  # fmt: skip
    assert [rows[0][name] for name in ("measured", "difference", "in_sigmas")] == ["", "", ""] and rows[1]["planned"] == ""
    assert counts(rows) == {"within": 0, "beyond": 0, "not_measured": 1, "not_planned": 1}


def test_angles_of_a_whole_turn_differ_by_the_short_way():
    row = row_of([Plan("insertion.raan_deg", 359.9)], [Measured("insertion.raan_deg", 0.2, 0.1, "tm")])
    assert float(row["difference"]) == pytest.approx(0.3, abs=1e-9) and float(row["in_sigmas"]) == pytest.approx(3.0, abs=1e-6)
    row = row_of([Plan("a.impact.longitude_deg", -179.9)], [Measured("a.impact.longitude_deg", 179.9, 0.1, "tm")])
    assert float(row["difference"]) == pytest.approx(-0.2, abs=1e-9)


@pytest.mark.parametrize("there", [(50.2, 79.3), (50.165, 79.48), (48.0, 85.0)])
def test_the_distance_between_points_of_impact_is_the_geodesic(there):
    plan = [Plan("stage-1.impact.latitude_deg", 50.165), Plan("stage-1.impact.longitude_deg", 79.48)]
    names = [one.name for one in plan]
    rows = compare(plan, [Measured(name, value, 0.01, "search") for name, value in zip(names, there)])
    away = rows[-1]
    _, _, expected = Geod(ellps="WGS84").inv(79.48, 50.165, there[1], there[0])
    assert away["quantity"] == "stage-1.impact.distance_m"
    assert float(away["difference"]) == pytest.approx(expected, rel=1e-6, abs=0.1)


def test_units_are_those_of_the_name():
    known = {"a.t_s": "s", "a.speed_earth_m_s": "m/s", "a.altitude_m": "m", "a.inclination_deg": "deg", "a.mass_kg": "kg",
             "a.pressure_Pa": "Pa", "a.eccentricity": "1"}  # fmt: skip
    assert {name: unit_of(name) for name in known} == known


def test_measured_values_from_toml_and_from_a_table(tmp_path):
    (tmp_path / "m.toml").write_text(TOML)
    (tmp_path / "m.csv").write_text("quantity,value,sigma,source\nstage-1.separation.t_s,176.9,0.05,telemetry report 12\n")
    expected = [Measured("stage-1.separation.t_s", 176.9, 0.05, "telemetry report 12")]
    assert read_measured(tmp_path / "m.toml") == read_measured(tmp_path / "m.csv") == expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sigma = 0.05", "sigma = 0", "measured 1.sigma: found 0.0; allowed: more than 0"),
        ("sigma = 0.05\n", "", "measured 1.sigma"),
        ("value = 176.9", "value = nan", "measured 1.value"),
        ("value = 176.9", "value = true", "measured 1.value"),
        ('source = "tm"', 'source = "hearsay"', "one of"),
        ("stage-1.separation.t_s", "time", "a name with its unit"),
        ("sigma = 0.05", "sigma = 0.05\nunit = 's'", "measured 1.unit"),
    ],
)
def test_a_value_without_sigma_or_source_is_refused(tmp_path, old, new, said):
    assert old in TOML
    (tmp_path / "m.toml").write_text(TOML.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        read_measured(tmp_path / "m.toml")


SUMMARY = {
    "events": [{"name": "stage-1 separation", "t_s": 176.1, "altitude_m": 76e3, "speed_earth_m_s": 3595.0, "mass_kg": 1.0}],
    "achieved": {"perigee_altitude_km": 199.5, "apogee_altitude_km": None, "inclination_deg": 51.6, "raan_deg": 229.2},
    "impacts": [
        {"name": "stage-1", "landed": True, "t_s": 656.0, "latitude_deg": 50.2, "longitude_deg": 79.5},
        {"name": "fairing", "landed": False, "t_s": None, "latitude_deg": None, "longitude_deg": None},
    ],
}  # fmt: skip


def test_what_a_run_foretells_with_the_sigma_of_its_dispersed_flights(tmp_path):
    (tmp_path / "result.json").write_text(json.dumps({"outputs": {"stage-1.separation.t_s": {"sigma": [2.4, 2.3, 2.5]}}}))
    found = {one.name: one for one in planned(MissionResult(SUMMARY, {}, {}, {}), tmp_path)}
    assert found["stage-1.separation.t_s"] == ("stage-1.separation.t_s", 176.1, 2.4)
    assert found["insertion.perigee_altitude_m"].value == pytest.approx(199.5e3) and "insertion.apogee_altitude_m" not in found
    assert found["stage-1.impact.longitude_deg"].value == 79.5 and not any(name.startswith("fairing") for name in found)
    (tmp_path / "result.json").write_text("{}")
    with pytest.raises(InputError, match="monte-carlo"):
        planned(MissionResult(SUMMARY, {}, {}, {}), tmp_path)


@pytest.fixture()
def flown(database, tmp_path):
    made = world(database, tmp_path / "data")
    run = tmp_path / "2026-06-01-first"
    run.mkdir()
    (run / "result.json").write_text(json.dumps(SUMMARY))
    (tmp_path / "m.toml").write_text(TOML)
    return made


def entered(made, tmp_path, actor=None, id="RES-1", **values):
    actor = actor or SECRETARY_OF[Part.RU]
    rows = compare(planned(MissionResult(SUMMARY, {}, {}, {})), read_measured(tmp_path / "m.toml"))
    with made.database.writing(actor) as change:
        entry = entry_for(change.connection, FLIGHT, actor.part)
        asked = FlightResult(id, FLIGHT, Part.RU, values.get("criterion", entry), "", "", "")
        run, measured = (keep_path(made.store, path) for path in (tmp_path / "2026-06-01-first", tmp_path / "m.toml"))
        return enter(change, made.store, asked, run, measured, rows)


def test_results_are_evidence_of_the_results_gate_and_of_nothing_else(flown, tmp_path):
    result = entered(flown, tmp_path)
    with flown.database.reading() as look:
        criterion = reading.get(look, Criterion, result.criterion)
        pieces = cited(look, criterion.id, "criterion")
        other = reading.every(look, Criterion, flight=FLIGHT, gate=Gate.G4)[0]
        bound = rests_on(sight(look, lambda listed: broken(flown.store, listed), FLIGHT, "2026-06-02"), Gate.G5, "D-1")
    assert criterion.gate is Gate.G5 and {piece.kind for piece in pieces} == {"folder", "file"} and len(pieces) == 3
    assert {result.run_sha256, result.measured_sha256} < {piece.sha256 for piece in pieces} and not broken(flown.store, pieces)
    assert {piece.id for piece in pieces} <= set(bound)  # a decision on G5 is put to the vote with them, and signed over them
    with pytest.raises(Refused, match="is no entry of the results gate"):
        entered(flown, tmp_path, id="RES-2", criterion=other.id)
    with pytest.raises(Refused, match="one of that name"):
        entered(flown, tmp_path)
    (tmp_path / "m.toml").write_text((tmp_path / "m.toml").read_text() + "\n# read off again\n")
    again = entered(flown, tmp_path, id="RES-4")  # a better measurement of the same run: the run is cited already
    assert again.run_sha256 == result.run_sha256 and again.measured_sha256 != result.measured_sha256
    with flown.database.reading() as look:
        assert {piece.sha256 for piece in cited(look, result.criterion, "criterion")} > {piece.sha256 for piece in pieces}
    for actor in (SECRETARY_OF[Part.KZ], OBSERVER):
        with pytest.raises(Denied):
            entered(flown, tmp_path, actor, id="RES-3", criterion=result.criterion)


def test_a_result_as_csv_xlsx_and_json(flown, tmp_path):
    result = entered(flown, tmp_path)
    for end in ("csv", "xlsx", "json"):
        write_rows(tmp_path / f"t.{end}", result)
    as_csv = list(csv.DictReader((tmp_path / "t.csv").open(encoding="utf-8-sig")))
    as_json = json.loads((tmp_path / "t.json").read_text())
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert len(as_csv) == len(as_json) == sheet.max_row - 1 == len(result.rows)
    assert list(as_json[0]) == list(COLUMNS) == [cell.value for cell in sheet[1]]
    separation = next(row for row in as_json if row["quantity"] == "stage-1.separation.t_s")
    assert float(separation["difference"]) == pytest.approx(0.8, abs=1e-6)
    assert float(separation["in_sigmas"]) == pytest.approx(0.8 / sqrt(0.05**2), rel=1e-6)
    with pytest.raises(InputError, match=r"\.csv, \.xlsx or \.json"):
        write_rows(tmp_path / "t.txt", result)


def test_a_result_is_entered_on_its_page_as_by_the_command_line(flown, tmp_path):
    visitor = browser(flown.database, "secretary:RU")
    assert 'action="/results/enter"' in visitor.get("/results").text
    summary = json.dumps({**SUMMARY, "schema": SCHEMA}).encode()
    run = [("run", (f"first/{name}", text)) for name, text in (("result.json", summary), ("provenance.json", b"{}"))]
    measured = [("measured", ("m.toml", TOML.encode()))]
    form = {"id": "RES-1", "flight": FLIGHT, "note": "telemetry"}

    def sent(office, files, **values):
        return send(browser(flown.database, office), "/results/enter", {**form, **values}, files=files)

    with flown.database.reading() as look:
        criterion = entry_for(look, FLIGHT, Part.RU)
    assert sent("member:KZ", [*run, *measured], criterion=criterion).status_code == 403
    wrong = ([*measured], [*run[:1], *measured], [("run", ("../x", b"{}")), *measured], [*run, ("measured", ("m.txt", b""))])
    for files in wrong:
        assert sent("secretary:RU", files).status_code == 400, files
    assert sent("secretary:RU", [*run, *measured]).headers["location"] == "/result?id=RES-1"
    assert sent("secretary:RU", [*run, *measured]).status_code == 409
    with flown.database.reading() as look:
        found = reading.get(look, FlightResult, "RES-1")
    assert (found.criterion, found.run, found.note) == (criterion, "first", "telemetry")
    for asked, there in ((f"flight={FLIGHT}", True), ("part=RU", True), ("part=KZ", False)):
        assert ('href="/result?id=RES-1"' in visitor.get(f"/results?{asked}").text) is there, asked
    assert '<a href="/campaigns" aria-current="page">' in visitor.get("/result?id=RES-1").text
    assert list(found.rows) == compare(planned(MissionResult(SUMMARY, {}, {}, {})), read_measured(tmp_path / "m.toml"))
    assert found.measured_sha256 == hashlib.sha256(TOML.encode()).hexdigest()
    assert all("0,8" in visitor.get(f"/result?id=RES-1&language={name}").text for name in ("ru", "kk"))
    assert all(visitor.get(f"/result?id=RES-1&sort={name}").status_code == 200 for name in ("-standing", "nothing"))
