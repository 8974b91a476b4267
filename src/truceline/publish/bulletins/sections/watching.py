"""Obstruction, and what was not watched."""

from __future__ import annotations

import polars as pl

from truceline.publish.bulletins.page import Block, Cell, Paragraph, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    headings,
    number_cell,
    party_cell,
    probability_cell,
    share_cell,
    when_cell,
)
from truceline.publish.wording import Wording


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return what kept us from seeing, and what was not seen for it."""
    obstructed = bulletin.incidents.filter(pl.col("kind") == "obstruction")
    blocks: list[Block] = [
        _obstructions(bulletin, words, obstructed)
        if obstructed.height
        else Paragraph(words.say("watching.no_obstruction")),
        Paragraph(words.say("watching.rule")),
    ]
    if bulletin.blind.is_empty():
        blocks.append(Paragraph(words.say("summary.no_gaps")))
    else:
        blocks.append(_blind(bulletin, words))
    return Section("watching", words.say("section.watching"), tuple(blocks))


def _obstructions(bulletin: Bulletin, words: Wording, rows: pl.DataFrame) -> Sheet:
    cells = [
        (
            Cell(row["label"], href=f"i-{row['label']}"),
            when_cell(words, row["t_best"], row["t_start"], row["t_end"]),
            Cell(words.name(row["sector"], "sector")),
            probability_cell(words, row["p_hostile"]),
            party_cell(bulletin, words, row["party"]),
            Cell(words.term("list", row["listed"])),
        )
        for row in rows.to_dicts()
    ]
    keys = ("label", "time", "sector", "p_hostile", "party", "list")
    return cut(
        words,
        words.say("table.obstruction"),
        headings(words, keys, ("p_hostile",)),
        cells,
        "data/incidents.csv",
        top=40,
    )


def _blind(bulletin: Bulletin, words: Wording) -> Sheet:
    ordered = bulletin.blind.sort(
        ["share", "sector", "phenomenon"], descending=[True, False, False]
    )
    rows = [
        (
            Cell(words.name(row["sector"], "sector")),
            Cell(words.term("kind", row["phenomenon"])),
            number_cell(words, row["hours"]),
            share_cell(words, row["share"]),
            probability_cell(words, row["p_detect"]),
            Cell(", ".join(words.term("reason", r) for r in row["reasons"].split(", "))),
        )
        for row in ordered.to_dicts()
    ]
    keys = ("sector", "kind", "hours", "share", "p_detect", "reasons")
    return cut(
        words,
        words.say("table.blind"),
        headings(words, keys, keys[2:5]),
        rows,
        "data/not_watched.csv",
        top=60,
    )
