"""Tries to sign in: after some failures of one name or from one address, whoever tries waits."""

from __future__ import annotations

import time
from collections import deque
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

WITHIN_s = 15 * 60
OF_A_NAME, FROM_AN_ADDRESS = 8, 40
MOST_KEYS = 10_000
OWN_NETWORK_bits = 64
"""What one customer of IPv6 has to itself: all of it is one address here."""


class Failures:
    """Those of the last quarter of an hour, in memory: a restart forgets them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failed: dict[tuple[str, str], deque[float]] = {}

    def wait_s(self, address: str, name: str | None = None) -> int:
        """How long until another try is taken; 0: now, and it counts as failed until `forget`.

        Counted before it is looked at: of a thousand tries at once no more are looked at than of a thousand in a row.
        """
        now = time.monotonic()
        with self._lock:
            keys = _keys(address, name)
            wait = max(self._wait(key, most, now) for key, most in keys)
            if not wait:
                self._tidy(now)
                for key, most in keys:
                    self._failed.setdefault(key, deque(maxlen=most)).append(now)
        return wait

    def forget(self, address: str, name: str | None = None) -> None:
        """The try was right: it does not count, nor do those of that name before it."""
        with self._lock:
            (own, _), *named = _keys(address, name)
            if self._failed.get(own):
                self._failed[own].pop()
            for key, _ in named:
                self._failed.pop(key, None)

    def _wait(self, key: tuple[str, str], most: int, now: float) -> int:
        times = self._failed.get(key)
        return max(0, int(times[0] + WITHIN_s - now) + 1) if times and len(times) == most else 0

    def _tidy(self, now: float) -> None:
        if len(self._failed) > MOST_KEYS:
            self._failed = {key: times for key, times in self._failed.items() if times and times[-1] > now - WITHIN_s}


def _keys(address: str, name: str | None) -> list[tuple[tuple[str, str], int]]:
    own = [(("address", network(address)), FROM_AN_ADDRESS)]
    return own if name is None else [*own, (("name", name.casefold()), OF_A_NAME)]


def network(address: str) -> str:
    """Whose address it is: an IPv4 one stands for itself, an IPv6 one for its network."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Network((int(known), OWN_NETWORK_bits), strict=False))
