"""Expressions that read a column of text: numbers, local times, hashes, JSON."""

from __future__ import annotations

import polars as pl
import polars_hash as plh

from truceline.core.types.time import zone_of


def number(column: str, decimal: str = ".") -> pl.Expr:
    """Return a text column as numbers; what is none, or not finite, becomes null.

    Parameters
    ----------
    column : str
        The column.
    decimal : str
        Mark before the fraction; with a comma, blanks may part the thousands.

    Examples
    --------
    >>> pl.DataFrame({"n": [" 1.5", "nan", "x"]}).select(number("n"))["n"].to_list()
    [1.5, None, None]
    """
    text = pl.col(column).str.strip_chars()
    if decimal != ".":
        text = text.str.replace_all(r"(\d)[\s\u00a0\u202f](\d{3})", "$1$2")
        # A dot is then no part of a number, and must not pass for one.
        text = pl.when(~text.str.contains(".", literal=True)).then(text.str.replace(decimal, "."))
    value = text.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def is_blank(column: str) -> pl.Expr:
    """Return where a text column says nothing."""
    return pl.col(column).fill_null("").str.strip_chars() == ""


def in_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """Return naive local times as UTC microseconds.

    A time that a clock change makes twice is taken as the first. One that it skips is read
    as the same moment an hour on, so that a midnight on which clocks go forward is still
    the beginning of that day.
    """
    zone_of(zone)
    exact = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = local.dt.offset_by("1h").dt.replace_time_zone(
        zone, ambiguous="earliest", non_existent="null"
    )
    return pl.coalesce(exact, later).dt.epoch("us")


def _parsed(column: str | pl.Expr, *forms: str) -> pl.Expr:
    text = (pl.col(column) if isinstance(column, str) else column).str.strip_chars()
    return pl.coalesce(text.str.to_datetime(form, time_unit="us", strict=False) for form in forms)


def local_time(column: str, form: str, zone: str) -> pl.Expr:
    """Return a text column of local times in one form as UTC microseconds; null where it is not.

    Examples
    --------
    >>> table = pl.DataFrame({"t": ["1970-01-01 03:00", "1970-02-31 03:00"]})
    >>> table.select(local_time("t", "%Y-%m-%d %H:%M", "Etc/GMT-3"))["t"].to_list()
    [0, None]
    """
    return in_utc(_parsed(column, form), zone)


def any_local_time(column: str | pl.Expr, forms: tuple[str, ...], zone: str) -> pl.Expr:
    """Return a text column of local times in any of several forms as UTC microseconds."""
    return in_utc(_parsed(column, *forms), zone)


def local_day_end(column: str | pl.Expr, forms: tuple[str, ...], zone: str) -> pl.Expr:
    """Return the end of the local day in a text column: its length may be 23 or 25 hours.

    Examples
    --------
    >>> table = pl.DataFrame({"d": ["2025-03-30"]})
    >>> start = local_time("d", "%Y-%m-%d", "Europe/Kyiv")
    >>> end = local_day_end("d", ("%Y-%m-%d",), "Europe/Kyiv")
    >>> table.select((end - start) // 3_600_000_000).item()
    23
    """
    return in_utc(_parsed(column, *forms).dt.truncate("1d").dt.offset_by("1d"), zone)


def attributes(**columns: pl.Expr) -> pl.Expr:
    """Return a JSON object of the given values."""
    named = [value.alias(name) for name, value in columns.items()]
    return pl.struct(*named).struct.json_encode()


def digest(text: pl.Expr) -> pl.Expr:
    """Return a short hash of a text, the same on every machine and version."""
    hashed: pl.Expr = plh.concat_str(text.fill_null("")).chash.blake3()
    return hashed.str.slice(0, 16)
