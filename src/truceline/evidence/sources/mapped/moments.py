"""Which columns of a stranger's table hold the time of an event, and in what form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.mapped.times import clock_of, format_of, is_order_open
from truceline.evidence.sources.mapped.words import NOT_OF_EVENT, parts_of, ranked

#: Share of a column's values that must read as times; of a short column all but one.
_MOST: Final = 0.95


def time_column(held: Mapping[str, pl.Series], path: Path, doubts: list[str]) -> object:
    """Return the time of the event as the mapping names it; an open order becomes a doubt.

    Raises
    ------
    InputError
        If no column holds times.
    """
    own = [n for n in ranked(held, "time") if NOT_OF_EVENT.isdisjoint(parts_of(n))]
    for name in own:
        form = format_of(held[name], _share(held[name]))
        if form is None:
            continue
        if is_order_open(held[name], form):
            doubts.append(f"Whether {name} has the day or the month first.")
        return _with_clock(held, name, form) or _named(name, form)
    raise InputError(
        f"no column was found that holds times; there are {', '.join(held)[:300]}.",
        where=Where(str(path)),
        hint=(
            "Where these are no names, write them above the table; else write the mapping by hand: "
            "docs/reference/sources.md lists its settings."
        ),
    )


def end_column(held: Mapping[str, pl.Series]) -> object | None:
    """Return the end of the event as the mapping names it, if a column holds one."""
    for name in ranked(held, "end"):
        form = format_of(held[name], _share(held[name]))
        if form is not None:
            return _named(name, form)
    return None


def _named(name: str, form: str) -> object:
    return name if form == "iso" else {"column": name, "format": form}


def _with_clock(held: Mapping[str, pl.Series], date: str, form: str) -> object | None:
    """Return a date together with the column of its time of day, if there is one."""
    is_date = held[date].str.len_chars().max() == 10 if form == "iso" else "%M" not in form
    if not is_date or form.startswith("epoch"):
        return None
    for name in ranked(held, "clock"):
        clock = None if name == date else clock_of(held[name], _share(held[name]))
        if clock is not None:
            whole = f"{'%Y-%m-%d' if form == 'iso' else form} {clock}"
            return {"column": date, "clock": name, "format": whole}
    return None


def _share(values: pl.Series) -> float:
    return min(_MOST, (len(values) - 1) / len(values)) if len(values) > 2 else _MOST
