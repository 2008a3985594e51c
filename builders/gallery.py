"""Runs the scripts of docs/gallery, keeps what they print and draw beside them, and makes their pages.

    python builders/gallery.py [NUMBER ...]     # all, or some: 03

A script runs from the project's folder as a reader would run it: it prints, and saves one figure beside itself.
tests/docs/test_gallery.py runs them all and fails when one prints other numbers than those that are kept.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import runpy
import shutil
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
GALLERY = PROJECT / "docs" / "gallery"
SCRIPTS = sorted(GALLERY.glob("[0-9][0-9]_*.py"))

INDEX = """# Gallery

Short scripts that answer one question each, to be read from top to bottom and run from the project's folder:

    .venv/bin/python docs/gallery/01_first_flight.py

What they print and draw is captured here; the tests run every one of them and compare.

"""


def run(script: Path, folder: Path) -> tuple[str, Path]:
    """What a script prints and the figure that it saves, when a copy of it runs in `folder`."""
    import matplotlib

    copy = Path(shutil.copy(script, folder))
    with matplotlib.rc_context({"svg.hashsalt": "baiterek", "svg.fonttype": "path", "backend": "agg"}):
        printed, here = io.StringIO(), Path.cwd()
        os.chdir(PROJECT)
        try:
            with contextlib.redirect_stdout(printed):
                runpy.run_path(str(copy), run_name="__main__")
        finally:
            os.chdir(here)
            import matplotlib.pyplot as plt

            plt.close("all")
    return printed.getvalue(), copy.with_suffix(".svg")


def pages() -> dict[str, str]:
    """Markdown by the name of its file."""
    cards = "".join(f"- [{title(script)}]({script.stem}.md): {question(script)}\n" for script in SCRIPTS)
    return {"gallery/index.md": INDEX + cards, **{f"gallery/{s.stem}.md": _page(s) for s in SCRIPTS}}


def title(script: Path) -> str:
    """Number and first line of the script's text."""
    return f"{int(script.stem[:2])}. {_text(script).partition(chr(10))[0].rstrip('.')}"


def question(script: Path) -> str:
    """The first paragraph after the title."""
    return " ".join(_text(script).partition("\n\n")[2].partition("\n\n")[0].split())


def _page(script: Path) -> str:
    printed = script.with_suffix(".txt").read_text(encoding="utf-8")
    about = _text(script).partition("\n")[2].strip()
    return (
        f"# {title(script)}\n\n{about}\n\n```python\n{_without_text(script)}```\n\n{_beside(script)}It prints\n\n"
        f"```text\n{printed}```\n\n![{title(script)}]({script.stem}.svg)\n\n`docs/gallery/{script.name}`\n"
    )


def _beside(script: Path) -> str:
    """Files that belong to the script, in full."""
    files = sorted(GALLERY.glob(f"{script.stem[:2]}_*.toml"))
    return "".join(f"`{file.name}`:\n\n```toml\n{file.read_text(encoding='utf-8')}```\n\n" for file in files)


def _text(script: Path) -> str:
    return ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""


def _without_text(script: Path) -> str:
    """The script after its text."""
    source = script.read_text(encoding="utf-8")
    end = ast.parse(source).body[0].end_lineno or 0
    return "".join(source.splitlines(keepends=True)[end:]).lstrip("\n")


def main() -> None:
    import tempfile

    for script in SCRIPTS:
        if sys.argv[1:] and script.stem[:2] not in sys.argv[1:]:
            continue
        begin = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            printed, figure = run(script, Path(folder))
            script.with_suffix(".txt").write_text(printed, encoding="utf-8")
            shutil.copy(figure, script.with_suffix(".svg"))
        print(f"{script.name}: {time.process_time() - begin:.1f} s of processor time")


if __name__ == "__main__":
    main()
