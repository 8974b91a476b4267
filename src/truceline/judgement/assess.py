"""The judgement of a period: from observations and effort to incidents and findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from truceline.agreement.reading import AgreementFile
from truceline.core.sorting import run_starts
from truceline.core.space.lines import Sectors, Territory
from truceline.core.types.tables import ASSESSMENT, ATTRIBUTION, EFFORT, OBSERVATION, STATE, WEIGHT
from truceline.evidence.background.rates import RATE, Background
from truceline.evidence.observations import in_order
from truceline.judgement.attribution.parties import attribute
from truceline.judgement.clauses import clause_findings
from truceline.judgement.hostility.evidence import (
    Evidence,
    Heard,
    gather,
    hear,
    prior_of,
    together,
    weights_of,
)
from truceline.judgement.incidents.association import associate
from truceline.judgement.incidents.regrouping import Grouping, regroup
from truceline.judgement.judgement import UNWATCHED, Judgement
from truceline.judgement.parameters import Parameters
from truceline.judgement.sectors import with_sector


@dataclass(frozen=True)
class Limits:
    """Probabilities from which on a word is used.

    Attributes
    ----------
    name_party, list_violation, list_credible : float
        See `ThresholdSettings`.
    """

    name_party: float = 0.93
    list_violation: float = 0.5
    list_credible: float = 0.5


@dataclass(frozen=True)
class Setting:
    """All that a judgement stands on beside the evidence.

    Attributes
    ----------
    terms : AgreementFile
        What was agreed.
    parameters : Parameters
        What evidence is worth.
    territory : Territory or None
        Who holds which ground; null leaves attribution to words alone.
    sectors : Sectors
        Named stretches of the line.
    background : Background
        What is seen without a violation.
    permanent : polars.DataFrame
        Squares of permanent heat.
    limits : Limits
        Thresholds.
    groupings : tuple of Grouping
        What people put together or took apart.
    """

    terms: AgreementFile
    parameters: Parameters
    territory: Territory | None = None
    sectors: Sectors = field(default_factory=lambda: Sectors({}))
    background: Background = field(default_factory=lambda: Background(RATE.empty()))
    permanent: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"gx": pl.Int64, "gy": pl.Int64})
    )
    limits: Limits = Limits()
    groupings: tuple[Grouping, ...] = ()


def origin_and_clauses(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    seen: pl.DataFrame,
    hostile: pl.DataFrame,
    setting: Setting,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the attributions and the findings of incidents, each of which stands alone.

    Parameters
    ----------
    incidents, members, seen : polars.DataFrame
        Schemas `INCIDENT`, `MEMBER` and `OBSERVATION`.
    hostile : polars.DataFrame
        Columns `incident_id` and `p_hostile`.
    setting : Setting
        Terms and ground.
    """
    attributions = _attribute(incidents, members, seen, setting)
    return attributions, clause_findings(
        incidents, hostile, attributions, setting.terms, setting.territory
    )


#: From incidents, their members, what was seen and `p_hostile` to attributions and findings.
Origin = Callable[
    [pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame, Setting],
    tuple[pl.DataFrame, pl.DataFrame],
]


@dataclass(frozen=True)
class Conclusions:
    """What was concluded on incidents: tables of the schemas of those names."""

    assessments: pl.DataFrame
    weights: pl.DataFrame
    attributions: pl.DataFrame
    findings: pl.DataFrame


def assess(
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    setting: Setting,
    period: tuple[int, int],
    *,
    states: pl.DataFrame | None = None,
    unwatched: pl.DataFrame | None = None,
    provenance: Mapping[str, str] | None = None,
    origin: Origin = origin_and_clauses,
) -> Judgement:
    """Return what happened in a period, and who answers for it.

    The answer depends neither on the order of the rows nor on rows given twice.

    Parameters
    ----------
    observations, effort : polars.DataFrame
        Schemas `OBSERVATION` and `EFFORT`.
    setting : Setting
        Terms, ground, background and parameters.
    period : tuple of int
        First and last microsecond judged, UTC; other observations are left out.
    states, unwatched : polars.DataFrame, optional
        Truce states and what was not watched, carried along.
    provenance : mapping, optional
        Hashes and versions, carried along.
    origin : callable
        How attributions and findings are come by; the answer is the same.
    """
    seen, incidents, members, evidence = collect(observations, effort, setting, period)
    made = conclude(incidents, members, seen, evidence, setting, origin)
    return Judgement(
        observations=seen,
        effort=EFFORT.conform(effort),
        incidents=incidents,
        members=members,
        assessments=made.assessments,
        weights=made.weights,
        attributions=made.attributions,
        findings=made.findings,
        states=STATE.empty() if states is None else states,
        unwatched=UNWATCHED.empty() if unwatched is None else unwatched,
        period=period,
        provenance={"parameters": setting.parameters.version, **(provenance or {})},
    )


def collect(
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    setting: Setting,
    period: tuple[int, int],
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, Evidence]:
    """Return the observations of a period, their incidents and members, and the evidence.

    Nothing fitted is used: a fit and a judgement stand on the same.
    """
    seen = OBSERVATION.conform(observations).filter(of_period(period)).pipe(in_order)
    incidents, members = associate(seen)
    if setting.groupings:
        incidents, members = regroup(members, seen, setting.groupings)
    incidents = with_sector(incidents, setting.sectors)
    heard = heard_by(incidents, members, seen, setting)
    across = together([heard.across])
    evidence = gather(incidents, heard.told, across, effort, setting.parameters)
    return seen, incidents, members, evidence


