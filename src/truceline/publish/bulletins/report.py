"""The report model: all that a bulletin says, filled from tables and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.time import format_time
from truceline.judgement.judgement import Judgement
from truceline.publish.bulletins.changes import Published, changes
from truceline.publish.bulletins.claims import claim_table, item_table
from truceline.publish.bulletins.evidence import evidence
from truceline.publish.bulletins.listing import judged, listed, within
from truceline.publish.bulletins.settings import BulletinSettings, ClaimLine
from truceline.publish.bulletins.tables import CHANGE, SOURCE_USE
from truceline.publish.bulletins.tallies import counts, shares, summary
from truceline.publish.bulletins.truce import current
from truceline.publish.bulletins.watch import blind, clipped
from truceline.publish.draw.geography import Geography


@dataclass(frozen=True)
class Bulletin:
    """One report: a daily bulletin, or a spot report on one incident.

    Attributes
    ----------
    identity : str
        `case-daily-END` or `case-spot-INCIDENT`, for files and references.
    kind : str
        `daily` or `spot`.
    issued : int
        When it was issued, UTC microseconds.
    period, period_before : tuple of int
        What it covers, and what it is compared with (null where nothing is).
    judged_period : tuple of int
        What the judgement covers.
    settings : BulletinSettings
        The case's words and limits.
    geography : Geography
        What maps show under the incidents.
    previous : str or None
        Identity of the last bulletin.
    provenance : mapping
        Versions and hashes it rests on.
    summary, incidents, counts, shares, gaps, blind, states, series, claims, claim_items,
    changes, sources, weights, attributions, findings, observations : polars.DataFrame
        The tables, as declared in `truceline.publish.bulletins.tables` and
        `truceline.core.types.tables`. `incidents` holds the two lists and nothing else.
    """

    identity: str
    kind: str
    issued: int
    period: tuple[int, int]
    period_before: tuple[int, int] | None
    judged_period: tuple[int, int]
    settings: BulletinSettings
    geography: Geography
    previous: str | None
    provenance: Mapping[str, str]
    summary: pl.DataFrame
    incidents: pl.DataFrame
    counts: pl.DataFrame
    shares: pl.DataFrame
    gaps: pl.DataFrame
    blind: pl.DataFrame
    states: pl.DataFrame
    series: pl.DataFrame
    claims: pl.DataFrame
    claim_items: pl.DataFrame
    changes: pl.DataFrame
    sources: pl.DataFrame
    weights: pl.DataFrame
    attributions: pl.DataFrame
    findings: pl.DataFrame
    observations: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables by the name of their data file."""
        return {
            "summary": self.summary,
            "incidents": self.incidents,
            "counts": self.counts,
            "attribution": self.shares,
            "unwatched": self.gaps,
            "not_watched": self.blind,
            "truce_states": self.states,
            "truce_series": self.series,
            "claims": self.claims,
            "claim_items": self.claim_items,
            "changes": self.changes,
            "sources": self.sources,
            "weights": self.weights,
            "party_probabilities": self.attributions,
            "findings": self.findings,
            "observations": self.observations,
        }


def compose(
    judgement: Judgement,
    settings: BulletinSettings,
    *,
    period: tuple[int, int],
    now: int,
    geography: Geography | None = None,
    claims: Sequence[ClaimLine] = (),
    published: Published | None = None,
    seen: pl.LazyFrame | None = None,
) -> Bulletin:
    """Fill the daily bulletin of a period from a judgement.

    Parameters
    ----------
    judgement : Judgement
        What was concluded.
    settings : BulletinSettings
        The case's words and limits.
    period : tuple of int
        What the bulletin covers, UTC microseconds, its end left out.
    now : int
        When it is issued.
    geography : Geography, optional
        What the case gives its maps.
    claims : sequence of ClaimLine
        What the parties said, with the ledger's arithmetic.
    published : Published, optional
        The last bulletin, for the changes since.
    seen : polars.LazyFrame, optional
        All that was judged, where the judgement itself holds only what its lists stand on.

    Returns
    -------
    Bulletin
        A pure function of the arguments: the same in, the same out.
    """
    identity = f"{settings.case_id}-daily-{_stamp(period[1])}"
    everything = judged(judgement)
    chosen = within(everything, period)
    return _fill(
        judgement,
        settings,
        everything,
        chosen,
        identity=identity,
        kind="daily",
        period=period,
        now=now,
        geography=geography,
        claims=claims,
        published=published,
        seen=seen,
    )


