"""Rates over the rates before the truce, with intervals, on one axis."""

from __future__ import annotations

import polars as pl

from truceline.publish.draw.scale import Scale, decades
from truceline.publish.draw.style import STATE_GLYPHS
from truceline.publish.draw.svg import SMALL, Sheet, line, shortened, tag, text, titled
from truceline.publish.wording import Wording

_ROW, _TOP, _FLOOR = 40.0, 34.0, 0.001


def ratio_chart(
    states: pl.DataFrame, share: float, words: Wording, *, width: float, ident: str, title: str
) -> str:
    """Draw the ratio to before of each indicator and sector, with its interval and state.

    Parameters
    ----------
    states : polars.DataFrame
        Rows of the schema `STATE`, one for each indicator and sector.
    share : float
        Agreed share of the rate before below which the truce is called holding.
    words, width, ident, title
        The language, pixels, identity in the page, and name of the figure.
    """
    rows = states.to_dicts()
    ends = [r[c] for r in rows for c in ("ratio", "ratio_low", "ratio_high") if r[c]]
    low = max(_FLOOR, min([*ends, share, 0.1]) / 1.5)
    x = Scale(low, max([*ends, 1.0]) * 1.5, 10.0, width - 10, log=True)
    height = _TOP + _ROW * len(rows) + 40
    sheet = Sheet(ident, width, height, title, words.say("ratios.desc"))
    bottom = height - 36
    parts = [text(0, 12, words.say("ratios.unit"), kind="s")]
    for value in decades(x.low, x.high):
        parts += [
            line(x(value), _TOP - 8, x(value), bottom, "ax" if value == 1 else "gr"),
            text(x(value), bottom + 14, words.figure(value), kind="s", anchor="middle"),
        ]
    parts += [
        line(x(share), _TOP - 8, x(share), bottom, "dash"),
        text(
            x(share),
            bottom + 28,
            words.say("ratios.share", share=words.figure(share)),
            kind="s",
            anchor="middle" if 70 < x(share) < width - 70 else "start",
        ),
    ]
    for number, row in enumerate(rows):
        parts.append(_row(row, _TOP + _ROW * number, x, sheet, words))
    return sheet.wrap(parts)


def _row(row: dict[str, float], top: float, x: Scale, sheet: Sheet, words: Wording) -> str:
    label = f"{words.term('indicator', str(row['indicator']))} \u00b7 " + words.name(
        str(row["sector"]), "sector"
    )
    state = str(row["state"])
    said = words.interval(row["ratio"], row["ratio_low"], row["ratio_high"])
    middle = top + 24
    end = f"{STATE_GLYPHS[state]} {words.term('state', state)} \u00b7 {said}"
    room = sheet.width - 20 - len(end) * SMALL * 0.62
    parts = [
        text(10, top + 10, shortened(label, room), kind="halo"),
        text(10, top + 10, shortened(label, room), kind="lab"),
        text(sheet.width - 4, top + 10, end, kind="halo", anchor="end"),
        text(sheet.width - 4, top + 10, end, kind="lab", anchor="end"),
    ]
    if row["ratio"] is None:
        parts.append(
            tag(
                "rect",
                x=x.start,
                y=middle - 5,
                width=x.end - x.start,
                height=10.0,
                fill=sheet.hatch(),
            )
        )
    else:
        if row["ratio_low"] is not None and row["ratio_high"] is not None:
            parts.append(line(x(row["ratio_low"]), middle, x(row["ratio_high"]), middle, "wh"))
        parts.append(tag("circle", cx=x(row["ratio"]), cy=middle, r=4.0, class_="ink"))
    return titled(parts, f"{label}: {end}")
