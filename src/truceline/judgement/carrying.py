"""What stays of the judgement before: conclusions on incidents to which nothing was added.

Whose ground it was and which clause was broken hang on an incident's own row, its members and
its probability alone (see `origin_and_clauses`). Where these are the same, so are the
conclusions, and they are carried over instead of being worked out again. The priors and the
witnesses look across incidents and are always judged anew, so that a picture that is kept up
is, to the last digit, the picture that is judged at once.
"""

from __future__ import annotations

import functools

import polars as pl

from truceline.judgement.assess import Origin, Setting, origin_and_clauses
from truceline.judgement.judgement import Judgement


def origin_after(before: Judgement) -> Origin:
    """Return how origin and clauses are come by after another judgement in the same setting.

    Parameters
    ----------
    before : Judgement
        The one before: same terms, same ground, same parameters.
    """
    return functools.partial(_conclude, before=before)


def _conclude(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    seen: pl.DataFrame,
    hostile: pl.DataFrame,
    setting: Setting,
    *,
    before: Judgement,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    same = _unchanged(incidents, members, hostile, before)
    rest = incidents.join(same, on="incident_id", how="anti", maintain_order="left")
    theirs = members.join(rest, on="incident_id", how="semi", maintain_order="left")
    told = seen.join(theirs, on="obs_id", how="semi", maintain_order="left")
    chance = hostile.join(rest, on="incident_id", how="semi", maintain_order="left")
    attributions, findings = origin_and_clauses(rest, theirs, told, chance, setting)
    return (
        _with(before.attributions, same, attributions).sort("incident_id", "party"),
        _with(before.findings, same, findings).sort("incident_id", "clause"),
    )


def _unchanged(
    incidents: pl.DataFrame, members: pl.DataFrame, hostile: pl.DataFrame, before: Judgement
) -> pl.DataFrame:
    """Return `incident_id` of the incidents with the row, members and probability of before."""
    was = before.assessments.select("incident_id", "p_hostile")
    kept = (
        incidents.join(before.incidents, on=incidents.columns, how="semi", nulls_equal=True)
        .join(hostile, on="incident_id")
        .join(was, on=["incident_id", "p_hostile"], how="semi")
        .select("incident_id", "n_observations")
    )
    shared = members.join(before.members, on=["incident_id", "obs_id"], how="semi")
    counts = shared.group_by("incident_id").agg(n_observations=pl.len().cast(pl.Int64))
    return kept.join(counts, on=["incident_id", "n_observations"], how="semi").select("incident_id")


def _with(before: pl.DataFrame, same: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    carried = before.join(same, on="incident_id", how="semi", maintain_order="left")
    return pl.concat([carried, made.select(carried.columns)])
