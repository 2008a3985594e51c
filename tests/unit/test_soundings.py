"""Soundings: every reader on a file in the real format, every reader's refusals in one line, the wind that they make."""

from datetime import UTC, datetime
from math import cos, hypot, radians, sin
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baiterek.catalogue.read import load_mission
from baiterek.catalogue.soundings import measured_wind, read_sounding
from baiterek.catalogue.soundings.sounding import Sounding
from baiterek.errors import BadValue, InputError
from baiterek.physics.table import smooth_table, table_value

DATA = Path(__file__).resolve().parents[1] / "data" / "soundings"
BOISE = Path(__file__).resolve().parents[2] / "missions" / "soundings" / "boise-2010-12-09.html"
BOISE_CSV = DATA / "wyoming-boise-2010-12-09.csv"
MISSION = Path(__file__).resolve().parents[2] / "missions" / "soyuz5-leo.toml"
BARROW = DATA / "igra-USM00070026.txt"
LATITUDE = radians(45.94)
KNOT = 1852.0 / 3600.0
"""NIST SP 811."""


def at(sounding, altitude_m):
    """Speed in m/s and direction from which, deg, of the level nearest to an altitude."""
    k = int(np.argmin(np.abs(np.array(sounding.altitude_m) - altitude_m)))
    east, north = sounding.east_m_s[k], sounding.north_m_s[k]
    return hypot(east, north), float(np.degrees(np.arctan2(-east, -north)) % 360.0)


def refusal(path):
    with pytest.raises(InputError) as caught:
        read_sounding(path, LATITUDE)
    text = str(caught.value)
    assert "\n" not in text and path.name in text
    return text


# --- real files ---------------------------------------------------------------------------------------


def test_a_list_of_wyoming_is_in_knots_and_geopotential_metres():
    found = read_sounding(BOISE, LATITUDE)
    assert found.station == "72681 BOI Boise" and found.utc == datetime(2010, 12, 9, 12, tzinfo=UTC)
    # Its line of 240 hPa, 10668 m: 280 deg, 114 knots.
    speed, direction = at(found, 10685.0)
    assert speed == pytest.approx(114 * KNOT, abs=1e-9) and direction == pytest.approx(280.0)
    assert found.altitude_m[0] == pytest.approx(874.0, abs=0.2)
    assert len(found.altitude_m) == 129 and found.left_out == 5  # three without wind, 20 hPa told twice, the last


def test_the_same_ascent_in_knots_and_in_metres_per_second_is_the_same_wind():
    # Two services of the University of Wyoming gave the same balloon; knots are whole numbers there, m/s tenths.
    knots, metres = read_sounding(BOISE, LATITUDE), read_sounding(BOISE_CSV, LATITUDE)
    assert len(metres.altitude_m) == 25
    for k, altitude in enumerate(metres.altitude_m):
        j = int(np.argmin(np.abs(np.array(knots.altitude_m) - altitude)))
        assert knots.altitude_m[j] == pytest.approx(altitude, abs=3.5)
        one, other = (hypot(each.east_m_s[i], each.north_m_s[i]) for each, i in ((knots, j), (metres, k)))
        assert one == pytest.approx(other, abs=0.5 * KNOT + 0.06)


def test_igra_has_tenths_of_metres_per_second_and_several_ascents():
    midnight = read_sounding(BARROW, LATITUDE, datetime(2010, 6, 1, 2, tzinfo=UTC))
    noon = read_sounding(BARROW, LATITUDE, datetime(2010, 6, 1, 9, tzinfo=UTC))
    assert (midnight.utc.hour, noon.utc.hour) == (0, 12) and midnight.station == "USM00070026"
    # "20  2912  34510  8000B -414B  132   171   214   396": 39.6 m/s from 214 deg at 8000 geopotential m.
    assert at(midnight, 8008.0) == (pytest.approx(39.6), pytest.approx(214.0))
    assert all(np.diff(midnight.altitude_m) > 0.0)
    levels = len(midnight.altitude_m)
    assert levels + midnight.left_out == 158 and levels > 100


