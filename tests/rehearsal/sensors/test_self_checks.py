"""Sensors keep their word: they hit as often, and miss by as much, as their tables say."""

from __future__ import annotations

import numpy as np
import polars as pl
import polars_h3 as plh3
import pytest

from truceline.core.space.geodesy import distance_m

HALF, NINE_TENTHS = 1.1774, 2.1460


def linked(busy, source: str, phenomenon: str) -> pl.DataFrame:
    seen = busy.tables.observation.filter(
        (pl.col("source") == source) & (pl.col("phenomenon") == phenomenon)
    )
    return seen.join(busy.tables.truth_link, on="obs_id").join(
        busy.tables.true_event, on="event_id", suffix="_true"
    )


def misses(table: pl.DataFrame, lon: str, lat: str) -> np.ndarray:
    rows = table.select("lon", "lat", lon, lat, "sigma_m").rows()
    return np.array([distance_m(a, b, c, d) / s for a, b, c, d, s in rows])


@pytest.mark.parametrize(
    ("source", "phenomenon", "place"),
    [
        ("cameras", "explosion_impact", ("lon_true", "lat_true")),
        ("cameras", "muzzle_flash", ("origin_lon", "origin_lat")),
        ("acoustics", "explosion_impact", ("lon_true", "lat_true")),
        ("acoustics", "explosion_outgoing", ("origin_lon", "origin_lat")),
        ("acoustics", "burst", ("origin_lon", "origin_lat")),
        ("patrols", "explosion_impact", ("lon_true", "lat_true")),
        ("seismic", "explosion_undetermined", ("lon_true", "lat_true")),
        ("reports-north", "explosion_impact", ("lon_true", "lat_true")),
    ],
)
def test_error_circles_hold_the_truth_as_often_as_they_say(busy, source, phenomenon, place) -> None:
    table = linked(busy, source, phenomenon)
    ratio = misses(table, *place)
    n = len(ratio)
    assert n > 30, f"{source}: only {n} cases"
    # Several pixels of one fire are not independent, hence four standard errors.
    assert abs((ratio <= HALF).mean() - 0.5) < 4 * np.sqrt(0.25 / n)
    assert abs((ratio <= NINE_TENTHS).mean() - 0.9) < 4 * np.sqrt(0.09 / n) + 0.01


def test_satellites_place_fires_as_well_as_they_say(busy) -> None:
    seen = busy.tables.observation.filter(pl.col("phenomenon") == "fire")
    fires = seen.join(busy.tables.truth_link, on="obs_id").join(
        busy.tables.benign_event, on="event_id", suffix="_true"
    )
    ratio = misses(fires, "lon_true", "lat_true")
    assert len(ratio) > 100
    assert abs((ratio <= HALF).mean() - 0.5) < 0.12
    assert abs((ratio <= NINE_TENTHS).mean() - 0.9) < 0.06


def test_news_names_a_settlement_near_the_place(busy) -> None:
    ratio = misses(linked(busy, "news", "explosion_impact"), "lon_true", "lat_true")
    # Most are within two stated errors; one in twenty names another place altogether.
    assert (ratio <= 2.0).mean() > 0.75
    assert 0.0 < (ratio > 6.0).mean() < 0.12


