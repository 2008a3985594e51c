"""The command line: one verb a capability, a file a family of verbs.

A package is imported inside the command that needs it, so that `--help` answers at once. Verbs are listed in the order
of these imports.
"""

from baiterek.cli import walk, files, runs, studies, safety, orbits  # isort: skip
from baiterek.cli import record, people, objects, programme, remarks, gates, agreements, schedule, campaign, results, notify  # isort: skip
from baiterek.cli import meetings, certificates  # isort: skip
from baiterek.cli import evidence, audit, account, serve  # isort: skip
from baiterek.cli.edge import app, main

__all__ = [
    "account", "agreements", "app", "audit", "campaign", "certificates", "evidence", "files", "gates", "main",
    "meetings", "notify", "objects", "orbits", "people", "programme", "record", "remarks", "results", "runs",
    "safety", "schedule", "serve", "studies", "walk",
]  # fmt: skip
