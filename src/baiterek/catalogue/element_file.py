"""One orbital element of a file: fixed, bounded or free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baiterek.catalogue.fields import Field, Place, finite, read_table
from baiterek.catalogue.mission import Element
from baiterek.catalogue.units import si_key

ELEMENT = 'a number, { min, max } with min < max, or "free"'


def read_element(read: Mapping[str, Any], table: Mapping[str, Any], key: str, place: Place, field: Field) -> Element:
    """An element of a target: `read` holds what the file says, in the unit of the key as the file wrote it."""
    found = read[key]
    written, factor = key, 1.0
    for name in table:
        if name != key and si_key(name)[0] == key:
            written, factor = name, si_key(name)[1]
    if found is None:
        raise place.bad(key, "nothing", ELEMENT)
    if found == "free":
        return Element()
    if isinstance(found, dict):
        bounds = {"min": Field("number", "least", required=True), "max": Field("number", "most", required=True)}
        pair = read_table(found, bounds, place.inside(written))
        low, high = pair["min"] * factor, pair["max"] * factor
        if low >= high:
            raise place.bad(written, f"min {pair['min']:g}, max {pair['max']:g}", ELEMENT)
    else:
        value = finite(found)
        if value is None:
            raise place.bad(written, found, ELEMENT)
        low = high = value * factor
    if (field.low is not None and low < field.low) or (field.high is not None and high > field.high):
        raise place.bad(written, found, f"{ELEMENT},{field.range}")
    return Element(low, high)
