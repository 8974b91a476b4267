"""The legend under a map: every mark that can stand on it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from truceline.publish.draw.geography import Geography
from truceline.publish.draw.marks import party_mark
from truceline.publish.draw.svg import SMALL, Sheet, extent_of, line, rect, tag, text
from truceline.publish.wording import Wording

_LINE = 19.0
_KEYS = {"line": "loc", "coast": "coast", "border": "coast", "disputed": "disputed"}

Symbol = Callable[[float, float], str]


def legend(
    geography: Geography,
    parties: Sequence[str],
    sheet: Sheet,
    top: float,
    words: Wording,
    *,
    grouped: bool,
    notes: Sequence[str],
) -> tuple[list[str], float]:
    """Return the legend's parts and the height of the whole figure.

    Entries flow from left to right and break where the sheet ends.
    """
    parts: list[str] = []
    x, y = 0.0, top + 20
    for symbol, label in _entries(geography, parties, sheet, words, grouped=grouped):
        rows = _wrapped(label, sheet.width - 26)
        room = 26 + max(extent_of(row, SMALL) for row in rows) + 10
        if x and x + room > sheet.width:
            x, y = 0.0, y + _LINE
        parts.append(symbol(x + 10, y - 4))
        parts += [text(x + 26, y + 14 * n, row, kind="lab") for n, row in enumerate(rows)]
        x, y = x + room, y + 14 * (len(rows) - 1)
    y += _LINE + 2
    for note in notes:
        for row in _wrapped(note, sheet.width):
            parts.append(text(0, y, row, kind="s"))
            y += 14
    return parts, y - 4


def _entries(
    geography: Geography,
    parties: Sequence[str],
    sheet: Sheet,
    words: Wording,
    *,
    grouped: bool,
) -> list[tuple[Symbol, str]]:
    lines = {(item.kind, item.name) for item in geography.lines}
    zones = {zone.name for zone in geography.zones}
    return [
        *((_stroke(_KEYS[kind]), name) for kind, name in sorted(lines, reverse=True)),
        *((_box("zone"), name) for name in sorted(zones)),
        *(_groups(words) if grouped else _marks(parties, words)),
        (_box("box", sheet.hatch()), words.say("map.key_hatch")),
        (_box("box", sheet.hatch(dense=False)), words.say("map.key_thin")),
    ]


def _groups(words: Wording) -> list[tuple[Symbol, str]]:
    return [(_ellipse("ring", 7.0, 7.0), words.say("map.key_group"))]


def _marks(parties: Sequence[str], words: Wording) -> list[tuple[Symbol, str]]:
    def two_sizes(x: float, y: float) -> str:
        return party_mark(x - 4, y, None, 6) + party_mark(x + 7, y, None, 4)

    named = [(partial(_shape, n), words.name(party, "party")) for n, party in enumerate(parties)]
    return [
        *named,
        (partial(_shape, None), words.term("party", "unattributable")),
        (two_sizes, words.say("map.key_size")),
        (_ellipse("ell eu", 9.0, 5.0), words.say("map.key_ellipse")),
    ]


def _shape(position: int | None, x: float, y: float) -> str:
    return party_mark(x, y, position)


def _stroke(kind: str) -> Symbol:
    return lambda x, y: line(x - 9, y, x + 9, y, kind)


def _ellipse(kind: str, rx: float, ry: float) -> Symbol:
    return lambda x, y: tag("ellipse", cx=x, cy=y, rx=rx, ry=ry, class_=kind)


def _box(kind: str, fill: str | None = None) -> Symbol:
    return lambda x, y: rect(x - 9, y - 6, 18, 12, kind, fill=fill)


def _wrapped(note: str, width: float) -> list[str]:
    rows, row = [], ""
    for word in note.split():
        longer = f"{row} {word}".strip()
        if row and extent_of(longer, SMALL) > width:
            rows.append(row)
            longer = word
        row = longer
    return [*rows, row] if row else rows