def test_levels_of_igra_by_height_alone_stand_among_those_by_pressure():
    # Line "30  8400  -9999 25481 ...    40    36" of 12 UTC comes after every line with a pressure, and lies below the last.
    noon = read_sounding(BARROW, LATITUDE, datetime(2010, 6, 1, 12, tzinfo=UTC))
    assert at(noon, 25481.0 * 1.0027) == (pytest.approx(3.6), pytest.approx(40.0))


def test_a_list_without_its_page_is_read_too(tmp_path):
    table = BOISE.read_text().split("<PRE>\n")[1].split("</PRE>")[0]
    (tmp_path / "table.txt").write_text(table)
    bare, page = read_sounding(tmp_path / "table.txt", LATITUDE), read_sounding(BOISE, LATITUDE)
    assert bare.utc is None and bare.altitude_m == page.altitude_m


def test_the_list_of_the_new_service_says_metres_per_second(tmp_path):
    # Since 2025 the list's column is SPED in m/s; the title names the station alone.
    text = BOISE.read_text().replace("SKNT", "SPED").replace("   knot", "    m/s")
    text = text.replace(
        "72681 BOI Boise Observations at 12Z 09 Dec 2010", "Observations for Station 72681 at 12 UTC 09 Dec 2010"
    )
    (tmp_path / "list.txt").write_text(text.replace("    114  ", "     58  "))
    found = read_sounding(tmp_path / "list.txt", LATITUDE)
    assert found.utc == datetime(2010, 12, 9, 12, tzinfo=UTC) and found.station == "72681"
    assert at(found, 10685.0)[0] == 58.0


# --- what is refused ----------------------------------------------------------------------------------

