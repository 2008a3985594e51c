"""The tables of people, accounts and sessions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, Text

from baiterek.campaign.rows.schema import METADATA, identity, revision, short, text, to

ORGANISATION = Table("organisation", METADATA, identity(), text("name"), text("country"), text("source"), revision())

PERSON = Table("person", METADATA, identity(), text("name"), text("source"), revision())

BODY = Table("body", METADATA, identity(), text("kind"), text("name"), text("source"), revision())

MEMBERSHIP = Table(
    "membership",
    METADATA,
    identity(),
    to("body", "body"),
    text("part"),
    text("role"),
    to("person", "person", optional=True),
    to("organisation", "organisation", optional=True),
    Column("valid_from", String(10)),
    Column("valid_to", String(10)),
    text("named_by"),
    text("source"),
    revision(),
)

ACCOUNT = Table(
    "account",
    METADATA,
    identity(),
    text("role"),
    Column("part", Text),
    to("membership", "membership", optional=True),
    Column("active", Boolean, nullable=False),
    revision(),
)

CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("account", String(200), ForeignKey("account.id"), primary_key=True),
    Column("password", String(200), nullable=False),
)
"""Password hashes, which no log and no export holds."""

SESSION = Table(
    "session",
    METADATA,
    Column("token_sha256", String(64), primary_key=True),
    to("account", "account"),
    Column("opened", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
"""Who is signed in, in seconds of the Unix clock, by a hash of their secret: whoever reads this can sign in as nobody."""

PASSKEY = Table(
    "passkey", METADATA, identity(), to("account", "account"), text("label"), text("credential"), text("public"),
    short("added_at", 32), short("removed_at", 32, optional=True), revision(),
)  # fmt: skip

PASSKEY_USE = Table(
    "passkey_use",
    METADATA,
    Column("passkey", String(200), ForeignKey("passkey.id"), primary_key=True),
    Column("sign_count", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=True),
)
"""How often a key has signed, as it says, and when last: like sessions, no part of what the log holds."""

IDENTITY = Table(
    "identity", METADATA, identity(), to("account", "account"), text("issuer"), text("subject"),
    short("removed_at", 32, optional=True), revision(),
)  # fmt: skip

SIGN_IN_TRY = Table(
    "sign_in_try",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("who_sha256", String(64), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
)
"""Tries to sign in that have failed, each of an address and of a name, in seconds of the Unix clock."""

SIGN_IN_QUESTION = Table(
    "sign_in_question",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("browser_sha256", String(64), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
)
"""What a browser was asked and has not answered, by a hash of its secret."""

PASSING = (SESSION, SIGN_IN_TRY, SIGN_IN_QUESTION)
"""What ends by itself and belongs to these servers alone: no backup holds it."""
