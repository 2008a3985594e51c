"""Mission and vehicle files as they are read: what is understood, what is refused, and in which words."""

from __future__ import annotations

import json
import re
from math import radians
from pathlib import Path

import pytest

from baiterek.catalogue.document import CATALOGUE, names
from baiterek.catalogue.read import load_mission, load_site, load_vehicle
from baiterek.errors import InputError

PROJECT = Path(__file__).resolve().parents[2]
MISSIONS = sorted([*(PROJECT / "missions").rglob("*.toml"), *(CATALOGUE / "templates").glob("*.toml")])


@pytest.fixture
def bundled(tmp_path):
    """A copy of the bundled mission and its vehicle to spoil: `spoil(part, old, new)` returns the mission's path."""

    def spoil(part: str, *changes: tuple[str, str]) -> Path:
        mission = (CATALOGUE / "templates" / "soyuz5-leo.toml").read_text(encoding="utf-8")
        vehicle = (CATALOGUE / "vehicles" / "soyuz-5.toml").read_text(encoding="utf-8")
        site = (CATALOGUE / "sites" / "baikonur-45.toml").read_text(encoding="utf-8")
        texts = {"mission": mission, "vehicle": vehicle, "site": site}
        texts["mission"] = texts["mission"].replace('vehicle = "soyuz-5"', 'vehicle = "vehicle.toml"')
        texts["mission"] = texts["mission"].replace('site = "baikonur-45"', 'site = "site.toml"')
        for old, new in changes:
            pattern = re.compile(old, re.MULTILINE)
            assert pattern.search(texts[part]), f"{old} is not in the {part} file"
            texts[part] = pattern.sub(new, texts[part], count=1)
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return tmp_path / "mission.toml"

    return spoil


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_mission(path)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message


def test_mean_elements_are_refused_where_their_theory_ends(bundled):
    """Eccentricity (1000 - 200) / (1000 + 200 + 2 * 6378.137) = 0.0573; the near-circular form holds to 0.05."""
    shape = '[target]\nperigee_altitude_km = 200.0\napogee_altitude_km = 1000.0\ninclination_deg = 51.6\nkind = "mean"\n\n['
    message = refusal(bundled("mission", (r"^\[target\][^\[]*\[", shape)))
    assert "mission.toml: target.kind" in message and "an eccentricity of 0.057" in message and "up to 0.05" in message


@pytest.mark.parametrize("path", MISSIONS, ids=lambda path: path.stem)
def test_every_shipped_mission_is_read_and_resolves_to_json(path):
    mission = load_mission(path)
    assert json.loads(json.dumps(mission.resolved))["name"] == mission.name
    assert set(mission.vehicle.data) == set(mission.resolved["vehicle"]["numbers"])


@pytest.mark.parametrize("name", names("vehicles"))
def test_every_number_of_a_shipped_vehicle_has_a_declared_source(name):
    vehicle = load_vehicle(name)
    for path, datum in {**vehicle.data, **vehicle.published}.items():
        assert datum.source in vehicle.sources, path


def test_the_goddard_rocket_has_its_published_numbers():
    # GPOPS manual, Goddard rocket (ft, slug, s): m0 = 3, mf = 1, T = 193.044, c = 1580.9425279876559, g = 32.174.
    # NIST SP 811 for the units: 1 ft = 0.3048 m, 1 slug = 14.59390 kg, 1 lbf = 4.448222 N.
    mission = load_mission(PROJECT / "missions" / "published" / "goddard.toml")
    stage, environment = mission.vehicle.stages[0], mission.environment
    assert stage.tanks.loaded_kg + stage.inert_kg == pytest.approx(3 * 14.59390, rel=1e-6)
    assert stage.engines[0].thrust_vac_N == pytest.approx(193.044 * 4.448222, rel=1e-6)
    flow = 193.044 / 1580.9425279876559 * 14.59390
    assert stage.engines[0].mass_flow_kg_s == pytest.approx(flow, rel=1e-6)
    drag_factor = 0.5 * environment.reference_density_kg_m3 * mission.vehicle.aerodynamics.reference_area_m2
    assert drag_factor == pytest.approx(5.49153484923381010e-05 * 14.59390 / 0.3048, rel=1e-6)
    assert environment.uniform_gravity_m_s2 == pytest.approx(32.174 * 0.3048, rel=1e-12)
    assert mission.payload_kg == 0.0


