"""What is claimed beside what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from truceline.publish.draw.marks import party_mark
from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, rect, shortened, text, titled
from truceline.publish.wording import Wording

_LINE = 20.0
_ROWS = ("stated", "sum_of_parts", "violations", "credible")


def claims_chart(
    claims: pl.DataFrame,
    parties: Sequence[str],
    words: Wording,
    *,
    width: float,
    ident: str,
    title: str,
) -> str:
    """Draw each claim as stated, as its parts add up, and what was seen in the same time.

    A claim counts in its own unit and we count incidents: the bars are side by side, and
    are not a test of one another.
    """
    block = 26 + _LINE * len(_ROWS) + 10
    rows = claims.to_dicts()
    sheet = Sheet(ident, width, block * len(rows) + 4, title, words.say("claims.desc"))
    top = max([1.0, *(float(r[c]) for r in rows for c in _ROWS if r[c] is not None)])
    names = {c: words.say(f"claims.{c}") for c in _ROWS}
    left = min(width * 0.44, 8 + 6.6 * max(map(len, names.values())))
    scale = Scale(0.0, top, left, width - 64)
    parts = []
    for number, row in enumerate(rows):
        y = block * number
        position = parties.index(row["party"]) if row["party"] in parties else None
        head = f"{words.name(row['party'], 'party')} \u2192 " + words.name(
            row["about_party"], "party"
        )
        parts += [
            party_mark(8, y + 10, position),
            text(22, y + 14, shortened(f"{head} ({row['unit']})", width - 26), kind="b"),
        ]
        for at, column in enumerate(_ROWS):
            parts.append(_bar(row, column, names[column], y + 24 + _LINE * at, scale, words))
    return sheet.wrap(parts)


def _bar(
    row: dict[str, Any], column: str, name: str, y: float, scale: Scale, words: Wording
) -> str:
    value = row[column]
    said = words.figure(value)
    is_off = column == "sum_of_parts" and row["arithmetic"] == "differs"
    parts = [
        text(
            scale.start - 8, y + 12, shortened(name, scale.start - 8, 10.5), kind="s", anchor="end"
        )
    ]
    if value is not None:
        kind = "ink" if column in ("violations", "credible") else "bar"
        parts.append(rect(scale.start, y + 3, max(scale(value) - scale.start, 1), 11, kind))
    at = scale.start if value is None else scale(value)
    parts.append(text(at + 6, y + 12, said, kind="acct" if is_off else "lab"))
    return titled(parts, f"{name}: {said}")
