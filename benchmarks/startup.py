"""How soon the command line answers, and how soon a second `make plan` starts.

.venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from measure import Bar, baiterek, interleaved, run, seconds, table, verdict

HELP_s, SECOND_MAKE_s = 0.3, 1.0


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    command = baiterek()
    python = command.parent / "python"
    commands: dict[str, Sequence[str | Path]] = {
        "baiterek --help": [command, "--help"],
        "make plan with nothing to install": ["make", "--no-print-directory", "plan", "MISSION=--help"],
        "python -c pass": [python, "-c", "pass"],
        "import numpy, casadi": [python, "-c", "import numpy, casadi"],
        "import baiterek.trajectory": [python, "-c", "import baiterek.trajectory"],
        "import baiterek.flight": [python, "-c", "import baiterek.flight"],
    }
    for each in commands.values():
        run(each)
    runs = interleaved(commands, dict.fromkeys(commands, 7))
    print(table(["whole process, median of 7", "s"], [[name, f"{seconds(each):.3f}"] for name, each in runs.items()]))
    return verdict(
        [
            Bar("baiterek --help", seconds(runs["baiterek --help"]), "s", most=HELP_s),
            Bar("a second make plan", seconds(runs["make plan with nothing to install"]), "s", most=SECOND_MAKE_s),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
