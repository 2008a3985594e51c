"""The page of names, units, frames and constants, made from the code that uses them."""

from __future__ import annotations

import ast
import itertools
import re

from api_pages import PACKAGE, fields
from baiterek import columns, constants
from baiterek.physics import frames

SECTIONS = (
    ("ascent.py", "State", "State of a flight"),
    ("ascent.py", "Command", "Command"),
    ("ascent.py", "AirData", "Flow past a moving point"),
    ("ascent.py", "Forces", "Forces"),
    ("orbit.py", "Elements", "Osculating elements"),
    ("earth.py", "Environment", "Environment"),
)
UNITS = {
    "kg_m3": "kg/m³", "m_s": "m/s", "m_s2": "m/s²", "m3_s2": "m³/s²", "kg_s": "kg/s", "rad_s": "rad/s", "1_m": "1/m",
    "Pa": "Pa", "K": "K", "m": "m", "kg": "kg", "N": "N", "s": "s", "rad": "rad", "m2": "m²",
}  # fmt: skip
"""What the last parts of a name mean."""

HEAD = """# Nomenclature

Made from the code. A name carries its unit with its true capitals, and its frame where it has one: `vx_eci_m_s`,
`dynamic_pressure_Pa`. SI inside; degrees and kilometres only in files, on the command line and in reports. Latitude comes
before longitude, azimuths run clockwise from north, time is `t_s` since lift-off.

A name of an angle without a frame is counted in the axes that its table states. *Altitude* is above the ellipsoid;
altitudes of perigee and apogee are above the equatorial radius. *Ground range* is the central angle from the pad times
the equatorial radius. *Acceleration* is what an accelerometer along the body axis feels, without gravity.
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [HEAD, "\n## Frames\n", _frames(), "\n## Columns of a flight\n"]
    parts.append("Of `trajectory.parquet`, `falls.parquet`, and of `History`.\n")
    rows = [(f"`{name}`", column.title, column.unit, column.frame) for name, column in columns.COLUMNS.items()]
    parts.append(_table(("name", "what it is", "unit", "frame"), rows))
    parts.append("\n## Records of the physics\n")
    for file, record, title in SECTIONS:
        rows = [(f"`{name}`", unit_of(name), text) for name, text in _fields(file, record)]
        parts.append(f"\n### {title}\n\n`{record}` of `physics/{file}`.\n\n" + _table(("name", "unit", "note"), rows))
    parts += ["\n## Constants\n\nEach has one home, `constants.py`, and a source.\n", _constants()]
    return "\n".join(parts)


def unit_of(name: str) -> str:
    """The unit that ends a name; a dash for a number without one."""
    parts = name.split("_")
    tails = ("_".join(parts[k:]) for k in range(1, len(parts)))
    return next((UNITS[tail] for tail in tails if tail in UNITS), "–")


def _fields(file: str, record: str) -> list[tuple[str, str]]:
    tree = ast.parse((PACKAGE / "physics" / file).read_text(encoding="utf-8"))
    node = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == record)
    return [(name, " ".join(text.split())) for name, text in fields(node)]


def _constants() -> str:
    """Name, value and the text beside it; a constant without a text has that of the comment above its group."""
    source = (PACKAGE / "constants.py").read_text(encoding="utf-8")
    lines, body = source.splitlines(), ast.parse(source).body
    rows = []
    for here, after in itertools.zip_longest(body, body[1:]):
        if not isinstance(here, ast.AnnAssign) or not isinstance(here.target, ast.Name):
            continue
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = " ".join(str(after.value.value).split())
        value = getattr(constants, here.target.id)
        shown = f"{value:.12g}" if isinstance(value, int | float) else f"{len(value)} rows"
        rows.append((f"`{here.target.id}`", shown, text or _comment_above(lines, here.lineno - 1)))
    return _table(("name", "value", "source"), rows)


def _comment_above(lines: list[str], line: int) -> str:
    """The nearest comment above a line."""
    while line > 0 and not lines[line].startswith("#"):
        line -= 1
    return lines[line].strip("# -").strip()


def _frames() -> str:
    """The tables that open `physics/frames.py`, as Markdown."""
    lines = (frames.__doc__ or "").splitlines()
    tables = []
    for k, line in enumerate(lines):
        if re.fullmatch(r"\s*-+(\s+-+)+", line):
            spans = [match.span() for match in re.finditer(r"-+", line)]
            edges = [(start, spans[j + 1][0] if j + 1 < len(spans) else None) for j, (start, _) in enumerate(spans)]
            body = list(itertools.takewhile(str.strip, lines[k + 1 :]))
            tables.append(_table(_cells(lines[k - 1], edges), _joined([_cells(each, edges) for each in body])))
    return "\n".join(tables)


def _cells(line: str, edges: list[tuple[int, int | None]]) -> tuple[str, ...]:
    return tuple(line[start:end].strip() for start, end in edges)


def _joined(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows whose first cell is empty go on with the row before."""
    whole: list[tuple[str, ...]] = []
    for row in rows:
        if row[0] or not whole:
            whole.append(row)
        else:
            whole[-1] = tuple(f"{a} {b}".strip() for a, b in zip(whole[-1], row, strict=True))
    return whole


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines) + "\n"
