"""Re-entry from orbit by itself: the rule of latitude bands against closed forms and an orbit walked along."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import flown
from baiterek.catalogue.hazard_file import load_hazards
from baiterek.catalogue.read import load_upper_stage
from baiterek.catalogue.upper_hazard_file import load_upper_hazards
from baiterek.cli import app
from baiterek.errors import InputError
from baiterek.physics.earth import zone_area
from baiterek.safety.ground import Shape
from baiterek.safety.reentry import band_shares, people_under, reentry_area
from baiterek.safety.world import packaged_world

EDGES = np.radians(90.0 - 0.5 * np.arange(361))


@pytest.mark.parametrize("inclination_deg", [5.0, 28.5, 51.6, 90.0, 98.6])
def test_parts_of_the_time_add_up_and_are_those_of_an_orbit_walked_along(inclination_deg):
    inclination = np.radians(inclination_deg)
    shares = band_shares(EDGES, inclination)
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    u = 2.0 * np.pi * (np.arange(2_000_000) + 0.5) / 2e6
    latitude = np.arcsin(np.sin(inclination) * np.sin(u))
    walked = np.histogram(latitude, EDGES[::-1])[0][::-1] / 2e6
    np.testing.assert_allclose(shares, walked, atol=3e-6)


def test_even_people_are_met_with_their_density():
    """The same number on every m2 of the ellipsoid: that density under any orbit."""
    rings = -np.diff(zone_area(EDGES, Shape)) * 2.0 * np.pi
    even = replace(packaged_world(), people=np.repeat((3e-6 * rings / 720.0)[:, None], 720, axis=1))
    for inclination_deg in (10.0, 51.6, 97.8):
        assert people_under(np.radians(inclination_deg), even) == pytest.approx(3e-6, rel=1e-9)


def test_the_world_is_met_as_others_find_it():
    """1e-4 casualties for some 7 to 8 m2 (the area of NASA-STD-8719.14C and of NSS 1740.14): 12.5 to 14.3 people per km2
    about the year 2000, 27 % more in 2020 (6.1 and 7.76 billion); at 51.6 deg more than the mean over inclinations."""
    mean = np.mean([1e6 * people_under(np.radians(each)) for each in np.arange(30.0, 100.0, 5.0)])
    assert 12.5 < mean < 14.3 * 7.76 / 6.1 * 1.1


def test_the_casualty_area_is_the_sum_by_hand():
    pieces = load_hazards("soyuz-5").bodies["stage-2"].pieces
    by_hand = (0.6 + 3.0**0.5) ** 2 + 6 * (0.6 + 12.0**0.5) ** 2 + 30 * (0.6 + 1.3**0.5) ** 2 + 90 * (0.6 + 1.1**0.5) ** 2
    assert reentry_area(pieces) == pytest.approx(by_hand, rel=1e-12)


def test_the_command_says_what_a_stage_left_in_orbit_is_worth():
    done = CliRunner().invoke(app, ["reentry", str(flown.BUNDLED), "--json"])
    assert done.exit_code == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["body"] == "stage-2" and found["chance"] == 1.0 and found["holds"] is False
    assert found["casualties"] == pytest.approx(found["casualty_area_m2"] * found["people_1_km2"] * 1e-6, rel=1e-12)
    small = CliRunner().invoke(app, ["reentry", str(flown.BUNDLED), "--area", "1.5"])
    assert small.exit_code == 0 and "holds" in small.stdout


def test_an_upper_stage_comes_down_if_its_disposal_fails():
    mission = str(flown.PROJECT / "missions" / "soyuz5-fregat-sso.toml")
    found = json.loads(CliRunner().invoke(app, ["reentry", mission, "--area", "6", "--fails", "0.05", "--json"]).stdout)
    listed = json.loads(CliRunner().invoke(app, ["reentry", mission, "--json"]).stdout)
    pieces, stage = load_hazards("soyuz-5").bodies["stage-2"].pieces, load_upper_stage("fregat")
    own = load_upper_hazards(stage).breaks.pieces
    assert listed["casualty_area_m2"] == pytest.approx(reentry_area(own), rel=1e-9) and reentry_area(own) < reentry_area(pieces)
    assert found["disposal"] == "deorbit" and found["casualties"] == pytest.approx(0.05 * found["if_uncontrolled"], rel=1e-12)
    for words, said in ((["--fails", "2"], "0 to 1"), (["--area", "-1"], "above 0"), (["--inclination", "0"], "0.5 to")):
        refused = CliRunner().invoke(app, ["reentry", mission, *words])
        assert refused.exit_code == 2 and len(refused.stderr.strip().splitlines()) == 1 and said in refused.stderr


def test_drop_tanks_come_down_whether_the_stage_is_disposed_of_or_not(tmp_path):
    """360 of 1410 kg stay on the orbit before the last; a stage that burns once takes its tanks along."""
    text = (
        (flown.PROJECT / "missions" / "soyuz5-fregat-sso.toml").read_text(encoding="utf-8").replace('"fregat"', '"fregat-sb"')
    )
    asked = {}
    for burns in (2, 1):
        (tmp_path / f"{burns}.toml").write_text(text.replace("burns = 2", f"burns = {burns}"), encoding="utf-8")
        asked[burns] = [
            json.loads(CliRunner().invoke(app, ["reentry", str(tmp_path / f"{burns}.toml"), "--fails", part, "--json"]).stdout)
            for part in ("0", "0.1", "1")
        ]
    tanks = 360.0 / 1410.0
    for part, found in zip((0.0, 0.1, 1.0), asked[2], strict=True):
        assert found["tanks_area_m2"] == pytest.approx(tanks * found["casualty_area_m2"], rel=1e-12)
        assert found["casualties"] == pytest.approx(found["if_uncontrolled"] * (tanks + part * (1.0 - tanks)), rel=1e-12)
    for part, found in zip((0.0, 0.1, 1.0), asked[1], strict=True):
        assert found["tanks_area_m2"] == 0.0 and found["casualties"] == pytest.approx(
            part * found["if_uncontrolled"], rel=1e-12
        )


def test_a_target_that_leaves_its_inclination_free_asks_for_it():
    mission = str(flown.PROJECT / "missions" / "soyuz5-fregat-gto.toml")
    refused = CliRunner().invoke(app, ["reentry", mission])
    assert refused.exit_code == 2 and "--inclination DEG" in refused.stderr
    given = json.loads(CliRunner().invoke(app, ["reentry", mission, "--inclination", "25", "--json"]).stdout)
    assert given["inclination_deg"] == pytest.approx(25.0) and given["disposal"] == "lower" and given["chance"] == 0.1
    at_the_limit = ["reentry", mission, "--inclination", "25", "--area", str(given["largest_area_m2"]), "--json"]
    found = json.loads(CliRunner().invoke(app, at_the_limit).stdout)
    assert given["tanks_area_m2"] == 0.0
    assert found["casualties"] == pytest.approx(found["limit"], rel=1e-9)
    assert 0.1 * found["if_uncontrolled"] == pytest.approx(found["casualties"], rel=1e-9)


def test_an_orbit_over_the_equator_is_refused():
    with pytest.raises(InputError, match="inclination"):
        people_under(0.0)


def test_a_rule_that_does_not_limit_the_sum_is_refused_in_one_line(tmp_path):
    limits = '[limits]\nindividual = { value = 1e-6, source = "a" }'
    rule = f'title = "own"\n[sources]\na = {{ text = "a", grade = "assumed" }}\n{limits}'
    (tmp_path / "own.toml").write_text(rule, encoding="utf-8")
    refused = CliRunner().invoke(app, ["reentry", str(flown.BUNDLED), "--criteria", str(tmp_path / "own.toml")])
    assert refused.exit_code == 2 and len(refused.stderr.strip().splitlines()) == 1 and "collective" in refused.stderr
