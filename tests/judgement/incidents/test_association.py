"""Association of tables: members partition the input, order and copies do not matter."""

import hashlib

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.tables import OBSERVATION
from truceline.core.types.time import DAY, HOUR
from truceline.judgement.incidents.association import associate
from truceline.judgement.incidents.kinds import KINDS


def observations(rows):
    """Build observations from (lon, lat, sigma, t, phenomenon, witness[, count])."""
    table = [
        {
            "obs_id": hashlib.blake2b(repr((i, row)).encode(), digest_size=16).hexdigest(),
            "source": "made",
            "instrument": "patrol",
            "witness": row[5],
            "t_start": row[3],
            "t_end": row[3],
            "received_at": row[3],
            "lon": row[0],
            "lat": row[1],
            "sigma_m": row[2],
            "area": None if row[0] is not None else "north",
            "phenomenon": row[4],
            "count": row[6] if len(row) > 6 else None,
            "handling": "CLEAR",
            "raw_file": "0",
            "raw_row": i + 1,
        }
        for i, row in enumerate(rows)
    ]
    return OBSERVATION.conform(pl.DataFrame(table, infer_schema_length=None))


row = st.tuples(
    st.floats(36.9, 37.3),
    st.floats(47.9, 48.1),
    st.sampled_from([100.0, 400.0, 2500.0, 20_000.0]),
    st.integers(0, 40).map(lambda h: h * HOUR),
    st.sampled_from(["fire", "explosion", "uav", "obstruction", "launch"]),
    st.sampled_from(["a", "b", "c"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(row, min_size=1, max_size=40), st.randoms())
def test_members_partition_the_input_in_any_order(rows, random):
    table = observations(rows)
    incidents, members = associate(table)
    assert sorted(members["obs_id"]) == sorted(table["obs_id"])
    assert members["obs_id"].is_unique().all()
    assert incidents["n_observations"].sum() == len(table)
    order = list(range(len(table)))
    random.shuffle(order)
    again = associate(table[order])
    assert again[1].equals(members)
    assert (
        again[0]
        .select("incident_id", "n_observations", "n_witnesses", "t_start", "t_end", "kind")
        .equals(
            incidents.select(
                "incident_id", "n_observations", "n_witnesses", "t_start", "t_end", "kind"
            )
        )
    )


def test_no_incident_is_longer_than_its_kind_allows():
    """A furnace seen every hour for a month is cut into days, not one incident."""
    rows = [(37.0, 48.0, 190.0, h * HOUR, "fire", f"pass {h}") for h in range(0, 720)]
    incidents, members = associate(observations(rows))
    longest = KINDS[0].longest
    assert (incidents["t_end"] - incidents["t_start"]).max() <= longest
    assert len(incidents) >= 30
    assert len(members) == len(rows)


def test_no_incident_is_wider_than_its_kind_allows():
    """A fire front of 100 km, pixel beside pixel, is cut where the gap is widest."""
    lon = np.linspace(36.0, 37.4, 300)
    rows = [(float(x), 48.0, 190.0, 0, "fire", "pass") for x in lon]
    table = observations(rows)
    incidents, members = associate(table)
    spans = (
        members.join(table, on="obs_id")
        .group_by("incident_id")
        .agg(width=(pl.col("lon").max() - pl.col("lon").min()) * 111_195 * np.cos(np.radians(48)))
    )
    assert spans["width"].max() <= KINDS[0].widest_m
    assert len(members) == 300
    assert 10 <= len(incidents) <= 30


def test_a_vague_report_joins_the_best_incident_and_links_none():
    """A village named by the news lies between two fires 9 km apart: they stay two."""
    rows = [
        (37.00, 48.0, 190.0, 0, "fire", "pass"),
        (37.12, 48.0, 190.0, 0, "fire", "pass"),
        (37.04, 48.0, 2500.0, HOUR, "explosion", "paper"),
    ]
    incidents, _members = associate(observations(rows))
    assert sorted(incidents["n_observations"]) == [1, 2]
    joined = incidents.filter(pl.col("n_observations") == 2)
    assert joined["lon"][0] < 37.01


def test_a_report_of_none_is_of_no_incident():
    rows = [(37.0, 48.0, 190.0, 0, "explosion", "post", 0.0)]
    incidents, members = associate(observations(rows))
    assert incidents.is_empty()
    assert members.is_empty()


def test_counts_add_within_a_witness_and_never_across():
    """Two posts that heard the same 12 explosions heard 12, not 24."""
    rows = [
        (37.0, 48.0, 190.0, 0, "explosion", "post 1", 5.0),
        (37.0, 48.0, 190.0, 60_000_000, "explosion", "post 1", 7.0),
        (37.001, 48.0, 190.0, 0, "explosion", "post 2", 12.0),
    ]
    incidents, _ = associate(observations(rows))
    assert incidents["count"].to_list() == [12.0]
    assert incidents["n_witnesses"].to_list() == [2]


def test_area_only_reports_of_one_area_and_time_are_one():
    rows = [
        (None, None, None, 0, "launch", "a", 40.0),
        (None, None, None, HOUR, "launch", "a", 3.0),
        (None, None, None, 3 * DAY, "launch", "a", 5.0),
    ]
    incidents, _ = associate(observations(rows))
    assert incidents.sort("t_start")["count"].to_list() == [43.0, 5.0]
    assert incidents["area"].to_list() == ["north", "north"]


def test_error_of_place_shrinks_with_witnesses_not_with_pixels():
    one = [(37.0, 48.0, 200.0, 0, "fire", "pass")]
    many_pixels = [(37.0, 48.0, 200.0, 0, "fire", "pass")] * 9
    nine_passes = [(37.0, 48.0, 200.0, i, "fire", f"pass {i}") for i in range(9)]
    errors = [
        associate(observations(rows))[0]["err_major_m"][0]
        for rows in (one, many_pixels, nine_passes)
    ]
    np.testing.assert_allclose(errors, [200.0, 200.0, 200.0 / 3.0], rtol=1e-6)


def test_ellipse_points_along_the_longer_axis():
    rows = [(37.0 + 0.01 * i, 48.0 + 0.005 * i, 100.0, i, "fire", "pass") for i in range(4)]
    incidents, _ = associate(observations(rows))
    expected = np.degrees(np.arctan2(0.01 * np.cos(np.radians(48.0)), 0.005))
    np.testing.assert_allclose(incidents["err_azimuth_deg"][0], expected, atol=1.0)
    assert incidents["err_major_m"][0] > incidents["err_minor_m"][0]
