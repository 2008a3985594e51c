"""Which English texts people are shown, and the catalogues that lack one: python builders/texts.py

For the reports and for the pages of the web, each with catalogues of its own. Collects `words("...")`,
`later("...")` and `because("...")` from the room's Python files and templates, adds what is new to each
catalogue with an empty translation, and prints what is not translated. An empty translation is shown in English.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "baiterek"
REPORTS, WEB, CAMPAIGN = PACKAGE / "reports", PACKAGE / "web", PACKAGE / "campaign"
LANGUAGES = ("ru", "kk")
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"words": None, "later": None, "because": None}
DATED = ("POT-Creation", "PO-Revision", "Last-Translator", "Report-Msgid", "Generated-By", "Language-Team")


def texts(room: Path = REPORTS) -> dict[str, str]:
    """Each English text in the sources -> the file that shows it."""
    found = extract_from_dir(room, METHODS, keywords=KEYWORDS, options_map={"**.html": {"trimmed": "true"}})
    return {message: file for file, _, message, _, _ in found if isinstance(message, str)}


def path_of(language: str, room: Path = REPORTS) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "baiterek.po"


def missing(language: str, room: Path = REPORTS) -> list[str]:
    """Texts of the sources that the language's catalogue does not translate."""
    with path_of(language, room).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return sorted(text for text in texts(room) if text not in catalogue or not catalogue[text].string)


def complete(language: str, room: Path = REPORTS) -> None:
    """Add what the catalogue lacks, sorted, without dates: a catalogue changes only where a text does."""
    with path_of(language, room).open("rb") as file:
        catalogue = read_po(file, locale=language)
    for text in texts(room):
        if text not in catalogue:
            catalogue.add(text)
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_output=True, no_location=True)
    lines = [line for line in written.getvalue().decode().split("\n") if not line.startswith(tuple(f'"{d}' for d in DATED))]
    path_of(language, room).write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    for room, language in ((room, language) for room in (REPORTS, WEB, CAMPAIGN) for language in LANGUAGES):
        complete(language, room)
        lacking = missing(language, room)
        print(f"{room.name}, {language}: {len(lacking)} of {len(texts(room))} texts are not translated")
        print("".join(f"  {text}\n" for text in lacking), end="")


if __name__ == "__main__":
    main()
