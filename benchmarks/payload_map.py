"""The payload map of the two-stage Soyuz-5, 27 altitudes by 27 inclinations, on two processes: time, and every cell explained.

.venv/bin/python benchmarks/payload_map.py
"""

from __future__ import annotations

import json
import sys
import tempfile

from measure import Bar, baiterek, run, table, verdict

AXES = ("--altitude", "200:1500:50", "--inclination", "46:98:2")
SECONDS = 100.0


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    with tempfile.TemporaryDirectory() as folder:
        done = run([baiterek(), "performance", "--vehicle", "soyuz-5", *AXES, "--workers", "2", "--out", folder, "--json"])
    if done.status == 2:
        raise SystemExit(done.errors)
    document = json.loads(done.output)
    counts, cells = document["counts"], document["cells"]
    silent = sum(cell["status"] != "converged" and not cell["why"] for cell in cells)
    gaps = [cell["gap_m"] for cell in cells if cell["gap_m"] is not None]
    rows = [[word, str(count)] for word, count in counts.items()]
    rows += [["largest gap at insertion, m", f"{max(gaps):.2f}"], ["seconds a cell", f"{done.seconds / len(cells):.3f}"]]
    print(table([f"{len(cells)} cells", ""], rows))
    return verdict(
        [
            Bar("27 x 27 map, whole process, two workers", done.seconds, "s", most=SECONDS),
            Bar("cells without payload and without reason", float(silent), "", most=0.0),
            Bar("cells that failed", float(counts["failed"]), "", most=0.0),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
