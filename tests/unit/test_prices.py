"""Natural steps: each changes what it says by what it says, and has a name in every language."""

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import flown
from baiterek.catalogue.read import load_mission
from baiterek.catalogue.site import Ellipse, Polygon, RangeBand
from baiterek.cli import app
from baiterek.errors import InputError
from baiterek.physics.table import table_value
from baiterek.reports.language import language
from baiterek.reports.prices import CHANGES, change_name, owner_name
from baiterek.reports.terminal import prices_as_text
from baiterek.study.prices import prices
from baiterek.trajectory.steps import steps

MISSIONS = sorted((flown.PROJECT / "missions").rglob("*.toml"))
RADIUS_m = 6.371e6
PLACE = (np.radians(46.0), np.radians(68.0))


def step_of(mission, of, what):
    return next(step for step in steps(mission) if (step.of, step.what) == (of, what))


def on_a_sphere(zone):
    """The bundled mission over a sphere, where lengths over the ground have a closed form."""
    mission = flown.mission()
    earth = mission.environment._replace(radius_m=RADIUS_m, flattening=0.0)
    return replace(mission, environment=earth, zones={"stage-1": zone})


def distance_m(a, b):
    """Of two places over a sphere: half-versed sines (Sinnott 1984)."""
    half = np.sin(0.5 * (b[0] - a[0])) ** 2 + np.cos(a[0]) * np.cos(b[0]) * np.sin(0.5 * (b[1] - a[1])) ** 2
    return 2.0 * RADIUS_m * np.arcsin(np.sqrt(half))


def bearing_rad(a, b):
    east = np.sin(b[1] - a[1]) * np.cos(b[0])
    north = np.cos(a[0]) * np.sin(b[0]) - np.sin(a[0]) * np.cos(b[0]) * np.cos(b[1] - a[1])
    return float(np.arctan2(east, north))


@pytest.mark.parametrize(
    ("what", "azimuth_deg", "km", "longer_km"),
    [
        ("moved downrange", 62.0, 10.0, 0.0),
        ("moved to the right", 152.0, 10.0, 0.0),
        ("far edge moved downrange", 62.0, 5.0, 10.0),
        ("near edge moved uprange", 62.0 - 180.0, 5.0, 10.0),
    ],
)
@pytest.mark.parametrize("turned", [0.0, np.pi])
def test_an_ellipse_moves_along_its_axis_and_across(what, azimuth_deg, km, longer_km, turned):
    """The axis may be given either way round: downrange is away from the pad (which lies to the west)."""
    zone = Ellipse("z", *PLACE, 120e3, 60e3, np.radians(62.0) + turned)
    moved = step_of(on_a_sphere(zone), "zone stage-1", what).change(on_a_sphere(zone), 1.0).zones["stage-1"]
    to = (moved.latitude_rad, moved.longitude_rad)
    assert distance_m(PLACE, to) == pytest.approx(km * 1e3, rel=1e-5)  # along the tangent: tan of 10 km / R
    assert np.cos(bearing_rad(PLACE, to) - np.radians(azimuth_deg)) == pytest.approx(1.0, abs=1e-9)
    assert moved.length_m - zone.length_m == pytest.approx(1e3 * longer_km, abs=1e-6) and moved.width_m == zone.width_m


