"""Every language says the same things, and nothing is kept that is never said."""

from __future__ import annotations

import string
from collections import UserDict

import pytest

from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY, HOUR, day_bounds, from_micros, zone_of
from truceline.core.types.vocabulary import (
    EFFORT_REASONS,
    INSTRUMENTS,
    PHENOMENA,
    TRUCE_STATES,
)
from truceline.publish.bulletins import setting
from truceline.publish.bulletins.catalogue import LANGUAGES, catalogue
from truceline.publish.bulletins.changes import Published
from truceline.publish.bulletins.page import Dossier, Figure
from truceline.publish.bulletins.report import compose
from truceline.publish.bulletins.tables import CHANGE
from truceline.publish.wording import Wording

#: Closed lists, of which every word must be there whether or not one bulletin uses it.
CLOSED = {
    "kind": PHENOMENA,
    "instrument": INSTRUMENTS,
    "reason": EFFORT_REASONS,
    "state": TRUCE_STATES,
    "change": ("late", "withdrawn", "moved", "party", "clause", "probability"),
    "arithmetic": ("adds_up", "differs", "open", "not_itemised"),
    "relation": ("part_of", "subset_of", "restates", "apart_from", "total"),
    "bound": ("exact", "above", "at_least", "below", "at_most", "about"),
    "list": ("violation", "credible", "obstruction", "background"),
    "kind_of_report": ("daily", "period", "spot"),
}


class Heard(UserDict):
    """A catalogue that remembers what was asked of it."""

    def __init__(self, words):
        super().__init__(words)
        self.asked = set()

    def __getitem__(self, key):
        self.asked.add(key)
        return super().__getitem__(key)


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_keys_and_fields(language):
    reference, words = catalogue("en"), catalogue(language)
    assert words.keys() == reference.keys()
    for key, message in reference.items():
        assert fields(words[key]) == fields(message), key
        assert words[key].strip()


@pytest.mark.parametrize("family", CLOSED)
def test_closed_lists_are_worded_whole(family):
    assert {f"{family}.{code}" for code in CLOSED[family]} == {
        key for key in catalogue("en") if key.startswith(f"{family}.")
    }


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="no message catalogue") as caught:
        catalogue("xx")
    assert "uk" in caught.value.hint


def test_every_message_is_used(
    monkeypatch, make_judgement, make_many, settings, period, now, ground, claims
):
    heard = Heard(catalogue("en"))
    monkeypatch.setattr(
        setting, "wording",
        lambda bulletin, language: Wording(
            language, heard, dict(bulletin.settings.parties), bulletin.settings.timezone),
    )  # fmt: skip
    rich = make_judgement()
    import dataclasses

    import polars as pl

    on_nothing = dataclasses.replace(settings, period_before=None, exercise=True)
    blank = dataclasses.replace(rich, incidents=rich.incidents.with_columns(
        lon=pl.when(pl.col("kind") == "fire").then(None).otherwise("lon")))  # fmt: skip
    alarmed = dataclasses.replace(blank, states=rich.states.with_columns(alarm=True),
        unwatched=rich.unwatched.with_columns(sector=pl.lit("D")))  # fmt: skip
    everywhere = dataclasses.replace(rich, unwatched=pl.concat(
        rich.unwatched.with_columns(sector=pl.lit(f"S{n}")) for n in range(13)))  # fmt: skip
    # By its day alone, to some hours, to some days.
    first_day, next_day = day_bounds(
        from_micros(rich.incidents["t_best"][0]).astimezone(zone_of(settings.timezone)).date(),
        settings.timezone)  # fmt: skip
    vague = [dataclasses.replace(rich, incidents=rich.incidents.with_columns(
        t_start=start, t_end=end)) for start, end in (
            (pl.lit(first_day), pl.lit(next_day)),
            (pl.col("t_best") - 5 * HOUR, pl.col("t_best") + HOUR),
            (pl.col("t_best") - 3 * DAY, pl.col("t_best") + DAY))]  # fmt: skip
    first = compose(alarmed, settings, period=period, now=now, geography=ground, claims=claims)
    published = Published(first.identity, first.period, first.incidents.head(2))
    for bulletin in (
        compose(alarmed, settings, period=period, now=now, geography=ground, claims=claims,
                published=published),
        compose(rich, settings, period=period, now=now, geography=ground),
        compose(everywhere, settings, period=period, now=now, geography=ground),
        *(compose(one, settings, period=period, now=now, geography=ground) for one in vague),
        compose(make_judgement(make_many(300)), settings, period=period, now=now, geography=ground),
        compose(make_judgement((), quiet=True), on_nothing, period=period, now=now),
        compose(dataclasses.replace(rich, states=rich.states.filter(pl.col("sector") == "A")),
                settings, period=period, now=now),
    ):  # fmt: skip
        assert bulletin.changes.columns == list(CHANGE.dtypes())
        for section in setting.page(bulletin, "en", dossiers=9).sections:
            for block in section.blocks:
                parts = block.blocks if isinstance(block, Dossier) else (block,)
                for part in parts:
                    if isinstance(part, Figure):
                        part.draw(900.0, "x")
    closed = tuple(f"{family}." for family in CLOSED)
    unused = {key for key in heard if key not in heard.asked and not key.startswith(closed)}
    assert not unused - {"not_known"}
