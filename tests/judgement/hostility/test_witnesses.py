"""What a witness is worth, and that dependent ones are not added up."""

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
from truceline.judgement.hostility.heat import PERMANENT_RATE, UNFITTED_RATE
from truceline.judgement.hostility.witnesses import (
    documents_of,
    tellings,
    witness_terms,
    witness_weights,
)
from truceline.judgement.parameters import Parameters, Testimony, shipped_parameters

WORTH = {"patrol": 4.0, "camera": 6.0, "news": 3.0, "hotline": 2.0, "party_claim": 1.0}
PARAMETERS: Parameters = shipped_parameters().model_copy(
    update={
        "heat_share": 1.0,
        "claim_share": 1.0,
        "testimony": (
            *(Testimony(kind=k, bits=v, basis="made for tests") for k, v in WORTH.items()),
            Testimony(kind="acoustic/heard/one", bits=-1.0, basis="made for tests"),
            Testimony(kind="acoustic/heard/several", bits=5.0, basis="made for tests"),
        ),
    }
)
NO_BACKGROUND = Background(RATE.empty())
NO_HEAT = pl.DataFrame(schema={"gx": pl.Int64, "gy": pl.Int64})


def ratio(p, rate):
    return math.log2((p + rate - p * rate) / rate)


def worth(instrument):
    return WORTH[instrument]


def weigh(members, observations, background=NO_BACKGROUND, permanent=NO_HEAT):
    told, spoken = tellings(members, observations, background, permanent, PARAMETERS)
    terms = witness_terms(told, documents_of(told), spoken, PARAMETERS)
    return witness_weights(terms, PARAMETERS)


def test_a_witness_weighs_what_its_kind_was_found_worth(observe, one_incident):
    seen = observe({"instrument": "patrol"})
    assert weigh(one_incident(seen), seen)["bits"].item() == pytest.approx(4.0)


@pytest.mark.parametrize(("count", "bits"), [(1.0, -1.0), (2.0, 5.0), (40.0, 5.0), (None, 0.0)])
def test_one_bang_is_not_several_and_no_count_is_neither(observe, one_incident, count, bits):
    seen = observe({"instrument": "acoustic", "count": count})
    assert weigh(one_incident(seen), seen)["bits"].item() == pytest.approx(bits)


def test_what_names_no_act_weighs_nothing_whatever_was_fitted(observe, one_incident):
    seen = observe({"instrument": "news", "phenomenon": "other"})
    weights = weigh(one_incident(seen), seen)
    assert weights["bits"].item() == 0.0
    assert "no act of war" in weights["why"].item()


def test_of_what_one_witness_tells_the_most_telling_counts(observe, one_incident):
    rows = [{"instrument": "acoustic", "witness": "A", "count": n} for n in (1.0, 9.0, 1.0)]
    seen = observe(*rows)
    assert weigh(one_incident(seen), seen)["bits"].to_list() == [5.0]


def test_a_claim_weighs_by_what_the_claimants_claims_were_worth(observe):
    """Nine of ten of one side's claims were seen by a patrol too, none of the other's."""
    rows = [{"instrument": "party_claim", "witness": w, "lon": 30.0 + i, "source": f"reports-{w}"}
            for w in ("first", "second") for i in range(10)]  # fmt: skip
    rows += [{"lon": 30.0 + i, "instrument": "patrol"} for i in range(9)]
    seen = observe(*rows)
    places = pl.format(
        "{}{}",
        pl.when(pl.col("witness") == "second").then(pl.lit("b")).otherwise(pl.lit("a")),
        "lon",
    )
    members = MEMBER.conform(seen.select("obs_id", incident_id=places))
    claims = weigh(members, seen).filter(pl.col("instrument") == "party_claim")
    first, second = (
        claims.filter(pl.col("witness") == w)["bits"].unique() for w in ("first", "second")
    )
    assert max(first) == pytest.approx(1.0 + math.log2(13 / 26 * 4))
    assert second.to_list() == pytest.approx([1.0 + math.log2(4 / 26 * 4)])


def test_a_party_is_no_document(observe):
    """It speaks of all that happens to it: its hundredth word is worth what its first was."""
    seen = observe(*[{"instrument": "party_claim", "witness": "north"}] * 100)
    members = MEMBER.conform(
        seen.select("obs_id", incident_id=pl.format("i{}", pl.int_range(pl.len())))
    )
    flood = 1.0 + math.log2(4 / 116 * 4)  # nobody else saw any of a hundred
    assert weigh(members, seen)["bits"].to_list() == pytest.approx([flood] * 100)


def test_one_witness_counts_once_however_many_rows_it_wrote(observe, one_incident):
    one = observe({"witness": "patrol 7"})
    many = observe(*[{"witness": "patrol 7", "lon": 37.0 + 1e-4 * i} for i in range(9)])
    alone, repeated = weigh(one_incident(one), one), weigh(one_incident(many), many)
    assert repeated.drop("why").equals(alone.drop("why"))


@settings(max_examples=50, deadline=None)
@given(places=st.integers(1, 120), instrument=st.sampled_from(["news", "hotline"]))
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
    p = PARAMETERS.heat_report
    chance = 1.0 - math.exp(-0.5 * PARAMETERS.site_km2 / CELL_KM2)
    assert bits[0.5] == pytest.approx(ratio(p, chance), abs=0.01)
    unknown = weigh(one_incident(fire), fire)["bits"].item()
    assert unknown == pytest.approx(ratio(p, UNFITTED_RATE))


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
    p = PARAMETERS.heat_report
    assert weights["bits"].item() == pytest.approx(ratio(p, PERMANENT_RATE))
    assert weights["bits"].item() < 0.6
    assert "permanent heat" in weights["why"].item()


def test_permanent_heat_says_nothing_against_a_patrol(observe, one_incident):
    seen = observe({"instrument": "patrol"})
    square = pl.DataFrame({"gx": [3700], "gy": [4800]})
    assert weigh(one_incident(seen), seen, permanent=square)["bits"].item() == pytest.approx(
        worth("patrol")
    )
