"""Isochrones of a plan: ground along the line, the later people are there the darker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl
from shapely.geometry.base import BaseGeometry

from truceline.publish.draw.force.map_parts import (
    hatched,
    marks,
    outline,
    shade,
    unit_keys,
    window,
    with_keys,
)
from truceline.publish.draw.force.unit_marks import Symbol
from truceline.publish.draw.projection import frame_of
from truceline.publish.draw.svg import Sheet, path, tag, titled
from truceline.publish.wording import Wording

_TOLD = "Map of hours until people are there; the tables beside it say the same."

#: A span of hours and the ground that people reach within it; infinite is later, or never.
Span = tuple[float, float, BaseGeometry]


def answer_map(
    line: BaseGeometry, spans: Sequence[Span], ends: Sequence[float], bases: pl.DataFrame,
    words: Wording, *, width: float, ident: str, title: str,
) -> str | None:  # fmt: skip
    """Draw how soon people are there: the later the darker, and hatched beyond the last hours.

    Parameters
    ----------
    line : shapely line
        The line of contact.
    spans : sequence of (low, high, polygons)
        Ground by hours, soonest first.
    ends : sequence of float
        Upper ends of all spans that maps beside this one may show, so that one shade is one span.
    bases : polars.DataFrame
        Bases with lon, lat, unit and people.
    words, width, ident, title
        Wording, pixels, identity in the page, and name of the figure.
    """
    frame = frame_of([line, *(ground for _, _, ground in spans)], np.empty((0, 2)), width=width)
    if frame is None:
        return None
    sheet = Sheet(ident, width, frame.height, title, _TOLD)
    inside, entries = [], []
    for low, high, ground in spans:
        said, drawn = span_words(low, high), outline(ground, frame)
        if np.isinf(high):
            inside.append(titled(tag("path", d=drawn, fill=sheet.hatch(), class_="box"), said))
            entries.append((partial(hatched, sheet), said))
            continue
        dark = opacity(high, ends)
        edge = path(drawn, "ink", fill_opacity=f"{dark:g}", fill_rule="evenodd")
        inside.append(titled([edge, path(drawn, "edge")], said))
        entries.append((partial(shade, (dark,), style="ink"), said))
    inside.append(path(outline(line, frame), "loc"))
    flags = bases.with_columns(pl.lit("reaction base").alias("kind"))
    inside += marks(flags, frame, 4.0 if width < 480 else 5.0)
    every: list[tuple[Symbol, str]] = [*unit_keys(flags), *entries]
    return with_keys(sheet, window(frame, ident, inside, words), frame.height, every)


def opacity(high: float, ends: Sequence[float]) -> float:
    """Return how dark a span is, from its place among all spans.

    Examples
    --------
    >>> opacity(1.0, (1.0, 2.0, 3.0)), opacity(3.0, (1.0, 2.0, 3.0))
    (0.05, 0.6)
    """
    return round(0.05 + 0.55 * list(ends).index(high) / max(len(ends) - 1, 1), 2)


def span_words(low: float, high: float) -> str:
    """Return a span of hours in words.

    Examples
    --------
    >>> span_words(0, 1), span_words(1, 2), span_words(6, float("inf"))
    ('within 1 h', '1 to 2 h', 'later than 6 h')
    """
    if np.isinf(high):
        return f"later than {low:g} h"
    return f"within {high:g} h" if low == 0 else f"{low:g} to {high:g} h"
