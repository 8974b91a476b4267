"""The evidence on incidents as terms, and what the parameters make of them.

Gathering knows no fitted number, so that the fit and the judgement stand on the same terms:
what is fitted is only what each term is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from truceline.evidence.background.rates import Background
from truceline.evidence.observations import witness_numbers
from truceline.judgement.hostility.activity import activity, credits_of, seen_around
from truceline.judgement.hostility.silence import silence_weights
from truceline.judgement.hostility.witnesses import (
    documents_of,
    tellings,
    witness_terms,
    witness_weights,
)
from truceline.judgement.parameters import Parameters

#: Names of the terms that are no witness's.
ACTIVITY_TERM, SILENCE_TERM = "activity", "silence"


@dataclass(frozen=True)
class Across:
    """What is known of incidents only by looking at all of them: three small tables.

    Attributes
    ----------
    documents : polars.DataFrame
        From `documents_of`: among how many incidents each document divides its weight.
    spoken : polars.DataFrame
        From `spoken_of`: how often each claimant was borne out.
    seen : polars.DataFrame
        From `seen_around`: how much was seen in each cell and on each day.
    """

    documents: pl.DataFrame
    spoken: pl.DataFrame
    seen: pl.DataFrame


@dataclass(frozen=True)
class Heard:
    """What is known of each incident by looking at it alone.

    Attributes
    ----------
    told : polars.DataFrame
        From `tellings`.
    across : Across
        What these incidents add to what is known of all.
    """

    told: pl.DataFrame
    across: Across


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


def hear(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    observations: pl.DataFrame,
    background: Background,
    permanent: pl.DataFrame,
    parameters: Parameters,
) -> Heard:
    """Hear the witnesses of each incident.

    Parameters
    ----------
    incidents, members, observations : polars.DataFrame
        Tables of the schemas of those names; the first two in the order association gives.
    background, permanent
        What burns without a hostile act.
    parameters : Parameters
        Only what is not fitted is used: area of a site, detection of heat.
    """
    told, spoken = tellings(members, observations, background, permanent, parameters)
    seen = seen_around(incidents, credits_of(told))
    return Heard(told, Across(documents_of(told), spoken, seen))


def together(parts: Sequence[Across]) -> Across:
    """Add up what several sets of incidents tell of all; whole numbers, so in any order."""
    added = Across(
        _added([part.documents for part in parts], "places"),
        _added([part.spoken for part in parts], "n", "c"),
        _added([part.seen for part in parts], "credit", "n"),
    )
    # A document that names one place need not be remembered.
    return replace(added, documents=added.documents.filter(pl.col("places") > 1))


def _added(parts: Sequence[pl.DataFrame], *counts: str) -> pl.DataFrame:
    return pl.concat(parts).group_by(pl.exclude(counts)).agg(pl.col(counts).sum())


def gather(
    incidents: pl.DataFrame,
    told: pl.DataFrame,
    across: Across,
    effort: pl.DataFrame,
    parameters: Parameters,
) -> Evidence:
    """Gather the evidence on incidents.

    Parameters
    ----------
    incidents : polars.DataFrame
        Schema `INCIDENT`, in the order association gives.
    told : polars.DataFrame
        What was heard of them.
    across : Across
        What was heard of all incidents.
    effort : polars.DataFrame
        Schema `EFFORT`.
    parameters : Parameters
        Only what is not fitted is used: dependence.
    """
    silent = silence_weights(incidents, effort, told.select("incident_id", "source"))
    numbers = incidents.select("incident_id", pl.int_range(pl.len()).alias("incident"))
    return Evidence(
        witness_terms(told, across.documents, across.spoken, parameters),
        silent.join(numbers, on="incident_id"),
        activity(incidents, credits_of(told), across.seen),
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
