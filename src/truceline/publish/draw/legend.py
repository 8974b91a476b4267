"""The legend under a map: every mark that can stand on it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    entries: list[tuple[Symbol, str]] = []
    for item in {(i.kind, i.name): i for i in geography.lines}.values():
        style = _KEYS[item.kind]
        entries.append((lambda x, y, s=style: line(x - 9, y, x + 9, y, s), item.name))  # type: ignore[misc]
    for zone in {z.name: z for z in geography.zones}.values():
        entries.append((lambda x, y: rect(x - 9, y - 6, 18, 12, "zone"), zone.name))
    if grouped:
        entries.append(
            (
                lambda x, y: tag("circle", cx=x, cy=y, r=7.0, class_="ring"),
                words.say("map.key_group"),
            )
        )
    else:
        for number, party in enumerate(parties):
            entries.append((lambda x, y, n=number: party_mark(x, y, n), words.name(party, "party")))  # type: ignore[misc]
        entries.append((lambda x, y: party_mark(x, y, None), words.term("party", "unattributable")))
        entries.append(
            (
                lambda x, y: party_mark(x - 4, y, None, 6) + party_mark(x + 7, y, None, 4),
                words.say("map.key_size"),
            )
        )
        entries.append(
            (
                lambda x, y: tag("ellipse", cx=x, cy=y, rx=9.0, ry=5.0, class_="ell eu"),
                words.say("map.key_ellipse"),
            )
        )
    entries.append(
        (
            lambda x, y: tag(
                "rect",
                x=x - 9,
                y=y - 6,
                width=18.0,
                height=12.0,
                class_="box",
                fill=sheet.hatch(),
            ),
            words.say("map.key_hatch"),
        )
    )
    entries.append(
        (
            lambda x, y: tag(
                "rect",
                x=x - 9,
                y=y - 6,
                width=18.0,
                height=12.0,
                class_="box",
                fill=sheet.hatch(dense=False),
            ),
            words.say("map.key_thin"),
        )
    )
    return entries


def _wrapped(note: str, width: float) -> list[str]:
    rows, row = [], ""
    for word in note.split():
        longer = f"{row} {word}".strip()
        if row and extent_of(longer, SMALL) > width:
            rows.append(row)
            longer = word
        row = longer
    return [*rows, row] if row else rows