def test_delta_iii_has_its_published_masses_and_impulses():
    # Benson 2005 / Rao et al. 2010: 301454 kg at lift-off; Isp as published, to the digits published.
    from baiterek.catalogue.sequence import sequence

    mission = load_mission(PROJECT / "missions" / "published" / "delta-iii.toml")
    assert sequence(mission).lift_off_mass_kg == pytest.approx(301454.0, abs=1e-6)
    boosters, stages = mission.vehicle.boosters, mission.vehicle.stages
    assert [b.count for b in boosters] == [6, 3]
    assert boosters[0].engines[0].isp_vac_s == pytest.approx(283.3336, abs=5e-5)
    assert stages[0].engines[0].isp_vac_s == pytest.approx(301.68, abs=1e-2)
    assert stages[1].engines[0].isp_vac_s == pytest.approx(467.21, abs=5e-3)
    assert mission.target.perigee_radius_m.low == pytest.approx(24361140.0 * (1 - 0.7308), rel=1e-15)


def test_units_of_a_key_are_converted(bundled):
    path = bundled("mission", (r"dynamic_pressure_kPa = 50.0", "dynamic_pressure_Pa = 50e3"))
    assert load_mission(path).limits.dynamic_pressure_Pa == load_mission(bundled("mission")).limits.dynamic_pressure_Pa


def test_a_named_orbit_takes_the_keys_beside_it(bundled):
    path = bundled(
        "mission", (r'orbit = "leo-200-51.6"', 'orbit = "leo-200-51.6"\ninclination_deg = { min = 51.0, max = 52.0 }')
    )
    orbit = load_mission(path).target
    assert (orbit.inclination_rad.low, orbit.inclination_rad.high) == (radians(51.0), radians(52.0))
    assert orbit.perigee_radius_m.fixed
    path = bundled(
        "mission",
        (r'orbit = "leo-200-51.6"', 'orbit = "leo-200-51.6"\nperigee_altitude_km = 180\napogee_altitude_km = 300'),
    )
    orbit = load_mission(path).target
    assert orbit.apogee_radius_m.low - orbit.perigee_radius_m.low == pytest.approx(120e3)


def test_a_variant_extends_a_vehicle(tmp_path):
    text = """
        extends = "soyuz-5"
        remove = ["shroud"]
        title = "without fairing"
        [stages.stage-1]
        dry_mass_kg = { value = 30000, sigma = 1, source = "mine" }
        [sources]
        mine = { text = "a test", grade = "assumed" }
    """
    (tmp_path / "variant.toml").write_text(text, encoding="utf-8")
    variant, base = load_vehicle(str(tmp_path / "variant.toml")), load_vehicle("soyuz-5")
    assert variant.shroud is None and base.shroud is not None
    assert variant.stages[0].dry_mass_kg == 30000.0
    assert [stage.name for stage in variant.stages] == [stage.name for stage in base.stages]
    assert variant.data["stage-2.dry_mass_kg"] == base.data["stage-2.dry_mass_kg"]


def test_a_crewed_variant_has_a_tower():
    crewed = load_vehicle("soyuz-5-crewed")
    assert (crewed.shroud.kind, crewed.shroud.rule) == ("escape-tower", "altitude")


def test_an_override_replaces_a_number_and_keeps_its_source():
    mission = load_mission(CATALOGUE / "templates" / "soyuz5-modified.toml")
    assert mission.vehicle.stages[1].dry_mass_kg == pytest.approx(8050.0, rel=1e-12)
    assert mission.vehicle.data["stage-2.dry_mass_kg"].source == "study"


