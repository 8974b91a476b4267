"""Raw counts, and what each party claims: every report is taken at its word."""

from __future__ import annotations

import polars as pl

from truceline.rehearsal.baselines.answering import answer_rows
from truceline.rehearsal.scores.answers import Answers

#: A report is a fact.
_SURE = 0.99


def raw_counts(observations: pl.DataFrame) -> Answers:
    """Return every placed report that is no party's claim as an act of its own."""
    placed = observations.filter(
        pl.col("lon").is_not_null() & (pl.col("instrument") != "party_claim")
    ).with_columns(party="party_claimed")
    return Answers(answer_rows(placed, pl.Series([_SURE]).new_from_index(0, len(placed))))


def claims_of(observations: pl.DataFrame, party: str) -> Answers:
    """Return what one party reports as if all of it were so, and nothing else."""
    claimed = observations.filter(
        (pl.col("instrument") == "party_claim")
        & (pl.col("witness") == party)
        & pl.col("lon").is_not_null()
    ).with_columns(party="party_claimed")
    return Answers(answer_rows(claimed, pl.Series([_SURE]).new_from_index(0, len(claimed))))
