"""A judgement in parts is that of one machine, on every engine."""

import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from truceline.agreement.case import load_case
from truceline.core.engines.local import LocalEngine
from truceline.judgement.assess import assess
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.parameters import shipped_parameters
from truceline.judgement.parted import steps_over
from truceline.rehearsal.generation import generate
from truceline.rehearsal.runner import setting_of
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.testing.engines import Mortal

TABLES = ("incidents", "members", "assessments", "weights", "attributions", "findings")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A rehearsed truce: its evidence, and all a judgement stands on."""
    scenario = load_scenario("creeping-erosion", {"seed": 4, "days": 4, "line": {"km": 60}})
    made = generate(scenario, tmp_path_factory.mktemp("truce"))
    setting = setting_of(made, load_case(made.path), shipped_parameters())
    return made.observations(), made.effort(), setting, made.period


@pytest.fixture(scope="module")
def whole(given):
    return assess(*given)


def same(whole, other):
    assert len(whole.incidents) > 20
    assert len(whole.findings) > 0
    for name in TABLES:
        assert getattr(whole, name).equals(getattr(other, name)), name


def test_the_parts_conclude_what_the_whole_does(given, whole, tmp_path):
    @settings(max_examples=4, deadline=None)
    @hypothesis.given(
        st.integers(1, 16), st.sampled_from([180, 720]), st.sampled_from([86_400, 30 * 86_400])
    )
    def holds(parts, cells, block):
        tiling = Tiling(parts=parts, cells=cells, block=block, gathered=0)
        folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "work"
        steps = steps_over(LocalEngine(), folder, tiling=tiling, parts=parts)
        same(whole, assess(*given, steps=steps))

    holds()


def test_a_worker_killed_in_each_step_changes_nothing(given, whole, tmp_path):
    (tmp_path / "marks").mkdir()
    engine = Mortal(LocalEngine(2), tmp_path / "marks")
    steps = steps_over(engine, tmp_path / "work", tiling=Tiling(parts=3), parts=3)
    same(whole, assess(*given, steps=steps))
    assert engine.deaths >= 3


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_concludes_the_same(given, whole, tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    with spark_session() as session:
        steps = steps_over(SparkEngine(session), tmp_path / "work", tiling=Tiling(parts=4), parts=4)
        same(whole, assess(*given, steps=steps))


def test_nothing_seen_concludes_nothing(given, tmp_path):
    observations, effort, setting, period = given
    steps = steps_over(LocalEngine(), tmp_path / "work", tiling=Tiling())
    made = assess(observations.clear(), effort, setting, period, steps=steps)
    assert all(getattr(made, name).is_empty() for name in TABLES)
