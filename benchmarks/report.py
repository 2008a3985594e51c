"""What the report of a run costs after the flight, and what it weighs: python benchmarks/report.py [RUN]

Without RUN the bundled mission is planned first, which is not counted. CPU seconds of one process, the imports of
what draws among them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Bar, table, verdict

MISSION = Path(__file__).resolve().parents[1] / "missions" / "soyuz5-leo.toml"
MOST_s, MOST_MB = 3.0, 3.0


def main() -> int:
    """Measure, print, and say whether every bar is met."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        run = Path(sys.argv[1]) if len(sys.argv) > 1 else _planned(folder)
        spent, files = measure(run, folder)
    print(table(["CPU time", "s"], [[step, f"{seconds:.2f}"] for step, seconds in spent.items()]))
    bars = [Bar("report after the flight", sum(spent.values()), "s", most=MOST_s)]
    return verdict(bars + [Bar(name, size / 1e6, "MB", most=MOST_MB) for name, size in files.items()])


def _planned(folder: Path) -> Path:
    from baiterek.study import run

    found = run(MISSION, "plan", folder / "runs")[1]
    assert found is not None
    return found


def measure(run: Path, folder: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of each step, and the bytes of what it wrote."""
    spent: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        spent[step] = time.process_time() - start
        return result

    def imports() -> None:
        import typst

        import baiterek.reports.render

        assert typst and baiterek.reports.render

    timed("imports", imports)
    from baiterek.reports.exports import FORMATS, write_exports
    from baiterek.reports.figures import draw, linked_script
    from baiterek.reports.language import language
    from baiterek.reports.pdf import as_pdf
    from baiterek.reports.report import as_page
    from baiterek.reports.sections import TITLES, compose
    from baiterek.study.results import read

    words = timed("texts", language)
    result = timed("reading", lambda: read(run))
    drawn = timed("figures", lambda: draw(result, folder / "figures", words))
    figures = {name: figure.svg for name, figure in drawn.items()}
    script = timed("linking", lambda: linked_script(result, words, {name: figure.link for name, figure in drawn.items()}))
    captions = {name: words(TITLES[name]) for name in drawn}
    content = timed("content", lambda: compose(result, captions, FORMATS["oem"].why_not(result), words))
    page = timed("page", lambda: as_page(content, figures, script))
    pdf = timed("PDF", lambda: as_pdf(content, figures))
    timed("exports", lambda: write_exports(result, folder / "exports"))
    return spent, {"report.html": len(page.encode()), "report.pdf": len(pdf)}


if __name__ == "__main__":
    sys.exit(main())
