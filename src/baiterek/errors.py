"""What can go wrong, as a tree.

    BaiterekError
      InputError            a file, key or argument is wrong: exit status 2, one line
        UnreadableFile      not there, not TOML, not writable
        UnknownKey          a key that the reader does not know
        BadValue            a value out of its range, of a wrong type, or without its source
      Refused               a rule of the record forbids it: exit status 1, one line with the reason
        Denied              a role or a part forbids it
        Absent              the record does not have it
        Stale               somebody else changed it meanwhile
      NotConverged          `.require()` on a computation that failed; carries its advice

A computation that fails is a value (a status with advice); only `.require()` turns it into an exception.
"""

from __future__ import annotations


class BaiterekError(Exception):
    """The root of every error that this package raises on purpose."""


class InputError(BaiterekError):
    """Bad input: one line that names the file, the key, what was found and what is allowed."""

    def __init__(self, file: str, key: str, found: object, allowed: str) -> None:
        self.file, self.key, self.found, self.allowed = str(file), key, found, allowed
        place = f"{self.file}: {key}" if key else self.file
        super().__init__(" ".join(f"{place}: found {_short(found)}; allowed: {allowed}".split()))

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, object, str]]:
        """So that one process can raise what another has found."""
        return type(self), (self.file, self.key, self.found, self.allowed)


class UnreadableFile(InputError):
    """The file or folder itself cannot be used."""


class UnknownKey(InputError):
    """A key that the reader does not know."""


class BadValue(InputError):
    """A value that is out of range, of a wrong type, missing, or without its source."""


class Refused(BaiterekError):
    """The request is well formed, and a rule of the record says no: what was asked of, and why not."""

    def __init__(self, subject: str, why: str) -> None:
        self.subject, self.why = subject, why
        super().__init__(f"{subject}: {why}")

    def __reduce__(self) -> tuple[type[Refused], tuple[str, str]]:
        """So that one process can raise what another has found."""
        return type(self), (self.subject, self.why)


class Denied(Refused):
    """Whoever asks has no right to it."""


class Absent(Refused):
    """There is nothing of that name."""


class Stale(Refused):
    """What was looked at is no longer what the record has."""


class NotConverged(BaiterekError):
    """A computation ended without a result; the text is its advice."""


def _short(found: object, limit: int = 80) -> str:
    text = found if isinstance(found, str) else repr(found)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
