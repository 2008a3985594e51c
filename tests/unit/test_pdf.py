"""The report on paper: it says what the page says, its letters come out as letters, and the same run gives the same file."""

import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdf
import pypdfium2
import pytest

import flown
from baiterek.reports.figures import draw
from baiterek.reports.language import LANGUAGES, language
from baiterek.reports.pdf import as_pdf
from baiterek.reports.sections import TITLES, compose

pytestmark = pytest.mark.slow

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"


@cache
def result():
    """One run: the instant of its computing is in its report."""
    return flown.result()


@cache
def figures():
    with TemporaryDirectory() as folder:
        return {name: drawn.svg for name, drawn in draw(result(), Path(folder), language()).items()}


def content(name):
    words = language(name)
    return compose(result(), {figure: words(TITLES[figure]) for figure in figures()}, "", words)


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request):
    return content(request.param), as_pdf(content(request.param), figures())


def plain(text):
    """As letters alone: readers differ in spaces, and in what becomes of a hyphen at the end of a line."""
    return re.sub(r"[\s\u00ad\x02-]+", "", text)


def texts(content):
    """Every text of the report."""
    yield from (
        content.title,
        content.subtitle,
        content.answer.title,
        content.answer.value.text,
        content.legend,
        content.footer,
    )
    for section in content.sections:
        yield section.title
        for block in section.blocks:
            if block.kind == "table":
                yield from (cell.text for row in block.rows for cell in row)
            elif block.kind == "pairs":
                yield from (text for label, cell in block.rows for text in (label, cell.text))
            elif block.kind == "bullets":
                yield from block.items


def test_two_readers_find_every_text_of_the_report(report):
    said, data = report
    readers = {
        "pypdf": "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages),
        "pdfium": "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)),
    }
    for reader, text in readers.items():
        found = plain(text)
        lacking = [each for each in texts(said) if plain(each) not in found]
        assert not lacking, f"{reader}: {lacking[:5]}"


def test_every_page_has_its_number_and_the_run(report):
    said, data = report
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    for number, page in enumerate(pages, start=1):
        text = plain(page.extract_text())
        assert plain(said.page_label.format(n=number, of=len(pages))) in text and said.hash[:16] in text
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]  # A4 in points


def test_the_letters_of_kazakh_are_set_and_read_back():
    data = as_pdf(replace(content("kk"), title=KAZAKH, sections=()), {})
    assert KAZAKH in plain(pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text())


def test_the_same_run_gives_the_same_file_with_its_fonts_in_it(report):
    said, data = report
    assert data == as_pdf(content(said.language), figures())
    fonts = [
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in pypdf.PdfReader(io.BytesIO(data)).pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    ]
    assert fonts and all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)
