"""In what form a column writes its times."""

from __future__ import annotations

from typing import Final

import polars as pl

#: ISO 8601, as the mapping reads it.
_ISO: Final = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$"

#: Other forms, in the order in which they are tried: the day first, since more of the world
#: writes it so.
FORMATS: Final = tuple(
    f"{date}{clock}"
    for clock in (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
    for date in (
        "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y",
        "%B %d, %Y", "%b %d, %Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
    )
)  # fmt: skip

#: Forms of a time of day that has a column of its own.
CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")

#: From 1990 to 2100, seconds since 1970.
_EPOCHS: Final = (6.3e8, 4.1e9)


def format_of(values: pl.Series, share: float) -> str | None:
    """Return the form in which so great a share of the values reads as times, or None.

    Examples
    --------
    >>> format_of(pl.Series(["20 April 2025", "3 May 2025"]), 0.95)
    '%d %B %Y'
    """
    text = values.str.strip_chars()
    if _share(text.str.contains(_ISO)) >= share:
        return "iso"
    number = text.cast(pl.Float64, strict=False)
    if _share(number.is_between(*_EPOCHS)) >= share:
        return "epoch_s"
    if _share((number / 1000).is_between(*_EPOCHS)) >= share:
        return "epoch_ms"
    read = {form: _share(_times(text, form).is_not_null()) for form in FORMATS}
    best = max(FORMATS, key=lambda form: read[form])
    return best if read[best] >= share else None


def clock_of(values: pl.Series, share: float) -> str | None:
    """Return the form in which so great a share of the values are times of day, or None.

    Examples
    --------
    >>> clock_of(pl.Series(["3:15 PM", "11:05 AM"]), 0.95)
    '%I:%M %p'
    """
    text = values.str.strip_chars()
    read = {form: _share(text.str.to_time(form, strict=False).is_not_null()) for form in CLOCKS}
    best = max(CLOCKS, key=lambda form: read[form])
    return best if read[best] >= share else None


def is_order_open(values: pl.Series, form: str) -> bool:
    """Return whether the month could as well stand before the day.

    Examples
    --------
    >>> is_order_open(pl.Series(["03/04/2025"]), "%d/%m/%Y")
    True
    """
    if not form.startswith("%d/%m"):
        return False
    turned = form.replace("%d/%m", "%m/%d")
    return bool(_times(values.str.strip_chars(), turned).is_not_null().all())


def _times(text: pl.Series, form: str) -> pl.Series:
    if ":%M" in form:
        return text.str.to_datetime(form, strict=False)
    return text.str.to_date(form, strict=False)


def _share(good: pl.Series) -> float:
    return float(good.fill_null(value=False).mean() or 0.0)  # type: ignore[arg-type]
