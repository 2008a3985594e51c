"""The record in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from baiterek.cli.edge import app
from baiterek.cli.record import Key, Store, Where, opened

HOST_HELP = "Address to listen at; any but this machine's own needs accounts and encryption."
UPLOAD_HELP = "Largest upload, MiB."
CERTIFICATE_HELP = "Certificate of the server, PEM."
CERTIFICATE_KEY_HELP = "Its private key, PEM."
NOTICES_HELP = "Settings of mail and webhooks: subscriptions are told while the server runs."
ORIGIN_HELP = "Where browsers find it, https://NAME: passkeys belong to it; only this name is answered to. Default: localhost."
PROVIDER_HELP = "TOML file of the provider of sign-ins (OpenID Connect): issuer, client_id, client_secret, title."
PROXY_HELP = "A proxy on this machine encrypts, and passes on who asks."


@app.command()
def serve(
    where: Where = "",
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help=HOST_HELP)] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen at.")] = 8000,
    certificate: Annotated[Path | None, typer.Option("--certificate", metavar="FILE", help=CERTIFICATE_HELP)] = None,
    certificate_key: Annotated[
        Path | None, typer.Option("--certificate-key", metavar="FILE", help=CERTIFICATE_KEY_HELP)
    ] = None,
    behind_proxy: Annotated[bool, typer.Option("--behind-proxy", help=PROXY_HELP)] = False,
    origin: Annotated[str, typer.Option("--origin", metavar="URL", help=ORIGIN_HELP)] = "",
    provider: Annotated[Path | None, typer.Option("--provider", metavar="FILE", help=PROVIDER_HELP)] = None,
    largest_upload: Annotated[int, typer.Option("--largest-upload", min=1, metavar="MIB", help=UPLOAD_HELP)] = 256,
    notices: Annotated[Path | None, typer.Option("--notices", metavar="FILE", help=NOTICES_HELP)] = None,
    evidence: Store = None,
    key: Key = None,
) -> None:
    """Pages of the record for a browser, until interrupted."""
    from baiterek.campaign.notices.settings import read_settings
    from baiterek.web.notices import telling
    from baiterek.web.provider import read_provider
    from baiterek.web.serve import Listening
    from baiterek.web.serve import serve as run

    database = opened(where, evidence, key)
    kind = "https" if certificate else "http"
    typer.echo(f"{database.name} at {kind}://{host}:{port}/", err=True)
    vouching = read_provider(provider) if provider else None
    with telling(database, read_settings(notices) if notices else None):
        run(database, Listening(host, port, certificate, certificate_key, behind_proxy, origin, vouching), largest_upload)
