"""The ladder by load: the share of each step on time, or that it is saturated."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.svg import SMALL, Sheet, rect, shortened, tag, text, titled

_ROW, _TOP = 30.0, 40.0


def late_steps(table: pl.DataFrame, *, width: float, ident: str, title: str) -> str:
    """Draw steps by breaches a day: a bar for the share on time, hatched where none can be told.

    Parameters
    ----------
    table : polars.DataFrame
        Columns breaches, step, state and late_share.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    loads = sorted(set(table["breaches"].to_list()))
    steps = table["step"].unique(maintain_order=True).to_list()
    narrow = width < 480
    left = 0.0 if narrow else 200.0
    step_height = _ROW * (1.8 if narrow else 1.0)
    cell = (width - left) / len(loads)
    height = _TOP + step_height * len(steps) + 6
    rows = {(row["step"], row["breaches"]): row for row in table.to_dicts()}
    told = "; ".join(f"{s} at {b:g} a day: {_said(rows[s, b])}" for s in steps for b in loads)
    sheet = Sheet(ident, width, height, title, told + ".")
    parts = [text(left, 11, "breaches a day", kind="s")]
    parts += [
        text(left + cell * (n + 0.5), 30, f"{load:g}", kind="lab", anchor="middle")
        for n, load in enumerate(loads)
    ]
    for number, step in enumerate(steps):
        top = _TOP + step_height * number + (step_height - _ROW)
        label = shortened(step, width if narrow else left - 12, SMALL)
        at = (0.0, top - 4, None) if narrow else (left - 10, top + 17, "end")
        parts.append(text(at[0], at[1], label, kind="lab", anchor=at[2]))
        for n, load in enumerate(loads):
            parts.append(_cell(rows[step, load], left + cell * n, top, cell, sheet))
    return sheet.wrap(parts)


def _percent(share: float) -> str:
    """Return a share; nearly all is not rounded up to all."""
    return ">99%" if 0.995 < share < 1.0 else f"{share:.0%}"


def _said(row: dict[str, float | str | None]) -> str:
    late = row["late_share"]
    return str(row["state"]) if late is None else f"{_percent(1 - float(late))} on time"


def _cell(
    row: dict[str, float | str | None], x: float, y: float, width: float, sheet: Sheet
) -> str:
    room, late = width - 6, row["late_share"]
    said = f"{row['step']}, {row['breaches']:g} a day: {_said(row)}"
    if late is None:
        paint = sheet.hatch(dense=row["state"] == "saturated")
        short = shortened(str(row["state"]), room + 2, SMALL)
        marks = [
            tag("rect", x=x + 3, y=y + 3, width=room, height=22.0, fill=paint, class_="box"),
            rect(x + 4, y + 7, min(len(short) * SMALL * 0.62 + 2, room - 2), 14, "paper"),
            text(x + 5, y + 18, short, kind="lab"),
        ]
        return titled(marks, said)
    share = 1.0 - float(late)
    return titled(
        [
            rect(x + 3, y + 3, room, 22.0, "ground"),
            rect(x + 3, y + 3, room * share, 22.0, "bar"),
            text(x + 7, y + 18, _percent(share), kind="lab"),
        ],
        said,
    )
