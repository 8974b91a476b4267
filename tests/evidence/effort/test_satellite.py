"""Passes by geometry, against real detections; cloud hides, and unknown cloud is not known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY, HOUR, parse_time
from truceline.evidence.effort.cells import PLACE, cells_of, cells_within, places_of
from truceline.evidence.effort.satellite import (
    CLOUD,
    SATELLITES,
    daily_fire_effort,
    find_passes,
    half_swath_h,
    p_covered,
    solar_times,
    under_cloud,
)

START = parse_time("2020-07-20T00:00:00Z")
BY_NAME = {satellite.name: satellite for satellite in SATELLITES}


def place(lon: float = 37.5, lat: float = 48.0, area: str = "east") -> pl.DataFrame:
    return PLACE.conform(pl.DataFrame({"area": [area], "lon": [lon], "lat": [lat]}))


def sky(cover: float, *, days: int = 5, area: str = "east") -> pl.DataFrame:
    hours = [START + i * HOUR for i in range(-24, 24 * days)]
    rows = {"area": area, "t_start": hours, "t_end": [t + HOUR for t in hours], "cloud": cover}
    return CLOUD.conform(pl.DataFrame(rows))


def fires(cover: float, **kwargs: float) -> pl.DataFrame:
    passes = find_passes(place(), date(2020, 7, 19), date(2020, 7, 25))
    effort = daily_fire_effort(under_cloud(passes, sky(cover)), source="firms", **kwargs)
    return effort.filter(pl.col("t_start").is_between(START, START + 3 * DAY))


def test_at_the_equator_the_solar_time_is_that_of_the_node() -> None:
    assert solar_times(BY_NAME["Terra"], 0.0) == pytest.approx((22.5, 10.5))


def test_at_a_solar_midday_pass_the_utc_hour_follows_longitude() -> None:
    passes = find_passes(place(lon=0.0, lat=0.0), date(2020, 7, 20), date(2020, 7, 20))
    aqua = passes.filter(pl.col("satellite") == "Aqua").sort("t_start")
    middle = ((aqua["t_start"] + aqua["t_end"]) // 2 - START) / HOUR
    assert middle.to_list() == pytest.approx([1.5, 13.5])


def test_swaths_overlap_away_from_the_equator_only() -> None:
    assert p_covered(BY_NAME["Terra"], 0.0) == pytest.approx(2330 * 14.56 / 40075)
    assert p_covered(BY_NAME["Terra"], 48.0) == 1.0
    assert p_covered(BY_NAME["S-NPP"], 0.0) == 1.0


def test_a_satellite_does_not_pass_before_it_flies() -> None:
    early = find_passes(place(), date(2016, 1, 1), date(2016, 1, 2))
    assert set(early["satellite"]) == {"Terra", "Aqua", "S-NPP"}
    assert early.height == 3 * 2 * 2


def test_under_a_full_cloud_nothing_is_seen_and_the_reason_is_cloud() -> None:
    found = fires(1.0)
    assert found["p_detect"].to_list() == [0.0] * 4
    assert set(found["reason"]) == {"cloud"}


def test_a_fire_that_burns_all_day_is_seen_with_the_best_pass() -> None:
    assert fires(0.0, burning_h=24.0)["p_detect"].to_list() == pytest.approx([0.6] * 4)


def test_a_short_fire_is_mostly_missed() -> None:
    # Six passes of an hour's fire: 1 h before each; S-NPP and NOAA-20 pass at the same time.
    short, long = fires(0.0, burning_h=1.0), fires(0.0, burning_h=12.0)
    assert short["p_detect"].max() < 0.1 < long["p_detect"].min()


def test_unknown_sky_is_no_effort() -> None:
    passes = find_passes(place(), date(2020, 7, 19), date(2020, 7, 25))
    assert daily_fire_effort(under_cloud(passes, sky(0.1, area="west")), source="firms").is_empty()
    known = daily_fire_effort(under_cloud(passes, sky(0.1, days=2)), source="firms")
    assert known["t_start"].max() < START + 3 * DAY


@settings(max_examples=50, deadline=None)
@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_more_cloud_never_shows_more(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert (fires(high)["p_detect"] <= fires(low)["p_detect"] + 1e-12).all()


def test_cells_of_a_polygon_have_the_sky_of_their_area() -> None:
    cells = cells_of(shapely.box(37, 48, 37.5, 48.5), 5)
    passes = find_passes(places_of(cells, "east"), date(2020, 7, 20), date(2020, 7, 21))
    found = daily_fire_effort(under_cloud(passes, sky(0.5)), source="firms")
    assert set(found["cell"]) == set(cells)
    assert found["p_detect"].max() <= 0.3


def test_too_many_cells_are_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="cells") as refused:
        cells_of(shapely.box(20, 40, 40, 60), 10)
    assert "coarser" in str(refused.value)


def test_cells_within_a_range_have_true_distances() -> None:
    near = cells_within(37.5, 48.0, 10_000.0, 7)
    assert near["distance_m"].max() <= 10_000
    # 314 square km over 5.2 square km a cell.
    assert 50 < near.height < 75
    north = near.filter(pl.col("bearing_deg").is_between(315, 360)).height
    south = near.filter(pl.col("bearing_deg").is_between(135, 180)).height
    assert abs(north - south) <= 3


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "seen_as", "name"),
    [
        ("fire_nrt_SV-C2_400448.csv", "N", "S-NPP"),
        ("MODIS-2021.csv", "Aqua", "Aqua"),
        ("MODIS-2021.csv", "Terra", "Terra"),
    ],
)
def test_real_detections_fall_into_the_passes(
    shared_data: Path, file: str, seen_as: str, name: str
) -> None:
    clock = pl.col("acq_time").cast(pl.Int64)
    solar = (clock // 100 + clock % 100 / 60 + pl.col("longitude").cast(pl.Float64) / 15) % 24
    table = pl.read_csv(shared_data / "firms" / file, infer_schema_length=0)
    seen = table.filter(pl.col("satellite") == seen_as).select(
        solar=solar, lat=pl.col("latitude").cast(pl.Float64)
    )
    satellite, lat = BY_NAME[name], float(seen["lat"].mean())
    half = half_swath_h(satellite, lat)
    apart = pl.min_horizontal(
        ((pl.col("solar") - hour + 12) % 24 - 12).abs() for hour in solar_times(satellite, lat)
    )
    off = seen.select(off=apart)["off"]
    print(name, (off <= half).mean(), off.median() / half)  # noqa: T201
    assert (off <= half).mean() > 0.98
    assert off.median() < 0.6 * half


@pytest.mark.real_data
def test_cloud_over_an_oblast_hides_its_fires_in_proportion(shared_data: Path) -> None:
    """The share of passes with any detection falls with cloud much as 1 - cloud does."""
    box = shapely.box(36.5, 47.0, 38.9, 48.9)
    fires_of = pl.read_csv(shared_data / "firms/fire_nrt_SV-C2_400448.csv", infer_schema_length=0)
    fires_of = fires_of.filter(
        pl.Series(
            shapely.contains_xy(
                box,
                fires_of["longitude"].cast(pl.Float64).to_numpy(),
                fires_of["latitude"].cast(pl.Float64).to_numpy(),
            )
        )
        & (pl.col("daynight") == "D")
    )
    days = fires_of["acq_date"].unique()
    sky_of = pl.read_csv(shared_data / "weather/cloud_cover_by_hour_oblast_UA14.csv")
    noon = (
        sky_of.with_columns(
            day=pl.col("time").str.slice(0, 10), hour=pl.col("time").str.slice(11, 2)
        )
        .filter(pl.col("hour").is_in(["09", "10", "11"]))
        .group_by("day")
        .agg(cloud=pl.col("cloud_cover (%)").mean())
        .filter(pl.col("day").is_between(pl.lit(days.min()), pl.lit(days.max())))
        .with_columns(any=pl.col("day").is_in(days.implode()))
    )
    share = {
        label: noon.filter(pl.col("cloud").is_between(low, high))["any"].mean()
        for label, low, high in (
            ("clear", 0, 10),
            ("half", 35, 65),
            ("most", 70, 95),
            ("all", 99, 100),
        )
    }
    print(share, len(noon))  # noqa: T201 - the figures of docs/methods/effort.md
    assert share["clear"] > 0.8
    assert share["clear"] > share["half"] > share["most"] > share["all"]
    assert 0.4 < share["half"] / share["clear"] < 0.8
