"""The ladder by load: the share of each step on time, or that it is saturated."""

from __future__ import annotations

import textwrap

import polars as pl

from truceline.publish.draw.svg import CHARACTER, SMALL, Sheet, rect, shortened, tag, text, titled

_ROW, _TOP = 30.0, 48.0


def late_steps(
    table: pl.DataFrame, *, width: float, ident: str, title: str,
    rows: str = "step", columns: str = "breaches", head: str = "breaches a day",
) -> str:  # fmt: skip
    """Draw a bar for the share on time in each row and column, hatched where none can be told.

    Parameters
    ----------
    table : polars.DataFrame
        Columns state, late_share, and those named by `rows` and `columns`.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    rows, columns, head : str
        What goes down, what goes across, and the words over the columns.
    """
    down, across = (table[name].unique(maintain_order=True).to_list() for name in (rows, columns))
    narrow = width < 480
    left = 0.0 if narrow else 200.0
    row_height = _ROW * (1.8 if narrow else 1.0)
    cell = (width - left) / len(across)
    height = _TOP + row_height * len(down) + 6
    found = {(row[rows], row[columns]): row for row in table.to_dicts()}
    told = "; ".join(f"{_name(r)}, {_name(c)}: {_said(found[r, c])}" for r in down for c in across)
    sheet = Sheet(ident, width, height, title, told + ".")
    parts = [text(left, 11, head, kind="s")]
    for n, column in enumerate(across):
        words = textwrap.wrap(_name(column), max(4, int((cell - 4) / (SMALL * CHARACTER))),
                              max_lines=2, placeholder="\u2026")  # fmt: skip
        parts += [
            text(left + cell * (n + 0.5), _TOP - 10 - 12 * (len(words) - 1 - at), one, kind="lab",
                 anchor="middle")
            for at, one in enumerate(words)
        ]  # fmt: skip
    for number, row in enumerate(down):
        top = _TOP + row_height * number + (row_height - _ROW)
        label = shortened(_name(row), width if narrow else left - 12, SMALL)
        at = (0.0, top - 4, None) if narrow else (left - 10, top + 17, "end")
        parts.append(text(at[0], at[1], label, kind="lab", anchor=at[2]))
        for n, column in enumerate(across):
            said = f"{_name(row)}, {_name(column)}: {_said(found[row, column])}"
            parts.append(_cell(found[row, column], said, (left + cell * n, top), cell, sheet))
    return sheet.wrap(parts)


def _name(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _percent(share: float) -> str:
    """Return a share; nearly all is not rounded up to all."""
    return ">99%" if 0.995 < share < 1.0 else f"{share:.0%}"


def _said(row: dict[str, float | str | None]) -> str:
    late = row["late_share"]
    return str(row["state"]) if late is None else f"{_percent(1 - float(late))} on time"


def _cell(
    row: dict[str, float | str | None], said: str, at: tuple[float, float], width: float,
    sheet: Sheet,
) -> str:  # fmt: skip
    (x, y), room, late = at, width - 6, row["late_share"]
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
