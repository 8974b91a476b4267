"""What is counted to tell how a truce is doing, and the limits it is judged by."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.agreement.case import CaseSettings
from truceline.core.types.errors import TermsError
from truceline.core.types.vocabulary import PHENOMENA

#: The sector under which everything is counted together.
WHOLE_LINE = "whole line"

_CHOICES = {
    "measure": ("count", "rows", "witnesses"),
    "placed": ("start", "end"),
    "effort": ("declared", "unknown"),
    "role": ("direct", "proxy"),
    "period": ("day", "month"),
}


@dataclass(frozen=True)
class Indicator:
    """One thing that is counted, from which sources, and what its silence means.

    Attributes
    ----------
    name : str
        Short name, as published.
    sources : tuple of str
        Names of the sources it is counted from.
    phenomena, weapon_classes : tuple of str
        Kinds that count; empty is all.
    measure : str
        `count` adds up the counts of the rows, `rows` the rows, and `witnesses` the
        distinct witnesses of a period: a document that lists forty places is one.
    placed : str
        The end of a row that gives it its period: `start` or `end` (a night belongs to the
        day on which it ends). A row longer than a period and a half is spread evenly.
    effort : str
        `declared`: a period counts only as far as the effort table says it was watched,
        and nothing seen in it is then a zero. `unknown`: the source does not say what it
        would have seen; its own total output then says how far its effort may vary.
    role : str
        `direct` indicators decide a state. A `proxy` moves with other things as well: it
        may be consistent with a state, never decide one.
    period : str
        `day` or `month`: the grain of its reports.
    is_weekly : bool
        Whether the source has a weekly rhythm; compared with the same weekdays then.
    has_whole_periods : bool
        Whether reports cover whole periods only; a period the truce cuts is then not judged.
    other_years : tuple of int
        Years, relative to the truce, of the same season without one: their change over the
        same dates is taken off, and its scatter added to the interval.
    beside : tuple of str
        Indicators that must not contradict a silence of this one.
    areas : tuple of str
        Areas whose rows count; empty is all.
    near_line_m : float or None
        Greatest distance to the line of a row that counts, metres; rows then need a column
        `line_distance_m`, and one whose distance is not known does not count.
    """

    name: str
    sources: tuple[str, ...]
    phenomena: tuple[str, ...] = ()
    weapon_classes: tuple[str, ...] = ()
    measure: str = "rows"
    placed: str = "start"
    effort: str = "declared"
    role: str = "direct"
    period: str = "day"
    is_weekly: bool = False
    has_whole_periods: bool = True
    other_years: tuple[int, ...] = ()
    beside: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    near_line_m: float | None = None

    def __post_init__(self) -> None:
        for field, choices in _CHOICES.items():
            if getattr(self, field) not in choices:
                raise TermsError(
                    f"the indicator {self.name!r} has {field} {getattr(self, field)!r}.",
                    hint=f"Use one of {', '.join(choices)}.",
                )
        unknown = sorted(set(self.phenomena) - set(PHENOMENA))
        if unknown:
            raise TermsError(
                f"the indicator {self.name!r} counts unknown phenomena: {', '.join(unknown)}."
            )
        if not self.sources:
            raise TermsError(f"the indicator {self.name!r} names no source.")


@dataclass(frozen=True)
class StateSettings:
    """The declared limits by which a truce is called holding, eroding or broken.

    Attributes
    ----------
    indicators : tuple of Indicator
        What is counted.
    timezone : str
        IANA name of the local time whose days and months are the periods.
    holding_share : float
        Agreed share of the rate before, below which the truce is holding.
    broken_share : float
        Share of the rate before, above which it is broken.
    broken_rate : float or None
        Rate a day above which it is broken whatever was before.
    certainty : float
        Probability that a state must have to be given.
    least_effort : float
        Least exposure, as a share of full effort, of a period that is judged.
    least_habit : float
        Least share of days around on which a source reported, for its silence to be a zero.
    habit_days : int
        Days on either side over which that is looked at.
    default_log_sd : float
        Spread between windows where too few can be compared: 0.7 is a factor of two.
    default_windows : float
        Weight of that default, in windows.
    trend_periods : int
        Length of the early and of the recent window of a trend.
    erosion_ratio : float
        Recent over early rate above which the truce is eroding.
    alarm_ratio : float
        Feared over early rate that the alarm is built to catch.
    false_alarm_periods : float
        Stated mean number of periods between false alarms.
    """

    indicators: tuple[Indicator, ...]
    timezone: str = "UTC"
    holding_share: float = 0.25
    broken_share: float = 0.5
    broken_rate: float | None = None
    certainty: float = 0.9
    least_effort: float = 0.5
    least_habit: float = 0.8
    habit_days: int = 30
    default_log_sd: float = 0.7
    default_windows: float = 2.0
    trend_periods: int = 7
    erosion_ratio: float = 1.5
    alarm_ratio: float = 2.0
    false_alarm_periods: float = 365.0

    def __post_init__(self) -> None:
        if not 0 < self.holding_share <= self.broken_share:
            raise TermsError(
                f"the share called holding ({self.holding_share:g}) must be above 0 and not "
                f"above the share called broken ({self.broken_share:g})."
            )
        if not 0.5 < self.certainty < 1:
            raise TermsError(f"the certainty {self.certainty:g} is not between 0.5 and 1.")
        names = [indicator.name for indicator in self.indicators]
        strangers = {b for i in self.indicators for b in i.beside} - set(names)
        if len(set(names)) != len(names) or strangers:
            raise TermsError(
                "indicators must have different names, and `beside` must name some of them.",
                hint=f"The names are {', '.join(names)}.",
            )
        periods = {indicator.name: indicator.period for indicator in self.indicators}
        for indicator in self.indicators:
            if any(periods[b] != indicator.period for b in indicator.beside):
                raise TermsError(
                    f"the indicator {indicator.name!r} has one beside it of another period."
                )


def state_settings(case: CaseSettings) -> StateSettings:
    """Return the limits and indicators that a case declares."""
    return StateSettings(
        tuple(Indicator(**indicator.model_dump()) for indicator in case.indicators),
        timezone=case.timezone,
        **case.state.model_dump(),
    )
