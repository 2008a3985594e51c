"""NetCDF classic format, version 1, as bytes: dimensions, attributes and columns, nothing else.

Unidata, NetCDF User's Guide, "The NetCDF Classic Format Specification"; OGC 10-092r3. Big-endian, every part padded to
four bytes. A library that writes it costs more than all other exports together (HDF5) or 100 MB (SciPy).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

DIMENSION, VARIABLE, ATTRIBUTE = 10, 11, 12
CHAR, INT, DOUBLE = 2, 4, 6

Attributes = Mapping[str, Any]
"""Texts, numbers, or arrays of them."""


class Variable(NamedTuple):
    """A column along a dimension: whole numbers of 32 bits, or doubles."""

    dimension: str
    values: NDArray[Any]
    attributes: Attributes


def classic(attributes: Attributes, variables: Mapping[str, Variable]) -> bytes:
    """The whole file. Columns along the same dimension must be of one length."""
    lengths: dict[str, int] = {}
    for variable in variables.values():
        if lengths.setdefault(variable.dimension, len(variable.values)) != len(variable.values):
            raise ValueError(f"columns of different lengths along {variable.dimension}")
    dimensions = [_name(name) + _whole(length) for name, length in lengths.items()]
    kinds, bodies = zip(*(_values(variable.values) for variable in variables.values()))
    heads = [
        _name(name) + _whole(1, list(lengths).index(variable.dimension)) + _attributes(variable.attributes)
        + _whole(kind, len(body))
        for (name, variable), kind, body in zip(variables.items(), kinds, bodies)
    ]  # fmt: skip
    opening = b"CDF\x01" + _whole(0) + _list(DIMENSION, dimensions) + _attributes(attributes)
    start = len(opening) + 8 + sum(len(head) + 4 for head in heads)
    starts = start + np.cumsum([0, *(len(body) for body in bodies[:-1])])
    table = _list(VARIABLE, [head + _whole(int(begin)) for head, begin in zip(heads, starts)])
    return opening + table + b"".join(bodies)


def _whole(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % 4)


def _name(name: str) -> bytes:
    raw = name.encode()
    return _whole(len(raw)) + _padded(raw)


def _list(tag: int, parts: list[bytes]) -> bytes:
    return _whole(tag, len(parts)) + b"".join(parts) if parts else _whole(0, 0)


def _attributes(attributes: Attributes) -> bytes:
    return _list(ATTRIBUTE, [_name(name) + _attribute(value) for name, value in attributes.items()])


def _attribute(value: Any) -> bytes:
    if isinstance(value, str):
        raw = value.encode()
        return _whole(CHAR, len(raw)) + _padded(raw)
    values = np.atleast_1d(value)
    kind, body = _values(values)
    return _whole(kind, len(values)) + body


def _values(values: NDArray[Any]) -> tuple[int, bytes]:
    whole = np.issubdtype(values.dtype, np.integer)
    return (INT, values.astype(">i4").tobytes()) if whole else (DOUBLE, values.astype(">f8").tobytes())
