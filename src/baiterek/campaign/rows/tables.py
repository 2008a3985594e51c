"""The tables of every room in one catalogue: whoever makes them, or looks one up by its name, takes `METADATA` from here."""

# ruff: noqa: F401  once loaded, a room's tables stand in the catalogue

from __future__ import annotations

import baiterek.campaign.commission.tables
import baiterek.campaign.complex.tables
import baiterek.campaign.evidence.tables
import baiterek.campaign.gates.tables
import baiterek.campaign.log.tables
import baiterek.campaign.meetings.tables
import baiterek.campaign.notices.tables
import baiterek.campaign.operations.tables
import baiterek.campaign.programme.tables
import baiterek.campaign.remarks.tables
import baiterek.campaign.results.tables
import baiterek.campaign.schedule.tables
from baiterek.campaign.rows.schema import METADATA

__all__ = ["METADATA"]
