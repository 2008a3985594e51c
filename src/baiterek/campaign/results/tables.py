"""The table of results."""

from __future__ import annotations

from sqlalchemy import Table

from baiterek.campaign.rows.schema import METADATA, example, identity, listed, revision, short, text, to

FLIGHT_RESULT = Table(
    "flight_result", METADATA, identity(), to("flight", "flight"), short("part", 2), to("criterion", "criterion"), text("run"),
    short("run_sha256", 64), short("measured_sha256", 64), listed("rows"), text("note"), example(), revision(),
)  # fmt: skip
