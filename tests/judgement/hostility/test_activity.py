"""Activity: what was seen around here lately, and who cannot talk it up."""

import polars as pl
import pytest

from truceline.core.types.tables import INCIDENT
from truceline.core.types.time import DAY
from truceline.judgement.hostility.activity import WINDOW_DAYS, activity, credits_of, seen_around

NOON = 1_935_748_800_000_000


def incidents(*rows):
    table = [
        {
            "incident_id": f"i{i}",
            "kind": "explosion",
            "t_start": NOON,
            "t_end": NOON,
            "t_best": NOON,
            "lon": 37.0,
            "lat": 48.0,
            "n_observations": 1,
            "n_witnesses": 1,
            **row,
        }
        for i, row in enumerate(rows)
    ]
    return INCIDENT.conform(pl.DataFrame(table, infer_schema_length=None))


def told(*instruments, kind="heard"):
    names = [f"i{i}" for i in range(len(instruments))]
    kinds = [f"{instrument}/{kind}" for instrument in instruments]
    table = {"incident_id": names, "instrument": list(instruments), "kind": kinds}
    return credits_of(pl.DataFrame(table))


def doublings(places, credited):
    found = activity(places, credited, seen_around(places, credited))
    return dict(found.select("incident_id", "doublings").rows())


def test_alone_there_is_no_activity():
    assert doublings(incidents({}), told("patrol")) == {"i0": 0.0}


def test_each_counts_by_the_best_of_its_witnesses():
    """Beside three that a patrol saw and one from the news: 1 + 4 * 3.3, and 1 + 4 * 4."""
    found = doublings(incidents(*[{}] * 5), told("patrol", "patrol", "patrol", "news", "patrol"))
    assert found["i0"] == pytest.approx(3.828, abs=1e-3)
    assert found["i3"] == pytest.approx(4.087, abs=1e-3)


@pytest.mark.parametrize("instrument", ["party_claim", "satellite_thermal", "alert"])
def test_no_party_talks_a_place_into_violence_and_no_harvest_burns_it_there(instrument):
    crowd = doublings(incidents(*[{}] * 50), told(*[instrument] * 50))
    assert set(crowd.values()) == {0.0}


def test_what_tells_of_nothing_counts_nothing():
    assert told("news", kind="nothing").is_empty()


@pytest.mark.parametrize(
    ("days", "lon", "counts"),
    [(0, 37.0, True), (1 - WINDOW_DAYS, 37.0, True), (-WINDOW_DAYS, 37.0, False),
     (1, 37.0, False), (0, 37.1, True), (0, 38.0, False)],
)  # fmt: skip
def test_only_what_is_near_in_place_and_lately_counts(days, lon, counts):
    other = {"t_best": NOON + days * DAY, "lon": lon}
    found = doublings(incidents({}, other), told("patrol", "patrol"))
    assert (found["i0"] > 0) is counts


NOWHERE = {"lon": None, "lat": None}


def test_an_incident_without_a_place_takes_the_mean_of_those_that_count():
    """Two patrols see each other's incident: a mean of one; a third, far off, makes it 2/3."""
    found = doublings(incidents(NOWHERE, {}, {}), told(*["patrol"] * 3))
    assert found["i0"] == found["i1"] == pytest.approx(2.322, abs=1e-3)
    found = doublings(incidents(NOWHERE, {}, {}, {"lon": 39.0}), told(*["patrol"] * 4))
    assert found["i0"] == pytest.approx(1.874, abs=1e-3)


def test_without_a_place_only_the_last_days_count():
    late = {**NOWHERE, "t_best": NOON + WINDOW_DAYS * DAY}
    found = doublings(incidents(NOWHERE, {}, {}, late), told(*["patrol"] * 4))
    assert found["i0"] > 0.0
    assert found["i3"] == 0.0


def test_those_without_a_place_count_for_nobody():
    found = doublings(incidents(*[NOWHERE] * 9, {}), told(*["patrol"] * 10))
    assert set(found.values()) == {0.0}
