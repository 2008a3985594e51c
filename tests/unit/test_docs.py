"""The documentation says what the code does: tables of keys, commands, links."""

import importlib.util
import re

import pytest
import typer.main

import flown
from baiterek.catalogue.datum import GRADES
from baiterek.cli import app

PAGES = sorted([*(flown.PROJECT / "docs").glob("*.md"), *flown.PROJECT.glob("*.md")])


def builder():
    spec = importlib.util.spec_from_file_location("key_tables", flown.PROJECT / "builders" / "key_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["mission-file.md", "vehicle-file.md", "upper-stages.md"])
def test_tables_of_keys_are_those_of_the_readers(name):
    text = (flown.PROJECT / "docs" / name).read_text(encoding="utf-8")
    assert builder().page(text) == text, "run: python builders/key_tables.py"


def test_every_command_is_in_the_readme():
    readme = (flown.PROJECT / "README.md").read_text(encoding="utf-8")
    for command in typer.main.get_command(app).commands:
        assert f"baiterek {command}" in readme, command


def test_every_grade_is_explained():
    text = (flown.PROJECT / "docs" / "vehicle-file.md").read_text(encoding="utf-8")
    for grade, meaning in GRADES.items():
        assert f"| `{grade}` | {meaning} |" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http:", "https:", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_that_a_page_cites_exist(page):
    for cited in re.findall(r"tests/[\w/]+\.py", page.read_text(encoding="utf-8")):
        assert (flown.PROJECT / cited).is_file(), f"{page.name}: {cited}"
