"""What a reader is told, in a reader's language: texts from gettext catalogues, numbers and dates as CLDR has them.

English is the language of the code: an English text is its own key. A catalogue that lacks a text leaves it in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from baiterek.errors import InputError

LOCALE = Path(__file__).parent / "locale"
STORED = "stored"
"""The context (msgctxt) of texts that a result holds, as the optimiser, the simulator or a catalogue file wrote them."""
LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}

OTHERWISE = {
    "Aland": "AX", "Antigua and Barbuda": "AG", "Bosnia and Herzegovina": "BA", "Czech Republic": "CZ",
    "Democratic Republic of the Congo": "CD", "East Timor": "TL", "Federated States of Micronesia": "FM",
    "French Southern and Antarctic Lands": "TF", "Guinea Bissau": "GW", "Hong Kong S.A.R.": "HK", "Ivory Coast": "CI",
    "Macau S.A.R": "MO", "Macedonia": "MK", "Myanmar": "MM", "Republic of Serbia": "RS", "Republic of the Congo": "CG",
    "S. Sudan": "SS", "Saint Barthelemy": "BL", "Saint Helena": "SH", "Saint Kitts and Nevis": "KN", "Saint Lucia": "LC",
    "Saint Martin": "MF", "Saint Pierre and Miquelon": "PM", "Saint Vincent and the Grenadines": "VC",
    "Sao Tome and Principe": "ST", "South Georgia and the Islands": "GS", "Swaziland": "SZ", "The Bahamas": "BS",
    "Trinidad and Tobago": "TT", "Turkey": "TR", "Turks and Caicos Islands": "TC", "United Republic of Tanzania": "TZ",
    "United States Virgin Islands": "VI", "United States of America": "US", "Vatican": "VA", "Wallis and Futuna": "WF",
}  # fmt: skip
"""Countries that Natural Earth names otherwise than CLDR, with their code of ISO 3166-1."""

NUMBER = re.compile(r"[-−]?\d+\.\d+(?:e[-+]?\d+)?|[-−]?\d+e[-+]?\d+")
"""A number of a stored sentence that another language writes otherwise."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
NUMBERED = re.compile(r"\{(\w+)\}")
NOTHING = "–"
"""What stands for a number that there is not."""
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def language(name: str = "en", folder: Path = LOCALE) -> Words:
    """The words of a language, `en`, `ru` or `kk`, from the catalogues of a folder."""
    if name not in LANGUAGES:
        raise InputError("--language", "", name, ", ".join(LANGUAGES))
    return Words(name, folder)


def later(text: str) -> str:
    """Marks a text of a table, translated where it is shown; changes nothing."""
    return text


