"""The evidence on incidents as terms, and what the parameters make of them.

Gathering knows no fitted number, so that the fit and the judgement stand on the same terms:
what is fitted is only what each term is worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from truceline.evidence.background.rates import Background
from truceline.evidence.observations import witness_numbers
from truceline.judgement.hostility.activity import activity, credits_of
from truceline.judgement.hostility.silence import silence_weights
from truceline.judgement.hostility.witnesses import witness_terms, witness_weights
from truceline.judgement.parameters import Parameters

#: Names of the terms that are no witness's.
ACTIVITY_TERM, SILENCE_TERM = "activity", "silence"


@dataclass(frozen=True)
class Evidence:
    """What stands for and against incidents.

    Attributes
    ----------
    spoken : polars.DataFrame
        From `witness_terms`.
    silent : polars.DataFrame
        From `silence_weights`, at full weight.
    activity : polars.DataFrame
        From `activity`; a row an incident.
    """

    spoken: pl.DataFrame
    silent: pl.DataFrame
    activity: pl.DataFrame


def gather(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    background: Background,
    permanent: pl.DataFrame,
    parameters: Parameters,
) -> Evidence:
    """Gather the evidence on incidents.

    Parameters
    ----------
    incidents, members, observations, effort : polars.DataFrame
        Tables of the schemas of those names; the first two in the order association gives.
    background, permanent
        What burns without a hostile act.
    parameters : Parameters
        Only what is not fitted is used: dependence, area of a site, detection of heat.
    """
    spoken = witness_terms(members, observations, background, permanent, parameters)
    kinds = spoken.filter(pl.col("term").str.contains("/", literal=True)).rename({"term": "kind"})
    silent = silence_weights(incidents, effort, spoken.select("incident_id", "source"))
    numbers = incidents.select("incident_id", pl.int_range(pl.len()).alias("incident"))
    return Evidence(
        spoken,
        silent.join(numbers, on="incident_id"),
        activity(incidents, credits_of(kinds)),
    )


def weights_of(evidence: Evidence, parameters: Parameters) -> pl.DataFrame:
    """Return the weight of every witness and every silence, in the order of their schema.

    Columns of the schema `WEIGHT`, and `incident`, its place in the table of incidents.
    """
    spoken = witness_weights(evidence.spoken, parameters).drop("instrument")
    silent = evidence.silent.with_columns(pl.col("bits") * parameters.silence_share)
    weights = pl.concat([spoken, silent.select(spoken.columns)])
    named = weights.select("incident", "bits", _named=witness_numbers(weights))
    return weights[named.select(pl.arg_sort_by("incident", "bits", "_named")).to_series()]


def prior_of(evidence: Evidence, parameters: Parameters) -> pl.DataFrame:
    """Return `incident_id` and `prior_bits`: the odds before any witness is heard."""
    return evidence.activity.select(
        "incident_id",
        prior_bits=parameters.base_bits + parameters.activity_share * pl.col("doublings"),
    )


def term_sums(evidence: Evidence) -> pl.DataFrame:
    """Return `incident_id`, `term`, `factor`: what a fit multiplies and adds up."""
    parts = [
        evidence.spoken.select("incident_id", "term", "factor"),
        evidence.silent.select("incident_id", term=pl.lit(SILENCE_TERM), factor="bits"),
        evidence.activity.select("incident_id", term=pl.lit(ACTIVITY_TERM), factor="doublings"),
    ]
    return (
        pl.concat(parts)
        .group_by("incident_id", "term")
        .agg(pl.col("factor").sort().sum())
        .sort("incident_id", "term")
    )
