"""What browsers were asked and have not answered, a challenge, a journey to a provider: once, soon, by the same browser."""

from __future__ import annotations

import hashlib
import time
from threading import Lock
from typing import Any

LASTS_s = 300
MOST = 10_000
"""Kept at once: beyond it the oldest is forgotten, and whoever waits for it begins again."""


class Pending:
    """In memory: a restart forgets them. One of a kind for each browser, known by the secret of its visit."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[tuple[str, bytes], tuple[float, Any]] = {}

    def ask(self, what: str, token: str, question: Any, now: float | None = None) -> None:
        """Remember a question; an older one of that kind is void."""
        at = time.monotonic() if now is None else now
        with self._lock:
            self._kept.pop((what, _hashed(token)), None)
            self._kept[what, _hashed(token)] = (at, question)
            while len(self._kept) > MOST or at - next(iter(self._kept.values()))[0] > LASTS_s:
                self._kept.pop(next(iter(self._kept)))

    def answered(self, what: str, token: str, now: float | None = None) -> Any:
        """The question that this browser answers, and now nobody any more; None: there was none, or it is too old."""
        at = time.monotonic() if now is None else now
        with self._lock:
            asked, question = self._kept.pop((what, _hashed(token)), (at, None))
        return question if at - asked <= LASTS_s else None


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
