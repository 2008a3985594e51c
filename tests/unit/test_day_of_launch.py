"""The decision on the day of launch: criteria, their reasons, the command, its exit statuses, the page."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import flown
from baiterek import cli
from baiterek.catalogue.mission import Limits
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.soundings import read_sounding
from baiterek.flight import simulate
from baiterek.physics.gust import gust_q_alpha
from baiterek.physics.table import table_value
from baiterek.reports.day_of_launch import render_day
from baiterek.study import day_of_launch as module
from baiterek.study.criteria import BIASED, UNBIASED, criteria, drops, margin
from baiterek.study.day_of_launch import Day, decision, smoothed, with_room

pytestmark = pytest.mark.slow
BOISE = flown.PROJECT / "missions" / "soundings" / "boise-2010-12-09.html"
WINDY = {"environment.wind": "sounding", "environment.wind_file": str(BOISE)}


@pytest.fixture(scope="module")
def day() -> Day:
    """A steering by hand in place of both optima, flown in the climatology and in the sounding."""
    mission, today = flown.mission(), load_mission(flown.BUNDLED, WINDY)
    steering = flown.flight().steering
    windy = simulate(today, steering)
    sounding = read_sounding(BOISE, mission.site.latitude_rad, mission.lift_off)
    optimum = flown.optimum()
    return Day(mission, today, sounding, 9.0, optimum, optimum, flown.flight(), {UNBIASED: windy, BIASED: windy})


def rows(day, **limits):
    mission = replace(day.mission, limits=replace(Limits(), **limits), zones={})
    changed = replace(day, mission=mission)
    gusts = {name: np.asarray(module._gust(flight, day.gust_m_s)) for name, flight in day.flights.items()}
    return {row["name"]: row for row in criteria(changed, gusts)}


# --- the gust -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("airspeed", [150.0, 450.0, 900.0])
def test_a_gust_across_the_flow_turns_it_by_its_angle(airspeed):
    # By vectors: the angle between the flow before and with the gust.
    before, with_gust = np.array([airspeed, 0.0]), np.array([airspeed, 9.0])
    cosine = before @ with_gust / np.linalg.norm(before) / np.linalg.norm(with_gust)
    assert gust_q_alpha(40e3, airspeed, 9.0) == pytest.approx(40e3 * np.arccos(cosine), rel=1e-5)


# --- criteria -----------------------------------------------------------------------------------------


def test_a_load_is_met_or_not_with_its_share_of_the_limit(day):
    greatest = float(np.nanmax(day.flights[BIASED]["dynamic_pressure_Pa"]))
    row = rows(day, dynamic_pressure_Pa=2.0 * greatest)["dynamic pressure"]
    assert row["met"] and row["reason"] == "50.0 % to spare" and row["biased"] == pytest.approx(greatest)
    row = rows(day, dynamic_pressure_Pa=0.8 * greatest)["dynamic pressure"]
    assert not row["met"] and row["reason"] == "25.0 % too much"
    assert rows(day, dynamic_pressure_Pa=greatest * (1.0 - 5e-4))["dynamic pressure"]["reason"] == "at its limit"


def test_q_alpha_has_the_gust_in_it(day):
    flight = day.flights[BIASED]
    q, v = flight["dynamic_pressure_Pa"], flight["airspeed_m_s"]
    angle = np.radians(flight["angle_of_attack_deg"])
    fast = v > 120.0
    expected = float(np.nanmax((q * (angle + np.arctan2(9.0, v)))[fast]))
    row = rows(day, q_alpha_Pa_rad=1e9)["q alpha with gust"]
    assert row["biased"] == pytest.approx(expected, rel=2e-3)
    assert row["biased"] > 1.02 * float(np.nanmax(flight["q_alpha_Pa_rad"]))


def test_a_mission_without_limits_has_no_criteria_of_load(day):
    assert set(rows(day)) == {"programme for the measured wind", "margin", "wind measured where loads peak"}


def test_the_margin_is_payload_above_the_plan_and_the_reserve(day):
    heavier = replace(day, biased=flown.optimum(payload_kg=flown.PAYLOAD_kg - 40.0))
    assert margin(heavier)["margin_kg"] == pytest.approx(-40.0)
    stage = day.mission.vehicle.stages[-1]
    reserve = replace(day.mission.reserve, last_stage_fraction=0.01)
    held = replace(heavier, mission=replace(day.mission, reserve=reserve))
    assert margin(held)["margin_kg"] == pytest.approx(0.01 * float(stage.usable_kg) - 40.0)
    short = next(row for row in decision(heavier)["criteria"] if row["name"] == "margin")
    assert not short["met"] and short["reason"] == "40.0 kg short"


def test_a_day_without_a_programme_is_a_no_go_that_says_why(day):
    failed = flown.optimum(status="infeasible", advice="q alpha would have to give by 12 %")
    nothing = replace(day, biased=failed, flights={UNBIASED: day.flights[UNBIASED]})
    document = decision(nothing)
    assert document["decision"] == "NO-GO" and document["margin"]["margin_kg"] is None
    assert not any(row["met"] for row in document["criteria"] if row["limit"])
    assert "q alpha would have to give by 12 %" in document["criteria"][0]["reason"]


def test_drop_points_move_with_the_wind_by_the_distance_between_them(day):
    from math import asin, cos, radians, sin, sqrt

    for row in drops(day):
        a, b = row["planned"], row["biased"]
        la, lb, dl = radians(a["latitude_deg"]), radians(b["latitude_deg"]), radians(b["longitude_deg"] - a["longitude_deg"])
        # Haversine on the mean sphere; 0.5 %: the ellipsoid.
        h = sin((lb - la) / 2) ** 2 + cos(la) * cos(lb) * sin(dl / 2) ** 2
        assert b["moved_m"] == pytest.approx(2 * 6371e3 * asin(sqrt(h)), rel=5e-3)
        assert b["moved_m"] > 500.0


def test_a_sounding_below_the_peak_of_the_loads_is_no_go(day):
    low = replace(day, sounding=replace(day.sounding, altitude_m=(90.0, 3000.0), east_m_s=(1.0,) * 2, north_m_s=(1.0,) * 2))
    row = next(row for row in decision(low)["criteria"] if row["name"] == "wind measured where loads peak")
    assert not row["met"] and "measured from 0.1 to 3.0 km" in row["reason"]


# --- the wind that is planned in ----------------------------------------------------------------------


def test_the_smoothed_wind_keeps_the_jet_and_the_room_is_that_of_the_gust(day):
    z = np.arange(0.0, 30e3, 100.0)
    detailed, smooth = (table_value(z, m.environment.wind_east) for m in (day.today, smoothed(day.today)))
    assert np.sqrt(np.mean((detailed - smooth) ** 2)) < 4.0 and smooth.max() > 50.0
    limits = with_room(day.mission, 900.0).limits
    assert limits.q_alpha_Pa_rad == pytest.approx(3500.0 * 0.95 - 900.0)
    assert limits.dynamic_pressure_Pa == pytest.approx(49.5e3)


# --- the command --------------------------------------------------------------------------------------


def run(monkeypatch, day, out, *words):
    monkeypatch.setattr(module, "replan", lambda *_: day)
    return CliRunner().invoke(
        cli.app, ["day-of-launch", str(flown.BUNDLED), "--sounding", str(BOISE), "--out", str(out), *words]
    )


def easy(day):
    """The same day under limits that anything keeps."""
    return replace(day, mission=replace(day.mission, limits=Limits(q_alpha_Pa_rad=1e6), zones={}))


def test_the_exit_status_is_the_decision(day, monkeypatch, tmp_path):
    go, no_go = run(monkeypatch, easy(day), tmp_path), run(monkeypatch, day, tmp_path)
    assert (go.exit_code, no_go.exit_code) == (0, 1)
    assert go.stdout.startswith("GO: ") and no_go.stdout.startswith("NO-GO: ")
    assert "this is an exercise" in go.stdout  # the balloon is of 2010


def test_the_folder_holds_the_page_and_all_that_it_was_made_from(day, monkeypatch, tmp_path):
    document = json.loads(run(monkeypatch, easy(day), tmp_path, "--json").stdout)
    folder = Path(document["folder"])
    found = {path.name for path in folder.iterdir()}
    assert {"report.html", "result.json", "provenance.json", "mission.toml", "sounding.html", "steering-biased.json"} <= found
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert ">GO" in page and "72681 BOI Boise" in page and page.count("<figure") == 2
    assert "http" not in page.partition("<main")[2].replace("http://www.w3.org", "")
    origin = json.loads((folder / "provenance.json").read_text())
    assert list(origin["sounding"]) == [BOISE.name]


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_pdf_is_one_page_in_every_language(day, monkeypatch, tmp_path, language):
    pypdf = pytest.importorskip("pypdf")
    folder = Path(json.loads(run(monkeypatch, day, tmp_path, "--json").stdout)["folder"])
    render_day(folder, language)
    assert len(pypdf.PdfReader(folder / "report.pdf").pages) == 1


def test_a_mission_without_a_date_is_refused(tmp_path):
    text = flown.BUNDLED.read_text().replace("utc = 2026-12-15T09:00:00Z", "sidereal_angle_deg = 10.0")
    mission = tmp_path / "undated.toml"
    mission.write_text(text.replace('wind = "climatology"', 'wind = "none"'))
    result = CliRunner().invoke(cli.app, ["day-of-launch", str(mission), "--sounding", str(BOISE), "--out", str(tmp_path)])
    assert result.exit_code == 2 and "epoch.utc" in result.stderr


BAD = {
    ("--sounding", "nowhere.txt"): "nowhere.txt",
    ("--sounding", str(flown.BUNDLED)): "found",
    ("--gust", "-3"): "0 to 30 m/s",
    ("--language", "la"): "en, ru, kk",
}  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_is_one_line_and_status_2(words, tmp_path):
    asked = {"--sounding": str(BOISE)} | {words[0]: words[1]}
    flat = [word for pair in asked.items() for word in pair]
    result = CliRunner().invoke(cli.app, ["day-of-launch", str(flown.BUNDLED), "--out", str(tmp_path / "runs"), *flat])
    assert result.exit_code == 2 and not (tmp_path / "runs").exists()
    [line] = [line for line in result.stderr.splitlines() if "found" in line]
    assert BAD[words] in line
