"""What a viewer may see of a judgement: withheld evidence leaves no trace but its sum."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import polars as pl

from truceline.core.types.tables import INCIDENT, WEIGHT
from truceline.judgement.judgement import Judgement
from truceline.web.access.roles import Viewer

#: Tables with a row or more for each incident.
_BY_INCIDENT = ("incidents", "members", "assessments", "weights", "attributions", "findings")

WITHHELD = "withheld"


def seen_by(
    viewer: Viewer, working: Judgement, published: Judgement, put: Collection[str]
) -> Judgement:
    """Return what a viewer may see.

    Who works in the room sees the working picture; a party and the public see what was last
    published, and a party also sees, as they stand, the incidents put to it for an answer.
    What stands above the viewer's level of handling is taken out of either.

    Parameters
    ----------
    working, published : Judgement
        The picture as it is now, and as it was last published.
    put : collection of str
        Incidents put to the viewer's party.
    """
    if viewer.may("work"):
        return within_levels(working, viewer.levels())
    if put:
        shown = only(published, set(published.incidents["incident_id"]) - set(put))
        published = _with(shown, only(working, put))
    return within_levels(published, viewer.levels())


def only(judgement: Judgement, incidents: Collection[str]) -> Judgement:
    """Return the judgement with these incidents alone, and the observations they stand on."""
    wanted = pl.DataFrame({"incident_id": sorted(incidents)}, schema={"incident_id": pl.String})
    tables: dict[str, Any] = {name: _of(getattr(judgement, name), wanted) for name in _BY_INCIDENT}
    obs = tables["members"].select("obs_id").unique()
    own = judgement.observations.join(obs, on="obs_id", how="semi", maintain_order="left")
    return replace(judgement, observations=own, **tables)


def _of(table: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    return table.join(wanted, on="incident_id", how="semi", maintain_order="left")


def within_levels(judgement: Judgement, levels: Collection[str]) -> Judgement:
    """Return the judgement without the observations above some levels of handling.

    An incident that stands on nothing else goes with them. Of one that stands on other
    evidence too, the probability stays, since it is what is published; the weights of the
    witnesses that are withheld become one, so that it can still be added up.
    """
    # A million rows are copied only where there is something among them to take out.
    if set(judgement.observations["handling"].cast(pl.String).unique()) <= set(levels):
        return judgement
    open_rows = judgement.observations.filter(pl.col("handling").is_in(sorted(levels)))
    members = judgement.members.join(open_rows, on="obs_id", how="semi", maintain_order="left")
    kept = judgement.incidents.join(members, on="incident_id", how="semi")["incident_id"]
    rest = only(replace(judgement, observations=open_rows, members=members), set(kept))
    hidden = _hidden_witnesses(judgement).filter(~pl.col("handling").is_in(sorted(levels)))
    return replace(
        rest,
        incidents=_counted(rest),
        weights=_weights(rest.weights, hidden),
        assessments=_decisive(rest.assessments, hidden),
    )


def _hidden_witnesses(judgement: Judgement) -> pl.DataFrame:
    """Return each witness of each incident with the handling of what it said."""
    return judgement.members.join(judgement.observations, on="obs_id").select(
        "incident_id", "source", "witness", "handling"
    )


def _counted(judgement: Judgement) -> pl.DataFrame:
    counts = (
        judgement.members.join(judgement.observations, on="obs_id")
        .group_by("incident_id")
        .agg(n_observations=pl.len().cast(pl.Int64), n_witnesses=_witnesses())
    )
    bare = judgement.incidents.drop("n_observations", "n_witnesses")
    joined = bare.join(counts, on="incident_id", how="left", maintain_order="left")
    return INCIDENT.conform(joined.select(judgement.incidents.columns))


def _witnesses() -> pl.Expr:
    """Return how many witnesses, told apart as when the incident was made."""
    return pl.struct("source", "witness").n_unique().cast(pl.Int64)


def _weights(weights: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    key = ["incident_id", "source", "witness"]
    names = hidden.select(key).unique()
    shown = weights.join(names, on=key, how="anti", maintain_order="left")
    rest = weights.join(names, on=key, how="semi", maintain_order="left")
    sums = rest.group_by("incident_id", maintain_order=True).agg(bits=pl.col("bits").sum())
    one = sums.select(
        "incident_id",
        source=pl.lit(WITHHELD),
        witness=pl.lit(WITHHELD),
        bits="bits",
        why=pl.lit("Evidence withheld under its handling, added up."),
    )
    return WEIGHT.conform(pl.concat([shown, one.select(shown.columns)]))


def _decisive(assessments: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Return the assessments without the sentence that may name a witness who is withheld."""
    touched = pl.col("incident_id").is_in(hidden["incident_id"].unique().to_list())
    return assessments.with_columns(
        decisive=pl.when(touched)
        .then(pl.lit("Part of the evidence is withheld under its handling."))
        .otherwise("decisive")
    )


def _with(first: Judgement, second: Judgement) -> Judgement:
    tables = {
        name: pl.concat([getattr(first, name), getattr(second, name)])
        for name in (*_BY_INCIDENT, "observations")
    }
    tables["observations"] = tables["observations"].unique("obs_id", maintain_order=True)
    return replace(first, **tables)
