"""In which role a single user of this machine acts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from baiterek.errors import Absent, BadValue
from baiterek.web.visit import ACTING, Reader, Visit, Writer, cookie, offices, turned

router = APIRouter()


@router.get("/role")
def role_page(visit: Reader) -> Response:
    """The roles to choose from."""
    _only_alone(visit)
    return visit.page("role.html", offices=[office.partition(":") for office in offices()])


@router.post("/role")
def choose_role(visit: Writer, office: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Act in a role from now on."""
    _only_alone(visit)
    if office not in offices():
        raise BadValue("office", "", office or "nothing", ", ".join(offices()))
    return turned("/", cookie(visit.settings, ACTING, office))


def _only_alone(visit: Visit) -> None:
    """An account has its role: there is nothing to choose."""
    if visit.settings.accounts:
        raise Absent("role", "an account has its role")
