"""The background in parts is that of one machine, to the last digit, on every engine."""

import shutil

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.engines.local import LocalEngine
from truceline.core.types.tables import PHENOMENON
from truceline.core.types.time import DAY
from truceline.evidence.background.parted import (
    fit_background_in_parts,
    permanent_heat_in_parts,
)
from truceline.evidence.background.permanent_heat import Recurrence, permanent_heat
from truceline.evidence.background.rates import fit_background
from truceline.testing.engines import Mortal

START, END = 17_000 * DAY, 17_900 * DAY
RULE = Recurrence(days=4, months=2, years=2)


def history(seed: int, rows: int = 3_000) -> pl.DataFrame:
    """Return fires of two satellites over three years, some where it always burns."""
    rng = np.random.default_rng(seed)
    always = rng.random(rows) < 0.3
    return pl.DataFrame(
        {
            "source": rng.choice(["viirs", "modis"], rows),
            "phenomenon": rng.choice(["fire", "explosion_undetermined"], rows),
            "witness": rng.choice(["a", "b", "c"], rows),
            "lon": np.where(always, 37.501, rng.uniform(36, 38, rows)),
            "lat": np.where(always, 48.001, rng.uniform(47, 49, rows)),
            "t_start": rng.integers(START - 30 * DAY, END + 30 * DAY, rows),
        }
    ).with_columns(
        pl.col("phenomenon").cast(PHENOMENON),
        lon=pl.when(pl.col("t_start") % 50 == 0).then(None).otherwise(pl.col("lon")),
    )


def laid_out(table, folder, files):
    """Write a table as files, rows dealt at random, since their order must not matter."""
    folder.mkdir()
    dealt = table.sample(fraction=1.0, shuffle=True, seed=files)
    paths = []
    for number in range(files):
        paths.append(folder / f"{number}.parquet")
        dealt.gather_every(files, number).write_parquet(paths[-1])
    return paths


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**31), parts=st.integers(1, 16), files=st.integers(1, 5),
       batch=st.sampled_from([37, 500, 100_000]))  # fmt: skip
def test_the_parts_are_the_whole(tmp_path_factory, seed, parts, files, batch):
    folder = tmp_path_factory.mktemp("parts")
    table = history(seed, 800)
    paths = laid_out(table, folder / "in", files)
    engine = LocalEngine(batch_rows=batch)
    fitted = fit_background_in_parts(
        engine, paths, folder / "fit", start=START, end=END, parts=parts
    )
    assert fitted.rates.equals(fit_background(table, start=START, end=END).rates)
    heat = permanent_heat_in_parts(engine, paths, folder / "heat", RULE, parts=parts)
    assert heat.equals(permanent_heat(table, RULE))


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_fits_the_same_though_workers_die(tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    table = history(3)
    paths = laid_out(table, tmp_path / "in", 3)
    (tmp_path / "marks").mkdir()
    with spark_session("local[2,4]") as session:
        engine = Mortal(SparkEngine(session), tmp_path / "marks")
        fitted = fit_background_in_parts(engine, paths, tmp_path / "fit", start=START, end=END)
        heat = permanent_heat_in_parts(engine, paths, tmp_path / "heat", RULE)
    assert fitted.rates.equals(fit_background(table, start=START, end=END).rates)
    assert len(heat) > 0
    assert heat.equals(permanent_heat(table, RULE))
    assert engine.deaths == 4


def test_a_worker_killed_in_each_step_changes_nothing(tmp_path):
    table = history(4)
    paths = laid_out(table, tmp_path / "in", 3)
    (tmp_path / "marks").mkdir()
    engine = Mortal(LocalEngine(2, 500), tmp_path / "marks")
    fitted = fit_background_in_parts(engine, paths, tmp_path / "fit", start=START, end=END)
    heat = permanent_heat_in_parts(engine, paths, tmp_path / "heat", RULE)
    assert fitted.rates.equals(fit_background(table, start=START, end=END).rates)
    assert heat.equals(permanent_heat(table, RULE))
    assert engine.deaths == 4


def test_a_history_without_a_place_fits_nothing(tmp_path):
    table = history(1, 20).with_columns(lon=pl.lit(None, pl.Float64))
    paths = laid_out(table, tmp_path / "in", 1)
    fitted = fit_background_in_parts(LocalEngine(), paths, tmp_path / "f", start=START, end=END)
    assert fitted.rates.is_empty()
    assert permanent_heat_in_parts(LocalEngine(), paths, tmp_path / "h").is_empty()
