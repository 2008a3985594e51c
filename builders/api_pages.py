"""The pages of the Python interface, made from the syntax trees of the package: signatures and docstrings as they stand."""

from __future__ import annotations

import ast
import textwrap
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "baiterek"
ROOMS = tuple(sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))


def pages() -> dict[str, str]:
    """Markdown by the name of its file: what stands at the top of the package, then a page a room."""
    made = {f"api/{room}.md": _room(room) for room in ROOMS}
    parts = ["# Python interface\n\nWhat `import baiterek` gives, and what every room uses. A page a package follows.\n"]
    parts += [_module(path) for path in sorted(PACKAGE.glob("*.py")) if path.stem not in ("cli", "constants", "__main__")]
    return {"api/index.md": "\n".join(parts), **made}


def undocumented() -> list[str]:
    """Public functions and classes of the package that say nothing of themselves."""
    return [
        f"{path.relative_to(PACKAGE)}: {node.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in public(tree_of(path))
        if not ast.get_docstring(node)
    ]


def _room(room: str) -> str:
    paths = sorted((PACKAGE / room).rglob("*.py"), key=lambda path: (path.stem != "__init__", path.stem))
    page = "../cli.md" if room == "cli" else f"../packages/{room}.md"
    head = f"# baiterek.{room}\n\nWhat it computes and where it was checked: [the {room} package]({page}).\n"
    return "\n".join([head, *(_module(path) for path in paths)])


def _module(path: Path) -> str:
    """A section a module: its text, then its public names. A module with neither has none."""
    tree = tree_of(path)
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    text, nodes = ast.get_docstring(tree) or "", public(tree)
    if not text and not nodes:
        return ""
    return "\n".join([f"## {name}\n\n{text}\n", *(_entry(node) for node in nodes)])


def _entry(node: ast.FunctionDef | ast.ClassDef) -> str:
    text = ast.get_docstring(node) or ""
    if isinstance(node, ast.FunctionDef):
        return f"### {node.name}\n\n```python\n{_signature(node)}\n```\n\n{text}\n"
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    head = f"### {node.name}\n\n```python\nclass {node.name}{f'({bases})' if bases else ''}\n```\n\n{text}\n"
    found = fields(node)
    table = "\nFields: " + ", ".join(f"`{name}`" for name, _ in found) + ".\n" if found else ""
    if any(meaning for _, meaning in found):
        rows = (f"| `{name}` | {' '.join(meaning.split())} |\n" for name, meaning in found)
        table = "\n| field | meaning |\n|---|---|\n" + "".join(rows)
    methods = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
    return head + table + "".join(_method(method) for method in methods)


def fields(node: ast.ClassDef) -> list[tuple[str, str]]:
    """Annotated fields of a class, with the text that follows each."""
    found = []
    for here, after in zip(node.body, [*node.body[1:], None]):
        if isinstance(here, ast.AnnAssign) and isinstance(here.target, ast.Name) and not here.target.id.startswith("_"):
            text = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
                text = after.value.value
            found.append((here.target.id, text.replace("|", "\\|")))
    return found


def _method(node: ast.FunctionDef) -> str:
    return f"\n**{node.name}**\n\n```python\n{_signature(node)}\n```\n\n{ast.get_docstring(node) or ''}\n"


def _signature(node: ast.FunctionDef) -> str:
    """The `def` as it is written, one argument a line where it is long."""
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    arguments = ast.unparse(node.args)
    line = f"{node.name}({arguments}){returns}"
    if len(line) <= 88:
        return line
    pieces = _arguments(node.args)
    return f"{node.name}(\n" + textwrap.indent("".join(f"{piece},\n" for piece in pieces), "    ") + f"){returns}"


def _arguments(arguments: ast.arguments) -> list[str]:
    """Each argument as it is written."""
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(plain) - len(arguments.defaults))
    pieces = [_argument(a, d) for a, d in zip(plain, [*missing, *arguments.defaults])]
    if arguments.vararg:
        pieces.append("*" + _argument(arguments.vararg, None))
    elif arguments.kwonlyargs:
        pieces.append("*")
    pieces += [_argument(a, d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    return pieces + (["**" + _argument(arguments.kwarg, None)] if arguments.kwarg else [])


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default is not None else "")


def public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Functions and classes that a module offers."""
    return [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))
