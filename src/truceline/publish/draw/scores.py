"""A score, drawn: does it keep its word, how far can names be trusted, what was there to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, num, path, rect, tag, text, titled

_HEIGHT, _LEFT, _TOP, _FOOT, _RIGHT = 320.0, 56.0, 18.0, 46.0, 18.0

#: Wider than this a square chart says no more.
_WIDEST = 560.0


def reliability(curve: Mapping[str, Sequence[float]], *, width: float, ident: str) -> str:
    """Draw what happened against what was said, with intervals; the diagonal keeps its word.

    Parameters
    ----------
    curve : mapping
        Columns `said`, `happened`, `low`, `high` and `n`, of equal length.
    """
    x, y = _square(width)
    sheet = Sheet(ident, width, _HEIGHT, "Reliability", "What was said, and how often it was so.")
    parts = [*_axes(x, y, "probability said", "share that was so")]
    parts.append(line(x(0.0), y(0.0), x(1.0), y(1.0), "dash"))
    rows = zip(*(curve[k] for k in ("said", "happened", "low", "high", "n")), strict=True)
    for said, so, low, high, n in rows:
        told = f"said {said:.2f}, was so {so:.2f} ({low:.2f} to {high:.2f}), {n:.0f} cases"
        mark = [line(x(said), y(low), x(said), y(high), "wh"),
                tag("circle", cx=x(said), cy=y(so), r=4.0, class_="ink")]  # fmt: skip
        parts.append(titled(mark, told))
    return sheet.wrap(parts)


def risk_coverage(curve: Mapping[str, Sequence[float]], *, width: float, ident: str) -> str:
    """Draw the share wrong among the surest names, over the share of incidents named."""
    x, y = _square(width, high=0.5)
    sheet = Sheet(ident, width, _HEIGHT, "Risk and coverage", "Share wrong among the surest names.")
    at = [f"{num(x(c))} {num(y(r))}" for c, r in zip(curve["coverage"], curve["risk"], strict=True)]
    parts = [*_axes(x, y, "share of incidents named, the surest first", "share of names wrong")]
    parts.append(path("M" + "L".join(at), "wh") if at else "")
    return sheet.wrap(parts)


def days(counts: Sequence[int], *, width: float, ident: str) -> str:
    """Draw the true acts of each day of the truce."""
    x = Scale(0.0, float(max(len(counts), 1)), _LEFT, width - _RIGHT)
    y = Scale(0.0, float(max(*counts, 1)), _HEIGHT - _FOOT, _TOP)
    sheet = Sheet(ident, width, _HEIGHT, "True acts a day", "What there was to see, day by day.")
    parts = [*_axes(x, y, "day of the truce", "true acts")]
    step = x(1.0) - x(0.0)
    for day, count in enumerate(counts):
        bar = rect(x(day) + 1, y(count), max(step - 2, 1.0), y(0.0) - y(count), "bar")
        parts.append(titled(bar, f"day {day + 1}: {count}"))
    return sheet.wrap(parts)


def _square(width: float, high: float = 1.0) -> tuple[Scale, Scale]:
    right = min(width, _WIDEST) - _RIGHT
    return Scale(0.0, 1.0, _LEFT, right), Scale(0.0, high, _HEIGHT - _FOOT, _TOP)


def _axes(x: Scale, y: Scale, below: str, beside: str) -> list[str]:
    foot = _HEIGHT - _FOOT
    parts = [line(x.start, foot, x.end, foot, "ax"), text(0.0, 11.0, beside, kind="s")]
    for value in ticks(y.low, y.high, 4):
        parts.append(line(x.start, y(value), x.end, y(value), "gr"))
        parts.append(text(x.start - 6, y(value) + 4, f"{value:g}", kind="s", anchor="end"))
    for value in ticks(x.low, x.high, 5):
        parts.append(text(x(value), foot + 16, f"{value:g}", kind="s", anchor="middle"))
    middle = (x.start + x.end) / 2
    parts.append(text(middle, foot + 36, below, kind="s", anchor="middle"))
    return parts
