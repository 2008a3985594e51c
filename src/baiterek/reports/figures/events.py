"""What happened when: a pole through the axes for each event, its name as a flag above them."""

from __future__ import annotations

from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from baiterek.reports.language import Words
from baiterek.reports.sheet import EDGE_in, LEFT_in, RIGHT_in, ROW_in, WIDTH_in, lay_out, text_width_in
from baiterek.reports.style import GREY, SOFT

FLAG_pt = 6.8
FLAG_ROWS = 4
NEAR_in = 0.06
"""Events that stand closer than this on the sheet share one pole, under the name of the one that matters most."""
RANK = ("separation", "max q", "insertion", "cut-off", "ignition")
"""What an event's name ends with, by how much a reader looks for it; lift-off is the end of the axis."""


class Flag(NamedTuple):
    """An event on the sheet: its name runs to the right of its pole, or to the left."""

    name: str
    t_s: float
    x_in: float
    width_in: float
    rank: int
    left: bool = False
    row: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """Where the name lies, in inches."""
        return (self.x_in - self.width_in, self.x_in) if self.left else (self.x_in, self.x_in + self.width_in)


def mark_events(axes: Axes, events: list[dict[str, Any]], words: Words) -> None:
    """Lay the sheet out with the events within the axis of time marked."""
    low, high = axes.get_xlim()
    scale = (WIDTH_in - LEFT_in - RIGHT_in) / (high - low)
    flags = []
    for event in events:
        rank = _rank(event["name"])
        if rank is not None and low <= event["t_s"] <= high:
            name = words.said(event["name"])
            x = LEFT_in + (event["t_s"] - low) * scale
            flags.append(Flag(name, event["t_s"], x, 0.06 + text_width_in(name, FLAG_pt), rank))
    placed = _placed(_apart(flags))
    rows = max((flag.row + 1 for flag in placed), default=0)
    lay_out(axes, rows)
    figure: Figure = axes.get_figure()  # type: ignore[assignment]
    top = axes.get_position().y1 * figure.get_figheight()
    across = blended_transform_factory(axes.transData, figure.dpi_scale_trans)
    bottom = axes.get_position().y0 * figure.get_figheight()
    for flag in placed:
        y = top + (flag.row + 0.25) * ROW_in
        pole = Line2D([flag.t_s] * 2, [bottom, y + 0.6 * ROW_in], color=GREY, lw=0.6, transform=across, zorder=0.5)
        axes.add_artist(pole)
        pole.set_clip_on(False)
        axes.text(
            flag.t_s + (-0.03 if flag.left else 0.03) / scale, y, flag.name, fontsize=FLAG_pt, color=SOFT,
            ha="right" if flag.left else "left", va="baseline", transform=across,
        )  # fmt: skip


def _rank(name: str) -> int | None:
    return next((rank for rank, ending in enumerate(RANK) if name.endswith(ending)), None)


def _apart(flags: list[Flag]) -> list[Flag]:
    """One flag for events at (nearly) one instant; of a cut-off and a separation the separation."""
    kept: list[Flag] = []
    for flag in sorted(flags, key=lambda flag: flag.rank):
        if all(abs(flag.x_in - other.x_in) > NEAR_in for other in kept):
            kept.append(flag)
    return sorted(kept, key=lambda flag: flag.x_in)


def _placed(flags: list[Flag]) -> list[Flag]:
    """Each flag in a row and to a side where it crosses neither a name nor a pole; the least looked for go first."""
    while flags:
        for rows in range(1, FLAG_ROWS + 1):
            found = _search([], flags, rows)
            if found is not None:
                return found
        flags.remove(max(flags, key=lambda flag: flag.rank))
    return []


def _search(done: list[Flag], rest: list[Flag], rows: int) -> list[Flag] | None:
    """The first arrangement in so many rows, by trying."""
    if not rest:
        return done
    for row in range(rows):
        for left in (False, True):
            flag = rest[-1]._replace(left=left, row=row)
            inside = flag.span[0] >= EDGE_in and flag.span[1] <= WIDTH_in - EDGE_in
            if inside and not any(_cross(flag, other) for other in done):
                found = _search([*done, flag], rest[:-1], rows)
                if found is not None:
                    return found
    return None


def _cross(one: Flag, other: Flag) -> bool:
    """Whether two names overlap, or a name lies across the other's pole."""
    (a, b), (c, d) = one.span, other.span
    names = one.row == other.row and a < d + 0.02 and c < b + 0.02
    poles = (one.row <= other.row and a < other.x_in + 0.02 and other.x_in - 0.02 < b) or (
        other.row <= one.row and c < one.x_in + 0.02 and one.x_in - 0.02 < d
    )
    return names or poles
