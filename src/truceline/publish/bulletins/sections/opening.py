"""Summary: the map, the two lists beside the period before, and what needs a person."""

from __future__ import annotations

from typing import Any

import polars as pl

from truceline.judgement.truce_state.indicator import WHOLE_LINE
from truceline.judgement.truce_state.latest import gravest_by_sector
from truceline.publish.bulletins.page import Block, Cell, Figure, Paragraph, Points, Section, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    estimate_cell,
    headings,
    number_cell,
    share_cell,
    state_cell,
)
from truceline.publish.draw.map import MapTables, incident_map
from truceline.publish.wording import Wording


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return the summary."""
    blocks: list[Block] = [_points(bulletin, words), _lists(bulletin, words)]
    figure = _map(bulletin, words)
    if figure is not None:
        blocks.insert(1, figure)
    return Section("summary", words.say("section.summary"), tuple(blocks))


#: More sectors than these are counted in the summary, not listed.
_MOST_NAMED = 12


def sector_blindness(bulletin: Bulletin) -> dict[str, float]:
    """Return for each sector the largest share of the period not watched for a phenomenon."""
    rows = (
        bulletin.blind.filter(pl.col("sector").is_not_null())
        .group_by("sector")
        .agg(pl.col("share").max())
    )
    return dict(rows.sort("sector").iter_rows())


def _points(bulletin: Bulletin, words: Wording) -> Points:
    # What is asked first comes first: does it hold, and does anything need a person now.
    items = [Paragraph(_truce_sentence(bulletin, words)), *_alarms(bulletin, words)]
    items += [Paragraph(_list_sentence(row, words)) for row in bulletin.summary.to_dicts()]
    if bulletin.incidents.is_empty():
        items.append(Paragraph(words.say("summary.nothing")))
    else:
        items.append(Paragraph(_named_sentence(bulletin, words)))
    items.append(Paragraph(_blind_sentence(bulletin, words)))
    wrong = bulletin.claims.filter(pl.col("arithmetic") == "differs").height
    if bulletin.claims.height:
        items.append(
            Paragraph(
                words.say(
                    "summary.claims",
                    total=words.number(bulletin.claims.height),
                    wrong=words.number(wrong),
                )
            )
        )
    return Points(tuple(items))


def _list_sentence(row: dict[str, float], words: Wording) -> str:
    return words.say(
        f"summary.{row['listed']}",
        n=words.number(row["incidents"]),
        before=words.number(row["incidents_before"]),
    )


def _named_sentence(bulletin: Bulletin, words: Wording) -> str:
    total = bulletin.incidents.height
    rest = bulletin.incidents["party"].null_count()
    return words.say(
        "summary.named",
        named=words.number(total - rest),
        total=words.number(total),
        share=words.share((total - rest) / total),
        rest=words.number(rest),
    )


def _truce_sentence(bulletin: Bulletin, words: Wording) -> str:
    """Say the state of each indicator, of each sector, or of the sectors by their state."""
    states = gravest_by_sector(bulletin.states)
    if not states:
        return words.say("summary.no_states")
    if len(states) == 1:
        said = [_of_indicator(row, words) for row in bulletin.states.to_dicts()]
    elif len(states) <= _MOST_NAMED:
        said = [
            f"{words.name(n, 'sector')} \u2013 {words.term('state', s)}" for n, s in states.items()
        ]
    else:
        said = [
            _of_state(state, states, words)
            for state in ("broken", "eroding", "holding", "not known")
        ]
    return words.say("summary.truce", states="; ".join(part for part in said if part))


def _of_indicator(row: dict[str, Any], words: Wording) -> str:
    """Name an indicator's state, with its rate beside the rate before where that is known."""
    said = f"{words.term('indicator', row['indicator'])} \u2013 {words.term('state', row['state'])}"
    if row["ratio"] is None:
        return said
    ratio = words.interval(row["ratio"], row["ratio_low"], row["ratio_high"])
    return words.say("summary.ratio", state=said, ratio=ratio)


def _of_state(state: str, states: dict[str, str], words: Wording) -> str:
    """Name the sectors in a state, or where they are many say how many they are."""
    sectors = [words.name(sector, "sector") for sector, held in states.items() if held == state]
    if not sectors:
        return ""
    listed = ", ".join(sectors) if len(sectors) <= _MOST_NAMED else words.number(len(sectors))
    return f"{words.term('state', state)} \u2013 {listed}"


