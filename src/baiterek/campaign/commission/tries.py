"""Tries to sign in: after some failures of one name or from one address, whoever tries waits.

They stand in the database, so that all servers of a record count together, and a restart forgets none.
"""

from __future__ import annotations

import hashlib
import time
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import Connection, delete, func, insert, select

from baiterek.campaign.commission.tables import SIGN_IN_TRY as TRY
from baiterek.campaign.log.database import Database

WITHIN_s = 15 * 60
OF_A_NAME, FROM_AN_ADDRESS = 8, 40
OWN_NETWORK_bits = 64
"""What one customer of IPv6 has to itself: all of it is one address here."""
LOCK = 0x6261_6974
"""Of PostgreSQL, for those who count: nothing else of the record takes it."""


def wait_s(database: Database, address: str, name: str | None = None, at: float | None = None) -> int:
    """How long until another try is taken; 0: now, and it counts as failed until `forget`.

    Counted before it is looked at: of a thousand tries at once no more are looked at than of a thousand in a row.
    """
    second = int(time.time() if at is None else at)
    with database.unlogged() as connection:
        _one_by_one(connection)
        connection.execute(delete(TRY).where(TRY.c.at <= second - WITHIN_s))
        keys = _keys(address, name)
        wait = max(_wait(connection, key, most, second) for key, most in keys)
        if not wait:
            connection.execute(insert(TRY), [{"who_sha256": key, "at": second} for key, _ in keys])
    return wait


def forget(database: Database, address: str, name: str | None = None) -> None:
    """The try was right: it does not count, nor do those of that name before it."""
    (own, _), *named = _keys(address, name)
    with database.unlogged() as connection:
        _one_by_one(connection)
        last = select(func.max(TRY.c.id)).where(TRY.c.who_sha256 == own).scalar_subquery()
        connection.execute(delete(TRY).where((TRY.c.id == last) | TRY.c.who_sha256.in_([key for key, _ in named])))


def network(address: str) -> str:
    """Whose address it is: an IPv4 one stands for itself, an IPv6 one for its network."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Network((int(known), OWN_NETWORK_bits), strict=False))


def _one_by_one(connection: Connection) -> None:
    """Until this transaction ends nobody else counts. SQLite has one writer at a time as it is."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))


def _wait(connection: Connection, key: str, most: int, second: int) -> int:
    oldest, count = connection.execute(select(func.min(TRY.c.at), func.count()).where(TRY.c.who_sha256 == key)).one()
    return max(1, oldest + WITHIN_s - second) if count >= most else 0


def _keys(address: str, name: str | None) -> list[tuple[str, int]]:
    """Hashed: a password that was typed for a name stands nowhere."""
    own = [(_hashed("address", network(address)), FROM_AN_ADDRESS)]
    return own if name is None else [*own, (_hashed("name", name.casefold()), OF_A_NAME)]


def _hashed(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind} {text}".encode()).hexdigest()