LINE = "  240.0  10668  -56.6                         280    114  325.5         325.5"
BROKEN_LISTS = {
    "falling": (LINE, LINE.replace("10668", "10468"), ["line", "falling level", "10468", "rise"]),
    "repeated": ("  235.0  10801", "  235.0  10668", ["repeated level", "10668"]),
    "no unit of speed": ("   knot", "    kmh", ["SKNT in kmh", "m/s"]),
    "knots named metres": ("   knot", "    m/s", ["SKNT in m/s", "SPED in m/s"]),
    "feet": ("    hPa     m ", "    hPa    ft ", ["HGHT", "ft", "unit m"]),
    "no direction": ("   DRCT", "   COMP", ["no column DRCT"]),
    "direction": (LINE, LINE.replace("   280 ", "   480 "), ["direction", "480 deg", "360"]),
    "tenths for knots": (LINE, LINE.replace("  114 ", " 1140 "), ["speed", "586", "120 m/s", "knots"]),
    "letters": (LINE, LINE.replace("10668", "1O668"), ["HGHT", "1O668", "a number"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_LISTS)
def test_a_broken_list_is_refused_in_one_line(name, tmp_path):
    old, new, said = BROKEN_LISTS[name]
    text = BOISE.read_text()
    assert old in text
    (tmp_path / "list.txt").write_text(text.replace(old, new, 1))
    text = refusal(tmp_path / "list.txt")
    assert all(each in text for each in said), text


def test_a_gap_is_refused_with_both_of_its_ends(tmp_path):
    lines = [
        line for line in BOISE.read_text().splitlines() if not line[7:14].strip().isdigit() or not 5000 < int(line[7:14]) < 9000
    ]
    (tmp_path / "list.txt").write_text("\n".join(lines))
    assert "a gap of 4199 m without wind above 4945 m" in refusal(tmp_path / "list.txt")


def test_an_ascent_that_is_cut_off_is_refused(tmp_path):
    lines = BARROW.read_text().splitlines()
    (tmp_path / "igra.txt").write_text("\n".join(lines[:40]) + "\n")
    assert "158 levels announced, 39 there" in refusal(tmp_path / "igra.txt")


CSV = "altitude_m,speed_m_s,from_deg\n" + "".join(f"{h},{10 + h / 1000:.1f},270\n" for h in range(0, 20001, 1000))
BROKEN_CSV = {
    "knots in the name": ("speed_m_s", "SKNT", ["line 1", "speed_m_s (or speed_knot)"]),
    "no unit": ("speed_m_s", "speed", ["line 1", "speed_m_s"]),
    "a column short": ("altitude_m,speed_m_s,from_deg", "altitude_m,speed_m_s", ["line 1", "from_deg"]),
    "a cell short": ("3000,13.0,270", "3000,13.0", ["line 5", "3 cells"]),
    "not a number": ("3000,13.0", "3000,nan", ["line 5, speed_m_s", "nan", "finite"]),
    "falling": ("3000,13.0", "1500,13.0", ["line 5", "falling level", "1500"]),
    "gap": ("3000,13.0,270\n4000,14.0,270\n5000,15.0,270\n", "", ["a gap of 4000 m", "2000 m"]),
    "too strong": ("3000,13.0", "3000,130.0", ["line 5, speed", "130 m/s", "knots"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_CSV)
def test_a_broken_csv_is_refused_in_one_line(name, tmp_path):
    old, new, said = BROKEN_CSV[name]
    assert old in CSV
    (tmp_path / "plain.csv").write_text(CSV.replace(old, new, 1))
    text = refusal(tmp_path / "plain.csv")
    assert all(each in text for each in said), text


def test_knots_by_name_are_turned_into_metres_per_second(tmp_path):
    (tmp_path / "plain.csv").write_text(CSV.replace("speed_m_s", "speed_knot"))
    assert at(read_sounding(tmp_path / "plain.csv", LATITUDE), 5000.0)[0] == pytest.approx(15 * KNOT)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"hello\n", b"\xff\xfe\x00", b"#USM00070026 2010\n", b"altitude_m,east_m_s\n"]
)
def test_what_is_no_sounding_is_refused(content, tmp_path):
    (tmp_path / "what.txt").write_bytes(content)
    refusal(tmp_path / "what.txt")


# --- every reader, on what Hypothesis thinks of --------------------------------------------------------

WINDS = st.lists(st.tuples(st.integers(200, 1500), st.integers(0, 360), st.integers(0, 110)), min_size=12, max_size=30)
"""Step in height (m), direction from which (deg), speed (m/s)."""


def written(form, winds):
    """The same ascent as a file of each format; its heights."""
    heights = [int(h) for h in 100 + np.cumsum([step for step, _, _ in winds])]
    rows = [(height, direction, speed) for height, (_, direction, speed) in zip(heights, winds, strict=True)]
    if form == "plain":
        text = "# station = here\ngeopotential_m,speed_m_s,from_deg\n" + "".join(f"{h},{s},{d}\n" for h, d, s in rows)
    elif form == "igra":
        text = f"#KZM00038062 2026 12 15 06 0510 {len(rows):4d} ncdc-gts ncdc-gts  448000   655000\n"
        text += "".join(f"30 -9999  -9999 {h:5d} -9999 -9999 -9999 {d:5d} {10 * s:5d}\n" for h, d, s in rows)
    else:
        text = "   PRES   HGHT   TEMP   DRCT   SPED\n    hPa      m      C    deg    m/s\n"
        text += "".join(f"{1000 - 20 * k:7.1f}{h:7d}{'':7}{d:7d}{s:7d}\n" for k, (h, d, s) in enumerate(rows))
    return text, rows


@pytest.mark.parametrize("form", ["plain", "igra", "list"])
@settings(max_examples=20, deadline=None)
@given(winds=WINDS)
def test_what_is_written_is_read(form, winds, tmp_path_factory):
    text, rows = written(form, winds)
    path = tmp_path_factory.mktemp("soundings") / "ascent.txt"
    path.write_text(text)
    found = read_sounding(path, LATITUDE)
    assert len(found.altitude_m) == len(rows) and found.left_out == 0
    for k, (_, direction, speed) in enumerate(rows):
        assert found.east_m_s[k] == pytest.approx(-speed * sin(radians(direction)), abs=1e-9)
        assert found.north_m_s[k] == pytest.approx(-speed * cos(radians(direction)), abs=1e-9)
    assert all(0.0 <= (high - h) <= 0.006 * h for high, (h, _, _) in zip(found.altitude_m, rows, strict=True))


@pytest.mark.parametrize("form", ["plain", "igra", "list"])
@settings(max_examples=30, deadline=None)
@given(winds=WINDS, cuts=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 6), st.text(max_size=4)), max_size=6))
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(form, winds, cuts, tmp_path_factory):
    text, _ = written(form, winds)
    for at_, length, new in cuts:
        at_ %= len(text)
        text = text[:at_] + new + text[at_ + length :]
    path = tmp_path_factory.mktemp("soundings") / "ascent.txt"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        found = read_sounding(path, LATITUDE)
    except InputError as error:
        assert "\n" not in str(error) and "ascent.txt" in str(error)
    else:
        assert all(b > a for a, b in zip(found.altitude_m, found.altitude_m[1:], strict=False))


