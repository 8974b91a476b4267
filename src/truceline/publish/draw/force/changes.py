"""What each change would do: a dot and its interval about the plan, widest first."""

from __future__ import annotations

import textwrap

import polars as pl

from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import (
    CHARACTER,
    SMALL,
    Sheet,
    line,
    path,
    shortened,
    tag,
    text,
    titled,
)

#: Rows by what they change.
Groups = list[tuple[str, list[dict[str, object]]]]

_ROW, _APART, _TOP, _FOOT = 16.0, 6.0, 30.0, 24.0


def changes_chart(
    table: pl.DataFrame, figure: str, *, width: float, ident: str, title: str,
    against: str = "against the force as planned",
) -> str | None:  # fmt: skip
    """Draw the change of a share for each row, with its interval; nothing without rows.

    Parameters
    ----------
    table : polars.DataFrame
        Columns `what`, `tried`, `{figure}_change`, `{figure}_change_low` and `_high`. Rows of one
        `what` stand together, in the order in which they come.
    figure : str
        The share whose change is drawn.
    width, ident, title
        Pixels, identity in the page, and name of the picture.
    against : str
        What the change is told against.
    """
    groups = _groups(table)
    if not groups:
        return None
    return _chart(groups, groups, figure, width, ident, title, against)


def changes_pieces(
    table: pl.DataFrame, figure: str, *, width: float, ident: str, title: str,
    against: str = "against the force as planned", most: int = 10,
) -> list[str]:  # fmt: skip
    """Draw the same in pieces of about so many rows, each with the axis, on one scale.

    Parameters
    ----------
    table, figure, width, ident, title, against
        As for `changes_chart`.
    most : int
        Rows after which a piece ends; those of one `what` stay together.
    """
    groups = _groups(table)
    pieces: list[Groups] = []
    for group in groups:
        if not pieces or sum(len(rows) for _, rows in pieces[-1]) >= most:
            pieces.append([])
        pieces[-1].append(group)
    return [
        _chart(piece, groups, figure, width, f"{ident}-{n}", title, against)
        for n, piece in enumerate(pieces)
    ]


def _groups(table: pl.DataFrame) -> Groups:
    parted = table.partition_by("what", as_dict=True, maintain_order=True)
    return [(str(what), rows.to_dicts()) for (what,), rows in parted.items()]


def _chart(
    groups: Groups, every: Groups, figure: str, width: float, ident: str, title: str, against: str
) -> str:
    """Draw some groups on the scale of all."""
    narrow = width < 480
    count = sum(len(rows) for _, rows in groups)
    height = _TOP + _ROW * (count + (len(groups) if narrow else 0)) + _APART * len(groups) + _FOOT
    left, right = (8.0 if narrow else 0.46 * width), width - (76 if narrow else 110)
    x = _scale(every, figure, left, right)
    parts = _axis(x, height, f"points of a hundred, {against}", narrow=narrow)
    y = _TOP + 0.5 * _ROW
    for what, rows in groups:
        parts += _label(what, 1 if narrow else len(rows), y, left, width, narrow=narrow)
        y += _ROW if narrow else 0.0
        for row in rows:
            parts += [_mark(row, figure, x, y), _tried(row, right, width, y)]
            y += _ROW
        y += _APART
    return Sheet(ident, width, height, title, _told(groups, figure)).wrap(parts)


def _label(
    what: str, lines: int, y: float, left: float, width: float, *, narrow: bool
) -> list[str]:
    """Return the name of some rows above them, or beside them in no more lines than they take."""
    room = width - 8 if narrow else left - 12
    if lines == 1:
        told = [shortened(what, room, SMALL)]
    else:
        told = textwrap.wrap(what, int(room / (SMALL * CHARACTER)), max_lines=lines,
                             placeholder="\u2026")  # fmt: skip
    x, anchor = (left, None) if narrow else (left - 10, "end")
    return [
        text(x, y + 4 + (_ROW - 3) * n, one, kind="lab", anchor=anchor)
        for n, one in enumerate(told)
    ]


def widest_first(table: pl.DataFrame, figure: str) -> pl.DataFrame:
    """Return the rows with what changes most first."""
    most = pl.col(f"{figure}_change").abs().max().over("what")
    return table.sort(most, descending=True, maintain_order=True)


def _axis(x: Scale, height: float, words: str, *, narrow: bool) -> list[str]:
    parts = [text(x.start, 11, words, kind="s")]
    for value in ticks(x.low, x.high, 3 if narrow else 5):
        at, kind = x(value), "ax" if value == 0 else "gr"
        said = f"{100 * value:+.3g}" if value else "0"
        parts.append(line(at, _TOP - 6, at, height - _FOOT, kind))
        parts.append(text(at, height - 8, said, kind="s", anchor="middle"))
    return parts


def _value(row: dict[str, object], name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, (int, float)) else 0.0


def _scale(groups: Groups, figure: str, left: float, right: float) -> Scale:
    ends = [
        _value(row, f"{figure}_change{end}")
        for _, rows in groups
        for row in rows
        for end in ("", "_low", "_high")
    ]
    least = 0.02 if max(map(abs, ends)) > 0.02 else 0.002
    low, high = min(*ends, -least), max(*ends, least)
    pad = 0.04 * (high - low)
    return Scale(low - pad, high + pad, left, right)


def _mark(row: dict[str, object], figure: str, x: Scale, y: float) -> str:
    middle = _value(row, f"{figure}_change")
    said = f"{row['what']}, {row['tried']}: {100 * middle:+.1f} points"
    marks = [tag("circle", cx=x(middle), cy=y, r=4.0, class_="ink")]
    if row[f"{figure}_change_low"] is not None:
        low, high = (_value(row, f"{figure}_change_{end}") for end in ("low", "high"))
        marks.insert(0, path(f"M{x(low):.1f} {y:.1f}H{x(high):.1f}", "wh"))
        said += f" ({100 * low:+.1f} to {100 * high:+.1f})"
    return titled(marks, said)


def _tried(row: dict[str, object], right: float, width: float, y: float) -> str:
    return text(right + 8, y + 4, shortened(str(row["tried"]), width - right - 8, SMALL), kind="s")


def _told(groups: Groups, figure: str) -> str:
    said = (
        f"{what}, {row['tried']}: {100 * _value(row, f'{figure}_change'):+.1f} points"
        for what, rows in groups
        for row in rows
    )
    return "; ".join(said) + "."
