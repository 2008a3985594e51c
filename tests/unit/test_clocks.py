"""Instants on four clocks: offsets as their laws changed them."""

import pytest

from baiterek.campaign.clocks import CLOCKS, read_clock, read_instant, shown
from baiterek.errors import InputError


@pytest.mark.parametrize(
    ("instant", "clock", "there"),
    [
        # "Kazakhstan unifies on UTC+5 beginning 2024-03-01" (NEWS of the tz database); Astana stood at UTC+6 before
        ("2024-02-29T17:59:59.000000Z", "astana", "2024-02-29 23:59:59 Astana"),
        ("2024-02-29T18:00:00.000000Z", "astana", "2024-02-29 23:00:00 Astana"),
        ("2026-03-01T20:30:00.000000Z", "astana", "2026-03-02 01:30:00 Astana"),
        # Kyzylorda region, where Baikonur lies: from +06 to +05 on 21 December 2018 (the same)
        ("2018-12-20T17:59:59.000000Z", "baikonur", "2018-12-20 23:59:59 Baikonur"),
        ("2018-12-20T18:00:00.000000Z", "baikonur", "2018-12-20 23:00:00 Baikonur"),
        ("2026-03-01T20:30:00.000000Z", "baikonur", "2026-03-02 01:30:00 Baikonur"),
        # Moscow: UTC+4 until 26 October 2014, UTC+3 since (federal law 248-FZ of 21 July 2014)
        ("2014-10-25T21:59:59.000000Z", "moscow", "2014-10-26 01:59:59 Moscow"),
        ("2014-10-25T22:00:00.000000Z", "moscow", "2014-10-26 01:00:00 Moscow"),
        ("2026-03-01T20:30:00.999999Z", "utc", "2026-03-01 20:30:00 UTC"),
    ],
)
def test_a_clock_shows_what_its_law_says(instant, clock, there):
    assert shown(instant, clock) == there


def test_an_instant_says_its_offset():
    written = "2026-03-01T05:00:00.000000Z"
    for text in ("2026-03-01T10:00+05:00", "2026-03-01T08:00:00+03:00", "2026-03-01T05:00Z"):
        assert read_instant(text, "started_at") == written
    for text in ("2026-03-01T10:00", "2026-03-01", "tomorrow", ""):
        with pytest.raises(InputError, match="an instant with its offset"):
            read_instant(text, "started_at")
    assert [read_clock(word.upper(), "--clock") for word in CLOCKS] == list(CLOCKS)
    with pytest.raises(InputError, match="found paris"):
        read_clock("paris", "--clock")