def of_period(period: tuple[int, int]) -> pl.Expr:
    """Tell whether an observation touches a period."""
    start, end = period
    return (pl.col("t_end") >= start) & (pl.col("t_start") < end)


def heard_by(
    incidents: pl.DataFrame, members: pl.DataFrame, seen: pl.DataFrame, setting: Setting
) -> Heard:
    """Return what is known of each incident by looking at it alone."""
    return hear(incidents, members, seen, setting.background, setting.permanent, setting.parameters)


def conclude(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    seen: pl.DataFrame,
    evidence: Evidence,
    setting: Setting,
    origin: Origin = origin_and_clauses,
) -> Conclusions:
    """Conclude on incidents from the evidence on them."""
    weights = weights_of(evidence, setting.parameters)
    scored = _score(incidents, evidence, weights, setting.parameters)
    hostile = scored.select("incident_id", "p_hostile")
    attributions, findings = origin(incidents, members, seen, hostile, setting)
    return Conclusions(
        _assessed(scored, attributions, findings, weights, setting.limits),
        WEIGHT.conform(weights),
        attributions,
        findings,
    )


def _score(
    incidents: pl.DataFrame, evidence: Evidence, weights: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    """Add up prior and weights to the probability of a hostile act."""
    added = _added(weights)
    slope, offset = parameters.calibration
    odds = slope * (pl.col("prior_bits") + pl.col("evidence_bits")) + offset
    return (
        incidents.with_columns(
            prior_of(evidence, parameters)["prior_bits"],
            incident=pl.int_range(pl.len()),
        )
        .join(added, on="incident", how="left", maintain_order="left")
        .with_columns(p_hostile=1.0 / (1.0 + pl.lit(2.0).pow(-odds.clip(-60.0, 60.0))))
    )


def _added(weights: pl.DataFrame) -> pl.DataFrame:
    """Add up the bits of each incident in the order of their rows.

    Sums of fractions in another order end in other digits, and a group's rows are added up in
    whatever order threads come to them.
    """
    starts = run_starts(weights["incident"])
    bits = weights["bits"].to_numpy()
    return pl.DataFrame(
        {
            "incident": weights["incident"].gather(starts),
            "evidence_bits": np.add.reduceat(bits, starts) if len(starts) else bits,
        }
    )


def _attribute(
    incidents: pl.DataFrame, members: pl.DataFrame, seen: pl.DataFrame, setting: Setting
) -> pl.DataFrame:
    if incidents.is_empty():
        return ATTRIBUTION.empty()
    parties = [party.id for party in setting.terms.agreement.parties]
    territory = setting.territory or Territory(dict.fromkeys(parties), 0.0)
    return attribute(incidents, members, seen, territory, setting.parameters)


def _assessed(
    scored: pl.DataFrame,
    attributions: pl.DataFrame,
    findings: pl.DataFrame,
    weights: pl.DataFrame,
    limits: Limits,
) -> pl.DataFrame:
    """Put each incident on a list, and name a party only where the limit allows it."""
    violation = pl.col("p_violation").fill_null(0.0)
    table = (
        scored.join(_best_party(attributions), on="incident_id", how="left")
        .join(_best_clause(findings), on="incident_id", how="left")
        .join(_strongest(weights), on="incident", how="left")
        .with_columns(
            p_violation=violation,
            p_party=pl.col("p_party").fill_null(0.0),
            # A name says both that it was hostile and who did it.
            party=pl.when(pl.col("p_hostile") * pl.col("p_party") >= limits.name_party).then(
                "party"
            ),
            decisive=pl.col("decisive").fill_null("no witness"),
            listed=pl.when(violation >= limits.list_violation)
            .then(pl.lit("violation"))
            .when(pl.col("p_hostile") >= limits.list_credible)
            .then(pl.lit("credible"))
            .otherwise(pl.lit("background")),
        )
    )
    return ASSESSMENT.conform(table).sort("incident_id")


def _best_party(attributions: pl.DataFrame) -> pl.DataFrame:
    return (
        attributions.filter(pl.col("party") != "unattributable")
        .sort("incident_id", "p", "party", descending=[False, True, False])
        .group_by("incident_id", maintain_order=True)
        .agg(party=pl.col("party").first(), p_party=pl.col("p").first())
    )


def _best_clause(findings: pl.DataFrame) -> pl.DataFrame:
    return (
        findings.sort("incident_id", "p_violation", "clause", descending=[False, True, False])
        .group_by("incident_id", maintain_order=True)
        .agg(clause=pl.col("clause").first(), p_violation=pl.col("p_violation").first())
    )


def _strongest(weights: pl.DataFrame) -> pl.DataFrame:
    """Return the witness that weighs most for each incident, in words."""
    size = weights["bits"].abs()
    peak = weights.select(pl.col("bits").abs().max().over("incident")).to_series()
    said = pl.format("{} ({}): {} bits", "source", "witness", pl.col("bits").round(1))
    # Of two that weigh the same, for and against, the one whose name comes first.
    return (
        weights.filter(size == peak)
        .sort("incident", "source", "witness")
        .unique("incident", keep="first", maintain_order=True)
        .select("incident", decisive=said)
    )
