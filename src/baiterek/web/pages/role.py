"""In which role a single user of this machine acts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from baiterek.errors import BadValue
from baiterek.web.visit import ACTING, Reader, Writer, offices

router = APIRouter()


@router.get("/role")
def role_page(visit: Reader) -> Response:
    """The roles to choose from."""
    return visit.page("role.html", offices=[office.partition(":") for office in offices()])


@router.post("/role")
def choose_role(visit: Writer, office: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Act in a role from now on."""
    if office not in offices():
        raise BadValue("office", "", office or "nothing", ", ".join(offices()))
    response = RedirectResponse("/", 303)
    response.set_cookie(ACTING, office, httponly=True, samesite="lax", secure=visit.settings.secure)
    return response
