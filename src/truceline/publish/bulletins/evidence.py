"""The evidence a bulletin may show: what its handling allows, and how much is withheld."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from truceline.core.types.vocabulary import HANDLINGS
from truceline.judgement.judgement import Judgement

#: Stands for a witness whose name may not be published at this level.
WITHHELD = "withheld"


@dataclass(frozen=True)
class Evidence:
    """What stands under the listed incidents, at the handling of the publication.

    Attributes
    ----------
    weights, attributions, findings : polars.DataFrame
        Rows of the schemas of those names, of the listed incidents.
    observations : polars.DataFrame
        Observations with their `incident_id`, those that may be shown.
    withheld : polars.DataFrame
        `incident_id` and `n_withheld`.
    """

    weights: pl.DataFrame
    attributions: pl.DataFrame
    findings: pl.DataFrame
    observations: pl.DataFrame
    withheld: pl.DataFrame


def evidence(
    judgement: Judgement, incidents: pl.DataFrame, handling: str, parties: Iterable[str]
) -> Evidence:
    """Return the evidence of the incidents; restricted witnesses lose their names only.

    The weight in bits of a withheld witness stays, so that the sum can be checked.
    """
    ids = incidents.select("incident_id")
    members = judgement.members.join(ids, on="incident_id", how="semi").join(
        judgement.observations, on="obs_id", how="inner"
    )
    allowed = list(HANDLINGS[: HANDLINGS.index(handling) + 1])
    is_open = pl.col("handling").cast(pl.String()).is_in(allowed)
    keys = ["incident_id", "source", "witness"]
    hidden = (
        members.group_by(keys).agg(is_open.any().not_().alias("hidden")).filter(pl.col("hidden"))
    )
    weights = judgement.weights.join(ids, on="incident_id", how="semi").join(
        hidden, on=keys, how="left"
    )
    is_hidden = pl.col("hidden").fill_null(value=False)
    return Evidence(
        weights=weights.with_columns(
            pl.when(is_hidden).then(pl.lit(WITHHELD)).otherwise(pl.col(name)).alias(name)
            for name in ("source", "witness", "why")
        )
        .drop("hidden")
        .sort(["incident_id", "bits", "source", "witness"], descending=[False, True, False, False]),
        attributions=judgement.attributions.join(ids, on="incident_id", how="semi").sort(
            "incident_id",
            pl.col("party").replace_strict(
                {party: n for n, party in enumerate(parties)}, default=None, return_dtype=pl.Int64()
            ),
            nulls_last=True,
        ),
        findings=judgement.findings.join(ids, on="incident_id", how="semi").sort(
            ["incident_id", "p_violation", "clause"], descending=[False, True, False]
        ),
        observations=members.filter(is_open).sort("incident_id", "t_start", "obs_id"),
        withheld=members.filter(~is_open)
        .group_by("incident_id")
        .agg(pl.len().cast(pl.Int64()).alias("n_withheld"))
        .sort("incident_id"),
    )