def compose_spot(
    judgement: Judgement,
    settings: BulletinSettings,
    *,
    incident_id: str,
    now: int,
    geography: Geography | None = None,
    claims: Sequence[ClaimLine] = (),
    seen: pl.LazyFrame | None = None,
) -> Bulletin:
    """Fill the spot report on one incident, as of now.

    It has the same sections as the daily bulletin; the truce states and gaps are those
    of the time of the incident.
    """
    everything = judged(judgement)
    chosen = everything.filter(
        (pl.col("incident_id") == incident_id) & (pl.col("listed") != "background")
    )
    if chosen.is_empty():
        raise InputError(
            f"the incident {incident_id!r} is on neither list.",
            hint="Name an incident of the list of violations or of the credible list.",
        )
    row = chosen.row(0, named=True)
    period = (row["t_start"], max(row["t_end"], row["t_start"] + 1))
    return _fill(
        judgement,
        settings,
        everything,
        chosen,
        identity=f"{settings.case_id}-spot-{incident_id[:12]}",
        kind="spot",
        period=period,
        now=now,
        geography=geography,
        claims=claims,
        published=None,
        seen=seen,
    )


def _fill(
    judgement: Judgement,
    settings: BulletinSettings,
    everything: pl.DataFrame,
    chosen: pl.DataFrame,
    *,
    identity: str,
    kind: str,
    period: tuple[int, int],
    now: int,
    geography: Geography | None,
    claims: Sequence[ClaimLine],
    published: Published | None,
    seen: pl.LazyFrame | None,
) -> Bulletin:
    before_period = _fair_comparison(judgement, settings) if kind == "daily" else None
    before = None if before_period is None else within(everything, before_period)
    listing = listed(chosen)
    ground = evidence(judgement, listing, settings.handling, settings.parties)
    listing = listing.drop("n_withheld").join(
        ground.withheld, on="incident_id", how="left", maintain_order="left"
    )
    listing = listing.with_columns(pl.col("n_withheld").fill_null(0))
    gaps = clipped(judgement.unwatched, period)
    return Bulletin(
        identity=identity,
        kind=kind,
        issued=now,
        period=period,
        period_before=before_period,
        judged_period=judgement.period,
        settings=settings,
        geography=geography or Geography(),
        previous=None if published is None else published.identity,
        provenance=dict(sorted(judgement.provenance.items())),
        summary=summary(chosen, before),
        incidents=listing,
        counts=counts(chosen, before),
        shares=shares(chosen, judgement.attributions, settings.parties),
        gaps=gaps,
        blind=blind(gaps, period),
        states=current(judgement.states, period),
        series=judgement.states.filter(pl.col("t_start") < period[1]).sort(
            "indicator", "sector", "t_start", "t_end"
        ),
        claims=claim_table(claims, everything, judgement.attributions, judgement.period),
        claim_items=item_table(claims),
        changes=CHANGE.empty() if published is None else changes(published, everything, listing),
        sources=_sources(judgement.observations.lazy() if seen is None else seen, period),
        weights=ground.weights,
        attributions=ground.attributions,
        findings=ground.findings,
        observations=ground.observations,
    )


def _fair_comparison(judgement: Judgement, settings: BulletinSettings) -> tuple[int, int] | None:
    """Return the period before, or nothing where the judgement does not cover it."""
    before = settings.period_before
    if before is None or before[0] < judgement.period[0] or before[1] > judgement.period[1]:
        return None
    return before


def _sources(observations: pl.LazyFrame, period: tuple[int, int]) -> pl.DataFrame:
    start, end = period
    used = (
        observations.filter((pl.col("t_start") < end) & (pl.col("t_end") >= start))
        .group_by("source", pl.col("instrument").cast(pl.String()))
        .agg(
            pl.len().cast(pl.Int64()).alias("observations"),
            pl.col("witness").n_unique().cast(pl.Int64()).alias("witnesses"),
            pl.col("received_at").max().alias("last_received_at"),
        )
    )
    return SOURCE_USE.conform(used.collect()).sort("source", "instrument")


def _stamp(micros: int) -> str:
    return format_time(micros).replace("-", "").replace(":", "")
