"""What the tests of the record share: databases of both kinds, actors by their role."""

import json
import os
import shutil
import uuid
from urllib.parse import urlsplit

from baiterek.campaign.commission.access import Actor
from baiterek.campaign.commission.parts import Part, Role
from baiterek.campaign.complex.records import GroundObject

POSTGRESQL = os.environ.get("BAITEREK_TEST_POSTGRESQL")
"""URL of a server where tests may make and drop databases; absent: the tests on PostgreSQL are left out."""

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


def place(kind, folder, like=None):
    """Arguments of `create` for a new database of that kind, and how to get rid of it; `like` names one to start from."""
    folder.mkdir(exist_ok=True)
    if kind == "sqlite":
        return {"where": str(folder / "record.sqlite")}, lambda: None
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"

    def told(command):
        with psycopg.connect(POSTGRESQL, autocommit=True) as server:
            server.execute(command)

    told(f"CREATE DATABASE {name} TEMPLATE {like or 'template0'}")
    where = urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()
    arguments = {"where": where, "evidence": folder / "evidence", "key": folder / "key.pem"}
    return arguments, lambda: told(f"DROP DATABASE {name} WITH (FORCE)")


class Mould:
    """A record that was made and filled once; each test has a copy of its own, as if all migrations had run for it."""

    def __init__(self, kind, folder, fill=None):
        from baiterek.campaign.log.database import create

        self.kind, self.folder = kind, folder
        arguments, self.drop = place(kind, folder)
        made = create(**arguments)
        if fill is not None:
            fill(made)
        made.engine.dispose()  # an SQLite file is whole, and PostgreSQL copies a database that nobody is in
        self.name = urlsplit(arguments["where"]).path[1:]

    def copy(self, folder):
        """A record like it, and how to get rid of it."""
        from baiterek.campaign.log.database import connect

        shutil.copytree(self.folder, folder)
        arguments, drop = place(self.kind, folder, self.name)
        made = connect(**arguments)

        def remove():
            made.engine.dispose()
            drop()

        return made, remove