def _alarms(bulletin: Bulletin, words: Wording) -> list[Paragraph]:
    """Return one sentence for each indicator that raised an alarm, with its sectors."""
    raised = bulletin.states.filter(pl.col("alarm")).sort("indicator", "sector")
    return [
        Paragraph(
            words.say(
                "summary.alarm",
                indicator=words.term("indicator", str(indicator)),
                sector=", ".join(words.name(sector, "sector") for sector in group["sector"]),
            ),
            accent=True,
        )
        for (indicator,), group in raised.group_by("indicator", maintain_order=True)
    ]


def _blind_sentence(bulletin: Bulletin, words: Wording) -> str:
    if bulletin.blind.is_empty():
        return words.say("summary.no_gaps")
    worst = bulletin.blind.sort(["share", "phenomenon", "sector"], descending=[True, False, False])
    # Sectors of which the same is said are named together.
    alike: dict[tuple[str, str], list[str]] = {}
    for row in worst.to_dicts():
        said = words.share(row["share"]), words.term("kind", row["phenomenon"])
        alike.setdefault(said, []).append(words.name(row["sector"], "sector"))
    gaps = [
        words.say("summary.gap", sector=_named_or_counted(sectors, words), kind=kind, share=share)
        for (share, kind), sectors in list(alike.items())[:3]
    ]
    return words.say("summary.blind", gaps="; ".join(gaps))


def _named_or_counted(sectors: list[str], words: Wording) -> str:
    if len(sectors) <= _MOST_NAMED:
        return ", ".join(sectors)
    return words.say("summary.many_sectors", n=words.number(len(sectors)))


def _lists(bulletin: Bulletin, words: Wording) -> Sheet:
    rows = [
        (
            Cell(words.term("list", row["listed"])),
            number_cell(words, row["incidents"]),
            number_cell(words, row["incidents_before"]),
            estimate_cell(words, row["expected"], row["expected_low"], row["expected_high"]),
        )
        for row in bulletin.summary.to_dicts()
    ]
    keys = ("list", "incidents", "before", "expected")
    return Sheet(
        words.say("table.summary"),
        headings(words, keys, keys[1:]),
        tuple(rows),
        words.say("summary.note"),
    )


def _map(bulletin: Bulletin, words: Wording) -> Figure | None:
    tables = MapTables(
        bulletin.incidents, gravest_by_sector(bulletin.states), sector_blindness(bulletin)
    )
    title = words.say("figure.map")

    def draw(width: float, ident: str) -> str | None:
        return incident_map(
            bulletin.geography,
            tables,
            list(bulletin.settings.parties),
            words,
            width=width,
            ident=ident,
            title=title,
            disclaimer=bulletin.settings.disclaimer,
        )

    if draw(320.0, "probe") is None:
        return None
    # On paper it leaves room for the first words, on the first page.
    return Figure("map", title, draw, _sectors(bulletin, tables, words), paper=82)


def _sectors(bulletin: Bulletin, tables: MapTables, words: Wording) -> Sheet:
    sums = {
        row["sector"]: row
        for row in bulletin.counts.group_by("sector")
        .agg(pl.col("violations", "credible").sum())
        .to_dicts()
    }
    places = sorted(
        {*bulletin.geography.sector_names(), *tables.states, *tables.blind, *sums} - {None}
    )
    # The whole line is no sector beside the others: it holds them, and what lies in none.
    whole = {key: sum(row[key] for row in sums.values()) for key in ("violations", "credible")}
    order = [*places, None] if None in sums else [*places]
    rows = []
    for sector in order:
        none = {"violations": 0, "credible": 0}
        tally = whole if sector == WHOLE_LINE else sums.get(sector, none)
        rows.append(
            (
                Cell(words.name(sector, "sector")),
                state_cell(words, tables.states.get(sector)) if sector else Cell(words.say("none")),
                number_cell(words, tally["violations"]),
                number_cell(words, tally["credible"]),
                share_cell(words, tables.blind.get(sector, 0.0))
                if sector
                else Cell(words.say("none")),
            )
        )
    keys = ("sector", "state", "violations", "credible", "not_watched")
    return cut(
        words, words.say("table.sectors"), headings(words, keys, keys[2:]), rows, "data/counts.csv"
    )
