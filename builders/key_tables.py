"""Writes the tables of keys into the pages of docs/ that explain files, from the readers' own declarations.

    python builders/key_tables.py

A page says where a table goes by a pair of comments; tests/unit/test_docs.py fails when a page is behind the code.
"""

from __future__ import annotations

import re
from pathlib import Path

from baiterek.catalogue import (
    case_file,
    closure_file,
    coefficients,
    criteria_file,
    dispersions,
    environment,
    exposure_file,
    failure_file,
    hazard_file,
    mission_file,
    navigation_file,
    orbit_file,
    release_file,
    site_file,
    upper_hazard_file,
    upper_stage_file,
    vehicle_keys,
    zone_file,
)
from baiterek.catalogue.fields import DATUM, SOURCE, Field, Fields
from baiterek.catalogue.units import SUFFIXES

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = ("mission-file.md", "vehicle-file.md", "upper-stages.md", "safety/files.md")
TABLES: dict[str, Fields] = {
    "mission": mission_file.MISSION,
    "epoch": mission_file.EPOCH,
    "payload": mission_file.PAYLOAD,
    "target": orbit_file.TARGET,
    "release": release_file.RELEASE,
    "limits": mission_file.LIMITS,
    "zone": zone_file.ZONE,
    "environment": environment.ENVIRONMENT,
    "dispersions": dispersions.DISPERSIONS,
    "reserve": mission_file.RESERVE,
    "site": site_file.SITE,
    "vehicle": vehicle_keys.VEHICLE,
    "aerodynamics": vehicle_keys.AERODYNAMICS,
    "stage": vehicle_keys.STAGE,
    "booster": vehicle_keys.BOOSTER,
    "engine": vehicle_keys.ENGINE,
    "shroud": vehicle_keys.SHROUD,
    "body": vehicle_keys.BODY,
    "upper-stage": upper_stage_file.UPPER_STAGE,
    "burns": upper_stage_file.BURNS,
    "drop-tanks": upper_stage_file.DROP_TANKS,
    "navigation": navigation_file.NAVIGATION,
    "satellite": navigation_file.SATELLITE,
    "failure": case_file.CASE,
    "correlation": vehicle_keys.CORRELATION,
    "coefficients": coefficients.COEFFICIENTS,
    "closures": closure_file.CLOSURES,
    "closures-aircraft": closure_file.AIRCRAFT,
    "closures-ships": closure_file.SHIPS,
    "closures-times": closure_file.TIMES,
    "criteria": criteria_file.CRITERIA,
    "limits-of-a-rule": criteria_file.LIMITS,
    "limit": criteria_file.LIMIT,
    "exposure": exposure_file.EXPOSURE,
    "shelter": exposure_file.SHELTER,
    "evacuated": exposure_file.EVACUATED,
    "failures": failure_file.FAILURES,
    "record": failure_file.RECORD,
    "phase": failure_file.PHASE,
    "hazards": hazard_file.TOP,
    "hazard-air": hazard_file.AIR,
    "upper-hazards": upper_hazard_file.UPPER,
    "upper-fall": upper_hazard_file.FALL,
    "abort": hazard_file.ABORT,
    "cause": hazard_file.CAUSE,
    "break-up": hazard_file.BODY,
    "piece": hazard_file.PIECE,
    "datum": DATUM,
    "source": SOURCE,
}


def page(text: str) -> str:
    """The page with every marked table as the code has it now."""
    pattern = re.compile(r"(<!-- keys: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda m: m.group(1) + table(m.group(2)) + m.group(3), text)


def table(name: str) -> str:
    if name == "units":
        rows = "".join(f"| `{suffix}` | `{si}` | {factor:.10g} |\n" for suffix, (si, factor) in SUFFIXES.items())
        return "| suffix | means | times |\n|---|---|---|\n" + rows
    rows = "".join(f"| `{key}` | {_text(field.meaning)} | {_value(field)} |\n" for key, field in TABLES[name].items())
    return "| key | what it is | value |\n|---|---|---|\n" + rows


def _text(meaning: str) -> str:
    """Braces as code: in plain text they would be taken for attributes of the cell."""
    return re.sub(r"(?:\w+ = )?\{[^}]*\}", r"`\g<0>`", meaning)


def _value(field: Field) -> str:
    """Kind, range, and whether it may be left out."""
    kind = {"datum": "number with source", "whole": "whole number", "flag": "true or false"}.get(field.kind, field.kind)
    kind = "" if kind == "any" else kind
    bounds = [f"above {field.above:g}"] if field.above is not None else []
    bounds += [f"from {field.low:g}"] if field.low is not None else []
    bounds += [f"to {field.high:g}"] if field.high is not None else []
    parts = [kind, " ".join(bounds), ", ".join(f"`{choice}`" for choice in field.choices)]
    if field.required:
        parts.append("**required**")
    elif field.default not in (None, (), {}, ""):
        default = field.default if not isinstance(field.default, tuple) else ", ".join(map(str, field.default))
        parts.append(f"default {str(default).lower() if isinstance(default, bool) else default}")
    return "; ".join(part for part in parts if part)


if __name__ == "__main__":
    for file in (DOCS / name for name in PAGES):
        file.write_text(page(file.read_text(encoding="utf-8")), encoding="utf-8")
