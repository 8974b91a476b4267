r"""Weight of each witness, in bits.

A witness of an incident is worth the log likelihood ratio

.. math:: w = \log_2 \frac{p + \lambda - p\lambda}{\lambda}

where :math:`p` is the probability that the instrument reports a hostile act at a site on a
day, and :math:`\lambda` the probability that it reports something there without one. For
heat seen from space :math:`\lambda` is the fitted background of that cell and season, so a
fire among harvest fires is worth next to nothing and one in a snowfield a great deal.

Three rules keep dependent witnesses from being added up as if they were independent. One
witness counts once, however many rows it wrote. A document that names many places has its
weight divided among them. A further witness of the same instrument is worth only a share
of the one before.
"""

from __future__ import annotations

import polars as pl

from truceline.core.types.tables import INSTRUMENT, PHENOMENON
from truceline.core.types.vocabulary import PHENOMENA
from truceline.evidence.background.permanent_heat import mark_permanent
from truceline.evidence.background.rates import (
    CELL_KM2,
    Background,
    expected_rate,
    probability_of_any,
)
from truceline.judgement.parameters import Parameters

#: Instruments whose witness is a text; its weight is shared by all places it names.
DOCUMENTS = ("news", "dataset", "hotline", "party_claim", "alert", "launch_report")

#: What is neither an act nor a trace of one, such as an outage: it weighs nothing.
NO_ACT = "other"

#: Chance a day that a spot of permanent heat is seen burning.
PERMANENT_RATE = 0.5


def witness_weights(
    members: pl.DataFrame,
    observations: pl.DataFrame,
    background: Background,
    permanent: pl.DataFrame,
    parameters: Parameters,
) -> pl.DataFrame:
    """Return the weight of every witness of every incident.

    Parameters
    ----------
    members : polars.DataFrame
        Schema `MEMBER`.
    observations : polars.DataFrame
        Schema `OBSERVATION`.
    background : Background
        Fitted background rates.
    permanent : polars.DataFrame
        Squares of permanent heat, columns `gx`, `gy`; may be empty.
    parameters : Parameters
        What a report is worth.

    Returns
    -------
    polars.DataFrame
        Columns of the schema `WEIGHT`, and `instrument`.
    """
    rows = members.join(observations, on="obs_id", how="inner")
    rated = _rate(rows, background, permanent, parameters)
    one_each = (
        rated.sort("bits", "obs_id", descending=[True, False])
        .group_by("incident_id", "source", "witness", maintain_order=True)
        .first()
    )
    return _discount(_share(one_each), parameters).select(
        "incident_id", "source", "witness", "bits", "why", "instrument"
    )


def _rate(
    rows: pl.DataFrame, background: Background, permanent: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    table = reporting_table(parameters)
    known = rows.join(table, on=["instrument", "phenomenon"], how="left")
    placed = mark_permanent(expected_rate(background, known), permanent)
    site_share = parameters.site_km2 / CELL_KM2
    local = pl.struct("background_rate", "background_shape").map_batches(
        lambda s: pl.Series(
            probability_of_any(
                s.struct.field("background_rate"), s.struct.field("background_shape"), site_share
            )
        ),
        return_dtype=pl.Float64,
    )
    satellite = pl.col("instrument") == "satellite_thermal"
    rate = (
        pl.when(satellite & pl.col("permanent"))
        .then(PERMANENT_RATE)
        .when(satellite & pl.col("background_rate").is_not_null())
        .then(local)
        .otherwise(pl.col("false_rate"))
        .clip(1e-6, 1.0)
    )
    p = pl.col("p_report")
    return (
        placed.with_columns(_rate=rate)
        .with_columns(bits=((p + pl.col("_rate") - p * pl.col("_rate")) / pl.col("_rate")).log(2))
        .with_columns(bits=pl.when(pl.col("phenomenon") == NO_ACT).then(0.0).otherwise("bits"))
        .with_columns(
            why=pl.when(pl.col("phenomenon") == NO_ACT)
            .then(pl.lit("names no act of war"))
            .when(satellite & pl.col("permanent"))
            .then(pl.lit("permanent heat: burns without any hostile act"))
            .when(satellite & pl.col("background_rate").is_not_null())
            .then(
                pl.format(
                    "heat; background shows it here on {} % of days in this season",
                    (100 * pl.col("_rate")).round_sig_figs(2),
                )
            )
            .otherwise(
                pl.format(
                    "reports {} % of such acts, and {} % of sites a day without one",
                    (100 * p).round_sig_figs(2),
                    (100 * pl.col("_rate")).round_sig_figs(2),
                )
            )
        )
    )


def reporting_table(parameters: Parameters) -> pl.DataFrame:
    """Return `p_report` and `false_rate` for every instrument and phenomenon."""
    named = {
        (row.instrument, phenomenon): row
        for row in parameters.reporting
        for phenomenon in row.phenomena
    }
    default = {row.instrument: row for row in parameters.reporting if not row.phenomena}
    rows = [
        (instrument, phenomenon, row.p_report, row.false_rate)
        for instrument, otherwise in default.items()
        for phenomenon in PHENOMENA
        for row in [named.get((instrument, phenomenon), otherwise)]
    ]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "instrument": INSTRUMENT,
        "phenomenon": PHENOMENON,
        "p_report": pl.Float64,
        "false_rate": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _share(weights: pl.DataFrame) -> pl.DataFrame:
    """Divide a document's weight among the incidents it names."""
    named = pl.len().over("source", "witness")
    document = pl.col("instrument").is_in(DOCUMENTS) & (named > 1)
    return weights.with_columns(
        bits=pl.when(document).then(pl.col("bits") / named).otherwise("bits"),
        why=pl.when(document)
        .then(pl.format("{}; one document that names {} places", "why", named))
        .otherwise("why"),
    )


def _discount(weights: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Give each further witness of one instrument a share of the one before it."""
    ordered = weights.sort(
        "incident_id", "instrument", "bits", "witness", descending=[False, False, True, False]
    )
    rank = pl.int_range(pl.len()).over("incident_id", "instrument")
    share = (
        pl.col("instrument")
        .cast(pl.String)
        .replace_strict(parameters.dependence, default=1.0, return_dtype=pl.Float64)
    )
    return ordered.with_columns(_rank=rank).with_columns(
        bits=pl.col("bits") * share.pow(pl.col("_rank")),
        why=pl.when(pl.col("_rank") > 0)
        .then(pl.format("{}; not independent of {} of its kind", "why", "_rank"))
        .otherwise("why"),
    )
