"""A sample of a hundred of `benchmarks/thousand_missions.py`: witnesses converge, bounds are named.

The witnesses are found without the optimiser and flown by the simulator; a label that they do not keep fails. Finding them
takes seconds of each, so the draws of the hundred are kept with the benchmark: a tenth of every kind, but that others of their
kind stand for those whose answer took more than twelve seconds.
"""

import json
import re
import subprocess
import sys

import pytest

import flown

SIZE, KINDS = 100, 38
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?")


@pytest.mark.slow
def test_a_sample_gets_its_labels(tmp_path):
    """None that was flown is missed, none that is forbidden converges, each refusal names its limit."""
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "benchmarks/thousand_missions.py", "--workers", "1", "--journal", journal, "--sample"]
    done = subprocess.run(command, cwd=flown.PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    records = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert len(records) == SIZE and len({record["kind"] for record in records}) == KINDS
    assert not any(record.get("fault") for record in records)
    again = subprocess.run(command, cwd=flown.PROJECT, capture_output=True, text=True)
    assert again.returncode == 0 and len(journal.read_text(encoding="utf-8").splitlines()) == len(records)


def test_the_kept_draws_are_what_the_seed_gives():
    """One of the launcher alone, one with an upper stage, one forbidden; last digits of a witness differ between processors."""
    lines = asked_of(
        "from thousand.draws import kept, line; from thousand.kinds import case, kind_of; k = kept(5); of = lambda name: next("
        "n for n in k if kind_of(n) == name); numbers = [*map(of, ('circle', 'upper-geo', 'no-time'))];"
        "print(len(k), *[each for n in numbers for each in (line(case(5, n)), line(k[n]))], sep='\\n')",
        str.splitlines,
    )
    assert int(lines[0]) == SIZE
    made, kept = ([line for line in lines[1:] if line][k::2] for k in (0, 1))
    for one, other in zip(made, kept, strict=True):
        assert NUMBER.split(one) == NUMBER.split(other)
        assert [float(each) for each in NUMBER.findall(one)] == pytest.approx([*map(float, NUMBER.findall(other))], rel=1e-6)


def asked_of(code, split=str.split):
    """What a line of Python in the benchmark's folder prints, as words."""
    done = subprocess.run([sys.executable, "-c", code], cwd=flown.PROJECT / "benchmarks", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return split(done.stdout)


def test_numbers_stand_for_kinds():
    """1000 in all, 700 flown, 200 forbidden, 100 near the edge, and a sample that has every kind."""
    words = asked_of(
        "from thousand.kinds import *; from thousand.order import order; n = order(5); assert sorted(n) == list(range(1000));"
        "print(*[sum(EXPECTED[kind_of(k)] == label for k in n) for label in COUNTS], len(SIZES), len(order(5, share=0.1)),"
        "len({kind_of(k) for k in order(5, share=0.1)}))"
    )
    *sizes, sample, kinds = map(int, words)
    assert sizes == [700, 200, 100, KINDS] and 95 <= sample <= 105 and kinds == KINDS


def test_any_prefix_has_its_share_of_every_kind():
    """By definition of the order, within one mission of a kind; another seed gives another order."""
    words = asked_of(
        "from thousand.kinds import *; from thousand.order import order; n = order(5); assert n == order(5) != order(6);"
        "off = lambda k, m: abs(sum(kind_of(i) == k for i in n[:m]) - m / 1000 * SIZES[k]);"
        "print(max(off(k, m) for k in SIZES for m in (100, 250, 600)))"
    )
    assert float(words[0]) < 1.5


def test_intervals_of_a_share_are_exact():
    """Clopper & Pearson (1934) in closed form: of n right of n the lower end is 2.5 % to the 1/n; 8 of 10 from their tables."""
    words = asked_of("from thousand.scoring import interval; print(*interval(50, 50), *interval(8, 10), *interval(0, 3))")
    low, high, below, above, none, most = map(float, words)
    assert abs(low - 0.025 ** (1 / 50)) < 1e-12 and high == 1.0
    assert abs(below - 0.444) < 5e-4 and abs(above - 0.975) < 5e-4
    assert none == 0.0 and abs(most - (1.0 - 0.025 ** (1 / 3))) < 1e-12


def test_a_record_is_a_line_that_reads_back():
    """Numbers as the optimiser gives them, an empty list, a number that is none, and a file by its name alone."""
    code = (
        "import numpy as np, json; from thousand.journal import line; third = np.float64(1 / 3);"
        "said = line({'seed': 5, 'number': 3, 'fault': '', 'faults': [], 'gap_m': float('nan'), 'missing': {'a': third},"
        "'cpu_s': 0 * third, 'advice': '/a/b/mission.toml: no', 'mission': 'left out'}); print(said)"
    )
    said = json.loads(" ".join(asked_of(code)))
    assert said == {"seed": 5, "number": 3, "missing": {"a": 0.3333333}, "advice": "mission.toml: no", "cpu_s": 0.0}
