"""Who is named, and the share that no party can be given."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.publish.draw.marks import party_mark
from truceline.publish.draw.style import party_class
from truceline.publish.draw.svg import Sheet, rect, text, titled
from truceline.publish.wording import Wording

_ROW, _TOP = 52.0, 8.0


def attribution_bars(
    shares: pl.DataFrame,
    parties: Sequence[str],
    words: Wording,
    *,
    width: float,
    ident: str,
    title: str,
) -> str:
    """Draw, for each list, the incidents of each named party and of none.

    Parameters
    ----------
    shares : polars.DataFrame
        Rows with `listed`, `party` and `named`.
    parties : sequence of str
        Party ids in the case's order, which gives their shapes and hues.
    words, width, ident, title
        The language, pixels, identity in the page, and name of the figure.
    """
    lists = shares["listed"].unique(maintain_order=True).to_list()
    legend_top = _TOP + _ROW * len(lists) + 8
    height = legend_top + 20 * (len(parties) + 1)
    sheet = Sheet(ident, width, height, title, words.say("attribution.desc"))
    parts = []
    for number, name in enumerate(lists):
        rows = shares.filter(pl.col("listed") == name)
        parts.append(_bar(name, rows, parties, _TOP + _ROW * number, width, words))
    for number, party in enumerate((*parties, UNATTRIBUTABLE)):
        y = legend_top + 20 * number
        parts += [
            party_mark(8, y + 6, _position(party, parties)),
            text(22, y + 10, words.name(party, "party")),
        ]
    return sheet.wrap(parts)


def _position(party: str, parties: Sequence[str]) -> int | None:
    return parties.index(party) if party in parties else None


def _bar(
    name: str, rows: pl.DataFrame, parties: Sequence[str], top: float, width: float, words: Wording
) -> str:
    total = int(rows["named"].sum())
    heading = f"{words.term('list', name)}: {words.number(total)}"
    parts = [text(0, top + 12, heading, kind="b"), rect(0, top + 20, width, 20, "ground")]
    left = 0.0
    for party, named in rows.select("party", "named").iter_rows():
        room = width * named / total if total else 0.0
        if not room:
            continue
        position = _position(party, parties)
        says = f"{words.name(party, 'party')}: {words.number(named)}"
        piece = rect(left, top + 20, max(room - 1.5, 1), 20, f"f{party_class(position)}")
        label = words.number(named)
        if room > 14 + 8 * len(label):
            piece += rect(left + 4, top + 23, 8 + 7.5 * len(label), 14, "paper", rx=2.0)
            piece += text(left + 8, top + 34, label, kind="lab")
        parts.append(titled(piece, says))
        left += room
    return "".join(parts)
