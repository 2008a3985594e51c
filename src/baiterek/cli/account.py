"""Accounts of those who use the pages: who may sign in, and as what."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated, Any

import typer

from baiterek.cli.edge import Edge, app
from baiterek.cli.record import As, Key, Reason, Store, Where, actor, opened, say_row
from baiterek.cli.words import Json, say_result

account = typer.Typer(cls=Edge, no_args_is_help=True, help="Accounts for the pages; a password is read from standard input.")
app.add_typer(account, name="account")

Name = Annotated[str, typer.Argument(metavar="NAME", help="What they sign in with.", show_default=False)]
KEY_HELP = "Beginning of its id, as `account keys` says it."
MEMBERSHIP_HELP = "Membership on which it rests: it serves while that is in force."


@account.command()
def add(
    name: Name,
    to: Annotated[str, typer.Option("--to", metavar="ROLE:PART", help="What they act as: member:KZ, or keeper.")],
    membership: Annotated[str | None, typer.Option("--membership", metavar="ID", help=MEMBERSHIP_HELP)] = None,
    reason: Reason = "",
    who: As = "",
    where: Where = "",
    evidence: Store = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    """Make an account; only a keeper may."""
    from baiterek.campaign.commission import accounts
    from baiterek.campaign.commission.records import Account

    office, maker = actor(to, "--to"), actor(who)
    with opened(where, evidence, key).writing(maker) as change:
        made = accounts.add(change, Account(name, office.role, office.part, membership), _password(), reason)
    say_row(made, f"{made.id}: {to}", as_json)


@account.command("list")
def list_accounts(where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False) -> None:
    """Every account: as what, on which membership, whether it can sign in today."""
    from baiterek.campaign.commission.accounts import serving
    from baiterek.campaign.commission.records import Account
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with opened(where, evidence, key).reading() as look:
        found = [(record, serving(look, record.id) is not None) for record in reading.every(look, Account)]
    lines = [
        f"{r.id:<20} {r.role}{':' + r.part if r.part else ''} {r.membership or ''} {'' if serves else 'CLOSED'}".rstrip()
        for r, serves in found
    ]
    say_result([{**as_row(r), "serves": serves} for r, serves in found], "\n".join(lines), as_json)


@account.command()
def password(
    name: Name, reason: Reason = "", who: As = "", where: Where = "", evidence: Store = None, key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Give an account another password; whoever is signed in with it is signed out."""
    from baiterek.campaign.commission import accounts

    with opened(where, evidence, key).writing(actor(who)) as change:
        changed = accounts.set_password(change, name, _password(), reason)
    say_row(changed, f"{changed.id}: another password", as_json)


@account.command()
def close(
    name: Name, reason: Reason = "", who: As = "", where: Where = "", evidence: Store = None, key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Close an account: its owner is signed out at once. It stays in the record."""
    _activate(name, False, reason, who, where, evidence, key, as_json)


@account.command()
def reopen(
    name: Name, reason: Reason = "", who: As = "", where: Where = "", evidence: Store = None, key: Key = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Open a closed account again."""
    _activate(name, True, reason, who, where, evidence, key, as_json)


@account.command()
def keys(name: Name, where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False) -> None:
    """What opens an account beside its password: passkeys, identities of a provider, the address of its calendar."""
    from baiterek.campaign.commission import identities, passkeys
    from baiterek.campaign.commission.records import Account
    from baiterek.campaign.notices import feeds
    from baiterek.campaign.rows import reading
    from baiterek.campaign.rows.entities import as_row

    with opened(where, evidence, key).reading() as look:
        reading.get(look, Account, name)
        own, vouched = passkeys.of(look, name), identities.of(look, name)
        feed = feeds.of(look, name)
    lines = [f"{one.id[:12]} passkey  {one.label} added {one.added_at}" for one in own]
    lines += [f"{one.id[:12]} identity {one.subject} at {one.issuer}" for one in vouched]
    lines += [f"{feed.id[:12]} calendar, read without signing in, opened {feed.opened_at}"] if feed else []
    every = (*own, *vouched, *((feed,) if feed else ()))
    say_result([as_row(one) for one in every], "\n".join(lines) or "none", as_json)


@account.command()
def bind(
    name: Name,
    issuer: Annotated[str, typer.Option("--issuer", metavar="URL", help="The provider, as its file has it.")],
    subject: Annotated[str, typer.Option("--subject", metavar="TEXT", help="What it calls them: the page of sign-in says it.")],
    reason: Reason = "", who: As = "", where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Let an identity at a provider of sign-ins open an account that is there; only a keeper may."""
    from baiterek.campaign.commission import identities

    with opened(where, evidence, key).writing(actor(who)) as change:
        made = identities.bind(change, name, issuer, subject, reason)
    say_row(made, f"{made.id[:12]}: {subject} at {issuer} opens {name}", as_json)


@account.command()
def unbind(
    name: Name,
    id: Annotated[str, typer.Argument(metavar="KEY", help=KEY_HELP, show_default=False)],
    reason: Reason = "", who: As = "", where: Where = "", evidence: Store = None, key: Key = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take a passkey or an identity from an account, whose owner is signed out at once; or end its calendar's address."""
    from baiterek.campaign.commission import identities, passkeys
    from baiterek.campaign.notices import feeds
    from baiterek.errors import BadValue

    with opened(where, evidence, key).writing(actor(who)) as change:
        feed = feeds.of(change.connection, name)
        every: dict[str, Any] = {one.id: passkeys.remove for one in passkeys.of(change.connection, name)}
        every |= {one.id: identities.unbind for one in identities.of(change.connection, name)}
        every |= {feed.id: feeds.end} if feed else {}
        found = [one for one in every if one.startswith(id)]
        if len(found) != 1:
            allowed = ", ".join(one[:12] for one in every) or "none: it has no key"
            raise BadValue("command line", "KEY", id, allowed)
        removed = every[found[0]](change, found[0], reason)
    say_row(removed, f"{found[0][:12]} opens {name} no more", as_json)


def _activate(name: str, active: bool, reason: str, who: str, where: str, evidence: Store, key: Key, as_json: bool) -> None:
    from baiterek.campaign.commission import accounts

    with opened(where, evidence, key).writing(actor(who)) as change:
        changed = accounts.activate(change, name, active, reason)
    say_row(changed, f"{changed.id}: {'open' if active else 'closed'}", as_json)


def _password() -> str:
    """Asked for twice at a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    from baiterek.errors import BadValue

    given = getpass.getpass("password: ")
    if getpass.getpass("again: ") != given:
        raise BadValue("standard input", "password", "two that differ", "the same twice")
    return given
