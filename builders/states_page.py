"""The page of the states of a ground object, drawn from the steps that the code knows."""

from __future__ import annotations

from html import escape

from baiterek.campaign.complex import STEPS, State, table

HEAD = """# States of a ground object

Made from `campaign/complex.py`. Only a member of the part that answers for an object takes a step; what its rule asks for is
checked in the same transaction. From every state an object can go out of service, with a reason; it comes back as mounted.
"""
WIDTH, BOX, HEIGHT, GAP, LEFT = 760, 220, 34, 78, 270


def page() -> str:
    """The whole page in Markdown."""
    return f"{HEAD}\n{drawing()}\n\n{table()}"


def drawing() -> str:
    """The states from top to bottom: steps ahead on the right, steps back on the left."""
    states = [state for state in State if state is not State.OUT_OF_SERVICE]
    boxes = [_box(k, state) for k, state in enumerate(states)]
    inner = [step for step in STEPS if State.OUT_OF_SERVICE not in (step.start, step.end)]
    arrows = [_arrow(states.index(step.start), states.index(step.end)) for step in inner]
    height = GAP * len(states) - (GAP - HEIGHT) + 20
    marker = (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="currentColor"/></marker></defs>'
    )
    body = "".join([marker, *boxes, *arrows])
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="States of a ground object and the steps between them" '
        f'style="max-width:{WIDTH}px;width:100%" font-size="14" fill="none" stroke="currentColor">{body}</svg>'
    )


def _box(row: int, state: State) -> str:
    y = 10 + GAP * row
    name = escape(state.replace("_", " "))
    return (
        f'<rect x="{LEFT}" y="{y}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
        f'<text x="{LEFT + BOX / 2:g}" y="{y + 22}" text-anchor="middle" stroke="none" fill="currentColor">{name}</text>'
    )


def _arrow(start: int, end: int) -> str:
    """Straight to the next state, else a curve that is wider the further it reaches."""
    if end == start + 1:
        x = LEFT + BOX / 2
        return _line(f"M{x:g} {10 + GAP * start + HEIGHT}V{10 + GAP * end - 2}")
    ahead = end > start
    x = LEFT + BOX if ahead else LEFT
    reach = (50 + 50 * abs(end - start)) * (1 if ahead else -1)
    y, to = 10 + GAP * start + HEIGHT / 2, 10 + GAP * end + HEIGHT / 2 + (-6 if ahead else 8)
    return _line(f"M{x} {y:g}C{x + reach} {y:g} {x + reach} {to:g} {x + (2 if ahead else -2)} {to:g}")


def _line(path: str) -> str:
    return f'<path d="{path}" marker-end="url(#head)"/>'
