"""One mission of most kinds of `benchmarks/thousand_missions.py`: flown witnesses converge, bounds are named.

The witnesses are found without the optimiser and flown by the simulator; a label that they do not keep fails. A hundred
missions take a quarter of an hour of a core, so these are the first of each kind that costs some seconds: no upper stages.
"""

import json
import subprocess
import sys

import flown

QUICK = (
    "circle,ellipse,argument,bounded,node,sun-synchronous,local-time,zones,"
    "no-ideal-velocity,no-such-plane,no-zone-so-near,no-acceleration,no-lift-off,no-thrust,no-orbit-so-high,no-time,"
    "no-latitude,no-perigee,no-upper-velocity,no-ignition"
)
SIZE = len(QUICK.split(","))


def test_the_first_of_each_quick_kind_gets_its_label(tmp_path):
    journal = tmp_path / "journal.jsonl"
    command = [sys.executable, "benchmarks/thousand_missions.py", "--workers", "1", "--journal", journal]
    command += ["--kind", QUICK, "--share", "0.001"]
    done = subprocess.run(command, cwd=flown.PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    records = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert len(records) == SIZE and not any(record["fault"] for record in records)
    again = subprocess.run(command, cwd=flown.PROJECT, capture_output=True, text=True)
    assert again.returncode == 0 and len(journal.read_text(encoding="utf-8").splitlines()) == SIZE


def test_numbers_stand_for_kinds():
    """1000 in all, 700 flown, 200 forbidden, 100 near the edge, and a sample that has every kind."""
    code = (
        "from thousand.kinds import *; n = numbers(); assert sorted(n) == list(range(1000));"
        "print([sum(EXPECTED[kind_of(k)] == label for k in n) for label in COUNTS], len(SIZES), len(numbers(share=0.1)),"
        "len({kind_of(k) for k in numbers(share=0.1)}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=flown.PROJECT / "benchmarks", capture_output=True, text=True)
    assert done.stdout.split() == ["[700,", "200,", "100]", "38", *done.stdout.split()[4:]], done.stderr
    size, kinds = map(int, done.stdout.split()[4:])
    assert 95 <= size <= 105 and kinds == 38
