"""Cells that look the same in every table: parties, states, times, estimates, lists cut short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.publish.bulletins.page import Cell, Heading, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.draw.style import STATE_GLYPHS, glyph, party_class
from truceline.publish.wording import Wording

#: Rows of a list on the page; all of them are in the data files.
TOP = 100


def party_cell(bulletin: Bulletin, words: Wording, party: str | None) -> Cell:
    """Return a party with its shape, or the ring of what no party can be given."""
    order = list(bulletin.settings.parties)
    position = order.index(party) if party in order else None
    name = words.name(UNATTRIBUTABLE if party is None else party, "party")
    return Cell(name, glyph=glyph(position), hue=party_class(position))


def state_cell(words: Wording, state: str | None, *, accent: bool = False) -> Cell:
    """Return a truce state as a word with its shape."""
    if state is None:
        return Cell(words.say("none"))
    return Cell(words.term("state", state), glyph=STATE_GLYPHS[state], accent=accent)


def number_cell(words: Wording, value: float | None) -> Cell:
    """Return a number, or that it is not known."""
    return Cell(words.figure(value), sort=-1.0 if value is None else float(value))


def estimate_cell(
    words: Wording, value: float | None, low: float | None, high: float | None
) -> Cell:
    """Return an estimate with its interval."""
    return Cell(words.interval(value, low, high), sort=-1.0 if value is None else float(value))


def probability_cell(words: Wording, p: float | None) -> Cell:
    """Return a probability."""
    return Cell(words.probability(p), sort=-1.0 if p is None else float(p))


def share_cell(words: Wording, share: float | None) -> Cell:
    """Return a share in per cent."""
    return Cell(words.share(share), sort=-1.0 if share is None else float(share))


def time_cell(words: Wording, micros: int) -> Cell:
    """Return a time on both clocks."""
    return Cell(words.both(micros), sort=float(micros))


def when_cell(words: Wording, best: int, start: int, end: int) -> Cell:
    """Return when something was, no more exactly than it is known."""
    return Cell(words.when(best, start, end), sort=float(best))


def headings(
    words: Wording, keys: Iterable[str], numeric: Iterable[str] = ()
) -> tuple[Heading, ...]:
    """Return column headings by key; the numeric ones are set to the right."""
    right = set(numeric)
    return tuple(Heading(words.say(f"column.{key}"), key in right) for key in keys)


def cut(
    words: Wording,
    caption: str,
    columns: tuple[Heading, ...],
    rows: Sequence[tuple[Cell, ...]],
    data_file: str,
    *,
    top: int = TOP,
    folded: bool = False,
) -> Sheet:
    """Return a table of at most so many rows, saying how many more there are and where."""
    note = ""
    if len(rows) > top:
        note = words.say(
            "more_rows", shown=words.number(top), total=words.number(len(rows)), file=data_file
        )
    return Sheet(caption, columns, tuple(rows[:top]), note, folded)
