"""The rotation: people there month by month, and who is missing, a panel for each case."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from truceline.publish.draw.svg import SMALL, Sheet, line, rect, shortened, tag, text, titled

_TALL, _STEP, _TOP, _FOOT = 74.0, 116.0, 8.0, 22.0


def rotation_chart(
    panels: Mapping[str, pl.DataFrame], *, width: float, ident: str, title: str
) -> str:
    """Draw people present as bars and people missing hatched above them.

    Parameters
    ----------
    panels : mapping of str to polars.DataFrame
        By the name of a panel, columns month, needed and present.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    height = _TOP + _STEP * len(panels) + _FOOT
    told = []
    parts: list[str] = []
    sheet = Sheet(ident, width, height, title, "The table beside it says the same.")
    for number, (name, table) in enumerate(panels.items()):
        mine = table.sort("month").to_dicts()
        needed = sum(row["needed"] for row in mine)
        met = sum(row["present"] for row in mine) / needed if needed > 0 else 0.0
        most = max((row["needed"] for row in mine), default=0.0)
        words = f"{name}: {met * 100:.0f} % of {most:,.0f} people"
        told.append(words)
        top = _TOP + _STEP * number
        parts.append(text(0, top + 10, shortened(words, width, SMALL), kind="lab"))
        parts += _panel(mine, top + 18, width, sheet)
    parts.append(text(0, height - 4, "month from the day of the plan", kind="s"))
    return Sheet(ident, width, height, title, "; ".join(told) + ".").wrap(parts)


def _panel(rows: list[dict[str, float]], top: float, width: float, sheet: Sheet) -> list[str]:
    most = max((row["needed"] for row in rows), default=0.0) or 1.0
    cell = width / max(len(rows), 1)
    base = top + _TALL
    parts = []
    for at, row in enumerate(rows):
        there = _TALL * row["present"] / most
        wanted = _TALL * row["needed"] / most
        x, room = cell * at + 0.5, cell - 1
        marks = [rect(x, base - there, room, there, "bar")]
        if wanted - there > 0.05:
            marks.append(
                tag("rect", x=x, y=base - wanted, width=room, height=wanted - there,
                    fill=sheet.hatch())
            )  # fmt: skip
        said = f"month {row['month']:g}: {row['present']:,.0f} of {row['needed']:,.0f}"
        parts.append(titled(marks, said))
        if at % 6 == 0:
            parts.append(text(x, base + 13, f"{row['month']:g}", kind="s"))
    parts.append(line(0, base, width, base))
    return parts
