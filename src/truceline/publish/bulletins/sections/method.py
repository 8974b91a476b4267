"""Method, sources and limits: what every number stands on."""

from __future__ import annotations

from truceline.publish.bulletins.page import Block, Cell, Paragraph, Points, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import cut, headings, number_cell, time_cell
from truceline.publish.wording import Wording

_SENTENCES = ("lists", "probability", "expected", "rates", "ellipse", "names", "recompute")


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return how it was done, from what, and what it cannot say."""
    points = tuple(Paragraph(words.say(f"method.{key}")) for key in _SENTENCES)
    blocks: list[Block] = [Points(points)]
    if bulletin.sources.height:
        blocks.append(_sources(bulletin, words))
    if bulletin.provenance:
        blocks.append(_provenance(bulletin, words))
    return Section("method", words.say("section.method"), tuple(blocks))


def _sources(bulletin: Bulletin, words: Wording) -> Sheet:
    rows = [
        (
            Cell(r["source"]),
            Cell(words.term("instrument", r["instrument"])),
            number_cell(words, r["observations"]),
            number_cell(words, r["witnesses"]),
            time_cell(words, r["last_received_at"]),
        )
        for r in bulletin.sources.to_dicts()
    ]
    keys = ("source", "instrument", "observations", "witnesses", "last_received")
    return cut(
        words,
        words.say("table.sources"),
        headings(words, keys, keys[2:4]),
        rows,
        "data/sources.csv",
        top=60,
    )


def _provenance(bulletin: Bulletin, words: Wording) -> Sheet:
    rows = tuple((Cell(key), Cell(value)) for key, value in bulletin.provenance.items())
    return Sheet(words.say("table.provenance"), headings(words, ("input", "version")), rows)
