"""Failed sign-ins: after some of one name or from one address, whoever tries waits."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock

WITHIN_s = 15 * 60
OF_A_NAME, FROM_AN_ADDRESS = 8, 40
MOST_KEYS = 10_000


class Failures:
    """Those of the last quarter of an hour, in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failed: dict[tuple[str, str], deque[float]] = {}

    def wait_s(self, name: str, address: str) -> int:
        """How long until another try is taken; 0: now."""
        now = time.monotonic()
        with self._lock:
            return max(
                self._wait(("name", name.casefold()), OF_A_NAME, now), self._wait(("address", address), FROM_AN_ADDRESS, now)
            )

    def note(self, name: str, address: str) -> None:
        """One more failed."""
        now = time.monotonic()
        with self._lock:
            if len(self._failed) > MOST_KEYS:
                self._failed = {key: times for key, times in self._failed.items() if times[-1] > now - WITHIN_s}
            for key, most in ((("name", name.casefold()), OF_A_NAME), (("address", address), FROM_AN_ADDRESS)):
                self._failed.setdefault(key, deque(maxlen=most)).append(now)

    def forget(self, name: str) -> None:
        """Its owner has signed in."""
        with self._lock:
            self._failed.pop(("name", name.casefold()), None)

    def _wait(self, key: tuple[str, str], most: int, now: float) -> int:
        times = self._failed.get(key)
        return max(0, int(times[0] + WITHIN_s - now) + 1) if times and len(times) == most else 0
