"""A result and a flight as a notebook shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baiterek import notebook
from baiterek.study.words import as_read, gap, verdict_of

Row = Mapping[str, Any]


def result_card(summary: Mapping[str, Any], folder: str) -> str:
    """The answer first, then limits, events, falls."""
    verdict, between = verdict_of(summary), gap(summary)
    answer = [(verdict["title"], verdict["value"], verdict["unit"])]
    if verdict["sigma"] is not None:
        answer.append(("1 sigma", verdict["sigma"], verdict["unit"]))
    if between is not None:
        answer += [("gap at insertion", between[0], "m"), ("", between[1], "m/s")]
    limits = [
        (x["name"], x["value"], x["limit"], x["unit"], "NOT MET" if not x["met"] else "active" if x["active"] else "met")
        for x in map(as_read, summary["limits"])
    ]
    return notebook.card(
        summary["title"],
        notebook.line(" ".join([summary["status"], summary["advice"]]).strip()),
        *(notebook.line(f"BUT {text}") for text in summary["contradictions"]),
        notebook.table(answer),
        notebook.table(limits, ("limit", "value", "allowed", "unit", "verdict")),
        flight_tables(summary["events"], summary["achieved"], summary["impacts"]),
        notebook.line(f"folder: {folder}"),
    )


def flight_tables(events: Sequence[Row], orbit: Row | None, impacts: Sequence[Row]) -> str:
    """Events, the osculating orbit at the end, and where bodies fell."""
    happened = [
        (event["name"], event["t_s"], *(_thousandth(event.get(key)) for key in ("altitude_m", "ground_range_m")),
         event.get("speed_eci_m_s"), event.get("mass_kg"))
        for event in events
    ]  # fmt: skip
    elements = [
        (key.rpartition("_")[0].replace("_", " "), value, key.rpartition("_")[2]) for key, value in (orbit or {}).items()
    ]
    fell = [(x["name"], x["latitude_deg"], x["longitude_deg"], x["t_s"], _verdict(x)) for x in impacts]
    return "".join((
        notebook.table(happened, ("event", "t, s", "altitude, km", "range, km", "inertial speed, m/s", "mass, kg")),
        notebook.table(elements, ("orbit at the end", "osculating", "unit")),
        notebook.table(fell, ("what falls", "latitude, deg", "longitude, deg", "t, s", "zone")),
    ))  # fmt: skip


def _verdict(fall: Row) -> str:
    if not fall["landed"]:
        return "stays up"
    return f"{fall['zone']}: {'inside' if fall['inside'] else 'OUTSIDE'}" if fall["zone"] else ""


def _thousandth(value: float | None) -> float | None:
    return None if value is None else value / 1e3
