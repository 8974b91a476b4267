"""Setting a bulletin in a language: the page that the screen and the print share."""

from __future__ import annotations

from typing import Final

from truceline.core.types.time import HOUR
from truceline.publish.bulletins.catalogue import wording
from truceline.publish.bulletins.page import Page
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections import (
    attribution,
    changes,
    claims,
    method,
    opening,
    truce,
    violations,
    watching,
)
from truceline.publish.wording import Wording

#: The longest day, on which clocks go back.
_LONGEST_DAY: Final = 25 * HOUR

_LABELS = ("contents", "table", "languages", "skip", "data", "number")


def page(bulletin: Bulletin, language: str, *, dossiers: int = 30) -> Page:
    """Return the bulletin in one language, its sections in the order monitors use.

    Parameters
    ----------
    bulletin : Bulletin
        What is said.
    language : str
        One of the catalogues.
    dossiers : int
        For how many of the surest findings to lay out the evidence; the data files hold
        that of all.
    """
    words = wording(bulletin, language)
    settings = bulletin.settings
    return Page(
        issued=bulletin.issued,
        language=language,
        title=settings.title,
        kind=words.say(f"kind_of_report.{_kind(bulletin)}"),
        facts=_facts(bulletin, words),
        banner=words.say("exercise") if settings.exercise else "",
        sections=(
            opening.section(bulletin, words),
            violations.section(bulletin, words, dossiers=dossiers),
            attribution.section(bulletin, words),
            watching.section(bulletin, words),
            truce.section(bulletin, words),
            claims.section(bulletin, words),
            method.section(bulletin, words),
            changes.section(bulletin, words),
        ),
        reference=bulletin.identity,
        disclaimer=settings.disclaimer,
        labels={key: words.say(f"page.{key}") for key in _LABELS},
        others=tuple((code, f"bulletin.{code}.html") for code in settings.languages),
    )


def _kind(bulletin: Bulletin) -> str:
    """Return what the page calls itself: a bulletin of months is no daily one."""
    start, end = bulletin.period
    return "period" if bulletin.kind == "daily" and end - start > _LONGEST_DAY else bulletin.kind


def _facts(bulletin: Bulletin, words: Wording) -> tuple[tuple[str, str], ...]:
    def span(period: tuple[int, int]) -> str:
        return f"{words.both(period[0])} \u2013 {words.both(period[1])}"

    before = bulletin.period_before
    compared = words.say("fact.no_comparison") if before is None else span(before)
    return (
        (words.say("fact.period"), span(bulletin.period)),
        (words.say("fact.compared"), compared),
        (words.say("fact.issued"), words.both(bulletin.issued)),
        (words.say("fact.identity"), bulletin.identity),
        (words.say("fact.handling"), f"TLP:{bulletin.settings.handling}"),
    )
