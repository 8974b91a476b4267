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

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.background.rates import Background
from truceline.evidence.observations import witness_numbers
from truceline.judgement.hostility.claimants import spoken_of, worth_of_claims
from truceline.judgement.hostility.heat import heat_of, heat_words
from truceline.judgement.hostility.kinds import DOCUMENTS, NOTHING, mark_alone, with_kind
from truceline.judgement.hostility.telling import most_telling
from truceline.judgement.parameters import CLAIM_TERM, HEAT_TERM, Parameters

IntArray = npt.NDArray[np.uint32]

#: What is heard of a member.
HEARD = (
    "obs_id", "source", "witness", "instrument", "phenomenon", "count", "t_start", "lon", "lat",
)  # fmt: skip

#: What is kept of the row that a witness counts by.
TOLD = (
    "incident_id", "source", "witness", "instrument", "t_start", "kind", "rank",
    "heat", "rate", "permanent", "fitted",
)  # fmt: skip


def tellings(
    members: pl.DataFrame,
    observations: pl.DataFrame,
    background: Background,
    permanent: pl.DataFrame,
    parameters: Parameters,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what each witness of each incident told, and what claimants spoke of.

    Each incident is looked at alone.

    Parameters
    ----------
    members : polars.DataFrame
        Schema `MEMBER`, in its order.
    observations : polars.DataFrame
        Schema `OBSERVATION`.
    background : Background
        Fitted background rates.
    permanent : polars.DataFrame
        Squares of permanent heat, columns `gx`, `gy`; may be empty.
    parameters : Parameters
        Their detection of heat is used here.

    Returns
    -------
    told : polars.DataFrame
        The most telling row of each witness of each incident: columns `incident` (its place in
        the order of incidents) and `TOLD`, by incident, source and witness.
    spoken : polars.DataFrame
        From `spoken_of`.
    """
    rows = _rows(members, observations)
    rows = rows.with_columns(heat_of(rows, background, permanent, parameters))
    return rows[most_telling(rows)].select("incident", *TOLD), spoken_of(rows)


def documents_of(told: pl.DataFrame) -> pl.DataFrame:
    """Return `source`, `witness` and `places`: how many incidents each document names.

    Tables of several sets of incidents may be added up.
    """
    documents = told.filter(pl.col("instrument").cast(pl.String).is_in(DOCUMENTS))
    return documents.group_by("source", "witness").agg(places=pl.len().cast(pl.Int64))


def witness_terms(
    told: pl.DataFrame, documents: pl.DataFrame, spoken: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    """Return what each witness adds, as terms whose worth is still to be multiplied in.

    Parameters
    ----------
    told : polars.DataFrame
        From `tellings`.
    documents, spoken : polars.DataFrame
        From `documents_of` and `spoken_of`, of these incidents and all others. A document that
        names one place may be left out.
    parameters : Parameters
        Their dependence is used here.

    Returns
    -------
    polars.DataFrame
        Columns `incident` and `testimony` (their places in the order of incidents, and of
        incidents, sources and witnesses), `incident_id`, `source`, `witness`, `instrument`,
        `term`, `factor`, `why`; the first row of a testimony is that of its kind.
    """
    told = told.with_row_index("testimony")
    told = _discount(_share(told, documents), parameters)
    told = told.with_columns(_worth(told, spoken))
    columns = ["incident", "testimony", "incident_id", "source", "witness", "instrument"]
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
    weighed = terms.select(
        pl.when(silent).then(0.0).otherwise(worth * pl.col("factor"))
    ).to_series()
    once = terms.unique("testimony", keep="first", maintain_order=True)
    added = np.bincount(terms["testimony"].to_numpy(), weighed.to_numpy(), len(once))
    return once.select(
        "incident", "incident_id", "source", "witness",
        pl.Series("bits", added, pl.Float64), "why", "instrument",
    )  # fmt: skip


def _rows(members: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """Return the members with what is told of them, and with numbers for their names."""
    rows = members.join(observations.select(HEARD), on="obs_id", how="inner", maintain_order="left")
    return mark_alone(with_kind(rows)).with_columns(
        incident=pl.col("incident_id").rle_id().cast(pl.Int64),
        witness_number=witness_numbers(rows),
    )


def _worth(told: pl.DataFrame, spoken: pl.DataFrame) -> pl.Series:
    """Return what the claims of each witness have been worth on the day it tells of, bits."""
    keys = ["source", "witness", "day"]
    asked = told.select("source", "witness", day=pl.col("t_start") // DAY)
    if spoken.is_empty():
        return pl.Series("worth", np.zeros(len(told)))
    found = asked.join(worth_of_claims(spoken), on=keys, how="left", maintain_order="left")
    return found["worth"].fill_null(0.0)


def _share(told: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Divide a document's weight among the incidents it names."""
    keys = ["source", "witness"]
    named = told.select(*keys).join(documents, on=keys, how="left", maintain_order="left")["places"]
    document = pl.col("instrument").cast(pl.String).is_in(DOCUMENTS) & (named > 1)
    return told.with_columns(
        share=pl.when(document).then(1.0 / named).otherwise(1.0),
        _places=pl.when(document).then(named),
    )


def _discount(told: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Give each further witness of one instrument a share of the one before it."""
    share = (
        pl.col("instrument")
        .cast(pl.String)
        .replace_strict(parameters.dependence, default=1.0, return_dtype=pl.Float64)
    )
    return told.with_columns(_rank=pl.Series(_turns(told))).with_columns(
        share=pl.col("share") * share.pow(pl.col("_rank"))
    )


def _turns(told: pl.DataFrame) -> IntArray:
    """Return how many of its kind and instrument come before each witness of an incident."""
    out = np.zeros(len(told), np.uint32)
    number = told["incident"]
    shared = (number == number.shift()).fill_null(value=False)
    at = (shared | shared.shift(-1, fill_value=False)).arg_true()
    ordered = (
        told.select("incident", pl.col("instrument").to_physical(), "rank", "heat")
        .with_row_index("row")[at]
        .sort("incident", "instrument", "rank", "heat", maintain_order=True)
    )
    turn = ordered.select(pl.int_range(pl.len(), dtype=pl.UInt32).over("incident", "instrument"))
    out[ordered["row"].to_numpy()] = turn.to_series().to_numpy()
    return out


def _why() -> pl.Expr:
    """Return the sentence on what a witness's weight stands on."""
    parts = [
        pl.coalesce(
            heat_words(),
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