def test_a_number_with_another_source_leaves_a_covariance(tmp_path):
    fitted = """
        extends = "delta-iii"
        title = "a fit"
        [sources]
        fit = { text = "a test", grade = "fit" }
        [stages.stage-1]
        dry_mass_kg = { value = 8830, sigma = 100, source = "fit" }
        [stages.stage-2]
        dry_mass_kg = { value = 2480, sigma = 10, source = "fit" }
        [correlations.masses]
        paths = ["stage-1.dry_mass_kg", "stage-2.dry_mass_kg"]
        covariance = [[10000.0, -500.0], [-500.0, 100.0]]
        source = "fit"
    """
    (tmp_path / "fit.toml").write_text(fitted, encoding="utf-8")
    (item,) = load_vehicle(str(tmp_path / "fit.toml")).correlations
    assert item.covariance == ((10000.0, -500.0), (-500.0, 100.0))
    changed = """
        extends = "fit.toml"
        title = "changed"
        [sources]
        mine = { text = "a test", grade = "assumed" }
        [stages.stage-1]
        dry_mass_kg = { value = 9000, sigma = 5, source = "mine" }
    """
    (tmp_path / "changed.toml").write_text(changed, encoding="utf-8")
    (item,) = load_vehicle(str(tmp_path / "changed.toml")).correlations
    assert (item.paths, item.covariance) == (("stage-2.dry_mass_kg",), ((100.0,),))


def test_a_site_is_read_in_degrees():
    site = load_site("baikonur-45")
    assert site.latitude_rad == pytest.approx(radians(45.943))
    assert site.sources[site.data["latitude_rad"].source].grade == "assumed"


DRY_MASS = r"^(dry_mass_\w+ = \{ value = )([\d.e+-]+)(, sigma = )([\d.e+-]+)(, source = .*)$"
"""The first such line of the vehicle file: that of the first stage."""

