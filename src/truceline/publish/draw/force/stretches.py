"""The line pulled straight: whose people stand beside which kilometre."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.force.unit_marks import KINDS, keys, unit_mark
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import SMALL, Sheet, line, shortened, text, titled

_ROW, _TOP, _FOOT = 30.0, 14.0, 30.0


def stretch_chart(
    units: pl.DataFrame, line_km: float, *, width: float, ident: str, title: str
) -> str:
    """Draw every unit at its kilometre, one row a nation and one for the sensors.

    Parameters
    ----------
    units : polars.DataFrame
        Columns unit, kind, nation (null for a sensor) and km.
    line_km : float
        Kilometres of the line along which units are counted.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    named = units.with_columns(pl.col("nation").fill_null("sensors, no nation's"))
    nations = named["nation"].unique().sort().to_list()
    narrow = width < 480
    left = 8.0 if narrow else 168.0
    step = _ROW * (1.4 if narrow else 1.0)
    x = Scale(0.0, max(line_km, 1.0), left, width - 12)
    foot = _TOP + step * len(nations)
    parts = _axis(x, foot, narrow=narrow)
    for number, nation in enumerate(nations):
        y = _TOP + step * (number + (0.72 if narrow else 0.5))
        room = width - 8 if narrow else left - 14
        label = shortened(nation, room, SMALL)
        at = (left, y - 12, None) if narrow else (left - 10, y + 4, "end")
        parts.append(text(at[0], at[1], label, kind="lab", anchor=at[2]))
        parts += _row(named.filter(pl.col("nation") == nation), x, y, narrow=narrow)
    present = [kind for kind in KINDS if kind in set(units["kind"].to_list())]
    entries = [(lambda px, py, k=kind: unit_mark(k, px, py, 4.0), kind) for kind in present]
    below, bottom = keys(entries, width, foot + _FOOT + 6)
    told = "; ".join(
        f"{nation}: {named.filter(pl.col('nation') == nation).height} units" for nation in nations
    )
    return Sheet(ident, width, bottom, title, told + ".").wrap(parts + below)


def _axis(x: Scale, foot: float, *, narrow: bool) -> list[str]:
    words = "kilometre of the line, from its western end"
    parts = [text(x.start, foot + 28, words, kind="s")]
    for value in ticks(0.0, x.high, 4 if narrow else 8):
        parts += [
            line(x(value), _TOP - 4, x(value), foot, "gr"),
            text(x(value), foot + 14, f"{value:,.0f}", kind="s", anchor="middle"),
        ]
    return parts


def _row(mine: pl.DataFrame, x: Scale, y: float, *, narrow: bool) -> list[str]:
    size = 2.2 if narrow else 3.0
    lift = {kind: (at - 1.5) * 5.0 for at, kind in enumerate(KINDS)}
    return [
        titled(unit_mark(row["kind"], x(row["km"]), y + lift[row["kind"]], size),
               f"{row['unit']}, km {row['km']:,.0f}")
        for row in mine.to_dicts()
    ]  # fmt: skip
