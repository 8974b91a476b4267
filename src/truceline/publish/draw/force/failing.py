"""What is left when something fails: shares watched, and hours to be there, case by case."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import SMALL, Sheet, line, path, shortened, tag, text, titled

_ROW, _TOP, _FOOT = 16.0, 34.0, 24.0


def failing_chart(table: pl.DataFrame, *, width: float, ident: str, title: str) -> str:
    """Draw the share of the band seen by one (full) and by two (ring) in each case.

    Parameters
    ----------
    table : polars.DataFrame
        Columns case, once, once_low, once_high, twice and median_h.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    rows = table.to_dicts()
    narrow = width < 480
    row_height = _ROW * (2.2 if narrow else 1.0)
    left = 8.0 if narrow else 0.4 * width
    x = Scale(0.0, 1.0, left, width - 64)
    height = _TOP + row_height * len(rows) + _FOOT
    sheet = Sheet(ident, width, height, title, _told(rows))
    parts = [
        text(left, 11, "share of the band in range of one (full), of two (ring)", kind="s"),
        text(width, 26, "median h", kind="s", anchor="end"),
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            line(x(share), _TOP - 4, x(share), height - _FOOT, "gr"),
            text(x(share), height - 8, f"{share:.0%}", kind="s", anchor="middle"),
        ]
    for number, row in enumerate(rows):
        y = _TOP + row_height * (number + (0.75 if narrow else 0.5))
        room = width - 8 if narrow else left - 12
        label = shortened(str(row["case"]), room, SMALL)
        at = (left, y - 10, None) if narrow else (left - 10, y + 4, "end")
        parts.append(text(at[0], at[1], label, kind="lab", anchor=at[2]))
        parts.append(_marks(row, x, y))
        hours = "never" if row["median_h"] is None else f"{row['median_h']:.1f}"
        parts.append(text(width, y + 4, hours, kind="lab", anchor="end"))
    return sheet.wrap(parts)


def _marks(row: dict[str, float | None], x: Scale, y: float) -> str:
    once, twice = row["once"] or 0.0, row["twice"] or 0.0
    parts = [line(x(0.0), y, x(once), y, "ax")]
    if row["once_low"] is not None and row["once_high"] is not None:
        parts.append(path(f"M{x(row['once_low']):.1f} {y:.1f}H{x(row['once_high']):.1f}", "wh"))
    parts += [
        tag("circle", cx=x(twice), cy=y, r=3.6, class_="ring"),
        tag("circle", cx=x(once), cy=y, r=3.8, class_="ink"),
    ]
    return titled(parts, f"{row['case']}: {once:.0%} in range, {twice:.0%} in range of two")


def _told(rows: list[dict[str, float]]) -> str:
    return "; ".join(f"{row['case']}: {row['once']:.0%}, {row['twice']:.0%}" for row in rows) + "."
