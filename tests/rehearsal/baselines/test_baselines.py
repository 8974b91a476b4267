"""Baselines do what their rules say, their flaws with them."""

import numpy as np
import polars as pl
import pytest

from truceline.agreement.reading import load_agreement
from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.core.types.time import DAY, HOUR
from truceline.judgement.assess import Setting, assess
from truceline.judgement.parameters import shipped_parameters
from truceline.rehearsal.baselines.clusters import dbscan_clusters
from truceline.rehearsal.baselines.contest import baseline_answers
from truceline.rehearsal.baselines.plain import claims_of, raw_counts
from truceline.rehearsal.baselines.points import fire_points, points_scheme
from truceline.rehearsal.baselines.seasonal_fires import seasonal_fires
from truceline.rehearsal.scores.score import score


def seen(rows) -> pl.DataFrame:
    base = {
        "source": "thermal", "instrument": "satellite_thermal", "witness": "P1", "t_start": 0,
        "t_end": 0, "received_at": 0, "lon": 0.0, "lat": 48.0, "sigma_m": 200.0,
        "phenomenon": "fire", "handling": "GREEN", "raw_file": "f", "raw_row": 1,
    }  # fmt: skip
    full = [{**base, "obs_id": f"{i:032d}", **row} for i, row in enumerate(rows)]
    return OBSERVATION.conform(pl.DataFrame(full, infer_schema_length=None))


def outage(source: str, hour: float) -> dict:
    return {
        "source": source, "instrument": "dataset", "phenomenon": "other", "lon": None,
        "lat": None, "sigma_m": None, "area": "ALL", "t_start": int(hour * HOUR),
        "t_end": int(hour * HOUR),
    }  # fmt: skip


def fire(mw: float, **more) -> dict:
    return {"attributes": f'{{"frp":{mw}}}', **more}


OUTAGE = [outage(s, 1) for s in ("internet-outage", "bgp-drop", "reachability")]


def test_a_small_fire_during_one_outage_is_confirmed() -> None:
    """The flaw: 2 for 15 MW, and one outage of the network counted as 3 + 2 + 2."""
    table = seen([fire(15.0), *OUTAGE])
    assert fire_points(table)["points"].to_list() == [9]
    assert points_scheme(table).incidents["p_hostile"].to_list() == [0.95]


def test_the_same_fire_stays_at_its_background_in_the_judgement(tmp_path) -> None:
    """What the points scheme calls confirmed is one fire here, with the outage or without."""
    terms = tmp_path / "agreement.yaml"
    terms.write_text(
        "id: made\ntitle: Made\nversion: '1'\nsources: [{title: Made for tests}]\n"
        "parties: [{id: alpha, name: Alpha}, {id: beta, name: Beta}]\n"
        "in_force: {start: '1960-01-01T00:00:00Z'}\n"
        "clauses: [{id: no-fire, text: No fire., kind: prohibition, phenomena: [fire]}]\n"
    )
    setting = Setting(load_agreement(terms), shipped_parameters())
    alone, during = (
        assess(seen(rows), EFFORT.empty(), setting, (-DAY, DAY))
        for rows in ([fire(15.0)], [fire(15.0), *OUTAGE])
    )
    place = during.incidents.filter(pl.col("lon").is_not_null())["incident_id"].item()
    then = during.assessments.filter(pl.col("incident_id") == place)
    assert then["p_hostile"].item() == alone.assessments["p_hostile"].item() < 0.1
    assert then["listed"].item() == "background"


@pytest.mark.parametrize(("mw", "points"), [(14.9, []), (15.0, [2]), (49.9, [2]), (50.0, [3])])
def test_points_of_a_fire_alone(mw: float, points: list[int]) -> None:
    assert fire_points(seen([fire(mw)]))["points"].to_list() == points


def test_points_end_at_25_km_and_6_hours() -> None:
    quake = {"instrument": "seismic", "phenomenon": "explosion_undetermined", "source": "seismic"}
    near = {**quake, "lat": 48.2}
    far = {**quake, "lat": 48.3}
    late = {**quake, "t_start": 7 * HOUR, "t_end": 7 * HOUR}
    assert fire_points(seen([fire(20), near]))["points"].to_list() == [4]
    assert fire_points(seen([fire(20), far]))["points"].to_list() == [2]
    assert fire_points(seen([fire(20), late]))["points"].to_list() == [2]
    assert fire_points(seen([fire(20), near, near]))["points"].to_list() == [4]


def test_seasonal_rule_needs_two_hits_a_week_apart() -> None:
    def days(*when: float) -> pl.DataFrame:
        burst = [fire(5.0, t_start=int(d * DAY) + k, t_end=int(d * DAY) + k) for d in when
                 for k in range(6)]  # fmt: skip
        return seen(burst)

    quiet = OBSERVATION.empty()
    rng = np.random.default_rng(1)
    one = seasonal_fires(days(700), quiet, rng).incidents
    assert (one["p_hostile"] < 0.1).all()
    two = seasonal_fires(days(700, 708, 717, 740), quiet, rng).incidents.sort("t_start")
    war = (two["p_hostile"] > 0.9).to_list()
    # Proven on day 708, kept for ten days (717 is within), lapsed by 740 unless hit anew.
    assert not any(war[:6])
    assert all(war[6:18])


def test_a_normal_season_is_no_war() -> None:
    rng = np.random.default_rng(2)

    def season(first_day):
        days = rng.integers(first_day, first_day + 70, 140)
        return seen([fire(5.0, t_start=int(d) * DAY, t_end=int(d) * DAY) for d in days])

    answers = seasonal_fires(season(735), season(370), rng).incidents
    assert (answers["p_hostile"] > 0.5).mean() < 0.35


def test_clusters_of_more_reports_are_surer() -> None:
    table = seen([{"lat": 48.0 + i * 0.001} for i in range(5)] + [{"lat": 50.0}])
    answers = dbscan_clusters(table)
    assert sorted(answers.incidents["p_hostile"].to_list()) == [0.2, 0.95]
    assert len(answers.members) == 6


def test_claims_are_one_party_s_and_raw_counts_leave_them_out() -> None:
    claim = {"instrument": "party_claim", "source": "reports-a", "witness": "a",
             "phenomenon": "burst", "party_claimed": "b"}  # fmt: skip
    other = {**claim, "witness": "b", "party_claimed": "a"}
    table = seen([claim, other, fire(10)])
    assert claims_of(table, "a").incidents["party"].to_list() == ["b"]
    assert len(raw_counts(table).incidents) == 1


def test_all_run_on_a_rehearsal_and_can_be_scored(rehearsed) -> None:
    names = []
    for name, answers in baseline_answers(rehearsed, np.random.default_rng(1)):
        names.append(name)
        figures = score(rehearsed, answers, name)
        assert 0.0 <= figures.happenings["brier"] <= 1.0
    assert len(names) == 6
    assert sum(n.startswith("claims of") for n in names) == 2


def test_baselines_read_only_what_can_be_known(rehearsed) -> None:
    observations = rehearsed.observations()
    before = points_scheme(observations).incidents
    shuffled = observations.sample(fraction=1.0, shuffle=True, seed=4)
    assert points_scheme(shuffled).incidents.sort("answer_id").equals(before.sort("answer_id"))
