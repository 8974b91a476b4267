"""Violations by sector and kind, then the two lists, one after the other and never mixed."""

from __future__ import annotations

import polars as pl

from truceline.publish.bulletins.listing import LISTS
from truceline.publish.bulletins.page import Block, Cell, Paragraph, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    headings,
    number_cell,
    party_cell,
    probability_cell,
    when_cell,
)
from truceline.publish.bulletins.sections.dossier import dossier
from truceline.publish.wording import Wording


def section(bulletin: Bulletin, words: Wording, *, dossiers: int) -> Section:
    """Return the tallies, both lists, and how the surest findings came about."""
    limits = bulletin.settings.thresholds
    shown = bulletin.incidents.head(dossiers)
    anchors = set(shown["label"])
    blocks: list[Block] = [] if bulletin.counts.is_empty() else [_tallies(bulletin, words)]
    for name, _, key in LISTS:
        limit = limits.violation if name == "violation" else limits.credible
        blocks.append(Paragraph(words.say(f"list_rule.{name}", limit=words.probability(limit))))
        if bulletin.incidents.filter(pl.col("listed") == name).is_empty():
            blocks.append(Paragraph(words.say("list_empty")))
        else:
            blocks.append(_list(bulletin, words, name, key, anchors))
    if anchors:
        blocks.append(Paragraph(words.say("dossier.intro", n=words.number(len(anchors)))))
    blocks += [dossier(bulletin, words, row) for row in shown.to_dicts()]
    return Section("violations", words.say("section.violations"), tuple(blocks))


def _tallies(bulletin: Bulletin, words: Wording) -> Sheet:
    columns = ("violations", "violations_before", "credible", "credible_before")
    rows = [
        (
            Cell(words.name(row["sector"], "sector")),
            Cell(words.term("kind", row["kind"])),
            *(number_cell(words, row[c]) for c in columns),
        )
        for row in bulletin.counts.to_dicts()
    ]
    return cut(
        words,
        words.say("table.counts"),
        headings(words, ("sector", "kind", *columns), columns),
        rows,
        "data/counts.csv",
    )


def _list(bulletin: Bulletin, words: Wording, name: str, key: str, anchors: set[str]) -> Sheet:
    part = bulletin.incidents.filter(pl.col("listed") == name)
    rows = [
        (
            Cell(
                row["label"],
                sort=float(number),
                anchor=f"i-{row['label']}",
                href=f"d-{row['label']}" if row["label"] in anchors else None,
            ),
            when_cell(words, row["t_best"], row["t_start"], row["t_end"]),
            Cell(words.name(row["sector"], "sector")),
            Cell(words.term("kind", row["kind"])),
            number_cell(words, row["count"]),
            probability_cell(words, row[key]),
            party_cell(bulletin, words, row["party"]),
            probability_cell(words, row["p_unattributable"]),
            Cell(row["clause"] or words.say("none")),
            number_cell(words, row["n_witnesses"]),
        )
        for number, row in enumerate(part.to_dicts())
    ]
    keys = (
        "label",
        "time",
        "sector",
        "kind",
        "count",
        key,
        "party",
        "p_unattributable",
        "clause",
        "witnesses",
    )
    return cut(
        words,
        f"{words.term('list', name)} ({words.number(part.height)})",
        headings(words, keys, ("count", key, "p_unattributable", "witnesses")),
        rows,
        "data/incidents.csv",
    )
