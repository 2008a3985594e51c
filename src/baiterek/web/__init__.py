"""The record in a browser: one router a page family over the same functions as the command line.

    application(database, Settings()) -> FastAPI      `baiterek serve` runs it

How to add a page:

1. `pages/<noun>.py`: a `router = APIRouter()` and plain functions. Each takes `visit: Reader` (may read), `visit: Anyone`
   (before signing in) or `visit: Writer` (a POST whose form token was checked). Read with `visit.database.reading()`, change
   with `visit.writing()`, and let `InputError` and `Refused` pass: they become pages of status 400, 403, 404 and 409.
2. `templates/<noun>.html` extends `base.html`; every text is `words("...")`, in Python tables `later("...")`; what the record
   stores in English (states, roles, meanings) is `named(value)` and `words.said(text)`.
   A form begins with `m.sent(...)` and `m.opening(...)` and ends with `m.closing(...)`: a refusal is then shown in it; what it
   does ends with `went(visit, to)`. Why something is refused is `explained(why)`.
3. A list is a `Listing` (`lists.py`): its columns, its filters; filter, sort, pages, CSV and XLSX come with it.
4. Put the router into `ROUTERS` and, for a family, a line into `NAV` (`templating.py`).
5. `python builders/texts.py`, then translate what it prints in `locale/ru` and `locale/kk`: a test counts what is missing.
6. Give each route a row in the matrix of `tests/verification/test_pages_refuse.py`: who may, and a form that would be taken.
   A test names the route that lacks one. Other hosts, form tokens and strange requests are tried on every route by themselves.
   A field of a form is never called `form`: htmx would find the field where it looks for the form itself.
"""

from baiterek.web.app import application
from baiterek.web.settings import Settings

__all__ = ["Settings", "application"]
