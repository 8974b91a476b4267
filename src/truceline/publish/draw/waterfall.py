"""From prior to posterior: the weight of each witness, in bits."""

from __future__ import annotations

import polars as pl

from truceline.core.types.probability import probability_of
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, rect, shortened, text, titled
from truceline.publish.wording import Wording

_ROW, _TOP = 34.0, 44.0


def waterfall(
    prior_bits: float,
    weights: pl.DataFrame,
    words: Wording,
    *,
    width: float,
    ident: str,
    title: str,
) -> str:
    """Draw how the evidence moved the probability of a hostile act.

    Parameters
    ----------
    prior_bits : float
        Prior log2 odds.
    weights : polars.DataFrame
        Rows of the schema `WEIGHT` of one incident, drawn in their order.
    words, width, ident, title
        The language, pixels, identity in the page, and name of the figure.
    """
    steps = [(words.say("waterfall.prior"), 0.0, prior_bits)]
    level = prior_bits
    for row in weights.iter_rows(named=True):
        label = (
            f"{row['witness']} ({row['source']})"
            if row["witness"] != row["source"]
            else (row["source"])
        )
        steps.append((label, level, level + row["bits"]))
        level += row["bits"]
    steps.append((words.say("waterfall.posterior"), 0.0, level))
    reach = [v for _, a, b in steps for v in (a, b)]
    low, high = min([-2.0, *reach]), max([2.0, *reach])
    x = Scale(low - 0.5, high + 0.5, 8.0, width - 8)
    height = _TOP + _ROW * len(steps) + 8
    sheet = Sheet(ident, width, height, title, words.say("waterfall.desc"))
    parts = _axes(x, height, words)
    for number, (label, start, end) in enumerate(steps):
        is_sum = number in (0, len(steps) - 1)
        parts.append(_step(label, start, end, _TOP + _ROW * number, x, words, is_sum=is_sum))
    return sheet.wrap(parts)


def _axes(x: Scale, height: float, words: Wording) -> list[str]:
    parts = [text(0, 11, words.say("waterfall.unit"), kind="s")]
    for value in ticks(x.low, x.high, max(2, min(6, int((x.end - x.start) // 80)))):
        kind = "ax" if value == 0 else "gr"
        p = words.probability(float(probability_of(value)))
        label = f"{words.bits(value) if value else '0'} = {p}"
        anchor = "start" if x(value) < 40 else "end" if x(value) > x.end - 36 else "middle"
        parts += [
            line(x(value), 32, x(value), height - 6, kind),
            text(x(value), 27, label, kind="s", anchor=anchor),
        ]
    return parts


def _step(
    label: str, start: float, end: float, top: float, x: Scale, words: Wording, *, is_sum: bool
) -> str:
    amount = words.bits(end - start)
    p = words.probability(float(probability_of(end)))
    said = f"{amount} \u2192 {p}"
    room = x.end - x.start - len(said) * 6.6 - 10
    left, right = sorted((x(start), x(end)))
    kind = "ink" if is_sum else "bar"
    parts = [
        text(x.start, top + 11, shortened(label, room), kind="halo"),
        text(x.start, top + 11, shortened(label, room), kind="lab"),
        text(x.end, top + 11, said, kind="halo", anchor="end"),
        text(x.end, top + 11, said, kind="lab", anchor="end"),
        rect(left, top + 16, max(right - left, 1.5), 10, kind),
    ]
    if not is_sum:
        parts.append(line(x(end), top + 16, x(end), top + 16 + _ROW, "ax"))
    return titled(parts, f"{label}: {said}")
