"""Mission files to start from."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from baiterek.catalogue.document import CATALOGUE, names, read_document
from baiterek.errors import BadValue, UnreadableFile


def templates() -> dict[str, str]:
    """Names of the templates and their titles."""
    return {name: str(read_document(CATALOGUE / "templates" / f"{name}.toml")["title"]) for name in names("templates")}


def write_template(name: str, path: str | Path | None = None) -> Path:
    """Write a template to `path` (`<name>.toml` in the current folder when absent); never over a file that is there."""
    known = names("templates")
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"{close[0]} (did you mean it?), or any of " if close else "one of "
        raise BadValue("templates", "name", name, hint + ", ".join(known))
    target = Path(f"{name}.toml" if path is None else path)
    text = (CATALOGUE / "templates" / f"{name}.toml").read_text(encoding="utf-8")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UnreadableFile(str(target), "", "a file that is there", "a new file: nothing is overwritten") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(str(target), "", reason, "a file that can be written") from None
    return target
