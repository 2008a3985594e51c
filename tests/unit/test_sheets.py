"""Tables from hands that are not trusted: what is read back is what was written, what is no table is refused in one line."""

import csv
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baiterek.campaign import sheets
from baiterek.campaign.sheets import guarded, read_table, unguarded, write_table
from baiterek.errors import InputError

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="￾￿"), max_size=12).map(str.strip)


@given(st.text())
def test_no_text_leaves_as_a_formula_and_each_comes_back(text):
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    assert unguarded(guarded(text)) == text


@settings(max_examples=25)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT).filter(any), max_size=5), st.sampled_from([".csv", ".xlsx"]))
def test_what_is_written_is_read_back(tmp_path_factory, rows, ending):
    path = tmp_path_factory.mktemp("table") / f"t{ending}"
    write_table(path, ("a", "b", "c"), rows)
    assert [tuple(line.cells.values()) for line in read_table(path)] == rows


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".csv", ".xlsx"]))
def test_any_bytes_are_a_table_or_refused_in_one_line(tmp_path_factory, content, ending):
    path = tmp_path_factory.mktemp("table") / f"t{ending}"
    path.write_bytes(content)
    try:
        read_table(path)
    except InputError as refusal:
        assert "\n" not in str(refusal) and str(path) in str(refusal)


@settings(max_examples=40)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_an_xlsx_with_a_byte_changed_is_read_or_refused_in_one_line(tmp_path_factory, at, byte):
    path = tmp_path_factory.mktemp("table") / "t.xlsx"
    write_table(path, ("a", "b"), [("1", "2")])
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    try:
        read_table(path)
    except InputError as refusal:
        assert "\n" not in str(refusal)


def test_a_formula_in_a_sheet_is_refused_by_its_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append(["1", '=HYPERLINK("http://x")'])
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(InputError, match=r"B2: found =HYPERLINK"):
        read_table(tmp_path / "f.xlsx")


def test_numbers_of_a_sheet_become_the_texts_that_a_person_sees(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "site", "example"])
    book.active.append([7, 42.0, True])
    book.save(tmp_path / "n.xlsx")
    assert [line.cells for line in read_table(tmp_path / "n.xlsx")] == [{"id": "7", "site": "42", "example": "yes"}]


def test_semicolons_and_a_mark_of_bytes_are_understood(tmp_path):
    (tmp_path / "s.csv").write_bytes('\ufeffid;name\r\n1;"насос; №3"\r\n'.encode())
    assert [line.cells for line in read_table(tmp_path / "s.csv")] == [{"id": "1", "name": "насос; №3"}]


def test_a_sheet_that_unpacks_without_end_is_refused_before_it_is_unpacked(tmp_path):
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/sheet1.xml", "w") as member:
        for _ in range(65):
            member.write(b"0" * 2**20)
    assert bomb.stat().st_size < 2**20
    with pytest.raises(InputError, match=r"bytes when unpacked"):
        read_table(bomb)


def test_entities_in_a_sheet_are_refused(tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    write_table(good, ("a",), [("1",)])
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + content
            target.writestr(name, content)
    with pytest.raises(InputError, match="document type"):
        read_table(bad)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "row 1"),
        ("a,a\n1,2\n", "each once"),
        ("a,,b\n", "a name for each column"),
        ("a,b\n1,2,3\n", "row 2: found 3 cells"),
        ('a\n"1\n', "unexpected end"),
        ("a\n" + "x" * (sheets.LONGEST_CELL + 1), "longer than"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path, content, why):
    (tmp_path / "t.csv").write_text(content)
    with pytest.raises(InputError, match=why):
        read_table(tmp_path / "t.csv")


def test_too_large_too_long_and_without_an_ending(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    text = io.StringIO()
    csv.writer(text).writerows([["a"]] * 12)
    path.write_text(text.getvalue())
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    with pytest.raises(InputError, match="more than 10 rows"):
        read_table(path)
    monkeypatch.setattr(sheets, "LARGEST_bytes", 10)
    with pytest.raises(InputError, match="allowed: at most 10"):
        read_table(path)
    with pytest.raises(InputError, match=r"allowed: \.csv or \.xlsx"):
        write_table(tmp_path / "t.txt", ("a",), [])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv"]


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
LAST = "A1:XFD1048576"
ROW = '<row r="{n}"><c r="{column}{n}"><v>1</v></c></row>'


def with_sheet(path, xml):
    """An XLSX whose only sheet is written by hand."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as plain, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for member in plain.infolist():
            packed.writestr(member.filename, xml if member.filename.endswith("sheet1.xml") else plain.read(member))
    return path


def test_a_sheet_that_says_it_is_the_largest_is_read_as_what_it_is(tmp_path):
    # Four kilobytes: a reader that believed them would make sixteen thousand million cells.
    rows = ROW.format(n=1, column="A") + ROW.format(n=20_000, column="A")
    path = with_sheet(tmp_path / "t.xlsx", SHEET.format(f'<dimension ref="{LAST}"/><sheetData>{rows}</sheetData>'))
    tracemalloc.start()
    (line,) = read_table(path)
    assert (line.number, line.cells) == (20_000, {"1": "1"}) and tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()


def test_a_sheet_of_far_cells_is_refused_at_the_first(tmp_path):
    rows = "".join(ROW.format(n=n, column="XFD") for n in range(1, 3001))
    path = with_sheet(tmp_path / "t.xlsx", SHEET.format(f"<sheetData>{rows}</sheetData>"))
    with pytest.raises(InputError, match="row 1: found 16384 columns; allowed: at most 64"):
        read_table(path)
    far = ROW.format(n=1, column="A") + ROW.format(n=2, column="BM")
    with pytest.raises(InputError, match="row 2: found 65 columns"):
        read_table(with_sheet(tmp_path / "far.xlsx", SHEET.format(f"<sheetData>{far}</sheetData>")))


@pytest.mark.parametrize(
    ("text", "why"),
    [("\n" * 200_000, "more than 100000 rows"), ("," * 700_000, "line 1"), ("a\n" + "," * 100, "row 2: found 101 columns")],
    ids=["ends of lines", "separators", "wide"],
)
def test_a_csv_of_nothing_but_separators_is_refused(tmp_path, text, why):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=why):
        read_table(tmp_path / "t.csv")
