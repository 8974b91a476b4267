"""Silence speaks only for those who could have seen: blind is not quiet."""

import math

import h3
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.tables import INCIDENT
from truceline.core.types.time import HOUR
from truceline.judgement.hostility.silence import EXPECTED_SIGNS, FLOOR_BITS, silence_weights

NOON = 1_935_748_800_000_000
NOBODY = pl.DataFrame(schema={"incident_id": pl.String, "source": pl.String})
CELL = h3.latlng_to_cell(48.0, 37.0, 7)


def incident(**change):
    row = {
        "incident_id": "i0",
        "kind": "explosion",
        "t_start": NOON,
        "t_end": NOON,
        "t_best": NOON,
        "lon": 37.0,
        "lat": 48.0,
        "n_observations": 1,
        "n_witnesses": 1,
        **change,
    }
    return INCIDENT.conform(pl.DataFrame([row]))


def camera(**change):
    return {"cell": CELL, "t_start": NOON - 1, "t_end": NOON + 1, **change}


@settings(max_examples=40, deadline=None)
@given(p=st.floats(0.01, 0.85))
def test_silence_weighs_the_log_of_the_chance_to_miss(watch, p):
    found = silence_weights(incident(), watch(camera(p_detect=p)), NOBODY)
    assert found["bits"].item() == pytest.approx(math.log2(1 - p))


def test_a_sure_watcher_still_weighs_no_more_than_the_floor(watch):
    found = silence_weights(incident(), watch(camera(p_detect=1.0)), NOBODY)
    assert found["bits"].item() == FLOOR_BITS


@pytest.mark.parametrize(
    "effort",
    [
        [],
        [camera(p_detect=0.0, reason="down")],
        [camera(t_end=NOON - 1, t_start=NOON - 9)],
        [camera(cell=h3.latlng_to_cell(49.0, 37.0, 7))],
        [camera(phenomenon="uav")],
        [camera(cell=None)],
        [camera(cell=None, area="elsewhere")],
    ],
    ids=["no effort", "down", "before", "other place", "other sign", "no place", "other area"],
)
def test_the_blind_weigh_nothing(watch, effort):
    assert silence_weights(incident(), watch(*effort), NOBODY).is_empty()


def test_a_watch_that_ends_within_the_incident_may_have_missed_it(watch):
    long = incident(t_end=NOON + 10)
    assert silence_weights(long, watch(camera()), NOBODY).is_empty()
    assert len(silence_weights(long, watch(camera(t_end=NOON + 10)), NOBODY)) == 1


moments = st.integers(0, 90).map(lambda hours: NOON + hours * HOUR)
stretches = st.tuples(moments, st.integers(0, 2000).map(lambda hours: hours * HOUR)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(stretches, max_size=5), watches=st.lists(stretches, max_size=5))
def test_a_watch_of_any_length_speaks_of_all_that_lies_in_it(watch, acts, watches):
    incidents = pl.concat(
        [INCIDENT.empty()]
        + [incident(incident_id=f"i{n}", t_start=a, t_end=b) for n, (a, b) in enumerate(acts)]
    )
    effort = watch(*[
        camera(source=f"s{n}", t_start=a, t_end=b) for n, (a, b) in enumerate(watches)
    ])  # fmt: skip
    found = silence_weights(incidents, effort, NOBODY).select("incident_id", "source").rows()
    assert sorted(found) == [
        (f"i{i}", f"s{s}")
        for i, (act_start, act_end) in enumerate(acts)
        for s, (start, end) in enumerate(watches)
        if start <= act_start and act_end <= end
    ]


def test_who_reported_it_was_not_silent(watch):
    heard = pl.DataFrame({"incident_id": ["i0"], "source": ["camera"]})
    effort = watch(camera(), camera(source="post"))
    assert silence_weights(incident(), effort, heard)["source"].to_list() == ["post"]


def test_one_source_is_silent_once_however_finely_its_effort_is_cut(watch):
    coarse = h3.latlng_to_cell(48.0, 37.0, 5)
    effort = watch(camera(p_detect=0.5), camera(p_detect=0.75), camera(cell=coarse, p_detect=0.25))
    found = silence_weights(incident(), effort, NOBODY)
    assert found["bits"].to_list() == pytest.approx([-2.0])


def test_a_watch_of_a_named_area_speaks_for_incidents_of_that_area(watch):
    somewhere = incident(lon=None, lat=None, area="north")
    effort = watch(camera(cell=None, area="north"), camera(source="post", cell=None, area="south"))
    assert silence_weights(somewhere, effort, NOBODY)["source"].to_list() == ["camera"]


def test_nobody_is_asked_about_what_no_watcher_reports(watch):
    """Heat from space has no place in the table: a shell need not burn."""
    assert "fire" not in EXPECTED_SIGNS
    effort = watch(camera(phenomenon="fire"))
    assert silence_weights(incident(kind="fire"), effort, NOBODY).is_empty()
