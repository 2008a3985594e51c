"""The record in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.record import Key, Store, Where, opened

HOST_HELP = "Address to listen at; any but this machine's own needs accounts."
UPLOAD_HELP = "Largest upload, MiB."


@app.command()
def serve(
    where: Where = "",
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help=HOST_HELP)] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8000,
    largest_upload: Annotated[int, typer.Option("--largest-upload", min=1, metavar="MIB", help=UPLOAD_HELP)] = 256,
    evidence: Store = None,
    key: Key = None,
) -> None:
    """Pages of the record for a browser, until interrupted."""
    from baiterek.web.serve import serve as run

    database = opened(where, evidence, key)
    typer.echo(f"{database.name} at http://{host}:{port}/", err=True)
    run(database, host, port, largest_upload)
