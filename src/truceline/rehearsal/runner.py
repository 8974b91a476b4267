"""The pipeline's answers to a rehearsal: the same judgement as on real evidence."""

from __future__ import annotations

import polars as pl

from truceline.agreement.case import Case, load_case
from truceline.core.types.tables import STATE
from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import permanent_heat
from truceline.evidence.background.rates import RATE, Background, fit_background
from truceline.judgement.assess import Limits, Setting, assess
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import Parameters, shipped_parameters
from truceline.judgement.sectors import effort_with_sector, with_sector
from truceline.judgement.truce_state.indicator import WHOLE_LINE, state_settings
from truceline.judgement.truce_state.state import truce_states
from truceline.judgement.watching import unwatched_sectors
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import (
    ANSWER,
    ANSWER_FINDING,
    ANSWER_MEMBER,
    ANSWER_PARTY,
    ANSWER_STATE,
    Answers,
)


def judge(
    folder: RehearsalFolder,
    parameters: Parameters | None = None,
    *,
    with_states: bool = True,
) -> Judgement:
    """Return the judgement of a rehearsal's truce. The truth is not read.

    Parameters
    ----------
    parameters : Parameters, optional
        Others than those that come with the package.
    with_states : bool
        Whether to judge the state of every sector and day too, which takes longest.
    """
    case = load_case(folder.path)
    setting = setting_of(folder, case, parameters or shipped_parameters())
    observations, effort = folder.observations(), folder.effort()
    states = _states(observations, effort, folder, case) if with_states else None
    return assess(
        observations,
        effort,
        setting,
        folder.period,
        states=states,
        unwatched=unwatched_sectors(
            setting.sectors, effort, folder.period, case.settings.thresholds.watched
        ),
    )


def setting_of(folder: RehearsalFolder, case: Case, parameters: Parameters) -> Setting:
    """Return all that the judgement of a rehearsal stands on beside its evidence."""
    quiet, _ = folder.background()
    background = Background(RATE.empty())
    if len(quiet):
        start, end = int(quiet["t_start"].min()), int(quiet["t_end"].max())  # type: ignore[arg-type]
        background = fit_background(quiet, start=start, end=end)
    limits = case.settings.thresholds
    return Setting(
        terms=case.terms,
        parameters=parameters,
        territory=case.territory(),
        sectors=case.sectors(),
        background=background,
        permanent=permanent_heat(pl.concat([quiet, folder.observations()])),
        limits=Limits(limits.name_party, limits.list_violation, limits.list_credible),
    )


def _states(
    observations: pl.DataFrame, effort: pl.DataFrame, folder: RehearsalFolder, case: Case
) -> pl.DataFrame:
    """Return the truce states by the case's indicators; none where it declares none."""
    settings = state_settings(case.settings)
    sources = {source for indicator in settings.indicators for source in indicator.sources}
    before, during = folder.before, folder.period
    if not sources or before[0] >= before[1]:
        return STATE.empty()
    sectors, of_sources = case.sectors(), pl.col("source").is_in(sorted(sources))
    watched = effort.filter(of_sources & pl.col("cell").is_not_null())
    return truce_states(
        with_sector(observations.filter(of_sources), sectors),
        effort_with_sector(watched, sectors),
        before,
        during,
        settings,
    )


def answers_of(judgement: Judgement) -> Answers:
    """Return a judgement in the form in which every program answers."""
    said = judgement.assessments.select("incident_id", "p_hostile", "party")
    first = (
        judgement.members.join(judgement.observations.select("obs_id", "received_at"), on="obs_id")
        .group_by("incident_id")
        .agg(known_at=pl.col("received_at").min())
    )
    incidents = (
        judgement.incidents.join(said, on="incident_id")
        .join(first, on="incident_id", how="left")
        .rename({"incident_id": "answer_id"})
    )
    named = {"incident_id": "answer_id"}
    return Answers(
        incidents=ANSWER.conform(incidents).sort("answer_id"),
        parties=ANSWER_PARTY.conform(judgement.attributions.rename(named)),
        members=ANSWER_MEMBER.conform(judgement.members.rename(named)),
        findings=ANSWER_FINDING.conform(judgement.findings.rename(named)),
        states=ANSWER_STATE.conform(_daily(judgement.states)),
    )


def _daily(states: pl.DataFrame) -> pl.DataFrame:
    """Return the days of the first indicator, sector by sector."""
    length = pl.col("t_end") - pl.col("t_start")
    daily = states.filter((pl.col("sector") != WHOLE_LINE) & (length <= DAY))
    first = daily["indicator"].unique().sort().head(1).to_list()
    return daily.filter(pl.col("indicator").is_in(first))
