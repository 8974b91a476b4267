"""Counts and rates by period, with what could have been watched under them."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, rect, tag, text, titled
from truceline.publish.wording import Wording

_HEIGHT, _TOP, _LEFT, _RIGHT = 230.0, 30.0, 46.0, 12.0
_BASE = 150.0
_STRIP = 14.0


def counts_chart(
    series: pl.DataFrame, words: Wording, *, width: float, ident: str, title: str
) -> str:
    """Draw one indicator in one sector: counted a day, corrected rate, interval and effort.

    Parameters
    ----------
    series : polars.DataFrame
        Rows of the schema `STATE` of one indicator and sector, in order of time.
    words : Wording
        The language.
    width : float
        Pixels.
    ident : str
        Identity of the figure in its page.
    title : str
        What the figure is called.
    """
    rows = series.to_dicts()
    top = max(
        (v for r in rows for v in (r["rate_high"], r["rate"], _daily(r), r["rate_before"]) if v),
        default=1.0,
    )
    x = Scale(rows[0]["t_start"], rows[-1]["t_end"], _LEFT, width - _RIGHT)
    y = Scale(0.0, top * 1.05, _BASE, _TOP)
    sheet = Sheet(ident, width, _HEIGHT, title, words.say("counts.desc"))
    parts = _axis(y, words, width)
    for row in rows:
        parts.append(_period(row, x, y, sheet, words))
    before = next((r["rate_before"] for r in reversed(rows) if r["rate_before"] is not None), None)
    if before is not None:
        label = words.say("counts.before", rate=words.figure(before))
        parts += [
            line(_LEFT, y(before), width - _RIGHT, y(before), "dash"),
            text(width - _RIGHT, y(before) - 4, label, kind="s", anchor="end"),
        ]
    return sheet.wrap(parts + _times(rows, x, words, width))


def _daily(row: dict[str, float | None]) -> float | None:
    """Return the count a day of a period that may be longer or shorter than a day."""
    count, start, end = row["count"], row["t_start"], row["t_end"]
    return None if count is None or start is None or end is None else count * DAY / (end - start)


def _axis(y: Scale, words: Wording, width: float) -> list[str]:
    parts = [text(0, 12, words.say("counts.unit"), kind="s")]
    for value in ticks(0.0, y.high, 4):
        parts += [
            line(_LEFT, y(value), width - _RIGHT, y(value), "gr"),
            text(_LEFT - 6, y(value) + 4, words.figure(value), kind="s", anchor="end"),
        ]
    return parts


def _period(row: dict[str, float], x: Scale, y: Scale, sheet: Sheet, words: Wording) -> str:
    left, right = x(row["t_start"]), x(row["t_end"])
    gap = min(2.0, (right - left) * 0.15)
    room = right - left - 2 * gap
    middle = (left + right) / 2
    strip = _BASE + 8
    seen = min(1.0, row["exposure"])
    parts = [
        tag("rect", x=left + gap, y=strip, width=room, height=_STRIP, fill=sheet.hatch()),
        rect(left + gap, strip, room * seen, _STRIP, "bar"),
    ]
    daily = _daily(row)  # type: ignore[arg-type]
    if row["rate"] is None:
        parts.insert(
            0,
            tag("rect", x=left + gap, y=_TOP, width=room, height=_BASE - _TOP, fill=sheet.hatch()),
        )
    if daily is not None:
        parts.append(rect(left + gap, y(daily), room, _BASE - y(daily), "bar"))
    if row["rate"] is not None:
        if row["rate_low"] is not None and row["rate_high"] is not None:
            parts.append(line(middle, y(row["rate_low"]), middle, y(row["rate_high"]), "wh"))
        parts.append(tag("circle", cx=middle, cy=y(row["rate"]), r=3.5, class_="ink"))
    if row["alarm"]:
        parts.append(tag("path", d=f"M{middle - 5:.1f} {_TOP - 9:.1f}h10l-5 8Z", class_="acc"))
    says = words.say(
        "counts.point",
        time=words.both(int(row["t_start"])),
        count=words.figure(row["count"]),
        rate=words.interval(row["rate"], row["rate_low"], row["rate_high"]),
        effort=words.share(seen),
    )
    return titled(parts, says)


def _times(rows: list[dict[str, int]], x: Scale, words: Wording, width: float) -> list[str]:
    base = _BASE + 8 + _STRIP
    parts = [
        text(_LEFT - 6, base - 3, words.say("counts.effort"), kind="s", anchor="end"),
        line(_LEFT, _BASE, width - _RIGHT, _BASE),
    ]
    fits = max(1, int((width - _LEFT - _RIGHT) // 118))
    step = -(-len(rows) // fits)
    for row in rows[::step]:
        at = x(row["t_start"])
        if at + 110 > width and row is not rows[0]:
            continue
        local, utc = words.local(row["t_start"])[5:], words.utc(row["t_start"])[5:]
        parts += [
            line(at, base, at, base + 5),
            text(at, base + 18, local, kind="s"),
            text(at, base + 32, utc, kind="s"),
        ]
    return parts
