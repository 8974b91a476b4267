"""Attribution: who is named, and the share that no party can be given."""

from __future__ import annotations

from truceline.publish.bulletins.page import Cell, Figure, Paragraph, Section
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    estimate_cell,
    headings,
    number_cell,
    party_cell,
    share_cell,
)
from truceline.publish.draw.sharing import attribution_bars
from truceline.publish.wording import Wording


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return who is named on each list, beside what could not be attributed."""
    title = words.say("figure.attribution")
    rows = [
        (
            Cell(words.term("list", row["listed"])),
            party_cell(bulletin, words, row["party"]),
            number_cell(words, row["named"]),
            share_cell(words, row["share_named"]),
            estimate_cell(words, row["expected"], row["expected_low"], row["expected_high"]),
        )
        for row in bulletin.shares.to_dicts()
    ]
    keys = ("list", "party", "named", "share_named", "expected_party")
    sheet = cut(
        words,
        words.say("table.attribution"),
        headings(words, keys, keys[2:]),
        rows,
        "data/attribution.csv",
    )
    limit = words.probability(bulletin.settings.thresholds.party)

    def draw(width: float, ident: str) -> str:
        return attribution_bars(
            bulletin.shares,
            list(bulletin.settings.parties),
            words,
            width=width,
            ident=ident,
            title=title,
        )

    return Section(
        "attribution",
        words.say("section.attribution"),
        (
            Paragraph(words.say("attribution.rule", limit=limit)),
            Figure("attribution", title, draw, sheet),
        ),
    )
