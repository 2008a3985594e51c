"""After random sequences of actions exactly those gates hold that hold by an independent reading of raw rows and files."""

from collections import Counter

from gate_sequences import LENGTH, play_many

COUNT = 36
"""Of 10 000, which `benchmarks/gate_sequences.py` runs."""


def test_gates_hold_exactly_when_the_oracle_says_so(tmp_path):
    counts = Counter()
    play_many(0, COUNT, tmp_path, counts)
    assert counts["actions"] == COUNT * LENGTH
    # Both sides of the comparison were met, refusals and changes alike.
    assert counts["gates that held"] > 150 and counts["gates that did not"] > 300
    assert counts["refused"] > 100 and counts["rows rewritten"] > 5 and counts["time passes"] > 5
    assert counts["decisions put to the vote"] > 5
