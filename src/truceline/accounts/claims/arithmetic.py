"""Forces against the length of a line, parts against their total, and change over time."""

from __future__ import annotations

import polars as pl

from truceline.accounts.aid.readings import AID_VALUE
from truceline.accounts.claims.aid import CHOICES
from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.lexicon import Frame
from truceline.accounts.claims.readings import Judgement, judge
from truceline.accounts.claims.verdict import Part, Verdict, assemble, decided_by, range_of


def check_force(claim: Claim, frame: Frame) -> Verdict:
    """Compute a force per kilometre of line; it is set beside other forces, not judged."""
    troops = claim.value or 0.0
    rows = [
        {
            "line_km": f"{km:g} km",
            "on_the_line": name,
            "value": troops * share / km,
            "holds": None,
            "margin": None,
        }
        for km in claim.thresholds
        for name, share in frame.on_the_line.items()
    ]
    schema = {"line_km": pl.String(), "on_the_line": pl.String(), "value": pl.Float64(),
              "holds": pl.Boolean(), "margin": pl.Float64()}  # fmt: skip
    table = pl.DataFrame(rows, schema=schema)
    full = [troops / km for km in claim.thresholds]
    share = min(frame.on_the_line.values())
    lines = range_of(min(claim.thresholds), max(claim.thresholds), 0)
    beside = ", ".join(f"{b['name']} {float(b['per_km']):g}" for b in frame.benchmarks)
    sentence = (
        f"{troops:,.0f} troops on {lines} km are {range_of(min(full), max(full), 0)} per "
        f"kilometre if all stand on the line at once, and "
        f"{range_of(min(full) * share, max(full) * share, 0)} with rotation. "
        f"Beside it, per kilometre: {beside}."
    )
    judgement = Judgement(table, ("line_km", "on_the_line"), 0, 0, None, None, None)
    part = Part("force", "persons per km", judgement, "computed, not judged", sentence)
    return assemble(claim, [part], [str(b["source"]) for b in frame.benchmarks])


def check_sum(claim: Claim) -> Verdict:
    """Check whether parts add up to their total; a difference is named, not explained."""
    stated, found = claim.value or 0.0, sum(claim.parts)
    gap = stated - found
    subset = claim.comparator == "at_most"
    holds = found <= stated if subset else abs(gap) < 1e-9 * max(1.0, abs(stated))
    table = pl.DataFrame(
        {"value": [found], "bar": [stated], "holds": [holds], "margin": [found / stated or None]}
        if stated
        else {"value": [found], "bar": [stated], "holds": [holds], "margin": [None]}
    )
    judgement = judge(table.with_columns(pl.lit("as written").alias("reading")), ("reading",))
    parts = " + ".join(f"{part:,g}" for part in claim.parts)
    if holds and not subset:
        sentence = f"The parts add up: {parts} = {found:,g}."
    elif subset:
        sentence = f"The parts named add up to {found:,g} of {stated:,g}."
    else:
        way = "unexplained" if gap > 0 else "too many"
        sentence = f"The parts add up to {found:,g}, not {stated:,g}: {abs(gap):,g} are {way}."
    return assemble(claim, [Part("total", "items", judgement, judgement.word, sentence)])


def check_change(claim: Claim, history: pl.DataFrame) -> Verdict:
    """Check "A's aid rose (by N %)": the last twelve months against the twelve before.

    `history` holds `AID_VALUE` at three or more days for each release; consecutive
    differences are what came in each period.
    """
    parts = []
    for unit in claim.units:
        for subject in claim.subjects:
            flows = _flows(claim, history, subject, unit)
            judgement = judge(_changed(claim, flows), (*_KEYS, "period"))
            parts.append(_change_part(subject, unit, judgement))
    return assemble(claim, parts)


_KEYS = tuple(choice for choice in CHOICES if choice != "cutoff")


def _flows(claim: Claim, history: pl.DataFrame, subject: str, unit: str) -> pl.DataFrame:
    own = AID_VALUE.conform(history).filter(
        (pl.col("donor") == subject)
        & (pl.col("unit") == unit)
        & (pl.col("aid_type") == claim.aid_type)
        & pl.col("measure").is_in(list(claim.measures))
    )
    came = pl.col("value") - pl.col("value").shift(1).over(_KEYS)
    flows = own.sort("cutoff").with_columns(came.alias("flow"))
    before = pl.col("flow").shift(1).over(_KEYS)
    return flows.with_columns(before.alias("before"), pl.col("cutoff").alias("period")).filter(
        pl.col("flow").is_not_null() & (before > 0)
    )


def _changed(claim: Claim, flows: pl.DataFrame) -> pl.DataFrame:
    percent = 100.0 * (pl.col("flow") / pl.col("before") - 1.0)
    sign = 1.0 if claim.comparator == "more" else -1.0
    table = flows.with_columns(percent.alias("value"))
    if claim.value is None:
        return table.with_columns(
            pl.lit(0.0).alias("bar"),
            (sign * pl.col("value") > 0).alias("holds"),
            (pl.col("flow") / pl.col("before")).alias("margin"),
        )
    stated = sign * claim.value
    widest = max(claim.thresholds or (0.25,))
    return table.with_columns(
        pl.lit(stated).alias("bar"),
        ((pl.col("value") - stated).abs() <= abs(stated) * widest).alias("holds"),
        (pl.col("value") / stated).alias("margin"),
    )


def _change_part(subject: str, unit: str, judgement: Judgement) -> Part:
    if not judgement.total:
        why = f"No table gives {subject}'s aid by date."
        return Part(subject, unit, judgement, "cannot be checked", why)
    found = judgement.readings["value"].to_list()
    said = (
        f"{subject}'s aid changed by {range_of(min(found), max(found), 0)} % against the twelve "
        f"months before. {decided_by(judgement.deciders)}"
    )
    return Part(subject, unit, judgement, judgement.word, said.strip())
