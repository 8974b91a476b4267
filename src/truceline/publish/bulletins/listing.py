"""The two lists: what meets the agreed definition, and what is credible but does not."""

from __future__ import annotations

import polars as pl

from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.judgement.judgement import Judgement
from truceline.publish.bulletins.tables import LISTED

#: The lists in the order in which they are printed, with the letter of their labels and
#: the probability they are ordered by.
LISTS = (("violation", "V", "p_violation"), ("credible", "C", "p_hostile"))


def judged(judgement: Judgement) -> pl.DataFrame:
    """Return all incidents with their assessments and the share no party can be given.

    An incident without an attribution is wholly unattributable.
    """
    unattributable = judgement.attributions.filter(pl.col("party") == UNATTRIBUTABLE).select(
        "incident_id", pl.col("p").alias("p_unattributable")
    )
    return (
        judgement.incidents.join(judgement.assessments, on="incident_id", how="inner")
        .join(unattributable, on="incident_id", how="left")
        .join(
            judgement.attributions.select("incident_id").unique().with_columns(attributed=True),
            on="incident_id",
            how="left",
        )
        .with_columns(
            pl.col("p_unattributable").fill_null(
                pl.when(pl.col("attributed").is_null()).then(1.0).otherwise(0.0)
            )
        )
        .drop("attributed")
    )


def within(table: pl.DataFrame, period: tuple[int, int]) -> pl.DataFrame:
    """Return the incidents whose best time is in the period, its end left out."""
    start, end = period
    return table.filter((pl.col("t_best") >= start) & (pl.col("t_best") < end))


def listed(incidents: pl.DataFrame) -> pl.DataFrame:
    """Return the incidents of the two lists, surest first, labelled V1, V2, ... C1, C2, ...

    Incidents at their background probability are on neither list. Equal probabilities
    are ordered by time, then by identity: never by party.
    """
    parts = []
    for name, letter, key in LISTS:
        part = incidents.filter(pl.col("listed") == name).sort(
            [key, "t_best", "incident_id"], descending=[True, False, False]
        )
        number = pl.int_range(1, pl.len() + 1).cast(pl.String())
        parts.append(part.with_columns(label=pl.concat_str(pl.lit(letter), number)))
    return LISTED.conform(pl.concat(parts).with_columns(n_withheld=pl.lit(0, dtype=pl.Int64())))
