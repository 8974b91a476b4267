"""Both sides' claims beside what was seen, with their arithmetic."""

from __future__ import annotations

import polars as pl

from truceline.publish.bulletins.page import Block, Cell, Figure, Paragraph, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import cut, headings, number_cell, party_cell
from truceline.publish.draw.claimed import claims_chart
from truceline.publish.wording import Wording

#: Claims in the chart.
CHARTED = 12


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return the claims, their breakdowns, and what was seen in the same time."""
    heading = words.say("section.claims")
    if bulletin.claims.is_empty():
        return Section("claims", heading, (Paragraph(words.say("claims.empty")),))
    title = words.say("figure.claims")
    charted = bulletin.claims.head(CHARTED)

    def draw(width: float, ident: str) -> str:
        return claims_chart(
            charted, list(bulletin.settings.parties), words, width=width, ident=ident, title=title
        )

    blocks: list[Block] = [
        Paragraph(words.say("claims.rule")),
        Figure("claims", title, draw, _claims(bulletin, words)),
    ]
    blocks += [_findings(bulletin, words)]
    if bulletin.claim_items.height:
        blocks.append(_items(bulletin, words))
    return Section("claims", heading, tuple(blocks))


def _claims(bulletin: Bulletin, words: Wording) -> Sheet:
    rows = [
        (
            party_cell(bulletin, words, r["party"]),
            Cell(words.name(r["about_party"], "party")),
            Cell(r["unit"]),
            number_cell(words, r["stated"]),
            number_cell(words, r["sum_of_parts"]),
            number_cell(words, r["difference"]),
            number_cell(words, r["violations"]),
            number_cell(words, r["credible"]),
            number_cell(words, r["about_expected"]),
        )
        for r in bulletin.claims.to_dicts()
    ]
    keys = (
        "claimed_by",
        "about",
        "unit",
        "stated",
        "sum_of_parts",
        "difference",
        "violations",
        "credible",
        "about_expected",
    )
    return cut(
        words, words.say("table.claims"), headings(words, keys, keys[3:]), rows, "data/claims.csv"
    )


def _findings(bulletin: Bulletin, words: Wording) -> Sheet:
    rows = [
        (
            party_cell(bulletin, words, r["party"]),
            Cell(f"{words.both(r['t_start'])} \u2013 {words.both(r['t_end'])}", sort=r["t_start"]),
            Cell(words.term("arithmetic", r["arithmetic"]), accent=r["arithmetic"] == "differs"),
            Cell(r["findings"] or words.say("none")),
            Cell(r["source"] or words.say("none")),
        )
        for r in bulletin.claims.to_dicts()
    ]
    keys = ("claimed_by", "covers", "arithmetic", "findings", "source")
    return cut(words, words.say("table.arithmetic"), headings(words, keys), rows, "data/claims.csv")


def _items(bulletin: Bulletin, words: Wording) -> Sheet:
    sides = dict(bulletin.claims.select("claim_id", "party").iter_rows())
    rows = [
        (
            party_cell(bulletin, words, sides[r["claim_id"]]),
            Cell(r["name"]),
            Cell(words.say(f"bound.{r['bound']}", n=words.figure(r["value"])), sort=r["value"]),
            Cell(
                words.say(
                    f"relation.{r['relation']}", parent=r["parent"] or words.say("relation.total")
                )
            ),
        )
        for r in bulletin.claim_items.filter(pl.col("claim_id").is_in(list(sides))).to_dicts()
    ]
    return cut(
        words,
        words.say("table.items"),
        headings(words, ("claimed_by", "item", "value", "relation"), ("value",)),
        rows,
        "data/claim_items.csv",
        folded=True,
    )
