"""Ten thousand random sequences of actions on the gates of a flight, each action checked by an oracle of its own.

    python benchmarks/gate_sequences.py --sequences 10000 --first 0

What is done and compared stands in tests/gate_sequences.py and tests/gate_oracle.py; the tests run a part of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from gate_sequences import LENGTH, play_many

EVERY = 100
"""Sequences between two lines of progress."""


def said(done: int) -> None:
    """So that whoever stops it knows how far it came."""
    if done % EVERY == 0:
        print(f"{done} sequences: no difference", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first one")
    asked = parser.parse_args()
    counts, began, memory = Counter[str](), time.process_time(), Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        play_many(asked.first, asked.sequences, Path(folder), counts, said)
    spent = time.process_time() - began
    done = f"{asked.sequences} sequences of {LENGTH} actions from seed {asked.first}"
    print(f"{done}: no difference, {spent:.0f} s of processor time")
    for what, number in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"  {number:>8} {what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
