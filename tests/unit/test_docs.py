"""The documentation says what the code does: keys, commands, options, public names, links."""

import importlib
import pkgutil
import re
import shlex

import pytest

import api_pages
import baiterek.catalogue
import cli_page
import flown
import gallery
import key_tables
import nomenclature
import site_pages
from baiterek.catalogue.datum import GRADES
from baiterek.catalogue.fields import Field
from baiterek.columns import COLUMNS

DOCS = flown.PROJECT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *flown.PROJECT.glob("*.md"), *flown.PROJECT.glob("[ab]*/README.md")])
MADE = site_pages.pages()


def name_of(page):
    return str(page.relative_to(flown.PROJECT))


def code_lines(text):
    """Lines of indented and fenced blocks of code."""
    fenced = [line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()]
    return fenced + [line.strip() for line in text.splitlines() if line.startswith("    ")]


def calls_of(text):
    """The command lines of Baiterek in a page, as words after the program's name."""
    for line in code_lines(text):
        found = re.match(r"(?:\S*/)?baiterek ((?!:)\S.*)", line)
        if found:
            yield shlex.split(found.group(1), comments=True)


# --- keys of files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", key_tables.PAGES)
def test_tables_of_keys_are_those_of_the_readers(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert key_tables.page(text) == text, "run: python builders/key_tables.py"


def test_every_table_of_keys_of_a_reader_is_in_a_page():
    text = "".join((DOCS / name).read_text(encoding="utf-8") for name in key_tables.PAGES)
    missing = []
    for module in pkgutil.iter_modules(baiterek.catalogue.__path__, "baiterek.catalogue."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and isinstance(value, dict) and any(isinstance(field, Field) for field in value.values()):
                missing += [f"{name}.{key}" for key, field in value.items() if not field.meaning or f"| `{key}` |" not in text]
    assert not missing


def test_every_grade_is_explained():
    text = (DOCS / "vehicle-file.md").read_text(encoding="utf-8")
    for grade, meaning in GRADES.items():
        assert f"| `{grade}` | {meaning} |" in text


# --- commands -----------------------------------------------------------------------------------------


def test_every_command_and_option_says_what_it_is():
    assert not cli_page.undocumented()


def test_every_command_has_a_section_and_is_shown_in_use():
    page, written = cli_page.page(), [words for path in PAGES for words in calls_of(path.read_text(encoding="utf-8"))]
    for command in cli_page.commands():
        assert f"\n## baiterek {command}\n" in page
        assert any(words[: len(command.split())] == command.split() for words in written), f"no page uses: {command}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_that_a_page_shows_exist_with_their_options(page):
    commands = cli_page.commands()
    for words in calls_of(page.read_text(encoding="utf-8")):
        if words[0].startswith("-") or words[0].isupper():
            continue
        name = next((n for n in sorted(commands, key=len, reverse=True) if words[: len(n.split())] == n.split()), None)
        assert name, f"no such command: baiterek {' '.join(words)}"
        rest = [word for word in words[len(name.split()) :] if word != "--help"]
        commands[name].make_context(name, rest)


# --- public names -------------------------------------------------------------------------------------


def test_every_public_function_and_class_says_what_it_is():
    assert not api_pages.undocumented()


def test_every_public_function_of_the_package_is_in_a_page():
    text = "".join(text for name, text in MADE.items() if name.startswith("api/"))
    for path in sorted(api_pages.PACKAGE.rglob("*.py")):
        if path.stem in ("cli", "constants", "__main__"):
            continue
        for node in api_pages.public(api_pages.tree_of(path)):
            assert f"\n### {node.name}\n" in text, f"{path.name}: {node.name}"


def test_every_column_and_constant_is_in_the_nomenclature():
    page = nomenclature.page()
    constants = re.findall(r"^(\w+): Final", (api_pages.PACKAGE / "constants.py").read_text(encoding="utf-8"), re.M)
    for name in [*COLUMNS, *constants]:
        assert f"| `{name}` |" in page, name


def test_the_table_of_frames_is_read_whole():
    page = nomenclature.page()
    for start in ("| eci |", "| gcrf |", "| eci -> gcrf |"):
        assert start in page


# --- links ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    # Within docs/ a link may lead to a page that the build makes; anchors are checked by the build (tests/docs).
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http:", "https:", "#")):
            continue
        path = (page.parent / target.partition("#")[0]).resolve()
        made = path.is_relative_to(DOCS) and page.is_relative_to(DOCS) and str(path.relative_to(DOCS)) in MADE
        assert path.exists() or made, target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_a_page_names_exist(page):
    pattern = r"(?<![\w/])(?:tests|studies|builders|benchmarks|missions|docs|src)/[\w./-]+\.(?:py|toml|md|csv)"
    for cited in re.findall(pattern, page.read_text(encoding="utf-8")):
        assert (flown.PROJECT / cited).is_file(), cited


def test_every_link_that_leaves_is_listed():
    listed = site_pages.external_links(MADE["external-links.md"])
    for page in PAGES:
        if page.is_relative_to(DOCS):
            assert site_pages.external_links(page.read_text(encoding="utf-8")) <= listed


# --- gallery ------------------------------------------------------------------------------------------


def test_the_gallery_is_numbered_without_gaps_and_every_script_has_its_capture():
    assert [int(script.stem[:2]) for script in gallery.SCRIPTS] == list(range(1, len(gallery.SCRIPTS) + 1))
    assert len(gallery.SCRIPTS) >= 8
    for script in gallery.SCRIPTS:
        assert script.with_suffix(".txt").is_file() and script.with_suffix(".svg").is_file(), script.name
        assert gallery.question(script).endswith("?"), f"{script.name}: the first paragraph is the question that it answers"
