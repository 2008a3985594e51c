"""What browsers were asked and have not answered, a challenge, a journey to a provider: once, soon, by the same browser.

They stand in the database: any server of a record takes the answer to what another has asked, and none takes it twice.
"""

from __future__ import annotations

import hashlib
import time

from sqlalchemy import delete, func, insert, select

from baiterek.campaign.commission.tables import SIGN_IN_QUESTION as QUESTION
from baiterek.campaign.log.database import Database

LASTS_s = 300
MOST = 10_000
"""Kept at once: beyond it the oldest are forgotten, and whoever waits for one begins again."""


def ask(database: Database, what: str, token: str, question: str, at: float | None = None) -> None:
    """Remember a question to the browser of that secret; an older one of that kind is void, and so are those too old."""
    second = int(time.time() if at is None else at)
    row = {"browser_sha256": _hashed(what, token), "question": question, "asked": second}
    with database.unlogged() as connection:
        beyond = select(QUESTION.c.id).order_by(QUESTION.c.id.desc()).limit(1).offset(MOST - 1).scalar_subquery()
        void = (QUESTION.c.asked < second - LASTS_s) | (QUESTION.c.browser_sha256 == row["browser_sha256"])
        connection.execute(delete(QUESTION).where(void | (QUESTION.c.id <= func.coalesce(beyond, 0))))
        connection.execute(insert(QUESTION).values(row))


def answered(database: Database, what: str, token: str, at: float | None = None) -> str | None:
    """The question that this browser answers, and now nobody any more; None: there was none, or it is too old."""
    second = int(time.time() if at is None else at)
    taken = delete(QUESTION).where(QUESTION.c.browser_sha256 == _hashed(what, token))
    with database.unlogged() as connection:
        found = connection.execute(taken.returning(QUESTION.c.id, QUESTION.c.question, QUESTION.c.asked)).all()
    last = max(found, default=None)
    return last.question if last is not None and second - last.asked <= LASTS_s else None


def _hashed(what: str, token: str) -> str:
    return hashlib.sha256(f"{what} {token}".encode()).hexdigest()
