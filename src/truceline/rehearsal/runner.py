"""The pipeline's answers to a rehearsal: the same judgement as on real evidence."""

from __future__ import annotations

import polars as pl

from truceline.agreement.case import load_case
from truceline.evidence.background.permanent_heat import permanent_heat
from truceline.evidence.background.rates import RATE, Background, fit_background
from truceline.judgement.assess import Limits, Setting, assess
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import Parameters, shipped_parameters
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import (
    ANSWER,
    ANSWER_FINDING,
    ANSWER_MEMBER,
    ANSWER_PARTY,
    Answers,
)


def judge(folder: RehearsalFolder, parameters: Parameters | None = None) -> Judgement:
    """Return the judgement of a rehearsal's truce. The truth is not read."""
    case = load_case(folder.path)
    quiet, _ = folder.background()
    background = Background(RATE.empty())
    if len(quiet):
        start, end = int(quiet["t_start"].min()), int(quiet["t_end"].max())  # type: ignore[arg-type]
        background = fit_background(quiet, start=start, end=end)
    limits = case.settings.thresholds
    setting = Setting(
        terms=case.terms,
        parameters=parameters or shipped_parameters(),
        territory=case.territory(),
        sectors=case.sectors(),
        background=background,
        permanent=permanent_heat(pl.concat([quiet, folder.observations()])),
        limits=Limits(limits.name_party, limits.list_violation, limits.list_credible),
    )
    return assess(folder.observations(), folder.effort(), setting, folder.period)


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
    )
