"""Three languages: texts, numbers and dates. The forms expected here are CLDR's and the trade's, not the code's."""

import importlib.util
import re
from datetime import UTC, datetime

import pytest

import flown
from baiterek.errors import InputError
from baiterek.reports.language import LANGUAGES, catalogue, language


def builder():
    spec = importlib.util.spec_from_file_location("texts", flown.PROJECT / "builders" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_russian():
    assert not builder().missing("ru"), "run: python builders/texts.py, then translate what it prints"


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_a_translation_has_the_braces_of_its_text(name):
    for text, translated in catalogue(name).items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated)), text


def test_the_terms_are_those_of_the_trade():
    # GOST 20058-80 (dynamics of aircraft in the atmosphere) names angle of attack, pitch and dynamic pressure so.
    russian = language("ru")
    assert russian("Angle of attack") == "Угол атаки"
    assert russian("Dynamic pressure") == "Скоростной напор"
    assert "тангаж" in russian("pitch of the body axis")


@pytest.mark.parametrize(
    ("name", "written"),
    [("en", "−16,977.5"), ("ru", "−16\u00a0977,5"), ("kk", "−16\u00a0977,5")],
)
def test_numbers_take_the_form_of_the_language(name, written):
    assert language(name).number(-16977.48, 1) == written


def test_numbers_keep_their_digits():
    english = language("en")
    assert english.number(None) == "–" and english.number(-0.0001, 1) == "0.0"
    assert english.significant(399860.4) == "399,860" and english.significant(0.0125) == "0.0125"
    assert english.significant(1.25e-5) == "1.25·10⁻⁵" and english.significant(3.986004418e14) == "3.99·10¹⁴"
    assert english.kilograms(1114.5) == "1,114" and english.kilograms(6.25) == "6.25"


@pytest.mark.parametrize(
    ("name", "written"),
    [("en", "15 December 2026, 09:00:00 UTC"), ("ru", "15 декабря 2026 г., 09:00:00 UTC"),
     ("kk", "2026 ж. 15 желтоқсан, 09:00:00 UTC")],
)  # fmt: skip
def test_dates_take_the_form_of_the_language(name, written):
    assert language(name).date(datetime(2026, 12, 15, 9, tzinfo=UTC)) == written
    assert language(name).date("2026-12-15T09:00:00+00:00") == written


def test_a_stored_sentence_is_recognised_with_its_values():
    russian = language("ru")
    assert russian.said("zone: stage-1") == "район падения: ступень 1"
    assert russian.said("Nobody wrote this, 1.5 and 7.25e-05") == "Nobody wrote this, 1,5 and 7,25·10⁻⁵"


def test_an_unknown_language_is_one_line():
    with pytest.raises(InputError, match="found fr; allowed: en, ru, kk"):
        language("fr")


def test_what_a_catalogue_lacks_stays_english():
    assert language("kk")("no such text") == "no such text" and not language("kk").knows("no such text")