REFUSED = [
    # part, what is written there, what stands there instead, what the message must say
    ("mission", r"^seed = 1", "sed = 1", ["mission.toml: sed", "seed (did you mean it?)"]),
    ("mission", r"^\[limits\]", "[limits]\nrise_hight_km = 1", ["rise_altitude_m/_km/_ft", "turn_rate_rad_s/_deg_s"]),
    ("mission", r"^seed = 1", "seed = 1.5", ["seed", "1.5", "a whole number"]),
    ("mission", r"^objective = .*", "", ["objective", "nothing", "payload"]),
    ("mission", r'"payload"', '"fame"', ["objective", "fame", "least_propellant"]),
    (
        "mission",
        r"dynamic_pressure_kPa = 50.0",
        "dynamic_pressure_kPa = -1.0",
        ["limits.dynamic_pressure_kPa", "above 0"],
    ),
    ("mission", r"dynamic_pressure_kPa = 50.0", "dynamic_pressure_kPa = nan", ["finite"]),
    (
        "mission",
        r"dynamic_pressure_kPa = 50.0",
        "dynamic_pressure_kPa = 1\ndynamic_pressure_Pa = 1",
        ["one of the two"],
    ),
    ("mission", r'orbit = "leo-200-51.6"', 'orbit = "leo-200-51"', ["target.orbit", "leo-200-51.6"]),
    ("mission", r'(orbit = "leo-200-51.6")', r"\1\ninclination_deg = 40.0", ["inclination", "40", "dog_leg"]),
    ("mission", r'(orbit = "leo-200-51.6")', r"\1\ninclination_deg = 140.0", ["inclination", "dog_leg"]),
    ("mission", r'(orbit = "leo-200-51.6")', r"\1\naltitude_km = 30.0", ["altitude", "at least 80 km"]),
    (
        "mission",
        r'(orbit = "leo-200-51.6")',
        r"\1\nperigee_altitude_km = 300\napogee_altitude_km = 200",
        ["below the perigee"],
    ),
    ("mission", r'(orbit = "leo-200-51.6")', r"\1\naltitude_km = { min = 300, max = 200 }", ["min"]),
    ("mission", r"2026-12-15", "2126-12-15", ["epoch.utc", "2126", "Earth orientation"]),
    ("mission", r"T09:00:00Z", "T09:00:00", ["epoch.utc", "offset"]),
    ("mission", r'"maximise"', "-5", ["payload.mass_kg", "maximise"]),
    ("mission", r'"maximise"', "5", ["payload.mass_kg", "maximise"]),
    ("mission", r"^fairing = .*", 'farings = "soyuz5-fairing-51.6"', ["zones.farings", "fairing"]),
    ("mission", r"^stage-1 = .*", "stage-1 = { min_km = 9, max_km = 3 }", ["zones.stage-1", "less than max"]),
    (
        "mission",
        r"^stage-1 = .*",
        "stage-1 = { vertices_deg = [[48, 70], [50, 75], [48, 75], [50, 70]] }",
        ["sides 1 and 3 meet"],
    ),
    ("mission", r'"vehicle.toml"', '"vehical.toml"', ["vehicle", "exists"]),
    ("mission", r'"vehicle.toml"', '"soyuz5"', ["vehicle", "soyuz-5 (did you mean it?)"]),
    ("mission", r"^wind = .*", 'wind = "file"', ["wind_file"]),
    ("mission", r"^seed = 1", "seed = [", ["mission.toml", "TOML"]),
    ("vehicle", r"gyro_drift_deg_h = .*", "gyro_drift_deg_h = 0.1", ["navigation.gyro_drift_deg_h", "bare number"]),
    ("vehicle", r"gyro_drift_deg_h", "gyro_wander_deg_h", ["navigation.gyro_wander_deg_h", "unknown key"]),
    ("vehicle", r'kind = "shutdown"\nstage = "stage-1"', 'kind = "explosion"\nstage = "stage-1"', ["kind", "stuck-throttle"]),
    ("vehicle", r'kind = "shutdown"\nstage = "stage-1"', 'kind = "shutdown"\nstage = "stage-3"', ["stage", "stage-1, stage-2"]),
    ("vehicle", r'"stuck-throttle"\nstage = "stage-1"', '"stuck-throttle"\nstage = "stage-2"', ["stage", "that throttles"]),
    ("vehicle", r"probability = { value = 0.008", "probability = { value = 0.999", ["failures", "add up to"]),
    ("vehicle", r"thrust_lost = { value = 0.1,.*", "", ["thrust_lost", "nothing"]),
    ("vehicle", r"\[failures.stage-1-shutdown\]", "[failures.nominal]", ["failures.nominal", "another name"]),
    ("vehicle", DRY_MASS, "dry_mass_t = 30.5", ["vehicle.toml", "stages.stage-1.dry_mass_t", "bare number"]),
    ("vehicle", DRY_MASS, "", ["stages.stage-1.dry_mass_kg", "nothing"]),
    ("vehicle", DRY_MASS, r"\g<1>-30.5\3\4\5", ["stages.stage-1.dry_mass_", "value", "-30.5", "above 0"]),
    ("vehicle", DRY_MASS, r"\1\2\5", ["stages.stage-1.dry_mass_", "sigma", "nothing"]),
    ("vehicle", DRY_MASS, r"\1\2, sigma = -3.0\5", ["stages.stage-1.dry_mass_", "sigma", "-3.0", "at least 0"]),
    ("vehicle", DRY_MASS, r"\1\2\3\4, source = 'hearsay' }", ["stages.stage-1.dry_mass_", "hearsay", "[sources]"]),
    ("vehicle", r'grade = "H"', 'grade = "A"', ["grade", "A", "H, M, L"]),
    (
        "vehicle",
        r"thrust_sl_tf = \{ value = 740.0",
        "thrust_sl_tf = { value = 840.0",
        ["thrust_sl", "at most the thrust in vacuum"],
    ),
    ("vehicle", r"value = 337.0", "value = 0.0", ["isp_vac_s", "above 0"]),
    ("vehicle", r"value = 0.49", "value = 1.10", ["throttle_min", "at most throttle_max"]),
    ("vehicle", r"value = 0.49", "value = 1.30", ["throttle_min", "at most 1.2"]),
    ("vehicle", r"^\[stages.stage-1.engines.RD-171MV\]", "[stages.stage-1.engines]", ["stages.stage-1.engines"]),
    (
        "vehicle",
        r"^(oxidiser_residual_\w+ = \{ value = )[\d.e+-]+",
        r"\g<1>500e6",
        ["oxidiser_residual_kg", "less than"],
    ),
    ("vehicle", r'separation = "cold"', 'separation = "hot"', ["coast_max_s", "hot"]),
    ("vehicle", r'stage = "stage-2"', 'stage = "stage-3"', ["shroud.stage", "stage-2"]),
    ("vehicle", r"^mach = \[0.0, ", "mach = [0.0, 0.0, ", ["mach", "ascending"]),
    ("vehicle", r"^axial = \[[\d.]+, ", "axial = [", ["axial", "as many as mach"]),
    ("site", r"value = 45.943", "value = 95.943", ["latitude_deg", "95.943"]),
    ("site", r"^altitude_m = .*", "altitude_m = 100", ["site.toml", "altitude_m", "bare number"]),
]


