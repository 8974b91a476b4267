"""How a claim stands: every reading as a mark, and what the words ask for as a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, line, rect, shortened, tag, text, titled


@dataclass(frozen=True)
class Strip:
    """The readings of one part of a claim.

    Attributes
    ----------
    label : str
        The part: of whom, in what.
    values : sequence of float
        The value of each reading.
    holds : sequence of bool
        Whether the claim holds in it.
    bars : sequence of float
        What the words ask for.
    words : sequence of str
        What each reading is, for those who point at it.
    """

    label: str
    values: Sequence[float]
    holds: Sequence[bool]
    bars: Sequence[float]
    words: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """One value to compare, with what it is; `holds` is unknown where nothing is judged."""

    label: str
    value: float
    holds: bool | None = None


def reading_strips(
    strips: Sequence[Strip], *, width: float, ident: str, title: str, unit: str
) -> str:
    """Draw every reading as a mark on a logarithmic line, one line for each part.

    A filled disc holds, a ring does not; dashed lines are what the words ask for, the full
    line is 1 (as much as the other). Shape, not colour, tells them apart.
    """
    everything = [v for s in strips for v in (*s.values, *s.bars) if v > 0] + [1.0]
    low, high = min(everything) / 1.15, max(everything) * 1.15
    held = sum(sum(s.holds) for s in strips)
    total = sum(len(s.holds) for s in strips)
    said = f"{held} of {total} readings hold. " + " ".join(_said(s) for s in strips)
    height = 34.0 + 58 * len(strips) + 30
    sheet = Sheet(ident, width, height, title, said)
    x = Scale(low, high, 12, width - 12, log=True)
    parts = [*_key(width), *_log_axis(x, low, high, height - 30, unit)]
    for place, strip in enumerate(strips):
        parts += _strip(strip, x, 34.0 + 58 * place, width)
    return sheet.wrap(parts)


def value_bars(
    bars: Sequence[Bar],
    *,
    width: float,
    ident: str,
    title: str,
    unit: str,
    asked: Sequence[float] = (),
) -> str:
    """Draw values as bars with their numbers; what the words ask for is a dashed line."""
    top_value = max([*(b.value for b in bars), *asked, 1e-9])
    height = 26.0 + 34 * len(bars) + 26
    said = "; ".join(f"{b.label}: {_short(b.value)}" for b in bars)
    sheet = Sheet(ident, width, height, title, f"In {unit}. {said}.")
    x = Scale(0, top_value, 0, width - 60)
    parts = []
    for place, bar in enumerate(bars):
        y = 22.0 + 34 * place
        paint = {True: "ink", False: "paper frame", None: "bar"}[bar.holds]
        words = {True: ", holds", False: ", does not hold", None: ""}[bar.holds]
        parts.append(text(0, y + 8, shortened(bar.label, width - 4), kind="lab"))
        block = rect(0.5, y + 12, max(x(bar.value), 1), 12, paint)
        parts.append(titled(block, f"{bar.label}: {_short(bar.value)} {unit}{words}"))
        parts.append(text(x(bar.value) + 5, y + 22, _short(bar.value), kind="t"))
    for value in asked:
        parts.append(line(x(value), 14, x(value), height - 24, "dash"))
        anchor = "end" if x(value) > width / 2 else "start"
        parts.append(text(x(value), 10, f"asked: {_short(value)}", kind="s", anchor=anchor))
    parts.append(text(0, height - 6, unit, kind="s"))
    return sheet.wrap(parts)


def _said(strip: Strip) -> str:
    if not strip.values:
        return f"{strip.label}: no reading."
    return f"{strip.label}: {_short(min(strip.values))} to {_short(max(strip.values))}."


def _key(width: float) -> list[str]:
    made = [_mark(6, 12, True), text(15, 16, "holds", kind="s")]
    made += [_mark(62, 12, False), text(71, 16, "does not hold", kind="s")]
    if width > 420:
        made += [line(168, 6, 168, 19, "dash"), text(174, 16, "what the words ask for", kind="s")]
    return made


def _log_axis(x: Scale, low: float, high: float, y: float, unit: str) -> list[str]:
    made = [line(12, y, x.end, y), text(12, y + 28, unit, kind="s")]
    last = -99.0
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for step in (1, 2, 5):
            value = step * 10.0**power
            if low <= value <= high and x(value) - last > 30:
                made.append(line(x(value), y, x(value), y + 4))
                made.append(text(x(value), y + 15, _short(value), kind="s", anchor="middle"))
                last = x(value)
    return made


def _strip(strip: Strip, x: Scale, top: float, width: float) -> list[str]:
    middle = top + 33
    share = sum(strip.holds) / len(strip.holds) if strip.holds else 0.0
    made = [
        text(12, top + 12, shortened(strip.label, width - 130), kind="b"),
        text(
            width - 12, top + 12, f"holds in {share * 100:.0f} %" if strip.holds else "no reading",
            kind="s", anchor="end",
        ),
        line(12, middle, x.end, middle, "gr"),
        line(x(1.0), top + 19, x(1.0), top + 47, "ax"),
    ]  # fmt: skip
    made += [line(x(bar), top + 22, x(bar), top + 44, "dash") for bar in set(strip.bars)]
    seen: dict[int, int] = {}
    for value, holds, words in zip(strip.values, strip.holds, strip.words, strict=True):
        if value <= 0:
            continue
        column = round(x(value) / 4)
        level = seen.get(column, 0)
        seen[column] = level + 1
        shift = (1 if level % 2 else -1) * ((level + 1) // 2) * 7 if level < 5 else 0
        made.append(titled(_mark(x(value), middle + shift, holds), f"{words}: {_short(value)}"))
    return made


def _mark(x: float, y: float, holds: bool) -> str:
    kind, radius = ("ink", 4.0) if holds else ("ring", 3.4)
    return tag("circle", cx=float(x), cy=float(y), r=radius, class_=kind)


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.3g}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