class Words:
    """`words("Altitude")` is that text in the language; values go into its braces: `words("{n} met", n=3)`."""

    def __init__(self, name: str, folder: Path = LOCALE) -> None:
        self.language = name
        self._locale = Locale.parse(name)
        self._texts, self._stored = catalogue(name, folder)

    def __call__(self, text: str, **values: Any) -> str:
        translated = self._texts.get(text, text)
        return translated.format(**values) if values else translated

    def knows(self, text: str) -> bool:
        """Whether the catalogue has the text; English knows every text."""
        return self.language == "en" or text in self._texts

    def said(self, sentence: str) -> str:
        """A sentence that a run has stored: looked up whole, else as a stored text whose braces have been filled.

        `stage-1 separation` is found as `stage-{n} separation`; what stood in the braces is translated in its turn,
        a number or an instant put into the language's form. A sentence that no text matches stays as it is.
        """
        found = self._stored.get(sentence) or self._texts.get(sentence)
        if found:
            return found
        for pattern, text in self._patterns:
            filled = pattern.fullmatch(sentence)
            if filled:
                return text.format(**{name: self.said(value) for name, value in filled.groupdict().items()})
        if INSTANT.fullmatch(sentence):
            return self.date(sentence)
        return self._as_written(sentence) if NUMBER.fullmatch(sentence) else sentence

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Stored texts with braces as patterns, the most literal first."""
        texts = sorted((text for text in self._stored if NUMBERED.search(text)), key=lambda text: -_literal(text))
        return [(_pattern(text), self._stored[text]) for text in texts]

    def number(self, value: Any, digits: int = 0) -> str:
        """Fixed decimals, grouped as the language does; a dash for nothing."""
        if value is None:
            return NOTHING
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        rounded = float(f"{value:.{digits}f}") + 0.0  # no minus before a zero
        return self._decimal(rounded, "#,##0" + ("." + "0" * digits if digits else ""))

    def significant(self, value: Any, digits: int = 6) -> str:
        """At most so many significant digits, where the size of a number is not known beforehand."""
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            return self.number(value)
        if value and not 1e-3 <= abs(value) < 1e9:
            return self._power(f"{value:.{min(digits, 3)}g}")
        text = f"{value:.{digits}g}"
        decimals = 0 if "e" in text else len(text.partition(".")[2])
        return self.number(float(text), decimals)

    def kilograms(self, value: Any) -> str:
        """Whole kilograms of a launcher, hundredths of a sounding rocket."""
        return self.number(value, 0 if value is None or abs(value) >= 1e3 else 2)

    def thousandth(self, value: Any, digits: int = 1) -> str:
        """Kilometres of metres."""
        return self.number(None if value is None else value / 1e3, digits)

    def date(self, instant: datetime | str) -> str:
        """Day, month in words, year, and UTC to the second; takes ISO 8601 too."""
        utc = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        return format_datetime(utc, self._form("d MMMM y, HH:mm:ss 'UTC'"), locale=self._locale)

    def clock(self, instant: datetime | str, ahead_h: float) -> str:
        """Day, month in words, hour and minute of a clock so many hours ahead of UTC; takes ISO 8601 too."""
        utc = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        return format_datetime(utc.astimezone(UTC) + timedelta(hours=ahead_h), self._form("d MMMM, HH:mm"), locale=self._locale)

    def _form(self, english: str) -> str:
        """How a date is written, which is the same whichever catalogue these words are from."""
        return catalogue(self.language)[0].get(english, english)

    def territory(self, english: str) -> str:
        """A country by its English name, as CLDR has it; a name that it lacks is looked up as a stored text."""
        code = OTHERWISE.get(english) or next((c for c, name in Locale("en").territories.items() if name == english), "")
        return str(self._locale.territories.get(code) or self.said(english))

    def _decimal(self, value: float, pattern: str) -> str:
        return format_decimal(value, format=pattern, locale=self._locale).replace("-", "−")

    def _power(self, text: str) -> str:
        """`1.2e-05` as `1.2·10⁻⁵`."""
        mantissa, _, exponent = text.partition("e")
        digits = len(mantissa.partition(".")[2])
        shown = self.number(float(mantissa), digits)
        return f"{shown}·10{str(int(exponent)).translate(SUPERSCRIPT)}" if exponent else shown

    def _as_written(self, number: str) -> str:
        """A number of a sentence with all its digits, ungrouped: years and identifiers stand among them."""
        if "e" in number:
            return self._power(number.replace("−", "-"))
        digits = len(number.partition(".")[2])
        return self._decimal(float(number.replace("−", "-")), "0." + "0" * digits)


@cache
def catalogue(name: str, folder: Path = LOCALE) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """English text -> the language's: texts of the program, and those of the context `stored`, met in results."""
    with (folder / name / "LC_MESSAGES" / "baiterek.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=name) if message.id and message.string]
    texts = {str(m.id): str(m.string) for m in messages if m.context is None}
    return texts, {str(m.id): str(m.string) for m in messages if m.context == STORED}


def _pattern(text: str) -> re.Pattern[str]:
    """`{stage} cut-off` as a pattern that says what the stage was."""
    parts, seen = NUMBERED.split(text), set[str]()
    for index, part in enumerate(parts):
        if index % 2 == 0:
            parts[index] = re.escape(part)
        else:
            parts[index] = f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return re.compile("".join(parts))


def _literal(text: str) -> int:
    return len(NUMBERED.sub("", text))
