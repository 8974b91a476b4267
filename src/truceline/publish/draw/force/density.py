"""People a kilometre of line, this plan among published missions and plans."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.scale import Scale, decades
from truceline.publish.draw.svg import SMALL, Sheet, line, rect, shortened, tag, text, titled

_ROW, _TOP, _FOOT = 18.0, 26.0, 24.0


def density_chart(
    missions: pl.DataFrame, own: tuple[str, float], *, width: float, ident: str, title: str
) -> str:
    """Draw people a kilometre on a log scale, the plan's own row with the accent's mark.

    Parameters
    ----------
    missions : polars.DataFrame
        Columns mission, per_km and line_km.
    own : tuple
        Words and people a kilometre of this plan.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    rows = [(r["mission"], r["per_km"], f"{r['line_km']:,.0f} km", False)
            for r in missions.to_dicts()]  # fmt: skip
    rows = sorted([*rows, (own[0], own[1], "", True)], key=lambda row: row[1])
    narrow = width < 480
    row_height = _ROW * (2.1 if narrow else 1.0)
    left = 8.0 if narrow else 0.46 * width
    x = Scale(0.5, 500.0, left, width - 52, log=True)
    height = _TOP + row_height * len(rows) + _FOOT
    told = "; ".join(f"{name}: {value:.1f}" for name, value, *_ in rows) + "."
    sheet = Sheet(ident, width, height, title, told)
    parts = [text(left, 11, "people a kilometre of line (log scale)", kind="s")]
    for value in decades(0.5, 500.0):
        parts += [
            line(x(value), _TOP - 6, x(value), height - _FOOT, "gr"),
            text(x(value), height - 8, f"{value:g}", kind="s", anchor="middle"),
        ]
    for number, row in enumerate(rows):
        y = _TOP + row_height * (number + (0.75 if narrow else 0.5))
        parts += _row(row, x, y, width, narrow=narrow)
    return sheet.wrap(parts)


def _row(
    row: tuple[str, float, str, bool], x: Scale, y: float, width: float, *, narrow: bool
) -> list[str]:
    """Return the label, the mark and the number of one mission or plan."""
    name, value, km, mine = row
    left, kind = x.start, "b" if mine else "lab"
    words = name if not km else f"{name} ({km})"
    label = shortened(words, width - 8 if narrow else left - 12, SMALL)
    at = (left, y - 10, None) if narrow else (left - 10, y + 4, "end")
    mark = (
        rect(x(value) - 4.5, y - 4.5, 9, 9, "ink")
        if mine
        else tag("circle", cx=x(value), cy=y, r=3.8, class_="ring")
    )
    return [
        text(at[0], at[1], label, kind=kind, anchor=at[2]),
        line(x.start, y, x(value), y, "ax"),
        titled(mark, f"{words}: {value:.1f} a km"),
        text(width, y + 4, f"{value:.1f}", kind=kind, anchor="end"),
    ]
