"""The files of a case's feeds: its own folder first, and one order for all who ask."""

from dataclasses import replace
from pathlib import Path

import pytest

import truceline
from truceline.agreement.case import FeedSettings, load_case
from truceline.case_judgement import plan
from truceline.core.types.errors import InputError, TermsError
from truceline.evidence.feeds import feed_files
from truceline.evidence.sources.source import installed_sources
from truceline.watch import follow


@pytest.fixture
def case(tmp_path):
    """A case in an empty folder, with one feed of two patterns."""
    feeds = (FeedSettings(source="firms", files=("a*.csv", "b*.csv"), settings={"k": 1}),)
    own = tmp_path / "case"
    own.mkdir()
    return replace(
        load_case(Path(truceline.__file__).parent / "cases" / "loc-2021"), folder=own, feeds=feeds
    )


def touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_the_cases_own_files_come_before_those_of_the_data_folder(case, tmp_path):
    touch(tmp_path / "data", "a9.csv", "b2.csv", "b1.csv")
    touch(case.folder, "a1.csv", "a0.csv")
    found = list(feed_files(case, installed_sources(), tmp_path / "data"))
    assert [f.pattern for f in found] == ["a*.csv", "b*.csv"]
    names = [[e.path.name for e in f.entries] for f in found]
    assert names == [["a0.csv", "a1.csv"], ["b1.csv", "b2.csv"]]
    assert all(e.settings == {"k": 1} for f in found for e in f.entries)
    assert all(e.source is not None and e.source.info.name == "firms" for e in found[0].entries)


def test_a_run_wants_every_pattern_and_a_watch_waits_for_it(case, tmp_path):
    touch(case.folder, "a1.csv")
    sources = installed_sources()
    waiting = follow(case, sources, None, settled=lambda _path: True)
    assert [e.path.name for e in waiting] == ["a1.csv"]
    with pytest.raises(InputError, match=r"b\*\.csv"):
        plan(case, sources, None)
    touch(tmp_path / "data", "b1.csv")
    assert plan(case, sources, tmp_path / "data") == follow(
        case, sources, tmp_path / "data", settled=lambda _path: True
    )


def test_a_watch_leaves_what_is_still_being_written(case):
    touch(case.folder, "a1.csv", "a2.csv")
    left = follow(case, installed_sources(), None, settled=lambda path: path.name == "a2.csv")
    assert [e.path.name for e in left] == ["a2.csv"]


def test_an_unknown_source_is_named_with_those_installed(case):
    wrong = replace(case, feeds=(FeedSettings(source="nobody", files=("*.csv",)),))
    with pytest.raises(TermsError, match="nobody") as caught:
        list(feed_files(wrong, installed_sources(), None))
    assert "firms" in str(caught.value)
