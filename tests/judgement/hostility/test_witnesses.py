"""What a witness is worth: the ratio by hand, and dependent ones not added up."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.tables import MEMBER
from truceline.core.types.time import parse_time
from truceline.evidence.background.rates import (
    CELL_KM2,
    RATE,
    Background,
    cell_of,
    season_of,
)
from truceline.judgement.hostility.witnesses import (
    PERMANENT_RATE,
    reporting_table,
    witness_weights,
)
from truceline.judgement.parameters import shipped_parameters

PARAMETERS = shipped_parameters()
NO_BACKGROUND = Background(RATE.empty())
NO_HEAT = pl.DataFrame(schema={"gx": pl.Int64, "gy": pl.Int64})


def ratio(p, rate):
    return math.log2((p + rate - p * rate) / rate)


def worth(instrument):
    row = next(r for r in PARAMETERS.reporting if r.instrument == instrument and not r.phenomena)
    return ratio(row.p_report, row.false_rate)


def weigh(members, observations, background=NO_BACKGROUND, permanent=NO_HEAT):
    return witness_weights(members, observations, background, permanent, PARAMETERS)


def test_a_witness_weighs_the_log_of_the_likelihood_ratio(observe, one_incident):
    seen = observe({"instrument": "patrol"})
    assert weigh(one_incident(seen), seen)["bits"].item() == pytest.approx(worth("patrol"))
    # By hand: p 0.5 and 1 false in 100 gives (0.5 + 0.01 - 0.005) / 0.01 = 50.5, 5.66 bits.
    assert ratio(0.5, 0.01) == pytest.approx(5.658, abs=1e-3)


def test_a_row_for_a_phenomenon_goes_before_the_row_of_its_instrument():
    table = reporting_table(PARAMETERS)
    news = {
        phenomenon: (p, rate)
        for instrument, phenomenon, p, rate in table.rows()
        if instrument == "news"
    }
    special = next(r for r in PARAMETERS.reporting if r.instrument == "news" and r.phenomena)
    general = next(r for r in PARAMETERS.reporting if r.instrument == "news" and not r.phenomena)
    assert news["other"] == (special.p_report, special.false_rate)
    assert news["explosion"] == (general.p_report, general.false_rate)
    assert not table.select("instrument", "phenomenon").is_duplicated().any()


def test_one_witness_counts_once_however_many_rows_it_wrote(observe, one_incident):
    one = observe({"witness": "patrol 7"})
    many = observe(*[{"witness": "patrol 7", "lon": 37.0 + 1e-4 * i} for i in range(9)])
    alone, repeated = weigh(one_incident(one), one), weigh(one_incident(many), many)
    assert repeated.drop("why").equals(alone.drop("why"))


@settings(max_examples=50, deadline=None)
@given(places=st.integers(1, 120), instrument=st.sampled_from(["news", "party_claim", "hotline"]))
def test_a_document_has_one_weight_to_share_among_its_places(observe, places, instrument):
    seen = observe(*[{"instrument": instrument, "witness": "article"}] * places)
    members = MEMBER.conform(
        seen.select("obs_id", incident_id=pl.format("i{}", pl.int_range(pl.len())))
    )
    weights = weigh(members, seen)
    assert len(weights) == places
    assert weights["bits"].sum() == pytest.approx(worth(instrument))


def test_a_list_article_of_106_places_moves_all_no_more_than_one_place(observe):
    """The shape of an article of 8 May 2025: each place gets a hundredth of a witness."""
    seen = observe(*[{"instrument": "news", "witness": "list"}] * 106)
    members = MEMBER.conform(
        seen.select("obs_id", incident_id=pl.format("i{}", pl.int_range(pl.len())))
    )
    assert weigh(members, seen)["bits"].max() == pytest.approx(worth("news") / 106)


def test_a_sensor_that_sees_many_places_is_not_a_document(observe):
    seen = observe(*[{"instrument": "patrol", "witness": "patrol 7"}] * 3)
    members = MEMBER.conform(
        seen.select("obs_id", incident_id=pl.format("i{}", pl.int_range(pl.len())))
    )
    assert weigh(members, seen)["bits"].to_list() == pytest.approx([worth("patrol")] * 3)


def test_each_further_witness_of_a_kind_is_worth_a_share_of_the_one_before(observe, one_incident):
    seen = observe(*[{"instrument": "news"}] * 4)
    share = PARAMETERS.dependence["news"]
    bits = sorted(weigh(one_incident(seen), seen)["bits"], reverse=True)
    assert bits == pytest.approx([worth("news") * share**k for k in range(4)])


def test_witnesses_of_different_kinds_are_added_in_full(observe, one_incident):
    seen = observe({"instrument": "news"}, {"instrument": "camera"})
    total = weigh(one_incident(seen), seen)["bits"].sum()
    assert total == pytest.approx(worth("news") + worth("camera"))


@settings(max_examples=30, deadline=None)
@given(n=st.integers(1, 400))
def test_any_number_of_papers_stays_below_a_bound(observe, one_incident, n):
    seen = observe(*[{"instrument": "news"}] * n)
    bound = worth("news") / (1.0 - PARAMETERS.dependence["news"])
    assert weigh(one_incident(seen), seen)["bits"].sum() <= bound + 1e-9


def background_of(place, rate):
    keyed = place.with_columns(cell=cell_of(), season=season_of(pl.col("t_start")))
    table = keyed.select(
        "source", "phenomenon", "cell", "season", rate=pl.lit(rate), shape=pl.lit(100.0)
    )
    return Background(RATE.conform(table))


def test_a_fire_weighs_by_the_background_of_its_place_and_season(observe, one_incident):
    fire = observe({"instrument": "satellite_thermal", "phenomenon": "fire"})
    bits = {
        rate: weigh(one_incident(fire), fire, background_of(fire, rate))["bits"].item()
        for rate in (0.01, 0.5, 20.0)
    }
    assert bits[0.01] > bits[0.5] > bits[20.0] > 0
    # By hand: a site is 10 of the cell's 252.9 km2, and 100 is all but a Poisson law.
    p = next(r.p_report for r in PARAMETERS.reporting if r.instrument == "satellite_thermal")
    chance = 1.0 - math.exp(-0.5 * PARAMETERS.site_km2 / CELL_KM2)
    assert bits[0.5] == pytest.approx(ratio(p, chance), abs=0.01)


def test_a_fire_among_harvest_fires_weighs_less_than_in_winter(observe, one_incident):
    fire = {"instrument": "satellite_thermal", "phenomenon": "fire"}
    summer = observe({**fire, "t_start": parse_time("2031-08-02T12:00:00Z")})
    winter = observe({**fire, "t_start": parse_time("2031-01-20T12:00:00Z")})
    both = pl.concat(
        [background_of(summer, 3.0).rates, background_of(winter, 0.002).rates], how="vertical"
    )
    hot, cold = (
        weigh(one_incident(seen), seen, Background(both))["bits"].item()
        for seen in (summer, winter)
    )
    assert cold > hot + 3


def test_permanent_heat_weighs_next_to_nothing(observe, one_incident):
    fire = observe({"instrument": "satellite_thermal", "phenomenon": "fire"})
    square = pl.DataFrame({"gx": [3700], "gy": [4800]})
    weights = weigh(one_incident(fire), fire, background_of(fire, 0.01), square)
    p = next(r.p_report for r in PARAMETERS.reporting if r.instrument == "satellite_thermal")
    assert weights["bits"].item() == pytest.approx(ratio(p, PERMANENT_RATE))
    assert weights["bits"].item() < 0.6
    assert "permanent heat" in weights["why"].item()


def test_permanent_heat_says_nothing_against_a_patrol(observe, one_incident):
    seen = observe({"instrument": "patrol"})
    square = pl.DataFrame({"gx": [3700], "gy": [4800]})
    assert weigh(one_incident(seen), seen, permanent=square)["bits"].item() == pytest.approx(
        worth("patrol")
    )
