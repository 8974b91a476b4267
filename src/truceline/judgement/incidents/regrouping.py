"""What people put together or take apart, laid over what association found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from truceline.core.types.tables import INCIDENT, MEMBER
from truceline.judgement.incidents.identity import identify
from truceline.judgement.incidents.summary import summarise


@dataclass(frozen=True)
class Grouping:
    """One decision on what belongs together.

    Attributes
    ----------
    incident : str
        The incident it is about.
    joined : str or None
        Another incident whose members belong to it.
    apart : tuple of str
        Members, by `obs_id`, that are an incident of their own.
    """

    incident: str
    joined: str | None = None
    apart: tuple[str, ...] = ()


def decided_on(groupings: Sequence[Grouping]) -> list[str]:
    """Return the names of the incidents that decisions are about."""
    pairs = ((grouping.incident, grouping.joined) for grouping in groupings)
    return sorted({name for pair in pairs for name in pair if name is not None})


def regroup(
    members: pl.DataFrame, seen: pl.DataFrame, groupings: Sequence[Grouping]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return incidents and members after the decisions, taken in their order.

    A decision about an incident that is no longer there changes nothing. Identities are
    given as association gives them: after the earliest member.

    Parameters
    ----------
    members, seen : polars.DataFrame
        Schemas `MEMBER` and `OBSERVATION`.
    groupings : sequence of Grouping
        What was decided.

    Returns
    -------
    incidents, members : polars.DataFrame
        Schemas `INCIDENT` and `MEMBER`, sorted by identity.
    """
    members = regrouped(members, seen, groupings)
    return INCIDENT.conform(summarise(members)), MEMBER.conform(members)


def regrouped(
    members: pl.DataFrame, seen: pl.DataFrame, groupings: Sequence[Grouping]
) -> pl.DataFrame:
    """Return the members' observations with the `incident_id` they have after the decisions."""
    label = dict(members.select("obs_id", "incident_id").iter_rows())
    for number, grouping in enumerate(groupings):
        if grouping.joined is not None:
            label = {
                obs: grouping.incident if at == grouping.joined else at for obs, at in label.items()
            }
        own = [obs for obs in grouping.apart if label.get(obs) == grouping.incident]
        label |= dict.fromkeys(own, f"apart {number}")
    labels = pl.DataFrame(
        {"obs_id": list(label), "label": list(label.values())},
        schema={"obs_id": pl.String, "label": pl.String},
    )
    numbered = labels.with_columns(pl.col("label").rank("dense").cast(pl.Int64))
    return identify(seen.join(numbered, on="obs_id"))
