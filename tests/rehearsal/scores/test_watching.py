"""What effort calls watched was seen; what was blind is not called watched."""

import pytest

from truceline.core.types.tables import EFFORT
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.watching import chance_of_being_seen, watching_figures


def test_watched_is_seen_about_as_often_as_stated(rehearsed) -> None:
    figures = watching_figures(rehearsed)
    assert figures["acts"] > 50
    assert 0.2 < figures["share_watched"] < 1.0
    # Others than those who state their effort see it too, so it may be more, hardly less.
    assert figures["seen_when_watched"] > figures["stated_chance_when_watched"] - 0.1
    assert figures["seen_when_watched"] > figures["seen_when_not_watched"]


def test_without_effort_nothing_was_watched(rehearsed, monkeypatch) -> None:
    monkeypatch.setattr(RehearsalFolder, "effort", lambda self: EFFORT.empty())
    assert watching_figures(rehearsed)["share_watched"] == 0.0


def test_chances_of_two_sources_are_joined(rehearsed) -> None:
    acts = rehearsed.truth("true_event").filter(rehearsed.truth("true_event")["is_truce"]).head(1)
    import h3

    cell = h3.latlng_to_cell(acts["lat"][0], acts["lon"][0], 7)
    start = acts["t_start"][0]
    row = {
        "source": "a", "instrument": "camera", "cell": cell, "t_start": start - 1,
        "t_end": start + 1, "phenomenon": "explosion_impact", "p_detect": 0.5,
        "reason": "watching",
    }  # fmt: skip
    import polars as pl

    effort = EFFORT.conform(pl.DataFrame([row, {**row, "source": "b"}]))
    assert chance_of_being_seen(acts, effort)["p"].to_list() == [pytest.approx(0.75)]