@pytest.mark.parametrize("source", ["cameras", "acoustics"])
def test_posts_hit_as_often_as_their_effort_says(busy, source) -> None:
    events = busy.tables.true_event.filter(
        (pl.col("phenomenon") == "explosion_impact") & (pl.col("weapon_class") == "mortar")
    )
    resolution = 7
    cells = events.with_columns(
        cell=plh3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String)
    )
    effort = busy.tables.effort.filter(
        (pl.col("source") == source) & (pl.col("phenomenon") == "explosion_impact")
    ).select("cell", "p_detect", watch_start="t_start", watch_end="t_end")
    stated = (
        cells.join(effort, on="cell")
        .filter(
            (pl.col("watch_start") <= pl.col("t_start")) & (pl.col("watch_end") > pl.col("t_start"))
        )
        .group_by("event_id")
        .agg(p=1.0 - (1.0 - pl.col("p_detect")).product())
    )
    kinds = ("explosion_impact",) if source == "cameras" else (
        "explosion_impact", "explosion_undetermined",
    )  # fmt: skip
    heard = pl.concat([linked(busy, source, k) for k in kinds])
    hits = heard.filter(_landed(heard))["event_id"].unique()
    stated = stated.with_columns(hit=pl.col("event_id").is_in(hits.to_list()))
    watched = stated.filter(pl.col("p") > 0.3)
    assert len(watched) > 80
    expected, found = watched["p"].mean(), watched["hit"].mean()
    # The cell's middle stands for the cell, and wind moves the reach of ears.
    assert found == pytest.approx(expected, abs=0.12)
    # Where the post of a cell is down its neighbour may still see into it, past the cell's middle.
    blind = stated.filter(pl.col("p") == 0.0)
    assert blind["hit"].sum() <= 0.1 * len(blind) + 1


def _landed(table: pl.DataFrame) -> pl.Series:
    """Return whether a sighting is of the impact rather than of the shot behind it."""
    at = misses(table, "lon_true", "lat_true")
    from_ = misses(table, "origin_lon", "origin_lat")
    return pl.Series(at <= from_)


def test_a_covered_sky_is_blind_and_says_so(busy) -> None:
    effort = busy.tables.effort.filter(pl.col("source") == "thermal")
    cloud = effort.filter(pl.col("reason") == "cloud")
    assert (cloud["p_detect"] == 0.0).all()
    share = len(cloud) / len(effort)
    assert 0.15 < share < 0.8


def test_patrols_go_by_day_and_refused_ones_see_nothing(busy) -> None:
    effort = busy.tables.effort.filter(pl.col("source") == "patrols")
    hour = (effort["t_start"] // 3_600_000_000 - 2) % 24
    assert set(hour.unique().to_list()) == {7}
    denied = effort.filter(pl.col("reason") == "denied")
    assert (denied["p_detect"] == 0.0).all()
    met = busy.tables.observation.filter(
        (pl.col("source") == "patrols") & (pl.col("phenomenon") == "obstruction")
    )
    refused = denied.select("t_start", "area").n_unique() if len(denied) else 0
    assert bool(len(met)) == bool(refused)


def test_crater_bearings_point_to_the_origin(busy) -> None:
    craters = linked(busy, "patrols", "explosion_impact").filter(
        pl.col("bearing_deg").is_not_null()
    )
    frame = busy.country.frame
    x0, y0 = frame.from_degrees(craters["lon_true"].to_numpy(), craters["lat_true"].to_numpy())
    x1, y1 = frame.from_degrees(craters["origin_lon"].to_numpy(), craters["origin_lat"].to_numpy())
    truth = np.degrees(np.arctan2(x1 - x0, y1 - y0)) % 360.0
    gap = (craters["bearing_deg"].to_numpy() - truth + 180.0) % 360.0 - 180.0
    assert len(gap) > 30
    assert np.std(gap) == pytest.approx(12.0, rel=0.35)
    assert abs(np.mean(gap)) < 6.0


def test_copies_of_an_agency_carry_its_witness(busy) -> None:
    news = busy.tables.observation.filter(pl.col("source") == "news").with_columns(
        outlet=pl.col("attributes").str.json_path_match("$.outlet")
    )
    outlets = news.group_by("witness").agg(pl.col("outlet").n_unique(), n=pl.len())
    copied = outlets.filter(pl.col("outlet") > 1)
    assert len(copied) > 5
    assert copied["witness"].str.starts_with("wire").all()
    # A list of villages is one document.
    assert outlets["n"].max() > 5


def test_one_observation_has_one_identity(busy) -> None:
    ids = busy.tables.observation["obs_id"]
    assert ids.n_unique() == len(ids)
    assert ids.str.contains(r"^[0-9a-f]{32}$").all()


def test_nothing_is_received_before_it_happened(busy) -> None:
    table = busy.tables.observation
    assert (table["t_end"] >= table["t_start"]).all()
    assert (table["received_at"] >= table["t_start"]).all()