# --- the wind that it makes ---------------------------------------------------------------------------


def boise_joined():
    mission = load_mission(MISSION)
    mean = (mission.environment.wind_east, mission.environment.wind_north)
    found = read_sounding(BOISE, LATITUDE)
    return found, mean, measured_wind(found, mean, 90.0)


def test_the_wind_is_the_levels_within_and_the_climatology_beyond():
    found, mean, (east, north, miss) = boise_joined()
    inside = np.array(found.altitude_m) > 1500.0
    for table, values in ((east, found.east_m_s), (north, found.north_m_s)):
        off = table_value(np.array(found.altitude_m), table) - values
        assert np.sqrt(np.mean(off[inside] ** 2)) < 1.5 and np.abs(off[inside]).max() < 6.0
    assert 0.0 < miss < 1.5
    above = np.linspace(found.altitude_m[-1] + 6500.0, 95e3, 60)
    for table, climatology in zip((east, north), mean, strict=True):
        assert table_value(above, table) == pytest.approx(table_value(above, climatology), abs=0.3)


def test_the_join_has_no_step_in_wind_shear_or_curvature():
    found, _, (east, north, _) = boise_joined()
    for table in (east, north):
        for end in (found.altitude_m[0], found.altitude_m[-1], *table.knots):
            z = end + np.array([-2.0, -1.0, -1e-6, 1e-6, 1.0, 2.0])
            w = table_value(z, table)
            assert abs(w[3] - w[2]) < 1e-6
            assert abs((w[4] - w[3]) - (w[2] - w[1])) < 1e-4  # per m
            left, right = w[0] - 2 * w[1] + w[2], w[3] - 2 * w[4] + w[5]
            assert abs(left - right) < 1e-5  # per m2


def test_a_sounding_that_starts_too_high_or_ends_below_the_jet_is_refused():
    calm = (smooth_table([0.0, 50e3], [0.0, 0.0]),) * 2
    for altitude, said in (((3000.0, 20e3), "above the pad"), ((0.0, 9000.0), "12000 m or more")):
        levels = np.linspace(*altitude, 12)
        sounding = Sounding("x.txt", "CSV", "", None, tuple(levels), (5.0,) * 12, (0.0,) * 12, 0)
        with pytest.raises(BadValue, match=said):
            measured_wind(sounding, calm, 90.0)


def test_a_mission_takes_a_sounding():
    mission = load_mission(MISSION, {"environment.wind": "sounding", "environment.wind_file": str(BOISE)})
    assert "sounding 72681 BOI Boise, 2010-12-09 12:00 UTC" in mission.environment_notes[-1]
    assert table_value(10685.0, mission.environment.wind_east) == pytest.approx(57.8, abs=1.5)
