"""A case's judgement: at once or in parts, a bulletin says the same."""

import dataclasses

import polars as pl
import pytest

from truceline.agreement.case import load_case
from truceline.case_bulletin import bulletin_of
from truceline.case_judgement import judge, judged_period, plan
from truceline.core.store.case_store import CaseStore
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import ingest
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.assess import of_period
from truceline.judgement.parameters import shipped_parameters
from truceline.rehearsal.generation import generate
from truceline.rehearsal.scenarios.scenario import load_scenario


@pytest.fixture(scope="module")
def truce(tmp_path_factory):
    """A rehearsed truce as a case: its folder, its store, and its period."""
    folder = tmp_path_factory.mktemp("truce")
    scenario = load_scenario("creeping-erosion", {"seed": 4, "days": 12, "line": {"km": 300}})
    case = load_case(generate(scenario, folder / "made").path)
    store = CaseStore(folder / "store")
    ingest(store, plan(case, installed_sources(), None))
    return case, store, judged_period(case, None)


def published(truce, folder, at_once):
    case, store, period = truce
    territory = read_ground(case, None).territory
    judgement = judge(
        case, store, shipped_parameters(), period, territory, folder=folder, at_once=at_once
    )
    seen = store.scan_observations().filter(of_period(period))
    return judgement, bulletin_of(case, judgement, period, now=period[1], seen=seen)


def test_a_bulletin_says_the_same_of_a_judgement_in_parts(truce, tmp_path):
    whole, expected = published(truce, tmp_path / "whole", 1_000_000)
    (tmp_path / "parted" / "incidents").mkdir(parents=True)  # of an earlier run, cut short
    parted, found = published(truce, tmp_path / "parted", 0)
    assert len(expected.incidents) > 50
    assert len(parted.members) < len(whole.members)
    for field in dataclasses.fields(expected):
        before, after = getattr(expected, field.name), getattr(found, field.name)
        same = before.equals(after) if isinstance(before, pl.DataFrame) else before == after
        assert same, field.name
