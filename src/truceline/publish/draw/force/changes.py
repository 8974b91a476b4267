"""What each change would do: a dot and its interval about the plan, widest first."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import SMALL, Sheet, line, path, shortened, tag, text, titled

_ROW, _APART, _TOP, _FOOT = 18.0, 8.0, 30.0, 24.0


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
    parted = table.partition_by("what", as_dict=True, maintain_order=True)
    groups: Groups = [(str(what), rows.to_dicts()) for (what,), rows in parted.items()]
    if not groups:
        return None
    narrow = width < 480
    count = sum(len(rows) for _, rows in groups)
    height = _TOP + _ROW * (count + (len(groups) if narrow else 0)) + _APART * len(groups) + _FOOT
    left, right = (8.0 if narrow else 0.46 * width), width - (76 if narrow else 110)
    x = _scale(groups, figure, left, right)
    parts = _axis(x, height, f"points of a hundred, {against}", narrow=narrow)
    y = _TOP + 0.5 * _ROW
    for what, rows in groups:
        label = shortened(what, width - 8 if narrow else left - 12, SMALL)
        place = (left, None) if narrow else (left - 10, "end")
        parts.append(text(place[0], y + 4, label, kind="lab", anchor=place[1]))
        y += _ROW if narrow else 0.0
        for row in rows:
            parts += [_mark(row, figure, x, y), _tried(row, right, width, y)]
            y += _ROW
        y += _APART
    return Sheet(ident, width, height, title, _told(groups, figure)).wrap(parts)


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


Groups = list[tuple[str, list[dict[str, object]]]]


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
