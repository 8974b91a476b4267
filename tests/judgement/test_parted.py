"""A judgement in parts is that of one machine, on every engine."""

import shutil
from dataclasses import replace

import pytest

from truceline.agreement.case import load_case
from truceline.core.engines.local import LocalEngine
from truceline.judgement.assess import assess
from truceline.judgement.incidents.regrouping import Grouping
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.parameters import shipped_parameters
from truceline.judgement.parted.judging import Parting, assess_in_parts
from truceline.rehearsal.generation import generate
from truceline.rehearsal.runner import setting_of
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.testing.engines import Mortal


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A rehearsed truce: its evidence, and all a judgement stands on."""
    scenario = load_scenario("creeping-erosion", {"seed": 4, "days": 12, "line": {"km": 300}})
    made = generate(scenario, tmp_path_factory.mktemp("truce"))
    setting = setting_of(made, load_case(made.path), shipped_parameters())
    return made.observations(), made.effort(), setting, made.period


@pytest.fixture(scope="module")
def files(given, tmp_path_factory):
    """The same evidence in files, as a store holds it."""
    folder = tmp_path_factory.mktemp("files")
    observations, effort, _, _ = given
    seen = [folder / f"seen-{number}.parquet" for number in range(3)]
    for number, file in enumerate(seen):
        observations.gather_every(3, number).write_parquet(file)
    effort.write_parquet(folder / "effort.parquet")
    return seen, [folder / "effort.parquet"]


@pytest.fixture(scope="module")
def whole(given):
    return assess(*given)


def in_parts(given, files, folder, engine, setting=None, **parting):
    _, _, usual, period = given
    tiling = Tiling(parts=parting.pop("parts", 2), **parting.pop("tiles", {}))
    return assess_in_parts(
        engine, *files, setting or usual, period, folder, Parting(tiling, **parting)
    )


def same(whole, tables):
    assert len(whole.incidents) > 200
    assert whole.weights["witness"].is_in(["silence"]).any()
    for name, table in tables.items():
        found = table.collect().sort("incident_id", maintain_order=True)
        assert getattr(whole, name).equals(found), name


@pytest.mark.parametrize(
    ("parts", "cells", "block", "rows"),
    [(1, 180, 30 * 86_400, 1_000_000), (3, 720, 86_400, 97), (16, 180, 86_400, 400)],
)
def test_the_parts_conclude_what_the_whole_does(
    given, files, whole, tmp_path, parts, cells, block, rows
):
    tiles = {"cells": cells, "block": block}
    work = tmp_path / "work"
    same(whole, in_parts(given, files, work, LocalEngine(), parts=parts, tiles=tiles, rows=rows))


def test_what_people_put_together_and_took_apart_is_so_in_parts_too(given, files, whole, tmp_path):
    observations, effort, setting, period = given
    many = whole.incidents.sort("n_observations", descending=True)["incident_id"].to_list()
    first = whole.members.filter(incident_id=many[0])["obs_id"].to_list()
    groupings = (Grouping(many[0], apart=tuple(first[:2])), Grouping(many[-1], joined=many[1]))
    decided = replace(setting, groupings=groupings)
    expected = assess(observations, effort, decided, period)
    assert not expected.incidents.equals(whole.incidents)
    same(expected, in_parts(given, files, tmp_path / "work", LocalEngine(), decided, rows=200))


def test_a_worker_killed_in_each_step_changes_nothing(given, files, whole, tmp_path):
    (tmp_path / "marks").mkdir()
    engine = Mortal(LocalEngine(2), tmp_path / "marks")
    same(whole, in_parts(given, files, tmp_path / "work", engine, rows=400))
    assert engine.deaths >= 6


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_concludes_the_same(given, files, whole, tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    with spark_session() as session:
        same(whole, in_parts(given, files, tmp_path / "work", SparkEngine(session), rows=400))


def test_nothing_seen_concludes_nothing(given, tmp_path):
    for number, files in enumerate(([], [tmp_path / "none.parquet"])):
        for file in files:
            given[0].clear().write_parquet(file)
        tables = in_parts(given, (files, []), tmp_path / str(number), LocalEngine())
        assert all(table.collect().is_empty() for table in tables.values())