def test_a_polygon_moves_whole_and_grows_in_every_direction():
    half = np.radians(1.0)
    corners = [(PLACE[0] + a * half, PLACE[1] + b * half) for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
    mission = on_a_sphere(Polygon("z", tuple(corners)))
    moved = step_of(mission, "zone stage-1", "moved downrange").change(mission, 1.0).zones["stage-1"].vertices_rad
    assert [distance_m(a, b) for a, b in zip(corners, moved, strict=True)] == pytest.approx([10e3] * 4, rel=2e-3)
    wider = step_of(mission, "zone stage-1", "wider in every direction").change(mission, 1.0).zones["stage-1"].vertices_rad
    grown = [distance_m(wider[k], wider[k - 2]) - distance_m(corners[k], corners[k - 2]) for k in (2, 3)]
    assert grown == pytest.approx([10e3] * 2, rel=2e-2)


def test_a_band_moves_one_edge_at_a_time():
    mission = on_a_sphere(RangeBand("z", 1.1e6, 1.2e6))
    far = step_of(mission, "zone stage-1", "far edge moved downrange").change(mission, 0.5).zones["stage-1"]
    near = step_of(mission, "zone stage-1", "near edge moved uprange").change(mission, 0.5).zones["stage-1"]
    assert (far.min_m, far.max_m, near.min_m, near.max_m) == (1.1e6, 1.205e6, 1.095e6, 1.2e6)


def test_the_headwind_blows_against_the_flight_at_the_jet_and_nowhere_else():
    mission = flown.mission()
    blown = step_of(mission, "wind", "headwind in the jet").change(mission, 1.0).environment
    heights = np.linspace(0.0, 40e3, 401)
    east, north = (
        np.array([table_value(h, getattr(blown, name)) - table_value(h, getattr(mission.environment, name)) for h in heights])
        for name in ("wind_east", "wind_north")
    )
    speed = np.hypot(east, north)
    assert speed.max() == pytest.approx(10.0, abs=0.5)  # between the knots of the table
    assert 6e3 <= heights[speed.argmax()] <= 16e3
    assert speed[heights > 25e3].max() < 0.5
    # sin(azimuth) = cos(i) / cos(latitude), a north-eastward launch: the wind comes from there.
    azimuth = np.arcsin(np.cos(mission.target.inclination_rad.low) / np.cos(mission.site.latitude_rad))
    peak = speed.argmax()
    assert np.arctan2(-east[peak], -north[peak]) == pytest.approx(azimuth, abs=np.radians(0.3))


def data_of(mission):
    stage = mission.upper_stage
    own = {} if stage is None else {f"upper_stage.{key}": datum for key, datum in stage.data.items()}
    return {**mission.vehicle.data, **own}


@pytest.mark.parametrize("file", MISSIONS, ids=lambda file: file.stem)
def test_a_step_changes_the_data_that_it_names_and_has_its_words(file):
    mission = load_mission(file)
    values = {path: datum.value for path, datum in data_of(mission).items()}
    assert len(steps(mission)) > 3
    for step in steps(mission):
        changed = data_of(step.change(mission, 0.5))
        named = {path for path, value in values.items() if changed[path].value != value} - {"shroud.threshold"}
        assert named == set(step.paths), step
        for name in ("ru", "kk"):
            words = language(name)
            row = {"what": step.what, "amount": step.amount, "unit": step.unit}
            assert step.what == "more" or words.said(step.what) != step.what, step.what
            assert owner_name(step.of, words) and change_name(row, words)


def test_every_kind_of_step_is_listed_for_translation():
    english = language()
    listed = [english(text).partition("{")[0] for text in CHANGES]
    for file in MISSIONS:
        for step in steps(load_mission(file)):
            assert step.what == "more" or any(step.what.startswith(text) for text in listed), step.what


def test_a_limit_that_the_mission_does_not_have_is_one_line():
    with pytest.raises(
        InputError, match=r"--only: found dynamic presure; allowed: a limit or a part of this mission: dynamic_"
    ):
        prices(flown.mission(), only=["dynamic presure"])


def test_the_terminal_shows_price_difference_and_ratio_side_by_side():
    document = {**flown.result().summary, "totals": [{"of": "zone stage-1", "cost": 310.0, "advice": ""}]}
    checks = {"q_alpha": (1.25, True), "zone stage-1": (30.0, False), "stage-2": (-100.0, True)}
    document["prices"] = [
        row | dict(zip(("difference", "agrees"), checks.get(row["of"], (None, None)), strict=True)) | {"ratio": None}
        for row in document["prices"]
    ]
    for row in document["prices"]:
        row["ratio"] = row["gain"] / row["difference"] if row["difference"] else None
    lines = [" ".join(line.split()) for line in prices_as_text(document, language()).splitlines()]
    assert "dynamic pressure × angle of attack 100 Pa·rad more +1.20 kg +1.25 kg 0.9600" in lines
    assert "zone of stage 1 far edge moved downrange: 10 km +42.0 kg +30.0 kg 1.4000 !" in lines
    sigma = flown.mission().vehicle.data["stage-2.dry_mass_kg"].sigma
    assert f"stage 2 dry mass: +100 kg −100.0 kg {sigma:.1f} kg −100.0 kg 1.0000" in lines
    assert "zone of stage 1 310.0 kg" in lines


def test_the_command_refuses_a_limit_that_is_not_there():
    answer = CliRunner().invoke(app, ["prices", str(flown.BUNDLED), "--only", "max q", "--json"])
    assert answer.exit_code == 2 and answer.stdout == ""
    assert answer.stderr.startswith("baiterek: prices: --only: found max q; allowed: ") and answer.stderr.count("\n") == 1
