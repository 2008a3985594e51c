"""A safety case in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = 6
"""Lines of a list."""


def as_text(document: Mapping[str, Any]) -> str:
    """Footprints, risk, verdicts and what they rest on."""
    risk = document["risk"]
    error = risk["sampling_error"]
    lines = [f"{document['title']}", "", "  What falls on every flight: one sigma, and what its zone holds"]
    for row in document["footprints"]:
        lines.append(f"  {row['body']:<28} {_footprint(row)}")
    lines += ["", f"  Casualties to be expected in a flight   {risk['collective']:.2e} (sampling +- {error:.0e})"]
    lines.append(f"    of these, what falls on every flight  {risk['planned']:.2e}")
    lines.append(f"    probability that a flight fails       {document['failures']['probability']:.3f}")
    if document["failures"]["in_orbit"] > 1e-12:
        lines.append(f"    of this, of an upper stage in orbit   {document['failures']['in_orbit']:.3f} (nothing comes down)")
    lines.append(f"    highest individual risk               {risk['highest_individual']:.1e}")
    for kind, title in (("by_phase", "By phase"), ("by_cause", "By cause"), ("by_district", "By district")):
        shown = list(risk[kind].items())[:MOST]
        lines += ["", f"  {title}", *(f"    {name:<36} {value:.2e}" for name, value in shown)]
    lines += ["", f"  {document['criteria']['title']}"]
    lines += [f"    {_verdict(each)}{_where(document, each['what'])}" for each in document["verdicts"]]
    lines += _disposal(document.get("deorbit"))
    lines += ["", "  It rests on", *(f"    {note}" for note in document["assumptions"])]
    return "\n".join(lines)


def _disposal(found: Mapping[str, Any] | None) -> list[str]:
    """When and where the upper stage is brought down, and how sure that is."""
    if found is None:
        return []
    if "footprints" not in found:
        what = f"no pass over {found['zone']['name']} within {found['until_h']:.1f} h of the release"
        return ["", f"  Deorbit of the upper stage: {what}"]
    lines = ["", f"  Deorbit of the upper stage, {found['wait_h']:.2f} h after the last release, into {found['zone']['name']}"]
    return [*lines, *(f"  {row['body']:<28} {_footprint(row)}" for row in found["footprints"])]


def _footprint(row: Mapping[str, Any]) -> str:
    if row["scattered"]:
        held = "" if row["zone"] is None else f", {_zone(row)}"
        return f"strewn over thousands of kilometres: no ellipse{held}"
    return f"{_place(row)}  {row['sigma_major_km']:6.1f} x {row['sigma_minor_km']:5.1f} km  {_zone(row)}"


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['latitude_deg']:8.3f}, {row['longitude_deg']:8.3f} deg"


def _zone(row: Mapping[str, Any]) -> str:
    zone = row["zone"]
    if zone is None:
        return "no zone"
    mark = " (assumed zone)" if zone["assumed"] else ""
    return f"{100 * zone['part']:.1f} % ({100 * zone['low']:.1f} to {100 * zone['high']:.1f}) in {zone['name']}{mark}"


def _verdict(verdict: Mapping[str, Any]) -> str:
    if verdict["found"] is None:
        return f"{verdict['what']:<28} not assessed"
    word = "holds   " if verdict["holds"] else "NOT MET "
    mark = " *" if verdict["marked"] else ""
    return f"{verdict['what']:<28} {word} {verdict['found']:.2e} of {verdict['limit']:.2g}{mark}"


def _where(document: Mapping[str, Any], what: str) -> str:
    """Of an aircraft or a ship: the worst place outside what notices would close."""
    found = document["craft"].get(what) if what in ("aircraft", "vessel") else None
    if found is None:
        return ""
    if found["outside"] is not None:
        place = f"{found['outside']['latitude_deg']:.2f}, {found['outside']['longitude_deg']:.2f} deg"
        return f" at {place}, outside closed areas; {found['open_km2']:.0f} km2 above the limit are not closed"
    return " (nothing outside closed areas)" if document["craft"]["sea"] or what == "aircraft" else " (no sea below)"
