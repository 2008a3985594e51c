"""Three languages: texts, numbers and dates. The forms expected here are CLDR's and the trade's, not the code's."""

import importlib.util
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from babel.messages.pofile import read_po

import flown
from baiterek.catalogue.document import CATALOGUE, read_extended
from baiterek.catalogue.upper_stage_file import read_upper_stage
from baiterek.catalogue.vehicle_file import read_vehicle
from baiterek.errors import InputError
from baiterek.reports.language import LANGUAGES, catalogue, language
from baiterek.reports.naming import OF_AN_AXIS, QUANTITIES, district_in_words
from baiterek.safety.world import packaged_world
from baiterek.study.summary import summary
from baiterek.web.templating import LOCALE
from drawn import NAMES


def builder():
    spec = importlib.util.spec_from_file_location("texts", flown.PROJECT / "builders" / "texts.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_russian():
    assert not builder().missing("ru"), "run: python builders/texts.py, then translate what it prints"


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_a_translation_has_the_braces_of_its_text(name):
    texts, stored = catalogue(name)
    for text, translated in [*texts.items(), *stored.items()]:
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
    assert language(name, LOCALE).date("2026-12-15T09:00:00+00:00") == written  # pages have catalogues of their own


def test_a_stored_sentence_is_recognised_with_its_values():
    russian = language("ru")
    assert russian.said("stage-1 separation") == "отделение 1-й ступени"
    assert russian.said("Earth: WGS 84 ellipsoid, turning at 7.29211500e-05 rad/s") == (
        "Земля: эллипсоид WGS 84, вращение 7,29211500·10⁻⁵ рад/с"
    )
    assert language("en").said("q alpha") == "dynamic pressure × angle of attack"


def test_a_sentence_that_nobody_translated_stays_whole():
    # Somebody's own mission: neither its words nor its numbers are touched.
    for sentence in ("Soyuz-2.1b to 200.5 km; from here to there", "stage one", ""):
        assert language("ru").said(sentence) == sentence


def test_an_unknown_language_is_one_line():
    with pytest.raises(InputError, match="found fr; allowed: en, ru, kk"):
        language("fr")


def test_what_a_catalogue_lacks_stays_english():
    assert language("kk")("no such text") == "no such text" and not language("kk").knows("no such text")


def test_a_russian_report_has_no_english_left_in_it():
    from baiterek.reports.report import as_page
    from baiterek.reports.sections import compose

    failed = flown.optimum(status="infeasible", advice="every limit is met on the re-integrated flight")
    for optimum in (flown.optimum(), failed):
        result = replace(flown.result(), summary=summary(flown.mission(), optimum, flown.flight()))
        ephemeris = "No ephemeris: the mission has no date, so its axes have no orientation among the stars."
        html = as_page(compose(result, {}, ephemeris, language("ru")), {})
        text = re.sub(r"<(style|script|code).*?</\1>|<span class=\"hash\">.*?</span>", " ", html, flags=re.S)
        text = NAMES.sub(" ", re.sub(r"<[^>]+>", " ", text))
        assert not re.findall(r"[A-Za-z]{2,}[^<\n]*", text)


def test_texts_of_the_catalogue_have_their_russian():
    texts = set()
    for path in (CATALOGUE / kind for kind in ("vehicles", "sites")):
        for file in path.glob("*.toml"):
            document = tomllib.loads(file.read_text(encoding="utf-8"))
            texts |= {document["title"], *document.get("notes", ())}
            texts |= {source["text"] for source in document.get("sources", {}).values()}
    titles = {tomllib.loads(file.read_text(encoding="utf-8"))["title"] for file in (flown.PROJECT / "missions").rglob("*.toml")}
    own_words = {text for text in texts | titles if language("ru").said(text) == text}
    # Works are cited under their own titles.
    assert all(re.search(r"PhD thesis|Applied Optimal Control", text) for text in own_words), own_words


@pytest.mark.parametrize("name", list(LANGUAGES))
def test_upper_stages_have_names_of_their_own(name):
    words = language(name)
    for file in (CATALOGUE / "upper_stages").glob("*.toml"):
        said = [
            words.said(text) for text in (file.stem, f"{file.stem} burn 2", f"{file.stem} ignition", f"{file.stem} coast 1")
        ]
        assert not [text for text in said if file.stem in text]


@pytest.mark.parametrize("kind", ["vehicles", "upper_stages"])
def test_every_number_of_the_catalogue_is_told_in_words(kind):
    """A key without a name of its own would be shown as it is written in the file, without its unit."""
    read = {"vehicles": read_vehicle, "upper_stages": read_upper_stage}[kind]
    paths = sorted((CATALOGUE / kind).glob("*.toml"))
    keys = {key for path in paths for key in read(read_extended(path, kind), path.stem, str(path)).data}
    last = {key.rpartition(".")[2] for key in keys}
    assert last and not {key for key in last if key not in QUANTITIES and not OF_AN_AXIS.match(key)}


def test_what_kazakh_lacks_is_listed_in_the_documentation():
    page = (flown.PROJECT / "docs" / "languages.md").read_text(encoding="utf-8")
    lines = page.partition("## What Kazakh lacks")[2].partition("##")[0].splitlines()
    listed = {line.removeprefix("- ") for line in lines if line.startswith("- ")}
    with builder().path_of("kk").open("rb") as file:
        assert listed == {str(message.id) for message in read_po(file) if message.id and not message.string}


@pytest.mark.parametrize("name", ["ru", "kk"])
def test_the_advice_of_a_mission_that_cannot_be_flown_is_translated_whole(name):
    # As trajectory/missing.py and study/parts.py write them.
    advice = (
        "by the smallest violation that a local search found, which is no proof, the target needs 208 m/s more than stage-1 "
        "has (7937 kg of propellant): lower the payload or the orbit; zone stage-1 is missed by some 12 km: move it, or change "
        "the orbit or the corridor; dynamic_pressure_Pa would have to rise from 5e+04 to 5.3e+04 Pa; or, to first order, "
        "axial_acceleration_m_s2 would have to rise from 39.23 to 39.4 m/s2"
    )
    undrawn = "The vehicle is not drawn: its file does not give {}."
    for sentence in (advice, undrawn.format("7")):
        assert not re.findall(r"[A-Za-z]{2,}", language(name).said(sentence))
    assert "rocket.length_m" in language(name).said(undrawn.format("rocket.length_m"))


def test_countries_of_the_districts_have_their_russian_names():
    """All that ISO 3166-1 knows; what is left are bases, reefs and areas whose standing is disputed."""
    countries = {district.country for district in packaged_world().districts if district.country}
    left = {country for country in countries if not re.search("[А-я]", language("ru").territory(country))}
    assert left <= {
        "Akrotiri Sovereign Base Area", "Dhekelia Sovereign Base Area", "US Naval Base Guantanamo Bay", "Siachen Glacier",
        "Ashmore and Cartier Islands", "Coral Sea Islands", "Heard Island and McDonald Islands", "Indian Ocean Territories",
        "Spratly Is.", "United States Minor Outlying Islands", "Gaza Strip", "West Bank", "Northern Cyprus", "Somaliland",
    }  # fmt: skip
    assert language("ru").territory("Hong Kong S.A.R.") == "Гонконг (САР)" and language("kk").territory("Turkey") == "Түркия"


def test_kazakh_names_of_districts_are_those_of_iso_3166_2():
    """KZ of ISO 3166-2, as published in the language's romanisation (BGN/PCGN 1979), without its word for a region."""
    published = {
        "Aqmola", "Aqtöbe", "Almaty", "Atyraū", "Batys Qazaqstan", "Mangghystaū", "Pavlodar", "Qaraghandy", "Qostanay",
        "Qyzylorda", "Shyghys Qazaqstan", "Soltüstik Qazaqstan", "Türkistan", "Zhambyl", "Astana",
    }  # fmt: skip
    here = {district.name_ru for district in packaged_world().districts if district.country == "Kazakhstan"}
    cyrillic, latin = "абвдгежзийклмнопрстуфшығңөұүқі", "a b v d g e zh z i y k l m n o p r s t ū f sh y gh ng ö ū ü q i"
    letters = dict(zip(cyrillic, latin.split(), strict=True))
    names = {district_in_words("", each, language("kk")).lower().removesuffix(" облысы") for each in here}
    assert {"".join(letters.get(letter, letter) for letter in name) for name in names} == {each.lower() for each in published}
