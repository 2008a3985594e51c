"""What was asked, what was answered, and by which code: a line of JSON each, small enough to be kept with the project.

Mission and witness are not kept: seed and number draw them again (`--only NUMBER` prints them).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import baiterek
from baiterek.study.provenance import code_hash

PACKAGE = Path(baiterek.__file__).parent
ASKED = ("catalogue", "flight", "physics", "trajectory")
"""What an answer depends on, and the witness that labels it."""
KEPT = ("seed", "number", "kind", "expect", "why", "status", "fault", "faults", "missing", "advice", "gap_m", "gap_m_s",
        "brought_kg", "floor_kg", "iterations", "draw_cpu_s", "cpu_s", "code", "commit")  # fmt: skip
DIGITS = 7

Record = dict[str, Any]


@cache
def code() -> str:
    """A short hash of the sources that an answer depends on."""
    total = hashlib.sha256((PACKAGE / "constants.py").read_bytes())
    for room in ASKED:
        total.update(code_hash(PACKAGE / room).encode())
    return total.hexdigest()[:10]


@cache
def commit() -> str:
    """The checkout's last commit, with a plus where the package was changed since; nothing outside a checkout."""
    words = [["rev-parse", "--short=9", "HEAD"], ["status", "--porcelain", "--", str(PACKAGE)]]
    try:
        head, changed = (
            subprocess.run(["git", "-C", str(PACKAGE), *w], capture_output=True, text=True, timeout=10, check=True).stdout
            for w in words
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return head.strip() + ("+" if changed.strip() else "")


def line(record: Record) -> str:
    """A record as a line of the journal."""
    kept = {key: _short(record.get(key)) for key in KEPT}
    kept = {key: value for key, value in kept.items() if value not in (None, "", [], {})}
    return json.dumps(kept, ensure_ascii=False, separators=(", ", ": ")) + "\n"


def _short(value: Any) -> Any:
    """Numbers to seven digits, no number as none, and files by their names alone."""
    if isinstance(value, float):  # NumPy's too
        return float(f"{value:.{DIGITS}g}") if value == value else None
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    return re.sub(r"\S*/(?=[^/\s]+\.toml)", "", value) if isinstance(value, str) else value


def journal_of(path: Path, seed: int) -> list[Record]:
    """Every record of a seed in the order of asking; a line that was cut off is left out."""
    records: list[Record] = []
    if not path.exists():
        return records
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(text)
        except json.JSONDecodeError:
            continue
        if record["seed"] == seed:
            records.append({"fault": "", "advice": ""} | record)
    return records


def last(records: list[Record]) -> dict[int, Record]:
    """The last answer to each number."""
    return {record["number"]: record for record in records}


def first(records: list[Record]) -> dict[int, Record]:
    """The first answer to each number: no mend was made for it."""
    return last(records[::-1])
