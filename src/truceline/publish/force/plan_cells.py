"""Cells, sheets and numbers of the planning report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from truceline.publish.bulletins.page import Cell, Heading, Paragraph, Sheet


def sheet(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numeric: Iterable[int] = (),
    note: str = "",
    folded: bool = False,
) -> Sheet:
    """Return a table; what is null is said to be not known."""
    right = set(numeric)
    return Sheet(
        caption,
        tuple(Heading(head, at in right) for at, head in enumerate(heads)),
        tuple(tuple(cell(value) for value in row) for row in rows),
        note,
        folded,
    )


def cell(value: object) -> Cell:
    """Return a value as a cell."""
    return value if isinstance(value, Cell) else Cell("not known" if value is None else str(value))


def said(*sentences: str) -> Paragraph:
    """Return sentences as a paragraph."""
    return Paragraph(" ".join(sentence for sentence in sentences if sentence))


def of_line(km: float) -> str:
    """Return a length of line in words, as every figure states it.

    Examples
    --------
    >>> of_line(1243.2)
    '1,243 km of line'
    """
    return f"{km:,.0f} km of line"


def people(value: float | None) -> Cell:
    """Return a number of people, sorted as a number."""
    return Cell("not known") if value is None else Cell(f"{value:,.0f}", value)


def percent(value: float | None, digits: int = 1) -> Cell:
    """Return a share in per cent; nearly all is never rounded up to all.

    Examples
    --------
    >>> percent(0.9999).text, percent(1.0).text, percent(0.847).text
    ('>99.9 %', '100 %', '84.7 %')
    """
    return Cell("not known") if value is None else Cell(share(value, digits), value)


def share(value: float, digits: int = 1) -> str:
    """Return a share in per cent as text."""
    if value in (0.0, 1.0) or value > 1.0:
        return f"{value * 100:,.0f} %"
    most = 100 - 10.0**-digits
    if value * 100 > most:
        return f">{most:.{digits}f} %"
    return f"{value * 100:.{digits}f} %"


def hours(value: float | None) -> Cell:
    """Return hours; what is never reached is said so."""
    return Cell("never", float("inf")) if value is None else Cell(f"{value:.1f}", value)
