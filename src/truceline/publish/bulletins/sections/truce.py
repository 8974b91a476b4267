"""State of the truce by sector: rate, ratio, interval, and the sentence why."""

from __future__ import annotations

import polars as pl

from truceline.judgement.truce_state.latest import GRAVEST
from truceline.publish.bulletins.page import Block, Cell, Figure, Paragraph, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    estimate_cell,
    headings,
    number_cell,
    probability_cell,
    share_cell,
    state_cell,
    time_cell,
)
from truceline.publish.draw.counts import counts_chart
from truceline.publish.draw.ratios import ratio_chart
from truceline.publish.wording import Wording

#: Charts of single indicators on the page; alarms and the gravest states come first.
CHARTS = 6
#: Rows of the ratio chart.
RATIOS = 24
#: Periods of one chart, the last ones.
PERIODS = 60


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return the states with what they rest on, and the series behind them."""
    share = words.figure(bulletin.settings.thresholds.holding_share)
    blocks: list[Block] = [Paragraph(words.say("truce.rule", share=share))]
    if bulletin.states.is_empty():
        blocks.append(Paragraph(words.say("summary.no_states")))
        return Section("truce", words.say("section.truce"), tuple(blocks))
    ordered = bulletin.states.sort(
        pl.col("alarm").not_(), pl.col("state").cast(pl.Enum(GRAVEST)), "indicator", "sector"
    )
    blocks += [_ratios(bulletin, words, ordered.head(RATIOS), ordered), _whys(words, ordered)]
    for number, row in enumerate(ordered.head(CHARTS).to_dicts()):
        figure = _series(bulletin, words, row["indicator"], row["sector"], number)
        if figure is not None:
            blocks.append(figure)
    return Section("truce", words.say("section.truce"), tuple(blocks))


def _ratios(
    bulletin: Bulletin, words: Wording, shown: pl.DataFrame, ordered: pl.DataFrame
) -> Figure:
    title = words.say("figure.ratios")
    share = bulletin.settings.thresholds.holding_share

    def draw(width: float, ident: str) -> str:
        return ratio_chart(shown, share, words, width=width, ident=ident, title=title)

    return Figure("ratios", title, draw, _states(words, ordered))


def _states(words: Wording, states: pl.DataFrame) -> Sheet:
    rows = [
        (
            Cell(words.name(r["sector"], "sector")),
            Cell(words.term("indicator", r["indicator"])),
            state_cell(words, r["state"], accent=r["alarm"]),
            state_cell(words, r["state_before"]),
            number_cell(words, r["count"]),
            share_cell(words, min(1.0, r["exposure"])),
            estimate_cell(words, r["rate"], r["rate_low"], r["rate_high"]),
            number_cell(words, r["rate_before"]),
            estimate_cell(words, r["ratio"], r["ratio_low"], r["ratio_high"]),
            probability_cell(words, r["p_holding"]),
        )
        for r in states.to_dicts()
    ]
    keys = (
        "sector",
        "indicator",
        "state",
        "state_before",
        "count",
        "exposure",
        "rate",
        "rate_before",
        "ratio",
        "p_holding",
    )
    return cut(
        words,
        words.say("table.states"),
        headings(words, keys, keys[4:]),
        rows,
        "data/truce_states.csv",
    )


def _whys(words: Wording, states: pl.DataFrame) -> Sheet:
    rows = [
        (
            Cell(words.name(r["sector"], "sector")),
            Cell(words.term("indicator", r["indicator"])),
            state_cell(words, r["state"], accent=r["alarm"]),
            Cell(r["why"]),
        )
        for r in states.to_dicts()
    ]
    return cut(
        words,
        words.say("table.why"),
        headings(words, ("sector", "indicator", "state", "why")),
        rows,
        "data/truce_states.csv",
        top=40,
    )


def _series(
    bulletin: Bulletin, words: Wording, indicator: str, sector: str, number: int
) -> Figure | None:
    series = bulletin.series.filter(
        (pl.col("indicator") == indicator) & (pl.col("sector") == sector)
    ).tail(PERIODS)
    if series.height < 2:
        return None
    title = words.say(
        "figure.series",
        indicator=words.term("indicator", indicator),
        sector=words.name(sector, "sector"),
    )
    rows = [
        (
            time_cell(words, r["t_start"]),
            number_cell(words, r["count"]),
            share_cell(words, min(1.0, r["exposure"])),
            estimate_cell(words, r["rate"], r["rate_low"], r["rate_high"]),
            state_cell(words, str(r["state"]), accent=r["alarm"]),
        )
        for r in series.to_dicts()
    ]
    keys = ("time", "count", "exposure", "rate", "state")
    sheet = cut(
        words, title, headings(words, keys, keys[1:4]), rows, "data/truce_series.csv", folded=True
    )

    def draw(width: float, ident: str) -> str:
        return counts_chart(series, words, width=width, ident=ident, title=title)

    return Figure(f"series-{number}", title, draw, sheet)
