"""The rules of CONTRIBUTING.md that a machine can hold, held on the syntax tree of the package."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "src" / "baiterek"
SOURCES = sorted(PACKAGE.rglob("*.py"))

LONGEST_FILE = 500
SHORT_FUNCTION = 6
"""Below this many lines the name, the signature and the body may say it all."""

NEAR = {
    # What a shortened or older literal of the same constant looks like: value and relative width.
    "standard gravity": (9.80665, 4e-4),
    "equatorial radius of the Earth": (6378137.0, 2e-5),
    "gravitational constant of the Earth": (3.986004418e14, 1e-4),
    "rotation rate of the Earth": (7.292115e-5, 1e-4),
    "speed of light": (299792458.0, 1e-3),
    "astronomical unit": (149597870700.0, 1e-4),
}

HOMES = {
    "alembic": {"campaign"},
    "asn1crypto": {"campaign"},
    "argon2": {"campaign"},
    "authlib": {"web"},
    "babel": {"reports"},
    "brahe": {"orbits"},
    "casadi": {"trajectory"},
    "ccsds_ndm": {"reports"},
    "contourpy": {"safety"},
    "cryptography": {"campaign"},
    "distributed": {"study"},
    "erfa": {"physics"},
    "fastapi": {"web"},
    "h5netcdf": {"reports"},
    "joserfc": {"web"},
    "llvmlite": {"flight"},
    "matplotlib": {"reports"},
    "numba": {"flight"},
    "openpyxl": {"campaign"},
    "psycopg": {"campaign"},
    "pyhanko": {"campaign"},
    "pyhanko_certvalidator": {"campaign"},
    "pymsis": {"physics"},
    "scipy": {"safety", "study"},
    "sgp4": {"catalogue"},
    "starlette": {"web"},
    "uvicorn": {"web"},
    "webauthn": {"web"},
    "rich": {"cli"},
    "sqlalchemy": {"campaign", "service", "telemetry"},
    "typer": {"cli"},
    "typst": {"reports"},
    "xarray": {"history", "study"},
}

NEVER_NAMED = {"python-multipart"}
"""What a library of ours loads by itself: FastAPI reads forms with it."""

DISTRIBUTION = {
    "argon2": "argon2-cffi",
    "ccsds_ndm": "ccsds-ndm-py",
    "erfa": "pyerfa",
    "pyhanko_certvalidator": "pyhanko-certvalidator",
}
"""Where the name in an import differs from the name of the package."""

TOOLS = ("dev", "docs")
"""Extras that the package itself never imports."""


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(PROJECT)}" + (f":{node.lineno}" if node is not None else "")


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every top-level package that a file imports, at its top or inside a function."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node, node.module.partition(".")[0]


def numbers(path: Path) -> Iterator[tuple[ast.Constant, float]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node, float(node.value)


def significant_digits(number: float) -> int:
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_a_physical_constant_has_one_home():
    home = PACKAGE / "constants.py"
    exact = {value for _, value in numbers(home) if significant_digits(value) >= 5}
    strays = [
        f"{place(path, node)}: {value!r}"
        for path in SOURCES
        if path != home
        for node, value in numbers(path)
        if value in exact or any(abs(value / known - 1.0) < width for known, width in NEAR.values())
    ]
    assert not strays, "move to constants.py: " + ", ".join(strays)


def test_the_constants_that_are_guarded_are_the_ones_that_we_use():
    values = [value for _, value in numbers(PACKAGE / "constants.py")]
    for name in ("standard gravity", "equatorial radius of the Earth", "rotation rate of the Earth"):
        assert NEAR[name][0] in values, name


def test_physics_never_uses_the_math_module():
    strays = [
        place(path, node)
        for path in sorted((PACKAGE / "physics").rglob("*.py"))
        for node, name in imports(path)
        if name in ("math", "cmath")
    ]
    assert not strays, "a CasADi symbol becomes NaN in math.*: " + ", ".join(strays)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_file_can_be_read_in_one_sitting(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{place(path)} has {lines} lines: split it by noun"


def test_each_heavy_library_has_one_home():
    strays = [
        f"{place(path, node)}: {name} belongs in {' or '.join(sorted(HOMES[name]))}"
        for path in SOURCES
        for node, name in imports(path)
        if name in HOMES and room(path) not in HOMES[name]
    ]
    assert not strays, "\n".join(strays)


def test_dependencies_are_the_packages_that_are_imported():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        requirement for name, extra in project["optional-dependencies"].items() if name not in TOOLS for requirement in extra
    ]
    declared = {re.split(r"[<>=!~\[; ]", requirement)[0] for requirement in project["dependencies"] + extras}
    imported = {
        DISTRIBUTION.get(name, name)
        for path in SOURCES
        for _, name in imports(path)
        if name not in sys.stdlib_module_names and name != "baiterek"
    }
    assert imported == declared - NEVER_NAMED


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_public_function_has_a_docstring(path):
    undocumented = [
        f"{place(path, node)}: {node.name}"
        for scope in [tree_of(path), *(n for n in tree_of(path).body if isinstance(n, ast.ClassDef))]
        for node in scope.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.end_lineno - node.body[0].lineno >= SHORT_FUNCTION
        and not ast.get_docstring(node)
    ]
    assert not undocumented, ", ".join(undocumented)
    assert path.name == "__init__.py" or ast.get_docstring(tree_of(path)), f"{place(path)} does not say what it is"


@pytest.mark.parametrize("name", ["helpers", "managers", "utils", "manager", "helper", "util", "misc", "common"])
def test_no_file_is_named_for_nothing(name):
    assert not [place(path) for path in SOURCES if name in (path.stem, path.parent.name)]


def test_no_file_names_a_machine():
    # A folder of somebody's machine in a committed file breaks on every other one.
    machine = re.compile(r"(?<![\w.:/}])/(?:home|root|Users|work|opt|tmp|mnt)/[\w.]+")
    kinds = {".py", ".toml", ".md", ".csv", ".html", ".yaml", ".yml", ".txt", ""}
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    strays = []
    for name in listed.splitlines():
        path = PROJECT / name
        if path.suffix in kinds and path != Path(__file__).resolve() and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            strays += [f"{name}: {found}" for found in machine.findall(text)]
    assert not strays, ", ".join(strays)


def loaded_by(code: str, *names: str) -> set[str]:
    """Which of `names` a fresh interpreter has loaded after `code`."""
    probe = f"import sys\ntry:\n    {code}\nexcept SystemExit: pass\nprint('loaded:', *sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=PROJECT)
    return set(run.stderr.rpartition("loaded:")[2].split()) & set(names)


def test_help_loads_nothing_heavy():
    code = "sys.argv[1:] = ['--help']; import baiterek.cli; baiterek.cli.main()"
    assert not loaded_by(code, "numpy", "casadi", "numba", "matplotlib", "pyarrow", "pymsis", "rich.markdown")


def test_the_optimiser_does_not_load_what_it_does_not_use():
    assert not loaded_by("import baiterek.trajectory", "numba", "matplotlib", "pyarrow", "rich", "scipy")
