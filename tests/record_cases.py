"""What the tests of the record share: databases of both kinds, actors by their role."""

import json
import os
import uuid
from urllib.parse import quote

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.complex.records import GroundObject

POSTGRESQL = os.environ.get("BAITEREK_TEST_POSTGRESQL")
"""URL of a server where tests may make and drop schemas; absent: the tests on PostgreSQL are left out."""

KEEPER = Actor("keeper", Role.KEEPER, None)
MEMBER = Actor("member, Kazakh part", Role.MEMBER, Part.KZ)
SECRETARY = Actor("secretary, Kazakh part", Role.SECRETARY, Part.KZ)
RUSSIAN = Actor("member, Russian part", Role.MEMBER, Part.RU)
OBSERVER = Actor("observer, Kazakh part", Role.OBSERVER, Part.KZ)


def ground_object(id="42-01", **values):
    return GroundObject(**{"id": id, "site": "42", "kind": "unit", "name": "pump", "part": Part.KZ} | values)


def calling(folder, monkeypatch):
    """The command line in a folder, on record.sqlite there: a call's JSON document, its text, or its one line of refusal."""
    from typer.testing import CliRunner

    from baiterek.cli import app

    monkeypatch.chdir(folder)
    monkeypatch.setenv("BAITEREK_DATABASE", "record.sqlite")

    def call(*words, status=0, who="member:KZ", plain=False, input=None):
        monkeypatch.setenv("BAITEREK_AS", who)
        result = CliRunner().invoke(app, [*words] if plain else [*words, "--json"], input=input)
        assert result.exit_code == status, (words, result.stdout, result.stderr)
        if status in (1, 2) and not result.stdout:
            (line,) = result.stderr.splitlines()
            return line
        return result.stdout if plain else json.loads(result.stdout)

    return call


def place(kind, folder):
    """Arguments of `create` for a new database of that kind, and how to get rid of it."""
    folder.mkdir(exist_ok=True)
    if kind == "sqlite":
        return {"where": str(folder / "record.sqlite")}, lambda: None
    import psycopg

    schema = f"test_{uuid.uuid4().hex[:12]}"
    server = psycopg.connect(POSTGRESQL, autocommit=True)
    server.execute(f"CREATE SCHEMA {schema}")

    def drop():
        server.execute(f"DROP SCHEMA {schema} CASCADE")
        server.close()

    where = f"{POSTGRESQL}?options={quote(f'-csearch_path={schema}')}"
    return {"where": where, "evidence": folder / "evidence", "key": folder / "key.pem"}, drop
