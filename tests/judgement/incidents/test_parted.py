"""Association in parts gives the incidents of one machine: same members, same identities."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.engines.local import LocalEngine
from truceline.core.types.tables import OBSERVATION
from truceline.core.types.time import DAY, HOUR
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.incidents.association import associate, associate_in_parts
from truceline.judgement.incidents.tiles import Tiling
from truceline.testing.engines import Mortal


def observations(rows):
    """Build observations from (lon, lat, sigma, t, phenomenon, witness, count, duration)."""
    table = [
        {
            "obs_id": hashlib.blake2b(repr((i, row)).encode(), digest_size=16).hexdigest(),
            "source": "made", "instrument": "patrol", "witness": row[5],
            "t_start": row[3], "t_end": row[3] + (row[7] if len(row) > 7 else 0),
            "received_at": row[3], "lon": row[0], "lat": row[1], "sigma_m": row[2],
            "area": "north", "phenomenon": row[4], "count": 1.0, "handling": "CLEAR",
            "raw_file": "0", "raw_row": i + 1,
        }
        for i, row in enumerate(rows)
    ]  # fmt: skip
    return OBSERVATION.conform(pl.DataFrame(table, infer_schema_length=None))


#: Places around the corner of four cells, times around the edge of two blocks.
row = st.tuples(
    st.floats(37.9, 38.1),
    st.floats(47.9, 48.1),
    st.sampled_from([100.0, 400.0, 900.0, 2500.0, 9_000.0, 20_000.0]),
    st.integers(0, 90).map(lambda h: h * HOUR),
    st.sampled_from(["fire", "explosion", "uav", "obstruction", "launch", "alert"]),
    st.sampled_from(["a", "b", "c"]),
    st.just(1.0),
    st.sampled_from([0, 0, 0, HOUR, DAY, 5 * DAY]),
)


def in_parts(table, engine, tiling):
    with tempfile.TemporaryDirectory() as folder:
        return associate_in_parts(table, engine=engine, folder=Path(folder) / "work", tiling=tiling)


def test_the_result_is_the_one_of_one_machine_whatever_the_parts():
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(row, min_size=1, max_size=40),
        st.integers(1, 16),
        st.sampled_from([180, 360, 1800]),
        st.sampled_from([3_600, 86_400, 30 * 86_400]),
        st.sampled_from([0, 10_000_000]),
        st.randoms(),
    )
    def holds(rows, parts, cells, block, gathered, random):
        table = observations(rows)
        incidents, members = associate(table)
        order = list(range(len(table)))
        random.shuffle(order)
        tiling = Tiling(parts=parts, cells=cells, block=block, gathered=gathered)
        again = in_parts(table[order], LocalEngine(batch_rows=7), tiling)
        assert again[1].equals(members)
        assert again[0]["incident_id"].equals(incidents["incident_id"])

    holds()


@pytest.mark.parametrize("gathered", [0, 10_000_000])
def test_a_chain_over_many_tiles_is_joined_before_it_is_cut(gathered):
    """A fire front of 300 km over 60 hours crosses every border and is cut as a whole."""
    rows = [(36.0 + 0.012 * i, 48.0, 190.0, i * HOUR // 6, "fire", "pass") for i in range(360)]
    table = observations(rows)
    incidents, members = associate(table)
    assert len(incidents) > 20
    tiling = Tiling(parts=16, cells=720, block=6 * 3600, gathered=gathered)
    again = in_parts(table, LocalEngine(), tiling)
    assert again[1].equals(members)


def test_links_cross_the_date_line_in_parts_too():
    rows = [(x, -17.0, 190.0, 0, "fire", "pass") for x in (179.995, -179.995, 179.0)]
    table = observations(rows)
    assert in_parts(table, LocalEngine(), Tiling(parts=8))[1].equals(associate(table)[1])
    points = pl.DataFrame(
        {"row": [0, 1], "kind": [0, 0], "lon": [179.995, -179.995], "lat": [-17.0, -17.0],
         "sigma": [190.0, 190.0], "start": [0, 0], "end": [0, 0]},
    )  # fmt: skip
    sent = Tiling(parts=64).send(points)
    met = sent.group_by("part").agg(pl.len())
    assert met["len"].max() == 2


def test_nothing_gives_nothing():
    incidents, members = in_parts(OBSERVATION.empty(), LocalEngine(), Tiling())
    assert incidents.is_empty()
    assert members.is_empty()


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_gives_the_same_though_workers_die(tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    rows = [
        (36.0 + 0.03 * (i % 90), 48.0 + 0.01 * (i % 7), s, i * HOUR // 3, p, "w", 1.0, 0)
        for i, (s, p) in enumerate(
            [(190.0, "fire"), (2500.0, "explosion"), (400.0, "uav"), (9000.0, "alert")] * 100
        )
    ]
    table = observations(rows)
    with spark_session("local[2,4]") as session:
        engine = Mortal(SparkEngine(session), tmp_path)
        again = in_parts(table, engine, Tiling(parts=5, cells=360, block=86_400))
    assert again[1].equals(associate(table)[1])
    assert engine.deaths >= 4


def test_a_worker_killed_in_each_step_changes_nothing(tmp_path):
    rows = [
        (37.0 + 0.012 * (i % 97), 48.0, s, i * HOUR // 6, p, "w")
        for i, (s, p) in enumerate([(190.0, "fire"), (2500.0, "explosion")] * 150)
    ]
    table = observations(rows)
    engine = Mortal(LocalEngine(2), tmp_path)
    again = in_parts(table, engine, Tiling(parts=4, cells=720, block=86_400, gathered=0))
    assert again[1].equals(associate(table)[1])
    assert engine.deaths >= 8


@pytest.mark.real_data
def test_all_thermal_data_in_parts(shared_data):
    """Every thermal detection on record, in 16 parts by two processes."""
    source = installed_sources()["firms"]
    files = sorted((shared_data / "firms").glob("**/*.csv*"))
    table = pl.concat([b.observations for f in files for b in source.read(f, {})])
    table = table.unique("obs_id")
    assert len(table) > 100_000
    _, members = associate(table)
    again = in_parts(table, LocalEngine(processes=2), Tiling(parts=16))
    assert again[1].equals(members)
