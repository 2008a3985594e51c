"""What every test runs under: one thread a worker, property tests that try the same cases on every machine, a browser."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
import typer.testing
from hypothesis import settings

import record_cases

settings.register_profile("baiterek", deadline=None, derandomize=True)
settings.load_profile("baiterek")

typer.testing._get_command = functools.cache(typer.testing._get_command)
"""The command line is built once, 0.2 s, and called by tests a thousand times."""
LONGEST_FIRST = ("verification", "browser", "docs", "validation", "unit")
"""Folders in the order in which workers take their files, so that none is left with a long one in the end."""
TESTS = Path(__file__).parent
BROWSER_TESTS = TESTS / "browser"
RECORD_TESTS = TESTS / "unit"
RECORD_FILES = {path for path in RECORD_TESTS.glob("*.py") if "database" in path.read_text(encoding="utf-8")}
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
OPENSSL = shutil.which("openssl")
SIGNATURE_TESTS = {path for path in TESTS.rglob("test_*.py") if "mark.openssl" in path.read_text(encoding="utf-8")}


def pytest_collection_modifyitems(config, items):
    """Without a browser or a server its tests are left out and one line says so; continuous integration insists on both."""
    items.sort(key=lambda item: LONGEST_FIRST.index(item.path.relative_to(TESTS).parts[0]))
    without = [item for item in items if CHROMIUM is None and item.get_closest_marker("browser")]
    without += [item for item in items if OPENSSL is None and item.get_closest_marker("openssl")]
    if record_cases.POSTGRESQL is None:
        without += [item for item in items if item.get_closest_marker("postgresql")]
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter, config):
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    if CHROMIUM is None and any(BROWSER_TESTS.is_relative_to(path) or path.is_relative_to(BROWSER_TESTS) for path in asked):
        terminalreporter.write_line("no chromium on the path: the tests in tests/browser were left out", yellow=True)
    if OPENSSL is None and any(path in SIGNATURE_TESTS or path.is_dir() for path in asked):
        terminalreporter.write_line("no openssl on the path: tests of signatures that it makes were left out", yellow=True)
    if record_cases.POSTGRESQL is None and any(RECORD_TESTS.is_relative_to(path) or path in RECORD_FILES for path in asked):
        terminalreporter.write_line("BAITEREK_TEST_POSTGRESQL is not set: the tests on PostgreSQL were left out", yellow=True)


@pytest.fixture(scope="session")
def chromium():
    """Chromium without a window, one for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # Debian's chromium as root, as in continuous integration, has no sandbox to enter.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture()
def new_page(chromium):
    """Makes fresh pages, 1280 px wide, each of a browser of its own.

    `page.asked` lists what one asked for beyond the file itself; none of it is answered.
    """
    contexts = []

    def make():
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.asked = []

        def refuse(route):
            page.asked.append(route.request.url)
            route.abort()

        page.route(lambda url: not url.startswith(("file:", "data:", "blob:")), refuse)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture()
def page(new_page):
    """One fresh page."""
    return new_page()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The documentation as `make docs` builds it: a warning fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def moulds(tmp_path_factory):
    """Records of which tests take copies, by their kind and by what fills them: made when the first asks for one."""
    made = {}

    def mould(kind, fill=None):
        if (kind, fill) not in made:
            made[kind, fill] = record_cases.Mould(kind, tmp_path_factory.mktemp("mould") / "record", fill)
        return made[kind, fill]

    yield mould
    for one in made.values():
        one.drop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def record_like(request, moulds, tmp_path):
    """Makes a record that starts as a function has filled one before, on SQLite and on PostgreSQL."""
    copies = []

    def make(fill=None):
        copies.append(moulds(request.param, fill).copy(tmp_path / f"record{len(copies) or ''}"))
        return copies[-1][0]

    yield make
    for _, remove in copies:
        remove()


@pytest.fixture()
def database(record_like):
    """A new record, on SQLite and on PostgreSQL."""
    return record_like()


@pytest.fixture()
def cheap_hashes(request, monkeypatch):
    """Passwords hashed in no time: what a hash costs is one test's business."""
    from argon2 import PasswordHasher

    from baiterek.campaign.commission import accounts

    if "costs" not in request.node.name:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(accounts, "_hasher", lambda: hasher)
