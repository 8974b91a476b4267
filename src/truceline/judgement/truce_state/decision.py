"""From evidence to a word: the declared rules for holding, eroding, broken and not known."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.judgement.truce_state.evidence import Evidence
from truceline.judgement.truce_state.indicator import Indicator, StateSettings
from truceline.judgement.truce_state.rates import rate_below
from truceline.judgement.truce_state.silence import Habit
from truceline.judgement.truce_state.trend import Trend


@dataclass(frozen=True)
class Silence:
    """Why no row at all is, or is not, a zero.

    Attributes
    ----------
    habit : Habit or None
        The source's habit, where its effort is no more than that.
    agreeing, contradicting : tuple of Evidence with a name
        Indicators beside it, by what they say of the same window.
    """

    habit: Habit | None
    agreeing: tuple[tuple[str, Evidence], ...] = ()
    contradicting: tuple[tuple[str, Evidence], ...] = ()


@dataclass(frozen=True)
class Decision:
    """A state, and the rule it comes from.

    Attributes
    ----------
    state : str
        One of `TRUCE_STATES`.
    rule : str
        Name of the rule, as in the method page.
    """

    state: str
    rule: str


def decide(
    indicator: Indicator,
    evidence: Evidence,
    trend: Trend | None,
    silence: Silence | None,
    settings: StateSettings,
) -> Decision:
    """Return the state of one indicator in one window; the first rule that applies.

    In order: too little effort, no rate before, a silence that is no zero, a proxy,
    broken, eroding by its trend, holding, eroding by its level, too wide to say.
    """
    unknown = _unknown(indicator, evidence, silence, settings)
    if unknown is not None:
        return Decision("not known", unknown)
    sure = settings.certainty
    if (evidence.p_broken or 0.0) >= sure:
        return Decision("broken", "ratio")
    if _above_absolute(evidence, settings):
        return Decision("broken", "rate")
    if trend is not None and trend.alarm and trend.p_rising >= sure:
        return Decision("eroding", "trend")
    holding, broken = evidence.p_holding or 0.0, evidence.p_broken or 0.0
    if holding >= sure:
        return Decision("holding", "ratio")
    if 1.0 - holding - broken >= sure:
        return Decision("eroding", "level")
    return Decision("not known", "wide")


def _unknown(
    indicator: Indicator, evidence: Evidence, silence: Silence | None, settings: StateSettings
) -> str | None:
    if evidence.effort < settings.least_effort:
        return "effort"
    if evidence.ratio is None:
        return "no_before"
    if silence is not None:
        if silence.contradicting:
            return "contradicted"
        if silence.habit is not None and silence.habit.share < settings.least_habit:
            return "habit"
    return "proxy" if indicator.role == "proxy" else None


def _above_absolute(evidence: Evidence, settings: StateSettings) -> bool:
    if settings.broken_rate is None:
        return False
    calm = rate_below(
        settings.broken_rate, evidence.count, evidence.exposure, evidence.baseline.spread
    )
    return bool(1.0 - calm >= settings.certainty)
