"""The prior follows the sector's own rate, and no party can talk it up."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.time import DAY
from truceline.judgement.hostility.prior import MOST, prior_bits
from truceline.judgement.parameters import shipped_parameters

PARAMETERS = shipped_parameters().model_copy(
    update={"base_rate": 0.002, "base_weight": 2.0, "window_days": 7}
)
SITES = {"north": 100.0, "south": 100.0, "": 1000.0}


def evidence(*rows):
    """Build rows of (sector, day, bits, counts)."""
    return pl.DataFrame(
        [
            {
                "incident_id": f"i{i}",
                "sector": sector,
                "t_best": day * DAY,
                "bits": float(bits),
                "counts": counts,
            }
            for i, (sector, day, bits, counts) in enumerate(rows)
        ],
        schema_overrides={"sector": pl.String},
    )


def bits(*rows):
    return prior_bits(evidence(*rows), SITES, PARAMETERS)["prior_bits"].to_list()


def odds(h):
    return math.log2(h / (1 - h))


def test_a_quiet_sector_falls_below_the_base_rate():
    """Two acts of weight over 1000 + 700 site-days, by hand; the report itself is nothing."""
    assert bits(("north", 10, -60.0, True)) == pytest.approx([odds(2.0 / 1700.0)], abs=0.01)


def test_certain_acts_raise_the_rate_of_their_sector_and_window():
    rows = [("north", 10, 60.0, True)] * 5
    assert bits(*rows) == pytest.approx([odds(7.0 / 1700.0)] * 5, abs=0.01)


def test_another_sector_and_a_later_week_are_left_alone():
    fight = [("north", 10, 60.0, True)] * 30
    quiet = odds(2.0 / 1700.0)
    values = prior_bits(
        evidence(*fight, ("south", 10, -60, True), ("north", 17, -60, True)), SITES, PARAMETERS
    ).filter(pl.col("incident_id").is_in(["i30", "i31"]))
    assert values["prior_bits"].to_list() == pytest.approx([quiet, quiet], abs=0.01)


@settings(max_examples=40, deadline=None)
@given(claims=st.integers(1, 300), strength=st.floats(0.0, 40.0))
def test_a_flood_of_claims_does_not_move_a_sector(claims, strength):
    seen = ("north", 10, 3.0, True)
    flood = [("north", 10, strength, False)] * claims
    calm = prior_bits(evidence(seen), SITES, PARAMETERS)
    loud = prior_bits(evidence(seen, *flood), SITES, PARAMETERS)
    of_seen = loud.filter(pl.col("incident_id") == "i0")["prior_bits"].item()
    assert of_seen == pytest.approx(calm["prior_bits"].item(), abs=1e-9)


def test_the_rate_has_a_ceiling():
    rows = [("north", 10, 60.0, True)] * 5000
    assert max(bits(*rows)) <= odds(MOST) + 1e-9


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_incidents_is_nothing(order):
    rows = [("north" if i % 2 else "south", 10 + i, i - 2.0, True) for i in range(8)]
    table = evidence(*rows)
    mixed = prior_bits(table[list(order)], SITES, PARAMETERS)
    assert mixed.equals(prior_bits(table, SITES, PARAMETERS))


def test_ground_of_no_sector_has_sites_of_its_own():
    assert bits((None, 10, -60.0, True)) == pytest.approx([odds(2.0 / 8000.0)], abs=0.01)