@pytest.mark.parametrize(("part", "old", "new", "said"), REFUSED, ids=[f"{row[0]}-{row[2][:40]}" for row in REFUSED])
def test_bad_input_is_refused_in_one_line_that_names_it(bundled, part, old, new, said):
    message = refusal(bundled(part, (old, new)))
    for words in said:
        assert words in message
    assert "found" in message and "allowed" in message


def test_a_stage_without_an_engine_is_refused(tmp_path):
    text = 'extends = "soyuz-5"\ntitle = "x"\nremove = ["stages.stage-2.engines.RD-0124MS"]\n'
    (tmp_path / "v.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no engine"):
        load_vehicle(str(tmp_path / "v.toml"))


def test_a_booster_waits_only_for_a_kind_above_it(tmp_path):
    text = 'extends = "delta-iii"\ntitle = "x"\n[boosters.srb-lit-in-flight]\nlights_after = "nothing"\n'
    (tmp_path / "v.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"lights_after.*srb-lit-on-ground"):
        load_vehicle(str(tmp_path / "v.toml"))


def test_files_that_extend_each_other_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n', encoding="utf-8")
    with pytest.raises(InputError, match="in turn"):
        load_vehicle(str(tmp_path / "a.toml"))


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"= =", b'a = "' + b"x" * 10, b"[" * 5000], ids=["bytes", "signs", "open", "deep"]
)
def test_what_is_not_toml_is_refused(tmp_path, content):
    path = tmp_path / "mission.toml"
    path.write_bytes(content)
    assert "TOML" in refusal(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    assert "TOML" in refusal(tmp_path)
    assert "TOML" in refusal(tmp_path / "nowhere.toml")


def test_a_dog_leg_permits_a_lower_inclination(bundled):
    path = bundled(
        "mission", (r'(orbit = "leo-200-51.6")', r"\1\ninclination_deg = 40.0"), (r"# dog_leg = true", "dog_leg = true")
    )
    assert load_mission(path).limits.dog_leg


def test_a_wind_profile_is_read(bundled, tmp_path):
    path = bundled("mission", (r"^wind = .*", 'wind = "file"\nwind_file = "sounding.csv"'))
    (tmp_path / "sounding.csv").write_text("altitude_km,speed_m_s,from_deg\n0,2,270\n5,10,270\n10,30,270\n20,10,180\n")
    from baiterek.physics.table import table_value

    environment = load_mission(path).environment
    assert table_value(10e3, environment.wind_east) == pytest.approx(30.0)  # from the west: towards the east
    assert table_value(20e3, environment.wind_north) == pytest.approx(10.0)  # from the south: towards the north
    for text in (
        "altitude_m\n1\n",
        "altitude_m,east_m_s,north_m_s\n0,1,x\n",
        "altitude_m,east_m_s,north_m_s\n9,1,1\n8,1,1\n",
        "",
    ):
        (tmp_path / "sounding.csv").write_text(text)
        assert "sounding.csv" in refusal(path)
