"""Of what the tables are made: their catalogue and their usual columns. Texts, whole numbers and JSON only, so that every
database agrees.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, MetaData, String, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def identity() -> Column[str]:
    """What people call it."""
    return Column("id", String(200), primary_key=True)


def text(name: str) -> Column[str]:
    """A text of any length."""
    return Column(name, Text, nullable=False)


def to(name: str, target: str, optional: bool = False) -> Column[str]:
    """What it refers to."""
    return Column(name, String(200), ForeignKey(f"{target}.id"), nullable=optional, index=True)


def revision() -> Column[int]:
    """How often it was changed."""
    return Column("revision", Integer, nullable=False)


def example() -> Column[bool]:
    """Whether it is generated."""
    return Column("example", Boolean, nullable=False)


def short(name: str, length: int, optional: bool = False) -> Column[str]:
    """A word of the record, a day (10), an instant (32)."""
    return Column(name, String(length), nullable=optional)


def listed(name: str) -> Column[list[str]]:
    """A list, or names with values."""
    return Column(name, JSON, nullable=False)
