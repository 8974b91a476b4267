r"""Weight of each witness, in bits.

A witness is worth what its kind of testimony has been worth where the truth was known: the
log2 of how much more often such testimony stands beside a hostile act than beside all else
that makes reports (quarries, celebrations, false alarms, late bodies). Kinds are fitted
together, so that two instruments which hear the same quarry do not prove a violation. To
this come, by parameters of their own,

* for heat seen from space the likelihood ratio :math:`\log_2 (p + \lambda - p\lambda) / \lambda`
  with :math:`\lambda` the fitted background of that cell and season;
* for a party's claim what the claimant's claims have been worth in this case.

Three rules keep dependent witnesses from being added up as if they were independent. One
witness counts once, however many rows it wrote. A document that names many places has its
weight divided among them. A further witness of the same instrument is worth only a share
of the one before.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import mark_permanent
from truceline.evidence.background.rates import (
    CELL_KM2,
    Background,
    expected_rate,
    probability_of_any,
)
from truceline.judgement.hostility.claimants import worth_of_claims
from truceline.judgement.hostility.kinds import DOCUMENTS, NOTHING, mark_alone, with_kind
from truceline.judgement.parameters import CLAIM_TERM, HEAT_TERM, Parameters

#: Chance a day that a spot of permanent heat is seen burning.
PERMANENT_RATE: Final = 0.5

#: Chance of heat on a day where no background was fitted.
UNFITTED_RATE: Final = 0.02


def witness_terms(
    members: pl.DataFrame,
    observations: pl.DataFrame,
    background: Background,
    permanent: pl.DataFrame,
    parameters: Parameters,
) -> pl.DataFrame:
    """Return what each witness adds, as terms whose worth is still to be multiplied in.

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
        Their dependence and the detection of heat are used here.

    Returns
    -------
    polars.DataFrame
        Columns `incident_id`, `source`, `witness`, `instrument`, `term`, `factor`, `why`.
    """
    rows = mark_alone(with_kind(members.join(observations, on="obs_id", how="inner")))
    heated = _heat(rows, background, permanent, parameters)
    one_each = (
        heated.sort("rank", "heat", "obs_id", descending=[False, True, False])
        .group_by("incident_id", "source", "witness", maintain_order=True)
        .first()
    )
    worth = worth_of_claims(rows)
    told = (
        _discount(_share(one_each), parameters)
        .with_columns(day=pl.col("t_start").min().over("incident_id", "source", "witness") // DAY)
        .join(worth, on=["source", "witness", "day"], how="left", maintain_order="left")
        .with_columns(pl.col("worth").fill_null(0.0))
    )
    columns = ["incident_id", "source", "witness", "instrument"]
    claim = pl.col("instrument") == "party_claim"
    heat = pl.col("heat").is_not_null()
    return pl.concat(
        [
            told.select(*columns, term="kind", factor="share", why=_why()),
            told.filter(heat).select(
                *columns,
                term=pl.lit(HEAT_TERM),
                factor=pl.col("share") * pl.col("heat"),
                why=pl.lit(None, pl.String),
            ),
            told.filter(claim).select(
                *columns,
                term=pl.lit(CLAIM_TERM),
                factor=pl.col("share") * pl.col("worth"),
                why=pl.lit(None, pl.String),
            ),
        ]
    )


def witness_weights(terms: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Return the weight of every witness: columns of the schema `WEIGHT`, and `instrument`.

    A kind that tells of nothing weighs nothing, whatever was fitted.
    """
    bits = parameters.bits_of(terms["term"].unique().sort().to_list())
    worth = pl.col("term").replace_strict(bits, default=0.0, return_dtype=pl.Float64)
    silent = pl.col("term").str.ends_with(f"/{NOTHING}")
    return (
        terms.with_columns(bits=pl.when(silent).then(0.0).otherwise(worth * pl.col("factor")))
        .sort("incident_id", "source", "witness", "term")
        .group_by("incident_id", "source", "witness", maintain_order=True)
        .agg(
            pl.col("bits").sum(),
            pl.col("why").drop_nulls().first(),
            pl.col("instrument").first(),
        )
    )


def _heat(
    rows: pl.DataFrame, background: Background, permanent: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    """Add `heat`, the bits of heat over its background, and what it stands on."""
    placed = mark_permanent(expected_rate(background, rows), permanent)
    site = parameters.site_km2 / CELL_KM2
    local = pl.struct("background_rate", "background_shape").map_batches(
        lambda s: pl.Series(
            probability_of_any(
                s.struct.field("background_rate"), s.struct.field("background_shape"), site
            )
        ),
        return_dtype=pl.Float64,
    )
    fitted = pl.col("background_rate").is_not_null()
    rate = (
        pl.when("permanent")
        .then(PERMANENT_RATE)
        .when(fitted)
        .then(local)
        .otherwise(UNFITTED_RATE)
        .clip(1e-6, 1.0)
    )
    p = parameters.heat_report
    satellite = pl.col("instrument") == "satellite_thermal"
    return placed.with_columns(_rate=rate).with_columns(
        heat=pl.when(satellite).then(
            ((p + pl.col("_rate") - p * pl.col("_rate")) / pl.col("_rate")).log(2)
        ),
        _why=pl.when(~satellite)
        .then(pl.lit(None, pl.String))
        .when("permanent")
        .then(pl.lit("permanent heat: burns without any hostile act"))
        .when(fitted)
        .then(
            pl.format(
                "heat; background shows it here on {} % of days in this season",
                (100 * pl.col("_rate")).round_sig_figs(2),
            )
        )
        .otherwise(pl.lit("heat, where no background is known")),
    )


def _share(told: pl.DataFrame) -> pl.DataFrame:
    """Divide a document's weight among the incidents it names."""
    named = pl.len().over("source", "witness")
    document = pl.col("instrument").cast(pl.String).is_in(DOCUMENTS) & (named > 1)
    return told.with_columns(
        share=pl.when(document).then(1.0 / named).otherwise(1.0),
        _places=pl.when(document).then(named),
    )


def _discount(told: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Give each further witness of one instrument a share of the one before it."""
    ordered = told.sort("incident_id", "instrument", "rank", "heat", "source", "witness")
    rank = pl.int_range(pl.len()).over("incident_id", "instrument")
    share = (
        pl.col("instrument")
        .cast(pl.String)
        .replace_strict(parameters.dependence, default=1.0, return_dtype=pl.Float64)
    )
    return ordered.with_columns(_rank=rank).with_columns(
        share=pl.col("share") * share.pow(pl.col("_rank"))
    )


def _why() -> pl.Expr:
    """Return the sentence on what a witness's weight stands on."""
    parts = [
        pl.coalesce(
            "_why",
            pl.when(pl.col("kind").str.ends_with(f"/{NOTHING}"))
            .then(pl.lit("names no act of war"))
            .otherwise(pl.format("testimony of the kind {}", "kind")),
        ),
        pl.when(pl.col("_places").is_not_null()).then(
            pl.format("one document that names {} places", "_places")
        ),
        pl.when(pl.col("_rank") > 0).then(pl.format("not independent of {} of its kind", "_rank")),
    ]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)
