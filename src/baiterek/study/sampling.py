"""Random numbers by name and number of the flight: the same for a flight alone, in any batch, on any worker, in any order.

Every dispersed number has a stream of its own: a counter-based generator (Philox 4x64: Salmon et al., SC'11) whose key is the
seed and the hash of the number's name and whose counter is the flight. So a number that is added or taken away changes no
other, and nothing depends on what was drawn before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DESIGNS = {
    "random": "independent flights",
    "lhs": "Latin hypercube: each number meets each of its equally probable cells once",
    "sobol": "scrambled Sobol sequence (Owen's scrambling by a random linear matrix and a shift)",
}
WORDS_A_BLOCK = 4
"""64-bit words that one count of Philox gives."""
SOBOL_BITS = 32
"""As many as SciPy can jump ahead with."""


@dataclass(frozen=True)
class Design:
    """How flights are spread. `flights`, its size, is in the seed of all but the random one."""

    kind: str
    seed: int
    flights: int

    def uniforms(self, names: Sequence[str], first: int, count: int) -> Mapping[str, Array]:
        """Numbers within 0..1, never an end of it, by name: those of flights `first` to before `first + count`."""
        if self.kind == "random":
            return {name: self._random(name, first, count) for name in names}
        if not 0 <= first <= first + count <= self.flights:
            raise ValueError(f"flights {first} to {first + count} of a design of {self.flights}")
        if self.kind == "lhs":
            return {name: self._cell(name, first, count) for name in names}
        return dict(zip(names, self._sobol(tuple(names), first, count), strict=True))

    def _random(self, name: str, first: int, count: int) -> Array:
        stream = np.random.Philox(key=[self.seed, key_of(name)], counter=first)
        return open_unit(stream.random_raw(WORDS_A_BLOCK * count)[::WORDS_A_BLOCK])

    def _cell(self, name: str, first: int, count: int) -> Array:
        """McKay, Beckman & Conover 1979: a permutation of the cells, and a place within each."""
        cells = _permutation(self.seed, name, self.flights)[first : first + count]
        return (cells + self._random(f"{name} within its cell of {self.flights}", first, count)) / self.flights

    def _sobol(self, names: tuple[str, ...], first: int, count: int) -> Array:
        from scipy.stats import qmc

        key = [self.seed, key_of(f"sobol of {self.flights}: {' '.join(names)}")]
        sequence = qmc.Sobol(len(names), bits=SOBOL_BITS, rng=np.random.default_rng(key))
        if first:
            sequence.fast_forward(first)
        return _points(sequence, count).T + 0.5 / 2.0**SOBOL_BITS


def key_of(name: str) -> int:
    """64 bits of a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def open_unit(words: Any) -> Array:
    """64-bit words as numbers in the middle of 2**52 cells of 0..1: neither end, and none rounds to one."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) / 2.0**52


@lru_cache(maxsize=512)
def _permutation(seed: int, name: str, flights: int) -> NDArray[np.int32]:
    stream = np.random.Philox(key=[seed, key_of(f"{name} over {flights} cells")])
    return np.random.Generator(stream).permutation(np.arange(flights, dtype=np.int32))


def _points(sequence: Any, count: int) -> Array:
    """Rows of the sequence. SciPy warns that a number which is no power of two is not balanced; the docs say so too."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The balance properties", UserWarning)
        return np.asarray(sequence.random(count))
