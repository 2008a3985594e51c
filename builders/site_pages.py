"""What mkdocs adds to docs/ when it builds the site: pages made from the code, files of the project's top, mathematics.

mkdocs build --strict        # what `make docs` does
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import api_pages
import cli_page
import gallery
import mathematics
import nomenclature
import states_page

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
INCLUDED = {
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "benchmarks.md": "benchmarks/README.md",
    "authorities.md": "authorities/README.md",
}
"""Page of the site: file of the project."""


def pages() -> dict[str, str]:
    """Every page that does not lie in docs/, by the name that it gets there."""
    made = {page: _included(file) for page, file in INCLUDED.items()}
    made |= (
        {"cli.md": cli_page.page(), "nomenclature.md": nomenclature.page(), "record/states.md": states_page.page()}
        | api_pages.pages()
        | gallery.pages()
    )
    return made | {"external-links.md": _external(made)}


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages (an event of mkdocs)."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_content(content: str, **_: Any) -> str:
    """Draws the mathematics of a page (an event of mkdocs)."""
    return mathematics.drawn(content)


def _included(file: str) -> str:
    """A file of the project's top as a page: its links into docs/ become links within the site."""
    return (PROJECT / file).read_text(encoding="utf-8").replace("](docs/", "](")


def external_links(text: str) -> set[str]:
    """Addresses of other hosts in a text."""
    return {found.rstrip(".,;:") for found in re.findall(r"https?://[^\s)\"'<>|`]+", text)}


def _external(made: dict[str, str]) -> str:
    """Every address outside the project that documentation or catalogue names, and where. None is fetched."""
    texts = made | {str(path.relative_to(DOCS)): path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md")}
    catalogue = sorted((PROJECT / "src" / "baiterek" / "catalogue").rglob("*.toml"))
    texts |= {f"catalogue/{path.stem}": path.read_text(encoding="utf-8") for path in catalogue}
    named: dict[str, list[str]] = {}
    for name, text in texts.items():
        for link in external_links(text):
            named.setdefault(link, []).append(name)
    rows = "".join(f"| <{link}> | {', '.join(f'`{name}`' for name in sorted(set(n)))} |\n" for link, n in sorted(named.items()))
    return (
        "# Links that leave this site\n\nEvery address that the documentation or the catalogue names, and where. The build "
        "lists them and fetches none.\n\n| address | named in |\n|---|---|\n" + rows
    )
