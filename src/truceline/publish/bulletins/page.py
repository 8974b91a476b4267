"""A bulletin in one language, ready to be set: headings, sentences, tables and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text : str
        As printed.
    sort : float, str or None
        What a column is sorted by; the text where it is null.
    glyph : str
        Mark before the text: a party's or a truce state's shape.
    hue : str or None
        Class suffix of a party's hue.
    accent : bool
        Whether it needs a person now.
    href : str or None
        Place in the page that it opens to.
    anchor : str or None
        Place in the page that it is.
    """

    text: str
    sort: float | str | None = None
    glyph: str = ""
    hue: str | None = None
    accent: bool = False
    href: str | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class Heading:
    """Heading of a column."""

    text: str
    numeric: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table; `note` says what was left out and where it is.

    A folded one is opened by its label on a screen; on paper it stands in an annex where the
    page has annexes.
    """

    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart or map, drawn at the width asked for, with the table of what it shows.

    `paper` is how much of a printed line it takes, per cent; two of half a line that follow
    each other stand side by side. `pieces` draws a tall one in parts, between which a printed
    page may break.
    """

    ident: str
    title: str
    draw: Callable[[float, str], str | None]
    sheet: Sheet
    paper: int = 100
    pieces: Callable[[float, str], list[str]] | None = None


@dataclass(frozen=True)
class Paragraph:
    """Sentences; an accented one needs a person now."""

    text: str
    accent: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Dossier:
    """How one finding came about: folded on screen, opened by its label."""

    anchor: str
    heading: str
    blocks: tuple[Paragraph | Points | Sheet | Figure, ...]


Block = Paragraph | Points | Sheet | Figure | Dossier


@dataclass(frozen=True)
class Section:
    """A numbered part of the bulletin."""

    anchor: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole bulletin in one language.

    Attributes
    ----------
    issued : int
        When it was issued, UTC microseconds; the only time in the files' own headers.
    language, title, kind : str
        Language code, the case's title, and `Daily bulletin` or the like.
    facts : tuple
        Pairs of words under the title: period, issue, identity, handling.
    banner : str
        Sentence across the top, such as that this is a rehearsal; may be empty.
    sections : tuple of Section
        In the order monitors use.
    reference : str
        What stands at the foot of each printed page.
    disclaimer : str
        The case's standing sentence.
    labels : mapping
        Words of the page itself: contents, sorting, data files. With a label `annexes` the
        folded tables of a printed page stand at its end, under that heading.
    others : tuple
        Language codes and files of the same bulletin.
    """

    issued: int
    language: str
    title: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    banner: str
    sections: tuple[Section, ...]
    reference: str
    disclaimer: str
    labels: Mapping[str, str]
    others: tuple[tuple[str, str], ...] = field(default=())
