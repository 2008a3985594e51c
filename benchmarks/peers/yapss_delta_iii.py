"""yapss on its own Delta III example, as its package ships it: runs in the peers' environment, prints one JSON line.

The example's module imports matplotlib for a plotting function that is not called here. The import is stood in for,
so that yapss is not charged for pictures that nobody asked for.
"""

from __future__ import annotations

import json
import sys
import time
import types

for name in ("matplotlib", "matplotlib.pyplot"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]


def main():
    """Solve once; one line of JSON, the last on standard output."""
    begin = time.perf_counter()
    from yapss.examples.delta_iii_ascent import setup

    problem = setup()
    ready = time.perf_counter()
    solution = problem.solve()
    out = {
        "final_mass_kg": float(solution.objective),
        "setup_s": ready - begin,
        "solve_s": time.perf_counter() - ready,
    }
    print("\n" + json.dumps(out))


if __name__ == "__main__":
    main()
