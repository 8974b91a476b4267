"""One plain sentence with figures: what a state rests on."""

from __future__ import annotations

from truceline.judgement.truce_state.decision import Decision, Silence
from truceline.judgement.truce_state.evidence import Evidence
from truceline.judgement.truce_state.indicator import Indicator, StateSettings
from truceline.judgement.truce_state.trend import Trend


def explain(
    indicator: Indicator,
    evidence: Evidence,
    trend: Trend | None,
    silence: Silence | None,
    decision: Decision,
    settings: StateSettings,
) -> str:
    """Return the sentence of one state."""
    if decision.rule == "effort":
        return (
            f"Only {evidence.effort:.0%} of the time was watched, less than the "
            f"{settings.least_effort:.0%} needed, so that {_counted(evidence)} says nothing."
        )
    if decision.rule == "no_before":
        return f"{_sentence(_counted(evidence))}, but no rate before the truce is known."
    parts = [_compared(indicator, evidence)]
    if silence is not None:
        parts.append(_silence(silence, decision, settings))
    if decision.rule in ("ratio", "wide", "level", "proxy"):
        parts.append(_verdict(evidence, decision, settings))
    if decision.rule == "rate":
        parts.append(f"more than the {settings.broken_rate:g} a day that is called broken")
    if trend is not None and decision.rule == "trend":
        parts.append(
            f"up from {_figure(trend.early)} to {_figure(trend.recent)} a day within the truce "
            f"(above {settings.erosion_ratio:g} times with probability {_chance(trend.p_rising)}, "
            "and the alarm stands)"
        )
    return _sentence("; ".join(parts)) + "."


def _counted(evidence: Evidence) -> str:
    days = f"{evidence.exposure:.3g} watched day" + ("" if evidence.exposure == 1 else "s")
    return f"{_figure(evidence.count)} counted in {days}"


def _compared(indicator: Indicator, evidence: Evidence) -> str:
    base, ratio = evidence.baseline, evidence.ratio
    text = f"{_counted(evidence)} against {_figure(evidence.rate_before)} a day before"
    if base.years:
        text += f", moved by the season of {base.years} other years"
    if base.windows:
        alike = "windows on the same weekdays" if indicator.is_weekly else "comparable windows"
        text += f" ({base.windows} {alike}, {base.lower} of them as low)"
    else:
        text += " (no comparable windows, so a spread is assumed)"
    if ratio is not None:
        text += f": ratio {ratio.value:.2g} ({ratio.low:.2g} to {ratio.high:.2g})"
    return text


def _silence(silence: Silence, decision: Decision, settings: StateSettings) -> str:
    if decision.rule == "contradicted":
        others = ", ".join(_beside(n, e) for n, e in silence.contradicting)
        return f"the missing row cannot count as zero because {others} did not fall"
    habit = silence.habit
    if habit is None:
        return "no row is a zero because the source was watching"
    days = f"on {habit.reported_before} of {habit.before} periods before"
    if habit.after:
        days += f" and {habit.reported_after} of {habit.after} after"
    if decision.rule == "habit":
        return (
            f"the missing row cannot count as zero because the source reported only {days}, "
            f"less than the {settings.least_habit:.0%} needed"
        )
    text = f"the missing row counts as zero because the source reported {days}"
    if silence.agreeing:
        text += " and " + ", ".join(_beside(n, e) for n, e in silence.agreeing) + " agrees"
    return text


def _beside(name: str, evidence: Evidence) -> str:
    return f"{name} ({_figure(evidence.count)} against {_figure(evidence.rate_before)} a day)"


def _verdict(evidence: Evidence, decision: Decision, settings: StateSettings) -> str:
    holding, broken = evidence.p_holding or 0.0, evidence.p_broken or 0.0
    share = f"the agreed {settings.holding_share:g}"
    if decision.rule == "proxy":
        return _proxy(holding, broken, settings)
    if decision.state == "holding":
        return f"below {share} with probability {_chance(holding)}"
    if decision.state == "broken":
        return f"above {settings.broken_share:g} with probability {_chance(broken)}"
    if decision.state == "eroding":
        return f"above {share} and below {settings.broken_share:g}, which is called broken"
    return (
        f"too wide to say: below {share} with probability {_chance(holding)}, above "
        f"{settings.broken_share:g} with {_chance(broken)}"
    )


def _proxy(holding: float, broken: float, settings: StateSettings) -> str:
    fits = [
        word
        for word, p in (("holding", holding), ("broken", broken))
        if p >= 1.0 - settings.certainty
    ]
    means = " and with ".join(fits) if fits else "a partial fall"
    return f"a proxy decides nothing by itself, and this is consistent with {means}"


def _figure(value: float | None) -> str:
    if value is None:
        return "an unknown number"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _chance(p: float) -> str:
    return "over 0.99" if p > 0.99 else "under 0.01" if p < 0.01 else f"{p:.2f}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
