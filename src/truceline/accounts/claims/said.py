"""Claims about statements and polls, held against the register and every way to count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.readings import against, judge, near
from truceline.accounts.claims.verdict import Part, Verdict, assemble, decided_by, no_verdict
from truceline.accounts.statements.answers import (
    narrowed_counts,
    outcome_sentence,
    outcome_shares,
)
from truceline.accounts.statements.statement import Coding, Statement

_DAYS_A_YEAR: Final = 365.25


def check_count(
    claim: Claim, collections: Mapping[str, pl.DataFrame], totals: Mapping[str, int]
) -> Verdict:
    """Check "tens of dozens of warnings" against everything that was counted.

    Parameters
    ----------
    claim : Claim
        Shape `count`.
    collections : mapping
        Tables of statements, by the name of the collection: counted in every way.
    totals : mapping
        Published counts for the same period that come without their statements.
    """
    if claim.since is None or claim.on is None:
        return no_verdict(claim, "the period that is counted is not known")
    end = claim.on
    rows: list[dict[str, object]] = [
        {"collection": name, "counting": row["reading"], "value": float(row["count"])}
        for name, table in collections.items()
        for row in narrowed_counts(table, claim.since, end).iter_rows(named=True)
    ]
    rows += [
        {"collection": name, "counting": name, "value": float(count)}
        for name, count in totals.items()
    ]
    if not rows:
        return no_verdict(claim, "no collection of statements was given")
    values = pl.DataFrame(rows)
    if claim.value is not None and claim.comparator == "about":
        table = near(values, claim.value, (0.05, 0.25))
        judgement = judge(table, ("collection", "counting", "tolerance"))
    else:
        bars = {f"at least {t:g}": t for t in claim.thresholds}
        table = against(values, bars, "at_least", "threshold")
        judgement = judge(table, ("collection", "counting", "threshold"))
    sentence = _count_sentence(claim, values, end)
    if 0 < judgement.held < judgement.total:
        sentence += f" {decided_by(judgement.deciders)}"
    part = Part("statements", "statements", judgement, judgement.word, sentence)
    return assemble(claim, [part], [*collections, *totals])


def check_outcome(
    claim: Claim, statements: Sequence[Statement], codings: Sequence[Coding], as_of: dt.date
) -> Verdict:
    """Check "largely hollow" over every reading of the coding; only tested statements count.

    The bar is met in a reading only where the lower end of the 90 % interval of the share
    *not* carried out reaches it. Where the upper end stays below, it is not met. In between
    the register does not tell, and the reading is left out and counted as open.
    """
    known = [s for s in statements if s.date is None or s.date <= as_of]
    ids = {s.statement_id for s in known}
    shares = outcome_shares(known, [c for c in codings if c.statement_id in ids], as_of)
    told = shares.filter(pl.col("share").is_not_null())
    if not told.height:
        return no_verdict(claim, outcome_sentence(shares).rstrip("."))
    bars = pl.DataFrame(
        {"threshold": [f"at least {t:.0%}" for t in claim.thresholds], "bar": claim.thresholds},
        schema={"threshold": pl.String(), "bar": pl.Float64()},
    )
    crossed = told.join(bars, how="cross").with_columns(
        (1.0 - pl.col("share")).alias("value"),
        (1.0 - pl.col("high")).alias("value_low"),
        (1.0 - pl.col("low")).alias("value_high"),
        pl.col("window_days").cast(pl.String).alias("window"),
    )
    table = crossed.with_columns(
        (pl.col("value") / pl.col("bar")).alias("margin"),
        pl.when(pl.col("value_low") >= pl.col("bar"))
        .then(True)
        .when(pl.col("value_high") < pl.col("bar"))
        .then(False)
        .alias("holds"),
    )
    judgement = judge(table, ("rule", "window", "repeats", "threshold"))
    left_open = table.height - judgement.total
    sentence = (
        f"{outcome_sentence(shares)} So the words hold in {judgement.held} of {table.height} "
        f"readings, fail in {judgement.total - judgement.held}, and in {left_open} too few were "
        f"tested to tell."
    )
    word = "too few tested to tell"
    if left_open * 2 < table.height:
        word, sentence = judgement.word, f"{sentence} {decided_by(judgement.deciders)}"
    part = Part("statements", "share not carried out", judgement, word, sentence.strip())
    return assemble(claim, [part], [f"register of {len(known)} statements to {as_of.isoformat()}"])


def check_opinion(claim: Claim, polls: pl.DataFrame, *, days: int = 60) -> Verdict:
    """Check "a plurality of X support" on the polls of the days before, and say what came after.

    Polls older than `days` before the sentence are not used; later ones are told, not
    counted.
    """
    country = claim.subjects[0]
    on = claim.on or dt.date.max
    own = polls.filter(
        (pl.col("country") == country)
        & pl.col("support_pct").is_not_null()
        & pl.col("oppose_pct").is_not_null()
        & pl.col("date").is_not_null()
    ).sort("date")
    near_in_time = own.filter(
        (pl.col("date") <= on) & (pl.col("date") >= on - dt.timedelta(days=days))
    )
    if not near_in_time.height:
        return no_verdict(claim, f"no poll of {country} in the {days} days before is known")
    first, second = ("support_pct", "oppose_pct")
    if claim.comparator == "less":
        first, second = second, first
    need = claim.thresholds[0] if claim.thresholds else 0.0
    table = near_in_time.with_columns(
        pl.format("{}, {}", "pollster", "date").alias("question"),
        pl.col(first).alias("value"),
        pl.max_horizontal(pl.col(second), pl.lit(need)).alias("bar"),
    ).with_columns(
        (pl.col("value") > pl.col("bar")).alias("holds"),
        (pl.col("value") / pl.col("bar")).alias("margin"),
    )
    judgement = judge(table, ("question",))
    sentence = _poll_sentence(country, near_in_time, own.filter(pl.col("date") > on))
    part = Part(country, "percent", judgement, judgement.word, sentence)
    return assemble(claim, [part], near_in_time["source"].to_list())


def _count_sentence(claim: Claim, values: pl.DataFrame, end: dt.date) -> str:
    since = claim.since or end
    years = max((end - since).days / _DAYS_A_YEAR, 1 / _DAYS_A_YEAR)
    said = []
    for row in values.sort("value", descending=True).iter_rows(named=True):
        said.append(f"{row['value']:.0f} ({row['counting']}, {row['value'] / years:.0f} a year)")
    widest, rest = said[0], said[1:]
    asked = " or ".join(f"{t:g}" for t in claim.thresholds)
    return (
        f"Between {since.isoformat()} and {end.isoformat()} the widest count is {widest}; "
        f"narrower ones are {', '.join(rest) or 'not given'}. "
        f"The words ask for at least {asked}."
    )


def _poll_sentence(country: str, before: pl.DataFrame, after: pl.DataFrame) -> str:
    def told(row: dict[str, object]) -> str:
        return (
            f"{row['pollster']} ({row['date']}): {row['support_pct']:.0f} % for, "
            f"{row['oppose_pct']:.0f} % against, on: {row['question']}"
        )

    sentence = f"{country}: " + "; ".join(told(row) for row in before.iter_rows(named=True)) + "."
    if after.height:
        later = "; ".join(told(row) for row in after.iter_rows(named=True))
        sentence += f" Afterwards, in other words: {later}."
    return sentence
