"""What a form may bring: texts that can be stored everywhere, no control characters among them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Short = Annotated[str, Form(max_length=200, pattern=PRINTABLE)]
"""A line."""
Long = Annotated[str, Form(max_length=2000, pattern=LINES)]
"""A few lines."""
Id = Annotated[str, Query(max_length=200, pattern=PRINTABLE)]
"""The name of a record, in an address."""
Revision = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""Which revision the page showed: whoever comes second is told."""
