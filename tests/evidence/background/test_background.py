"""Background: known rates are found again, and furnaces are told from stubble fires."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from truceline.core.types.tables import PHENOMENON
from truceline.core.types.time import DAY, to_micros
from truceline.evidence.background.permanent_heat import (
    Recurrence,
    mark_permanent,
    permanent_heat,
)
from truceline.evidence.background.rates import (
    RATE,
    expected_rate,
    fit_background,
    probability_of_any,
    probability_of_more,
)

START = to_micros(datetime(2018, 1, 1, tzinfo=UTC))
END = to_micros(datetime(2020, 1, 1, tzinfo=UTC))


def sightings(days, lon, lat, witness=None):
    n = len(days)
    return pl.DataFrame(
        {
            "source": ["firms"] * n,
            "phenomenon": pl.Series(["fire"] * n, dtype=PHENOMENON),
            "witness": witness or [str(d) for d in days],
            "t_start": pl.Series([START + int(d) * DAY for d in days], dtype=pl.Int64),
            "lon": np.broadcast_to(np.asarray(lon, float), n),
            "lat": np.broadcast_to(np.asarray(lat, float), n),
        }
    )


def rate_at(background, lon, lat, day):
    place = sightings([day], lon, lat)
    return expected_rate(background, place)["background_rate"][0]


def test_a_known_rate_is_found_again_in_its_season():
    rng = np.random.default_rng(3)
    summer = [d for d in range(730) if 170 <= d % 365 < 240]
    busy = [d for d in summer if rng.random() < 0.4]
    quiet = [d for d in summer if rng.random() < 0.02]
    history = pl.concat([sightings(busy, 37.0, 48.0), sightings(quiet, 39.0, 49.0)])
    background = fit_background(history, start=START, end=END)
    assert RATE.conform(background.rates).equals(background.rates)
    assert rate_at(background, 37.0, 48.0, 200) == pytest.approx(0.4, rel=0.25)
    assert rate_at(background, 39.0, 49.0, 200) < 0.08
    assert rate_at(background, 37.0, 48.0, 20) < 0.05
    assert rate_at(background, 10.0, 10.0, 200) < rate_at(background, 37.0, 48.0, 200) / 5


def test_many_pixels_of_one_witness_count_once():
    one = sightings(list(range(0, 700, 10)), 37.0, 48.0)
    ten = pl.concat([one] * 10)
    a, b = (fit_background(h, start=START, end=END) for h in (one, ten))
    assert a.rates.equals(b.rates)


def test_order_of_history_does_not_matter():
    history = sightings(list(range(0, 700, 7)), 37.0, 48.0)
    a = fit_background(history, start=START, end=END)
    b = fit_background(history.reverse(), start=START, end=END)
    assert a.rates.equals(b.rates)


def test_no_history_is_no_background():
    empty = fit_background(sightings([], 0.0, 0.0), start=START, end=END)
    assert empty.rates.is_empty()
    assert expected_rate(empty, sightings([5], 37.0, 48.0))["background_rate"].to_list() == [None]


def test_probabilities_against_simulation():
    rng = np.random.default_rng(5)
    drawn = rng.negative_binomial(2.0, 2.0 / (2.0 + 0.7), 200_000)
    assert float(probability_of_any(0.7, 2.0, 1.0)) == pytest.approx((drawn > 0).mean(), abs=0.005)
    assert float(probability_of_more(3, 0.7, 2.0)) == pytest.approx((drawn >= 3).mean(), abs=0.005)


def test_a_furnace_is_permanent_and_stubble_is_not():
    furnace = sightings(list(range(0, 730, 6)), 37.705, 48.175)
    stubble = sightings([d for d in range(730) if 200 <= d % 365 < 230], 36.005, 47.005)
    squares = permanent_heat(pl.concat([furnace, stubble]), Recurrence(20, 7, 2))
    assert squares.height == 1
    marked = mark_permanent(pl.concat([furnace, stubble]), squares)
    assert marked["permanent"].to_list() == [True] * furnace.height + [False] * stubble.height
    beside = mark_permanent(sightings([1], 37.712, 48.175), squares)
    assert beside["permanent"].to_list() == [True]


@pytest.mark.real_data
def test_thermal_detections_rose_in_the_silence_of_2020(shared_data):
    """More heat was seen after the truce began than before; it cannot be a truce meter."""
    table = pl.read_csv(shared_data / "firms" / "ukr_fire_data_2020.csv", try_parse_dates=True)
    box = table.filter(
        pl.col("LATITUDE").is_between(47, 49) & pl.col("LONGITUDE").is_between(37.3, 39.2)
    )
    truce = date(2020, 7, 27)
    before = box.filter(pl.col("ACQ_DATE").is_between(date(2020, 7, 13), truce, closed="left"))
    after = box.filter(pl.col("ACQ_DATE").is_between(truce, date(2020, 8, 10), closed="left"))
    assert (before.height, after.height) == (1258, 2328)
