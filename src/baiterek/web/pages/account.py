"""One's own account: as what one acts, and with what one signs in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from baiterek.campaign.commission import identities, passkeys
from baiterek.campaign.commission.records import Account
from baiterek.campaign.notices import feeds
from baiterek.campaign.rows import reading
from baiterek.web.pages.sign_in import with_account
from baiterek.web.times import from_seconds
from baiterek.web.visit import Reader, Visit

router = APIRouter()


@router.get("/account")
def account_page(visit: Reader) -> Response:
    """Role, part, membership, passkeys, identities."""
    return shown(visit)


def shown(visit: Visit, status: int = 200, why: str = "", address: str = "") -> Response:
    """The page, with why something was refused, or with an address that is shown this once."""
    with_account(visit)
    name = visit.acting.name
    with visit.database.reading() as look:
        used = passkeys.last_used(look, name)
        context: dict[str, Any] = {
            "account": reading.get(look, Account, name),
            "keys": [(one, from_seconds(used.get(one.id))) for one in passkeys.of(look, name)],
            "identities": identities.of(look, name),
            "feed": feeds.of(look, name),
        }
    return visit.page("account.html", status, why=why, address=address, most=passkeys.MOST, **context)
